package diff

import (
	"math"
	"slices"

	"github.com/vidimus/vidimus/internal/pdf"
)

// A field stands where its author put it, and whoever fills it in may put text
// there. Nobody who fills in a form needs to paint over what is below: programs
// draw the text, and the background and border of /MK (ISO 32000-2 §12.7.4.3). So
// a new appearance may have the colour of paper, or what cannot be told from it,
// only where the field had it when it was signed.

// lights are the light colours that an appearance has in areas and lines, and in
// text; unknown are pictures, shadings, patterns and whatever else may be light.
type lights struct {
	areas, text []rgb
	unknown     bool
}

// sameColour is how far two ways to write one colour may be apart.
const sameColour = 0.01

func has(list []rgb, c rgb) bool {
	return slices.ContainsFunc(list, func(d rgb) bool {
		return math.Abs(c[0]-d[0])+math.Abs(c[1]-d[1])+math.Abs(c[2]-d[2]) <= sameColour
	})
}

func (p *lights) add(list *[]rgb, c rgb) {
	if c.paper() && !has(*list, c) {
		*list = append(*list, c)
		p.unknown = p.unknown || len(*list) > maxSaved
	}
}

// maxBackground is the area, in square points, up to which a field's /BG lets its
// first appearance have a background: a quarter of an A4 page. Until then viewers
// show none.
const maxBackground = 125_000

// wipes refuses what a widget shows now if it may wipe out what is below.
func (st *step) wipes(num uint32, f frame) {
	was, err := st.old.Dict(pdf.Ref{Num: num})
	is, err2 := st.new.Dict(pdf.Ref{Num: num})
	if err != nil || err2 != nil || is == nil || f.field == nil || st.new.Document().Locked() != nil {
		return
	}
	x1, y1, x2, y2, ok := st.rect(is.Get("Rect"))
	if f.field.ftype == "Btn" && ok && x2-x1 <= maxIcon && y2-y1 <= maxIcon {
		return // a box and its tick
	}
	now := st.painted(st.new, is)
	if len(now.areas)+len(now.text) == 0 && !now.unknown {
		return
	}
	before := st.painted(st.old, was)
	st.styled(was, (x2-x1)*(y2-y1) <= maxBackground, &before)
	listed := f.field.ftype == "Ch" && f.field.ff&fieldCombo == 0
	for _, c := range now.areas {
		if listed && max(c[0], c[1], c[2])-min(c[0], c[1], c[2]) >= maxSelected {
			continue // the item that is chosen
		}
		now.unknown = now.unknown || !has(before.areas, c)
	}
	for _, c := range now.text {
		now.unknown = now.unknown || !has(before.text, c) && !has(before.areas, c)
	}
	if now.unknown && !before.unknown {
		st.refuse(KindField, f, "the appearance may wipe out what is below, which it did not before")
	}
}

const (
	fieldCombo = 1 << 17
	// maxSelected is how coloured the background of a chosen item is at least.
	maxSelected = 0.15
)

// styled adds the colours that the entries of a widget name (tables 192, 228).
func (st *step) styled(w *pdf.Dict, background bool, p *lights) {
	mk, err := st.old.Dict(w.Get("MK"))
	if err != nil {
		return
	}
	for _, key := range [...]pdf.Name{"BG", "BC"} {
		n, _ := mk.Get(key).(pdf.Array)
		if c, ok := colourOf(n); ok && (background || key != "BG") {
			p.add(&p.areas, c)
		}
	}
	c := pdf.NewContent([]byte(st.defaultAppearance(w)))
	for {
		op, more, err := c.Next()
		if err != nil || !more {
			return
		}
		switch op.Operator {
		case "g", "rg", "k":
			if c, ok := colourOf(op.Operands); ok {
				p.add(&p.text, c)
			}
		}
	}
}

// defaultAppearance is /DA of a field as it was, inherited or the form's.
func (st *step) defaultAppearance(d *pdf.Dict) pdf.String {
	for range maxFieldDepth {
		da, err := st.old.Str(d.Get("DA"))
		if err != nil || da != "" {
			return da
		}
		if d, err = st.old.Dict(d.Get("Parent")); err != nil || d == nil {
			break
		}
	}
	catalog, err := st.old.Catalog()
	if err != nil {
		return ""
	}
	form, err := st.old.Dict(catalog.Get("AcroForm"))
	if err != nil {
		return ""
	}
	da, _ := st.old.Str(form.Get("DA"))
	return da
}

// painted says in what light colours the appearance of a widget paints.
func (st *step) painted(rev *pdf.Revision, w *pdf.Dict) lights {
	var p lights
	s, err := rev.Stream(shownAppearance(rev, w))
	if err != nil {
		return lights{unknown: true}
	}
	if s != nil {
		(&painter{st: st, rev: rev, out: &p}).form(s, brush{}, maxNested)
	}
	return p
}

// shownAppearance returns the appearance that a widget shows, as it is referred to.
func shownAppearance(rev *pdf.Revision, w *pdf.Dict) pdf.Object {
	ap, err := rev.Dict(w.Get("AP"))
	if err != nil {
		return pdf.Bool(false) // unreadable, but not missing
	}
	n := ap.Get("N")
	if states, err := rev.Dict(n); err == nil && states != nil {
		as, _ := w.Get("AS").(pdf.Name)
		n = states.Get(as)
	}
	return n
}
