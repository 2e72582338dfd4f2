package diff

import (
	"math"

	"github.com/vidimus/vidimus/internal/pdf"
)

// drawing reads the content stream of a comment's appearance.
type drawing struct {
	st              *step
	stream          *pdf.Stream
	icon, highlight bool
	graphics        []graphics // at each level of q
	x, y, length    float64    // of the path under construction
	drawn           float64    // area of all lines
	tints           map[rgb]bool
}

// graphics is what is kept of the graphics state (ISO 32000-2 §8.4). The zero
// colour is black.
type graphics struct {
	multiply   bool // the blend mode
	width      float64
	line, fill rgb
}

// path adds to the path under construction (§8.5.2). Curves count as long as
// the way by their control points.
func (d *drawing) path(op *pdf.Operation) string {
	n := numbers(pdf.Array(op.Operands))
	if want := map[string]int{"m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "re": 4}[op.Operator]; len(n) != want || len(op.Operands) != want {
		return "operands of " + op.Operator
	}
	switch op.Operator {
	case "re":
		d.length += 2 * (math.Abs(n[2]) + math.Abs(n[3]))
		d.x, d.y = n[0], n[1]
		return ""
	case "m":
		d.x, d.y = n[0], n[1]
		return ""
	case "h":
		d.length += maxLine
		return ""
	}
	for ; len(n) > 1; n = n[2:] {
		d.length += math.Hypot(n[0]-d.x, n[1]-d.y)
		d.x, d.y = n[0], n[1]
	}
	return ""
}

// stroke draws the path. A line of no width is one pixel wide.
func (d *drawing) stroke(g *graphics) string {
	if g.line.paper() && !d.icon {
		return "lines in the colour of paper"
	}
	d.drawn += d.length * max(g.width, 0.25)
	d.length = 0
	return ""
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
		return d.path(op)
	case "n":
		d.length = 0
	case "J", "j", "M", "d", "ri", "i", "W", "W*":
	case "S", "s":
		return d.stroke(g)
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
		}
		if op.Operator[0] != 'f' && op.Operator[0] != 'F' {
			return d.stroke(g)
		}
		d.length = 0
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
