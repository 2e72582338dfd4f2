package signer

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/pki"
)

// parseCertificate reads a certificate with crypto/x509 and, where that refuses
// what authorities do write (BOOLEAN TRUE as 0x01, negative serial numbers),
// leniently. Its PublicKey is set for GOST keys too.
func parseCertificate(der []byte) (*x509.Certificate, error) {
	cert, strict := x509.ParseCertificate(der)
	if strict == nil {
		return withKey(cert), nil
	}
	lenient, err := pki.ParseCertificate(der)
	if err != nil || len(lenient.Malformed) > 0 {
		return nil, strict
	}
	return fromLenient(lenient)
}

// withKey returns c with its PublicKey set if it is one that crypto/x509 leaves
// out. A certificate may be shared: it is copied, not changed.
func withKey(c *x509.Certificate) *x509.Certificate {
	if c.PublicKey != nil {
		return c
	}
	key, err := gost3410.ParsePKIXPublicKey(c.RawSubjectPublicKeyInfo)
	if err != nil {
		return c
	}
	filled := *c
	filled.PublicKey = key
	return &filled
}

// fromLenient fills in what this package, and programs that show a certificate,
// look at. Its SignatureAlgorithm stays unknown.
func fromLenient(l *pki.Certificate) (*x509.Certificate, error) {
	c := &x509.Certificate{
		Raw: l.Raw, RawTBSCertificate: l.RawTBS, RawSubjectPublicKeyInfo: l.SPKI.Raw,
		RawSubject: l.RawSubject, RawIssuer: l.RawIssuer, Signature: l.Signature,
		Version: l.Version, SerialNumber: new(big.Int), NotBefore: l.NotBefore, NotAfter: l.NotAfter,
		KeyUsage: x509.KeyUsage(l.KeyUsage), SubjectKeyId: l.SubjectKeyID, AuthorityKeyId: l.AuthorityKey.KeyID,
		OCSPServer: l.OCSPServers, IssuingCertificateURL: l.IssuerURLs,
	}
	c.SerialNumber.SetString(l.SerialString(), 10)
	if b := l.BasicConstraints; b != nil {
		c.BasicConstraintsValid, c.IsCA = true, b.CA
	}
	var err error
	if c.Subject, err = nameOf(l.Subject); err != nil {
		return nil, err
	}
	if c.Issuer, err = nameOf(l.Issuer); err != nil {
		return nil, err
	}
	// An unknown key is no error here: NewIdentity says so with its name.
	c.PublicKey, _ = ParsePublicKey(l.SPKI.Raw)
	return c, nil
}

func nameOf(n pki.Name) (out pkix.Name, err error) {
	var rdns pkix.RDNSequence
	for _, a := range n {
		var oid asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(a.OID.Encode(), &oid); err != nil {
			return out, err
		}
		rdns = append(rdns, pkix.RelativeDistinguishedNameSET{{Type: oid, Value: a.Value}})
	}
	out.FillFromRDNSequence(&rdns)
	return out, nil
}

// ParsePublicKey reads a SubjectPublicKeyInfo in DER as crypto/x509 does, and
// GOST R 34.10-2012 keys besides. It is what the Public method of a
// crypto.Signer returns whose key is elsewhere; certificates of [Identity] have
// keys of the same types.
func ParsePublicKey(spki []byte) (crypto.PublicKey, error) {
	if key, err := gost3410.ParsePKIXPublicKey(spki); err == nil {
		return key, nil
	} else if !errors.Is(err, gost3410.ErrAlgorithm) && !errors.Is(err, gost3410.ErrEncoding) {
		return nil, fmt.Errorf("%w: %v", ErrUnsupportedKey, err)
	}
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrFormat, err)
	}
	return key, nil
}

// checkIssued checks that ca signed c. An algorithm that neither crypto/x509 nor
// our own table knows is no proof of a broken chain: the name has to do.
func checkIssued(c, ca *x509.Certificate, table *pki.Suites) error {
	err := c.CheckSignatureFrom(ca)
	if !errors.Is(err, x509.ErrUnsupportedAlgorithm) {
		return err
	}
	child, err := pki.ParseCertificate(c.Raw)
	if err != nil {
		return err
	}
	issuer, err := pki.ParseCertificate(ca.Raw)
	if err != nil {
		return err
	}
	if _, err = child.CheckSignatureFrom(issuer, table); errors.Is(err, pki.ErrUnsupported) {
		return nil
	}
	return err
}
