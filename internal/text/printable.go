package text

import (
	"strings"
	"unicode"
)

// unseen are characters that show nothing of their own and change how others are
// shown: controls, line and paragraph separators, marks of direction (Unicode
// UAX #9), and whatever takes no room.
var unseen = []*unicode.RangeTable{unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
	unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector}

// Printable replaces what could steer a terminal, or make text read otherwise
// than it is, by a dot: names in files are anyone's.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= ' ' && r < 0x7f || !unicode.In(r, unseen...) {
			return r
		}
		return '·'
	}, s)
}
