package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// comments are the annotations that may be added under P=3 (ISO 32000-2
// §12.8.2.2.2): notes and marks on a text. FreeText, Stamp, Redact, Watermark
// and the rest can put another text over what was signed without looking like
// an annotation; whoever certifies a document does not expect that.
var comments = map[pdf.Name]bool{
	"Text": true, "Popup": true, "Highlight": true, "Underline": true, "Squiggly": true, "StrikeOut": true,
	"Caret": true, "Ink": true, "Line": true, "Square": true, "Circle": true, "Polygon": true, "PolyLine": true,
}

// annotKeys are the entries they may have (tables 166, 172 and those of the
// types). Actions, layers and blend modes are not among them.
var annotKeys = map[pdf.Name]bool{
	"Type": true, "Subtype": true, "Rect": true, "Contents": true, "P": true, "NM": true, "M": true, "F": true,
	"AP": true, "AS": true, "Border": true, "C": true, "StructParent": true, "Lang": true,
	"T": true, "Popup": true, "CA": true, "ca": true, "RC": true, "CreationDate": true, "IRT": true, "Subj": true,
	"RT": true, "IT": true, "Name": true, "QuadPoints": true, "Open": true, "Parent": true, "State": true,
	"StateModel": true, "BS": true, "BE": true, "L": true, "LE": true, "InkList": true, "Vertices": true, "RD": true,
	"Sy": true, "LL": true, "LLE": true, "Cap": true, "CO": true, "CP": true,
}

const (
	// maxIcon is the side of the largest icon of a note, in points, whose
	// appearance may have filled areas.
	maxIcon = 24
	// maxLine is the widest line of a drawing, in points.
	maxLine = 3
)

// unsafeAnnot says why a comment, the object of this number, may hide or imitate
// content; was is nil for a new one.
func (st *step) unsafeAnnot(was, d *pdf.Dict, num uint32, page int) string {
	sub := subtype(d)
	if !comments[sub] {
		return "not a comment"
	}
	for k, v := range d.Entries() {
		if was.Has(k) && equalAt(k, was.Get(k), v) {
			continue
		}
		if !annotKeys[k] {
			return "key /" + string(k)
		}
		switch k {
		case "P", "Popup", "IRT", "Parent":
			if ref, ok := v.(pdf.Ref); !ok || !st.mayName(ref) {
				return "key /" + string(k)
			}
		case "AP":
		case "F":
			if _, ok := v.(pdf.Integer); !ok {
				return "flags"
			}
		default:
			if hasRef(v) {
				return "a reference in /" + string(k)
			}
		}
	}
	switch sub {
	case "Popup":
		if d.Has("AP") {
			return "appearance of a pop-up"
		}
	case "Ink", "Line", "Square", "Circle", "Polygon", "PolyLine":
		if w := st.lineWidth(d); w > maxLine {
			return "wide lines"
		}
	}
	if drawnAlike(was, d) {
		return ""
	}
	// Shown where it was not, or otherwise, an appearance that was signed with
	// the comment, out of sight, is as good as a new one.
	m, k := st.marksOf(page, num)
	if why := st.unsafeMark(sub, d, m, k); why != "" {
		return why
	}
	if d.Has("AP") {
		return st.unsafeAppearance(sub, was, d, m, k)
	}
	return ""
}

// drawnAlike reports whether two states of a comment look the same.
func drawnAlike(was, is *pdf.Dict) bool {
	if was == nil {
		return false
	}
	for _, key := range [...]pdf.Name{"AP", "AS", "F", "Rect", "C", "Border", "BS", "BE", "QuadPoints", "InkList", "L", "LE", "LL", "LLE", "Vertices", "RD", "Name", "Sy", "CA", "ca", "Cap"} {
		if !equalAt(key, was.Get(key), is.Get(key)) {
			return false
		}
	}
	return true
}

// mayName reports whether a comment may refer to the object: a page, another
// annotation, or something new.
func (st *step) mayName(ref pdf.Ref) bool {
	if rec := st.recs[ref.Num]; rec != nil && rec.roles&(rolePages|roleAnnot) != 0 {
		return true
	}
	return !st.existed(ref.Num)
}

func hasRef(o pdf.Object) bool {
	switch o := o.(type) {
	case pdf.Ref:
		return true
	case pdf.Array:
		for _, e := range o {
			if hasRef(e) {
				return true
			}
		}
	case *pdf.Dict:
		for _, v := range o.Entries() {
			if hasRef(v) {
				return true
			}
		}
	}
	return false
}

func (st *step) lineWidth(d *pdf.Dict) float64 {
	if bs, ok := d.Get("BS").(*pdf.Dict); ok && bs.Has("W") {
		return number64(bs.Get("W"))
	}
	if b, ok := d.Get("Border").(pdf.Array); ok && len(b) > 2 {
		return number64(b[2])
	}
	return 1
}

// number64 reads a number; what is none is as large as can be.
func number64(o pdf.Object) float64 {
	if n, ok := realOf(o); ok {
		return float64(n)
	}
	return maxLine + 1
}

// maxComment bounds the appearance stream of a comment.
const maxComment = 256 << 10

// unsafeAppearance looks at what the appearance of a comment draws: no text, no
// images, no areas unless the marked text shows through (blend mode Multiply) or
// the whole is as small as an icon.
func (st *step) unsafeAppearance(sub pdf.Name, was, d *pdf.Dict, m *marks, k *mark) string {
	kept := was.Has("AP") && equal(was.Get("AP"), d.Get("AP"))
	if ref, ok := d.Get("AP").(pdf.Ref); ok && !kept && st.existed(ref.Num) {
		return "appearance that is not new"
	}
	ap, err := st.new.Dict(d.Get("AP"))
	if err != nil || ap == nil {
		st.fatalRead(err)
		return "appearance that cannot be read"
	}
	x1, y1, x2, y2, ok := st.rect(d.Get("Rect"))
	if !ok {
		return "no rectangle"
	}
	for key, v := range ap.Entries() {
		ref, isRef := v.(pdf.Ref)
		if key != "N" && key != "R" && key != "D" || !isRef || !kept && st.existed(ref.Num) {
			return "appearance that is not new"
		}
		s, err := st.new.Stream(ref)
		if err != nil || s == nil {
			st.fatalRead(err)
			return "appearance that cannot be read"
		}
		if why := st.outOfPlace(nil, s); why != "" {
			return why
		}
		if ownColours(st.new, s) || !st.plainGroup(s.Dict.Get("Group")) {
			return "appearance with colours of its own"
		}
		if !st.trueToScale(s, x2-x1, y2-y1) {
			return "appearance drawn to another scale"
		}
		dr := drawing{st: st, stream: s, graphics: []graphics{{width: 1, scale: unscaled}}}
		dr.icon = (sub == "Text" || sub == "Caret") && x2-x1 <= maxIcon && y2-y1 <= maxIcon
		dr.highlight = sub == "Highlight"
		if why := dr.unsafe(); why != "" {
			return why
		}
		if key != "N" {
			continue // shown instead of the other, not with it
		}
		to := [4]float64{x1, y1, x2, y2}
		if a, b, c, e, _ := box(s.Dict.Get("BBox")); !dr.icon && len(dr.strokes) > 0 {
			if why := m.draw(k, 0, dr.onPage([4]float64{a, b, c, e}, to)); why != "" {
				return why
			}
		}
		for c := range dr.tints {
			if why := m.tint(k, to, c); why != "" {
				return why
			}
		}
	}
	return ""
}

// plainGroup reports whether an appearance is blended with what is below: in an
// isolated or knockout group there is nothing to be multiplied with (§11.4.5).
func (st *step) plainGroup(o pdf.Object) bool {
	group, err := st.new.Dict(o)
	for k, v := range group.Entries() {
		switch k {
		case "Type", "S":
		case "I", "K":
			if v != pdf.Bool(false) {
				return false
			}
		default:
			return false
		}
	}
	return err == nil
}

// maxScale is how much larger than drawn an appearance may be shown.
const maxScale = 1.5

// trueToScale reports whether the algorithm of ISO 32000-2 §12.5.5, which fits
// /BBox into /Rect, leaves lines about as wide as they are drawn.
func (st *step) trueToScale(s *pdf.Stream, width, height float64) bool {
	x1, y1, x2, y2, ok := st.rect(s.Dict.Get("BBox"))
	if !ok || width > maxScale*(x2-x1) || height > maxScale*(y2-y1) {
		return false
	}
	if !s.Dict.Has("Matrix") {
		return true
	}
	m, ok := s.Dict.Get("Matrix").(pdf.Array)
	return ok && len(m) == 6 && equalAt("Matrix", m[:4], pdf.Array{pdf.Integer(1), pdf.Integer(0), pdf.Integer(0), pdf.Integer(1)})
}
