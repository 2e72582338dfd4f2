package gost3410

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Identifiers of RFC 9215 §4.3 and RFC 4491 §2.3.2.
var (
	oid2012x256 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 1}
	oid2012x512 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 2}
	oid2001     = asn1.ObjectIdentifier{1, 2, 643, 2, 2, 19}

	oidStreebog256 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 2}
	oidStreebog512 = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 3}
	oidHash94      = asn1.ObjectIdentifier{1, 2, 643, 2, 2, 30, 1}

	arcCryptoPro = asn1.ObjectIdentifier{1, 2, 643, 2, 2}
	oidTC26512C  = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 2, 1, 2, 3}
)

func (a Algorithm) oid() asn1.ObjectIdentifier {
	switch a {
	case R34102012_256:
		return oid2012x256
	case R34102012_512:
		return oid2012x512
	}
	return oid2001
}

func algorithmByOID(oid asn1.ObjectIdentifier) (Algorithm, bool) {
	for _, a := range []Algorithm{R34102012_256, R34102012_512, R34102001} {
		if a.oid().Equal(oid) {
			return a, true
		}
	}
	return 0, false
}

// digestFor returns the digestParamSet to write beside a parameter set, or nil:
// OpenSSL's gost engine and others leave it out where the set is newer than
// the hash (TC26-256-A to D, TC26-512-C), and readers must take either.
func (a Algorithm) digestFor(set asn1.ObjectIdentifier) asn1.ObjectIdentifier {
	switch {
	case a == R34102001:
		return oidHash94
	case a == R34102012_256 && len(set) > len(arcCryptoPro) && set[:len(arcCryptoPro)].Equal(arcCryptoPro):
		return oidStreebog256
	case a == R34102012_512 && !set.Equal(oidTC26512C):
		return oidStreebog512
	}
	return nil
}

// readAlgorithm reads an AlgorithmIdentifier of a key: algorithm, curve and
// optional digest parameters, which must agree with the algorithm.
func readAlgorithm(in *cryptobyte.String) (k PublicKey, err error) {
	var id, params cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !in.ReadASN1(&id, casn1.SEQUENCE) || !id.ReadASN1ObjectIdentifier(&oid) {
		return k, ErrEncoding
	}
	var ok bool
	if k.alg, ok = algorithmByOID(oid); !ok {
		return k, ErrAlgorithm
	}
	if id.Empty() {
		return k, ErrNoParameters
	}
	if id.PeekASN1Tag(casn1.NULL) {
		var null cryptobyte.String
		if !id.ReadASN1(&null, casn1.NULL) || !null.Empty() || !id.Empty() {
			return k, ErrEncoding
		}
		return k, ErrNoParameters
	}
	if !id.ReadASN1(&params, casn1.SEQUENCE) || !id.Empty() || !params.ReadASN1ObjectIdentifier(&k.set) {
		return k, ErrEncoding
	}
	if k.curve, ok = CurveByOID(k.set); !ok || !k.alg.fits(k.curve) {
		return k, ErrCurve
	}
	if params.PeekASN1Tag(casn1.OBJECT_IDENTIFIER) && !params.ReadASN1ObjectIdentifier(&k.digest) {
		return k, ErrEncoding
	}
	// The encryptionParamSet of RFC 4491 §2.3.2 says nothing about signatures; some
	// writers put a NULL for what they leave out.
	for !params.Empty() {
		var skip cryptobyte.String
		var tag casn1.Tag
		if !params.ReadAnyASN1(&skip, &tag) || tag != casn1.OBJECT_IDENTIFIER && tag != casn1.NULL {
			return k, ErrEncoding
		}
	}
	return k, k.checkDigestSet()
}

// checkDigestSet refuses a hash that is not the algorithm's: a digest of another
// function must never be taken for one of this key's.
func (k *PublicKey) checkDigestSet() error {
	if k.digest == nil {
		return nil
	}
	want := oidHash94
	switch k.alg {
	case R34102012_256:
		want = oidStreebog256
	case R34102012_512:
		want = oidStreebog512
	}
	if !k.digest.Equal(want) {
		return ErrCurve
	}
	return nil
}

func (k *PublicKey) addAlgorithm(b *cryptobyte.Builder) {
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(k.alg.oid())
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(k.set)
			if k.digest != nil {
				b.AddASN1ObjectIdentifier(k.digest)
			}
		})
	})
}

// ParsePKIXPublicKey reads a SubjectPublicKeyInfo (RFC 9215 §4.3, RFC 4491
// §2.3.2) and checks the key. Errors: ErrEncoding, ErrAlgorithm, ErrCurve,
// ErrNoParameters, ErrPublicKey.
func ParsePKIXPublicKey(der []byte) (*PublicKey, error) {
	in := cryptobyte.String(der)
	var spki, raw cryptobyte.String
	if !in.ReadASN1(&spki, casn1.SEQUENCE) || !in.Empty() {
		return nil, ErrEncoding
	}
	k, err := readAlgorithm(&spki)
	if err != nil {
		return nil, err
	}
	var bits []byte
	if !spki.ReadASN1BitStringAsBytes(&bits) || !spki.Empty() {
		return nil, ErrEncoding
	}
	inner := cryptobyte.String(bits)
	if !inner.ReadASN1(&raw, casn1.OCTET_STRING) || !inner.Empty() {
		return nil, ErrEncoding
	}
	if err := k.setPoint(raw); err != nil {
		return nil, err
	}
	return &k, nil
}

// MarshalPKIXPublicKey returns the key's SubjectPublicKeyInfo. A parsed key
// keeps the names of its parameters, so the result is what was parsed.
func MarshalPKIXPublicKey(k *PublicKey) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		k.addAlgorithm(b)
		b.AddASN1(casn1.BIT_STRING, func(b *cryptobyte.Builder) {
			b.AddUint8(0)
			b.AddASN1OctetString(k.Bytes())
		})
	})
	return b.Bytes()
}
