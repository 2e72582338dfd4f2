package gost3412

import "crypto/cipher"

// linear are the coefficients of the transformation ℓ, RFC 7801 §4.2.
var linear = [16]byte{148, 32, 133, 16, 194, 192, 1, 251, 1, 192, 194, 16, 133, 32, 148, 1}

// kuznyechik is RFC 7801 with its ten round keys.
type kuznyechik struct{ k [10][16]byte }

func newKuznyechik(key *[KeySize]byte) cipher.Block {
	var c kuznyechik
	copy(c.k[0][:], key[:16])
	copy(c.k[1][:], key[16:])
	a, b := c.k[0], c.k[1]
	for i := 1; i <= 32; i++ { // §4.3: F[C_i], C_i = L(i)
		r := [16]byte{15: byte(i)}
		lin(&r)
		xorBlock(&r, &a)
		substitute(&r)
		lin(&r)
		xorBlock(&r, &b)
		a, b = r, a
		if i%8 == 0 {
			c.k[i/4], c.k[i/4+1] = a, b
		}
	}
	return &c
}

func (*kuznyechik) BlockSize() int { return 16 }

func (c *kuznyechik) Encrypt(dst, src []byte) {
	b := [16]byte(src[:16])
	for i := range 9 {
		xorBlock(&b, &c.k[i])
		substitute(&b)
		lin(&b)
	}
	xorBlock(&b, &c.k[9])
	copy(dst, b[:])
}

func (c *kuznyechik) Decrypt(dst, src []byte) {
	b := [16]byte(src[:16])
	xorBlock(&b, &c.k[9])
	for i := 8; i >= 0; i-- {
		unlin(&b)
		for j, v := range b {
			b[j] = inverse(v)
		}
		xorBlock(&b, &c.k[i])
	}
	copy(dst, b[:])
}

func xorBlock(a, b *[16]byte) {
	for i := range a {
		a[i] ^= b[i]
	}
}

func substitute(a *[16]byte) {
	for i, v := range a {
		a[i] = pi[v]
	}
}

// inverse finds the argument of pi; only decryption of blocks needs it, and the
// modes here have none.
func inverse(v byte) byte {
	for i, w := range pi {
		if w == v {
			return byte(i)
		}
	}
	return 0
}

// lin is L: sixteen times R, which shifts ℓ in at the front.
func lin(a *[16]byte) {
	for range 16 {
		var l byte
		for i, v := range a {
			l ^= multiply(v, linear[i])
		}
		copy(a[1:], a[:15])
		a[0] = l
	}
}

func unlin(a *[16]byte) {
	for range 16 {
		first := a[0]
		copy(a[:], a[1:])
		a[15] = first
		var l byte
		for i, v := range a {
			l ^= multiply(v, linear[i])
		}
		a[15] = l
	}
}

// multiply in GF(2)[x]/(x⁸+x⁷+x⁶+x+1), §4.1.2.
func multiply(a, b byte) (p byte) {
	for ; b != 0; b >>= 1 {
		if b&1 != 0 {
			p ^= a
		}
		carry := a >> 7
		a = a<<1 ^ carry*0xc3
	}
	return p
}
