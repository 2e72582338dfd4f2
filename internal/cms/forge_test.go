package cms_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

type signer struct{ root, leaf *pkitest.Entity }

func newSigner(t testing.TB) signer {
	t.Helper()
	root := pkitest.Issue(t, pkitest.Spec{Name: "Root", CA: true})
	return signer{root, pkitest.Issue(t, pkitest.Spec{Name: "Signer", Issuer: root})}
}

func (s signer) sign(t testing.TB, o cms.TemplateOptions, so cms.SignOptions, chain ...*pki.Certificate) []byte {
	t.Helper()
	o.Suites = suites
	tmpl, err := cms.NewTemplate(s.leaf.Cert, chain, o)
	if err != nil {
		t.Fatal(err)
	}
	der, err := tmpl.Sign(context.Background(), s.leaf.Key, digest(t, tmpl.Hash(), content), so)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func verify(t testing.TB, der []byte) (cms.Result, *cms.SignedData, error) {
	t.Helper()
	sd, err := cms.Parse(der)
	if err != nil {
		return cms.Result{}, nil, err
	}
	if len(sd.SignerInfos) != 1 {
		return cms.Result{}, sd, nil
	}
	return sd.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Content: content, ContentType: cms.OIDData}), sd, nil
}

// TestEveryBit: one changed bit anywhere in a signature is noticed, also in
// what the signature value does not cover.
func TestEveryBit(t *testing.T) {
	s := newSigner(t)
	der := s.sign(t, cms.TemplateOptions{}, cms.SignOptions{})
	for i := range der {
		for bit := range 8 {
			bad := bytes.Clone(der)
			bad[i] ^= 1 << bit
			r, sd, err := verify(t, bad)
			if err != nil || r.Status() != pki.OK {
				continue
			}
			if len(sd.Warnings) == 0 && len(r.Warnings) == 0 {
				t.Errorf("octet %d bit %d of %d not noticed", i, bit, len(der))
			}
		}
	}
}

// TestWhoSigned: the signer is whom the sid names and signing-certificate
// confirms, wherever the certificate stands.
func TestWhoSigned(t *testing.T) {
	s := newSigner(t)
	decoy := pkitest.Issue(t, pkitest.Spec{Name: "Aaa", Issuer: s.root, Serial: []byte{1}})
	// Same issuer and serial number as the signer, another key: only the
	// attribute tells them apart.
	twin := pkitest.Issue(t, pkitest.Spec{Name: "Twin", Issuer: s.root, Serial: s.leaf.Cert.Serial})
	// Same issuer, serial number and key: what the attribute is for.
	double := pkitest.Issue(t, pkitest.Spec{Name: "Director", Issuer: s.root, Serial: s.leaf.Cert.Serial, Key: s.leaf.Key})
	for name, chain := range map[string][]*pki.Certificate{
		"decoy": {decoy.Cert}, "twin": {twin.Cert}, "double": {double.Cert}, "all": {double.Cert, twin.Cert, decoy.Cert, s.root.Cert},
	} {
		r, _, err := verify(t, s.sign(t, cms.TemplateOptions{}, cms.SignOptions{}, chain...))
		if err != nil || r.Status() != pki.OK || !r.Signer.Equal(s.leaf.Cert) {
			t.Errorf("%s: %v %v", name, err, r.Checks)
		}
	}
	// The signer's certificate replaced by the double: the attribute says no.
	der := s.sign(t, cms.TemplateOptions{}, cms.SignOptions{})
	r, _, err := verify(t, replace(t, der, s.leaf.DER, double.DER))
	if err != nil || r.Status() != pki.Failed || r.Check(cms.CheckSigningCert) != pki.Failed || r.Check(cms.CheckValue) != pki.OK {
		t.Errorf("double: %v %v", err, r.Checks)
	}
	// Removed: nobody to hold responsible, not broken either.
	r, _, err = verify(t, replace(t, der, s.leaf.DER, nil))
	if err != nil || r.Status() != pki.Unknown || r.Signer != nil {
		t.Errorf("removed: %v %v", err, r.Checks)
	}
}

// replace swaps the only certificate of a signature.
func replace(t testing.TB, der, old, new []byte) []byte {
	t.Helper()
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return rebuild(t, sd, new, sd.SignerInfos[0].Raw)
}

// rebuild makes a SignedData of other parts.
func rebuild(t testing.TB, sd *cms.SignedData, certs, signerInfos []byte) []byte {
	t.Helper()
	var encap []byte
	if sd.Attached {
		encap = asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.OctetString, sd.Content))
	}
	body := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, []byte{1}), asn1x.TLV(asn1x.Set, sd.DigestAlgorithms[0].Raw),
		asn1x.TLV(asn1x.Sequence, sd.ContentType.Encode(), encap), asn1x.TLV(asn1x.ContextC(0), certs), asn1x.TLV(asn1x.Set, signerInfos))
	return asn1x.TLV(asn1x.Sequence, cms.OIDSignedData.Encode(), asn1x.TLV(asn1x.ContextC(0), body))
}

// forged signs attributes of the caller's choice.
func (s signer) forged(t testing.TB, version byte, digestOID pki.OID, attrs ...[]byte) []byte {
	t.Helper()
	sc, _, err := suites.SchemeFor(s.leaf.Cert.SPKI, "")
	if err != nil {
		t.Fatal(err)
	}
	set := asn1x.TLV(asn1x.Set, attrs...)
	signed := set
	var signedAttrs []byte
	if attrs != nil {
		signedAttrs = bytes.Clone(set)
		signedAttrs[0] = asn1x.ContextC(0)
	} else {
		signed = content
	}
	h, _ := suites.Hash(sc.Digest)
	value, err := s.leaf.Key.Sign(nil, digest(t, h, signed), sc.Opts)
	if err != nil {
		t.Fatal(err)
	}
	alg := asn1x.TLV(asn1x.Sequence, digestOID.Encode())
	si := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, []byte{version}),
		asn1x.TLV(asn1x.Sequence, s.leaf.Cert.RawIssuer, asn1x.TLV(asn1x.Integer, s.leaf.Cert.Serial)),
		alg, signedAttrs, sc.SignatureAlgorithm, asn1x.TLV(asn1x.OctetString, value))
	body := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, []byte{1}), asn1x.TLV(asn1x.Set, alg),
		asn1x.TLV(asn1x.Sequence, cms.OIDData.Encode()), asn1x.TLV(asn1x.ContextC(0), s.leaf.DER), asn1x.TLV(asn1x.Set, si))
	return asn1x.TLV(asn1x.Sequence, cms.OIDSignedData.Encode(), asn1x.TLV(asn1x.ContextC(0), body))
}

func TestSignedAttributes(t *testing.T) {
	s := newSigner(t)
	h, _ := suites.Hash(pki.OIDSHA256)
	h512, _ := suites.Hash(pki.OIDSHA512)
	ct := cms.EncodeAttribute(cms.OIDContentType, cms.OIDData.Encode())
	md := cms.EncodeAttribute(cms.OIDMessageDigest, asn1x.TLV(asn1x.OctetString, digest(t, h, content)))
	wrong := cms.EncodeAttribute(cms.OIDMessageDigest, asn1x.TLV(asn1x.OctetString, digest(t, h, []byte("x"))))
	md512 := cms.EncodeAttribute(cms.OIDMessageDigest, asn1x.TLV(asn1x.OctetString, digest(t, h512, content)))
	twice := asn1x.TLV(asn1x.Sequence, cms.OIDMessageDigest.Encode(), asn1x.TLV(asn1x.Set,
		asn1x.TLV(asn1x.OctetString, digest(t, h, content)), asn1x.TLV(asn1x.OctetString, digest(t, h, []byte("x")))))
	tst := cms.EncodeAttribute(cms.OIDContentType, cms.OIDTSTInfo.Encode())
	when := cms.EncodeAttribute(cms.OIDSigningTime, cms.EncodeTime(time.Now()))
	protection := func(digestAlg, sigAlg pki.OID) []byte {
		return cms.EncodeAttribute(cms.OIDAlgorithmProtection, asn1x.TLV(asn1x.Sequence,
			asn1x.TLV(asn1x.Sequence, digestAlg.Encode()), asn1x.TLV(asn1x.ContextC(1), sigAlg.Encode())))
	}
	cases := []struct {
		name   string
		attrs  [][]byte
		digest pki.OID
		want   pki.Status
	}{
		{"as it should be", [][]byte{ct, md}, pki.OIDSHA256, pki.OK},
		{"unsorted", [][]byte{md, ct}, pki.OIDSHA256, pki.OK},
		{"no attributes", nil, pki.OIDSHA256, pki.OK},
		{"no content type", [][]byte{md}, pki.OIDSHA256, pki.Failed},
		{"no digest", [][]byte{ct}, pki.OIDSHA256, pki.Failed},
		{"wrong digest", [][]byte{ct, wrong}, pki.OIDSHA256, pki.Failed},
		{"two digests", [][]byte{ct, wrong, md}, pki.OIDSHA256, pki.Failed},
		{"digest of two values", [][]byte{ct, twice}, pki.OIDSHA256, pki.Failed},
		{"another content type", [][]byte{tst, md}, pki.OIDSHA256, pki.Failed},
		{"two signing times", [][]byte{ct, when, when, md}, pki.OIDSHA256, pki.Failed},
		{"algorithms disagree", [][]byte{ct, md512}, pki.OIDSHA512, pki.Unknown},
		{"algorithm protection", [][]byte{ct, md, protection(pki.OIDSHA256, pki.OIDECDSA256)}, pki.OIDSHA256, pki.OK},
		{"algorithm protection says otherwise", [][]byte{ct, md, protection(pki.OIDSHA512, pki.OIDECDSA256)}, pki.OIDSHA256, pki.Failed},
		{"unknown digest algorithm", [][]byte{ct, md}, asn1x.MustOID("1.2.3.4"), pki.Unknown},
	}
	for _, c := range cases {
		r, _, err := verify(t, s.forged(t, 1, c.digest, c.attrs...))
		if err != nil || r.Status() != c.want {
			t.Errorf("%s: %v, %s, want %s: %v", c.name, err, r.Status(), c.want, r.Checks)
		}
	}
}

// TestAttributesAsContent: signed attributes of one signature passed off as
// the content of another, whose value then fits.
func TestAttributesAsContent(t *testing.T) {
	s := newSigner(t)
	sd, err := cms.Parse(s.sign(t, cms.TemplateOptions{}, cms.SignOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	si := sd.SignerInfos[0]
	attrs := bytes.Clone(si.RawSignedAttrs)
	attrs[0] = asn1x.Set
	naked := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, []byte{1}),
		asn1x.TLV(asn1x.Sequence, si.Issuer, asn1x.TLV(asn1x.Integer, si.Serial)),
		si.DigestAlgorithm.Raw, si.SignatureAlgorithm.Raw, asn1x.TLV(asn1x.OctetString, si.Signature))
	sd.Attached, sd.Content = true, attrs
	forged, err := cms.Parse(rebuild(t, sd, s.leaf.DER, naked))
	if err != nil {
		t.Fatal(err)
	}
	r := forged.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites})
	if r.Status() != pki.Failed || r.Check(cms.CheckValue) != pki.OK {
		t.Errorf("%v", r.Checks)
	}
}

// TestUnknown: what can't be checked is not OK and not Failed.
func TestUnknown(t *testing.T) {
	s := newSigner(t)
	der := s.sign(t, cms.TemplateOptions{}, cms.SignOptions{})
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]cms.VerifyOptions{
		"no content":    {Suites: suites},
		"no algorithms": {Suites: pki.NewSuites(), Content: content},
	} {
		if r := sd.SignerInfos[0].Verify(o); r.Status() != pki.Unknown {
			t.Errorf("%s: %s %v", name, r.Status(), r.Checks)
		}
	}
	if (cms.Result{}).Status() == pki.OK || (cms.Result{}).Integrity() == pki.OK {
		t.Error("zero result is OK")
	}
}

func TestBuildRefuses(t *testing.T) {
	s := newSigner(t)
	tmpl, err := cms.NewTemplate(s.leaf.Cert, nil, cms.TemplateOptions{Suites: suites})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	d := digest(t, tmpl.Hash(), content)
	if _, err := tmpl.Sign(ctx, s.leaf.Key, d[:20], cms.SignOptions{}); err == nil {
		t.Error("short digest accepted")
	}
	if _, err := tmpl.Sign(ctx, s.root.Key, d, cms.SignOptions{}); err == nil {
		t.Error("another key accepted")
	}
	p, err := tmpl.Prepare(d, cms.PrepareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Finish(make([]byte, 200), cms.FinishOptions{}); err == nil {
		t.Error("long signature value accepted")
	}
	a, err1 := p.Finish(make([]byte, 70), cms.FinishOptions{})
	p2, _ := tmpl.Prepare(d, cms.PrepareOptions{})
	b, err2 := p2.Finish(make([]byte, 70), cms.FinishOptions{})
	if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
		t.Error("not deterministic")
	}
}

// readForged reads b as a verifier does: it is no signature of other content.
func readForged(t *testing.T, b []byte) {
	t.Helper()
	sd, err := cms.Parse(b)
	if err != nil {
		return
	}
	for _, si := range sd.SignerInfos {
		r := si.Verify(cms.VerifyOptions{Suites: suites, Content: []byte("other content")})
		if !sd.Attached && r.Status() == pki.OK {
			t.Fatal("verifies for other content")
		}
		_, _ = si.SignaturePolicy()
		_, _, _ = si.ContentHints()
		_, _ = si.SigningTime()
		si.SignatureTimestamps()
	}
}

func FuzzParse(f *testing.F) {
	s := newSigner(f)
	der := s.sign(f, cms.TemplateOptions{}, cms.SignOptions{Content: content, SigningTime: pkitest.Epoch})
	f.Add(der)
	f.Add(append(s.sign(f, cms.TemplateOptions{KeyIdentifier: true}, cms.SignOptions{}, s.root.Cert), 0, 0))
	f.Add(s.forged(f, 1, pki.OIDSHA256))
	f.Fuzz(func(t *testing.T, b []byte) {
		bounded.Run(t, b, func() { readForged(t, b) })
	})
}
