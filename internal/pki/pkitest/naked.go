package pkitest

import (
	"crypto/rand"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
)

// Naked makes a detached signature without signed attributes over content. A
// value that is not nil is taken instead of one made with e's key.
func Naked(t testing.TB, e *Entity, content, value []byte) []byte {
	t.Helper()
	sc, _, err := suites.SchemeFor(e.Cert.SPKI, "")
	if err != nil {
		t.Fatal(err)
	}
	h, err := suites.Hash(sc.Digest)
	if err != nil {
		t.Fatal(err)
	}
	if value == nil {
		d := h.New()
		d.Write(content)
		if value, err = e.Key.Sign(rand.Reader, d.Sum(nil), sc.Opts); err != nil {
			t.Fatal(err)
		}
	}
	alg := asn1x.TLV(asn1x.Sequence, sc.Digest.Encode())
	si := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, []byte{1}),
		asn1x.TLV(asn1x.Sequence, e.Cert.RawIssuer, asn1x.TLV(asn1x.Integer, e.Cert.Serial)),
		alg, sc.SignatureAlgorithm, asn1x.TLV(asn1x.OctetString, value))
	body := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, []byte{1}), asn1x.TLV(asn1x.Set, alg),
		asn1x.TLV(asn1x.Sequence, cms.OIDData.Encode()), asn1x.TLV(asn1x.ContextC(0), e.DER), asn1x.TLV(asn1x.Set, si))
	return asn1x.TLV(asn1x.Sequence, cms.OIDSignedData.Encode(), asn1x.TLV(asn1x.ContextC(0), body))
}
