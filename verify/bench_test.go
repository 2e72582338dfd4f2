package verify_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"testing"
)

// bare is the cost that no verifier of one P-256 signature can avoid.
type bare struct {
	data []byte
	key  *ecdsa.PrivateKey
	sig  []byte
}

func newBare(tb testing.TB, data []byte) *bare {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	sum := sha256.Sum256(data)
	sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		tb.Fatal(err)
	}
	return &bare{data, key, sig}
}

func (b *bare) run(tb testing.TB) {
	sum := sha256.Sum256(b.data)
	if !ecdsa.VerifyASN1(&b.key.PublicKey, sum[:], b.sig) {
		tb.Fatal("no")
	}
}
