package diff

import (
	"math"
	"strings"

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
	line, fill paint
	scale      matrix
	rounded    bool // the joins of lines, or bevelled
}

// maxMitre is the limit of mitres that is set at first (§8.4.3.5); more would
// make spikes of corners.
const maxMitre = 10

// matrix is that of cm (§8.3.4).
type matrix [6]float64

// paint is a colour and of how many parts the next one is, in a space of the
// device; at first of one. Less than none: the space is another.
type paint struct {
	rgb
	parts int
}

// partsOf are the colour spaces that CS and cs may name (§8.6.4).
var partsOf = map[pdf.Object]int{pdf.Name("DeviceGray"): 1, pdf.Name("DeviceRGB"): 3, pdf.Name("DeviceCMYK"): 4}

var unscaled = matrix{1, 0, 0, 1, 0, 0}

// then is what a point goes through first in m, then in n.
func (m matrix) then(n matrix) (out matrix) {
	for i := 0; i < 6; i += 2 {
		out[i], out[i+1] = m[i]*n[0]+m[i+1]*n[2], m[i]*n[1]+m[i+1]*n[3]
	}
	out[4], out[5] = out[4]+n[4], out[5]+n[5]
	return out
}

func (m matrix) of(x, y float64) (float64, float64) {
	return x*m[0] + y*m[2] + m[4], x*m[1] + y*m[3] + m[5]
}

// widest is how much wider m makes a line, at most: its larger singular value.
func (m matrix) widest() float64 {
	half := (m[0]*m[0] + m[1]*m[1] + m[2]*m[2] + m[3]*m[3]) / 2
	det := m[0]*m[3] - m[1]*m[2]
	return math.Sqrt(half + math.Sqrt(max(0, half*half-det*det)))
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
		d.close()
	default:
		for ; len(n) > 1; n = n[2:] {
			d.line(n[0], n[1])
		}
	}
	return ""
}

func (d *drawing) move(x, y float64) {
	x, y = d.graphics[len(d.graphics)-1].scale.of(x, y)
	d.x, d.y, d.x0, d.y0 = x, y, x, y
}

func (d *drawing) line(x, y float64) {
	x, y = d.graphics[len(d.graphics)-1].scale.of(x, y)
	d.path = append(d.path, stroke{d.x, d.y, x, y, 0})
	d.x, d.y = x, y
}

// spike adds the mitre of two lines that meet, if it is sharp.
func (d *drawing) spike(a, b stroke) {
	la, lb := a.length(), b.length()
	if la == 0 || lb == 0 || a.x2 != b.x1 || a.y2 != b.y1 {
		return
	}
	ux, uy := (a.x2-a.x1)/la, (a.y2-a.y1)/la
	vx, vy := (b.x2-b.x1)/lb, (b.y2-b.y1)/lb
	half := math.Sqrt(max(0, (1+ux*vx+uy*vy)/2)) // the sine of half the angle between them
	if half*maxMitre < 1 || half > 0.5 {
		return // cut off, or blunt
	}
	dx, dy := ux-vx, uy-vy
	reach := b.width / 2 / half / math.Hypot(dx, dy)
	d.strokes = append(d.strokes, stroke{b.x1, b.y1, b.x1 + dx*reach, b.y1 + dy*reach, b.width})
}

func (d *drawing) close() {
	d.path = append(d.path, stroke{d.x, d.y, d.x0, d.y0, 0})
	d.x, d.y = d.x0, d.y0
}

// stroke draws the path, and closes it first if it is to be. A line of no width
// is one pixel wide.
func (d *drawing) stroke(g *graphics, closed bool) string {
	if g.line.paper() {
		return "lines in the colour of paper"
	}
	if closed {
		d.close()
	}
	width := max(g.width*g.scale.widest(), 0.25)
	if !(width <= maxLine) {
		return "wide lines"
	}
	for i, s := range d.path {
		s.width = width
		d.strokes = append(d.strokes, s)
		if i > 0 && !g.rounded {
			d.spike(d.path[i-1], s)
		}
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
	case "J", "d", "ri", "i", "W", "W*":
	case "j":
		g.rounded = len(op.Operands) == 1 && (op.Operands[0] == pdf.Object(pdf.Integer(1)) || op.Operands[0] == pdf.Object(pdf.Integer(2)))
	case "M":
		if n := numbers(pdf.Array(op.Operands)); len(n) != 1 || n[0] > maxMitre {
			return "mitres"
		}
	case "S", "s":
		return d.stroke(g, op.Operator == "s")
	case "cm":
		n := numbers(pdf.Array(op.Operands))
		if len(n) != 6 || len(op.Operands) != 6 || !finite(n) {
			return "operands of cm"
		}
		g.scale = matrix(n).then(g.scale)
	case "CS", "cs", "SC", "sc", "SCN", "scn", "G", "g", "RG", "rg", "K", "k":
		at := &g.fill
		if op.Operator[0] < 'a' {
			at = &g.line
		}
		return at.set(strings.ToLower(op.Operator), op.Operands)
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
		mode, why := d.graphicsState(op)
		if mode != "" {
			g.multiply = mode == "Multiply"
		}
		return why
	case "f", "f*", "F", "B", "B*", "b", "b*":
		if d.highlight && g.multiply {
			if d.tints == nil {
				d.tints = make(map[rgb]bool)
			}
			if d.tints[g.fill.rgb] = true; len(d.tints) > maxSaved {
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
		// Also Do and text.
		return "operator " + op.Operator
	}
	return ""
}

// set is one of the operators for colours, in small letters (§8.6.8).
func (p *paint) set(operator string, operands []pdf.Object) string {
	switch parts := len(operands); operator {
	case "cs":
		p.rgb, p.parts = rgb{}, -1
		if parts == 1 && partsOf[operands[0]] > 0 {
			p.parts = partsOf[operands[0]]
		}
		if p.parts < 0 {
			return "colour space"
		}
		return ""
	case "sc", "scn":
		if p.parts < 0 || parts != max(1, p.parts) {
			return "colour"
		}
	default:
		p.parts = parts
		if parts != map[string]int{"g": 1, "rg": 3, "k": 4}[operator] {
			return "colour"
		}
	}
	c, ok := colourOf(operands)
	if p.rgb = c; !ok {
		return "colour"
	}
	return ""
}

// graphicsState looks up the operand of gs. Nothing but opacity and the blend
// modes Normal and Multiply may be in it.
func (d *drawing) graphicsState(op *pdf.Operation) (mode pdf.Name, why string) {
	const bad = "graphics state"
	gs, err := d.st.new.Dict(resource(d.st.new, d.stream, "ExtGState", op))
	if err != nil || gs == nil {
		return "", bad
	}
	for k, v := range gs.Entries() {
		switch {
		case k == "BM" && (v == pdf.Object(pdf.Name("Multiply")) || v == pdf.Object(pdf.Name("Normal"))):
			mode = v.(pdf.Name)
		case k == "Type", k == "CA", k == "ca", k == "AIS":
		default:
			return "", bad
		}
	}
	return mode, ""
}
