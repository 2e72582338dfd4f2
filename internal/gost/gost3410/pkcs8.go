package gost3410

import (
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// maxMasks bounds the masks of a masked key; the software that writes them uses one.
const maxMasks = 8

// ParsePKCS8PrivateKey reads a PKCS#8 PrivateKeyInfo of GOST R 34.10-2012 in any
// of the forms that OpenSSL's gost engine writes or reads: the number
// little-endian, bare or in an OCTET STRING, or as an INTEGER; and masked keys,
// K·M₁⁻¹…Mₙ⁻¹ ‖ M₁ ‖ … ‖ Mₙ (Р 50.1.112-2016). Attributes and a public key after
// it are skipped. Errors: ErrEncoding, ErrAlgorithm, ErrCurve, ErrNoParameters,
// ErrPrivateKey, and ErrWithdrawn for keys of 2001.
func ParsePKCS8PrivateKey(der []byte) (*PrivateKey, error) {
	in := cryptobyte.String(der)
	var info, key cryptobyte.String
	var version int64
	if !in.ReadASN1(&info, casn1.SEQUENCE) || !in.Empty() ||
		!info.ReadASN1Integer(&version) || version < 0 || version > 1 {
		return nil, ErrEncoding
	}
	pub, err := readAlgorithm(&info)
	if err != nil {
		return nil, err
	}
	if pub.alg == R34102001 {
		return nil, ErrWithdrawn
	}
	if !info.ReadASN1(&key, casn1.OCTET_STRING) {
		return nil, ErrEncoding
	}
	var skip cryptobyte.String
	for tag := range casn1.Tag(2) { // [0] attributes, [1] publicKey (RFC 5958 §2)
		var present bool
		if !info.ReadOptionalASN1(&skip, &present, tag.Constructed().ContextSpecific()) ||
			!info.ReadOptionalASN1(&skip, &present, tag.ContextSpecific()) {
			return nil, ErrEncoding
		}
	}
	if !info.Empty() {
		return nil, ErrEncoding
	}
	d, err := pub.readScalar(key)
	if err != nil {
		return nil, err
	}
	return newPrivateKey(pub, &d)
}

// readScalar reads the content of the privateKey field. A bare number is told
// from a wrapped one by its length, which no wrapped one has.
func (k *PublicKey) readScalar(key cryptobyte.String) (d words, err error) {
	size := k.curve.Size()
	if len(key)%size == 0 && len(key) > 0 {
		return k.unmask(key)
	}
	var inner cryptobyte.String
	rest := key
	switch {
	case rest.ReadASN1(&inner, casn1.OCTET_STRING) && rest.Empty():
		return k.unmask(inner)
	case key.PeekASN1Tag(casn1.INTEGER):
		raw := make([]byte, 0, size)
		if !key.ReadASN1Integer(&raw) || !key.Empty() || len(raw) > size {
			return d, ErrEncoding
		}
		d.setBE(append(make([]byte, size-len(raw), size), raw...))
		return d, nil
	case key.PeekASN1Tag(casn1.SEQUENCE):
		// MaskedGostKey ::= SEQUENCE { masked key OCTET STRING, public key OCTET STRING }
		var seq, public cryptobyte.String
		if !key.ReadASN1(&seq, casn1.SEQUENCE) || !key.Empty() ||
			!seq.ReadASN1(&inner, casn1.OCTET_STRING) ||
			!seq.ReadOptionalASN1(&public, new(bool), casn1.OCTET_STRING) || !seq.Empty() {
			return d, ErrEncoding
		}
		return k.unmask(inner)
	}
	return d, ErrEncoding
}

// unmask multiplies the masked number by its masks, if there are any.
func (k *PublicKey) unmask(b []byte) (d words, err error) {
	size := k.curve.Size()
	if len(b) == 0 || len(b)%size != 0 || len(b)/size > 1+maxMasks {
		return d, ErrEncoding
	}
	d.setLE(b[:size])
	q := &k.curve.params.q
	for b = b[size:]; len(b) > 0; b = b[size:] {
		var m words
		m.setLE(b[:size])
		m = q.toMont(&m)
		q.mul(&d, &d, &m)
	}
	return d, nil
}

// MarshalPKCS8PrivateKey returns the key as a PrivateKeyInfo with the number
// little-endian and bare, as OpenSSL's gost engine writes it.
func MarshalPKCS8PrivateKey(k *PrivateKey) ([]byte, error) {
	d := make([]byte, k.pub.curve.Size())
	k.d.putLE(d)
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		k.pub.addAlgorithm(b)
		b.AddASN1OctetString(d)
	})
	return b.Bytes()
}
