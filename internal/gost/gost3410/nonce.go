package gost3410

import (
	"crypto/hmac"
	"crypto/sha512"
)

// nonces is the generator of RFC 6979 §3.2 with HMAC-SHA-512 and, as its §3.6
// allows, fresh random bytes added to the seed: with them a nonce is as good as
// random, without them it is still as good as secret. SHA-512 because it is
// fast in the standard library; the choice does not show in a signature.
type nonces struct {
	k, v  []byte
	order *words
	size  int
	shift uint // bits of the top word above q
}

// newNonces seeds a generator of numbers below q with the private key d, a
// digest and fresh random bytes or none.
func newNonces(q *modulus, d *words, digest, fresh []byte) *nonces {
	g := &nonces{k: make([]byte, sha512.Size), v: make([]byte, sha512.Size), order: &q.m, size: 8 * q.n}
	for i := range g.v {
		g.v[i] = 1
	}
	for g.order[g.size/8-1]>>(63-g.shift) == 0 {
		g.shift++
	}
	secret := make([]byte, g.size)
	d.putBE(secret)
	for _, step := range []byte{0, 1} {
		g.k = g.mac(g.v, []byte{step}, secret, digest, fresh)
		g.v = g.mac(g.v)
	}
	clear(secret)
	return g
}

func (g *nonces) mac(parts ...[]byte) []byte {
	h := hmac.New(sha512.New, g.k)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// next returns a nonce in 1…q−1. A candidate that is out of range is thrown
// away, which tells nothing about the one that is used.
func (g *nonces) next() (n words) {
	for {
		g.v = g.mac(g.v)
		n.setBE(g.v[:g.size])
		top := g.size/8 - 1
		n.shiftRight(g.shift, top)
		if !n.isZero() && n.less(g.order) {
			return n
		}
		g.k = g.mac(g.v, []byte{0})
		g.v = g.mac(g.v)
	}
}

// shiftRight divides the words up to top by 2^s for s < 64.
func (w *words) shiftRight(s uint, top int) {
	for i := range top {
		w[i] = w[i]>>s | w[i+1]<<(64-s)
	}
	w[top] >>= s
}
