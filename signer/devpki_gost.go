package signer

import (
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
)

// crypto/x509 knows no GOST keys. Where one takes part, it writes certificate
// or list for a stand-in key, and the parts that depend on keys are put in
// afterwards: the subject's key, both names of the algorithm, and the signature.

func isGOST(keys ...any) bool {
	for _, k := range keys {
		switch k.(type) {
		case *gost3410.PublicKey, *gost3410.PrivateKey:
			return true
		}
	}
	return false
}

// standIn signs what nobody will see: a constant key, so that one source of
// randomness still gives one PKI.
func standIn() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

// createGOST is x509.CreateCertificate for GOST keys.
func createGOST(t, issuer *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) ([]byte, error) {
	spki, err := marshalPublic(pub)
	if err != nil {
		return nil, err
	}
	keyless := *issuer
	keyless.PublicKey = nil
	draft, err := x509.CreateCertificate(nil, t, &keyless, standIn().Public(), standIn())
	if err != nil {
		return nil, err
	}
	var c struct {
		TBS struct {
			Version    int `asn1:"explicit,tag:0"`
			Serial     *big.Int
			Signature  asn1.RawValue
			Issuer     asn1.RawValue
			Validity   asn1.RawValue
			Subject    asn1.RawValue
			SPKI       asn1.RawValue
			Extensions asn1.RawValue `asn1:"explicit,tag:3"`
		}
		Algorithm asn1.RawValue
		Value     asn1.BitString
	}
	if _, err := asn1.Unmarshal(draft, &c); err != nil {
		return nil, err
	}
	scheme, h, err := schemeOf(key)
	if err != nil {
		return nil, err
	}
	c.TBS.SPKI = asn1.RawValue{FullBytes: spki}
	c.TBS.Signature = asn1.RawValue{FullBytes: scheme.SignatureAlgorithm}
	tbs, err := asn1.Marshal(c.TBS)
	if err != nil {
		return nil, err
	}
	return signTBS(tbs, key, scheme, h)
}

// createCRLGOST is x509.CreateRevocationList for an authority with a GOST key.
func createCRLGOST(t *x509.RevocationList, issuer *x509.Certificate, key crypto.Signer) ([]byte, error) {
	keyless := *issuer
	keyless.PublicKey = nil
	draft, err := x509.CreateRevocationList(nil, t, &keyless, standIn())
	if err != nil {
		return nil, err
	}
	var l struct {
		TBS struct {
			Version    int
			Signature  asn1.RawValue
			Issuer     asn1.RawValue
			ThisUpdate asn1.RawValue
			NextUpdate asn1.RawValue
			Revoked    []asn1.RawValue `asn1:"optional"`
			Extensions asn1.RawValue   `asn1:"explicit,tag:0"`
		}
		Algorithm asn1.RawValue
		Value     asn1.BitString
	}
	if _, err := asn1.Unmarshal(draft, &l); err != nil {
		return nil, err
	}
	scheme, h, err := schemeOf(key)
	if err != nil {
		return nil, err
	}
	l.TBS.Signature = asn1.RawValue{FullBytes: scheme.SignatureAlgorithm}
	tbs, err := asn1.Marshal(l.TBS)
	if err != nil {
		return nil, err
	}
	return signTBS(tbs, key, scheme, h)
}

// schemeOf returns how to sign with a key, and the digest.
func schemeOf(key crypto.Signer) (pki.Scheme, pki.Hash, error) {
	der, err := marshalPublic(key.Public())
	if err != nil {
		return pki.Scheme{}, pki.Hash{}, err
	}
	spki, err := pki.ParseSPKI(der)
	if err != nil {
		return pki.Scheme{}, pki.Hash{}, err
	}
	table := gostpki.Add(pki.DefaultSuites())
	scheme, _, err := table.SchemeFor(spki, "")
	if err != nil {
		return scheme, pki.Hash{}, err
	}
	h, err := table.Hash(scheme.Digest)
	return scheme, h, err
}

// signTBS makes the SIGNED structure of X.509 (RFC 5280 §4.1.1), without
// randomness, as create does.
func signTBS(tbs []byte, key crypto.Signer, scheme pki.Scheme, h pki.Hash) ([]byte, error) {
	message := tbs
	if !scheme.SignsMessage {
		d := h.New()
		d.Write(tbs)
		message = d.Sum(nil)
	}
	value, err := key.Sign(nil, message, scheme.Opts)
	if err != nil {
		return nil, fmt.Errorf("signer: sign: %w", err)
	}
	return asn1x.TLV(asn1x.Sequence, tbs, scheme.SignatureAlgorithm, asn1x.TLV(asn1x.BitString, []byte{0}, value)), nil
}

// marshalPublic writes a SubjectPublicKeyInfo, GOST keys included.
func marshalPublic(pub crypto.PublicKey) ([]byte, error) {
	if k, ok := pub.(*gost3410.PublicKey); ok {
		return gost3410.MarshalPKIXPublicKey(k)
	}
	return x509.MarshalPKIXPublicKey(pub)
}
