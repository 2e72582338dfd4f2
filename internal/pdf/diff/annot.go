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

// unsafeAnnot says why a comment may hide or imitate content; was is nil for a
// new one.
func (st *step) unsafeAnnot(was, d *pdf.Dict) string {
	sub := subtype(d)
	if !comments[sub] {
		return "not a comment"
	}
	for k, v := range d.Entries() {
		if equal(was.Get(k), v) {
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
	if d.Has("AP") && !equal(was.Get("AP"), d.Get("AP")) {
		return st.unsafeAppearance(sub, d)
	}
	return ""
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
	switch n := o.(type) {
	case pdf.Integer:
		return float64(n)
	case pdf.Real:
		return float64(n)
	}
	return maxLine + 1
}

// maxComment bounds the appearance stream of a comment.
const maxComment = 256 << 10

// unsafeAppearance looks at what the appearance of a comment draws: no text, no
// images, no areas unless the marked text shows through (blend mode Multiply) or
// the whole is as small as an icon.
func (st *step) unsafeAppearance(sub pdf.Name, d *pdf.Dict) string {
	ap, ok := d.Get("AP").(*pdf.Dict)
	if !ok {
		return "appearance not in place"
	}
	x1, y1, x2, y2, ok := st.rect(d.Get("Rect"))
	if !ok {
		return "no rectangle"
	}
	for key, v := range ap.Entries() {
		ref, isRef := v.(pdf.Ref)
		if key != "N" && key != "R" && key != "D" || !isRef || st.existed(ref.Num) {
			return "appearance that is not new"
		}
		s, err := st.new.Stream(ref)
		if err != nil || s == nil {
			st.fatalRead(err)
			return "appearance that cannot be read"
		}
		if !st.trueToScale(s, x2-x1, y2-y1) {
			return "appearance drawn to another scale"
		}
		dr := drawing{st: st, stream: s, multiply: []bool{false}}
		dr.icon = (sub == "Text" || sub == "Caret") && x2-x1 <= maxIcon && y2-y1 <= maxIcon
		dr.highlight = sub == "Highlight"
		if why := dr.unsafe(); why != "" {
			return why
		}
	}
	return ""
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
	return ok && len(m) == 6 && equal(m[:4], pdf.Array{pdf.Integer(1), pdf.Integer(0), pdf.Integer(0), pdf.Integer(1)})
}

// drawing reads the content stream of a comment's appearance.
type drawing struct {
	st              *step
	stream          *pdf.Stream
	icon, highlight bool
	multiply        []bool // the blend mode at each level of q
}

// maxSaved bounds the levels of q: Annex C of ISO 32000-1 has 28.
const maxSaved = 64

func (d *drawing) unsafe() string {
	const unreadable = "appearance that cannot be read"
	if d.st.err != nil {
		return unreadable
	}
	data, err := d.stream.Decode(maxComment)
	if err != nil || !d.st.spendParsed(len(data)) {
		d.st.fatalRead(err)
		return unreadable
	}
	c := pdf.NewContent(data)
	for {
		op, ok, err := c.Next()
		switch {
		case err != nil:
			return unreadable
		case !ok:
			return ""
		}
		if why := d.operation(op); why != "" {
			return why
		}
	}
}

func (d *drawing) operation(op *pdf.Operation) string {
	top := len(d.multiply) - 1
	switch op.Operator {
	case "m", "l", "c", "v", "y", "h", "re", "n", "S", "s", "J", "j", "M", "d", "ri", "i",
		"G", "RG", "K", "g", "rg", "k", "W", "W*":
	case "q":
		if top+2 > maxSaved {
			return "too many levels"
		}
		d.multiply = append(d.multiply, d.multiply[top])
	case "Q":
		if top == 0 {
			return "unbalanced"
		}
		d.multiply = d.multiply[:top]
	case "w":
		if len(op.Operands) != 1 || number64(op.Operands[0]) > maxLine {
			return "wide lines"
		}
	case "gs":
		multiply, why := d.graphicsState(op.Operands)
		d.multiply[top] = d.multiply[top] || multiply
		return why
	case "f", "f*", "F", "B", "B*", "b", "b*":
		if !d.icon && !(d.highlight && d.multiply[top]) {
			return "filled areas"
		}
	default:
		// Also cm, which would make lines as wide as one likes, and Do.
		return "operator " + op.Operator
	}
	return ""
}

// graphicsState looks up the operand of gs. Nothing but opacity and the blend
// mode Multiply may be in it.
func (d *drawing) graphicsState(operands []pdf.Object) (multiply bool, why string) {
	const bad = "graphics state"
	if len(operands) != 1 {
		return false, bad
	}
	name, _ := operands[0].(pdf.Name)
	res, err := d.st.new.Dict(d.stream.Dict.Get("Resources"))
	if err != nil {
		return false, bad
	}
	states, err := d.st.new.Dict(res.Get("ExtGState"))
	if err != nil {
		return false, bad
	}
	gs, err := d.st.new.Dict(states.Get(name))
	if err != nil || gs == nil {
		return false, bad
	}
	for k, v := range gs.Entries() {
		switch {
		case k == "BM" && v == pdf.Name("Multiply"):
			multiply = true
		case k == "Type", k == "CA", k == "ca", k == "AIS":
		default:
			return false, bad
		}
	}
	return multiply, ""
}
