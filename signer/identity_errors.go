package signer

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// What can be wrong with a key and its certificates. [NewIdentity] and
// [LoadIdentity] return all but ErrExpired, ErrNotYetValid and ErrNoKey, which
// depend on the moment of signing and come from the signing calls.
var (
	// ErrNoKey: the identity holds no private key, so it can only prepare.
	ErrNoKey = errors.New("signer: no private key")
	// ErrNoCertificate: there is no certificate to sign under.
	ErrNoCertificate = errors.New("signer: no certificate")
	// ErrManyKeys: a file with more than one private key does not say which one signs.
	ErrManyKeys = errors.New("signer: more than one private key")
	// ErrKeyMismatch: the private key is not the one the certificate certifies.
	ErrKeyMismatch = errors.New("signer: private key does not belong to the certificate")
	// ErrUnsupportedKey: a kind of key that this package cannot sign with; see [KeyError].
	ErrUnsupportedKey = errors.New("signer: unsupported key")
	// ErrWeakKey: an RSA key below 2048 bits; see [KeyError].
	ErrWeakKey = errors.New("signer: key too weak")
	// ErrKeyUsage: the certificate is not meant for signatures on documents.
	ErrKeyUsage = errors.New("signer: certificate's key usage allows neither digitalSignature nor nonRepudiation")
	// ErrChain: a certificate of the chain was not issued by the next one; see [ChainError].
	ErrChain = errors.New("signer: broken certificate chain")
	// ErrExpired and ErrNotYetValid: signing outside the validity of a
	// certificate of the chain; see [ValidityError].
	ErrExpired     = errors.New("signer: certificate has expired")
	ErrNotYetValid = errors.New("signer: certificate is not yet valid")
	// ErrPassword: the password is missing or wrong.
	ErrPassword = errors.New("signer: wrong or missing password")
	// ErrEncryption: the key file is encrypted in a way that is not read here.
	ErrEncryption = errors.New("signer: unsupported encryption of the key file")
	// ErrFormat: neither PEM nor PKCS#12, or damaged.
	ErrFormat = errors.New("signer: not a key file")
)

// KeyError names the key that was refused. Err is [ErrUnsupportedKey] or
// [ErrWeakKey].
type KeyError struct {
	Key string // "RSA-1024", "ECDSA P-521", "DSA", …
	Err error
}

func (e *KeyError) Error() string { return e.Err.Error() + ": " + e.Key }

// Unwrap returns the sentinel.
func (e *KeyError) Unwrap() error { return e.Err }

// ChainError names the link that does not hold. It unwraps to [ErrChain] and
// to the cause.
type ChainError struct {
	Subject, Issuer string
	Err             error
}

func (e *ChainError) Error() string {
	return fmt.Sprintf("%v: %q is not issued by %q: %v", ErrChain, e.Subject, e.Issuer, e.Err)
}

// Unwrap returns [ErrChain] and the cause.
func (e *ChainError) Unwrap() []error { return []error{ErrChain, e.Err} }

// ValidityError says which certificate is outside its validity, and when it is
// valid. It unwraps to [ErrExpired] or [ErrNotYetValid].
type ValidityError struct {
	Subject             string
	NotBefore, NotAfter time.Time
	At                  time.Time // the moment asked about
}

func (e *ValidityError) Error() string {
	const day = "2006-01-02T15:04:05Z"
	return fmt.Sprintf("%v: %q is valid from %s to %s, not at %s", e.Unwrap(), e.Subject,
		e.NotBefore.UTC().Format(day), e.NotAfter.UTC().Format(day), e.At.UTC().Format(day))
}

// Unwrap returns [ErrExpired] or [ErrNotYetValid].
func (e *ValidityError) Unwrap() error {
	if e.At.Before(e.NotBefore) {
		return ErrNotYetValid
	}
	return ErrExpired
}

// checkValidity is RFC 5280 §4.1.2.5: both ends belong to the validity, and it
// is stated in whole seconds.
func checkValidity(chain []*x509.Certificate, at time.Time) error {
	at = at.Truncate(time.Second)
	for _, c := range chain {
		if at.Before(c.NotBefore) || at.After(c.NotAfter) {
			return &ValidityError{Subject: c.Subject.String(), NotBefore: c.NotBefore, NotAfter: c.NotAfter, At: at}
		}
	}
	return nil
}
