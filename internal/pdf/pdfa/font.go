package pdfa

import (
	"unicode/utf16"
	"unicode/utf8"
)

// font is a [Font] ready for drawing.
type font struct {
	Font
	widths []int // thousandths of an em by glyph
}

// maxFonts bounds the fonts of a page: resource names are one digit.
const maxFonts = 8

// writeFont writes a Type0 font and what hangs on it (ISO 32000-2 §9.7) and
// returns the number of the Type0 dictionary.
func (w *prefixWriter) writeFont(f Font, mode Mode) (int, error) {
	program, err := w.stream("/Length1 "+itoa(len(f.Subset.Program)), f.Subset.Program)
	if err != nil {
		return 0, err
	}
	toUnicode, err := w.stream("", toUnicodeCMap(f.Subset.Runes))
	if err != nil {
		return 0, err
	}

	m := f.Face.Metrics()
	b := append([]byte(nil), "<</Type/FontDescriptor/FontName/"...)
	b = append(b, f.Subset.Name...)
	b = append(b, "/Flags 34/FontBBox["...) // serif, non-symbolic
	for i, v := range m.BBox {
		if i > 0 {
			b = append(b, ' ')
		}
		b = appendInt(b, v)
	}
	b = append(b, "]/ItalicAngle "...)
	b = appendReal(b, m.ItalicAngle)
	b = appendInt(append(b, "/Ascent "...), m.Ascent)
	b = appendInt(append(b, "/Descent "...), m.Descent)
	b = appendInt(append(b, "/CapHeight "...), m.CapHeight)
	stem := 80
	if f.Bold {
		stem = 140
	}
	b = appendInt(append(b, "/StemV "...), stem)
	b = appendRef(append(b, "/FontFile2 "...), program)
	if mode == Test1b {
		set, err := w.stream("", cidSet(len(f.Subset.Widths)))
		if err != nil {
			return 0, err
		}
		b = appendRef(append(b, "/CIDSet "...), set)
	}
	descriptor := w.object(append(b, ">>"...))

	b = append([]byte(nil), "<</Type/Font/Subtype/CIDFontType2/BaseFont/"...)
	b = append(b, f.Subset.Name...)
	b = append(b, "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/FontDescriptor "...)
	b = appendRef(b, descriptor)
	b = append(b, "/DW 0/W[0["...)
	for i, width := range f.Subset.Widths {
		if i > 0 {
			b = append(b, ' ')
		}
		b = appendInt(b, width)
	}
	cid := w.object(append(b, "]]>>"...))

	b = append([]byte(nil), "<</Type/Font/Subtype/Type0/Encoding/Identity-H/BaseFont/"...)
	b = append(b, f.Subset.Name...)
	b = appendRef(append(b, "/DescendantFonts["...), cid)
	b = appendRef(append(b, "]/ToUnicode "...), toUnicode)
	return w.object(append(b, ">>"...)), nil
}

// toUnicodeCMap maps glyph i+1 to runes[i] (ISO 32000-2 §9.10.3). Runs of
// consecutive glyphs and runes become ranges; a range may not cross a change of
// the code's first byte, and a block holds at most 100 ranges.
func toUnicodeCMap(runes []rune) []byte {
	type span struct {
		gid, n int
		first  rune
	}
	var spans []span
	for i, r := range runes {
		gid := i + 1
		if k := len(spans) - 1; k >= 0 {
			s := &spans[k]
			if r == s.first+rune(s.n) && gid>>8 == s.gid>>8 && r>>8 == s.first>>8 {
				s.n++
				continue
			}
		}
		spans = append(spans, span{gid, 1, r})
	}
	b := []byte("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n" +
		"/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	const block = 100
	for len(spans) > 0 {
		n := min(block, len(spans))
		b = append(appendInt(b, n), " beginbfrange\n"...)
		for _, s := range spans[:n] {
			b = append(appendHex16(append(b, '<'), uint16(s.gid)), '>')
			b = append(appendHex16(append(b, '<'), uint16(s.gid+s.n-1)), '>')
			b = append(b, '<')
			if r1, r2 := utf16.EncodeRune(s.first); r1 != utf8.RuneError {
				b = appendHex16(appendHex16(b, uint16(r1)), uint16(r2))
			} else {
				b = appendHex16(b, uint16(s.first))
			}
			b = append(b, ">\n"...)
		}
		b = append(b, "endbfrange\n"...)
		spans = spans[n:]
	}
	return append(b, "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"...)
}

func appendHex16(b []byte, v uint16) []byte {
	const digits = "0123456789ABCDEF"
	return append(b, digits[v>>12], digits[v>>8&15], digits[v>>4&15], digits[v&15])
}

// cidSet has one bit per glyph, all present (ISO 19005-1 §6.3.5).
func cidSet(n int) []byte {
	b := make([]byte, (n+7)/8)
	for i := range n {
		b[i/8] |= 0x80 >> (i % 8)
	}
	return b
}
