package pki_test

import (
	"context"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// noRevAvail is the extension of RFC 9608.
var noRevAvail = pkitest.Ext{OID: "2.5.29.56", Value: []byte{asn1x.Null, 0}}

// TestExempt: a person's certificate may say that nothing is published about
// it; an authority's may not.
func TestExempt(t *testing.T) {
	w := newWorld(t)
	o := w.options()
	o.CRLs = []*pki.CRL{w.rootCRL}
	short := pkitest.Issue(t, spec{Name: "Short", Issuer: w.ca, Ext: []pkitest.Ext{noRevAvail}})
	if r := pki.Validate(context.Background(), short.Cert, o); !r.Valid() {
		t.Errorf("leaf: %s", r.Reason)
	}
	ca := pkitest.Issue(t, spec{Name: "Exempt CA", CA: true, Issuer: w.root, Ext: []pkitest.Ext{noRevAvail}})
	leaf := pkitest.Issue(t, spec{Name: "Leaf", Issuer: ca, Ext: []pkitest.Ext{noRevAvail}})
	o.Intermediates, o.CRLs = pki.NewPool(ca.Cert), nil
	if r := pki.Validate(context.Background(), leaf.Cert, o); r.Valid() || r.Revocation != pki.RevocationUnknown {
		t.Errorf("authority: %s", r.Revocation)
	}
}

// TestPersonSignsNoList: a person whose certificate bears the authority's own
// name signs no lists for it, unless the authority said so.
func TestPersonSignsNoList(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		spec spec
		want bool
	}{
		"person":               {spec{NoUsage: true}, false},
		"with other usages":    {spec{KeyUsage: pki.UsageDigitalSignature}, false},
		"with the right usage": {spec{KeyUsage: pki.UsageCRLSign}, true},
		"authority":            {spec{CA: true, NoUsage: true}, true},
	} {
		c.spec.Name, c.spec.Issuer = "CA", w.root
		signer := pkitest.Issue(t, c.spec)
		o := w.options()
		o.Intermediates = pki.NewPool(w.ca.Cert, signer.Cert)
		o.CRLs = []*pki.CRL{w.rootCRL, pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca, Signer: signer})}
		if r := pki.Validate(context.Background(), w.leaf.Cert, o); r.Valid() != c.want {
			t.Errorf("%s: %s", name, r.Reason)
		}
	}
}
