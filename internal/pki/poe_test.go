package pki_test

import (
	"context"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// TestValidatePast: time slides back to where nothing is in doubt, and only
// evidence that is proven to have existed then counts.
func TestValidatePast(t *testing.T) {
	w := newWorld(t)
	signed := epoch.AddDate(0, 0, 1)   // proven by a time-stamp
	present := epoch.AddDate(10, 0, 0) // leaf, authority and root have expired
	rootCRL := pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.root, ThisUpdate: signed})
	caCRL := pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca, ThisUpdate: signed})
	revokedLater := pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca, ThisUpdate: epoch.AddDate(0, 0, 9), NextUpdate: epoch.AddDate(0, 0, 20),
		Revoked: []pkitest.Revoked{{Serial: w.leaf.Cert.Serial, At: epoch.AddDate(0, 0, 8), Reason: 1}}})
	all := func(at time.Time, extra ...*pki.CRL) *pki.Proofs {
		p := &pki.Proofs{}
		for _, c := range []*pki.Certificate{w.leaf.Cert, w.ca.Cert, w.root.Cert} {
			p.Add(c.Raw, at)
		}
		for _, l := range append(extra, rootCRL, caCRL) {
			p.Add(l.Raw, at)
		}
		return p
	}
	archived := epoch.AddDate(0, 0, 2)
	cases := []struct {
		name    string
		crls    []*pki.CRL
		proofs  *pki.Proofs
		adjust  func(o *pki.PathOptions)
		chain   pki.ChainStatus
		sub     pki.SubIndication
		control time.Time
	}{
		{name: "archived", crls: []*pki.CRL{rootCRL, caCRL}, proofs: all(signed), chain: trusted, control: signed},
		{name: "no proofs", crls: []*pki.CRL{rootCRL, caCRL}, proofs: nil, chain: unknown, sub: pki.NoPOE},
		{name: "proofs too late", crls: []*pki.CRL{rootCRL, caCRL}, proofs: all(archived), chain: unknown, sub: pki.NoPOE},
		{name: "no evidence", proofs: all(signed), chain: unknown, sub: pki.NoPOE},
		{name: "revoked later", crls: []*pki.CRL{pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.root, ThisUpdate: epoch.AddDate(0, 0, 9)}), revokedLater},
			proofs: nil, adjust: func(o *pki.PathOptions) { o.Now = epoch.AddDate(0, 0, 10) }, chain: trusted, control: epoch.AddDate(0, 0, 8)},
		{name: "algorithm fell", crls: []*pki.CRL{pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.root}), pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca})},
			adjust: func(o *pki.PathOptions) {
				o.Now = epoch.AddDate(0, 0, 2)
				o.Algorithms = pki.Policy{{Algorithm: "SHA-256", Until: epoch.AddDate(0, 0, 1)}}
				o.Revocation = pki.RevocationSkipUnsafe
			}, proofs: all(epoch), chain: trusted, control: epoch.AddDate(0, 0, 1).Add(-time.Second)},
		{name: "not revocation", crls: nil, proofs: all(signed), adjust: func(o *pki.PathOptions) { o.Revocation = pki.RevocationSkipUnsafe }, chain: trusted, control: w.leaf.Cert.NotAfter},
		{name: "other anchor", crls: []*pki.CRL{rootCRL, caCRL}, proofs: all(signed), adjust: func(o *pki.PathOptions) { o.Anchors = pki.NewPool(w.other.Cert) }, chain: untrusted, sub: pki.NoCertificateChainFound},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := w.options()
			o.At, o.Now, o.CRLs = time.Time{}, present, c.crls
			if c.adjust != nil {
				c.adjust(&o)
			}
			r := pki.ValidatePast(context.Background(), w.leaf.Cert, o, c.proofs)
			if r.Chain != c.chain || r.SubIndication != c.sub || c.chain == trusted && !r.ControlTime.Equal(c.control) {
				t.Errorf("%s %s %q at %s; want %s %s at %s", r.Chain, r.SubIndication, r.Reason, r.ControlTime, c.chain, c.sub, c.control)
			}
		})
	}
	if r := pki.ValidatePast(context.Background(), w.leaf.Cert, pki.PathOptions{Anchors: pki.NewPool(w.root.Cert)}, nil); r.Chain == trusted {
		t.Error("trusted without a present")
	}
}

func TestProofs(t *testing.T) {
	var p pki.Proofs
	if _, ok := p.Since([]byte("x")); ok {
		t.Error("proof of everything")
	}
	p.Add([]byte("x"), epoch)
	p.Add([]byte("x"), epoch.Add(-time.Hour))
	p.Add([]byte("x"), epoch.Add(time.Hour))
	if at, ok := p.Since([]byte("x")); !ok || !at.Equal(epoch.Add(-time.Hour)) {
		t.Errorf("%s", at)
	}
	if _, ok := (*pki.Proofs)(nil).Since([]byte("x")); ok {
		t.Error("nil proves")
	}
}
