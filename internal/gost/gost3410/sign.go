package gost3410

import (
	"crypto"
	"io"
)

// Sign signs a digest of DigestSize bytes: RFC 7091 §6.1 (ГОСТ Р 34.10-2012
// §6.1). The result is s‖r, both big-endian.
//
// The nonce is derived from the key, its curve, the digest and 32 bytes of rand,
// so a weak or repeated rand does not reveal the key; rand may be nil, and then
// signatures are deterministic. opts may be nil; its HashFunc must be 0, for package crypto
// has no number for Streebog. Errors: ErrDigest, ErrWithdrawn for a key of 2001,
// and those of rand.
func (k *PrivateKey) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts != nil && opts.HashFunc() != 0 || len(digest) != k.pub.DigestSize() {
		return nil, ErrDigest
	}
	if k.pub.Withdrawn() {
		return nil, ErrWithdrawn
	}
	var fresh []byte
	if rand != nil {
		fresh = make([]byte, 32)
		if _, err := io.ReadFull(rand, fresh); err != nil {
			return nil, err
		}
	}
	nonces := k.nonces(digest, fresh)
	for {
		n := nonces.next()
		if sig, ok := k.signWith(&n, digest); ok {
			return sig, nil
		}
	}
}

// signWith signs with the nonce n, 0 < n < q. It reports false in the case, of
// probability 2⁻²⁵⁴, that another nonce is needed.
func (k *PrivateKey) signWith(n *words, digest []byte) ([]byte, bool) {
	q := &k.pub.curve.params.q
	e := q.digestNumber(digest)
	x, _ := k.pub.curve.group.mulBase(*n)
	r := q.toMont(&x) // x may exceed q
	r = q.fromMont(&r)
	d := q.toMont(&k.d)
	var s, t words
	q.mul(&s, &r, &d)
	q.mul(&t, n, &e)
	q.add(&s, &s, &t)
	if r.isZero() || s.isZero() {
		return nil, false
	}
	size := k.pub.curve.Size()
	sig := make([]byte, 2*size)
	s.putBE(sig[:size])
	r.putBE(sig[size:])
	return sig, true
}
