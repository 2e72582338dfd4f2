package verify

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/pdf"
)

// cachedPage is a page with one content stream and one font. Each is given as
// its dictionary's entries and its bytes as stored.
type cachedPage struct{ contentDict, content, cmapDict, cmap, encrypt string }

func (p cachedPage) text(cache *scanCache) (string, error) {
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.7\n")
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F0 5 0 R>>>>>>",
		fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", p.contentDict, len(p.content), p.content),
		"<</Type/Font/Subtype/Type0/ToUnicode 6 0 R>>",
		fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", p.cmapDict, len(p.cmap), p.cmap),
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	b.WriteString("xref\n0 7\n0000000000 65535 f \n")
	for _, off := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(&b, "trailer\n<</Size 7/Root 1 0 R/ID[(0123456789abcdef)(0123456789abcdef)]%s>>\nstartxref\n%d\n%%%%EOF\n", p.encrypt, start)
	doc, err := pdf.Open(pdf.Memory(b.Bytes()), int64(b.Len()), &pdf.Options{AllowLocked: true})
	if err != nil {
		return "", err
	}
	s, err := scanPages(doc.Last(), cache)
	if err != nil {
		return "", err
	}
	return s.text.String(), nil
}

func deflate(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

// TestScanCache: what is kept of one page is used for another only where all is
// the same that decides how it reads.
func TestScanCache(t *testing.T) {
	const content, cmap = "BT /F0 9 Tf <00010002> Tj ET", "2 beginbfchar <0001> <0041> <0002> <0042> endbfchar"
	const flate = "/Filter/FlateDecode"
	page := cachedPage{contentDict: flate, content: deflate(content), cmapDict: flate, cmap: deflate(cmap)}
	// Each byte of a row of two stands for its distance to the one above it.
	predicted := deflate(strings.Repeat("\x02\x00\x00", 14))
	const encrypt = "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(01234567890123456789012345678901)/U(01234567890123456789012345678901)>>"
	for name, change := range map[string]func(p *cachedPage){
		"the same":              func(*cachedPage) {},
		"another text":          func(p *cachedPage) { p.content = deflate(strings.Replace(content, "0002", "0001", 1)) },
		"another font":          func(p *cachedPage) { p.cmap = deflate(strings.Replace(cmap, "0042", "0043", 1)) },
		"no filter":             func(p *cachedPage) { p.contentDict = "" },
		"two filters":           func(p *cachedPage) { p.contentDict = "/Filter[/FlateDecode/ASCIIHexDecode]" },
		"parameters":            func(p *cachedPage) { p.contentDict += "/DecodeParms<</Predictor 12/Columns 2>>" },
		"elsewhere":             func(p *cachedPage) { p.contentDict += "/F(file)" },
		"no filter, font":       func(p *cachedPage) { p.cmapDict = "" },
		"parameters, font":      func(p *cachedPage) { p.cmapDict += "/DecodeParms<</Predictor 12/Columns 2>>" },
		"predicted, no content": func(p *cachedPage) { p.content = predicted },
		"encrypted":             func(p *cachedPage) { p.encrypt = encrypt },
	} {
		t.Run(name, func(t *testing.T) {
			var cache scanCache
			for range 2 {
				if got, err := page.text(&cache); err != nil || got != "AB" {
					t.Fatal(got, err)
				}
			}
			other := page
			change(&other)
			want, errWant := other.text(&scanCache{})
			if got, err := other.text(&cache); got != want || (err == nil) != (errWant == nil) {
				t.Errorf("%q, %v; alone %q, %v", got, err, want, errWant)
			}
			if name != "the same" && errWant == nil && want == "AB" {
				t.Error("the change changes nothing")
			}
			if got, err := page.text(&cache); err != nil || got != "AB" {
				t.Error("afterwards", got, err)
			}
		})
	}
}
