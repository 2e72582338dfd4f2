package gost3410

// Verify checks a signature over a digest: RFC 7091 §6.2 (ГОСТ Р 34.10-2012
// §6.2). It returns nil if it is valid, ErrDigest if the digest's length is not
// DigestSize, and ErrSignature otherwise. It does not allocate.
func (k *PublicKey) Verify(digest, signature []byte) error {
	p := k.curve.params
	size := k.curve.Size()
	if len(digest) != size {
		return ErrDigest
	}
	if len(signature) != 2*size {
		return ErrSignature
	}
	var s, r words
	s.setBE(signature[:size])
	r.setBE(signature[size:])
	// Step 1: 0 < r < q and 0 < s < q.
	if s.isZero() || r.isZero() || !s.less(&p.q.m) || !r.less(&p.q.m) {
		return ErrSignature
	}
	e := p.q.digestNumber(digest)
	v := p.q.fromMont(&e)
	v = p.q.inverse(&v)
	v = p.q.toMont(&v)
	// z1 = s·v, z2 = −r·v.
	var z1, z2 words
	p.q.mul(&z1, &s, &v)
	p.q.mul(&z2, &r, &v)
	p.q.neg(&z2, &z2)
	if !k.curve.group.check(z1, z2, r, k.point) {
		return ErrSignature
	}
	return nil
}

// digestNumber returns e in Montgomery form: the digest as a little-endian
// number modulo q, or 1 if that is 0 (RFC 7091 §6.1, step 2).
func (m *modulus) digestNumber(digest []byte) words {
	var h words
	h.setLE(digest)
	e := m.toMont(&h)
	if e.isZero() {
		e = m.toMont(&words{1})
	}
	return e
}
