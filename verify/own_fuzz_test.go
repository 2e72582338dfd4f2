package verify

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/qr"
)

// FuzzContent scans hostile content streams. That some lines are read without the
// lexer must not show, and a code that is recognised says the text.
func FuzzContent(f *testing.F) {
	const text = "https://reg.example.org/c/1234567890" // a small code: long inputs take the fuzzer long to make smaller
	code, err := qr.Encode(text)
	if err != nil {
		f.Fatal(err)
	}
	path := string(code.AppendPDFPath(nil, 10, 20, 1.2))
	f.Add([]byte(path))
	for _, s := range []string{"f Q|f* Q", "f Q|re f Q", "f Q|0 0 m f Q", "f Q|B", "1 1 re|1 1.0 re", " re\n| re ", "re\n|re\r\n", "cm\n|cm 1 0 0 1 0 0 cm\n"} {
		from, to, _ := strings.Cut(s, "|")
		f.Add([]byte(strings.Replace(path, from, to, 1)))
		f.Add([]byte(strings.ReplaceAll(path, from, to)))
	}
	f.Add([]byte("q 1 0 0 1 0 0 cm\n63 63 1 1 re\n0 0 64 64 re\n64 64 0 0 re\n99 0 1 99 re\n1 2 3 4 l\nf\nBT /F0 1 Tf (a) Tj ET Q BI"))
	scan := func(content []byte) (*pageScan, error) {
		s := &pageScan{cache: &scanCache{}}
		_, err := s.scan(content, &pdf.Dict{}, 0)
		return s, err
	}
	var enc qr.Encoder
	if s, err := scan([]byte(path)); err != nil || s.draws(text, &enc) != nil {
		f.Fatal("the code itself is not recognised: ", err)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := scan(bytes.Clone(content))
		if err == nil {
			_ = s.draws(text, &enc)
		}
		if bytes.ContainsAny(content, "(<%") { // where an end of line may count
			return
		}
		slow, errSlow := scan(bytes.ReplaceAll(content, []byte("cm\n"), []byte("cm\r\n")))
		if (err == nil) != (errSlow == nil) || !reflect.DeepEqual(s.codes, slow.codes) || !reflect.DeepEqual(s.odd, slow.odd) {
			t.Errorf("%v, %d codes, %q; by the lexer alone %v, %d codes, %q", err, len(s.codes), s.odd, errSlow, len(slow.codes), slow.odd)
		}
	})
}
