package qr

import (
	"crypto"
	"crypto/x509"
	"io"
	"slices"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/streebog"
)

// GOST256 is GOST R 34.10-2012 with 256-bit keys on the curve
// id-GostR3410-2001-CryptoPro-A-ParamSet, which is
// id-tc26-gost-3410-2012-256-paramSetB too (RFC 9215 §4.2), over Streebog-256.
// COSE has no number for it; integers below −65536 are private use (RFC 9053
// §11.1, IANA "COSE Algorithms"), so only checkers that know this package's
// numbers read such tokens. The signature is s‖r, both big-endian, as in CMS.
const GOST256 Algorithm = -70012

// crvCryptoProA is the curve's number in COSE, private use as well.
const crvCryptoProA = -70012

const gostBytes = 32

var gost256Suite = suite{
	alg: GOST256, name: "GOST R 34.10-2012 256", size: 2 * gostBytes,
	jose: "GOST3410-2012-256", joseKty: "EC", joseCrv: "CryptoPro-A", kty: 2, crv: crvCryptoProA,

	owns: func(pub crypto.PublicKey) bool {
		p, ok := pub.(*gost3410.PublicKey)
		return ok && p != nil && p.Algorithm() == gost3410.R34102012_256 && p.Curve() == cryptoProA()
	},
	coordinates: func(pub crypto.PublicKey) (x, y []byte, err error) {
		b := pub.(*gost3410.PublicKey).Bytes() // x ‖ y, both little-endian
		slices.Reverse(b)
		return b[gostBytes:], b[:gostBytes], nil
	},
	public: func(x, y []byte) (crypto.PublicKey, error) {
		if len(x) != gostBytes || len(y) != gostBytes {
			return nil, errPoint
		}
		b := append(slices.Clone(y), x...)
		slices.Reverse(b)
		pub, err := gost3410.NewPublicKey(gost3410.R34102012_256, cryptoProA(), b)
		if err != nil {
			return nil, errPoint
		}
		return pub, nil
	},
	sign: func(rand io.Reader, key crypto.Signer, message []byte) ([]byte, error) {
		digest := streebog.Sum256(message)
		return key.Sign(rand, digest[:], crypto.Hash(0))
	},
	verify: func(pub crypto.PublicKey, message, signature []byte) bool {
		// Unlike with ECDSA, q−s does not verify where s does: a token has one text.
		digest := streebog.Sum256(message)
		return pub.(*gost3410.PublicKey).Verify(digest[:], signature) == nil
	},
}

// cryptoProA returns the only curve of GOST256.
func cryptoProA() *gost3410.Curve {
	for _, c := range gost3410.Curves() {
		if c.Name() == "CryptoPro-A" {
			return c
		}
	}
	return nil
}

// marshalPublic returns a key's SubjectPublicKeyInfo. That of a GOST key always
// has the first name of its curve, whatever name the key file gave it, so that a
// key has one [KeyID].
func marshalPublic(pub crypto.PublicKey) ([]byte, error) {
	k, ok := pub.(*gost3410.PublicKey)
	if !ok {
		return x509.MarshalPKIXPublicKey(pub)
	}
	k, err := gost3410.NewPublicKey(k.Algorithm(), k.Curve(), k.Bytes())
	if err != nil {
		return nil, err
	}
	return gost3410.MarshalPKIXPublicKey(k)
}
