package pdfa

import (
	"math"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// appendReal writes v with at most two decimals: a hundredth of a point is a
// quarter of what a 1200 dpi printer can place.
func appendReal(b []byte, v float64) []byte {
	n := int64(math.Round(v * 100))
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendInt(b, n/100, 10)
	if frac := n % 100; frac != 0 {
		b = append(b, '.', byte('0'+frac/10))
		if frac%10 != 0 {
			b = append(b, byte('0'+frac%10))
		}
	}
	return b
}

func appendReals(b []byte, vs ...float64) []byte {
	for _, v := range vs {
		b = append(appendReal(b, v), ' ')
	}
	return b
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

// appendRef writes an indirect reference.
func appendRef(b []byte, num int) []byte {
	return append(appendInt(b, num), " 0 R"...)
}

// appendEscaped escapes what a literal string cannot hold as it is; a bare CR
// would be read as LF.
func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '(', ')', '\\':
		return append(b, '\\', c)
	case '\r':
		return append(b, '\\', 'r')
	}
	return append(b, c)
}

// appendText writes a text string (ISO 32000-2 §7.9.2.2): printable ASCII as
// it is, anything else as UTF-16BE with a byte-order mark.
func appendText(b []byte, s string) []byte {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= 0x20 && s[i] < 0x7F
	}
	b = append(b, '(')
	if plain {
		for i := range len(s) {
			b = appendEscaped(b, s[i])
		}
		return append(b, ')')
	}
	b = append(b, 0xFE, 0xFF)
	for _, r := range s {
		if r1, r2 := utf16.EncodeRune(r); r1 != utf8.RuneError {
			b = appendEscaped(appendEscaped(b, byte(r1>>8)), byte(r1))
			r = r2
		}
		b = appendEscaped(appendEscaped(b, byte(r>>8)), byte(r))
	}
	return append(b, ')')
}

// appendDate writes a date string (ISO 32000-2 §7.9.4) in UTC.
func appendDate(b []byte, t time.Time) []byte {
	b = append(b, "(D:"...)
	b = t.UTC().AppendFormat(b, "20060102150405")
	return append(b, "+00'00')"...)
}

// appendXMLDate writes the same instant as XMP wants it.
func appendXMLDate(b []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(b, "2006-01-02T15:04:05+00:00")
}

// appendXML writes character data.
func appendXML(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			b = append(b, "&amp;"...)
		case '<':
			b = append(b, "&lt;"...)
		case '>':
			b = append(b, "&gt;"...)
		default:
			b = append(b, c)
		}
	}
	return b
}

// appendFloat writes v with up to six decimals and no exponent.
func appendFloat(b []byte, v float64) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, v, 'f', 6, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	if string(b[start:]) == "-0" {
		b = append(b[:start], '0')
	}
	return b
}
