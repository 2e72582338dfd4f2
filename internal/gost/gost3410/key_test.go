package gost3410

import (
	"encoding/asn1"
	"math/big"
	"testing"
)

func TestBadPublicKeys(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		size := c.Size()
		alg := testKey(t, c).PublicKey().Algorithm()
		limit := new(big.Int).Lsh(big.NewInt(1), uint(8*size))
		bad := map[string]refPoint{
			"zero": {new(big.Int), new(big.Int)}, "off the curve": {ref.base.x, ref.sum(ref.base.y, big.NewInt(1))},
			"x = p": {ref.p, ref.base.y}, "y = p": {ref.base.x, ref.p},
		}
		if plus := new(big.Int).Add(ref.base.x, ref.p); plus.Cmp(limit) < 0 {
			bad["x + p"] = refPoint{plus, ref.base.y}
		}
		if plus := new(big.Int).Add(ref.base.y, ref.p); plus.Cmp(limit) < 0 {
			bad["y + p"] = refPoint{ref.base.x, plus}
		}
		if ref.edwards {
			one := big.NewInt(1)
			order2 := refPoint{ref.offset, new(big.Int)}
			order4 := ref.fromUV(one, new(big.Int))
			bad["order 2"] = order2
			bad["order 4"] = order4
			bad["order 4, other"] = refPoint{order4.x, ref.neg(order4.y)}
			bad["order 2q"] = ref.add(ref.base, order2)
			bad["order 4q"] = ref.add(ref.base, order4)
			for name, p := range bad {
				if name[:2] == "or" && !ref.onCurve(p) {
					t.Fatalf("%s is not on the curve: this test shows nothing", name)
				}
			}
		}
		for name, p := range bad {
			if _, err := NewPublicKey(alg, c, append(le(p.x, size), le(p.y, size)...)); err != ErrPublicKey {
				t.Errorf("%s: %v, want ErrPublicKey", name, err)
			}
		}
		if _, err := NewPublicKey(alg, c, make([]byte, size)); err != ErrEncoding {
			t.Errorf("half a point: %v, want ErrEncoding", err)
		}
		good := append(le(ref.base.x, size), le(ref.base.y, size)...)
		if _, err := NewPublicKey(alg, c, good); err != nil {
			t.Errorf("the base point: %v", err)
		}
		for _, other := range []Algorithm{0, R34102012_256, R34102012_512, R34102001} {
			if _, err := NewPublicKey(other, c, good); (err == nil) != other.fits(c) {
				t.Errorf("%v on %s: %v", other, c.Name(), err)
			}
		}
	})
}

func TestPrivateKeyRange(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		size := c.Size()
		one := big.NewInt(1)
		for _, d := range []*big.Int{new(big.Int), ref.q, new(big.Int).Add(ref.q, one)} {
			if _, err := NewPrivateKey(c, le(d, size)); err != ErrPrivateKey {
				t.Errorf("d = %x: %v, want ErrPrivateKey", d, err)
			}
		}
		for _, d := range []*big.Int{one, new(big.Int).Sub(ref.q, one)} { // Q = P and Q = −P
			key, err := NewPrivateKey(c, le(d, size))
			if err != nil {
				t.Fatal(err)
			}
			sig, err := key.Sign(nil, testDigest(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := key.PublicKey().Verify(testDigest(c), sig); err != nil {
				t.Errorf("d = %x: %v", d, err)
			}
		}
		if _, err := NewPrivateKey(c, make([]byte, size-1)); err != ErrEncoding {
			t.Errorf("short: %v, want ErrEncoding", err)
		}
	})
}

func TestCurveByOID(t *testing.T) {
	for oid, want := range map[string]string{
		"1.2.643.2.2.35.0": "Test-256", "1.2.643.2.2.35.1": "CryptoPro-A", "1.2.643.2.2.35.2": "CryptoPro-B",
		"1.2.643.2.2.35.3": "CryptoPro-C", "1.2.643.2.2.36.0": "CryptoPro-A", "1.2.643.2.2.36.1": "CryptoPro-C",
		"1.2.643.7.1.2.1.1.1": "TC26-256-A", "1.2.643.7.1.2.1.1.2": "CryptoPro-A", "1.2.643.7.1.2.1.1.3": "CryptoPro-B",
		"1.2.643.7.1.2.1.1.4": "CryptoPro-C", "1.2.643.7.1.2.1.2.0": "Test-512", "1.2.643.7.1.2.1.2.1": "TC26-512-A",
		"1.2.643.7.1.2.1.2.2": "TC26-512-B", "1.2.643.7.1.2.1.2.3": "TC26-512-C",
	} {
		found := ""
		for _, c := range Curves() {
			for _, o := range c.OIDs() {
				if o.String() == oid {
					found = c.Name()
					if by, ok := CurveByOID(o); !ok || by != c {
						t.Errorf("CurveByOID(%s) = %v", oid, by)
					}
				}
			}
		}
		if found != want {
			t.Errorf("%s is %q, want %q", oid, found, want)
		}
	}
	if _, ok := CurveByOID(asn1.ObjectIdentifier{1, 2, 643, 2, 2, 35}); ok {
		t.Error("a prefix is taken for a curve")
	}
	for _, c := range Curves() {
		if c.Test() != (c.Name() == "Test-256" || c.Name() == "Test-512") {
			t.Errorf("%s: Test = %v", c.Name(), c.Test())
		}
	}
}
