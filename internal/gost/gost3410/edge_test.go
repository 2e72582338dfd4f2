package gost3410

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"errors"
	"math/big"
	mathrand "math/rand/v2"
	"testing"
	"testing/iotest"
)

// Signatures out of range and of the wrong length are refused; see RFC 7091
// §6.2, step 1. r + q and s + q would otherwise be second signatures.
func TestSignatureRange(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		key, digest := testKey(t, c), testDigest(c)
		size := c.Size()
		sig, err := key.Sign(nil, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		s, r := new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:])
		zero, one := new(big.Int), big.NewInt(1)
		top := new(big.Int).Lsh(one, uint(8*size))
		top.Sub(top, one)
		for name, v := range map[string][2]*big.Int{
			"r = 0": {zero, s}, "s = 0": {r, zero}, "r = q": {ref.q, s}, "s = q": {r, ref.q},
			"both 0": {zero, zero}, "both q": {ref.q, ref.q}, "r largest": {top, s}, "s largest": {r, top},
			"r + q": {new(big.Int).Add(r, ref.q), s}, "s + q": {r, new(big.Int).Add(s, ref.q)},
			"q − r": {new(big.Int).Sub(ref.q, r), s}, "q − s": {r, new(big.Int).Sub(ref.q, s)},
			"exchanged": {s, r}, "r = 1": {one, s}, "s = 1": {r, one},
		} {
			if v[0].BitLen() > 8*size || v[1].BitLen() > 8*size {
				continue // r + q does not fit
			}
			if err := key.PublicKey().Verify(digest, signature(v[0], v[1], size)); err != ErrSignature {
				t.Errorf("%s: %v, want ErrSignature", name, err)
			}
		}
		for _, bad := range [][]byte{nil, sig[:len(sig)-1], append(bytes.Clone(sig), 0), sig[:size]} {
			if err := key.PublicKey().Verify(digest, bad); err != ErrSignature {
				t.Errorf("%d bytes: %v, want ErrSignature", len(bad), err)
			}
		}
		for _, bad := range [][]byte{nil, digest[:size-1], append(bytes.Clone(digest), 0), make([]byte, 96-size)} {
			if err := key.PublicKey().Verify(bad, sig); err != ErrDigest {
				t.Errorf("digest of %d bytes: %v, want ErrDigest", len(bad), err)
			}
			if _, err := key.Sign(nil, bad, nil); err != ErrDigest {
				t.Errorf("signing %d bytes: %v, want ErrDigest", len(bad), err)
			}
		}
	})
}

// What would pass if r = 0 or s = 0 were let through. On CryptoPro-C the base
// point has x = 0, so (r, s) = (0, e) would be valid under every key. On any
// curve e = −r·d/k makes s = 0, valid but for the rule.
func TestZeroWouldVerify(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		size := c.Size()
		key := testKey(t, c)
		d, k := fromWords(key.d), big.NewInt(12345)
		r := new(big.Int).Mod(ref.times(k, ref.base).x, ref.q)
		e := new(big.Int).Mul(r, d)
		e.Mul(e.Neg(e), new(big.Int).ModInverse(k, ref.q)).Mod(e, ref.q)
		z2 := new(big.Int).Mul(new(big.Int).Neg(r), new(big.Int).ModInverse(e, ref.q))
		if !c.group.check(words{}, toWords(z2.Mod(z2, ref.q)), toWords(r), key.pub.point) {
			t.Fatal("the vector with s = 0 is wrong")
		}
		if err := key.PublicKey().Verify(le(e, size), signature(r, new(big.Int), size)); err != ErrSignature {
			t.Errorf("s = 0: %v, want ErrSignature", err)
		}
		nonce := toWords(k)
		if _, ok := key.signWith(&nonce, le(e, size)); ok {
			t.Error("signs with s = 0")
		}
		if ref.base.x.Sign() != 0 {
			return
		}
		if _, ok := key.signWith(&words{1}, le(e, size)); ok {
			t.Error("signs with r = 0")
		}
		if !c.group.check(words{1}, words{}, words{}, key.pub.point) {
			t.Fatal("the vector with r = 0 is wrong")
		}
		if err := key.PublicKey().Verify(le(e, size), signature(new(big.Int), e, size)); err != ErrSignature {
			t.Errorf("r = 0: %v, want ErrSignature", err)
		}
	})
}

// RFC 7091 §6.1, step 2: e = 0 is replaced by 1, also when the digest is q
// itself; and a digest above q counts modulo q.
func TestDigestZero(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		key := testKey(t, c)
		size := c.Size()
		zero, one, q := make([]byte, size), le(big.NewInt(1), size), le(ref.q, size)
		sig, err := key.Sign(nil, zero, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, digest := range map[string][]byte{"0": zero, "1": one, "q": q} {
			if err := key.PublicKey().Verify(digest, sig); err != nil {
				t.Errorf("digest %s: %v", name, err)
			}
		}
		if err := key.PublicKey().Verify(le(big.NewInt(2), size), sig); err != ErrSignature {
			t.Errorf("digest 2: %v, want ErrSignature", err)
		}
	})
}

// Ours and the slow implementation agree on random signatures, good and bad.
func TestDifferential(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		random := mathrand.New(mathrand.NewPCG(21, 21))
		size := c.Size()
		for range 3 {
			key := testKey(t, c)
			q := refPoint{fromWords(key.pub.x), fromWords(key.pub.y)}
			digest := le(randomBelow(random, new(big.Int).Lsh(big.NewInt(1), uint(8*size))), size)
			e := ref.number(digest)
			k := randomBelow(random, ref.q)
			r, s := ref.sign(fromWords(key.d), k, e)
			nonce := toWords(k)
			sig, ok := key.signWith(&nonce, digest)
			if want := signature(r, s, size); !ok || !bytes.Equal(sig, want) {
				t.Fatalf("signature %x, want %x", sig, want)
			}
			if !ref.verify(q, e, r, s) || key.PublicKey().Verify(digest, sig) != nil {
				t.Fatal("a good signature is refused")
			}
			s.Add(s, big.NewInt(1)).Mod(s, ref.q)
			if ref.verify(q, e, r, s) || key.PublicKey().Verify(digest, signature(r, s, size)) == nil {
				t.Fatal("a bad signature is accepted")
			}
		}
	})
}

// A signature whose C has an x coordinate of q or more is valid with
// r = x mod q. Chance makes none on curves with q near p, so C is chosen first
// and the key made to fit: Q = z2⁻¹·(C − z1·P), e = −r/z2, s = z1·e.
func TestLargeX(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		if ref.q.Cmp(ref.p) >= 0 {
			t.Skip("no x is above q on this curve")
		}
		size := c.Size()
		random := mathrand.New(mathrand.NewPCG(23, 23))
		shift := new(big.Int)
		for multiple := int64(1); multiple <= 3; multiple++ {
			shift.Add(shift, ref.q)
			point, ok := ref.pointNear(shift)
			if !ok {
				if multiple == 1 {
					t.Error("no point found")
				}
				break // no x between 2q and p
			}
			r := new(big.Int).Mod(point.x, ref.q)
			z1, z2 := randomBelow(random, ref.q), randomBelow(random, ref.q)
			z2inv := new(big.Int).ModInverse(z2, ref.q)
			minus := ref.times(new(big.Int).Sub(ref.q, z1), ref.base)
			q := ref.times(z2inv, ref.add(point, minus))
			e := new(big.Int).Mul(new(big.Int).Neg(r), z2inv)
			e.Mod(e, ref.q)
			s := new(big.Int).Mul(z1, e)
			s.Mod(s, ref.q)
			alg := R34102012_256
			if size == 64 {
				alg = R34102012_512
			}
			key, err := NewPublicKey(alg, c, append(le(q.x, size), le(q.y, size)...))
			if err != nil {
				t.Fatal(err)
			}
			if !ref.verify(q, e, r, s) {
				t.Fatal("the vector is wrong")
			}
			if err := key.Verify(le(e, size), signature(r, s, size)); err != nil {
				t.Errorf("x = %d·q + %x: %v", multiple, r, err)
			}
			e.Add(e, big.NewInt(1))
			if err := key.Verify(le(e, size), signature(r, s, size)); err != ErrSignature {
				t.Errorf("another digest: %v", err)
			}
		}
	})
}

// pointNear returns a point of order q with x just above a multiple of q.
func (c *refCurve) pointNear(x *big.Int) (refPoint, bool) {
	x = new(big.Int).Set(x)
	for range 2000 {
		x.Add(x, big.NewInt(1))
		if x.Cmp(c.p) >= 0 {
			return refPoint{}, false
		}
		rhs := c.sum(c.mul(x, c.mul(x, x)), c.mul(c.a, x), c.b)
		y := new(big.Int).ModSqrt(rhs, c.p)
		if y == nil || rhs.Sign() == 0 {
			continue
		}
		if p := (refPoint{new(big.Int).Set(x), y}); c.times(c.q, p).x == nil {
			return p, true
		}
	}
	return refPoint{}, false
}

func TestSigner(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		key, digest := testKey(t, c), testDigest(c)
		var signer crypto.Signer = key
		if pub, ok := signer.Public().(*PublicKey); !ok || !pub.Equal(key.PublicKey()) {
			t.Error("Public is not the public key")
		}
		first, err := signer.Sign(nil, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := signer.Sign(nil, digest, crypto.Hash(0)); !bytes.Equal(first, again) {
			t.Error("without randomness the signature is not deterministic")
		}
		hedged, err := signer.Sign(rand.Reader, digest, nil)
		if err != nil || bytes.Equal(first[c.Size():], hedged[c.Size():]) {
			t.Errorf("randomness does not change the nonce (%v)", err)
		}
		if err := key.PublicKey().Verify(digest, hedged); err != nil {
			t.Error(err)
		}
		other := bytes.Clone(digest)
		other[0] ^= 1
		second, _ := signer.Sign(nil, other, nil)
		if bytes.Equal(first[c.Size():], second[c.Size():]) {
			t.Error("two digests, one nonce: the key is given away")
		}
		broken := errors.New("broken")
		if _, err := signer.Sign(iotest.ErrReader(broken), digest, nil); err != broken {
			t.Errorf("broken randomness: %v", err)
		}
		if _, err := signer.Sign(nil, digest, crypto.SHA256); err != ErrDigest {
			t.Errorf("SHA-256: %v, want ErrDigest", err)
		}
	})
}

func TestVerifyDoesNotAllocate(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		key, digest := testKey(t, c), testDigest(c)
		sig, err := key.Sign(nil, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(3, func() {
			if key.PublicKey().Verify(digest, sig) != nil {
				t.Fatal("refused")
			}
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

func testKey(t testing.TB, c *Curve) *PrivateKey {
	t.Helper()
	key, err := GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func testDigest(c *Curve) []byte {
	d := make([]byte, c.Size())
	for i := range d {
		d[i] = byte(7*i + 1)
	}
	return d
}
