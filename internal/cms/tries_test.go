package cms_test

import (
	"bytes"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// TestTries: many signers, and many certificates that fit the sid of each, cost
// a bounded number of public-key operations.
func TestTries(t *testing.T) {
	s := newSigner(t)
	var keys, operations int
	counting := pki.DefaultSuites()
	counting.AddKey(pki.OIDECPublic, func(k pki.SPKI) (pki.Key, error) {
		keys++
		return suites.ParseKey(k)
	})
	counting.AddSignature(pki.Signature{OID: pki.OIDECDSA256, Name: "ECDSA", Hash: pki.OIDSHA256,
		Verify: func(pki.Key, any, pki.Hash, []byte, []byte) error {
			operations++
			return pki.ErrSignature
		}})
	h, _ := suites.Hash(pki.OIDSHA256)
	md := cms.EncodeAttribute(cms.OIDMessageDigest, asn1x.TLV(asn1x.OctetString, digest(t, h, content)))
	ct := cms.EncodeAttribute(cms.OIDContentType, cms.OIDData.Encode())
	unsorted, err := cms.Parse(s.forged(t, 1, pki.OIDSHA256, md, ct))
	if err != nil {
		t.Fatal(err)
	}
	var certs []byte
	for i := range 400 {
		twin := bytes.Clone(s.leaf.DER)
		twin[len(twin)-1], twin[len(twin)-2] = byte(i), byte(i>>8)
		certs = append(certs, twin...)
	}
	const signers = 100
	for name, v := range map[string]struct {
		certs []byte
		want  pki.Status
	}{"one certificate": {s.leaf.DER, pki.Failed}, "many": {certs, pki.Unknown}} {
		many, err := cms.Parse(rebuild(t, unsorted, v.certs, bytes.Repeat(unsorted.SignerInfos[0].Raw, signers)))
		if err != nil || len(many.SignerInfos) != signers {
			t.Fatal(err)
		}
		keys, operations = 0, 0
		o := cms.VerifyOptions{Suites: counting, Content: content, Tries: new(cms.Tries)}
		for i, si := range many.SignerInfos {
			want := v.want
			if i >= 20 { // neither has its second encoding been tried
				want = pki.Unknown
			}
			if r := si.Verify(o); r.Check(cms.CheckValue) != want {
				t.Fatalf("%s, %d: %v", name, i, r.Checks)
			}
		}
		if operations > signers+20 || keys > operations {
			t.Errorf("%s: %d operations, %d keys parsed", name, operations, keys)
		}
	}
	// What an honest file needs is found: unsorted attributes, and the last of
	// the certificates with the sid.
	twins := []byte{}
	for range 8 {
		twins = append(twins, pkitest.Issue(t, pkitest.Spec{Name: "Twin", Issuer: s.root, Serial: s.leaf.Cert.Serial}).DER...)
	}
	honest, err := cms.Parse(rebuild(t, unsorted, append(twins, s.leaf.DER...), unsorted.SignerInfos[0].Raw))
	if err != nil {
		t.Fatal(err)
	}
	if r := honest.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Content: content}); r.Status() != pki.OK || !r.Signer.Equal(s.leaf.Cert) {
		t.Errorf("%v", r.Checks)
	}
}
