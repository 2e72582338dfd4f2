// Package streebog implements the hash function GOST R 34.11-2012 ("Streebog",
// RFC 6986) with 256-bit and 512-bit output.
//
//	h := streebog.New256()
//	io.Copy(h, file)
//	digest := h.Sum(nil)
//
// or in one call, [Sum256] and [Sum512]. A digest is 32 or 64 bytes in the order
// that `openssl dgst` prints and that CMS and X.509 carry; GOST R 34.10-2012
// reads it as a little-endian number. The hash is not meant for secrets: its
// table look-ups depend on the data.
package streebog

import (
	"encoding/binary"
	"hash"
)

//go:generate go run github.com/vidimus/vidimus/internal/gost/gen/cmd/gostgen streebog

const (
	// Size256 and Size512 are the digest lengths in bytes.
	Size256 = 32
	Size512 = 64
	// BlockSize is the length of a message block in bytes, for HMAC.
	BlockSize = 64
)

// digest is the state of RFC 6986 §8 between blocks. N, the number of bits
// hashed, is derived from length.
type digest struct {
	h      [8]uint64
	sigma  [8]uint64
	length uint64 // bytes in whole blocks hashed so far
	buf    [BlockSize]byte
	nbuf   int
	size   int
}

// New256 returns a Streebog-256 hash. It also implements
// encoding.BinaryMarshaler, BinaryAppender and BinaryUnmarshaler, and hash.Cloner.
func New256() hash.Hash { return newDigest(Size256) }

// New512 returns a Streebog-512 hash, with the same additional interfaces.
func New512() hash.Hash { return newDigest(Size512) }

// Sum256 returns the Streebog-256 digest of data.
func Sum256(data []byte) (sum [Size256]byte) {
	var d digest
	d.size = Size256
	d.Reset()
	d.Write(data)
	full := d.checkSum()
	copy(sum[:], full[Size512-Size256:])
	return sum
}

// Sum512 returns the Streebog-512 digest of data.
func Sum512(data []byte) [Size512]byte {
	var d digest
	d.size = Size512
	d.Reset()
	d.Write(data)
	return d.checkSum()
}

func newDigest(size int) *digest {
	d := &digest{size: size}
	d.Reset()
	return d
}

// Reset sets the initial value of RFC 6986 §6.1: all zero bytes for 512 bits,
// all 0x01 for 256.
func (d *digest) Reset() {
	size := d.size
	*d = digest{size: size}
	if size == Size256 {
		for i := range d.h {
			d.h[i] = 0x0101010101010101
		}
	}
}

func (d *digest) Size() int      { return d.size }
func (d *digest) BlockSize() int { return BlockSize }

// Write adds p to the message; it never fails.
func (d *digest) Write(p []byte) (int, error) {
	n := len(p)
	if d.nbuf > 0 {
		c := copy(d.buf[d.nbuf:], p)
		d.nbuf += c
		p = p[c:]
		if d.nbuf == BlockSize {
			d.block(d.buf[:])
			d.nbuf = 0
		}
	}
	if len(p) >= BlockSize {
		whole := len(p) &^ (BlockSize - 1)
		d.block(p[:whole])
		p = p[whole:]
	}
	if len(p) > 0 {
		d.nbuf = copy(d.buf[:], p)
	}
	return n, nil
}

// Sum appends the digest of what was written so far to b. The state is left as
// it was, so more can be written.
func (d *digest) Sum(b []byte) []byte {
	c := *d
	full := c.checkSum()
	return append(b, full[Size512-c.size:]...)
}

// block hashes whole blocks: stage 2 of RFC 6986 §8.2.
func (d *digest) block(p []byte) {
	var m [8]uint64
	for len(p) >= BlockSize {
		loadBlock(&m, p)
		compress(&d.h, &m, d.length)
		addBlock(&d.sigma, &m)
		d.length += BlockSize
		p = p[BlockSize:]
	}
}

// checkSum pads and finishes: stage 3 of RFC 6986 §8.3. The returned array is
// H; the 256-bit digest is its upper half.
func (d *digest) checkSum() [Size512]byte {
	var m [8]uint64
	clear(d.buf[d.nbuf:])
	d.buf[d.nbuf] = 1
	loadBlock(&m, d.buf[:])
	compress(&d.h, &m, d.length)
	addBlock(&d.sigma, &m)
	// Blocks are whole, so the tail adds to the count without touching its own bits.
	total := d.length + uint64(d.nbuf)
	m = [8]uint64{total << 3, total >> 61}
	compress(&d.h, &m, 0)
	compress(&d.h, &d.sigma, 0)
	var out [Size512]byte
	for i, w := range d.h {
		binary.LittleEndian.PutUint64(out[8*i:], w)
	}
	return out
}

func loadBlock(m *[8]uint64, p []byte) {
	_ = p[BlockSize-1]
	for i := range m {
		m[i] = binary.LittleEndian.Uint64(p[8*i:])
	}
}
