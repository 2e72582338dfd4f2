package verify

import (
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/pdf"
)

const (
	// maxFields bounds the form fields and annotations looked at: forms with ten
	// thousand fields exist.
	maxFields = 50_000
	// maxFieldDepth bounds the nesting of fields and pages; real forms have
	// under ten levels.
	maxFieldDepth = 64
	// maxSignatures bounds the signatures of one file: contracts with some
	// hundred parties exist.
	maxSignatures = 1000
)

// sigField is a signature field that has a value (ISO 32000-2 §12.7.5.5).
type sigField struct {
	name     string
	ref      pdf.Ref // zero for a field that is no indirect object
	dict     *pdf.Dict
	valueRef pdf.Ref // zero for a value that is no indirect object
	value    *pdf.Dict
	unlisted bool   // not reached from the form's /Fields
	gone     bool   // only an earlier revision shows it
	twin     string // another field with the same value
	broken   string // why the value cannot be a signature
}

var errManyFields = errors.New("more fields, pages or signatures than are looked at")

// fieldWalk collects the signature fields of one revision.
type fieldWalk struct {
	rev     *pdf.Revision
	found   []*sigField
	visited map[pdf.Ref]bool      // fields
	values  map[pdf.Ref]*sigField // by signature dictionary
	budget  int
	broken  string // first reason why fields may have been missed
	empty   int    // signature fields without a value
}

// signatureFields finds the signature fields as rev shows them: those of the
// form first, then widgets on pages that the form does not list, then the
// certification signature that only the catalog's /Perms names.
func signatureFields(rev *pdf.Revision) *fieldWalk {
	w := &fieldWalk{rev: rev, visited: map[pdf.Ref]bool{}, values: map[pdf.Ref]*sigField{}, budget: maxFields}
	catalog := w.form()
	w.pages(catalog.Get("Pages"), map[pdf.Ref]bool{}, 0)
	w.perms(catalog)
	return w
}

// form walks the fields that the form lists and returns the catalog.
func (w *fieldWalk) form() *pdf.Dict {
	catalog, err := w.rev.Catalog()
	if err != nil {
		w.miss("catalog", err)
		return nil
	}
	rev := w.rev
	form, err := rev.Dict(catalog.Get("AcroForm"))
	if err != nil {
		w.miss("AcroForm", err)
	}
	if form != nil {
		fields, err := rev.Array(form.Get("Fields"))
		if err != nil {
			w.miss("Fields", err)
		}
		for _, f := range fields {
			w.field(f, inherited{}, 0)
		}
	}
	return catalog
}

// perms finds the signatures that give or take permissions (ISO 32000-2 §12.8.6).
func (w *fieldWalk) perms(catalog *pdf.Dict) {
	perms, err := w.rev.Dict(catalog.Get("Perms"))
	if err != nil {
		w.miss("Perms", err)
	}
	for _, key := range []pdf.Name{"DocMDP", "UR3"} {
		if v := perms.Get(key); v != nil {
			w.add(&sigField{name: "Perms/" + string(key), unlisted: true}, v)
		}
	}
}

// inherited is what a field takes over from its ancestors.
type inherited struct {
	name  string
	ftype pdf.Name
	value pdf.Object
}

func (w *fieldWalk) miss(what string, err error) {
	if w.broken == "" {
		w.broken = fmt.Sprintf("%s: %v", what, err)
	}
}

// spend takes one object off the budget.
func (w *fieldWalk) spend(depth int) bool {
	w.budget--
	if w.budget >= 0 && depth <= maxFieldDepth && len(w.found) < maxSignatures {
		return true
	}
	w.miss("form", errManyFields)
	return false
}

func (w *fieldWalk) field(o pdf.Object, in inherited, depth int) {
	if !w.spend(depth) {
		return
	}
	ref, _ := o.(pdf.Ref)
	if ref != (pdf.Ref{}) {
		if w.visited[ref] {
			return
		}
		w.visited[ref] = true
	}
	d, err := w.rev.Dict(o)
	if err != nil {
		w.miss("field", err)
		return
	}
	if d == nil {
		return
	}
	if t, err := w.rev.Str(d.Get("T")); err == nil && d.Has("T") {
		if in.name != "" {
			in.name += "."
		}
		in.name += textString(t)
	}
	if ft, err := w.rev.Name(d.Get("FT")); err == nil && ft != "" {
		in.ftype = ft
	}
	own := d.Get("V")
	if own != nil {
		in.value = own
	}
	kids, err := w.rev.Array(d.Get("Kids"))
	if err != nil {
		w.miss("Kids", err)
	}
	terminal := true
	for _, k := range kids {
		if kd, err := w.rev.Dict(k); err == nil && kd.Has("T") {
			terminal = false
		}
		w.field(k, in, depth+1)
	}
	// The value stands in the field; widgets below it (kids without a name) and
	// groups above it have none of their own.
	if in.ftype == "Sig" && (own != nil || terminal && len(kids) == 0) {
		if in.value == nil {
			w.empty++
			return
		}
		w.add(&sigField{name: in.name, ref: ref, dict: d}, in.value)
	}
}

func (w *fieldWalk) pages(o pdf.Object, seen map[pdf.Ref]bool, depth int) {
	if !w.spend(depth) {
		return
	}
	if ref, ok := o.(pdf.Ref); ok {
		if seen[ref] {
			return
		}
		seen[ref] = true
	}
	node, err := w.rev.Dict(o)
	if err != nil || node == nil {
		return // a page that cannot be read shows no widget
	}
	if kids, err := w.rev.Array(node.Get("Kids")); err == nil {
		for _, k := range kids {
			w.pages(k, seen, depth+1)
		}
	}
	annots, err := w.rev.Array(node.Get("Annots"))
	if err != nil {
		return
	}
	for _, a := range annots {
		ref, ok := a.(pdf.Ref)
		if ok && w.visited[ref] {
			continue
		}
		if !w.spend(depth) {
			return
		}
		d, err := w.rev.Dict(a)
		if err != nil || d == nil {
			continue
		}
		in := w.ancestors(d)
		if in.ftype != "Sig" || in.value == nil {
			continue
		}
		w.visited[ref] = ok
		w.add(&sigField{name: in.name, ref: ref, dict: d, unlisted: true}, in.value)
	}
}

// ancestors gathers what a widget that no field led to has of its own and from
// the fields that it names as its parents (ISO 32000-2 §12.7.4.2, table 226).
func (w *fieldWalk) ancestors(d *pdf.Dict) inherited {
	var in inherited
	for depth := 0; d != nil && depth < maxFieldDepth; depth++ {
		if t, err := w.rev.Str(d.Get("T")); err == nil && d.Has("T") {
			if in.name != "" {
				in.name = "." + in.name
			}
			in.name = textString(t) + in.name
		}
		if ft, err := w.rev.Name(d.Get("FT")); err == nil && in.ftype == "" {
			in.ftype = ft
		}
		if in.value == nil {
			in.value = d.Get("V")
		}
		if in.ftype != "" && in.value != nil && in.name != "" || !d.Has("Parent") {
			break
		}
		parent, err := w.rev.Dict(d.Get("Parent"))
		if err != nil {
			break
		}
		d = parent
	}
	return in
}

// add resolves the value; one signature is listed once, under the first field
// that has it.
func (w *fieldWalk) add(f *sigField, value pdf.Object) {
	f.valueRef, _ = value.(pdf.Ref)
	if f.valueRef != (pdf.Ref{}) {
		if first := w.values[f.valueRef]; first != nil {
			if first.twin == "" && f.name != first.name && f.dict != nil {
				first.twin = f.name
			}
			return
		}
		w.values[f.valueRef] = f
	}
	d, err := w.rev.Dict(value)
	switch {
	case err != nil:
		f.broken = err.Error()
	case d == nil: // a reference to nothing is no value
		w.empty++
		return
	}
	f.value = d
	w.found = append(w.found, f)
}
