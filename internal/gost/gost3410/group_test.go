package gost3410

import (
	"math/big"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gen"
	"github.com/vidimus/vidimus/internal/gost/gosttest"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	gosttest.Current(t, gen.GOST3410)
}

// The parameters in the code are those of the RFCs, the Edwards curves' after
// the map to Weierstrass form, and make a group of order q.
func TestParameters(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		p := c.params
		for name, v := range map[string][2]*big.Int{
			"a": {fromWords(p.aWords), ref.a}, "b": {fromWords(p.bWords), ref.b},
			"x": {fromWords(p.xWords), ref.base.x}, "y": {fromWords(p.yWords), ref.base.y},
		} {
			if v[0].Cmp(v[1]) != 0 {
				t.Errorf("%s is %x, want %x", name, v[0], v[1])
			}
		}
		if !ref.onCurve(ref.base) || ref.times(ref.q, ref.base).x != nil {
			t.Error("the base point has not the order q")
		}
		if !ref.p.ProbablyPrime(20) || !ref.q.ProbablyPrime(20) {
			t.Error("p or q is not prime")
		}
		if ref.edwards {
			// The addition law is complete because d is not a square.
			if big.Jacobi(ref.d, ref.p) != -1 {
				t.Error("d is a square")
			}
		}
	})
}

func TestMulBase(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		random := rand.New(rand.NewPCG(13, 13))
		var values []*big.Int
		for i := range int64(20) {
			values = append(values, big.NewInt(i+1), big.NewInt(-i-1))
		}
		for i := range uint(4) {
			values = append(values, new(big.Int).Lsh(big.NewInt(8), 16*i), randomBelow(random, ref.q))
		}
		for _, k := range values {
			want := ref.times(new(big.Int).Abs(k), ref.base)
			if k.Sign() < 0 {
				want.y = ref.neg(want.y)
				k.Add(k, ref.q)
			}
			x, y := c.group.mulBase(toWords(k))
			if fromWords(x).Cmp(want.x) != 0 || fromWords(y).Cmp(want.y) != 0 {
				t.Fatalf("%x·P = (%x, %x), want (%x, %x)", k, fromWords(x), fromWords(y), want.x, want.y)
			}
		}
	})
}

// The joint ladder of the verification, with Q = ±P, ±2P … and small factors,
// meets doubling, opposite points and infinity at every step.
func TestCheckSpecialCases(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		order := ref.q
		for _, m := range []int64{1, -1, 2, -3, 15} {
			dlog := new(big.Int).Mod(big.NewInt(m), order)
			q := ref.times(dlog, ref.base)
			qx, qy := toWords(q.x), toWords(q.y)
			point, ok := c.group.load(&qx, &qy)
			if !ok {
				t.Fatal("point refused")
			}
			for _, z1 := range []int64{0, 1, 2, 15, 17, 127, -1, -2} {
				for _, z2 := range []int64{0, 1, 2, 5, 15, -1, -2} {
					w1 := new(big.Int).Mod(big.NewInt(z1), order)
					w2 := new(big.Int).Mod(big.NewInt(z2), order)
					want := ref.times(big.NewInt(max(z1+z2*m, -z1-z2*m)), ref.base) // the sign does not change x
					r := big.NewInt(1)
					if want.x != nil {
						r.Mod(want.x, order)
					}
					got := c.group.check(toWords(w1), toWords(w2), toWords(r), point)
					if got != (want.x != nil) {
						t.Fatalf("%d·P + %d·(%d·P): check = %v", z1, z2, m, got)
					}
					r.Add(r, big.NewInt(1)).Mod(r, order)
					if want.x != nil && c.group.check(toWords(w1), toWords(w2), toWords(r), point) {
						t.Fatalf("%d·P + %d·(%d·P): accepts a wrong r", z1, z2, m)
					}
				}
			}
		}
	})
}

func TestCheckRandom(t *testing.T) {
	eachCurve(t, func(t *testing.T, c *Curve, ref *refCurve) {
		random := rand.New(rand.NewPCG(17, 17))
		for range 15 {
			q := ref.times(randomBelow(random, ref.q), ref.base)
			qx, qy := toWords(q.x), toWords(q.y)
			point, ok := c.group.load(&qx, &qy)
			if !ok {
				t.Fatal("point refused")
			}
			z1, z2 := randomBelow(random, ref.q), randomBelow(random, ref.q)
			sum := ref.add(ref.times(z1, ref.base), ref.times(z2, q))
			r := new(big.Int).Mod(sum.x, ref.q)
			if !c.group.check(toWords(z1), toWords(z2), toWords(r), point) {
				t.Fatalf("check(%x, %x, %x) = false", z1, z2, r)
			}
			if c.group.check(toWords(z1), toWords(z2), toWords(randomBelow(random, ref.q)), point) {
				t.Fatal("accepts a random r")
			}
		}
	})
}

// A fresh group builds its tables once, whoever comes first.
func TestConcurrentSetup(t *testing.T) {
	groups := []group{
		&group256a{params: &paramsCryptoProA}, &group256b{params: &paramsCryptoProB},
		&group256c{params: &paramsCryptoProC}, &group256t{params: &paramsTest256},
		&edwards256a{params: &paramsTC26256A}, &group512a{params: &paramsTC26512A},
		&group512b{params: &paramsTC26512B}, &edwards512a{params: &paramsTC26512C}, &group512t{params: &paramsTest512},
	}
	var wg sync.WaitGroup
	for _, g := range groups {
		for range 4 {
			wg.Go(func() {
				x, y := g.mulBase(words{5})
				q, ok := g.load(&x, &y)
				if !ok {
					t.Error("5·P is refused")
				}
				// 5P·3 + 2P = 17P, whose x is compared with itself.
				wx, _ := g.mulBase(words{17})
				if !g.check(words{2}, words{3}, wx, q) {
					t.Error("2P + 3·5P is not 17P")
				}
			})
		}
	}
	wg.Wait()
}
