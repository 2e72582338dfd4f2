package pki

import (
	"math/big"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// point reads an uncompressed point (SEC 1 §2.3.4) and checks that it is on
// the curve; with cofactor 1 that puts it in the right group.
func (c *weierstrass) point(b []byte) (*weierstrassKey, error) {
	size := (c.p.BitLen() + 7) / 8
	if len(b) != 1+2*size || b[0] != 4 {
		return nil, ErrKey
	}
	x, y := new(big.Int).SetBytes(b[1:1+size]), new(big.Int).SetBytes(b[1+size:])
	if x.Cmp(c.p) >= 0 || y.Cmp(c.p) >= 0 {
		return nil, ErrKey
	}
	rhs := new(big.Int).Mul(x, x)
	rhs.Add(rhs, c.a).Mul(rhs, x).Add(rhs, c.b).Mod(rhs, c.p)
	lhs := new(big.Int).Mul(y, y)
	if lhs.Mod(lhs, c.p).Cmp(rhs) != 0 {
		return nil, ErrKey
	}
	return &weierstrassKey{c, x, y}, nil
}

// verify is ECDSA verification (FIPS 186-5 §6.4.2) of an Ecdsa-Sig-Value.
func (k *weierstrassKey) verify(digest, sig []byte) bool {
	cur := asn1x.NewCursor(sig)
	seq := cur.Open("Ecdsa-Sig-Value", asn1x.Sequence)
	rb := seq.Next("r", asn1x.Integer).Body
	sb := seq.Next("s", asn1x.Integer).Body
	seq.End("Ecdsa-Sig-Value")
	cur.End("Ecdsa-Sig-Value")
	if cur.Err() != nil || !positiveDER(rb) || !positiveDER(sb) {
		return false
	}
	c := k.c
	r, s := new(big.Int).SetBytes(rb), new(big.Int).SetBytes(sb)
	if r.Sign() == 0 || s.Sign() == 0 || r.Cmp(c.n) >= 0 || s.Cmp(c.n) >= 0 {
		return false
	}
	if n := (c.n.BitLen() + 7) / 8; len(digest) > n {
		digest = digest[:n] // the orders here are whole octets long
	}
	e := new(big.Int).SetBytes(digest)
	w := new(big.Int).ModInverse(s, c.n)
	u1 := e.Mul(e, w)
	u1.Mod(u1, c.n)
	u2 := w.Mul(r, w)
	u2.Mod(u2, c.n)
	sum := c.mulAdd(u1, u2, jacobian{k.x, k.y, big.NewInt(1)})
	if sum.z.Sign() == 0 {
		return false
	}
	zi := new(big.Int).ModInverse(sum.z, c.p)
	x := zi.Mul(zi, zi)
	x.Mul(x, sum.x).Mod(x, c.p)
	return x.Mod(x, c.n).Cmp(r) == 0
}

// positiveDER reports whether body is a minimal non-negative INTEGER.
func positiveDER(body []byte) bool {
	return len(body) > 0 && body[0]&0x80 == 0 && (len(body) == 1 || body[0] != 0 || body[1]&0x80 != 0)
}

// jacobian is a point (x/z², y/z³); z = 0 is the point at infinity.
type jacobian struct{ x, y, z *big.Int }

func infinity() jacobian { return jacobian{big.NewInt(1), big.NewInt(1), new(big.Int)} }

// mulAdd returns u1·G + u2·q, both in one pass.
func (c *weierstrass) mulAdd(u1, u2 *big.Int, q jacobian) jacobian {
	g := jacobian{c.gx, c.gy, big.NewInt(1)}
	terms := [4]jacobian{{}, g, q, c.add(g, q)}
	out := infinity()
	for i := max(u1.BitLen(), u2.BitLen()) - 1; i >= 0; i-- {
		out = c.double(out)
		if t := u1.Bit(i) | u2.Bit(i)<<1; t != 0 {
			out = c.add(out, terms[t])
		}
	}
	return out
}

func (c *weierstrass) mod(z *big.Int) *big.Int { return z.Mod(z, c.p) }

func (c *weierstrass) times(a, b *big.Int) *big.Int { return c.mod(new(big.Int).Mul(a, b)) }

// double uses M = 3x² + a·z⁴, S = 4xy².
func (c *weierstrass) double(q jacobian) jacobian {
	if q.z.Sign() == 0 || q.y.Sign() == 0 {
		return infinity()
	}
	yy := c.times(q.y, q.y)
	s := c.times(q.x, yy)
	s.Lsh(s, 2)
	zz := c.times(q.z, q.z)
	m := c.times(q.x, q.x)
	m.Mul(m, big.NewInt(3)).Add(m, c.times(c.a, c.times(zz, zz)))
	c.mod(m)
	x := c.times(m, m)
	x.Sub(x, s).Sub(x, s)
	c.mod(x)
	y := s.Sub(s, x)
	y.Mul(y, m)
	y4 := c.times(yy, yy)
	y.Sub(y, y4.Lsh(y4, 3))
	z := c.times(q.y, q.z)
	return jacobian{x, c.mod(y), c.mod(z.Lsh(z, 1))}
}

func (c *weierstrass) add(p, q jacobian) jacobian {
	if p.z.Sign() == 0 {
		return q
	}
	if q.z.Sign() == 0 {
		return p
	}
	pz2, qz2 := c.times(p.z, p.z), c.times(q.z, q.z)
	u1, u2 := c.times(p.x, qz2), c.times(q.x, pz2)
	s1, s2 := c.times(p.y, c.times(qz2, q.z)), c.times(q.y, c.times(pz2, p.z))
	h := u2.Sub(u2, u1)
	r := s2.Sub(s2, s1)
	if c.mod(h).Sign() == 0 {
		if c.mod(r).Sign() == 0 {
			return c.double(p)
		}
		return infinity()
	}
	hh := c.times(h, h)
	hhh := c.times(hh, h)
	v := c.times(u1, hh)
	x := new(big.Int).Mul(r, r)
	x.Sub(x, hhh).Sub(x, v).Sub(x, v)
	c.mod(x)
	y := v.Sub(v, x)
	y.Mul(y, r).Sub(y, hhh.Mul(hhh, s1))
	return jacobian{x, c.mod(y), c.times(h, c.times(p.z, q.z))}
}
