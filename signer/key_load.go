package signer

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
)

// maxKeyFile bounds a key file with its chain. Large real ones have 20 kB.
const maxKeyFile = 1 << 20

// LoadIdentity reads one private key and its certificates from key files: PEM
// (PKCS #8, PKCS #8 encrypted with PBES2, SEC 1 EC, PKCS #1; CERTIFICATE
// blocks) or PKCS #12, GOST keys and encryptions included (RFC 9337, RFC 9548).
// Containers of CryptoPro have to be exported to one of these first. Key and certificates may be in one file or in several,
// in any order; the certificate of the key becomes the signer's.
//
// Besides the errors of [NewIdentity] it returns [ErrFormat], [ErrNoKey],
// [ErrNoCertificate], [ErrManyKeys], [ErrPassword] and [ErrEncryption].
func LoadIdentity(opt IdentityOptions, files ...[]byte) (*Identity, error) {
	var c contents
	for _, f := range files {
		if err := c.add(f, opt.Password); err != nil {
			return nil, err
		}
	}
	key, err := c.key()
	if err != nil {
		return nil, err
	}
	for i, cert := range c.certs {
		if sameKey(key.Public(), cert.PublicKey) {
			chain := append([]*x509.Certificate{cert}, c.certs[:i]...)
			return NewIdentity(key, append(chain, c.certs[i+1:]...), opt)
		}
	}
	return nil, ErrKeyMismatch
}

// ParseCertificates reads the CERTIFICATE blocks of a PEM file, or one
// certificate in DER, for [NewIdentity].
func ParseCertificates(data []byte) ([]*x509.Certificate, error) {
	if cert, err := parseCertificate(data); err == nil {
		return []*x509.Certificate{cert}, nil
	}
	var c contents
	if err := c.addPEM(data, "", false); err != nil {
		return nil, err
	}
	if len(c.certs) == 0 {
		return nil, ErrNoCertificate
	}
	return c.certs, nil
}

// contents is what key files hold.
type contents struct {
	keys  []crypto.Signer
	certs []*x509.Certificate
}

// key returns the one key that files of a signer have, if they have
// certificates too.
func (c *contents) key() (crypto.Signer, error) {
	switch {
	case len(c.keys) == 0:
		return nil, ErrNoKey
	case len(c.keys) > 1:
		return nil, ErrManyKeys
	case len(c.certs) == 0:
		return nil, ErrNoCertificate
	}
	return c.keys[0], nil
}

func (c *contents) add(file []byte, password string) error {
	if len(file) > maxKeyFile {
		return fmt.Errorf("%w: larger than %d bytes", ErrFormat, maxKeyFile)
	}
	if bytes.Contains(file, []byte("-----BEGIN ")) {
		return c.addPEM(file, password, true)
	}
	if cert, err := parseCertificate(file); err == nil {
		c.certs = append(c.certs, cert)
		return nil
	}
	return c.addPKCS12(file, password)
}

func (c *contents) addPEM(file []byte, password string, withKeys bool) error {
	blocks := 0
	for {
		var block *pem.Block
		if block, file = pem.Decode(file); block == nil {
			break
		}
		blocks++
		switch {
		case block.Type == "CERTIFICATE":
			cert, err := parseCertificate(block.Bytes)
			if err != nil {
				return fmt.Errorf("%w: certificate: %v", ErrFormat, err)
			}
			c.certs = append(c.certs, cert)
		case withKeys:
			key, err := parseKeyBlock(block, password)
			if err != nil {
				return err
			}
			if key != nil {
				c.keys = append(c.keys, key)
			}
		}
	}
	if blocks == 0 {
		return fmt.Errorf("%w: no PEM block", ErrFormat)
	}
	return nil
}
