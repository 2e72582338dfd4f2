package qr

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
)

// Algorithm is a COSE algorithm number.
type Algorithm int64

// The algorithms of RFC 9864 that a token may be signed with; see also GOST256.
const (
	Ed25519 Algorithm = -19
	ESP256  Algorithm = -9 // ECDSA on P-256 with SHA-256
)

func (a Algorithm) String() string {
	if s := suiteOf(a); s != nil {
		return s.name
	}
	return "COSE algorithm " + strconv.FormatInt(int64(a), 10)
}

// suite is all that depends on the algorithm. A further one is a further row.
type suite struct {
	alg  Algorithm
	name string
	size int // of the signature, in bytes

	jose, joseKty, joseCrv string // RFC 7518, RFC 8037
	kty, crv               int64  // RFC 9053 §7

	owns        func(pub crypto.PublicKey) bool
	coordinates func(pub crypto.PublicKey) (x, y []byte, err error)
	public      func(x, y []byte) (crypto.PublicKey, error)
	sign        func(rand io.Reader, key crypto.Signer, message []byte) ([]byte, error)
	verify      func(pub crypto.PublicKey, message, signature []byte) bool
}

func suites() []*suite { return []*suite{&ed25519Suite, &esp256Suite, &gost256Suite} }

func suiteOf(a Algorithm) *suite {
	for _, s := range suites() {
		if s.alg == a {
			return s
		}
	}
	return nil
}

var errPoint = errors.New("coordinates are no public key")

var ed25519Suite = suite{
	alg: Ed25519, name: "Ed25519", size: ed25519.SignatureSize,
	jose: "Ed25519", joseKty: "OKP", joseCrv: "Ed25519", kty: 1, crv: 6,

	owns: func(pub crypto.PublicKey) bool {
		p, ok := pub.(ed25519.PublicKey)
		return ok && len(p) == ed25519.PublicKeySize
	},
	coordinates: func(pub crypto.PublicKey) (x, y []byte, err error) {
		return pub.(ed25519.PublicKey), nil, nil
	},
	public: func(x, y []byte) (crypto.PublicKey, error) {
		if len(x) != ed25519.PublicKeySize || len(y) > 0 {
			return nil, errPoint
		}
		return ed25519.PublicKey(bytes.Clone(x)), nil
	},
	sign: func(rand io.Reader, key crypto.Signer, message []byte) ([]byte, error) {
		return key.Sign(rand, message, crypto.Hash(0))
	},
	verify: func(pub crypto.PublicKey, message, signature []byte) bool {
		return ed25519.Verify(pub.(ed25519.PublicKey), message, signature)
	},
}

const p256Bytes = 32

var esp256Suite = suite{
	alg: ESP256, name: "ESP256", size: 2 * p256Bytes,
	jose: "ES256", joseKty: "EC", joseCrv: "P-256", kty: 2, crv: 1,

	owns: func(pub crypto.PublicKey) bool {
		p, ok := pub.(*ecdsa.PublicKey)
		return ok && p != nil && p.Curve == elliptic.P256()
	},
	coordinates: func(pub crypto.PublicKey) (x, y []byte, err error) {
		b, err := pub.(*ecdsa.PublicKey).Bytes() // 0x04 ‖ x ‖ y
		if err != nil {
			return nil, nil, fmt.Errorf("qr: P-256 key: %w", err)
		}
		return b[1 : 1+p256Bytes], b[1+p256Bytes:], nil
	},
	public: func(x, y []byte) (crypto.PublicKey, error) {
		if len(x) != p256Bytes || len(y) != p256Bytes {
			return nil, errPoint
		}
		pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
		if err != nil {
			return nil, errPoint
		}
		return pub, nil
	},
	sign: func(rand io.Reader, key crypto.Signer, message []byte) ([]byte, error) {
		digest := sha256.Sum256(message)
		der, err := key.Sign(rand, digest[:], crypto.SHA256)
		if err != nil {
			return nil, err
		}
		return rawECDSA(der)
	},
	verify: func(pub crypto.PublicKey, message, signature []byte) bool {
		s := signature[p256Bytes:]
		if string(s) > p256HalfOrder {
			return false
		}
		digest := sha256.Sum256(message)
		return ecdsa.Verify(pub.(*ecdsa.PublicKey), digest[:],
			new(big.Int).SetBytes(signature[:p256Bytes]), new(big.Int).SetBytes(s))
	},
}

// p256HalfOrder is half the order of P-256. Of the two values of s that verify,
// s and n−s, a token has the lower: otherwise anyone could turn a QR code into
// another text with the same claims.
const p256HalfOrder = "\x7f\xff\xff\xff\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff" +
	"\xde\x73\x7d\x56\xd3\x8b\xcf\x42\x79\xdc\xe5\x61\x7e\x31\x92\xa8"

// rawECDSA turns the signature that a crypto.Signer returns, an ASN.1 sequence
// of r and s (RFC 3279 §2.2.3), into r ‖ s (RFC 9053 §2.1) with the lower s.
func rawECDSA(der []byte) ([]byte, error) {
	var sig struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &sig)
	n := elliptic.P256().Params().N
	if err != nil || len(rest) > 0 || sig.R.Sign() <= 0 || sig.S.Sign() <= 0 ||
		sig.R.Cmp(n) >= 0 || sig.S.Cmp(n) >= 0 {
		return nil, errors.New("qr: the key returned no ECDSA signature")
	}
	if other := new(big.Int).Sub(n, sig.S); other.Cmp(sig.S) < 0 {
		sig.S = other
	}
	raw := make([]byte, 2*p256Bytes)
	sig.R.FillBytes(raw[:p256Bytes])
	sig.S.FillBytes(raw[p256Bytes:])
	return raw, nil
}
