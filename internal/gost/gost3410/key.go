package gost3410

import (
	"crypto"
	"crypto/subtle"
	"encoding/asn1"
	"io"
)

// An Algorithm is a signature standard and size. The zero value is none.
type Algorithm int

const (
	R34102012_256 Algorithm = iota + 1 // GOST R 34.10-2012, 256-bit keys, Streebog-256
	R34102012_512                      // GOST R 34.10-2012, 512-bit keys, Streebog-512
	R34102001                          // GOST R 34.10-2001 with GOST R 34.11-94, withdrawn
)

// String returns the name of the standard.
func (a Algorithm) String() string {
	switch a {
	case R34102012_256:
		return "GOST R 34.10-2012 256 bit"
	case R34102012_512:
		return "GOST R 34.10-2012 512 bit"
	case R34102001:
		return "GOST R 34.10-2001"
	}
	return "unknown"
}

// A PublicKey has been checked: it is a point of order q on its curve. It may
// be used by several goroutines at once.
type PublicKey struct {
	alg    Algorithm
	curve  *Curve
	set    asn1.ObjectIdentifier // the identifier the key came with
	digest asn1.ObjectIdentifier // digestParamSet, nil if absent
	x, y   words
	point  point
}

// NewPublicKey makes a key from its bytes as in a subjectPublicKey: x then y,
// both little-endian. Use it where the curve is known from elsewhere, such as a
// certificate that inherits its issuer's parameters. It returns ErrCurve if the
// curve does not belong to alg, ErrEncoding for a wrong length, ErrPublicKey.
func NewPublicKey(alg Algorithm, c *Curve, raw []byte) (*PublicKey, error) {
	if c == nil || !alg.fits(c) {
		return nil, ErrCurve
	}
	k := &PublicKey{alg: alg, curve: c, set: c.params.oids[0], digest: alg.digestFor(c.params.oids[0])}
	if err := k.setPoint(raw); err != nil {
		return nil, err
	}
	return k, nil
}

func (a Algorithm) fits(c *Curve) bool {
	switch a {
	case R34102012_256, R34102001:
		return c.Size() == 32
	case R34102012_512:
		return c.Size() == 64
	}
	return false
}

func (k *PublicKey) setPoint(raw []byte) error {
	size := k.curve.Size()
	if len(raw) != 2*size {
		return ErrEncoding
	}
	k.x.setLE(raw[:size])
	k.y.setLE(raw[size:])
	p := k.curve.params
	if !k.x.less(&p.p) || !k.y.less(&p.p) {
		return ErrPublicKey
	}
	var ok bool
	if k.point, ok = k.curve.group.load(&k.x, &k.y); !ok {
		return ErrPublicKey
	}
	return nil
}

// Algorithm returns the standard the key belongs to.
func (k *PublicKey) Algorithm() Algorithm { return k.alg }

// Curve returns the key's parameter set.
func (k *PublicKey) Curve() *Curve { return k.curve }

// Withdrawn reports whether the key's standard is no longer in force, as GOST R
// 34.10-2001, which GOST R 34.10-2012 replaced: a valid signature is then a
// historical one.
func (k *PublicKey) Withdrawn() bool { return k.alg == R34102001 }

// DigestSize returns the length in bytes of the digests the key signs.
func (k *PublicKey) DigestSize() int { return k.curve.Size() }

// Bytes returns x then y, both little-endian: the content of the OCTET STRING in
// a subjectPublicKey (RFC 9215 §4.3).
func (k *PublicKey) Bytes() []byte {
	size := k.curve.Size()
	out := make([]byte, 2*size)
	k.x.putLE(out[:size])
	k.y.putLE(out[size:])
	return out
}

// Equal reports whether x is a key of the same algorithm with the same point on
// the same curve, whatever name its curve was given.
func (k *PublicKey) Equal(x crypto.PublicKey) bool {
	o, ok := x.(*PublicKey)
	return ok && k.alg == o.alg && k.curve == o.curve && k.x == o.x && k.y == o.y
}

// A PrivateKey signs with GOST R 34.10-2012. It is a crypto.Signer and may be
// used by several goroutines at once.
type PrivateKey struct {
	pub PublicKey
	d   words
}

// NewPrivateKey makes a key from its number, little-endian, Size bytes long.
// It returns ErrEncoding for a wrong length and ErrPrivateKey for a number that
// is not in 1…q−1.
func NewPrivateKey(c *Curve, d []byte) (*PrivateKey, error) {
	if c == nil {
		return nil, ErrCurve
	}
	if len(d) != c.Size() {
		return nil, ErrEncoding
	}
	var w words
	w.setLE(d)
	alg := R34102012_256
	if c.Size() == 64 {
		alg = R34102012_512
	}
	set := c.params.oids[0]
	return newPrivateKey(PublicKey{alg: alg, curve: c, set: set, digest: alg.digestFor(set)}, &w)
}

func newPrivateKey(pub PublicKey, d *words) (*PrivateKey, error) {
	if d.isZero() || !d.less(&pub.curve.params.q.m) {
		return nil, ErrPrivateKey
	}
	k := &PrivateKey{pub: pub, d: *d}
	k.pub.x, k.pub.y = pub.curve.group.mulBase(*d)
	var ok bool
	if k.pub.point, ok = pub.curve.group.load(&k.pub.x, &k.pub.y); !ok {
		return nil, ErrPublicKey // unreachable unless memory or the arithmetic is broken
	}
	return k, nil
}

// GenerateKey makes a new key from bytes of rand, normally crypto/rand.Reader.
func GenerateKey(c *Curve, rand io.Reader) (*PrivateKey, error) {
	if c == nil {
		return nil, ErrCurve
	}
	// A random number is refused with probability below 3/4 for every curve, so
	// 512 refusals mean that rand is broken.
	const attempts = 512
	buf := make([]byte, c.Size())
	for range attempts {
		if _, err := io.ReadFull(rand, buf); err != nil {
			return nil, err
		}
		k, err := NewPrivateKey(c, buf)
		if err == ErrPrivateKey {
			continue
		}
		return k, err
	}
	return nil, ErrPrivateKey
}

// Public returns the *PublicKey.
func (k *PrivateKey) Public() crypto.PublicKey { return &k.pub }

// PublicKey returns the public half, typed.
func (k *PrivateKey) PublicKey() *PublicKey { return &k.pub }

// Equal reports whether x is the same private key, in constant time.
func (k *PrivateKey) Equal(x crypto.PrivateKey) bool {
	o, ok := x.(*PrivateKey)
	if !ok || !k.pub.Equal(&o.pub) {
		return false
	}
	var a, b [64]byte
	k.d.putLE(a[:])
	o.d.putLE(b[:])
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
