package gost3410

import (
	"bytes"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// maxMasks bounds the masks of a masked key; the software that writes them uses one.
const maxMasks = 8

// ParsePKCS8PrivateKey reads a PKCS#8 PrivateKeyInfo of GOST R 34.10-2012 in any
// of the forms that OpenSSL's gost engine writes or reads: the number
// little-endian, bare or in an OCTET STRING, or as an INTEGER; and masked keys,
// K·M₁⁻¹…Mₙ⁻¹ ‖ M₁ ‖ … ‖ Mₙ (Р 50.1.112-2016). A public key beside it (RFC 5958 §2)
// must be its own; attributes are skipped. Errors: ErrEncoding, ErrAlgorithm,
// ErrCurve, ErrNoParameters, ErrPrivateKey, ErrPair, ErrAmbiguous, and
// ErrWithdrawn for keys of 2001.
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
	readings, stated, err := pub.readScalar(key)
	if err != nil {
		return nil, err
	}
	beside, err := pub.readPublic(&info)
	if err != nil {
		return nil, err
	}
	return pub.fitting(readings, append(stated, beside...))
}

// readPublic reads what may follow the private key: [0] attributes and [1]
// publicKey, a BIT STRING. It returns the points stated, none or one.
func (k *PublicKey) readPublic(info *cryptobyte.String) (stated [][]byte, err error) {
	var skip, bits cryptobyte.String
	var implicit, explicit bool
	attributes, public := casn1.Tag(0).ContextSpecific(), casn1.Tag(1).ContextSpecific()
	if !info.ReadOptionalASN1(&skip, new(bool), attributes.Constructed()) ||
		!info.ReadOptionalASN1(&skip, new(bool), attributes) ||
		!info.ReadOptionalASN1(&bits, &explicit, public.Constructed()) ||
		explicit && (!bits.ReadASN1(&bits, casn1.BIT_STRING)) ||
		!explicit && !info.ReadOptionalASN1(&bits, &implicit, public) ||
		!info.Empty() {
		return nil, ErrEncoding
	}
	if !explicit && !implicit {
		return nil, nil
	}
	// The keys in the containers of RFC 9548 App. A claim one unused bit and use it.
	var unused uint8
	if !bits.ReadUint8(&unused) || unused > 7 {
		return nil, ErrEncoding
	}
	point, err := k.readPoint(bits)
	return [][]byte{point}, err
}

// readPoint takes a point bare or, as in a SubjectPublicKeyInfo, in an OCTET STRING.
func (k *PublicKey) readPoint(b cryptobyte.String) ([]byte, error) {
	var inner cryptobyte.String
	whole := b
	if len(b) != 2*k.curve.Size() {
		if !whole.ReadASN1(&inner, casn1.OCTET_STRING) || !whole.Empty() || len(inner) != 2*k.curve.Size() {
			return nil, ErrEncoding
		}
		b = inner
	}
	return b, nil
}

// fitting returns the private key whose public one is as stated.
func (k *PublicKey) fitting(readings []words, stated [][]byte) (found *PrivateKey, err error) {
	for i := range readings {
		key, e := newPrivateKey(*k, &readings[i])
		if e == nil && slices.ContainsFunc(stated, func(p []byte) bool { return !bytes.Equal(p, key.pub.Bytes()) }) {
			e = ErrPair
		}
		switch {
		case e != nil:
			err = e
		case found != nil && !found.Equal(key):
			return nil, ErrAmbiguous
		default:
			found = key
		}
	}
	if found != nil {
		return found, nil
	}
	return nil, err
}

// readScalar reads the content of the privateKey field, and the point that some
// put beside it. A number of Size bytes is bare, but an INTEGER two bytes shorter
// has, with its tag and length, that size as well: such a field has two readings.
// All other forms differ from bare and masked numbers in length.
func (k *PublicKey) readScalar(key cryptobyte.String) (readings []words, stated [][]byte, err error) {
	size := k.curve.Size()
	var d words
	integer, isInteger := k.readInteger(key)
	if len(key)%size == 0 && len(key) > 0 {
		if d, err = k.unmask(key); err != nil {
			return nil, nil, err
		}
		readings = append(readings, d)
		if isInteger {
			readings = append(readings, integer)
		}
		return readings, nil, nil
	}
	if isInteger {
		return []words{integer}, nil, nil
	}
	var seq, inner, public cryptobyte.String
	var present bool
	rest := key
	switch {
	case rest.ReadASN1(&inner, casn1.OCTET_STRING) && rest.Empty():
	case key.ReadASN1(&seq, casn1.SEQUENCE) && key.Empty() &&
		// MaskedGostKey ::= SEQUENCE { masked key OCTET STRING, public key OCTET STRING }
		seq.ReadASN1(&inner, casn1.OCTET_STRING) && seq.ReadOptionalASN1(&public, &present, casn1.OCTET_STRING) && seq.Empty():
	default:
		return nil, nil, ErrEncoding
	}
	if present {
		point, err := k.readPoint(public)
		if err != nil {
			return nil, nil, err
		}
		stated = append(stated, point)
	}
	d, err = k.unmask(inner)
	return []words{d}, stated, err
}

// readInteger reads a whole DER INTEGER that fits the curve.
func (k *PublicKey) readInteger(key cryptobyte.String) (d words, ok bool) {
	size := k.curve.Size()
	raw := make([]byte, 0, size)
	if !key.PeekASN1Tag(casn1.INTEGER) || !key.ReadASN1Integer(&raw) || !key.Empty() || len(raw) > size {
		return d, false
	}
	d.setBE(append(make([]byte, size-len(raw), size), raw...))
	return d, true
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
// little-endian and bare, as OpenSSL's gost engine writes it; or in an OCTET
// STRING, which it reads as well, in the rare case that the bare number could be
// taken for an INTEGER.
func MarshalPKCS8PrivateKey(k *PrivateKey) ([]byte, error) {
	d := make([]byte, k.pub.curve.Size())
	k.d.putLE(d)
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		k.pub.addAlgorithm(b)
		b.AddASN1(casn1.OCTET_STRING, func(b *cryptobyte.Builder) {
			if _, either := k.pub.readInteger(d); either {
				b.AddASN1OctetString(d)
			} else {
				b.AddBytes(d)
			}
		})
	})
	return b.Bytes()
}
