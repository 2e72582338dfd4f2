package pki_test

import (
	"context"
	"testing"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

func BenchmarkParseCertificate(b *testing.B) {
	w := newWorld(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pki.ParseCertificate(w.leaf.DER); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkValidate is two signature checks for the path, four with evidence.
func BenchmarkValidate(b *testing.B) {
	w := newWorld(b)
	o := w.options()
	o.CRLs = []*pki.CRL{w.rootCRL, pkitest.CRL(b, pkitest.CRLSpec{Issuer: w.ca})}
	for name, mode := range map[string]pki.RevocationMode{"path": pki.RevocationSkipUnsafe, "path+crl": pki.RevocationRequire} {
		b.Run(name, func(b *testing.B) {
			o.Revocation = mode
			b.ReportAllocs()
			for b.Loop() {
				if r := pki.Validate(context.Background(), w.leaf.Cert, o); !r.Valid() {
					b.Fatal(r.Reason)
				}
			}
		})
	}
}
