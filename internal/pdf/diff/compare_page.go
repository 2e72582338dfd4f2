package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// comparePage judges a node of the page tree (ISO 32000-2 §7.7.3): of a page
// only /Annots may change.
func (st *step) comparePage(was, is pdf.Object, f frame) {
	a, b, ok := st.dicts(was, is, KindPage, f)
	if !ok {
		return
	}
	if was == nil {
		st.refuse(KindPageTree, f, "there was no such page")
		return
	}
	for key := range differing(a, b) {
		old, now := a.Get(key), b.Get(key)
		at := f.at(key)
		switch key {
		case "Kids":
			st.slot(rolePageKids, old, now, at)
		case "ITXT": // iText's version, in the root of the tree: no reader looks at it
			if _, ok := now.(pdf.String); !ok || !b.Has("Kids") {
				st.refuse(KindPage, at, "%s", changed(old, now))
				break
			}
			st.allow(LTV, KindRewritten, at)
		case "Count", "Parent", "Type":
			st.refuse(KindPageTree, at, "%s", changed(old, now))
		case "Annots":
			st.slot(roleAnnots, old, now, at)
		default:
			st.refuseKey(KindPage, old, now, at)
		}
	}
}

// compareAnnots judges the annotations of a page: widgets of new signature
// fields, and comments where they are allowed.
func (st *step) compareAnnots(was, is pdf.Object, f frame) {
	a, b, ok := st.arrays(was, is, KindAnnotation, f)
	if !ok {
		return
	}
	l, ok := compareLists(a, b)
	if !ok {
		st.refuse(KindAnnotation, f, "the annotations stand in another order, or one stands twice")
		return
	}
	for _, ref := range l.removed {
		g := st.unreached(ref, f)
		if rec := st.recs[ref.Num]; rec != nil && rec.roles&roleField != 0 {
			g.field = rec.field
			st.refuse(KindFieldRemoved, g, "the widget is no longer on its page")
			continue
		}
		o, err := st.old.Get(ref)
		if err != nil {
			st.fatal(err)
		}
		st.removedAnnot(o, g)
		if page := st.pageAbove(f.num, false); st.marks[page] != nil {
			st.marksOf(page, ref.Num)
		}
	}
	for _, ref := range l.added {
		if st.err != nil {
			return
		}
		st.addedAnnot(ref, f)
	}
	if len(l.added)+len(l.removed) == 0 {
		st.allow(LTV, KindRewritten, f)
	}
}

func (st *step) addedAnnot(ref pdf.Ref, f frame) {
	g := st.unreached(ref, f)
	if rec := st.recs[ref.Num]; st.existed(ref.Num) && rec != nil && rec.roles&roleField != 0 {
		// The widget of a signature field that stood on no page: nothing is to
		// be seen of it if it has no area.
		g.field = rec.field
		w, err := st.new.Dict(ref)
		if err == nil && w != nil && rec.field != nil && rec.field.ftype == "Sig" && !st.visible(w) {
			st.allow(LTV, KindFieldOnPage, g)
			return
		}
		st.refuse(KindFieldShown, g, "the field was on no page")
		return
	}
	d, ok := st.newDict(ref, KindAnnotation, g)
	if !ok {
		return
	}
	if d.Get("Subtype") == pdf.Name("Widget") {
		st.later = append(st.later, func() {
			if _, known := st.newFields[ref.Num]; !known {
				// Poppler puts a signature on its page and forgets the list of fields
				// where the form stands in the catalog. Nobody counts it among the
				// signatures then; what is seen of it is judged all the same.
				if d.Get("FT") != pdf.Name("Sig") || d.Get("V") == nil || d.Has("Parent") || d.Has("Kids") {
					st.refuse(KindFieldAdded, g, "a widget of no new signature field")
					return
				}
				st.newField(ref, f)
			}
			if page, visible := st.onPage[ref.Num]; visible && page != st.pageAbove(f.num, false) {
				st.refuse(KindFieldAdded, g, "the field stands on another page than it says")
			}
		})
		return
	}
	if why := st.unsafeAnnot(nil, d, ref.Num, st.pageAbove(f.num, false)); why != "" {
		st.refuse(KindAnnotationCover, g, "/%s: %s", subtype(d), why)
		return
	}
	st.allow(Annotations, KindAnnotationAdded, g).Detail = string(subtype(d))
}

func (st *step) removedAnnot(was pdf.Object, f frame) {
	d, _ := was.(*pdf.Dict)
	if !comments[subtype(d)] {
		st.refuse(KindAnnotation, f, "/%s removed", subtype(d))
		return
	}
	st.allow(Annotations, KindAnnotationRemoved, f).Detail = string(subtype(d))
}

// compareAnnot judges an annotation that was there; the rules for fields are
// those of compareField.
func (st *step) compareAnnot(was, is pdf.Object, f frame) {
	if rec := st.recs[f.num]; rec.roles&roleField != 0 {
		return
	}
	if is == nil {
		st.removedAnnot(was, f)
		return
	}
	a, b, ok := st.dicts(was, is, KindAnnotation, f)
	if !ok {
		return
	}
	switch {
	case subtype(a) != subtype(b) || !comments[subtype(a)]:
		st.refuse(KindAnnotation, f, "/%s became /%s", subtype(a), subtype(b))
		return
	}
	if why := st.unsafeAnnot(a, b, f.num, st.pageAbove(f.num, false)); why != "" {
		st.refuse(KindAnnotationCover, f, "/%s: %s", subtype(b), why)
		return
	}
	st.allow(Annotations, KindAnnotationChanged, f).Detail = string(subtype(b))
}

func subtype(d *pdf.Dict) pdf.Name {
	n, _ := d.Get("Subtype").(pdf.Name)
	if len(n) > 32 {
		n = n[:32]
	}
	return n
}
