package diff

import (
	"math"

	"github.com/vidimus/vidimus/internal/pdf"
)

// What comments may put on a page. DocMDP P=3 lets anybody comment; nobody may
// write another text over what was signed. What a court can check with a ruler:
//
//   - marks are not of the colour of paper, which would wipe text out;
//   - a highlighted text stays legible, under all highlights together;
//   - lines do not fill the area that they are drawn in;
//   - the icons of notes do not touch each other;
//   - icons, and lines, cover no more than a small part of a page in all.
const (
	// maxIcons is how much the icons of new notes may cover of one page, in
	// square points: 25 of 20 by 20, 2 % of an A4 page.
	maxIcons = 10_000
	// maxStrokes is the same for lines: 5 % of an A4 page.
	maxStrokes = 25_000
	// maxDensity is how much of its rectangle a drawing may cover with lines,
	// if it is larger than an icon.
	maxDensity = 0.5
	// maxMarkHeight is the height of a line of text that is underlined or
	// struck out: viewers make the mark as thick as the text is high.
	maxMarkHeight = 48
	// maxMarks bounds the comments of one page that are compared with each other.
	maxMarks = 1 << 11
)

// marks are the comments added to one page so far.
type marks struct {
	icons, strokes float64
	icon           [][4]float64
	tints          []tint
}

// tint is a highlighted rectangle.
type tint struct {
	box    [4]float64
	colour rgb
}

type rgb [3]float64

// paper reports whether a mark of this colour wipes out what it covers.
func (c rgb) paper() bool { return min(c[0], c[1], c[2]) >= 0.9 }

// legible reports whether black text can be read through a highlight.
func (c rgb) legible() bool {
	return max(c[0], c[1], c[2]) >= 0.75 && 0.299*c[0]+0.587*c[1]+0.114*c[2] >= 0.25
}

// times is what two highlights give together (blend mode Multiply).
func (c rgb) times(d rgb) rgb { return rgb{c[0] * d[0], c[1] * d[1], c[2] * d[2]} }

// colourOf reads the operands of a colour operator, or /C (ISO 32000-2 table
// 166). ok is false for what is none; of no components, there is no colour.
func colourOf(list []pdf.Object) (c rgb, ok bool) {
	var n [4]float64
	for i, o := range list {
		if i > 3 {
			return c, false
		}
		switch v := o.(type) {
		case pdf.Integer:
			n[i] = float64(v)
		case pdf.Real:
			n[i] = float64(v)
		default:
			return c, false
		}
		n[i] = max(0, min(1, n[i]))
	}
	switch len(list) {
	case 1:
		return rgb{n[0], n[0], n[0]}, true
	case 3:
		return rgb{n[0], n[1], n[2]}, true
	case 4:
		return rgb{(1 - n[0]) * (1 - n[3]), (1 - n[1]) * (1 - n[3]), (1 - n[2]) * (1 - n[3])}, true
	}
	return c, false
}

// unsafeMark looks at what viewers draw of a comment by its entries, and counts
// it towards what its page holds.
func (st *step) unsafeMark(sub pdf.Name, d *pdf.Dict, page int) string {
	m := st.marks[page]
	if m == nil {
		m = &marks{}
		st.marks[page] = m
	}
	x1, y1, x2, y2, ok := st.rect(d.Get("Rect"))
	if !ok {
		return "no rectangle"
	}
	box := [4]float64{x1, y1, x2, y2}
	colour, coloured := rgb{}, false
	if d.Has("C") {
		list, isArray := d.Get("C").(pdf.Array)
		if colour, coloured = colourOf(list); !isArray || !coloured && len(list) > 0 {
			return "colour"
		}
	}
	switch sub {
	case "Popup":
		return ""
	case "Text", "Caret":
		if !d.Has("AP") {
			return "" // the viewer's own icon
		}
		for _, b := range m.icon {
			if x1 < b[2] && b[0] < x2 && y1 < b[3] && b[1] < y2 || touch(box, b) {
				return "icons that touch each other"
			}
		}
		if m.icons += (x2 - x1) * (y2 - y1); m.icons > maxIcons || len(m.icon) >= maxMarks {
			return "too many icons on one page"
		}
		m.icon = append(m.icon, box)
		return ""
	case "Highlight":
		if coloured {
			return m.tint(quadBox(d, box), colour)
		}
		return ""
	case "Underline", "Squiggly", "StrikeOut":
		if coloured && colour.paper() {
			return "a mark in the colour of paper"
		}
		if quadHeight(d) > maxMarkHeight {
			return "a mark that is too high"
		}
		return ""
	}
	if coloured && colour.paper() {
		return "lines in the colour of paper"
	}
	return m.lines(lengthOf(sub, d, box)*st.lineWidth(d), box)
}

// touch reports whether two rectangles are less than a point apart.
func touch(a, b [4]float64) bool {
	return a[0] < b[2]+1 && b[0] < a[2]+1 && a[1] < b[3]+1 && b[1] < a[3]+1
}

// lines counts lines of this area, drawn in box.
func (m *marks) lines(area float64, box [4]float64) string {
	width, height := box[2]-box[0], box[3]-box[1]
	if width > maxIcon && height > maxIcon && area > maxDensity*width*height {
		return "lines that fill an area"
	}
	if m.strokes += area; !(m.strokes <= maxStrokes) {
		return "too many lines on one page"
	}
	return ""
}

// tint adds a highlight.
func (m *marks) tint(box [4]float64, c rgb) string {
	if len(m.tints) >= maxMarks {
		return "too many highlights on one page"
	}
	all, seen := c, map[rgb]bool{c: true}
	for _, t := range m.tints {
		if !seen[t.colour] && touch(box, t.box) {
			seen[t.colour] = true
			all = all.times(t.colour)
		}
	}
	m.tints = append(m.tints, tint{box, c})
	if !all.legible() {
		return "a highlight through which text cannot be read"
	}
	return ""
}

func numbers(o pdf.Object) []float64 {
	list, _ := o.(pdf.Array)
	var out []float64
	for _, e := range list {
		switch v := e.(type) {
		case pdf.Integer:
			out = append(out, float64(v))
		case pdf.Real:
			out = append(out, float64(v))
		}
	}
	return out
}

// quadBox is the box with all of /QuadPoints in it.
func quadBox(d *pdf.Dict, box [4]float64) [4]float64 {
	q := numbers(d.Get("QuadPoints"))
	for i := 0; i+1 < len(q); i += 2 {
		box = [4]float64{min(box[0], q[i]), min(box[1], q[i+1]), max(box[2], q[i]), max(box[3], q[i+1])}
	}
	return box
}

// quadHeight is the height of the highest of /QuadPoints, or its width if text
// runs down.
func quadHeight(d *pdf.Dict) float64 {
	q := numbers(d.Get("QuadPoints"))
	most := 0.0
	for ; len(q) >= 8; q = q[8:] {
		x1, x2 := min(q[0], q[2], q[4], q[6]), max(q[0], q[2], q[4], q[6])
		y1, y2 := min(q[1], q[3], q[5], q[7]), max(q[1], q[3], q[5], q[7])
		most = max(most, min(x2-x1, y2-y1))
	}
	return most
}

// lengthOf is the length of the lines that a viewer draws of a comment.
func lengthOf(sub pdf.Name, d *pdf.Dict, box [4]float64) float64 {
	way := func(p []float64, closed bool) float64 {
		n := 0.0
		for i := 0; i+3 < len(p); i += 2 {
			n += math.Hypot(p[i+2]-p[i], p[i+3]-p[i+1])
		}
		if closed && len(p) > 3 {
			n += math.Hypot(p[len(p)-2]-p[0], p[len(p)-1]-p[1])
		}
		return n
	}
	switch sub {
	case "Ink":
		list, _ := d.Get("InkList").(pdf.Array)
		n := 0.0
		for _, e := range list {
			n += way(numbers(e), false)
		}
		return n
	case "Line":
		return way(numbers(d.Get("L")), false)
	case "Polygon", "PolyLine":
		return way(numbers(d.Get("Vertices")), sub == "Polygon")
	}
	return 2 * (box[2] - box[0] + box[3] - box[1])
}
