package gost3410

import "math/bits"

// Division steps of Bernstein and Yang ("Fast constant-time gcd computation and
// modular inversion", 2019), in batches on the lowest words. This is for public
// numbers: it takes the shortcuts that constant time would forbid.

// batch is the number of division steps that one matrix holds.
const batch = 62

// steps is the matrix (u v; q r) of a batch: the new f is (u·f + v·g)/2⁶² and
// the new g is (q·f + r·g)/2⁶². |u|+|v| and |q|+|r| are at most 2⁶².
type steps struct{ u, v, q, r int64 }

// A signed number of up to 9 words in two's complement; its user fixes the length.
type signed [9]uint64

// inverse returns x⁻¹ mod q for 0 < x < q.
func (m *modulus) inverse(x *words) words {
	n := m.n + 1
	var f, g, d, e, modulus signed
	copy(f[:], m.m[:m.n])
	copy(g[:], x[:m.n])
	modulus = f
	e[0] = 1
	// d·x ≡ f and e·x ≡ g (mod q) hold throughout.
	eta := int64(-1)
	for !g.isZero(n) {
		var t steps
		eta, t = divide(eta, f[0], g[0])
		var nf, ng signed
		nf.combine(&f, &g, t.u, t.v, n)
		ng.combine(&f, &g, t.q, t.r, n)
		nf.shift(n)
		ng.shift(n)
		f, g = nf, ng
		var nd, ne signed
		nd.combine(&d, &e, t.u, t.v, n)
		ne.combine(&d, &e, t.q, t.r, n)
		nd.divideMod(&modulus, m.inv, n)
		ne.divideMod(&modulus, m.inv, n)
		d, e = nd, ne
	}
	// f is ±1.
	if f.negative(n) && !d.isZero(n) {
		var zero signed
		zero.combine(&modulus, &d, 1, -1, n)
		d = zero
	}
	var out words
	copy(out[:m.n], d[:])
	return out
}

// divide makes 62 division steps on the lowest words of f, which is odd, and g.
func divide(eta int64, f, g uint64) (int64, steps) {
	u, v, q, r := int64(1), int64(0), int64(0), int64(1)
	left := batch
	for {
		zeros := min(bits.TrailingZeros64(g), left)
		g >>= zeros
		u <<= zeros
		v <<= zeros
		eta -= int64(zeros)
		left -= zeros
		if left == 0 {
			return eta, steps{u, v, q, r}
		}
		if eta < 0 {
			eta = -eta
			f, g = g, -f
			u, q = q, -u
			v, r = r, -v
		}
		// Up to eta+1 steps in a row would only add f to g: do as many at once as
		// zero the lowest bits of g, six at most. w = −g/f mod 64: for odd f,
		// f·f·(f²−2) = (f²−1)² − 1 and f²−1 is a multiple of 8.
		mask := uint64(1)<<min(eta+1, int64(left), 6) - 1
		w := g * f * (f*f - 2) & mask
		g += f * w
		q += u * int64(w)
		r += v * int64(w)
	}
}

// combine sets z = u·x + v·y.
func (z *signed) combine(x, y *signed, u, v int64, n int) {
	z.addMultiple(x, u, n)
	z.addMultiple(y, v, n)
}

// addMultiple sets z = z + k·x.
func (z *signed) addMultiple(x *signed, k int64, n int) {
	uk := uint64(k)
	var carry, c uint64
	for i := range n {
		h, l := bits.Mul64(uk, x[i])
		l, c = bits.Add64(l, carry, 0)
		h += c
		z[i], c = bits.Add64(z[i], l, 0)
		carry = h + c
	}
	if k < 0 { // uk is k + 2⁶⁴: take 2⁶⁴·x away
		var b uint64
		for i := 1; i < n; i++ {
			z[i], b = bits.Sub64(z[i], x[i-1], b)
		}
	}
}

// shift divides z by 2⁶².
func (z *signed) shift(n int) {
	for i := range n - 1 {
		z[i] = z[i]>>batch | z[i+1]<<(64-batch)
	}
	z[n-1] = uint64(int64(z[n-1]) >> batch)
}

// divideMod divides z by 2⁶² modulo q and brings it to 0…q−1. z is between
// −2⁶²·q and 2⁶²·q, so it is between −q and 2q after the division.
func (z *signed) divideMod(q *signed, inv uint64, n int) {
	z.addMultiple(q, int64(z[0]*inv&(1<<batch-1)), n) // inv = −q⁻¹: the lowest 62 bits become 0
	z.shift(n)
	if z.negative(n) {
		z.addMultiple(q, 1, n)
		return
	}
	less := *z
	less.addMultiple(q, -1, n)
	if !less.negative(n) {
		*z = less
	}
}

func (z *signed) negative(n int) bool { return int64(z[n-1]) < 0 }

func (z *signed) isZero(n int) bool {
	var or uint64
	for _, w := range z[:n] {
		or |= w
	}
	return or == 0
}
