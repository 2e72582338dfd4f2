package pki_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// flips calls try with every one-bit change of der.
func flips(der []byte, try func(octet, bit int, bad []byte)) {
	for i := range der {
		for bit := range 8 {
			bad := bytes.Clone(der)
			bad[i] ^= 1 << bit
			try(i, bit, bad)
		}
	}
}

// TestEveryBitOfCertificate: a changed leaf or authority does not validate.
func TestEveryBitOfCertificate(t *testing.T) {
	w := newWorld(t)
	o := w.options()
	o.Revocation = pki.RevocationSkipUnsafe
	flips(w.leaf.DER, func(i, bit int, bad []byte) {
		c, err := pki.ParseCertificate(bad)
		if err != nil {
			return
		}
		if r := pki.Validate(context.Background(), c, o); r.Chain == trusted {
			t.Errorf("leaf octet %d bit %d not noticed", i, bit)
		}
	})
	flips(w.ca.DER, func(i, bit int, bad []byte) {
		c, err := pki.ParseCertificate(bad)
		if err != nil {
			return
		}
		o.Intermediates = pki.NewPool(c)
		if r := pki.Validate(context.Background(), w.leaf.Cert, o); r.Chain == trusted {
			t.Errorf("authority octet %d bit %d not noticed", i, bit)
		}
	})
}

// TestEveryBitOfEvidence: a changed CRL or OCSP response does not count.
func TestEveryBitOfEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.options()
	crl := pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca})
	flips(crl.Raw, func(i, bit int, bad []byte) {
		l, err := pki.ParseCRL(bad)
		if err != nil {
			return
		}
		o.CRLs = []*pki.CRL{w.rootCRL, l}
		if r := pki.Validate(context.Background(), w.leaf.Cert, o); r.Revocation != nobody {
			t.Errorf("CRL octet %d bit %d not noticed: %s", i, bit, r.Revocation)
		}
	})
	responder := pkitest.Issue(t, spec{Name: "Responder", Issuer: w.ca, EKU: []pki.OID{pki.EKUOCSPSigning}, Ext: []pkitest.Ext{pkitest.NoCheck}})
	for name, s := range map[string]pkitest.OCSPSpec{
		"authority": {Cert: w.leaf, Issuer: w.ca}, "delegate": {Cert: w.leaf, Issuer: w.ca, Signer: responder, ByName: true},
	} {
		o.CRLs = []*pki.CRL{w.rootCRL}
		flips(pkitest.OCSPDER(t, s), func(i, bit int, bad []byte) {
			if s.Signer != nil && bit != i%8 { // longer: one bit of every octet
				return
			}
			resp, err := pki.ParseOCSP(bad)
			if err != nil {
				return
			}
			o.OCSPs = []*pki.OCSPResponse{resp}
			if r := pki.Validate(context.Background(), w.leaf.Cert, o); r.Revocation != nobody && len(resp.Warnings) == 0 {
				t.Errorf("OCSP by %s, octet %d bit %d not noticed: %s", name, i, bit, r.Revocation)
			}
		})
	}
}
