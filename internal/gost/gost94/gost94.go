// Package gost94 implements the hash function GOST R 34.11-94 (RFC 5831), with
// which certificates and signatures were made before 2013. It is withdrawn and
// here only to verify archives; new data uses package streebog.
//
//	h := gost94.New()
//	io.Copy(h, file)
//	digest := h.Sum(nil) // 32 bytes, as `openssl dgst -md_gost94` prints them
package gost94

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

const (
	// Size is the digest length in bytes.
	Size = 32
	// BlockSize is the length of a message block in bytes.
	BlockSize = 32
)

type digest struct {
	sbox   *sbox
	h      [4]uint64 // 256-bit numbers, least significant word first
	sigma  [4]uint64
	length uint64 // bytes
	buf    [BlockSize]byte
	nbuf   int
}

// New returns the hash with id-GostR3411-94-CryptoProParamSet (1.2.643.2.2.30.1),
// the only parameter set that RFC 4491 §2.1 lets certificates use.
func New() hash.Hash { return &digest{sbox: &cryptoPro} }

// NewTest returns the hash with id-GostR3411-94-TestParamSet (1.2.643.2.2.30.0),
// that of the examples in RFC 5831.
func NewTest() hash.Hash { return &digest{sbox: &test} }

func (d *digest) Reset()         { *d = digest{sbox: d.sbox} }
func (d *digest) Size() int      { return Size }
func (d *digest) BlockSize() int { return BlockSize }

// Write adds p to the message; it never fails.
func (d *digest) Write(p []byte) (int, error) {
	n := len(p)
	d.length += uint64(n)
	if d.nbuf > 0 {
		c := copy(d.buf[d.nbuf:], p)
		d.nbuf += c
		p = p[c:]
		if d.nbuf < BlockSize {
			return n, nil
		}
		d.block(d.buf[:])
		d.nbuf = 0
	}
	for ; len(p) >= BlockSize; p = p[BlockSize:] {
		d.block(p)
	}
	d.nbuf = copy(d.buf[:], p)
	return n, nil
}

// Sum appends the digest of what was written so far; more can be written after.
func (d *digest) Sum(b []byte) []byte {
	c := *d
	if c.nbuf > 0 {
		clear(c.buf[c.nbuf:])
		c.block(c.buf[:])
	}
	c.step([4]uint64{c.length << 3, c.length >> 61})
	c.step(c.sigma)
	for _, w := range c.h {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

// block adds a whole block to the state and the checksum Σ (RFC 5831 §6).
func (d *digest) block(p []byte) {
	var m [4]uint64
	var c uint64
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(p[8*i:])
		d.sigma[i], c = bits.Add64(d.sigma[i], m[i], c)
	}
	d.step(m)
}
