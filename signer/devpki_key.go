package signer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
)

// KeyKind names a kind of key that [NewKey] makes.
type KeyKind string

// The kinds of key. "" stands for KeyP256.
const (
	KeyP256    KeyKind = "P-256"
	KeyP384    KeyKind = "P-384"
	KeyEd25519 KeyKind = "Ed25519"
	KeyRSA2048 KeyKind = "RSA-2048"
	KeyRSA3072 KeyKind = "RSA-3072"
	KeyRSA4096 KeyKind = "RSA-4096"
	// GOST R 34.10-2012 on CryptoPro-A, which QR codes can be sealed with too,
	// and on TC26-512-A. Signatures with them are unqualified.
	KeyGOST256 KeyKind = "GOST-256"
	KeyGOST512 KeyKind = "GOST-512"
)

// KeyKinds lists the kinds of key that [NewKey] makes.
func KeyKinds() []KeyKind {
	return []KeyKind{KeyP256, KeyP384, KeyEd25519, KeyRSA2048, KeyRSA3072, KeyRSA4096, KeyGOST256, KeyGOST512}
}

// NewKey makes a private key. With a source of randomness r, elliptic-curve,
// GOST and Ed25519 keys are a function of what is read from it; RSA keys always use
// the system's. nil is crypto/rand.Reader. Unknown kinds are [ErrUnsupportedKey].
func NewKey(kind KeyKind, r io.Reader) (crypto.Signer, error) {
	switch kind {
	case KeyP256, "":
		return newECKey(elliptic.P256(), r)
	case KeyP384:
		return newECKey(elliptic.P384(), r)
	case KeyEd25519:
		seed := make([]byte, ed25519.SeedSize)
		if _, err := io.ReadFull(randOr(r), seed); err != nil {
			return nil, fmt.Errorf("signer: draw a key: %w", err)
		}
		return ed25519.NewKeyFromSeed(seed), nil
	case KeyRSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	case KeyRSA3072:
		return rsa.GenerateKey(rand.Reader, 3072)
	case KeyRSA4096:
		return rsa.GenerateKey(rand.Reader, 4096)
	case KeyGOST256:
		return newGOSTKey("CryptoPro-A", r)
	case KeyGOST512:
		return newGOSTKey("TC26-512-A", r)
	}
	return nil, &KeyError{Key: string(kind), Err: ErrUnsupportedKey}
}

func newGOSTKey(curve string, r io.Reader) (crypto.Signer, error) {
	for _, c := range gost3410.Curves() {
		if c.Name() == curve {
			key, err := gost3410.GenerateKey(c, randOr(r))
			if err != nil {
				return nil, fmt.Errorf("signer: draw a key: %w", err)
			}
			return key, nil
		}
	}
	return nil, &KeyError{Key: "GOST R 34.10-2012 on " + curve, Err: ErrUnsupportedKey}
}

// maxDraws bounds the rejection sampling of FIPS 186-5 §A.2.2: a draw is out
// of range with probability below 2⁻³², so a second one means a bad source.
const maxDraws = 4

func newECKey(curve elliptic.Curve, r io.Reader) (crypto.Signer, error) {
	if r == nil {
		return ecdsa.GenerateKey(curve, rand.Reader)
	}
	d := make([]byte, (curve.Params().BitSize+7)/8)
	for range maxDraws {
		if _, err := io.ReadFull(r, d); err != nil {
			return nil, fmt.Errorf("signer: draw a key: %w", err)
		}
		if key, err := ecdsa.ParseRawPrivateKey(curve, d); err == nil {
			return key, nil
		}
	}
	return nil, fmt.Errorf("signer: draw a key: %d draws out of range", maxDraws)
}

// EncodeKey writes a private key as PEM, PKCS #8, unencrypted: keep the file
// readable by its owner only. [LoadIdentity] reads it.
func EncodeKey(key crypto.Signer) ([]byte, error) {
	marshal := x509.MarshalPKCS8PrivateKey
	if k, ok := key.(*gost3410.PrivateKey); ok {
		marshal = func(any) ([]byte, error) { return gost3410.MarshalPKCS8PrivateKey(k) }
	}
	der, err := marshal(key)
	if err != nil {
		return nil, fmt.Errorf("signer: encode key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// EncodeCertificates writes certificates as PEM, in the given order.
func EncodeCertificates(certs ...*x509.Certificate) []byte {
	var out []byte
	for _, c := range certs {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// PEM writes the identity's certificates and key: what [LoadIdentity] reads.
// [ErrNoKey] when the key is elsewhere.
func (id *Identity) PEM() ([]byte, error) {
	if id.key == nil {
		return nil, ErrNoKey
	}
	key, err := EncodeKey(id.key)
	if err != nil {
		return nil, err
	}
	return append(EncodeCertificates(id.chain...), key...), nil
}

// PEM writes the authority's certificate and key: what [LoadDevAuthority] reads.
func (a *DevAuthority) PEM() ([]byte, error) {
	key, err := EncodeKey(a.Key)
	if err != nil {
		return nil, err
	}
	return append(EncodeCertificates(a.Certificate), key...), nil
}

// LoadDevAuthority reads what [DevAuthority.PEM] wrote. Besides format errors
// it returns [ErrKeyMismatch], and [ErrKeyUsage] for a certificate that is no CA.
func LoadDevAuthority(file []byte) (*DevAuthority, error) {
	var c contents
	if err := c.addPEM(file, "", true); err != nil {
		return nil, err
	}
	key, err := c.key()
	switch {
	case err != nil:
		return nil, err
	case !sameKey(key.Public(), c.certs[0].PublicKey):
		return nil, ErrKeyMismatch
	case !c.certs[0].IsCA:
		return nil, fmt.Errorf("%w: %q is no certification authority", ErrKeyUsage, c.certs[0].Subject)
	}
	return &DevAuthority{Certificate: c.certs[0], Key: key}, nil
}
