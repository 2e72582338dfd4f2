package c14n

import "unicode/utf8"

// nameRanges are the characters that start a name, the colon apart (XML 1.0,
// fifth edition, production 4).
var nameRanges = [...][2]rune{
	{'A', 'Z'}, {'_', '_'}, {'a', 'z'}, {0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFF},
	{0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD},
	{0x10000, 0xEFFFF},
}

// nameMore are those that only follow (production 4a).
var nameMore = [...][2]rune{{'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}

func within(r rune, ranges [][2]rune) bool {
	for _, x := range ranges {
		if x[0] <= r && r <= x[1] {
			return true
		}
	}
	return false
}

func nameStart(r rune) bool { return within(r, nameRanges[:]) }
func nameChar(r rune) bool  { return nameStart(r) || within(r, nameMore[:]) }

// xmlChar is production 2: what a document may hold at all.
func xmlChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || 0x20 <= r && r <= 0xD7FF || 0xE000 <= r && r <= 0xFFFD ||
		0x10000 <= r && r <= 0x10FFFF
}

func space(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// ncName returns the length of the NCName at the start of b (Namespaces in XML
// §3, production 4); 0 if there is none.
func ncName(b []byte) int {
	n := 0
	for n < len(b) && n <= maxName {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size < 2 || n == 0 && !nameStart(r) || !nameChar(r) {
			break
		}
		n += size
	}
	return n
}
