package signer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/pki"
)

// The shortest keys signed with have about 112 bits of security, the least
// that ETSI TS 119 312 still accepts.
const (
	minRSA = 2048
	minEC  = 224
)

// maxRSA bounds the size of a signature value, and with it the hole in every
// document. Longer keys cost more than they add.
const maxRSA = 8192

// schemePSS is what [IdentityOptions.PSS] asks for.
const schemePSS = "RSA-PSS-SHA256"

// profile is what signatures under a certificate have in common.
type profile struct {
	*cms.Template
	suites *pki.Suites
	cert   *pki.Certificate
}

// newProfile encodes all of a signature that the certificates decide, and says
// whether documents can be signed under the first of them at all. The others
// are embedded beside it.
func newProfile(chain []*x509.Certificate, pss bool, table *pki.Suites) (*profile, error) {
	certs := make([]*pki.Certificate, len(chain))
	for i, c := range chain {
		var err error
		if certs[i], err = pki.ParseCertificate(c.Raw); err != nil {
			return nil, fmt.Errorf("signer: certificate %q: %w", c.Subject, err)
		}
	}
	p := &profile{suites: table, cert: certs[0]}
	opt := cms.TemplateOptions{Suites: p.suites}
	if pss {
		opt.Scheme = schemePSS
	}
	if err := checkStrength(p.suites, certs[0].SPKI, chain[0]); err != nil {
		return nil, err
	}
	var err error
	p.Template, err = cms.NewTemplate(certs[0], certs[1:], opt)
	if errors.Is(err, pki.ErrUnsupported) || errors.Is(err, pki.ErrKey) {
		return nil, &KeyError{Key: keyName(chain[0].PublicKey, chain[0].PublicKeyAlgorithm), Err: ErrUnsupportedKey}
	}
	return p, err
}

// verify checks a signature value over the message.
func (p *profile) verify(message, value []byte) error {
	c := asn1x.NewCursor(p.Scheme().SignatureAlgorithm)
	alg := pki.ParseAlgorithm(&c, "signatureAlgorithm")
	if err := c.Err(); err != nil {
		return err
	}
	_, err := p.suites.Verify(p.cert.SPKI, alg, p.Scheme().Digest, pki.Signed{Message: message}, value)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrSignature, err)
	}
	return nil
}

func checkStrength(table *pki.Suites, spki pki.SPKI, c *x509.Certificate) error {
	name := keyName(c.PublicKey, c.PublicKeyAlgorithm)
	key, err := table.ParseKey(spki)
	switch {
	case key.Algorithm == "RSA" && key.Bits < minRSA, key.Algorithm == "ECDSA" && key.Bits <= minEC:
		return &KeyError{Key: name, Err: ErrWeakKey}
	case err != nil, key.Algorithm == "RSA" && key.Bits > maxRSA:
		return &KeyError{Key: name, Err: ErrUnsupportedKey}
	}
	return nil
}

// checkUsage is RFC 5280 §4.2.1.3: without the extension every use is allowed.
func checkUsage(c *x509.Certificate) error {
	const forDocuments = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if c.KeyUsage != 0 && c.KeyUsage&forDocuments == 0 {
		return ErrKeyUsage
	}
	return nil
}

// keyName names a public key for people: "RSA-2048", "ECDSA P-256", "Ed25519",
// "GOST R 34.10-2012 256 bit, CryptoPro-A".
func keyName(pub crypto.PublicKey, alg x509.PublicKeyAlgorithm) string {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA-%d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Curve.Params().Name
	case *gost3410.PublicKey:
		return fmt.Sprintf("%s, %s", k.Algorithm(), k.Curve().Name())
	case nil:
		return "of an algorithm that crypto/x509 does not know"
	}
	return alg.String()
}

// sameKey compares public keys; every key type of the standard library,
// and those of package gost3410, have Equal.
func sameKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}
