package pki_test

import (
	"context"
	"testing"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

func FuzzCertificate(f *testing.F) {
	w := newWorld(f)
	f.Add(w.root.DER)
	f.Add(w.leaf.DER)
	f.Add(pkitest.Issue(f, spec{Name: "L", Issuer: w.ca, Serial: []byte{0xff}, Ext: []pkitest.Ext{
		policies("1.2.3"), mapping("1.2.3", "1.2.4"), requireExplicit(0), inhibitAny(1), nc(dns("example.org"), ip(1, 2, 3, 4, 255, 0, 0, 0)),
		san(dns("a"), email("a@b"), dir("x"), uri("http://x/")), pkitest.AIA("http://o/", "http://i/")}}).DER)
	o := w.options()
	o.Revocation = pki.RevocationSkipUnsafe
	f.Fuzz(func(t *testing.T, der []byte) {
		bounded.Run(t, der, func() {
			c, err := pki.ParseCertificate(der)
			if err != nil {
				return
			}
			c.SerialString()
			_, _ = suites.ParseKey(c.SPKI)
			o := o
			o.Intermediates = pki.NewPool(c, w.ca.Cert)
			if r := pki.Validate(context.Background(), w.leaf.Cert, o); !r.Valid() {
				t.Fatalf("a foreign certificate spoils the path: %s", r.Reason)
			}
			pki.Validate(context.Background(), c, o)
		})
	})
}

func FuzzCRL(f *testing.F) {
	w := newWorld(f)
	good := pkitest.CRL(f, pkitest.CRLSpec{Issuer: w.ca})
	signed := map[string]bool{}
	for _, l := range []*pki.CRL{
		w.rootCRL,
		good,
		pkitest.CRL(f, pkitest.CRLSpec{Issuer: w.ca, IDP: point(0x81, 1, 0xff), Base: 1, Number: 2,
			Revoked: []pkitest.Revoked{{Serial: []byte{1}, At: epoch, Reason: 6}}}),
		pkitest.CRL(f, pkitest.CRLSpec{Issuer: w.ca, Number: 3, Revoked: []pkitest.Revoked{{Serial: w.leaf.Cert.Serial, At: epoch}}}),
	} {
		signed[string(l.RawTBS)] = true
		f.Add(l.Raw)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		bounded.Run(t, der, func() {
			l, err := pki.ParseCRL(der)
			if err != nil {
				return
			}
			_, _, _ = l.Find([]byte{1})
			for _, known := range [][]*pki.CRL{{w.rootCRL}, {w.rootCRL, good}} {
				o := w.options()
				o.CRLs = append(known, l)
				got := pki.Validate(context.Background(), w.leaf.Cert, o)
				if !signed[string(l.RawTBS)] && got.Valid() != (len(known) == 2) {
					t.Fatalf("a list that nobody signed changes the answer: %s", got.Reason)
				}
			}
		})
	})
}

func FuzzOCSP(f *testing.F) {
	w := newWorld(f)
	good := pkitest.CRL(f, pkitest.CRLSpec{Issuer: w.ca})
	signed := map[string]bool{}
	for _, s := range []pkitest.OCSPSpec{
		{Cert: w.leaf, Issuer: w.ca},
		{Cert: w.leaf, Issuer: w.ca, ByName: true, Revoked: epoch, Reason: 1, NoNext: true},
	} {
		der := pkitest.OCSPDER(f, s)
		r, err := pki.ParseOCSP(der)
		if err != nil {
			f.Fatal(err)
		}
		signed[string(r.RawTBS)] = true
		f.Add(der)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		bounded.Run(t, der, func() {
			r, err := pki.ParseOCSP(der)
			if err != nil {
				return
			}
			for _, known := range [][]*pki.CRL{{w.rootCRL}, {w.rootCRL, good}} {
				o := w.options()
				o.CRLs, o.OCSPs = known, []*pki.OCSPResponse{r}
				got := pki.Validate(context.Background(), w.leaf.Cert, o)
				if !signed[string(r.RawTBS)] && got.Valid() != (len(known) == 2) {
					t.Fatalf("an answer that nobody signed changes the verdict: %s", got.Reason)
				}
			}
		})
	})
}
