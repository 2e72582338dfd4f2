package signer

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"hash"
)

// Object identifiers of RFC 8018 (PKCS #5) and of the NIST AES arc.
var (
	oidPBES2      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidHMACSHA1   = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 7}
	oidHMACSHA256 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}
	oidHMACSHA384 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 10}
	oidHMACSHA512 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 11}
	oidAES128CBC  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 2}
	oidAES192CBC  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 22}
	oidAES256CBC  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}
)

// maxIterations bounds the work a key file can ask for: OWASP advises 600,000,
// ten times that takes about two seconds.
const maxIterations = 6_000_000

// encryptedKey is EncryptedPrivateKeyInfo, RFC 5958 §3.
type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// pbes2Params is PBES2-params, RFC 8018 §A.4.
type pbes2Params struct {
	KDF, Cipher pkix.AlgorithmIdentifier
}

// pbkdf2Params is PBKDF2-params, RFC 8018 §A.2, with the salt specified.
type pbkdf2Params struct {
	Salt       []byte
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

// decryptPKCS8 undoes PBES2 with PBKDF2 and AES-CBC, which is what OpenSSL has
// written by default since 1.1.0. Other schemes are [ErrEncryption].
func decryptPKCS8(der []byte, password string) ([]byte, error) {
	var outer encryptedKey
	if rest, err := asn1.Unmarshal(der, &outer); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("%w: encrypted PKCS #8: %v", ErrFormat, err)
	}
	if !outer.Algorithm.Algorithm.Equal(oidPBES2) {
		return nil, fmt.Errorf("%w: scheme %v", ErrEncryption, outer.Algorithm.Algorithm)
	}
	var params pbes2Params
	if err := unmarshalParams(outer.Algorithm, &params); err != nil {
		return nil, err
	}
	keyLen, err := aesKeyLen(params.Cipher.Algorithm)
	if err != nil {
		return nil, err
	}
	var iv []byte
	if err := unmarshalParams(params.Cipher, &iv); err != nil {
		return nil, err
	}
	if len(iv) != aes.BlockSize || len(outer.Data) == 0 || len(outer.Data)%aes.BlockSize != 0 {
		return nil, fmt.Errorf("%w: encrypted PKCS #8: not whole AES blocks", ErrFormat)
	}
	key, err := deriveKey(params.KDF, password, keyLen)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(outer.Data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, outer.Data)
	return unpad(plain)
}

func unmarshalParams(alg pkix.AlgorithmIdentifier, into any) error {
	if rest, err := asn1.Unmarshal(alg.Parameters.FullBytes, into); err != nil || len(rest) > 0 {
		return fmt.Errorf("%w: parameters of %v: %v", ErrFormat, alg.Algorithm, err)
	}
	return nil
}

func aesKeyLen(oid asn1.ObjectIdentifier) (int, error) {
	switch {
	case oid.Equal(oidAES128CBC):
		return 16, nil
	case oid.Equal(oidAES192CBC):
		return 24, nil
	case oid.Equal(oidAES256CBC):
		return 32, nil
	}
	return 0, fmt.Errorf("%w: cipher %v", ErrEncryption, oid)
}

func deriveKey(kdf pkix.AlgorithmIdentifier, password string, keyLen int) ([]byte, error) {
	if !kdf.Algorithm.Equal(oidPBKDF2) {
		return nil, fmt.Errorf("%w: key derivation %v", ErrEncryption, kdf.Algorithm)
	}
	var p pbkdf2Params
	if err := unmarshalParams(kdf, &p); err != nil {
		return nil, err
	}
	if p.Iterations < 1 || p.Iterations > maxIterations || p.KeyLength != 0 && p.KeyLength != keyLen {
		return nil, fmt.Errorf("%w: PBKDF2 with %d iterations (at most %d)", ErrEncryption, p.Iterations, maxIterations)
	}
	var prf func() hash.Hash
	switch oid := p.PRF.Algorithm; {
	case len(oid) == 0, oid.Equal(oidHMACSHA1): // the default
		prf = sha1.New
	case oid.Equal(oidHMACSHA256):
		prf = sha256.New
	case oid.Equal(oidHMACSHA384):
		prf = sha512.New384
	case oid.Equal(oidHMACSHA512):
		prf = sha512.New
	default:
		return nil, fmt.Errorf("%w: PBKDF2 with %v", ErrEncryption, oid)
	}
	return pbkdf2.Key(prf, password, p.Salt, p.Iterations, keyLen)
}

// unpad removes the padding of RFC 8018 §6.1.1; one that does not fit means a
// wrong password.
func unpad(b []byte) ([]byte, error) {
	n := int(b[len(b)-1])
	if n == 0 || n > aes.BlockSize || n > len(b) {
		return nil, ErrPassword
	}
	for _, p := range b[len(b)-n:] {
		if int(p) != n {
			return nil, ErrPassword
		}
	}
	return b[:len(b)-n], nil
}

// looksLikeDER reports whether b is one whole SEQUENCE, which decryption with
// a wrong password all but never yields.
func looksLikeDER(b []byte) bool {
	var v asn1.RawValue
	rest, err := asn1.Unmarshal(b, &v)
	return err == nil && len(rest) == 0 && v.Tag == asn1.TagSequence && v.IsCompound
}

// keyParseError names the algorithm of a PKCS #8 key that crypto/x509 does not
// know, so that the user reads "unsupported" and not "damaged".
func keyParseError(der []byte, err error) error {
	var info struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Key       []byte
		Rest      asn1.RawValue `asn1:"optional,tag:0"`
	}
	if _, e := asn1.Unmarshal(der, &info); e != nil {
		return fmt.Errorf("%w: private key: %v", ErrFormat, err)
	}
	oid := info.Algorithm.Algorithm.String()
	name, known := keyNames[oid]
	switch {
	case name == "":
		name = "algorithm " + oid
	case known && readByX509[oid]:
		return fmt.Errorf("%w: %s private key: %v", ErrFormat, name, err)
	}
	return &KeyError{Key: name, Err: ErrUnsupportedKey}
}

// keyNames are the key algorithms a user may try, readByX509 those of them
// that the standard library reads, so that a failure means damage.
var (
	keyNames = map[string]string{
		"1.2.840.113549.1.1.1":  "RSA",
		"1.2.840.10045.2.1":     "ECDSA",
		"1.3.101.112":           "Ed25519",
		"1.3.101.110":           "X25519",
		"1.3.101.113":           "Ed448",
		"1.2.840.113549.1.1.10": "RSASSA-PSS only",
		"1.2.840.10040.4.1":     "DSA",
		"1.2.643.2.2.19":        "GOST R 34.10-2001",
		"1.2.643.7.1.1.1.1":     "GOST R 34.10-2012, 256 bit",
		"1.2.643.7.1.1.1.2":     "GOST R 34.10-2012, 512 bit",
	}
	readByX509 = map[string]bool{
		"1.2.840.113549.1.1.1": true, "1.3.101.112": true, "1.3.101.110": true,
	}
)
