package qr

import (
	"errors"
	"fmt"
	"time"
)

const (
	// MaxKeys bounds a key set: a new key each month for eight years. A token is
	// tried against each key that shares its identifier.
	MaxKeys = 100

	// MaxKeySet bounds the encoded key set in bytes: MaxKeys at 400 bytes as JSON
	// with as much for members we ignore.
	MaxKeySet = 80 << 10
)

// ErrKeySet is returned for data that is no key set, or holds a key with members
// that are missing, contradict each other or are private.
var ErrKeySet = errors.New("qr: not a key set")

// KeySet is the keys of an issuer, as published under /.well-known/vidimus/keys.
type KeySet []Key

// keyFields is a key with its members spelt as in either format.
type keyFields struct {
	kid                 []byte
	x, y                []byte
	notBefore, notAfter *int64
	status              string
}

func fieldsOf(k *Key) (*suite, *keyFields, error) {
	s := k.suite()
	if s == nil {
		return nil, nil, fmt.Errorf("%w: key %s", ErrKey, k.ID)
	}
	if k.Status <= KeyUnknown || k.Status > KeyCompromised {
		return nil, nil, fmt.Errorf("%w: key %s has no status", ErrKeySet, k.ID)
	}
	x, y, err := s.coordinates(k.Public)
	if err != nil {
		return nil, nil, err
	}
	f := &keyFields{kid: k.ID[:], x: x, y: y, status: k.Status.String()}
	for _, bound := range []struct {
		at *time.Time
		to **int64
	}{{&k.NotBefore, &f.notBefore}, {&k.NotAfter, &f.notAfter}} {
		if !bound.at.IsZero() {
			sec := bound.at.Unix()
			if sec < 1 || sec > maxTime {
				return nil, nil, fmt.Errorf("%w: key %s: time %d", ErrKeySet, k.ID, sec)
			}
			*bound.to = &sec
		}
	}
	return s, f, nil
}

func (f *keyFields) key(s *suite) (k Key, err error) {
	k.Alg = s.alg
	if len(f.kid) != len(k.ID) {
		return Key{}, fmt.Errorf("%w: kid has %d bytes, want %d", ErrKeySet, len(f.kid), len(k.ID))
	}
	copy(k.ID[:], f.kid)
	if k.Public, err = s.public(f.x, f.y); err != nil {
		return Key{}, fmt.Errorf("%w: key %s: %w", ErrKeySet, k.ID, err)
	}
	if k.Status, err = parseKeyStatus(f.status); err != nil {
		return Key{}, err
	}
	for _, bound := range []struct {
		from *int64
		to   *time.Time
	}{{f.notBefore, &k.NotBefore}, {f.notAfter, &k.NotAfter}} {
		if bound.from == nil {
			continue
		}
		if *bound.from < 1 || *bound.from > maxTime {
			return Key{}, fmt.Errorf("%w: key %s: time %d", ErrKeySet, k.ID, *bound.from)
		}
		*bound.to = time.Unix(*bound.from, 0).UTC()
	}
	return k, nil
}

func checkSize(data []byte) error {
	if len(data) > MaxKeySet {
		return fmt.Errorf("%w: more than %d bytes", ErrKeySet, MaxKeySet)
	}
	return nil
}

func checkCount(n int) error {
	if n > MaxKeys {
		return fmt.Errorf("%w: more than %d keys", ErrKeySet, MaxKeys)
	}
	return nil
}
