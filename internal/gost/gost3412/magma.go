package gost3412

import (
	"crypto/cipher"
	"encoding/binary"
	"math/bits"
)

// Params is a parameter set of GOST 28147-89: eight rows of the substitution,
// the first for the lowest four bits. Write them as 16 hexadecimal digits.
type Params struct {
	rows [8]string
}

// ParamsZ is id-tc26-gost-28147-param-Z (RFC 7836 App. C), the substitution of
// Magma (RFC 8891 §4.1).
func ParamsZ() Params {
	return Params{[8]string{"C462A5B9E8D703F1", "68239A5C1E47BD0F", "B3582FADE174C960", "C821D4F670A53E9B",
		"7F5A816D093EB42C", "5DF692CAB78143E0", "8E25691CF4B0DA37", "17ED05834FA69CB2"}}
}

// ParamsCryptoProA is id-Gost28147-89-CryptoPro-A-ParamSet (RFC 4357 §11.2).
func ParamsCryptoProA() Params {
	return Params{[8]string{"96328B17A4EFC0D5", "37E98AF0526CB4D1", "E462B3D8CF5A0719", "E7ACD13902B4F856",
		"B5198DF0E423C7A6", "3ADC120B75948FE6", "1D297A608C45F3BE", "BAF50CE8623917D4"}}
}

// feistel is GOST 28147-89 with a key and a substitution.
type feistel struct {
	k    [8]uint32
	sbox [4][256]uint32 // by byte, shifted and turned left by 11
}

func newFeistel(p Params, k [8]uint32) *feistel {
	f := &feistel{k: k}
	digit := func(row, i int) uint32 {
		c := p.rows[row][i]
		if c >= 'A' {
			return uint32(c-'A') + 10
		}
		return uint32(c - '0')
	}
	for b := range f.sbox {
		for i := range f.sbox[b] {
			v := digit(2*b, i&15) | digit(2*b+1, i>>4)<<4
			f.sbox[b][i] = bits.RotateLeft32(v<<(8*b), 11)
		}
	}
	return f
}

// round is g[k] of RFC 8891 §4.2.
func (f *feistel) round(x, k uint32) uint32 {
	x += k
	return f.sbox[0][byte(x)] ^ f.sbox[1][byte(x>>8)] ^ f.sbox[2][byte(x>>16)] ^ f.sbox[3][byte(x>>24)]
}

// encrypt takes and returns the halves that RFC 8891 calls a1 and a0.
func (f *feistel) encrypt(a1, a0 uint32) (uint32, uint32) {
	for i := range 32 {
		k := f.k[i%8]
		if i >= 24 {
			k = f.k[31-i]
		}
		a1, a0 = a0, a1^f.round(a0, k)
	}
	return a0, a1 // the last round does not swap
}

func (f *feistel) decrypt(a1, a0 uint32) (uint32, uint32) {
	for i := range 32 {
		k := f.k[(31-i)%8]
		if i < 8 {
			k = f.k[i]
		}
		a1, a0 = a0, a1^f.round(a0, k)
	}
	return a0, a1
}

// magma is RFC 8891: most significant byte first.
type magma struct{ *feistel }

func newMagma(key *[KeySize]byte) cipher.Block {
	var k [8]uint32
	for i := range k {
		k[i] = binary.BigEndian.Uint32(key[4*i:])
	}
	return magma{newFeistel(ParamsZ(), k)}
}

func (magma) BlockSize() int { return 8 }

func (m magma) Encrypt(dst, src []byte) {
	a1, a0 := m.encrypt(binary.BigEndian.Uint32(src), binary.BigEndian.Uint32(src[4:8]))
	binary.BigEndian.PutUint32(dst, a1)
	binary.BigEndian.PutUint32(dst[4:8], a0)
}

func (m magma) Decrypt(dst, src []byte) {
	a1, a0 := m.decrypt(binary.BigEndian.Uint32(src), binary.BigEndian.Uint32(src[4:8]))
	binary.BigEndian.PutUint32(dst, a1)
	binary.BigEndian.PutUint32(dst[4:8], a0)
}
