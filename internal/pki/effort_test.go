package pki_test

import (
	"bytes"
	"context"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"testing"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// slowSPKI is the key of a curve that is computed with math/big: the base point.
func slowSPKI(t testing.TB) []byte {
	t.Helper()
	point := []byte{4}
	for _, half := range []string{
		"81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
		"7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892",
	} {
		b, err := hex.DecodeString(half)
		if err != nil {
			t.Fatal(err)
		}
		point = append(point, b...)
	}
	curve, err := asn1.Marshal(asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 13})
	if err != nil {
		t.Fatal(err)
	}
	der, err := asn1.Marshal(struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}{pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, Parameters: asn1.RawValue{FullBytes: curve}},
		asn1.BitString{Bytes: point, BitLength: 8 * len(point)}})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestEffort: the certificates of a file that is made to be costly cost no more
// for all its signatures together than one file may.
func TestEffort(t *testing.T) {
	w := newWorld(t)
	slow := slowSPKI(t)
	var pool []*pki.Certificate
	for range 60 {
		pool = append(pool, pkitest.Issue(t, spec{Name: "CA", CA: true, SPKI: slow, Issuer: w.root, NoIDs: true}).Cert)
	}
	o := w.options()
	o.Revocation = pki.RevocationSkipUnsafe
	o.Intermediates = pki.NewPool(pool...)
	o.Effort = pki.NewEffort()
	var last pki.PathResult
	took := bounded.CPU(func() {
		for range 20 {
			leaf := pkitest.Issue(t, spec{Name: "Leaf", Issuer: w.ca, NoIDs: true})
			last = pki.Validate(context.Background(), leaf.Cert, o)
		}
	})
	if last.Chain != pki.ChainUnknown || last.Valid() {
		t.Errorf("%s: %s", last.Chain, last.Reason)
	}
	// With an effort of its own each would try all sixty keys.
	o.Effort = nil
	one := bounded.CPU(func() { pki.Validate(context.Background(), w.leaf.Cert, o) })
	t.Logf("one alone took %v, twenty together %v", one, took)
	if took > 8*one {
		t.Errorf("one alone took %v, twenty together %v", one, took)
	}
}

// TestEffortOfLists: a long list of revoked certificates is not hashed again for
// each authority that has the name of its issuer.
func TestEffortOfLists(t *testing.T) {
	w := newWorld(t)
	var revoked []pkitest.Revoked
	for i := range 100_000 {
		revoked = append(revoked, pkitest.Revoked{Serial: []byte{1, byte(i >> 16), byte(i >> 8), byte(i)}, At: epoch})
	}
	stranger := pkitest.Issue(t, spec{Name: "CA", CA: true, Issuer: w.other})
	list := pkitest.CRL(t, pkitest.CRLSpec{Issuer: stranger, Revoked: revoked})
	pool := []*pki.Certificate{w.ca.Cert}
	for range 250 {
		pool = append(pool, pkitest.Issue(t, spec{Name: "CA", CA: true, Issuer: w.other}).Cert)
	}
	o := w.options()
	o.Intermediates = pki.NewPool(pool...)
	o.CRLs = []*pki.CRL{w.rootCRL, list}
	var r pki.PathResult
	took := bounded.CPU(func() { r = pki.Validate(context.Background(), w.leaf.Cert, o) })
	t.Logf("%d kB, %d authorities: %v", len(list.Raw)>>10, len(pool), took)
	// Hashing it 250 times takes a second, and five with the race detector.
	if took > bounded.MaxTime/2 || r.Valid() {
		t.Errorf("%v: %s", took, r.Reason)
	}
}

// TestEffortIsShared: the same question is not asked twice.
func TestEffortIsShared(t *testing.T) {
	w := newWorld(t)
	o := w.options()
	o.CRLs = []*pki.CRL{w.rootCRL, pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca})}
	want := pki.Validate(context.Background(), w.leaf.Cert, o)
	o.Effort = pki.NewEffort()
	for range 10_000 { // many more than the effort would allow
		if got := pki.Validate(context.Background(), w.leaf.Cert, o); !got.Valid() || !bytes.Equal(got.Path[1].Raw, want.Path[1].Raw) {
			t.Fatal(got.Reason)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	o.Effort = nil
	if got := pki.Validate(ctx, w.leaf.Cert, o); got.Valid() {
		t.Error("valid after the caller has gone")
	}
}
