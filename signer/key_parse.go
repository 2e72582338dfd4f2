package signer

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
)

// ParseKey reads the one private key of a PEM file that has no certificates,
// such as the key of QR codes: the kinds of key that [LoadIdentity] reads.
// Errors: [ErrNoKey], [ErrManyKeys], [ErrFormat], [ErrPassword],
// [ErrEncryption], [*KeyError].
func ParseKey(file []byte, password string) (crypto.Signer, error) {
	if len(file) > maxKeyFile {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrFormat, maxKeyFile)
	}
	var c contents
	if err := c.addPEM(file, password, true); err != nil {
		return nil, err
	}
	switch len(c.keys) {
	case 0:
		return nil, ErrNoKey
	case 1:
		return c.keys[0], nil
	}
	return nil, ErrManyKeys
}

// parseKeyBlock returns nil for blocks that are no key, such as EC PARAMETERS.
func parseKeyBlock(block *pem.Block, password string) (crypto.Signer, error) {
	if block.Headers["DEK-Info"] != "" {
		return nil, fmt.Errorf("%w: PEM encryption by RFC 1421 is obsolete; rewrite it with `openssl pkcs8 -topk8`", ErrEncryption)
	}
	der := block.Bytes
	switch block.Type {
	case "ENCRYPTED PRIVATE KEY":
		der, err := decryptPKCS8(der, password)
		if err != nil {
			return nil, err
		}
		key, err := readKeyDER(der, parsePKCS8)
		if err != nil && !looksLikeDER(der) {
			return nil, ErrPassword // the padding fitted by chance, or there is none
		}
		return key, err
	case "PRIVATE KEY":
		return readKeyDER(der, parsePKCS8)
	case "EC PRIVATE KEY":
		return readKeyDER(der, func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) })
	case "RSA PRIVATE KEY":
		return readKeyDER(der, func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) })
	case "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY":
		return nil, &KeyError{Key: block.Type, Err: ErrUnsupportedKey}
	}
	return nil, nil
}

// readKeyDER reads a key with a parser, and says of one that it does not know
// what it is.
func readKeyDER(der []byte, parse func([]byte) (any, error)) (crypto.Signer, error) {
	key, err := parse(der)
	var refused *KeyError
	switch {
	case errors.As(err, &refused), errors.Is(err, ErrFormat):
		return nil, err
	case err != nil:
		return nil, keyParseError(der, err)
	}
	return asSigner(key)
}

// parsePKCS8 reads a PrivateKeyInfo, GOST R 34.10-2012 included.
func parsePKCS8(der []byte) (any, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err == nil {
		return key, nil
	}
	own, gostErr := gost3410.ParsePKCS8PrivateKey(der)
	switch {
	case gostErr == nil && own.PublicKey().Curve().Test():
		return nil, &KeyError{Key: "GOST R 34.10-2012 on a test curve", Err: ErrWeakKey}
	case gostErr == nil:
		return own, nil
	case errors.Is(gostErr, gost3410.ErrPrivateKey):
		return nil, fmt.Errorf("%w: %v", ErrFormat, gostErr)
	}
	return nil, err
}

func asSigner(key any) (crypto.Signer, error) {
	s, ok := key.(crypto.Signer)
	if !ok { // X25519, for one
		return nil, &KeyError{Key: fmt.Sprintf("%T", key), Err: ErrUnsupportedKey}
	}
	return s, nil
}
