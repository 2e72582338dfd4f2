// Package gost3412 has the block ciphers that key files are encrypted with:
//
//	c := gost3412.Kuznyechik()
//	plain, err := gost3412.OpenCTR(c, c.Section(), key, ukm, data)       // CTR-ACPKM
//	plain, err := gost3412.OpenCTROMAC(c, key, ukm, data)                // and its integrity code
//	plain, err := gost3412.Open28147(gost3412.ParamsZ(), key, iv, data)  // GOST 28147-89, CFB
//
// The ciphers are those of GOST R 34.12-2015 (RFC 7801, RFC 8891) and GOST
// 28147-89 (RFC 5830) in the modes of RFC 9337 §7.3 and RFC 4357 §2.3. They are
// simple rather than fast and look tables up with secret indices, so they are for
// reading a file on the owner's machine and not for traffic.
package gost3412

//go:generate go run github.com/vidimus/vidimus/internal/gost/gen/cmd/gostgen gost3412

import (
	"crypto/cipher"
	"errors"
)

// KeySize is the length of every key, in bytes.
const KeySize = 32

var (
	// ErrSize: a key, a UKM or an initial vector of the wrong length.
	ErrSize = errors.New("gost3412: wrong length")
	// ErrMAC: the integrity code does not fit, so key or data are wrong.
	ErrMAC = errors.New("gost3412: integrity code is wrong")
)

// A Cipher is a block cipher of GOST R 34.12-2015.
type Cipher struct {
	name            string
	block           int // bytes
	section, engine int // bytes
	new             func(key *[KeySize]byte) cipher.Block
}

// Magma has blocks of 8 bytes (RFC 8891).
func Magma() Cipher { return Cipher{"Magma", 8, 8 << 10, 1 << 10, newMagma} }

// Kuznyechik has blocks of 16 bytes (RFC 7801).
func Kuznyechik() Cipher { return Cipher{"Kuznyechik", 16, 256 << 10, 4 << 10, newKuznyechik} }

// Section is how many bytes CTR-ACPKM encrypts with one key in files by the
// recommendations, EngineSection in files that OpenSSL's gost engine writes. The
// file does not say which.
func (c Cipher) Section() int { return c.section }

// EngineSection: see [Cipher.Section].
func (c Cipher) EngineSection() int { return c.engine }

// String returns the name of the cipher.
func (c Cipher) String() string { return c.name }

// UKMSize is the length of the ukm parameter, in bytes: half a block of initial
// vector and eight bytes for the derivation of keys.
func (c Cipher) UKMSize() int { return c.block/2 + 8 }

// NewBlock returns the cipher with a key of KeySize bytes. Error: ErrSize.
func (c Cipher) NewBlock(key []byte) (cipher.Block, error) {
	if len(key) != KeySize {
		return nil, ErrSize
	}
	return c.new((*[KeySize]byte)(key)), nil
}
