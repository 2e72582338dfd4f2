package verify_test

import (
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// crl is a list of the authority, with the signer revoked unless the time is zero.
func (a *authority) crl(t testing.TB, this time.Time, revoked time.Time) []byte {
	s := pkitest.CRLSpec{Issuer: a.root, ThisUpdate: this, NextUpdate: this.AddDate(0, 0, 30)}
	if !revoked.IsZero() {
		s.Revoked = []pkitest.Revoked{{Serial: a.signer.Cert.Serial, At: revoked, Reason: 1}}
	}
	return pkitest.CRL(t, s).Raw
}

// TestTimeAndRevocation: what a time-stamp proves, and what revocation means
// before and after it (EN 319 102-1 §5.5, §5.6).
func TestTimeAndRevocation(t *testing.T) {
	a := newAuthority(t)
	content := []byte("what was agreed")
	plain := a.signed(t, content, time.Time{}, cms.TemplateOptions{})
	stamped := a.signed(t, content, epoch, cms.TemplateOptions{})
	future := a.signed(t, content, epoch.AddDate(0, 6, 0), cms.TemplateOptions{})
	strange := newAuthority(t)
	strange.signer = a.signer
	foreign := strange.signed(t, content, epoch, cms.TemplateOptions{})
	day := 24 * time.Hour
	a.tsa = pkitest.Issue(t, pkitest.Spec{Name: "Lasting time-stamping", Issuer: a.root, EKU: []pki.OID{pki.EKUTimeStamping}, EKUCrit: true,
		NotAfter: epoch.AddDate(10, 0, 0)})
	lasting := a.signed(t, content, epoch, cms.TemplateOptions{})
	expired := a.signer.Cert.NotAfter.Add(day)

	for name, v := range map[string]struct {
		sig   []byte
		at    time.Time
		crl   []byte
		ocsp  []byte
		none  bool
		want  verify.Verdict
		sub   verify.SubIndication
		proof bool
	}{
		"good CRL":                       {sig: plain, at: epoch.Add(day), crl: a.crl(t, epoch, time.Time{}), want: verify.Passed},
		"good OCSP":                      {sig: plain, at: epoch.Add(day), ocsp: pkitest.OCSPDER(t, pkitest.OCSPSpec{Cert: a.signer, Issuer: a.root}), want: verify.Passed},
		"OCSP of a stranger":             {sig: plain, at: epoch.Add(day), ocsp: pkitest.OCSPDER(t, pkitest.OCSPSpec{Cert: a.signer, Issuer: a.root, Signer: strange.root}), want: verify.Indeterminate, sub: verify.SubTryLater},
		"CRL of a stranger":              {sig: plain, at: epoch.Add(day), crl: strange.crl(t, epoch, time.Time{}), want: verify.Indeterminate, sub: verify.SubTryLater},
		"old CRL":                        {sig: plain, at: epoch.Add(90 * day), crl: a.crl(t, epoch, time.Time{}), want: verify.Indeterminate, sub: verify.SubTryLater},
		"no answer":                      {sig: plain, at: epoch.Add(day), want: verify.Indeterminate, sub: verify.SubTryLater},
		"revoked, no proof of time":      {sig: plain, at: epoch.Add(3 * day), crl: a.crl(t, epoch.Add(2*day), epoch.Add(day)), want: verify.Indeterminate, sub: verify.SubRevokedNoPOE},
		"revoked OCSP, no proof of time": {sig: plain, at: epoch.Add(day), ocsp: pkitest.OCSPDER(t, pkitest.OCSPSpec{Cert: a.signer, Issuer: a.root, Revoked: epoch.Add(-day)}), want: verify.Indeterminate, sub: verify.SubRevokedNoPOE},
		"revoked after the time-stamp":   {sig: stamped, at: epoch.Add(3 * day), crl: a.crl(t, epoch.Add(2*day), epoch.Add(day)), want: verify.Passed, proof: true},
		"revoked before the time-stamp":  {sig: stamped, at: epoch.Add(3 * day), crl: a.crl(t, epoch.Add(2*day), epoch.Add(-day)), want: verify.Failed, sub: verify.SubRevoked, proof: true},
		"expired, no proof of time":      {sig: plain, at: expired, none: true, want: verify.Indeterminate, sub: verify.SubOutOfBoundsNoPOE},
		"both expired":                   {sig: stamped, at: expired, none: true, want: verify.Indeterminate, sub: verify.SubOutOfBoundsNoPOE},
		"expired after the time-stamp":   {sig: lasting, at: expired, none: true, want: verify.Passed, proof: true},
		"expired, then no fresh CRL":     {sig: lasting, at: expired, crl: a.crl(t, epoch, time.Time{}), want: verify.Indeterminate},
		"expired, CRL after the end":     {sig: lasting, at: expired, crl: a.crl(t, expired, time.Time{}), want: verify.Indeterminate},
		"time-stamp from the future":     {sig: future, at: epoch.Add(day), none: true, want: verify.Indeterminate, sub: verify.SubSigConstraints},
		"time-stamp of a stranger":       {sig: foreign, at: epoch.Add(day), none: true, want: verify.Indeterminate, sub: verify.SubSigConstraints},
	} {
		t.Run(name, func(t *testing.T) {
			opts := a.options()
			opts.At, opts.RevocationNoneUnsafe, opts.Signature = v.at, v.none, v.sig
			if v.crl != nil {
				opts.CRLs = [][]byte{v.crl}
			}
			if v.ocsp != nil {
				opts.OCSPs = [][]byte{v.ocsp}
			}
			r := check(t, content, opts)
			s := &r.Signatures[0]
			_, sub := s.Indication()
			t.Logf("%s %s: %v", r.Verdict(), sub, failing(s))
			if r.Verdict() != v.want || v.sub != "" && sub != v.sub {
				t.Errorf("%s %s, want %s %s", r.Verdict(), sub, v.want, v.sub)
			}
			if v.proof && (!s.ProvenTime.Equal(epoch) || s.ValidAtSource != verify.TimeFromTimestamp) {
				t.Errorf("proven %v, valid at %v by %s", s.ProvenTime, s.ValidAt, s.ValidAtSource)
			}
		})
	}
}

// TestSignerIsTheNamedOne: the order of certificates means nothing.
func TestSignerIsTheNamedOne(t *testing.T) {
	a := newAuthority(t)
	other := pkitest.Issue(t, pkitest.Spec{Name: "Somebody else", Issuer: a.root})
	content := []byte("what was agreed")
	opts := a.options()
	opts.Signature = a.signed(t, content, time.Time{}, cms.TemplateOptions{}, other.Cert, a.root.Cert)
	// Put every certificate in front once.
	sd, err := cms.Parse(opts.Signature)
	if err != nil {
		t.Fatal(err)
	}
	set := asn1x.TLV(asn1x.ContextC(0), rawCerts(sd.Certificates)...)
	for i := range sd.Certificates {
		turned := append(append([]*pki.Certificate{}, sd.Certificates[i:]...), sd.Certificates[:i]...)
		o := opts
		o.Signature = replaceBytes(t, opts.Signature, set, asn1x.TLV(asn1x.ContextC(0), rawCerts(turned)...))
		r := check(t, content, o)
		if r.Verdict() != verify.Passed || r.Signatures[0].Signer.Subject != "CN=Signer" {
			t.Errorf("rotation %d: %s", i, show(r))
		}
	}
	// Without the signer's own certificate nobody is named.
	o := opts
	foreign := pkitest.Issue(t, pkitest.Spec{Name: "Signet", Issuer: a.root}).DER
	for range 1000 { // an ECDSA signature has one of several lengths
		if len(foreign) == len(a.signer.DER) {
			break
		}
		foreign = pkitest.Issue(t, pkitest.Spec{Name: "Signet", Issuer: a.root}).DER
	}
	o.Signature = replaceBytes(t, opts.Signature, a.signer.DER, foreign)
	if r := check(t, content, o); r.Verdict() == verify.Passed {
		t.Error(show(r))
	}
}

func rawCerts(list []*pki.Certificate) (out [][]byte) {
	for _, c := range list {
		out = append(out, c.Raw)
	}
	return out
}

// TestLongTerm builds PAdES-B-T, B-LT and B-LTA step by step and looks at each
// after the signer's certificate, and then the first time-stamping certificate,
// have ended.
func TestLongTerm(t *testing.T) {
	a := newAuthority(t)
	second := pkitest.Issue(t, pkitest.Spec{Name: "Later time-stamping", Issuer: a.root, EKU: []pki.OID{pki.EKUTimeStamping}, EKUCrit: true,
		NotBefore: epoch, NotAfter: epoch.AddDate(9, 0, 0)})
	stamp := func(tsa *pkitest.Entity, at time.Time) func([]byte) []byte {
		return func(data []byte) []byte { return pkitest.Token(t, tsa, data, at) }
	}
	bt := a.pdf(t, sigObject{sign: func(d []byte) []byte { return a.signed(t, d, epoch, cms.TemplateOptions{}) }})
	crl := a.crl(t, epoch.Add(time.Hour), time.Time{})
	blt := addStore(bt, map[string][]byte{"CRLs": crl, "Certs": a.root.DER})
	blta := addSignature(t, blt, sigObject{field: "TS1", kind: "DocTimeStamp", subFilter: "ETSI.RFC3161",
		sign: stamp(a.tsa, epoch.Add(2*time.Hour)), extra: "/Keep true"}, 30, 10)
	renewed := addSignature(t, addStore(blta, map[string][]byte{"CRLs": a.crl(t, epoch.AddDate(0, 6, 0), time.Time{})}),
		sigObject{field: "TS2", kind: "DocTimeStamp", subFilter: "ETSI.RFC3161", sign: stamp(second, epoch.AddDate(0, 6, 1))}, 40, 10, 30)

	soon, later := epoch.Add(3*time.Hour), epoch.AddDate(3, 0, 0)
	for _, v := range []struct {
		name   string
		doc    []byte
		at     time.Time
		format string
		want   verify.Verdict
		proven time.Time
	}{
		{"B-T soon, without answer", bt, soon, "PAdES-B-T", verify.Indeterminate, time.Time{}},
		{"B-LT soon", blt, soon, "PAdES-B-LT", verify.Passed, epoch},
		{"B-LT when all has ended", blt, later, "PAdES-B-LT", verify.Indeterminate, time.Time{}},
		{"B-LTA soon", blta, soon, "PAdES-B-LTA", verify.Passed, epoch},
		{"B-LTA when all has ended", blta, later, "PAdES-B-LTA", verify.Indeterminate, time.Time{}},
		{"renewed", renewed, epoch.AddDate(0, 6, 2), "PAdES-B-LTA", verify.Passed, epoch},
		{"renewed, when the first has ended", renewed, later, "PAdES-B-LTA", verify.Passed, epoch},
		{"renewed, one bit of the first token", flipBit(renewed, blta, 3000), later, "PAdES-B-LTA", verify.Failed, time.Time{}},
	} {
		opts := a.options()
		opts.RevocationNoneUnsafe, opts.At = false, v.at
		if v.at.Equal(later) { // the present is for the present authority to speak of
			opts.CRLs = [][]byte{a.crl(t, later, time.Time{})}
		}
		r := check(t, v.doc, opts)
		s := signatureOf(r, "Sig1")
		if s == nil {
			t.Fatal(show(r))
		}
		if s.Format != v.format || r.Verdict() != v.want || !s.ProvenTime.Equal(v.proven) {
			t.Errorf("%s: %s, %s, proven %v; want %s, %s, %v", v.name, s.Format, r.Verdict(), s.ProvenTime, v.format, v.want, v.proven)
			for i := range r.Signatures {
				t.Logf("%s: %v", r.Signatures[i].Field, failing(&r.Signatures[i]))
			}
		}
	}
}
