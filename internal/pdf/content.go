package pdf

import (
	"bytes"
	"errors"
)

// Content splits a content stream into operators with their operands
// (ISO 32000-2 §7.8.2). Concatenate the streams of a page's /Contents array
// with a space between: a token may not, but an operator's operands may, span two.
type Content struct {
	parser parser
	lex    Lexer
	op     Operation
}

// Operation is one operator with the operands before it. Positions are offsets
// in the content stream, from the first operand to after the operator.
type Operation struct {
	Operator string
	Operands []Object // valid until the next call of Next
	// Image holds the data of an inline image (operator BI), still encoded; its
	// dictionary is the only operand, keys as abbreviated in the stream.
	Image      []byte
	Start, End int64
}

// maxOperands bounds the operands of one operator. The standard allows 32
// numbers for DeviceN colours; array elements count with their array.
const maxOperands = 256

// NewContent returns a scanner over a content stream's decoded bytes.
func NewContent(b []byte) *Content {
	c := &Content{lex: Lexer{buf: b}}
	c.parser.lex, c.parser.noRefs, c.parser.names = &c.lex, true, &nameTable{}
	return c
}

// errEndOfContent ends the scan.
var errEndOfContent = errors.New("pdf: end of content")

// Next returns the next operation; ok is false at the end. After a
// *SyntaxError scanning may go on with the next token; other errors are final.
func (c *Content) Next() (op *Operation, ok bool, err error) {
	c.op = Operation{Operands: c.op.Operands[:0], Start: -1}
	p := &c.parser
	p.reset(&c.lex)
	for {
		t, err := p.next()
		if err != nil {
			return nil, true, err
		}
		if c.op.Start < 0 {
			c.op.Start = t.Pos
		}
		if t.Kind == EOF {
			if len(c.op.Operands) > 0 {
				return nil, false, c.lex.syntax(t.Pos, "operands without operator")
			}
			return nil, false, nil
		}
		if t.Kind == TokKeyword && !isLiteralWord(t.Bytes) {
			c.op.Operator, c.op.End = string(t.Bytes), t.End
			if c.op.Operator == "BI" {
				if err := c.inlineImage(); err != nil {
					return nil, !errors.Is(err, errEndOfContent), err
				}
			}
			return &c.op, true, nil
		}
		if len(c.op.Operands) >= maxOperands {
			return nil, false, &LimitError{"maxOperands", maxOperands}
		}
		o, _, err := p.objectFrom(&t)
		if err != nil {
			return nil, true, err
		}
		c.op.Operands = append(c.op.Operands, o)
	}
}

func isLiteralWord(b []byte) bool {
	switch string(b) {
	case "true", "false", "null":
		return true
	}
	return false
}

// inlineImage reads the rest of BI … ID … EI (ISO 32000-2 §8.9.7).
func (c *Content) inlineImage() error {
	p := &c.parser
	start := c.op.Start
	var entries []dictEntry
	for {
		key, err := p.next()
		if err != nil {
			return err
		}
		if key.isKeyword("ID") {
			break
		}
		if key.Kind == EOF {
			return joined{errEndOfContent, c.lex.syntax(start, "inline image has no end")}
		}
		if key.Kind != TokName {
			return c.lex.syntax(key.Pos, "inline image key is not a name")
		}
		name := p.names.name(key.Bytes)
		value, err := p.next()
		if err != nil {
			return err
		}
		o, end, err := p.objectFrom(&value)
		if err != nil {
			return err
		}
		entries = append(entries, dictEntry{name, o, value.Pos, end})
	}
	c.op.Operands = append(c.op.Operands[:0], makeDict(entries, start, c.lex.Offset(), false))
	if c.lex.pos < len(c.lex.buf) { // the one white-space character after ID
		c.lex.pos++
	}
	data := c.lex.buf[c.lex.pos:]
	n, after := endOfImage(data)
	if n < 0 {
		c.lex.pos = len(c.lex.buf)
		return joined{errEndOfContent, c.lex.syntax(start, "inline image has no end")}
	}
	c.op.Image = data[:n]
	c.lex.pos += after
	c.op.End = c.lex.Offset()
	return nil
}

// textAfterEI is how many bytes behind an EI must look like content for it to
// be the real one: binary image data may hold the letters by chance.
const textAfterEI = 12

func endOfImage(b []byte) (n, after int) {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte("EI"))
		if i < 0 {
			return -1, -1
		}
		i += from
		from = i + 2
		if i > 0 && class[b[i-1]] != white || i+2 < len(b) && class[b[i+2]] == regular {
			continue
		}
		text := true
		for _, c := range b[i+2 : min(len(b), i+2+textAfterEI)] {
			if c > '~' || c < ' ' && class[c] != white || c == 0 {
				text = false
			}
		}
		if text {
			return max(0, i-1), i + 2
		}
	}
}
