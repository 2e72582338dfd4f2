package verify

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vidimus/vidimus/internal/pdf"
)

// glyphText maps the two-byte glyph codes of a font to text without white space.
type glyphText struct {
	to [256]*[256]glyph // by high and low byte
}

// glyph is what one code stands for. The zero value stands for nothing.
type glyph struct {
	text  string
	known bool
}

var errToUnicode = errors.New("ToUnicode is not of the kind that pages of ours have")

// parseToUnicode reads bfchar and bfrange sections with two-byte codes and
// plain destinations (ISO 32000-2 §9.10.3): what our own pages have. Anything
// else is errToUnicode.
func parseToUnicode(cmap []byte) (*glyphText, error) {
	g := &glyphText{}
	lex := pdf.NewLexer(cmap)
	var group []string
	size := 0 // strings in a group of the section: 2 or 3; 0 outside of one
	for {
		t, err := lex.Next()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errToUnicode, err)
		}
		switch {
		case t.Kind == pdf.EOF:
			return g, nil
		case t.Kind == pdf.TokKeyword:
			switch string(t.Bytes) {
			case "beginbfchar":
				size = 2
			case "beginbfrange":
				size = 3
			case "endbfchar", "endbfrange":
				size = 0
			}
			group = group[:0]
		case size == 0:
		case t.Kind != pdf.TokString:
			return nil, errToUnicode
		default:
			if group = append(group, string(t.Bytes)); len(group) == size {
				if err := g.add(group[0], group[size-2], group[size-1]); err != nil {
					return nil, err
				}
				group = group[:0]
			}
		}
	}
}

// add maps the codes from first to last to texts that count on from to.
func (g *glyphText) add(first, last, to string) error {
	n := len(to) - 2
	if len(first) != 2 || len(last) != 2 || n < 0 || n%2 != 0 {
		return errToUnicode
	}
	from, until, base := unit(first), unit(last), unit(to[n:])
	for i := uint32(0); from+i <= until; i++ {
		v := uint16(base + i)
		code := uint16(from + i)
		if g.to[code>>8] == nil {
			g.to[code>>8] = new([256]glyph)
		}
		g.to[code>>8][code&0xff] = glyph{known: true, text: squeeze(textString(pdf.String("\xfe\xff" + to[:n] + string([]byte{byte(v >> 8), byte(v)}))))}
	}
	return nil
}

// unit reads two bytes as a number.
func unit(s string) uint32 { return uint32(s[0])<<8 | uint32(s[1]) }

func (g *glyphText) append(b *strings.Builder, s []byte) error {
	if len(s)%2 != 0 {
		return errors.New("text with half a glyph code")
	}
	for i := 0; i < len(s); i += 2 {
		low := g.to[s[i]]
		if low == nil || !low[s[i+1]].known {
			return fmt.Errorf("glyph %#04x has no text", string(s[i:i+2]))
		}
		b.WriteString(low[s[i+1]].text)
	}
	return nil
}
