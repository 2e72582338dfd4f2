package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"
	"math/big"

	"github.com/cloudflare/circl/sign/ed448"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// DefaultSuites returns a table with everything this package knows itself:
// MD5, SHA-1, SHA-2, SHA-3, SHAKE256-512; RSA PKCS#1 v1.5 and PSS; ECDSA on
// the NIST curves, Brainpool r1 and secp256k1; Ed25519 and Ed448; DSA; ML-DSA.
// The caller owns the table and may add to it.
func DefaultSuites() *Suites {
	s := NewSuites()
	for _, h := range []Hash{
		{OIDMD5, "MD5", 16, md5.New, crypto.MD5},
		{OIDSHA1, "SHA-1", 20, sha1.New, crypto.SHA1},
		{OIDSHA224, "SHA-224", 28, sha256.New224, crypto.SHA224},
		{OIDSHA256, "SHA-256", 32, sha256.New, crypto.SHA256},
		{OIDSHA384, "SHA-384", 48, sha512.New384, crypto.SHA384},
		{OIDSHA512, "SHA-512", 64, sha512.New, crypto.SHA512},
		{OIDSHA512_256, "SHA-512/256", 32, sha512.New512_256, crypto.SHA512_256},
		{OIDSHA3_224, "SHA3-224", 28, func() hash.Hash { return sha3.New224() }, crypto.SHA3_224},
		{OIDSHA3_256, "SHA3-256", 32, func() hash.Hash { return sha3.New256() }, crypto.SHA3_256},
		{OIDSHA3_384, "SHA3-384", 48, func() hash.Hash { return sha3.New384() }, crypto.SHA3_384},
		{OIDSHA3_512, "SHA3-512", 64, func() hash.Hash { return sha3.New512() }, crypto.SHA3_512},
		{OIDSHAKE256, "SHAKE256", 64, newShake512, 0},
		{OIDSHAKE256Len, "SHAKE256", 64, newShake512, 0},
	} {
		s.AddHash(h)
	}
	s.AddHashParams(OIDSHAKE256Len, asn1x.TLV(asn1x.Integer, []byte{2, 0})) // 512 bits (RFC 8702 §3.1)
	s.AddKey(OIDRSA, parseRSAKey)
	s.AddKey(OIDRSAPSS, parseRSAKey)
	s.AddKey(OIDECPublic, parseECKey)
	s.AddKey(OIDEd25519, func(k SPKI) (Key, error) {
		if len(k.Key) != ed25519.PublicKeySize || k.Algorithm.Params != nil {
			return Key{}, ErrKey
		}
		return Key{Algorithm: "Ed25519", Bits: 256, Curve: "Ed25519", Public: ed25519.PublicKey(k.Key)}, nil
	})
	s.AddKey(OIDEd448, func(k SPKI) (Key, error) {
		if len(k.Key) != ed448.PublicKeySize || k.Algorithm.Params != nil {
			return Key{}, ErrKey
		}
		return Key{Algorithm: "Ed448", Bits: 448, Curve: "Ed448", Public: ed448.PublicKey(k.Key)}, nil
	})

	// RFC 3279 §2.2.1, RFC 4055 §5, NIST CSOR. The bare key identifier stands
	// for PKCS#1 v1.5 with the digest named beside it (RFC 3370 §3.2).
	for oid, h := range map[string]OID{
		"1.2.840.113549.1.1.1": "", "1.2.840.113549.1.1.4": OIDMD5, "1.2.840.113549.1.1.5": OIDSHA1,
		"1.3.14.3.2.29": OIDSHA1, "1.2.840.113549.1.1.14": OIDSHA224, "1.2.840.113549.1.1.11": OIDSHA256,
		"1.2.840.113549.1.1.12": OIDSHA384, "1.2.840.113549.1.1.13": OIDSHA512,
		"1.2.840.113549.1.1.16":   OIDSHA512_256,
		"2.16.840.1.101.3.4.3.13": OIDSHA3_224, "2.16.840.1.101.3.4.3.14": OIDSHA3_256,
		"2.16.840.1.101.3.4.3.15": OIDSHA3_384, "2.16.840.1.101.3.4.3.16": OIDSHA3_512,
	} {
		s.AddSignature(Signature{OID: asn1x.MustOID(oid), Name: "RSA", Hash: h, Verify: verifyPKCS1})
	}
	s.AddSignature(Signature{OID: OIDRSAPSS, Name: "RSASSA-PSS", Resolve: resolvePSS, Verify: verifyPSS})
	for oid, h := range map[string]OID{
		"1.2.840.10045.2.1": "", "1.2.840.10045.4.1": OIDSHA1, "1.2.840.10045.4.3.1": OIDSHA224,
		"1.2.840.10045.4.3.2": OIDSHA256, "1.2.840.10045.4.3.3": OIDSHA384, "1.2.840.10045.4.3.4": OIDSHA512,
		"2.16.840.1.101.3.4.3.9": OIDSHA3_224, "2.16.840.1.101.3.4.3.10": OIDSHA3_256,
		"2.16.840.1.101.3.4.3.11": OIDSHA3_384, "2.16.840.1.101.3.4.3.12": OIDSHA3_512,
	} {
		s.AddSignature(Signature{OID: asn1x.MustOID(oid), Name: "ECDSA", Hash: h, Verify: verifyECDSA})
	}
	s.AddSignature(Signature{OID: OIDEd25519, Name: "Ed25519", SignsMessage: true, Resolve: absentParams, Verify: verifyEd25519})
	s.AddSignature(Signature{OID: OIDEd448, Name: "Ed448", SignsMessage: true, Resolve: absentParams, Verify: verifyEd448})
	addDSA(s)
	addMLDSA(s)
	for _, sc := range standardSchemes() {
		s.AddScheme(sc)
	}
	return s
}

// absentParams enforces RFC 8410 §3: the parameters must be absent.
func absentParams(_ *Suites, a AlgorithmIdentifier) (any, OID, error) {
	if a.Params != nil {
		return nil, "", &UnsupportedError{What: "parameters of signature", OID: a.OID}
	}
	return nil, "", nil
}

const (
	minRSABits = 1024  // crypto/rsa refuses shorter moduli; their status is unknown to us
	maxRSABits = 16384 // a longer modulus costs more than 10 ms an operation
)

// parseRSAKey reads RSAPublicKey (RFC 8017 A.1.1).
func parseRSAKey(k SPKI) (Key, error) {
	if k.Algorithm.OID == OIDRSA && !k.Algorithm.NoParams() {
		return Key{}, ErrKey
	}
	c := asn1x.NewCursor(k.Key)
	seq := c.Open("RSAPublicKey", asn1x.Sequence)
	n := seq.Next("modulus", asn1x.Integer).Body
	e := seq.Next("publicExponent", asn1x.Integer).Body
	seq.End("RSAPublicKey")
	c.End("RSAPublicKey")
	if c.Err() != nil || len(n) == 0 || len(e) == 0 || n[0]&0x80 != 0 || e[0]&0x80 != 0 {
		return Key{}, ErrKey
	}
	if len(n) > maxRSABits/8+1 {
		return Key{}, &UnsupportedError{What: "RSA modulus length"}
	}
	mod := new(big.Int).SetBytes(n)
	exp := new(big.Int).SetBytes(e)
	if mod.Bit(0) == 0 || exp.Bit(0) == 0 || exp.BitLen() < 2 {
		return Key{}, ErrKey
	}
	if mod.BitLen() < minRSABits || exp.BitLen() > 31 {
		return Key{Algorithm: "RSA", Bits: mod.BitLen()}, &UnsupportedError{What: "RSA key size"}
	}
	return Key{Algorithm: "RSA", Bits: mod.BitLen(), Public: &rsa.PublicKey{N: mod, E: int(exp.Int64())}}, nil
}

func verifyPKCS1(key Key, _ any, h Hash, digest, sig []byte) error {
	pub, ok := key.Public.(*rsa.PublicKey)
	if !ok {
		return ErrKey
	}
	if h.Crypto == 0 {
		return &UnsupportedError{What: "hash for RSA", OID: h.OID}
	}
	if rsa.VerifyPKCS1v15(pub, h.Crypto, digest, sig) != nil {
		return ErrSignature
	}
	return nil
}

// parseECKey reads an ECPoint with a named curve (RFC 5480 §2).
func parseECKey(k SPKI) (Key, error) {
	p, rest, err := asn1x.Read(k.Algorithm.Params)
	if err != nil || len(rest) > 0 {
		return Key{}, ErrKey
	}
	if p.ID != asn1x.ObjectID {
		return Key{}, &UnsupportedError{What: "explicit curve parameters"}
	}
	named, ok := namedCurve(OID(p.Body))
	if !ok {
		return Key{}, &UnsupportedError{What: "curve", OID: OID(p.Body)}
	}
	key := Key{Algorithm: "ECDSA", Bits: named.bits, Curve: named.name}
	if named.std != nil {
		pub, err := stdPoint(named.std, k.Key)
		if err != nil {
			return Key{}, ErrKey
		}
		key.Public = pub
		return key, nil
	}
	pub, err := named.own().point(k.Key)
	if err != nil {
		return Key{}, ErrKey
	}
	key.Public = pub
	return key, nil
}

// stdPoint reads an uncompressed or compressed point of a NIST curve.
func stdPoint(curve elliptic.Curve, b []byte) (*ecdsa.PublicKey, error) {
	if len(b) > 0 && (b[0] == 2 || b[0] == 3) {
		x, y := elliptic.UnmarshalCompressed(curve, b)
		if x == nil {
			return nil, ErrKey
		}
		size := (curve.Params().BitSize + 7) / 8
		b = append([]byte{4}, append(x.FillBytes(make([]byte, size)), y.FillBytes(make([]byte, size))...)...)
	}
	return ecdsa.ParseUncompressedPublicKey(curve, b)
}

func verifyECDSA(key Key, _ any, _ Hash, digest, sig []byte) error {
	switch pub := key.Public.(type) {
	case *ecdsa.PublicKey:
		if ecdsa.VerifyASN1(pub, digest, sig) {
			return nil
		}
	case *weierstrassKey:
		if pub.verify(digest, sig) {
			return nil
		}
	default:
		return ErrKey
	}
	return ErrSignature
}

func verifyEd25519(key Key, _ any, _ Hash, msg, sig []byte) error {
	pub, ok := key.Public.(ed25519.PublicKey)
	if !ok {
		return ErrKey
	}
	if !ed25519.Verify(pub, msg, sig) {
		return ErrSignature
	}
	return nil
}

func verifyEd448(key Key, _ any, _ Hash, msg, sig []byte) error {
	pub, ok := key.Public.(ed448.PublicKey)
	if !ok {
		return ErrKey
	}
	if !ed448.Verify(pub, msg, sig, "") {
		return ErrSignature
	}
	return nil
}

// shake512 is SHAKE256 with 512 bits of output (RFC 8702 §3.1).
type shake512 struct{ *sha3.SHAKE }

func newShake512() hash.Hash { return shake512{sha3.NewSHAKE256()} }

func (s shake512) Size() int { return 64 }

func (s shake512) Sum(b []byte) []byte {
	state, err := s.MarshalBinary()
	if err != nil {
		panic("pki: shake state: " + err.Error())
	}
	c := sha3.NewSHAKE256()
	if err := c.UnmarshalBinary(state); err != nil {
		panic("pki: shake state: " + err.Error())
	}
	out := make([]byte, 64)
	_, _ = c.Read(out) // never fails
	return append(b, out...)
}
