package gost3410

import (
	"crypto/sha512"
	"errors"
	"math/big"
	"testing"
	"testing/iotest"
)

// The generator is RFC 6979's: its vectors A.2.5 (P-256) with
// SHA-512 come out when the digest is prepared as that RFC does.
func TestRFC6979(t *testing.T) {
	for _, v := range []struct{ q, x, message, k string }{
		{
			"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
			"C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
			"sample",
			"5FA81C63109BADB88C1F367B47DA606DA28CAD69AA22C4FE6AD7DF73A7173AA5",
		},
		{
			"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
			"C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
			"test",
			"6915D11632ACA3C40D5D51C08DAF9C555933819548784480E93499000D9F0B7F",
		},
	} {
		q, x := hexNumber(t, v.q), hexNumber(t, v.x)
		h := sha512.Sum512([]byte(v.message))
		digest := new(big.Int).SetBytes(h[:len(v.q)/2])
		digest.Mod(digest, q)
		d := toWords(x)
		g := newNonces(&modulus{n: len(v.q) / 16, m: toWords(q)}, &d, digest.FillBytes(make([]byte, len(v.q)/2)), nil)
		n := g.next()
		if got, want := fromWords(n), hexNumber(t, v.k); got.Cmp(want) != 0 {
			t.Errorf("%s: k = %x, want %x", v.message, got, want)
		}
	}
}

// Nonces are in range and reach the top bits of q, whatever its length.
func TestNonceRange(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		d := words{12345}
		g := newNonces(&c.params.q, &d, testDigest(c), []byte("fresh"))
		seen := map[string]bool{}
		low, high := 0, 0
		half := new(big.Int).Rsh(ref.q, 1)
		for range 200 {
			n := g.next()
			v := fromWords(n)
			if v.Sign() <= 0 || v.Cmp(ref.q) >= 0 || seen[v.String()] {
				t.Fatalf("nonce %x", v)
			}
			seen[v.String()] = true
			if v.Cmp(half) < 0 {
				low++
			} else {
				high++
			}
			g.rekey([]byte{0})
		}
		// 200 fair coins: beyond 60 to 140 with probability below 2⁻²⁵; the seed is fixed.
		if low < 60 || high < 60 {
			t.Errorf("%d nonces below q/2, %d above", low, high)
		}
	})
}

// The nonce of a signature, which its maker can compute: n = (s − r·d)/e mod q.
func nonceOf(t *testing.T, k *PrivateKey, digest []byte) *big.Int {
	t.Helper()
	sig, err := k.Sign(nil, digest, nil)
	if err != nil {
		t.Fatal(err)
	}
	q := fromWords(k.pub.curve.params.q.m)
	half := len(sig) / 2
	s, r := new(big.Int).SetBytes(sig[:half]), new(big.Int).SetBytes(sig[half:])
	var e words
	e.setLE(digest)
	n := new(big.Int).Mul(r, fromWords(k.d))
	n.Sub(s, n).Mul(n, new(big.Int).ModInverse(fromWords(e), q))
	return n.Mod(n, q)
}

// One number as the key on several curves, one digest: another nonce on each.
// On one curve it is the same again, without which this test would show nothing.
func TestNonceBindsTheCurve(t *testing.T) {
	number := append([]byte{0x87, 0xd6, 0x12}, make([]byte, 61)...)
	digest := append([]byte{5, 0, 7}, make([]byte, 61)...)
	seen := map[string]string{}
	for _, c := range Curves() {
		key, err := NewPrivateKey(c, number[:c.Size()])
		if err != nil {
			t.Fatal(err)
		}
		n := nonceOf(t, key, digest[:c.Size()])
		if again := nonceOf(t, key, digest[:c.Size()]); n.Cmp(again) != 0 || n.Sign() == 0 {
			t.Fatalf("%s: %x, then %x", c.Name(), n, again)
		}
		if other, twice := seen[n.String()]; twice {
			t.Errorf("%s and %s: the same nonce", c.Name(), other)
		}
		seen[n.String()] = c.Name()
	}
}

func TestGenerateKeyRandomness(t *testing.T) {
	broken := errors.New("broken")
	if _, err := GenerateKey(&curveCryptoProA, iotest.ErrReader(broken)); err != broken {
		t.Errorf("broken randomness: %v", err)
	}
	if _, err := GenerateKey(&curveCryptoProA, zeros{}); err != ErrPrivateKey {
		t.Errorf("randomness of zeros: %v, want ErrPrivateKey", err)
	}
	if _, err := GenerateKey(nil, zeros{}); err != ErrCurve {
		t.Errorf("no curve: %v, want ErrCurve", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
