package verify

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/vidimus/vidimus/internal/pdf"
)

// textString decodes a text string (ISO 32000-2 §7.9.2.2): UTF-16BE or UTF-8
// with a byte order mark, else PDFDocEncoding, of which only the part that
// agrees with ISO 8859-1 is decoded; the rest becomes U+FFFD.
func textString(s pdf.String) string {
	b := string(s)
	switch {
	case strings.HasPrefix(b, "\xfe\xff"):
		units := make([]uint16, 0, len(b)/2)
		for i := 2; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		return string(utf16.Decode(units))
	case strings.HasPrefix(b, "\xef\xbb\xbf"):
		return strings.ToValidUTF8(b[3:], string(utf8.RuneError))
	}
	runes := make([]rune, len(b))
	for i := range len(b) {
		runes[i] = rune(b[i])
		if b[i] < ' ' && b[i] != '\n' && b[i] != '\r' && b[i] != '\t' || 0x7f <= b[i] && b[i] < 0xa1 {
			runes[i] = utf8.RuneError
		}
	}
	return string(runes)
}
