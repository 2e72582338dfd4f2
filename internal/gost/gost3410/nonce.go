package gost3410

import (
	"crypto/hmac"
	"crypto/sha512"
	"hash"
)

// nonces is the generator of RFC 6979 §3.2 with HMAC-SHA-512 and, as its §3.6
// allows, fresh random bytes added to the seed: with them a nonce is as good as
// random, without them it is still as good as secret. SHA-512 because it is
// fast in the standard library; the choice does not show in a signature.
type nonces struct {
	k     hash.Hash // HMAC with the key K
	v     []byte
	order *words
	size  int
	shift uint // bits of the top word above q
}

// nonces seeds a generator with the key, the curve, a digest and fresh random
// bytes or none. The curve is in the seed because one number may be a key on
// several: with the same nonce on two of them its signatures would be two
// equations in two unknowns, which are the nonce and the key.
func (k *PrivateKey) nonces(digest, fresh []byte) *nonces {
	curve := append([]byte(k.pub.curve.params.name), 0) // no name has a 0
	return newNonces(&k.pub.curve.params.q, &k.d, digest, append(curve, fresh...))
}

// newNonces seeds a generator of numbers below q with the private key d, a
// digest and fresh random bytes or none.
func newNonces(q *modulus, d *words, digest, fresh []byte) *nonces {
	g := &nonces{v: make([]byte, sha512.Size), order: &q.m, size: 8 * q.n}
	for i := range g.v {
		g.v[i] = 1
	}
	for g.order[g.size/8-1]>>(63-g.shift) == 0 {
		g.shift++
	}
	secret := make([]byte, g.size)
	d.putBE(secret)
	g.k = hmac.New(sha512.New, make([]byte, sha512.Size))
	for _, step := range []byte{0, 1} {
		g.rekey([]byte{step}, secret, digest, fresh)
	}
	clear(secret)
	return g
}

// rekey sets K = HMAC(K, V ‖ parts) and V = HMAC(K, V).
func (g *nonces) rekey(parts ...[]byte) {
	g.k.Write(g.v)
	for _, p := range parts {
		g.k.Write(p)
	}
	g.k = hmac.New(sha512.New, g.k.Sum(nil))
	g.step()
}

// step sets V = HMAC(K, V).
func (g *nonces) step() {
	g.k.Write(g.v)
	g.v = g.k.Sum(g.v[:0])
	g.k.Reset()
}

// next returns a nonce in 1…q−1. A candidate that is out of range is thrown
// away, which tells nothing about the one that is used.
func (g *nonces) next() (n words) {
	for {
		g.step()
		n.setBE(g.v[:g.size])
		top := g.size/8 - 1
		n.shiftRight(g.shift, top)
		if !n.isZero() && n.less(g.order) {
			return n
		}
		g.rekey([]byte{0})
	}
}

// shiftRight divides the words up to top by 2^s for s < 64.
func (w *words) shiftRight(s uint, top int) {
	for i := range top {
		w[i] = w[i]>>s | w[i+1]<<(64-s)
	}
	w[top] >>= s
}
