package verify_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/verify"
)

// bloatedOCSP is an OCSP response of a thousand answers that nobody signed,
// different for each n.
func bloatedOCSP(n int) []byte {
	null := []byte{asn1x.Null, 0}
	sha1 := asn1x.TLV(asn1x.Sequence, asn1x.MustOID("1.3.14.3.2.26").Encode(), null)
	short := asn1x.TLV(asn1x.OctetString, []byte{1})
	at := asn1x.TLV(0x18, []byte("20260101000000Z"))
	answer := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, sha1, short, short, asn1x.TLV(asn1x.Integer, []byte{5})), []byte{0x80, 0}, at)
	tbs := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.ContextC(2), short), asn1x.TLV(0x18, fmt.Appendf(nil, "2026010100%02d%02dZ", n/60%60, n%60)),
		asn1x.TLV(asn1x.Sequence, bytes.Repeat(answer, 1000)))
	return asn1x.TLV(asn1x.Sequence, tbs, sha1, asn1x.TLV(0x03, []byte{0, 1}))
}

// TestBloat: evidence that grows when it is read is held to what it takes in
// memory, not to its bytes.
func TestBloat(t *testing.T) {
	const n = 600
	objects := map[int]string{}
	refs := ""
	for i := range n {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		z.Write(bloatedOCSP(i))
		z.Close()
		objects[20+i] = fmt.Sprintf("<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", b.Len(), b.String())
		refs += fmt.Sprintf("%d 0 R ", 20+i)
	}
	objects[1] = "<< /Type /Catalog /Pages 2 0 R /DSS << /OCSPs [" + refs + "] >> >>"
	doc := appendUpdate(plainPDF("x"), "1 0 R", objects)
	if len(doc) > bounded.MaxInput {
		t.Fatalf("%d bytes", len(doc))
	}
	took, peak := bounded.Measure(func() {
		if r := check(t, doc, verify.Options{Now: clock}); r.ExitCode() == 0 {
			t.Error(show(r))
		}
	})
	t.Logf("%d kB: %v, %d MB", len(doc)>>10, took, peak>>20)
	if peak > bounded.MaxMemory {
		t.Errorf("%d MB", peak>>20)
	}
}
