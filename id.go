package vidimus

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// ID names a certificate in public: 80 random bits, so that it cannot be guessed.
// It is what the QR code carries. The leaves of the public log name IDs, so they
// are no secret.
//
// Its text form is 16 characters of Crockford's base 32 in lower case.
type ID [10]byte

// ErrID is returned by [ParseID] for a text that is no ID.
var ErrID = errors.New("vidimus: not a certificate ID")

const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// NewID draws an ID from r, normally crypto/rand.Reader.
func NewID(r io.Reader) (ID, error) {
	var id ID
	if _, err := io.ReadFull(r, id[:]); err != nil {
		return ID{}, fmt.Errorf("vidimus: draw an ID: %w", err)
	}
	return id, nil
}

// String returns the 16-character text form.
func (id ID) String() string {
	var out [16]byte
	var acc uint32
	bits, n := 0, 0
	for _, b := range id {
		acc = acc<<8 | uint32(b)
		for bits += 8; bits >= 5; n++ {
			bits -= 5
			out[n] = idAlphabet[acc>>bits&31]
		}
	}
	return string(out[:])
}

// IsZero reports whether the ID was never drawn.
func (id ID) IsZero() bool { return id == ID{} }

// ParseID reads the text form. As Crockford's encoding asks, it takes either
// case, reads o as 0 and i or l as 1, and ignores hyphens. Anything else is
// [ErrID].
func ParseID(s string) (ID, error) {
	var id ID
	var acc uint32
	bits, n, chars := 0, 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '-':
			continue
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		switch c {
		case 'o':
			c = '0'
		case 'i', 'l':
			c = '1'
		}
		v := strings.IndexByte(idAlphabet, c)
		if v < 0 || chars == 16 {
			return ID{}, fmt.Errorf("%w: %q", ErrID, clip(s))
		}
		chars++
		acc = acc<<5 | uint32(v)
		if bits += 5; bits >= 8 {
			bits -= 8
			id[n] = byte(acc >> bits)
			n++
		}
	}
	if chars != 16 {
		return ID{}, fmt.Errorf("%w: %q", ErrID, clip(s))
	}
	return id, nil
}

// MarshalText implements encoding.TextMarshaler.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler with the rules of [ParseID].
func (id *ID) UnmarshalText(b []byte) error {
	v, err := ParseID(string(b))
	if err == nil {
		*id = v
	}
	return err
}

// clip shortens hostile text so that an error message stays a message.
func clip(s string) string {
	const most = 64 // longer than any identifier of ours
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
