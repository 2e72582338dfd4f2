package gostpki_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// Curves of the tests, one of each size.
const (
	curve256 = "CryptoPro-A"
	curve512 = "TC26-512-A"
)

var bothCurves = []string{curve256, curve512}

func newKey(t testing.TB, curve string) *gost3410.PrivateKey {
	t.Helper()
	for _, c := range gost3410.Curves() {
		if c.Name() == curve {
			k, err := gost3410.GenerateKey(c, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
	}
	t.Fatalf("no curve %s", curve)
	return nil
}

// world is an authority with one signer, all keys on one curve.
type world struct {
	curve      string
	root, leaf *pkitest.Entity
}

func newWorld(t testing.TB, curve string) *world {
	t.Helper()
	w := &world{curve: curve}
	w.root = pkitest.Issue(t, pkitest.Spec{Name: "Образец УЦ", CA: true, Key: newKey(t, curve)})
	w.leaf = w.issue(t, pkitest.Spec{Name: "Образцов Образец"})
	return w
}

func (w *world) issue(t testing.TB, s pkitest.Spec) *pkitest.Entity {
	t.Helper()
	s.Issuer = w.root
	if s.Key == nil {
		s.Key = newKey(t, w.curve)
	}
	return pkitest.Issue(t, s)
}

func (w *world) options() pki.PathOptions {
	return pki.PathOptions{Suites: suites, Anchors: pki.NewPool(w.root.Cert), Now: pkitest.Epoch, At: pkitest.Epoch}
}

var content = []byte("Решение комиссии.\n")

func digestOf(h pki.Hash, b []byte) []byte {
	d := h.New()
	d.Write(b)
	return d.Sum(nil)
}

// sign makes a detached signature of content by key under the certificate.
func sign(t testing.TB, cert *pki.Certificate, key crypto.Signer) []byte {
	t.Helper()
	tmpl, err := cms.NewTemplate(cert, nil, cms.TemplateOptions{Suites: suites})
	if err != nil {
		t.Fatal(err)
	}
	der, err := tmpl.Sign(context.Background(), key, digestOf(tmpl.Hash(), content), cms.SignOptions{UncheckedUnsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// verifyCMS checks a detached signature of content with one signer.
func verifyCMS(t testing.TB, der []byte, more ...*pki.Certificate) cms.Result {
	t.Helper()
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	if len(sd.SignerInfos) != 1 {
		t.Fatalf("%d signers", len(sd.SignerInfos))
	}
	return sd.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Content: content, Certificates: more})
}

// withoutCertificates takes the certificates, which nobody signs, out of a CMS.
func withoutCertificates(t testing.TB, der []byte) []byte {
	t.Helper()
	c := asn1x.NewCursor(der)
	ci := c.Open("ContentInfo", asn1x.Sequence)
	oid := ci.Any("contentType").Full
	explicit := ci.Open("content", asn1x.ContextC(0))
	sd := explicit.Open("SignedData", asn1x.Sequence)
	var parts [][]byte
	for sd.More() {
		if v := sd.Any("element"); v.ID != asn1x.ContextC(0) {
			parts = append(parts, v.Full)
		}
	}
	if c.Err() != nil {
		t.Fatal(c.Err())
	}
	return asn1x.TLV(asn1x.Sequence, oid, asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.Sequence, parts...)))
}

// swapOID replaces the n-th occurrence (from 0; -1 is the last) of an identifier
// by one of the same length.
func swapOID(t testing.TB, der []byte, n int, old, new pki.OID) []byte {
	t.Helper()
	a, b := old.Encode(), new.Encode()
	if len(a) != len(b) {
		t.Fatal("lengths differ")
	}
	at := bytes.LastIndex(der, a)
	for i, from := 0, 0; n >= 0 && i <= n; i++ {
		next := bytes.Index(der[from:], a)
		if next < 0 {
			t.Fatalf("no %s number %d", old, n)
		}
		at = from + next
		from = at + len(a)
	}
	if at < 0 {
		t.Fatalf("no %s", old)
	}
	return append(append(bytes.Clone(der[:at]), b...), der[at+len(a):]...)
}
