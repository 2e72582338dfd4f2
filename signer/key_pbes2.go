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

	"github.com/vidimus/vidimus/internal/gost/gost3412"
	"github.com/vidimus/vidimus/internal/gost/streebog"
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

// decryptPKCS8 undoes the encryption of a private key.
func decryptPKCS8(der []byte, password string) ([]byte, error) {
	var outer encryptedKey
	if rest, err := asn1.Unmarshal(der, &outer); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("%w: encrypted PKCS #8: %v", ErrFormat, err)
	}
	plains, err := decryptPBES2(outer.Algorithm, password, outer.Data)
	if err != nil {
		return nil, err
	}
	return plains[0], nil // a key is shorter than any section of a cipher
}

// decryptPBES2 undoes PBES2 with PBKDF2 and AES-CBC, which is what OpenSSL has
// written by default since 1.1.0, or the ciphers of gostCipher. Other schemes are
// [ErrEncryption]. Of several results the first that makes sense is the right one.
func decryptPBES2(alg pkix.AlgorithmIdentifier, password string, data []byte) ([][]byte, error) {
	if !alg.Algorithm.Equal(oidPBES2) {
		return nil, fmt.Errorf("%w: scheme %s", ErrEncryption, schemeName(alg.Algorithm))
	}
	var params pbes2Params
	if err := unmarshalParams(alg, &params); err != nil {
		return nil, err
	}
	if open, err := gostCipher(params.Cipher); open != nil || err != nil {
		if err != nil {
			return nil, err
		}
		key, err := deriveKey(params.KDF, password, gost3412.KeySize)
		if err != nil {
			return nil, err
		}
		return open(key, data)
	}
	keyLen, err := aesKeyLen(params.Cipher.Algorithm)
	if err != nil {
		return nil, err
	}
	var iv []byte
	if err := unmarshalParams(params.Cipher, &iv); err != nil {
		return nil, err
	}
	if len(iv) != aes.BlockSize || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, fmt.Errorf("%w: encrypted data: not whole AES blocks", ErrFormat)
	}
	key, err := deriveKey(params.KDF, password, keyLen)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	if plain, err = unpad(plain); err != nil {
		return nil, err
	}
	return [][]byte{plain}, nil
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
	return 0, fmt.Errorf("%w: cipher %s", ErrEncryption, schemeName(oid))
}

func deriveKey(kdf pkix.AlgorithmIdentifier, password string, keyLen int) ([]byte, error) {
	if !kdf.Algorithm.Equal(oidPBKDF2) {
		return nil, fmt.Errorf("%w: key derivation %v", ErrEncryption, kdf.Algorithm)
	}
	var p pbkdf2Params
	if err := unmarshalParams(kdf, &p); err != nil {
		return nil, err
	}
	prf, limit, err := prfOf(p.PRF.Algorithm)
	if err != nil {
		return nil, err
	}
	if p.Iterations < 1 || p.Iterations > limit || p.KeyLength != 0 && p.KeyLength != keyLen {
		return nil, fmt.Errorf("%w: PBKDF2 with %d iterations (at most %d)", ErrEncryption, p.Iterations, limit)
	}
	return pbkdf2.Key(prf, password, p.Salt, p.Iterations, keyLen)
}

// prfOf returns the hash of a PBKDF2 with HMAC and how often it may run.
func prfOf(oid asn1.ObjectIdentifier) (prf func() hash.Hash, limit int, err error) {
	switch {
	case len(oid) == 0, oid.Equal(oidHMACSHA1): // the default
		return sha1.New, maxIterations, nil
	case oid.Equal(oidHMACSHA256):
		return sha256.New, maxIterations, nil
	case oid.Equal(oidHMACSHA384):
		return sha512.New384, maxIterations, nil
	case oid.Equal(oidHMACSHA512):
		return sha512.New, maxIterations, nil
	case oid.Equal(oidHMACStreebog256):
		return streebog.New256, maxGOSTIterations, nil
	case oid.Equal(oidHMACStreebog512):
		return streebog.New512, maxGOSTIterations, nil
	}
	return nil, 0, fmt.Errorf("%w: PBKDF2 with %s", ErrEncryption, schemeName(oid))
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
