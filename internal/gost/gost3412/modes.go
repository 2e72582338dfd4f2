package gost3412

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/subtle"
	"encoding/binary"

	"github.com/vidimus/vidimus/internal/gost/streebog"
)

// OpenCTR undoes CTR-ACPKM (RFC 9337 §7.3.1): the initial vector is the first
// half block of ukm, the rest of it is not used; section, whole blocks, says when
// the key changes. Encryption is the same. Error: ErrSize.
func OpenCTR(c Cipher, section int, key, ukm, data []byte) ([]byte, error) {
	if len(key) != KeySize || len(ukm) != c.UKMSize() || section < c.block || section%c.block != 0 {
		return nil, ErrSize
	}
	out := make([]byte, len(data))
	c.ctr(section, [KeySize]byte(key), ukm[:c.block/2], out, data)
	return out, nil
}

// OpenCTROMAC undoes CTR-ACPKM-OMAC (RFC 9337 §7.3.2): keys for encryption and
// integrity are derived with the second part of ukm, the integrity code follows
// the text and is encrypted with it. Errors: ErrSize, ErrMAC.
func OpenCTROMAC(c Cipher, key, ukm, data []byte) ([]byte, error) {
	if len(key) != KeySize || len(ukm) != c.UKMSize() || len(data) < c.block {
		return nil, ErrSize
	}
	seed := ukm[c.block/2:]
	plain := make([]byte, len(data))
	c.ctr(c.section, kdfTree(key, seed, 1), ukm[:c.block/2], plain, data)
	text, mac := plain[:len(data)-c.block], plain[len(data)-c.block:]
	k2 := kdfTree(key, seed, 2)
	if subtle.ConstantTimeCompare(omac(c.new(&k2), text), mac) != 1 {
		return nil, ErrMAC
	}
	return text, nil
}

// kdfTree is one of the two keys of KDF_TREE_GOSTR3411_2012_256 (RFC 7836 §4.5)
// with the label "kdf tree", R = 1 and L = 512.
func kdfTree(key, seed []byte, i byte) (out [KeySize]byte) {
	h := hmac.New(streebog.New256, key)
	h.Write([]byte{i})
	h.Write([]byte("kdf tree"))
	h.Write([]byte{0})
	h.Write(seed)
	h.Write([]byte{2, 0})
	h.Sum(out[:0])
	return out
}

// ctr is the counter mode in which each section has a key made from the one
// before (RFC 8645 §6.2.2).
func (c Cipher) ctr(section int, key [KeySize]byte, iv, dst, src []byte) {
	counter := append(append(make([]byte, 0, 16), iv...), make([]byte, c.block-len(iv))...)
	b := c.new(&key)
	gamma := make([]byte, c.block)
	for used := 0; len(src) > 0; used += c.block {
		if used > 0 && used%section == 0 {
			b = c.nextKey(b)
		}
		b.Encrypt(gamma, counter)
		n := subtle.XORBytes(dst, src, gamma)
		dst, src = dst[n:], src[n:]
		for i := c.block - 1; i >= 0; i-- {
			if counter[i]++; counter[i] != 0 {
				break
			}
		}
	}
}

// nextKey is ACPKM: the encryption of the bytes 0x80 to 0x9f.
func (c Cipher) nextKey(b cipher.Block) cipher.Block {
	var key [KeySize]byte
	for i := range key {
		key[i] = 0x80 + byte(i)
	}
	for i := 0; i < KeySize; i += c.block {
		b.Encrypt(key[i:], key[i:])
	}
	return c.new(&key)
}

// omac is the MAC mode of GOST R 34.13-2015 §5.6, not shortened: CMAC.
func omac(b cipher.Block, text []byte) []byte {
	n := b.BlockSize()
	k := make([]byte, n)
	b.Encrypt(k, k)
	double := func() {
		poly := byte(0x1b)
		if n == 16 {
			poly = 0x87
		}
		carry := k[0] >> 7
		for i := range n - 1 {
			k[i] = k[i]<<1 | k[i+1]>>7
		}
		k[n-1] = k[n-1]<<1 ^ carry*poly
	}
	double()
	state := make([]byte, n)
	for ; len(text) > n; text = text[n:] {
		subtle.XORBytes(state, state, text[:n])
		b.Encrypt(state, state)
	}
	last := append(make([]byte, 0, n), text...)
	if len(text) < n {
		double()
		last = append(append(last, 0x80), make([]byte, n-1-len(text))...)
	}
	subtle.XORBytes(state, state, last)
	subtle.XORBytes(state, state, k)
	b.Encrypt(state, state)
	return state
}

// meshing is the constant of RFC 4357 §2.3.2.
var meshing = [KeySize]byte{
	0x69, 0x00, 0x72, 0x22, 0x64, 0xc9, 0x04, 0x23, 0x8d, 0x3a, 0xdb, 0x96, 0x46, 0xe9, 0x2a, 0xc4,
	0x18, 0xfe, 0xac, 0x94, 0x00, 0xed, 0x07, 0x12, 0xc0, 0x86, 0xdc, 0xc2, 0xef, 0x4c, 0xa9, 0x2b,
}

// meshingSection is how many bytes one key encrypts.
const meshingSection = 1024

// Open28147 undoes GOST 28147-89 in cipher feedback mode (RFC 5830 §7) with the
// key meshing of RFC 4357 §2.3.2. Error: ErrSize.
func Open28147(p Params, key, iv, data []byte) ([]byte, error) {
	if len(key) != KeySize || len(iv) != 8 {
		return nil, ErrSize
	}
	f := newFeistel(p, words(key))
	out := make([]byte, len(data))
	state := [8]byte(iv)
	for off := 0; off < len(data); off += 8 {
		if off > 0 && off%meshingSection == 0 {
			next := meshing
			for i := 0; i < KeySize; i += 8 {
				f.ecb(next[i:i+8], f.decrypt)
			}
			f = newFeistel(p, words(next[:]))
			f.ecb(state[:], f.encrypt)
		}
		f.ecb(state[:], f.encrypt)
		n := subtle.XORBytes(out[off:], data[off:], state[:])
		copy(state[:], data[off:off+n])
	}
	return out, nil
}

// words reads a key as GOST 28147-89 does: least significant byte first.
func words(key []byte) (k [8]uint32) {
	for i := range k {
		k[i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	return k
}

// ecb applies a direction of the cipher to eight bytes in place.
func (f *feistel) ecb(b []byte, run func(uint32, uint32) (uint32, uint32)) {
	high, low := run(binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b))
	binary.LittleEndian.PutUint32(b, low)
	binary.LittleEndian.PutUint32(b[4:], high)
}
