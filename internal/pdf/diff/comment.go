package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// What comments may put on a page. DocMDP P=3 lets anybody comment; nobody may
// write another text over what was signed. What a court can check with a ruler:
//
//   - marks are not of the colour of paper, which would wipe text out;
//   - a highlighted text stays legible, under all highlights together;
//   - lines leave some of every spot free, all comments of the page together;
//   - the icons of notes do not touch each other;
//   - icons, and lines, cover no more than a small part of a page in all.
const (
	// maxIcons is how much the icons of new notes may cover of one page, in
	// square points: 25 of 20 by 20, 2 % of an A4 page.
	maxIcons = 10_000
	// maxStrokes is the same for lines: 5 % of an A4 page.
	maxStrokes = 25_000
	// maxMarkHeight is the height of a line of text that is underlined or
	// struck out: viewers make the mark as thick as the text is high.
	maxMarkHeight = 48
	// maxMarks bounds the comments of one page that are compared with each other.
	maxMarks = 1 << 11
)

// marks are the comments of one page that were added or changed.
type marks struct {
	by    map[uint32]*mark // by the number of the annotation
	tints int              // highlights ever seen
	drawn [2]ink           // by appearances, and by entries for viewers that do not look at those
}

// mark is one of them.
type mark struct {
	icon    *[4]float64
	tints   []tint
	strokes [2][]stroke
}

// marksOf returns the marks of a page with a new one in place of what the
// annotation was before.
func (st *step) marksOf(page int, num uint32) (*marks, *mark) {
	m := st.marks[page]
	if m == nil {
		m = &marks{by: make(map[uint32]*mark), drawn: [2]ink{newInk(), newInk()}}
		st.marks[page] = m
	}
	if was := m.by[num]; was != nil {
		for i := range m.drawn {
			m.drawn[i].add(was.strokes[i], -1)
		}
	}
	k := &mark{}
	m.by[num] = k
	return m, k
}

// tint is a highlighted rectangle.
type tint struct {
	box    [4]float64
	colour rgb
}

// unsafeMark looks at what viewers draw of a comment by its entries, and counts
// it towards what its page holds.
func (st *step) unsafeMark(sub pdf.Name, d *pdf.Dict, m *marks, k *mark) string {
	x1, y1, x2, y2, ok := st.rect(d.Get("Rect"))
	if !ok {
		return "no rectangle"
	}
	if len(m.by) > maxMarks {
		return "too many comments on one page"
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
		return m.addIcon(k, box)
	case "Highlight":
		if coloured {
			return m.tint(k, quadBox(d, box), colour)
		}
		return ""
	}
	if coloured && colour.paper() {
		return "lines in the colour of paper"
	}
	if quadHeight(d) > maxMarkHeight {
		return "a mark that is too high"
	}
	list := strokesOf(sub, d, box, st.lineWidth(d))
	if !d.Has("AP") {
		if why := m.draw(k, 0, list); why != "" {
			return why
		}
	}
	return m.draw(k, 1, list)
}

// addIcon adds the icon of a note.
func (m *marks) addIcon(k *mark, box [4]float64) string {
	area := (box[2] - box[0]) * (box[3] - box[1])
	for _, o := range m.by {
		if o.icon == nil {
			continue
		}
		if touch(box, *o.icon) {
			return "icons that touch each other"
		}
		area += (o.icon[2] - o.icon[0]) * (o.icon[3] - o.icon[1])
	}
	k.icon = &box
	if area > maxIcons {
		return "too many icons on one page"
	}
	return ""
}

// touch reports whether two rectangles are less than a point apart.
func touch(a, b [4]float64) bool {
	return a[0] < b[2]+1 && b[0] < a[2]+1 && a[1] < b[3]+1 && b[1] < a[3]+1
}

// tint adds a highlight.
func (m *marks) tint(k *mark, box [4]float64, c rgb) string {
	if m.tints++; m.tints > maxMarks {
		return "too many highlights on one page"
	}
	all, seen := c, map[rgb]bool{c: true}
	for _, o := range m.by {
		for _, t := range o.tints {
			if !seen[t.colour] && touch(box, t.box) {
				seen[t.colour] = true
				all = all.times(t.colour)
			}
		}
	}
	k.tints = append(k.tints, tint{box, c})
	if !all.legible() {
		return "a highlight through which text cannot be read"
	}
	return ""
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
