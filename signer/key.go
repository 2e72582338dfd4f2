package signer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
)

// minRSA is the shortest RSA modulus signed with: 112 bits of security, the
// least that ETSI TS 119 312 and the CA/Browser Forum still accept.
const minRSA = 2048

// maxRSA bounds the size of a signature value, and with it the hole in every
// document. Longer keys cost more than they add.
const maxRSA = 8192

// scheme is how a key signs: the digest over document and signed attributes,
// what crypto.Signer is told, and the longest signature value.
type scheme struct {
	name    string
	hash    crypto.Hash
	opts    crypto.SignerOpts
	maxSize int
}

// schemeOf chooses the scheme for a public key. The digest matches the
// strength of the key; for Ed25519 RFC 8419 §3.1 demands SHA-512.
func schemeOf(pub crypto.PublicKey, pss bool) (scheme, error) {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		name := fmt.Sprintf("RSA-%d", k.N.BitLen())
		if k.N.BitLen() < minRSA {
			return scheme{}, &KeyError{Key: name, Err: ErrWeakKey}
		}
		if k.N.BitLen() > maxRSA {
			return scheme{}, &KeyError{Key: name, Err: ErrUnsupportedKey}
		}
		s := scheme{name: name, hash: crypto.SHA256, opts: crypto.SHA256, maxSize: k.Size()}
		if pss {
			s.name += " PSS"
			s.opts = &rsa.PSSOptions{Hash: crypto.SHA256, SaltLength: rsa.PSSSaltLengthEqualsHash}
		}
		return s, nil
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			return scheme{name: "ECDSA P-256", hash: crypto.SHA256, opts: crypto.SHA256, maxSize: ecdsaSize(256)}, nil
		case elliptic.P384():
			return scheme{name: "ECDSA P-384", hash: crypto.SHA384, opts: crypto.SHA384, maxSize: ecdsaSize(384)}, nil
		}
		return scheme{}, &KeyError{Key: "ECDSA " + k.Curve.Params().Name, Err: ErrUnsupportedKey}
	case ed25519.PublicKey:
		return scheme{name: "Ed25519", hash: crypto.SHA512, opts: crypto.Hash(0), maxSize: ed25519.SignatureSize}, nil
	}
	return scheme{}, &KeyError{Key: fmt.Sprintf("%T", pub), Err: ErrUnsupportedKey}
}

// ecdsaSize is the longest Ecdsa-Sig-Value (RFC 3279 §2.2.3) for a group order
// of that many bits: two INTEGERs with a leading zero octet in a SEQUENCE. It
// holds for lengths below 128 octets, so up to 448 bits.
func ecdsaSize(bits int) int { return 2 + 2*(2+1+bits/8) }

// checkCertificate says whether documents can be signed under c at all.
func checkCertificate(c *x509.Certificate, pss bool) (scheme, error) {
	if c.PublicKey == nil {
		return scheme{}, &KeyError{Key: "of certificate " + c.Subject.String(), Err: ErrUnsupportedKey}
	}
	s, err := schemeOf(c.PublicKey, pss)
	if err != nil {
		return scheme{}, err
	}
	// RFC 5280 §4.2.1.3: without the extension every use is allowed.
	const forDocuments = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if c.KeyUsage != 0 && c.KeyUsage&forDocuments == 0 {
		return scheme{}, ErrKeyUsage
	}
	return s, nil
}

// sameKey compares public keys; every key type of the standard library has Equal.
func sameKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}
