package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// drawing reads the content stream of a comment's appearance.
type drawing struct {
	st              *step
	stream          *pdf.Stream
	icon, highlight bool
	graphics        []graphics // at each level of q
	x, y            float64    // where the path under construction is
	x0, y0          float64    // where its last part began
	path            []stroke
	strokes         []stroke // all that were drawn
	tints           map[rgb]bool
}

// graphics is what is kept of the graphics state (ISO 32000-2 §8.4). The zero
// colour is black.
type graphics struct {
	multiply   bool // the blend mode
	width      float64
	line, fill rgb
}

// construct adds to the path under construction (§8.5.2). Of curves it takes the
// way by their control points.
func (d *drawing) construct(op *pdf.Operation) string {
	n := numbers(pdf.Array(op.Operands))
	if want := map[string]int{"m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "re": 4}[op.Operator]; len(n) != want || len(op.Operands) != want {
		return "operands of " + op.Operator
	}
	switch op.Operator {
	case "re":
		d.move(n[0], n[1])
		d.line(n[0]+n[2], n[1])
		d.line(n[0]+n[2], n[1]+n[3])
		d.line(n[0], n[1]+n[3])
		d.line(n[0], n[1])
	case "m":
		d.move(n[0], n[1])
	case "h":
		d.line(d.x0, d.y0)
	default:
		for ; len(n) > 1; n = n[2:] {
			d.line(n[0], n[1])
		}
	}
	return ""
}

func (d *drawing) move(x, y float64) { d.x, d.y, d.x0, d.y0 = x, y, x, y }

func (d *drawing) line(x, y float64) {
	d.path = append(d.path, stroke{d.x, d.y, x, y, 0})
	d.x, d.y = x, y
}

// stroke draws the path, and closes it first if it is to be. A line of no width
// is one pixel wide.
func (d *drawing) stroke(g *graphics, closed bool) string {
	if g.line.paper() {
		return "lines in the colour of paper"
	}
	if closed {
		d.line(d.x0, d.y0)
	}
	for _, s := range d.path {
		s.width = max(g.width, 0.25)
		d.strokes = append(d.strokes, s)
	}
	d.path = d.path[:0]
	return ""
}

// onPage moves and scales what was drawn in one box to another (§12.5.5).
func (d *drawing) onPage(from, to [4]float64) []stroke {
	sx, sy := (to[2]-to[0])/(from[2]-from[0]), (to[3]-to[1])/(from[3]-from[1])
	for i, s := range d.strokes {
		d.strokes[i] = stroke{to[0] + (s.x1-from[0])*sx, to[1] + (s.y1-from[1])*sy, to[0] + (s.x2-from[0])*sx, to[1] + (s.y2-from[1])*sy, s.width * max(sx, sy)}
	}
	return d.strokes
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
	g := &d.graphics[len(d.graphics)-1]
	switch op.Operator {
	case "m", "l", "c", "v", "y", "h", "re":
		return d.construct(op)
	case "n":
		d.path = d.path[:0]
	case "J", "j", "M", "d", "ri", "i", "W", "W*":
	case "S", "s":
		return d.stroke(g, op.Operator == "s")
	case "G", "RG", "K", "g", "rg", "k":
		c, ok := colourOf(op.Operands)
		if !ok {
			return "colour"
		}
		if op.Operator[0] < 'a' {
			g.line = c
		} else {
			g.fill = c
		}
	case "q":
		if len(d.graphics)+1 > maxSaved {
			return "too many levels"
		}
		d.graphics = append(d.graphics, *g)
	case "Q":
		if len(d.graphics) == 1 {
			return "unbalanced"
		}
		d.graphics = d.graphics[:len(d.graphics)-1]
	case "w":
		if len(op.Operands) != 1 || number64(op.Operands[0]) > maxLine {
			return "wide lines"
		}
		g.width = number64(op.Operands[0])
	case "gs":
		multiply, why := d.graphicsState(op.Operands)
		g.multiply = g.multiply || multiply
		return why
	case "f", "f*", "F", "B", "B*", "b", "b*":
		if d.highlight && g.multiply {
			if d.tints == nil {
				d.tints = make(map[rgb]bool)
			}
			if d.tints[g.fill] = true; len(d.tints) > maxSaved {
				return "too many colours"
			}
		} else if !d.icon {
			return "filled areas"
		} else if g.fill.paper() && !g.multiply {
			return "an icon in the colour of paper"
		}
		if op.Operator[0] != 'f' && op.Operator[0] != 'F' {
			return d.stroke(g, op.Operator[0] == 'b')
		}
		d.path = d.path[:0]
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
