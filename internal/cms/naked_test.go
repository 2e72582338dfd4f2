package cms_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// seen verifies with a digest only, of content whose first n octets are shown.
func seen(t testing.TB, der, content []byte, n int) cms.Result {
	t.Helper()
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return sd.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Detached: true, Head: content[:min(n, len(content))], Size: int64(len(content)),
		Digest: func(h pki.Hash) ([]byte, error) { return digest(t, h, content), nil }})
}

// otherSignatures returns octets that keys sign for other ends than documents.
func otherSignatures(t testing.TB, s signer) map[string][]byte {
	t.Helper()
	sd, err := cms.Parse(s.sign(t, cms.TemplateOptions{}, cms.SignOptions{SigningTime: pkitest.Epoch}))
	if err != nil {
		t.Fatal(err)
	}
	attrs := bytes.Clone(sd.SignerInfos[0].RawSignedAttrs)
	implicit := bytes.Clone(attrs)
	attrs[0] = asn1x.Set
	set, _, err := asn1x.Read(attrs)
	if err != nil {
		t.Fatal(err)
	}
	first := func(der []byte) []byte { // of the members of a SEQUENCE
		c := asn1x.NewCursor(der)
		in := c.Open("outer", asn1x.Sequence)
		out := in.Any("first").Full
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
		return out
	}
	old := pkitest.Issue(t, pkitest.Spec{Name: "Version 1", Issuer: s.root, NoExt: true})
	crl := pkitest.CRL(t, pkitest.CRLSpec{Issuer: s.root, Revoked: []pkitest.Revoked{{Serial: []byte{5}, At: pkitest.Epoch}}})
	ocsp := pkitest.OCSP(t, pkitest.OCSPSpec{Cert: s.leaf, Issuer: s.root})
	byName := pkitest.OCSP(t, pkitest.OCSPSpec{Cert: s.leaf, Issuer: s.root, ByName: true})
	basic := func(r *pki.OCSPResponse) []byte {
		c := asn1x.NewCursor(r.Raw)
		outer := c.Open("response", asn1x.Sequence)
		outer.Any("status")
		explicit := outer.Open("bytes", asn1x.ContextC(0))
		in := explicit.Open("bytes", asn1x.Sequence)
		in.OID("type")
		octets := in.Next("basic", asn1x.OctetString).Body
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
		return first(octets)
	}
	token, err := cms.Parse(pkitest.Token(t, pkitest.TSA(t, s.root), content, pkitest.Epoch))
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "x"}}, s.leaf.Key)
	if err != nil {
		t.Fatal(err)
	}
	certID := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, pki.OIDSHA1.Encode()), asn1x.TLV(asn1x.OctetString, make([]byte, 20)),
		asn1x.TLV(asn1x.OctetString, make([]byte, 20)), asn1x.TLV(asn1x.Integer, []byte{1}))
	return map[string][]byte{
		"attributes": attrs, "attributes under [0]": implicit, "certificate": s.leaf.Cert.RawTBS, "certificate of version 1": old.Cert.RawTBS,
		"CRL": first(crl.Raw), "OCSP by key": basic(ocsp), "OCSP by name": basic(byName), "TSTInfo": token.Content,
		"certification request": first(csr), "OCSP request": asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, certID))),
		"long attributes": asn1x.TLV(asn1x.Set, set.Body, asn1x.TLV(asn1x.Sequence, cms.OIDSignatureTimestamp.Encode(), asn1x.TLV(asn1x.Set, make([]byte, 5000)))),
	}
}

// TestPassedOff: what a key signed for another end is no document.
func TestPassedOff(t *testing.T) {
	s := newSigner(t)
	for name, b := range otherSignatures(t, s) {
		der := pkitest.Naked(t, s.leaf, b, nil)
		for _, n := range []int{1024, 200, 60, 12} {
			if r := seen(t, der, b, n); r.Status() != pki.Failed || r.Check(cms.CheckAttributes) != pki.Failed || r.Check(cms.CheckValue) != pki.OK {
				t.Errorf("%s, %d octets of %d shown: %v", name, n, len(b), r.Checks)
			}
		}
		// With octets behind it is another content, though a strange one.
		longer := append(bytes.Clone(b), '\n')
		if r := seen(t, pkitest.Naked(t, s.leaf, longer, nil), longer, 1024); r.Status() != pki.OK {
			t.Errorf("%s and an octet: %v", name, r.Checks)
		}
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(s.leaf.Key)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"text": content, "empty": {}, "digit": []byte("0"), "ones": []byte("111111"), "long": bytes.Repeat([]byte("1"), 5000), "PDF": []byte("%PDF-1.7\n"),
		"certificate with its signature": s.leaf.DER, "key": pkcs8, "CMS": s.sign(t, cms.TemplateOptions{}, cms.SignOptions{}),
		"SET of INTEGER": asn1x.TLV(asn1x.Set, asn1x.TLV(asn1x.Integer, []byte{1})),
	} {
		if r := seen(t, pkitest.Naked(t, s.leaf, b, nil), b, 1024); r.Status() != pki.OK {
			t.Errorf("%s: %v", name, r.Checks)
		}
	}
	sd, err := cms.Parse(pkitest.Naked(t, s.leaf, content, nil))
	if err != nil {
		t.Fatal(err)
	}
	blind := sd.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Digest: func(h pki.Hash) ([]byte, error) { return digest(t, h, content), nil }})
	if blind.Status() != pki.Unknown {
		t.Errorf("nobody looked at the content: %v", blind.Checks)
	}
}

// TestNakedSigner: keys that sign certificates, answers and time-stamps do not
// sign documents without saying so.
func TestNakedSigner(t *testing.T) {
	s := newSigner(t)
	tsa := pkitest.TSA(t, s.root)
	ocsp := pkitest.Issue(t, pkitest.Spec{Name: "Responder", Issuer: s.root, EKU: []pki.OID{pki.EKUOCSPSigning}})
	crl := pkitest.Issue(t, pkitest.Spec{Name: "CRL", Issuer: s.root, KeyUsage: pki.UsageCRLSign | pki.UsageDigitalSignature})
	for name, v := range map[string]struct {
		e    *pkitest.Entity
		want pki.Status
	}{"authority": {s.root, pki.Unknown}, "TSA": {tsa, pki.Unknown}, "responder": {ocsp, pki.Unknown}, "CRLs": {crl, pki.Unknown}, "signer": {s.leaf, pki.OK}} {
		if r := seen(t, pkitest.Naked(t, v.e, content, nil), content, 1024); r.Status() != v.want || r.Check(cms.CheckValue) != pki.OK {
			t.Errorf("%s: %v", name, r.Checks)
		}
	}
}

func FuzzHead(f *testing.F) {
	s := newSigner(f)
	sd, err := cms.Parse(pkitest.Naked(f, s.leaf, content, nil))
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range otherSignatures(f, s) {
		f.Add(b, uint16(0))
		f.Add(b[:len(b)/2], uint16(len(b)-len(b)/2))
	}
	f.Fuzz(func(t *testing.T, head []byte, more uint16) {
		bounded.Run(t, head, func() {
			r := sd.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Head: append([]byte{}, head...), Size: int64(len(head)) + int64(more),
				Digest: func(h pki.Hash) ([]byte, error) { return digest(t, h, content), nil }})
			if len(head) > 0 && head[0] != asn1x.Set && head[0] != asn1x.Sequence && head[0] != asn1x.ContextC(0) && r.Status() != pki.OK {
				t.Errorf("%v", r.Checks)
			}
		})
	})
}
