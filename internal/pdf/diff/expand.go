package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// expand gives roles to what o, which has the role r, refers to. Values of an
// unexpected type are strict: whatever they are, they may not change.
func (s *state) expand(r role, o pdf.Object, f frame) {
	s.spend(1)
	if s.err != nil {
		return
	}
	switch o := o.(type) {
	case pdf.Array:
		s.expandArray(r, o, f)
	case *pdf.Dict:
		s.expandDict(r, o, f)
	case *pdf.Stream:
		switch r {
		case roleAPState, roleAPPart:
			r = roleAPPart
		default:
			r = roleStrict
		}
		for k, v := range o.Dict.Entries() {
			s.child(f.under(k), v, r)
		}
	}
}

func (s *state) expandArray(r role, list pdf.Array, f frame) {
	elem := roleStrict
	switch r {
	case rolePageKids:
		elem = rolePages
	case roleAnnots:
		elem = roleAnnot
	case roleFields, roleFieldKids:
		elem = roleField
	case roleDSSList:
		elem = roleDSSData
	case roleAPPart, roleValue:
		elem = r
	}
	f.inner = true
	// The last is followed first: backwards, so that pages are counted in order.
	for i := len(list) - 1; i >= 0; i-- {
		s.child(f, list[i], elem)
	}
}

func (s *state) expandDict(r role, d *pdf.Dict, f frame) {
	switch r {
	case rolePages:
		s.expandPages(d, f)
		return
	case roleField:
		s.expandField(d, f)
		return
	case roleAnnot:
		if rec := s.recs[f.num]; !f.inner && rec.roles&roleField != 0 {
			return // the rules for fields cover their widgets
		}
	case roleAPPart:
		for k, v := range d.Entries() {
			s.child(f.under(k), v, roleAPPart)
		}
		return
	}
	table := childRoles[r]
	var last pdf.Object
	for k, v := range d.Entries() {
		child, ok := table[k]
		if !ok {
			if child, ok = table[""]; !ok {
				child = roleStrict
			}
		}
		if r == roleCatalog && child == roleForm {
			last = v
			continue
		}
		s.child(f.under(k), v, child)
	}
	if last != nil { // last here, first followed: fields are known when pages are walked
		s.child(f.under("AcroForm"), last, roleForm)
	}
}

// childRoles lists the roles that the entries of a dictionary have by its own;
// "" stands for all other keys. What is not listed is strict.
var childRoles = map[role]map[pdf.Name]role{
	roleCatalog: {
		"Pages": rolePages, "AcroForm": roleForm, "DSS": roleDSS,
		"Metadata": roleMetadata, "Extensions": roleExtensions,
	},
	roleForm:    {"Fields": roleFields, "DR": roleFormRes},
	roleFormRes: {"": roleFormResCat},
	roleDSS:     {"Certs": roleDSSList, "CRLs": roleDSSList, "OCSPs": roleDSSList, "VRI": roleVRI},
	roleVRI:     {"": roleVRIEntry},
	roleVRIEntry: {
		"Cert": roleDSSList, "CRL": roleDSSList, "OCSP": roleDSSList, "TS": roleDSSData,
	},
	roleAP:      {"N": roleAPState, "R": roleAPState, "D": roleAPState},
	roleAPState: {"": roleAPState},
	roleValue:   {},
}

func (s *state) expandPages(d *pdf.Dict, f frame) {
	kids := d.Has("Kids")
	if rec := s.recs[f.num]; !f.inner && !kids && rec.page == 0 {
		s.pages++
		rec.page = s.pages
		f.page = rec.page
	}
	// /Parent leads back; /Annots and /Kids forward.
	for k, v := range d.Entries() {
		switch k {
		case "Kids":
			s.child(f.under(k), v, rolePageKids)
		case "Annots":
			s.child(f.under(k), v, roleAnnots)
		default:
			s.child(f.under(k), v, roleStrict)
		}
	}
}

// expandField walks a field or a widget. Name and type are those of the
// nearest ancestor that has them (ISO 32000-2 §12.7.4.1).
func (s *state) expandField(d *pdf.Dict, f frame) {
	own := s.describe(s.rev, d, f.field)
	if !f.inner {
		s.recs[f.num].field = own
	}
	if f.field == nil && own.name != "" {
		s.names[own.name] = true
	}
	f.field = own
	for k, v := range d.Entries() {
		at := f.under(k)
		switch {
		case k == "Kids":
			s.child(at, v, roleFieldKids)
		case k == "AP":
			s.child(at, v, roleAP)
		case k == "V" && own.ftype == "Sig":
			s.child(at, v, roleSignature)
		case k == "V" || k == "RV":
			s.child(at, v, roleValue)
		default:
			s.child(at, v, roleStrict)
		}
	}
}

// describe returns the field that d is or, for a widget without name, belongs to.
func (s *state) describe(rev *pdf.Revision, d *pdf.Dict, parent *field) *field {
	own := &field{parent: parent}
	if parent != nil {
		own.name, own.ftype, own.ff, own.depth = parent.name, parent.ftype, parent.ff, parent.depth+1
	}
	if own.depth > maxFieldDepth {
		s.fail(&pdf.LimitError{Name: "maxFieldDepth", Limit: maxFieldDepth})
	}
	ft, _ := rev.Name(d.Get("FT"))
	t, err := rev.Str(d.Get("T"))
	named := err == nil && d.Has("T")
	if parent != nil && !named && (ft == "" || ft == parent.ftype) {
		return parent // a widget: what it owns belongs to the field
	}
	if named {
		if own.name != "" {
			own.name += "."
		}
		own.name += text(t)
	}
	if ft != "" {
		own.ftype = ft
	}
	if d.Has("Ff") {
		n, _ := rev.Int(d.Get("Ff"))
		own.ff = pdf.Integer(n)
	}
	return own
}
