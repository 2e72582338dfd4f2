package gost3410

import (
	"math/big"
	"os"
	"strings"
	"sync"
	"testing"
)

// refCurve is GOST R 34.10 written down once more, slowly, with math/big and
// affine formulas, from its own copy of the parameters. It shares nothing with
// the code under test.
type refCurve struct {
	name          string
	p, a, b, q    *big.Int
	base          refPoint
	edwards       bool
	d, eu, ev     *big.Int // the Edwards form as printed
	scale, offset *big.Int // s and t of RFC 7836 §5.2
}

// refPoint is infinity if x is nil.
type refPoint struct{ x, y *big.Int }

var refCurves = sync.OnceValue(func() map[string]*refCurve {
	text, err := os.ReadFile("testdata/curves.txt")
	if err != nil {
		panic(err)
	}
	out := map[string]*refCurve{}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		var n []*big.Int
		for _, s := range f[2:] {
			v, ok := new(big.Int).SetString(s, 16)
			if !ok {
				panic(line)
			}
			n = append(n, v)
		}
		c := &refCurve{name: f[1], p: n[0]}
		switch f[0] {
		case "weierstrass":
			c.a, c.b, c.q, c.base = n[1], n[2], n[3], refPoint{n[4], n[5]}
		case "edwards":
			c.edwards, c.d, c.q, c.eu, c.ev = true, n[1], n[2], n[3], n[4]
			c.fromEdwards()
		default:
			panic(line)
		}
		out[c.name] = c
	}
	return out
})

func (c *refCurve) mod(v *big.Int) *big.Int    { return v.Mod(v, c.p) }
func (c *refCurve) mul(a, b *big.Int) *big.Int { return c.mod(new(big.Int).Mul(a, b)) }
func (c *refCurve) inv(a *big.Int) *big.Int    { return new(big.Int).ModInverse(a, c.p) }
func (c *refCurve) sum(v ...*big.Int) *big.Int {
	s := new(big.Int)
	for _, x := range v {
		s.Add(s, x)
	}
	return c.mod(s)
}
func (c *refCurve) neg(a *big.Int) *big.Int { return c.mod(new(big.Int).Neg(a)) }

// fromEdwards sets a, b and the base point by RFC 7836 §5.2 with e = 1:
// s = (e−d)/4, t = (e+d)/6, a = s² − 3t², b = 2t³ − ts².
func (c *refCurve) fromEdwards() {
	one := big.NewInt(1)
	s := c.mul(c.sum(one, c.neg(c.d)), c.inv(big.NewInt(4)))
	t := c.mul(c.sum(one, c.d), c.inv(big.NewInt(6)))
	ss, tt := c.mul(s, s), c.mul(t, t)
	c.a = c.sum(ss, c.neg(c.mul(big.NewInt(3), tt)))
	c.b = c.sum(c.mul(big.NewInt(2), c.mul(tt, t)), c.neg(c.mul(t, ss)))
	c.scale, c.offset = s, t
	c.base = c.fromUV(c.eu, c.ev)
}

func (c *refCurve) fromUV(u, v *big.Int) refPoint {
	one := big.NewInt(1)
	w := c.mul(c.scale, c.mul(c.sum(one, v), c.inv(c.sum(one, c.neg(v)))))
	return refPoint{c.sum(w, c.offset), c.mul(w, c.inv(u))}
}

func (c *refCurve) onCurve(p refPoint) bool {
	r := c.sum(c.mul(p.x, c.mul(p.x, p.x)), c.mul(c.a, p.x), c.b)
	return c.mul(p.y, p.y).Cmp(r) == 0
}

func (c *refCurve) add(p, q refPoint) refPoint {
	if p.x == nil {
		return q
	}
	if q.x == nil {
		return p
	}
	var l *big.Int
	if p.x.Cmp(q.x) == 0 {
		if c.sum(p.y, q.y).Sign() == 0 {
			return refPoint{}
		}
		l = c.mul(c.sum(c.mul(big.NewInt(3), c.mul(p.x, p.x)), c.a), c.inv(c.sum(p.y, p.y)))
	} else {
		l = c.mul(c.sum(q.y, c.neg(p.y)), c.inv(c.sum(q.x, c.neg(p.x))))
	}
	x := c.sum(c.mul(l, l), c.neg(p.x), c.neg(q.x))
	return refPoint{x, c.sum(c.mul(l, c.sum(p.x, c.neg(x))), c.neg(p.y))}
}

func (c *refCurve) times(k *big.Int, p refPoint) (r refPoint) {
	for i := k.BitLen() - 1; i >= 0; i-- {
		r = c.add(r, r)
		if k.Bit(i) == 1 {
			r = c.add(r, p)
		}
	}
	return r
}

// sign and verify follow RFC 7091 §6 with e given.
func (c *refCurve) sign(d, k, e *big.Int) (r, s *big.Int) {
	r = new(big.Int).Mod(c.times(k, c.base).x, c.q)
	s = new(big.Int).Add(new(big.Int).Mul(r, d), new(big.Int).Mul(k, e))
	return r, s.Mod(s, c.q)
}

func (c *refCurve) verify(q refPoint, e, r, s *big.Int) bool {
	if r.Sign() <= 0 || s.Sign() <= 0 || r.Cmp(c.q) >= 0 || s.Cmp(c.q) >= 0 {
		return false
	}
	v := new(big.Int).ModInverse(e, c.q)
	z1 := new(big.Int).Mul(s, v)
	z2 := new(big.Int).Mul(r, v)
	z1.Mod(z1, c.q)
	z2.Mod(z2.Neg(z2), c.q)
	p := c.add(c.times(z1, c.base), c.times(z2, q))
	return p.x != nil && new(big.Int).Mod(p.x, c.q).Cmp(r) == 0
}

// number is e for a digest.
func (c *refCurve) number(digest []byte) *big.Int {
	e := bigLE(digest)
	if e.Mod(e, c.q).Sign() == 0 {
		e.SetInt64(1)
	}
	return e
}

func bigLE(b []byte) *big.Int {
	r := make([]byte, len(b))
	for i, v := range b {
		r[len(b)-1-i] = v
	}
	return new(big.Int).SetBytes(r)
}

func toWords(v *big.Int) (w words) {
	w.setBE(v.FillBytes(make([]byte, 64)))
	return w
}

func fromWords(w words) *big.Int {
	b := make([]byte, 64)
	w.putBE(b)
	return new(big.Int).SetBytes(b)
}

// le writes v little-endian in size bytes.
func le(v *big.Int, size int) []byte {
	out := make([]byte, size)
	w := toWords(v)
	w.putLE(out)
	return out
}

// signature writes s‖r.
func signature(r, s *big.Int, size int) []byte {
	out := make([]byte, 2*size)
	s.FillBytes(out[:size])
	r.FillBytes(out[size:])
	return out
}

// eachCurve runs f for every curve, with its reference.
func eachCurve(t *testing.T, f func(t *testing.T, c *Curve, ref *refCurve)) {
	for _, c := range curves {
		ref := refCurves()[c.Name()]
		if ref == nil {
			t.Fatalf("no reference for %s", c.Name())
		}
		t.Run(c.Name(), func(t *testing.T) { f(t, c, ref) })
	}
}
