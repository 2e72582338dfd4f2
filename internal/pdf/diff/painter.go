package diff

import (
	"strings"

	"github.com/vidimus/vidimus/internal/pdf"
)

// painter reads an appearance for the colours that it paints in.
type painter struct {
	st  *step
	rev *pdf.Revision
	out *lights
}

// brush is the part of the graphics state (ISO 32000-2 §8.4) that decides on
// them. The zero value paints in black.
type brush struct {
	line, fill       paint
	lineOdd, fillOdd bool // nobody can tell which colour
	outlined         bool // text
}

func (p *painter) form(s *pdf.Stream, b brush, depth int) {
	data, err := s.Decode(maxComment)
	if depth == 0 || err != nil || !plainFilters(s) || ownColours(p.rev, s) || !p.st.spendParsed(len(data)) {
		p.st.fatalRead(err)
		p.out.unknown = true
		return
	}
	saved := []brush{b}
	c := pdf.NewContent(data)
	for !p.out.unknown {
		op, more, err := c.Next()
		if err != nil {
			p.out.unknown = true
		}
		if err != nil || !more {
			return
		}
		b := &saved[len(saved)-1]
		switch op.Operator {
		case "q":
			if len(saved) < maxSaved {
				saved = append(saved, *b)
			}
			p.out.unknown = len(saved) == maxSaved
		case "Q":
			if len(saved) > 1 {
				saved = saved[:len(saved)-1]
			}
		case "Do":
			x, err := p.rev.Stream(resource(p.rev, s, "XObject", op))
			if err != nil || x == nil || x.Dict.Get("Subtype") != pdf.Name("Form") {
				p.out.unknown = true // what is not found here, readers look for in the form around it
				break
			}
			p.form(x, *b, depth-1)
		case "gs":
			p.out.unknown = !p.harmless(resource(p.rev, s, "ExtGState", op))
		case "Tf":
			font, err := p.rev.Dict(resource(p.rev, s, "Font", op))
			// Some fillers leave a font to the resources of the form, which were signed.
			p.out.unknown = err != nil || font == nil && depth < maxNested || font.Get("Subtype") == pdf.Name("Type3")
		default:
			p.operator(b, op)
		}
	}
}

// operator sets colours and paints in them (§8.6.8, §8.5.3, §9.4.3).
func (p *painter) operator(b *brush, op *pdf.Operation) {
	switch op.Operator {
	case "CS", "SC", "SCN", "G", "RG", "K":
		b.lineOdd = b.line.set(strings.ToLower(op.Operator), op.Operands) != ""
	case "cs", "sc", "scn", "g", "rg", "k":
		b.fillOdd = b.fill.set(op.Operator, op.Operands) != ""
	case "Tr":
		b.outlined = len(op.Operands) != 1 || op.Operands[0] != pdf.Integer(0)
	case "BI", "sh":
		p.out.unknown = true
	case "S", "s":
		p.stroke(b)
	case "f", "F", "f*":
		p.fill(b)
	case "B", "B*", "b", "b*":
		p.fill(b)
		p.stroke(b)
	case "Tj", "TJ", "'", "\"":
		p.out.add(&p.out.text, b.fill.rgb)
		p.out.unknown = p.out.unknown || b.fillOdd
		if b.outlined {
			p.stroke(b)
		}
	}
}

func (p *painter) fill(b *brush) {
	p.out.add(&p.out.areas, b.fill.rgb)
	p.out.unknown = p.out.unknown || b.fillOdd
}

func (p *painter) stroke(b *brush) {
	p.out.add(&p.out.areas, b.line.rgb)
	p.out.unknown = p.out.unknown || b.lineOdd
}

// harmless reports whether a graphics state leaves colours what they are: no
// transfer function, no mask, and no blend mode that makes them lighter (§11.3.5).
func (p *painter) harmless(o pdf.Object) bool {
	d, err := p.rev.Dict(o)
	for k, v := range d.Entries() {
		switch k {
		case "BM":
			if v != pdf.Name("Normal") && v != pdf.Name("Compatible") && v != pdf.Name("Multiply") {
				return false
			}
		case "SMask":
			if v != pdf.Name("None") {
				return false
			}
		case "Type", "CA", "ca", "AIS", "SA", "OP", "op", "OPM", "LW", "LC", "LJ", "ML", "D", "RI", "FL", "SM", "TK":
		default:
			return false
		}
	}
	return err == nil && d != nil
}
