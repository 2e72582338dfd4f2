// Package gostpki adds the Russian algorithms to a [pki.Suites] table, so that
// certificates, CRLs, OCSP answers, time-stamps and CMS signatures made with
// them are read, checked and made like any other:
//
//	suites := gostpki.Add(pki.DefaultSuites())
//
// It knows GOST R 34.11-2012 (Streebog) and GOST R 34.10-2012 in both sizes
// (RFC 9215), and for archives GOST R 34.11-94 and 34.10-2001 (RFC 4491), which
// are checked, never made, and judged by the dates of a [pki.Policy].
package gostpki

import (
	"crypto"
	"errors"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/gost94"
	"github.com/vidimus/vidimus/internal/gost/streebog"
	"github.com/vidimus/vidimus/internal/pki"
)

// Object identifiers: RFC 9215 §2 to §4, RFC 4491 §2.
var (
	OIDStreebog256 = asn1x.MustOID("1.2.643.7.1.1.2.2")
	OIDStreebog512 = asn1x.MustOID("1.2.643.7.1.1.2.3")
	OIDHash94      = asn1x.MustOID("1.2.643.2.2.9")

	OIDKey256  = asn1x.MustOID("1.2.643.7.1.1.1.1")
	OIDKey512  = asn1x.MustOID("1.2.643.7.1.1.1.2")
	OIDKey2001 = asn1x.MustOID("1.2.643.2.2.19")

	OIDSignature256  = asn1x.MustOID("1.2.643.7.1.1.3.2")
	OIDSignature512  = asn1x.MustOID("1.2.643.7.1.1.3.3")
	OIDSignature2001 = asn1x.MustOID("1.2.643.2.2.3")
)

// Names of algorithms, as a [pki.Policy] and reports use them.
const (
	NameStreebog256 = "Streebog-256"
	NameStreebog512 = "Streebog-512"
	NameHash94      = "GOST R 34.11-94"
	Name2012        = "GOST R 34.10-2012"
	Name2001        = "GOST R 34.10-2001"
)

// Names of the schemes to sign with.
const (
	Scheme256 = "GOST3410-2012-256"
	Scheme512 = "GOST3410-2012-512"
)

// Add adds the algorithms to the table and returns it.
func Add(s *pki.Suites) *pki.Suites {
	s.AddHash(pki.Hash{OID: OIDStreebog256, Name: NameStreebog256, Size: streebog.Size256, New: streebog.New256})
	s.AddHash(pki.Hash{OID: OIDStreebog512, Name: NameStreebog512, Size: streebog.Size512, New: streebog.New512})
	s.AddHash(pki.Hash{OID: OIDHash94, Name: NameHash94, Size: gost94.Size, New: gost94.New})
	// RFC 4490 §2.1: the parameter set of CryptoPro, which absent parameters stand for.
	s.AddHashParams(OIDHash94, asn1x.MustOID("1.2.643.2.2.30.1").Encode())
	for _, a := range []struct {
		alg            gost3410.Algorithm
		name, scheme   string
		key, sig, hash pki.OID
	}{
		{gost3410.R34102012_256, Name2012, Scheme256, OIDKey256, OIDSignature256, OIDStreebog256},
		{gost3410.R34102012_512, Name2012, Scheme512, OIDKey512, OIDSignature512, OIDStreebog512},
		{gost3410.R34102001, Name2001, "", OIDKey2001, OIDSignature2001, OIDHash94},
	} {
		s.AddKey(a.key, parseKey)
		// In SignerInfo.signatureAlgorithm some software names the signature with
		// its digest and some the key alone; the digest is the same.
		for _, oid := range []pki.OID{a.sig, a.key} {
			s.AddSignature(pki.Signature{OID: oid, Name: a.name, Hash: a.hash,
				Verify: func(key pki.Key, _ any, _ pki.Hash, digest, sig []byte) error {
					return verify(a.alg, key, digest, sig)
				}})
		}
		if a.scheme != "" {
			s.AddScheme(scheme(a.scheme, a.key, a.sig, a.hash))
		}
	}
	return s
}

// whatInherited names a key that RFC 4491 §2.3.2 lets take the parameters of its
// issuer's key. Which key that is, is known only when a path has been built, and
// the signature is checked before; guessing a curve could call a forgery genuine.
// RFC 9215 §4 has no such keys, so only archives of GOST R 34.10-2001 can.
const whatInherited = "key without parameters, to be inherited from its issuer (RFC 4491 §2.3.2)"

// parseKey reads a subject public key and checks its point. A curve that is
// unknown, meant for tests, or to be inherited leaves the signature undecided;
// anything else that is wrong is a bad key.
func parseKey(k pki.SPKI) (pki.Key, error) {
	pub, err := gost3410.ParsePKIXPublicKey(k.Raw)
	switch {
	case errors.Is(err, gost3410.ErrNoParameters):
		return pki.Key{}, &pki.UnsupportedError{What: whatInherited, OID: k.Algorithm.OID}
	case errors.Is(err, gost3410.ErrCurve):
		return pki.Key{}, &pki.UnsupportedError{What: "parameters of key", OID: k.Algorithm.OID}
	case err != nil:
		return pki.Key{}, pki.ErrKey
	case pub.Curve().Test():
		return pki.Key{}, &pki.UnsupportedError{What: "test curve of key", OID: k.Algorithm.OID}
	}
	name := Name2012
	if pub.Withdrawn() {
		name = Name2001
	}
	return pki.Key{Algorithm: name, Bits: 8 * pub.Curve().Size(), Curve: pub.Curve().Name(), Public: pub}, nil
}

// verify checks a signature made by a key of algorithm alg; one of another
// algorithm is no key for it, even where the digest has the same length.
func verify(alg gost3410.Algorithm, key pki.Key, digest, sig []byte) error {
	pub, ok := key.Public.(*gost3410.PublicKey)
	if !ok || pub.Algorithm() != alg {
		return pki.ErrKey
	}
	if pub.Verify(digest, sig) != nil {
		return pki.ErrSignature
	}
	return nil
}

// scheme signs with the key algorithm. The certificate in signing-certificate-v2
// is digested with Streebog too, so that a reader needs no foreign algorithm.
// Parameters are left out (RFC 9215 §2).
func scheme(name string, key, sig, hash pki.OID) pki.Scheme {
	return pki.Scheme{
		Name: name, Digest: hash, CertHash: hash, Opts: crypto.Hash(0),
		SignatureAlgorithm: asn1x.TLV(asn1x.Sequence, sig.Encode()),
		Fits:               func(k pki.Key, s pki.SPKI) bool { return k.Algorithm == Name2012 && s.Algorithm.OID == key },
		MaxSignature:       func(k pki.Key) int { return 2 * k.Bits / 8 },
	}
}
