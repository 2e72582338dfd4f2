package pki_test

import (
	"context"
	"testing"

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
}

func FuzzCRL(f *testing.F) {
	w := newWorld(f)
	f.Add(w.rootCRL.Raw)
	f.Add(pkitest.CRL(f, pkitest.CRLSpec{Issuer: w.ca, IDP: point(0x81, 1, 0xff), Base: 1, Number: 2,
		Revoked: []pkitest.Revoked{{Serial: []byte{1}, At: epoch, Reason: 6}}}).Raw)
	f.Fuzz(func(t *testing.T, der []byte) {
		l, err := pki.ParseCRL(der)
		if err != nil {
			return
		}
		if _, _, err := l.Find([]byte{1}); err != nil {
			return
		}
		o := w.options()
		o.CRLs = []*pki.CRL{w.rootCRL, l}
		pki.Validate(context.Background(), w.leaf.Cert, o)
	})
}

func FuzzOCSP(f *testing.F) {
	w := newWorld(f)
	f.Add(pkitest.OCSPDER(f, pkitest.OCSPSpec{Cert: w.leaf, Issuer: w.ca}))
	f.Add(pkitest.OCSPDER(f, pkitest.OCSPSpec{Cert: w.leaf, Issuer: w.ca, ByName: true, Revoked: epoch, Reason: 1, NoNext: true}))
	f.Fuzz(func(t *testing.T, der []byte) {
		r, err := pki.ParseOCSP(der)
		if err != nil {
			return
		}
		o := w.options()
		o.OCSPs = []*pki.OCSPResponse{r}
		pki.Validate(context.Background(), w.leaf.Cert, o)
	})
}
