package qr

import (
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// ErrKey is returned for a key of a kind that no algorithm of ours uses.
var ErrKey = errors.New("qr: key is neither Ed25519 nor ECDSA on P-256 nor GOST R 34.10-2012 on CryptoPro-A")

// KeyID hints at a key: the first 8 bytes of SHA-256 over its
// SubjectPublicKeyInfo. Two keys may share one; whoever looks a key up by it
// tries all that match.
type KeyID [8]byte

func (id KeyID) String() string { return hex.EncodeToString(id[:]) }

// KeyStatus is what the issuer says of a key.
type KeyStatus int

const (
	// KeyUnknown is the zero value: nothing signed by such a key is passed.
	KeyUnknown KeyStatus = iota
	// KeyActive signs now.
	KeyActive
	// KeyRetired signs no more; what it signed in its term stays good.
	KeyRetired
	// KeyCompromised may be in wrong hands since an unknown time. A token signed
	// by it proves nothing by itself, the registry has to be asked.
	KeyCompromised
)

func keyStatusNames() []string { return []string{"unknown", "active", "retired", "compromised"} }

func (s KeyStatus) String() string {
	if names := keyStatusNames(); 0 <= s && int(s) < len(names) {
		return names[s]
	}
	return "KeyStatus(" + strconv.Itoa(int(s)) + ")"
}

// parseKeyStatus is strict: an unknown word would else hide a compromise.
func parseKeyStatus(name string) (KeyStatus, error) {
	for i, n := range keyStatusNames() {
		if n == name && i > 0 {
			return KeyStatus(i), nil
		}
	}
	return 0, fmt.Errorf("%w: status %.20q", ErrKeySet, name)
}

// Key is a public key with what its issuer says of it.
type Key struct {
	ID     KeyID
	Alg    Algorithm
	Public crypto.PublicKey

	// NotBefore and NotAfter bound the time in which the key signs, the second
	// exclusive; zero is no bound. A signature stays good after NotAfter.
	NotBefore, NotAfter time.Time

	Status KeyStatus
}

// NewKey returns an active key without bounds, or [ErrKey].
func NewKey(pub crypto.PublicKey) (Key, error) {
	for _, s := range suites() {
		if !s.owns(pub) {
			continue
		}
		spki, err := marshalPublic(pub)
		if err != nil {
			return Key{}, fmt.Errorf("%w: %w", ErrKey, err)
		}
		sum := sha256.Sum256(spki)
		return Key{ID: KeyID(sum[:]), Alg: s.alg, Public: pub, Status: KeyActive}, nil
	}
	return Key{}, fmt.Errorf("%w: %T", ErrKey, pub)
}

// suite returns the algorithm's row if the key can be used with it.
func (k *Key) suite() *suite {
	if s := suiteOf(k.Alg); s != nil && s.owns(k.Public) {
		return s
	}
	return nil
}

// signsAt reports whether t lies in the time in which the key signs.
func (k *Key) signsAt(t time.Time) bool {
	return (k.NotBefore.IsZero() || !t.Before(k.NotBefore)) &&
		(k.NotAfter.IsZero() || t.Before(k.NotAfter))
}
