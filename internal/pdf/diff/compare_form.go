package diff

import (
	"strings"

	"github.com/vidimus/vidimus/internal/pdf"
)

// compareForm is the interactive form (ISO 32000-2 §12.7.3): signature fields
// may be added to it, and resources that appearances of its fields use.
func (st *step) compareForm(was, is pdf.Object, f frame) {
	a, b, ok := st.dicts(was, is, KindForm, f)
	if !ok {
		return
	}
	for key := range differing(a, b) {
		old, now := a.Get(key), b.Get(key)
		at := f.at(key)
		switch key {
		case "Fields":
			st.slotKept(roleFields, KindFieldRemoved, old, now, at)
		case "SigFlags":
			// Bits may be set, never cleared: they ask for append-only saving.
			x, _ := old.(pdf.Integer)
			y, ok := now.(pdf.Integer)
			if !ok || y < 0 || y > 3 || x&^y != 0 {
				st.refuse(KindForm, at, "%s", changed(old, now))
				break
			}
			st.allow(LTV, KindSigFlags, at)
		case "DR":
			st.slotKept(roleFormRes, KindForm, old, now, at)
		case "DA", "Q":
			// Set where there was none: existing fields have their appearances.
			if old != nil || !scalar(now) || st.redraws() {
				st.refuse(KindForm, at, "%s", changed(old, now))
				break
			}
			st.allow(FormFill, KindFormDefaults, at)
		case "NeedAppearances":
			// Switching it on makes viewers draw all fields anew, from values
			// that may say something else than the appearances that were signed.
			if now != nil && now != pdf.Bool(false) {
				st.refuse(KindForm, at, "viewers are told to draw the fields anew")
				break
			}
			if v, err := st.old.Bool(old); v || err != nil {
				st.later = append(st.later, func() { st.drawnAsValued(at) })
			}
			st.allow(FormFill, KindFormDefaults, at)
		default:
			st.refuseKey(KindForm, old, now, at)
		}
	}
}

// compareFormResources lets fonts and the like be added to /DR; what was there
// stays as it was.
func (st *step) compareFormResources(r role, was, is pdf.Object, f frame) {
	a, b, ok := st.dicts(was, is, KindForm, f)
	if !ok {
		return
	}
	for key := range differing(a, b) {
		old, now := a.Get(key), b.Get(key)
		at := f.at(key)
		switch {
		case now == nil || r == roleFormResCat && old != nil:
			st.refuseKey(KindForm, old, now, at)
		case r == roleFormRes:
			if _, isArray := now.(pdf.Array); isArray && old == nil { // /ProcSet
				break
			}
			st.slot(roleFormResCat, old, now, at)
		}
	}
	if r == roleFormRes || !f.inner {
		st.allow(FormFill, KindFormDefaults, f).every = st.redraws()
	}
}

// compareFields lets signature fields be added to the form; no field may go.
func (st *step) compareFields(was, is pdf.Object, f frame) {
	a, b, ok := st.arrays(was, is, KindForm, f)
	if !ok {
		return
	}
	l, ok := compareLists(a, b)
	switch {
	case len(l.removed) > 0:
		st.refuse(KindFieldRemoved, f, "%v", l.removed[0])
	case !ok:
		st.refuse(KindForm, f, "the fields stand in another order, or one stands twice")
	default:
		for _, ref := range l.added {
			if st.err != nil {
				return
			}
			st.newField(ref, f)
		}
	}
}

// fieldKeys are the entries that a new signature field or its widget may have
// (tables 166, 191, 226, 235). Actions and layers are not among them.
var fieldKeys = map[pdf.Name]bool{
	"Type": true, "Subtype": true, "Rect": true, "P": true, "NM": true, "M": true, "F": true, "AP": true, "AS": true,
	"Border": true, "C": true, "StructParent": true, "H": true, "MK": true, "BS": true, "Contents": true, "Lang": true,
	"FT": true, "T": true, "TU": true, "TM": true, "Ff": true, "V": true, "DA": true, "Q": true, "DR": true,
	"Kids": true, "Lock": true, "SV": true,
}

// newField judges a field that was added to the form: it must be a signature
// field with a name of its own, made of new objects only.
func (st *step) newField(ref pdf.Ref, f frame) {
	f = st.unreached(ref, f)
	st.newFields[ref.Num] = false
	d, ok := st.newDict(ref, KindFieldAdded, f)
	if !ok {
		return
	}
	t, isString := d.Get("T").(pdf.String)
	name := text(t)
	f.field = &field{name: name, ftype: "Sig"}
	switch {
	case d.Get("FT") != pdf.Name("Sig"):
		st.refuse(KindFieldAdded, f, "type %s", describe(d.Get("FT")))
		return
	case !isString || name == "" || strings.Contains(name, "."):
		st.refuse(KindFieldAdded, f, "its name is missing or has a period in it")
		return
	case st.names[name]:
		st.refuse(KindFieldAdded, f, "there is a field of this name already")
		return
	}
	st.names[name] = true
	widgets, nums := []*pdf.Dict{d}, []uint32{ref.Num}
	if d.Has("Kids") {
		kids, ok := d.Get("Kids").(pdf.Array)
		if !ok || len(kids) > maxWidgets {
			st.refuse(KindFieldAdded, f, "/Kids is not a short list")
			return
		}
		for _, k := range kids {
			ref, _ := k.(pdf.Ref)
			w, ok := st.newDict(ref, KindFieldAdded, f)
			if !ok {
				return
			}
			if w.Has("T") || w.Has("Kids") || w.Has("FT") || w.Has("V") {
				st.refuse(KindFieldAdded, f, "/Kids holds more than widgets")
				return
			}
			widgets, nums = append(widgets, w), append(nums, ref.Num)
			st.newFields[ref.Num] = true
		}
	}
	st.newFields[ref.Num] = true
	visible := false
	for i, w := range widgets {
		for k := range w.Entries() {
			if !fieldKeys[k] && (w == d || k != "Parent") {
				st.refuse(KindFieldAdded, f, "key /%s", k)
				return
			}
		}
		g, shows := f, st.visible(w)
		g.num, visible = nums[i], visible || shows
		if shows && st.coversPage(w, g) {
			return
		}
		st.looksRight(w, d.Get("V") != nil, shows, g)
	}
	if visible {
		st.allow(FormFill, KindVisibleField, f).visible = true
	} else {
		st.allow(LTV, KindEmptyField, f)
	}
	if v := d.Get("V"); v != nil {
		st.signed(v, visible, f.at("V"))
	}
}

// maxWidgets bounds the widgets of a new signature field: one is usual.
const maxWidgets = 16

// unreached returns the place of an object that has just been put into a list
// or entry.
func (st *step) unreached(ref pdf.Ref, f frame) frame {
	f.base = join(st.path(f.num, false), f.path)
	f.num, f.path, f.inner = ref.Num, "", false
	return f
}

// newDict reads a dictionary that must be an object of its own, and new.
func (st *step) newDict(ref pdf.Ref, kind Kind, f frame) (*pdf.Dict, bool) {
	if ref.Num == 0 {
		st.refuse(kind, f, "no indirect object")
		return nil, false
	}
	if st.existed(ref.Num) {
		st.refuse(KindRedirected, f, "refers to %v, which existed before", ref)
		return nil, false
	}
	o, err := st.new.Get(ref)
	if err != nil {
		if !st.fatal(err) {
			st.refuse(KindUnreadable, f, "%v", err)
		}
		return nil, false
	}
	d, ok := o.(*pdf.Dict)
	if !ok {
		st.refuse(kind, f, "%v is a %s, no dictionary", ref, describe(o))
		return nil, false
	}
	if key, dup := duplicate(d); dup {
		st.refuse(KindAmbiguous, f, "key /%s stands twice", key)
		return nil, false
	}
	return d, true
}

// visible reports whether a widget has an area.
func (st *step) visible(w *pdf.Dict) bool {
	x1, y1, x2, y2, ok := st.rect(w.Get("Rect"))
	return ok && x1 != x2 && y1 != y2 || !ok && w.Has("Rect")
}

const (
	// maxFieldShare is how much of a page a new signature field may cover:
	// seals with the particulars of the signer stay well below. A larger one
	// could put another text over what was signed.
	maxFieldShare = 0.25
	// maxFieldsShare is how much all of them may cover.
	maxFieldsShare = 0.5
)

// coversPage refuses a new field that has no page of its own, or covers too
// much of it.
func (st *step) coversPage(w *pdf.Dict, f frame) bool {
	x1, y1, x2, y2, ok := st.rect(w.Get("Rect"))
	page, _ := w.Get("P").(pdf.Ref)
	rec := st.recs[page.Num]
	if !ok || rec == nil || rec.page == 0 || rec.roles&rolePages == 0 {
		st.refuse(KindLargeField, f, "its page or its area is not known")
		return true
	}
	st.onPage[f.num] = int(rec.page)
	area, whole := (x2-x1)*(y2-y1), st.pageArea(page)
	if st.covered[rec.page] += area; area <= whole*maxFieldShare && st.covered[rec.page] <= whole*maxFieldsShare {
		return false
	}
	st.refuse(KindLargeField, f, "%.0f of %.0f square units, %.0f with other new fields", area, whole, st.covered[rec.page])
	return true
}
