package streebog

import (
	"encoding/binary"
	"errors"
	"hash"
)

// A marshalled state: magic, digest size, h, Σ, whole bytes hashed, and the
// length and bytes of the unfinished block.
const (
	magic     = "stb\x01"
	stateSize = len(magic) + 1 + 64 + 64 + 8 + 1 + BlockSize
)

// ErrState is returned by UnmarshalBinary for bytes that are not a state of a
// Streebog hash with the same digest size.
var ErrState = errors.New("streebog: not a state of this hash")

// AppendBinary appends the state of the hash to b, so that hashing can go on
// later or be repeated from a common prefix.
func (d *digest) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, magic...)
	b = append(b, byte(d.size))
	for _, w := range d.h {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	for _, w := range d.sigma {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	b = binary.BigEndian.AppendUint64(b, d.length)
	b = append(b, byte(d.nbuf))
	b = append(b, d.buf[:d.nbuf]...)
	return append(b, make([]byte, BlockSize-d.nbuf)...), nil
}

// MarshalBinary returns the state of the hash.
func (d *digest) MarshalBinary() ([]byte, error) {
	return d.AppendBinary(make([]byte, 0, stateSize))
}

// UnmarshalBinary restores a state made by MarshalBinary or AppendBinary.
// It returns ErrState and changes nothing when b is not one.
func (d *digest) UnmarshalBinary(b []byte) error {
	if len(b) != stateSize || string(b[:len(magic)]) != magic || int(b[len(magic)]) != d.size {
		return ErrState
	}
	b = b[len(magic)+1:]
	n := digest{size: d.size}
	for i := range n.h {
		n.h[i] = binary.BigEndian.Uint64(b[8*i:])
		n.sigma[i] = binary.BigEndian.Uint64(b[64+8*i:])
	}
	n.length = binary.BigEndian.Uint64(b[128:])
	n.nbuf = int(b[136])
	if n.nbuf >= BlockSize || n.length%BlockSize != 0 {
		return ErrState
	}
	copy(n.buf[:n.nbuf], b[137:])
	*d = n
	return nil
}

// Clone returns an independent copy of the hash in its present state.
func (d *digest) Clone() (hash.Cloner, error) {
	c := *d
	return &c, nil
}
