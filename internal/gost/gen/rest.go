package gen

import "strings"

// fieldRest is the arithmetic that needs no unrolling.
const fieldRest = `
// setOne sets z = 1.
func (z *FE) setOne() { z.setWords(&words{1}) }

// neg sets z = −x mod p.
func (z *FE) neg(x *FE) { z.sub(&FE{}, x) }

// isZero reports whether x = 0, in time that depends only on the answer.
func (x *FE) isZero() bool {
	var or uint64
	CANON
	for _, v := range w {
		or |= v
	}
	return or == 0
}

// equal reports whether x = y.
func (x *FE) equal(y *FE) bool {
	var d FE
	d.sub(x, y)
	return d.isZero()
}

// pick sets z = x if mask is all ones and leaves it if mask is zero.
func (z *FE) pick(x *FE, mask uint64) {
	for i := range z {
		z[i] ^= (z[i] ^ x[i]) & mask
	}
}

// inv sets z = x⁻¹ = x^(p−2), or 0 for x = 0. The steps depend on p alone.
func (z *FE) inv(x *FE) {
	var pow [16]FE
	pow[0].setOne()
	for i := 1; i < 16; i++ {
		pow[i].mul(&pow[i-1], x)
	}
	e := pNAME
	e[0] -= 2 // p is odd and above 2
	r := pow[0]
	for i := NN*16 - 1; i >= 0; i-- {
		for range 4 {
			r.sqr(&r)
		}
		if d := e[i/16] >> (i % 16 * 4) & 15; d != 0 {
			r.mul(&r, &pow[d])
		}
	}
	*z = r
}
`

func (s *source) rest(f field) {
	canon := "w := x"
	if f.shape == minus {
		canon = "w := x.words()"
	}
	s.WriteString(strings.NewReplacer("CANON", canon, "FE", f.typ(), "NAME", f.name, "NN", string(rune('0'+f.n))).Replace(fieldRest))
}
