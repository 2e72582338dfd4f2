package verify

import (
	"errors"

	"github.com/vidimus/vidimus/internal/pdf"
)

// scanState is the part of the graphics state that is followed.
type scanState struct {
	font *glyphText
	mode int64 // text rendering mode
}

// operand is one operand of an operator. Only what is looked at is kept.
type operand struct {
	kind     pdf.Kind
	num      int64 // of integers
	from, to int   // of names and strings: which bytes of contentScan.held
}

// maxOperandsKept bounds the operands of one operator; TJ has the most.
const maxOperandsKept = 4096

// contentScan is a scan of one content stream.
type contentScan struct {
	*pageScan
	resources *pdf.Dict
	depth     int

	state scanState
	stack []scanState
	ops   []operand
	held  []byte // of the names and strings among ops
	path  drawing
	fonts map[pdf.Name]*glyphText
}

// scan reads a content stream (ISO 32000-2 §7.8.2) with the tokens alone: to
// build objects of the numbers of an ornament would take most of the time. It
// returns the fonts that were used.
func (s *pageScan) scan(content []byte, resources *pdf.Dict, depth int) (map[pdf.Name]*glyphText, error) {
	c := &contentScan{pageScan: s, resources: resources, depth: depth, fonts: map[pdf.Name]*glyphText{},
		ops: make([]operand, 0, 32), held: make([]byte, 0, 256)}
	lex := pdf.NewLexer(content)
	var t pdf.Token
	for {
		if err := lex.Read(&t); err != nil {
			return nil, err
		}
		switch t.Kind {
		case pdf.EOF:
			if len(c.ops) > 0 || c.path.count > 0 {
				return nil, errors.New("a content stream ends within an operation")
			}
			return c.fonts, nil
		case pdf.TokKeyword:
			if err := c.operate(t.Bytes); err != nil {
				return nil, err
			}
			c.ops, c.held = c.ops[:0], c.held[:0]
			// The lines of a QR code follow the matrix that places it.
			if at := int(lex.Offset()) + 1; string(t.Bytes) == "cm" && at <= len(content) && content[at-1] == '\n' {
				if n := c.path.lines(content[at:]); n > 0 {
					content = content[at+n:]
					lex = pdf.NewLexer(content)
				}
			}
		case pdf.TokInteger:
			c.ops = append(c.ops, operand{kind: t.Kind, num: t.Int})
		case pdf.TokString, pdf.TokName:
			from := len(c.held)
			c.held = append(c.held, t.Bytes...)
			c.ops = append(c.ops, operand{kind: t.Kind, from: from, to: len(c.held)})
		default:
			c.ops = append(c.ops, operand{kind: t.Kind})
		}
		if len(c.ops) > maxOperandsKept {
			return nil, errors.New("an operator with too many operands")
		}
	}
}

// bytes returns the bytes of a name or string; valid until the next operator.
func (c *contentScan) bytes(o operand) []byte { return c.held[o.from:o.to] }

func (c *contentScan) operate(operator []byte) error {
	switch string(operator) {
	case "q":
		if len(c.stack) == maxForms {
			return errors.New("graphics states are nested too deep")
		}
		c.stack = append(c.stack, c.state)
	case "Q":
		if n := len(c.stack); n > 0 {
			c.state, c.stack = c.stack[n-1], c.stack[:n-1]
		}
	case "Tf":
		return c.setFont()
	case "Tr":
		c.state.mode = -1
		if len(c.ops) == 1 && c.ops[0].kind == pdf.TokInteger {
			c.state.mode = c.ops[0].num
		}
	case "Tj", "'", "\"", "TJ":
		return c.show()
	case "re":
		c.rectangle()
	case "m", "l", "c", "v", "y":
		c.path.other = true
	case "cm": // not allowed within a path (ISO 32000-2 §8.2): it would move the rest
		c.path.other = c.path.other || c.path.count > 0
	case "f", "F", "B", "b":
		c.fill(&c.path.covered)
	case "f*", "B*", "b*":
		c.fill(&c.path.odd)
	case "S", "s", "n":
		c.path.reset()
	case "Do":
		if len(c.ops) != 1 {
			return errors.New("malformed operands of Do")
		}
		return c.object(c.resources, pdf.Name(c.bytes(c.ops[0])), c.depth)
	case "BI":
		c.odd = append(c.odd, "an inline image")
		return errors.New("an inline image")
	case "sh", "gs":
		c.odd = append(c.odd, "operator "+string(operator))
	}
	return nil
}

func (c *contentScan) rectangle() {
	var n [4]uint
	if len(c.ops) != len(n) {
		c.path.other = true
		return
	}
	for i, o := range c.ops {
		if o.kind != pdf.TokInteger || o.num < 0 {
			c.path.other = true
			return
		}
		n[i] = uint(o.num)
	}
	c.path.add(n[0], n[1], n[2], n[3])
}

// fill takes note of a path that may be a QR code; dark is what of it is painted.
func (c *contentScan) fill(dark *[maxSide]uint64) {
	if !c.path.other && c.path.count >= minModules {
		c.codes = append(c.codes, code{c.path.size, c.path.large, *dark})
	}
	c.path.reset()
}

func (c *contentScan) setFont() error {
	if len(c.ops) != 2 || c.ops[0].kind != pdf.TokName {
		return errors.New("malformed operands of Tf")
	}
	g, ok := c.fonts[pdf.Name(c.bytes(c.ops[0]))]
	if !ok {
		name := pdf.Name(c.bytes(c.ops[0]))
		var err error
		if g, err = c.font(c.resources, name); err != nil {
			return err
		}
		c.fonts[name] = g
	}
	c.state.font = g
	return nil
}

// show appends text; text that is drawn invisibly is not read by people and is
// named instead.
func (c *contentScan) show() error {
	if c.state.mode != 0 {
		c.odd = append(c.odd, "text drawn otherwise than filled")
		return nil
	}
	if c.state.font == nil {
		return errors.New("text without a font")
	}
	for _, o := range c.ops {
		if o.kind == pdf.TokString {
			if err := c.state.font.append(&c.text, c.bytes(o)); err != nil {
				return err
			}
		}
	}
	return nil
}
