package gostpki_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/internal/pki/tsp"
	"github.com/vidimus/vidimus/verify"
)

// TestOCSP: a CertID may be formed with any digest; responders of Russian
// authorities form it with Streebog.
func TestOCSP(t *testing.T) {
	for _, curve := range bothCurves {
		w := newWorld(t, curve)
		responder := w.issue(t, pkitest.Spec{Name: "Служба OCSP", EKU: []pki.OID{pki.EKUOCSPSigning}, Ext: []pkitest.Ext{pkitest.NoCheck}})
		stranger := newWorld(t, curve)
		for _, hash := range []pki.OID{gostpki.OIDStreebog256, gostpki.OIDStreebog512, gostpki.OIDHash94, pki.OIDSHA1, pki.OIDSHA256} {
			for name, c := range map[string]struct {
				spec pkitest.OCSPSpec
				want pki.RevocationStatus
			}{
				"good":             {pkitest.OCSPSpec{}, pki.RevocationGood},
				"delegated":        {pkitest.OCSPSpec{Signer: responder}, pki.RevocationGood},
				"delegated, named": {pkitest.OCSPSpec{Signer: responder, ByName: true}, pki.RevocationGood},
				"revoked":          {pkitest.OCSPSpec{Signer: responder, Revoked: pkitest.Epoch.Add(-time.Hour), Reason: 1}, pki.RevocationRevoked},
				"not authorised":   {pkitest.OCSPSpec{Signer: stranger.root}, pki.RevocationUnknown},
				"of another":       {pkitest.OCSPSpec{Serial: []byte{9, 9}}, pki.RevocationUnknown},
			} {
				c.spec.Cert, c.spec.Issuer, c.spec.Hash = w.leaf, w.root, hash
				o := w.options()
				der := pkitest.OCSPDER(t, c.spec)
				r, err := pki.ParseOCSP(der)
				if err != nil {
					t.Fatal(err)
				}
				o.OCSPs = []*pki.OCSPResponse{r}
				got := pki.Validate(context.Background(), w.leaf.Cert, o)
				if got.Revocation != c.want || got.Valid() != (c.want == pki.RevocationGood) {
					t.Errorf("%s, CertID with %s, %s: %v %s", curve, hash, name, got.Revocation, got.Reason)
				}
			}
		}
		// The public API takes the answer, too.
		trust, err := verify.NewTrust(w.root.DER)
		if err != nil {
			t.Fatal(err)
		}
		o := verify.Options{Trust: trust, At: pkitest.Epoch, Signature: sign(t, w.leaf.Cert, w.leaf.Key),
			OCSPs: [][]byte{pkitest.OCSPDER(t, pkitest.OCSPSpec{Cert: w.leaf, Issuer: w.root, Hash: gostpki.OIDStreebog256})}}
		r, err := verify.Bytes(context.Background(), "a", content, o)
		if err != nil || r.Verdict() != verify.Passed || r.Signatures[0].Revocation != verify.RevocationGood {
			t.Errorf("%v %s %s", err, r.Verdict(), ofReport(r).detail)
		}
		o.OCSPs = nil
		if r, err = verify.Bytes(context.Background(), "a", content, o); err != nil || r.Verdict() != verify.Indeterminate {
			t.Errorf("no answer: %v %s", err, r.Verdict())
		}
	}
}

func TestCRL(t *testing.T) {
	for _, curve := range bothCurves {
		w := newWorld(t, curve)
		other := newWorld(t, curve)
		for name, c := range map[string]struct {
			spec pkitest.CRLSpec
			want pki.RevocationStatus
		}{
			"good":              {pkitest.CRLSpec{Issuer: w.root}, pki.RevocationGood},
			"revoked":           {pkitest.CRLSpec{Issuer: w.root, Revoked: []pkitest.Revoked{{Serial: w.leaf.Cert.Serial, At: pkitest.Epoch.Add(-time.Hour)}}}, pki.RevocationRevoked},
			"signed by another": {pkitest.CRLSpec{Issuer: w.root, Signer: other.root}, pki.RevocationUnknown},
		} {
			o := w.options()
			o.CRLs = []*pki.CRL{pkitest.CRL(t, c.spec)}
			if r := pki.Validate(context.Background(), w.leaf.Cert, o); r.Revocation != c.want {
				t.Errorf("%s, %s: %v %s", curve, name, r.Revocation, r.Reason)
			}
		}
	}
}

// TestTimestamps: tokens with GOST, with and without the authority's certificate
// inside, over signatures of the same and of another kind.
func TestTimestamps(t *testing.T) {
	for _, curve := range bothCurves {
		w := newWorld(t, curve)
		tsa := w.issue(t, pkitest.Spec{Name: "Служба штампов времени", EKU: []pki.OID{pki.EKUTimeStamping}, EKUCrit: true})
		der := pkitest.Token(t, tsa, content, pkitest.Epoch.Add(-time.Hour))
		bare := withoutCertificates(t, der)
		o := w.options()
		o.Revocation = pki.RevocationSkipUnsafe
		for name, c := range map[string]struct {
			der     []byte
			message []byte
			more    []*pki.Certificate
			want    pki.Status
		}{
			"good":                           {der, content, nil, pki.OK},
			"of another message":             {der, []byte("x"), nil, pki.Failed},
			"without certificates":           {bare, content, nil, pki.Unknown},
			"without certificates, at hand":  {bare, content, []*pki.Certificate{tsa.Cert}, pki.OK},
			"without certificates, decoys":   {bare, content, []*pki.Certificate{w.leaf.Cert, w.root.Cert}, pki.Unknown},
			"without certificates, of other": {bare, []byte("x"), []*pki.Certificate{tsa.Cert}, pki.Failed},
		} {
			tok, err := tsp.Parse(c.der)
			if err != nil {
				t.Fatal(err)
			}
			r := tok.Verify(context.Background(), tsp.VerifyOptions{Message: c.message, Certificates: c.more, Path: o})
			if r.Status() != c.want {
				t.Errorf("%s, %s: %s %v", curve, name, r.Status(), r.Checks)
			}
		}
		// A signature with such a token: the time is proven by certificates given beside.
		stamped := stamp(t, w, func(value []byte) []byte {
			return withoutCertificates(t, pkitest.Token(t, tsa, value, pkitest.Epoch.Add(-time.Hour)))
		})
		trust, err := verify.NewTrust(w.root.DER)
		if err != nil {
			t.Fatal(err)
		}
		opts := verify.Options{Trust: trust, At: pkitest.Epoch, Signature: stamped, RevocationNoneUnsafe: true, Certificates: [][]byte{tsa.DER}}
		r, err := verify.Bytes(context.Background(), "a", content, opts)
		if err != nil || r.Verdict() != verify.Passed || r.Signatures[0].Format != "CAdES-B-T" || !r.Signatures[0].ProvenTime.Equal(pkitest.Epoch.Add(-time.Hour)) {
			t.Errorf("%s: %v %s %s", curve, err, r.Verdict(), ofReport(r).detail)
		}
		opts.Certificates = nil
		if r, err = verify.Bytes(context.Background(), "a", content, opts); err != nil || r.Verdict() != verify.Indeterminate || !r.Signatures[0].ProvenTime.IsZero() {
			t.Errorf("%s, nobody knows the authority: %v %s", curve, err, r.Verdict())
		}
	}
}

// stamp signs content with a time-stamp over the value.
func stamp(t testing.TB, w *world, token func(value []byte) []byte) []byte {
	t.Helper()
	tmpl, err := cms.NewTemplate(w.leaf.Cert, nil, cms.TemplateOptions{Suites: suites})
	if err != nil {
		t.Fatal(err)
	}
	der, err := tmpl.Sign(context.Background(), w.leaf.Key, digestOf(tmpl.Hash(), content), cms.SignOptions{
		Timestamp: func(_ context.Context, value []byte) ([]byte, error) { return token(value), nil }})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestTwoRoots: of two roots with one name the signature tells which it is, also
// where one of them has another kind of key.
func TestTwoRoots(t *testing.T) {
	w := newWorld(t, curve256)
	twins := []*pkitest.Entity{
		newWorld(t, curve256).root, newWorld(t, curve512).root,
		pkitest.Issue(t, pkitest.Spec{Name: "Образец УЦ", CA: true}), // ECDSA
	}
	anchors := [][]byte{}
	for _, twin := range twins {
		if !pki.NamesEqual(twin.Cert.RawSubject, w.root.Cert.RawSubject) {
			t.Fatal("not twins")
		}
		anchors = append(anchors, twin.DER)
	}
	sig := sign(t, w.leaf.Cert, w.leaf.Key)
	if r := check(t, content, sig, append(anchors, w.root.DER)...); r.Verdict() != verify.Passed {
		t.Errorf("%s: %s", r.Verdict(), ofReport(r).detail)
	}
	if r := check(t, content, sig, anchors...); r.Verdict() == verify.Passed {
		t.Error("passes with the wrong roots")
	}
	// The same without key identifiers, which would give the choice away.
	bare := w.issue(t, pkitest.Spec{Name: "Образцов", NoIDs: true})
	if r := check(t, content, sign(t, bare.Cert, bare.Key), append(anchors, w.root.DER)...); r.Verdict() != verify.Passed {
		t.Errorf("without identifiers: %s: %s", r.Verdict(), ofReport(r).detail)
	}
}

// TestLenient: certificates that break a rule as real ones do are read with a
// warning, and signatures under them hold.
func TestLenient(t *testing.T) {
	w := newWorld(t, curve256)
	rdn := func(tag byte, value []byte) []byte {
		return asn1x.TLV(asn1x.Set, asn1x.TLV(asn1x.Sequence, asn1x.MustOID("1.2.643.3.131.1.1").Encode(), asn1x.TLV(tag, value)))
	}
	name := func(rdns ...[]byte) []byte { return asn1x.TLV(asn1x.Sequence, rdns...) }
	for want, s := range map[pki.WarningCode]pkitest.Spec{
		pki.WarnBoolean:   {Name: "A", Ext: []pkitest.Ext{{OID: "2.5.29.19", Value: []byte{0x30, 3, 1, 1, 1}}}},
		pki.WarnNameValue: {NameDER: name(rdn(asn1x.Sequence, []byte{0x0c, 1, 'x'}))},
		pki.WarnSerial:    {Name: "B", Serial: []byte{0xf0, 0x10}},
		"":                {NameDER: name(rdn(asn1x.NumericString, []byte("770100000001")))},
	} {
		e := w.issue(t, s)
		var codes []pki.WarningCode
		for _, warning := range e.Cert.Warnings {
			codes = append(codes, warning.Code)
		}
		if want == "" && len(codes) > 0 || want != "" && (len(codes) != 1 || codes[0] != want) {
			t.Errorf("%q: warnings %v", want, codes)
		}
		r := check(t, content, sign(t, e.Cert, e.Key), w.root.DER)
		if r.Verdict() != verify.Passed {
			t.Errorf("%q: %s: %s", want, r.Verdict(), ofReport(r).detail)
		}
		if want == "" && len(r.Findings) > 0 || want != "" && (len(r.Findings) != 1 || r.Findings[0].Code != "WARN-SIG-CERT" || !strings.Contains(r.Findings[0].Got, string(want))) {
			t.Errorf("%q: findings %+v", want, r.Findings)
		}
	}
}

// TestEveryBit: one changed bit anywhere in certificate, CRL, OCSP answer or
// signature is noticed.
func TestEveryBit(t *testing.T) {
	w := newWorld(t, curve256)
	sig := sign(t, w.leaf.Cert, w.leaf.Key)
	crl := pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.root}).Raw
	ocsp := pkitest.OCSPDER(t, pkitest.OCSPSpec{Cert: w.leaf, Issuer: w.root, Hash: gostpki.OIDStreebog256})
	for name, c := range map[string]struct {
		der   []byte
		holds func(der []byte) bool
	}{
		"certificate": {w.leaf.DER, func(der []byte) bool {
			c, err := pki.ParseCertificate(der)
			if err != nil {
				return false
			}
			_, err = c.CheckSignatureFrom(w.root.Cert, suites)
			return err == nil && len(c.Warnings) == 0
		}},
		"CRL": {crl, func(der []byte) bool {
			l, err := pki.ParseCRL(der)
			if err != nil {
				return false
			}
			o := w.options()
			o.CRLs = []*pki.CRL{l}
			return pki.Validate(context.Background(), w.leaf.Cert, o).Valid() && len(l.Warnings) == 0
		}},
		"OCSP": {ocsp, func(der []byte) bool {
			r, err := pki.ParseOCSP(der)
			if err != nil {
				return false
			}
			o := w.options()
			o.OCSPs = []*pki.OCSPResponse{r}
			return pki.Validate(context.Background(), w.leaf.Cert, o).Valid() && len(r.Warnings) == 0
		}},
		"signature": {sig, func(der []byte) bool {
			sd, err := cms.Parse(der)
			if err != nil || len(sd.SignerInfos) != 1 || len(sd.Warnings) > 0 {
				return false
			}
			r := sd.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Content: content})
			return r.Status() == pki.OK && len(r.Warnings) == 0
		}},
	} {
		if !c.holds(c.der) {
			t.Fatalf("%s: the good one does not hold", name)
		}
		for i := range c.der {
			bad := bytes.Clone(c.der)
			bad[i] ^= 1 << (i % 8)
			if c.holds(bad) {
				t.Errorf("%s: octet %d of %d not noticed", name, i, len(bad))
			}
		}
	}
}
