package qr

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"io"
	"testing"
	"time"
)

// deterministic drops the randomness, so that ECDSA signs as in RFC 6979 and
// vectors come out the same each time.
type deterministic struct{ crypto.Signer }

func (d deterministic) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return d.Signer.Sign(nil, digest, opts)
}

// The keys of all tests are made from their names.
func edKey(name string) crypto.Signer {
	seed := sha256.Sum256([]byte("vidimus qr test key " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func ecKey(t testing.TB, name string) crypto.Signer {
	t.Helper()
	seed := sha256.Sum256([]byte("vidimus qr test key " + name))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:])
	if err != nil {
		t.Fatal(err)
	}
	return deterministic{key}
}

func newSigner(t testing.TB, host string, key crypto.Signer) *Signer {
	t.Helper()
	s, err := NewSigner(host, key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const testHost = "reg.example.org"

var (
	testIssued  = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	testExpires = time.Date(2031, 11, 21, 21, 0, 0, 0, time.UTC)
	testNow     = time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
)

func testClaims() Claims {
	return Claims{
		ID:      [10]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
		Kind:    3,
		Issued:  testIssued,
		Expires: testExpires,
		Visible: [16]byte{15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
	}
}

// testKeys is the set in testdata/keys.json: every status, terms, two
// algorithms and two keys that share an identifier.
func testKeys(t testing.TB) KeySet {
	t.Helper()
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	key := func(signer crypto.Signer, status KeyStatus, from, to time.Time) Key {
		k, err := NewKey(signer.Public())
		if err != nil {
			t.Fatal(err)
		}
		k.Status, k.NotBefore, k.NotAfter = status, from, to
		return k
	}
	ks := KeySet{
		key(edKey("active"), KeyActive, year(2026), year(2028)),
		key(ecKey(t, "active"), KeyActive, year(2026), year(2028)),
		key(edKey("retired"), KeyRetired, year(2025), year(2027)),
		key(ecKey(t, "retired"), KeyRetired, year(2025), year(2026)),
		key(edKey("compromised"), KeyCompromised, year(2025), year(2027)),
		key(edKey("next"), KeyActive, year(2027), time.Time{}),
		key(edKey("decoy"), KeyActive, time.Time{}, time.Time{}),
		key(edKey("twin"), KeyActive, time.Time{}, time.Time{}),
		key(ecKey(t, "decoy"), KeyActive, time.Time{}, time.Time{}),
	}
	twin := &ks[7]
	ks[6].ID = twin.ID // the decoy is met first
	ks[8].ID = twin.ID // same identifier, other algorithm
	return ks
}
