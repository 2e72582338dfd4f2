package verify

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/pdf"
)

// maxCMS bounds a signature: one that carries a large CRL of its own has a few
// megabytes.
const maxCMS = 16 << 20

// readContents reads the CMS from the gap of the range as the file has it: a
// hexadecimal string (ISO 32000-2 table 255). The parsed string is of no use
// here, since in an encrypted document a reader may have decrypted it.
func readContents(doc *pdf.Document, br byteRange) ([]byte, error) {
	n := br.resume - br.gap
	if n < 2 || n > 2*maxCMS {
		return nil, fmt.Errorf("/Contents takes %d bytes", n)
	}
	var token []byte
	if m, ok := doc.ReaderAt().(pdf.Memory); ok && 0 <= br.gap && br.resume <= int64(len(m)) {
		token = m[br.gap:br.resume]
	} else {
		token = make([]byte, n)
		if got, err := doc.ReaderAt().ReadAt(token, br.gap); int64(got) < n {
			return nil, err
		}
	}
	if token[0] != '<' || token[n-1] != '>' {
		return nil, errors.New("/Contents is not a hexadecimal string")
	}
	return unhex(token[1 : n-1])
}

// errMixedCase: nobody writes one signature in capitals and small letters, and
// nobody signs their case. It is the mark of a file that was tampered with or
// damaged.
var errMixedCase = &unsupportedError{"hexadecimal /Contents in capitals and small letters mixed"}

// What hexDigits says of characters that are no digits, and of the case of
// those that are letters.
const (
	hexSpace = 0x40
	hexBad   = 0x80
	hexSmall = 0x10
	hexLarge = 0x20
)

// hexDigits has the value of a digit in its low half, and a flag.
var hexDigits = func() (t [256]uint8) {
	for i := range t {
		t[i] = hexBad
	}
	for _, c := range " \n\r\t\f\x00" {
		t[c] = hexSpace
	}
	for i := range uint8(10) {
		t['0'+i] = i
	}
	for i := range uint8(6) {
		t['a'+i], t['A'+i] = 10+i|hexSmall, 10+i|hexLarge
	}
	return t
}()

// unhex decodes a hexadecimal string; white space is skipped, a last odd digit
// has a 0 after it (ISO 32000-2 §7.3.4.3). Letters are of one case.
func unhex(b []byte) ([]byte, error) {
	out := make([]byte, 0, (len(b)+1)/2)
	half, high, seen := false, byte(0), byte(0)
	for i := 0; i < len(b); i++ {
		v := hexDigits[b[i]]
		if !half && i+1 < len(b) { // two digits, as nearly all stand
			if w := hexDigits[b[i+1]]; (v|w)&(hexSpace|hexBad) == 0 {
				seen |= v | w
				out = append(out, v<<4|w&0xf)
				i++
				continue
			}
		}
		switch {
		case v == hexSpace:
			continue
		case v == hexBad:
			if bytes.ContainsAny(b, "abcdef") && bytes.ContainsAny(b, "ABCDEF") {
				return nil, errMixedCase
			}
			return nil, fmt.Errorf("character %#02x in a hexadecimal string", b[i])
		}
		seen |= v
		if half {
			out = append(out, high|v&0xf)
		}
		half, high = !half, v<<4
	}
	if seen&(hexSmall|hexLarge) == hexSmall|hexLarge {
		return nil, errMixedCase
	}
	if half {
		out = append(out, high)
	}
	return out, nil
}

var errNotCMS = errors.New("not a signature in DER, BER, PEM or base64")

// decodeCMS undoes the wrappings in which signatures travel as files: PEM under
// whatever label, base64 with or without line ends and byte order mark, or
// none. It returns DER or BER, and whether there is more in a PEM file than that:
// blocks before or after it, other text after it.
func decodeCMS(data []byte) (der []byte, more bool, err error) {
	if len(data) > 2*maxCMS {
		return nil, false, fmt.Errorf("%w: %d bytes", errNotCMS, len(data))
	}
	if len(data) > 0 && data[0] == 0x30 {
		return data, false, nil
	}
	b := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if utf16 := fromUTF16(data); utf16 != nil {
		b = bytes.TrimSpace(utf16)
	}
	if begin := []byte("-----BEGIN "); bytes.HasPrefix(b, begin) {
		if block, rest := pem.Decode(b); block != nil {
			// pem.Decode passes over blocks that it cannot read.
			more = bytes.Count(b, begin) > 1 || len(bytes.TrimSpace(rest)) > 0
			der, err = checkedCMS(block.Bytes)
			return der, more, err
		}
	}
	compact := bytes.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == ' ' || r == '\t' {
			return -1
		}
		return r
	}, b)
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
		if b, err := enc.DecodeString(string(compact)); err == nil {
			der, err = checkedCMS(b)
			return der, false, err
		}
	}
	return nil, false, errNotCMS
}

func checkedCMS(b []byte) ([]byte, error) {
	if len(b) == 0 || b[0] != 0x30 {
		return nil, errNotCMS
	}
	return b, nil
}

// fromUTF16 turns ASCII in UTF-16 with a byte order mark, as some Windows
// editors save it, into ASCII; nil for anything else.
func fromUTF16(b []byte) []byte {
	var low int
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		low = 0
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		low = 1
	default:
		return nil
	}
	var out []byte
	for i := 2; i+1 < len(b); i += 2 {
		if b[i+1-low] != 0 {
			return nil
		}
		out = append(out, b[i+low])
	}
	return out
}
