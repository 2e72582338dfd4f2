package gost3410

import (
	"encoding/binary"
	"math/bits"
)

// words is a number of up to 512 bits, least significant word first. 256-bit
// numbers leave the upper half zero.
type words [8]uint64

// setLE reads a little-endian number of at most 64 bytes.
func (w *words) setLE(b []byte) {
	*w = words{}
	for i := range len(b) / 8 {
		w[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
}

// setBE reads a big-endian number of 8·k ≤ 64 bytes.
func (w *words) setBE(b []byte) {
	*w = words{}
	for i := range len(b) / 8 {
		w[i] = binary.BigEndian.Uint64(b[len(b)-8*i-8:])
	}
}

// putLE and putBE fill b, 8·k bytes, with the lowest k words.
func (w *words) putLE(b []byte) {
	for i := range len(b) / 8 {
		binary.LittleEndian.PutUint64(b[8*i:], w[i])
	}
}

func (w *words) putBE(b []byte) {
	for i := range len(b) / 8 {
		binary.BigEndian.PutUint64(b[len(b)-8*i-8:], w[i])
	}
}

// isZero takes the same time for every w.
func (w *words) isZero() bool {
	var or uint64
	for _, v := range w {
		or |= v
	}
	return or == 0
}

// less reports whether w < v, taking the same time for every w and v.
func (w *words) less(v *words) bool {
	var b uint64
	for i := range w {
		_, b = bits.Sub64(w[i], v[i], b)
	}
	return b == 1
}

// A modulus is the odd order q of a group, ready for Montgomery multiplication
// with R = 2^(64n).
type modulus struct {
	n   int    // words
	inv uint64 // −q⁻¹ mod 2⁶⁴
	m   words  // q
	r2  words  // R² mod q
}

// mul sets z = x·y/R mod q. One factor must be below q.
func (m *modulus) mul(z, x, y *words) {
	if m.n == 4 {
		montMul4(z, x, y, m)
	} else {
		montMul8(z, x, y, m)
	}
}

// toMont returns x·R mod q for any x below R.
func (m *modulus) toMont(x *words) (z words) {
	m.mul(&z, x, &m.r2)
	return z
}

// fromMont returns x/R mod q.
func (m *modulus) fromMont(x *words) (z words) {
	m.mul(&z, x, &words{1})
	return z
}

// add sets z = x + y mod q for x, y below q.
func (m *modulus) add(z, x, y *words) {
	var s, d words
	var c, b uint64
	for i := range m.n {
		s[i], c = bits.Add64(x[i], y[i], c)
	}
	for i := range m.n {
		d[i], b = bits.Sub64(s[i], m.m[i], b)
	}
	_, b = bits.Sub64(c, 0, b)
	for i := range m.n {
		z[i] = d[i] ^ -b&(d[i]^s[i])
	}
}

// neg sets z = q − x for 0 < x < q.
func (m *modulus) neg(z, x *words) {
	var b uint64
	for i := range m.n {
		z[i], b = bits.Sub64(m.m[i], x[i], b)
	}
}
