package pdfa

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
	"math/bits"
	"slices"
)

// deflater writes zlib streams (RFC 1950, RFC 1951) with Huffman codes that were
// made beforehand: the streams of certificates are short and alike, and to count
// their symbols and build a code would take longer than all the rest.
type deflater struct {
	found []repetition
	// heads holds where four bytes with a given hash stood last, counted from
	// base, so that a new block need not clear it.
	heads [1 << hashBits]uint32
	base  uint32
}

// repetition is a number of bytes as they are, and then the copy of length bytes
// that stand so far back; length 0 is none.
type repetition struct{ plain, length, distance int32 }

const (
	hashBits = 11
	// maxDistance is how far back a repetition may reach, maxMatch how long it
	// may be (RFC 1951 §3.2.5).
	maxDistance = 1 << 15
	maxMatch    = 258
	minMatch    = 4 // three bytes of digits are shorter as they are
	// nearMatch is up to where a repetition of minMatch bytes is worth it.
	nearMatch = 1 << 6
)

// segment is a part of a stream, written as a block of its own.
type segment struct {
	data []byte
	code *blockCode
}

// append appends the segments as one stream to dst.
func (z *deflater) append(dst []byte, segments ...segment) []byte {
	b := bitWriter{out: append(dst, 0x78, 0x01)} // deflate, window of 32 kB (RFC 1950 §2.2)
	sum := adler32.New()
	for i, s := range segments {
		sum.Write(s.data)
		final := word{0, 1} // RFC 1951 §3.2.3
		if i == len(segments)-1 {
			final.bits = 1
		}
		b.put(final)
		for _, w := range s.code.head {
			b.put(w)
		}
		b.block(s.data, z.repetitions(s.data, s.code.lines), s.code)
	}
	if b.have > 0 {
		b.put(word{0, uint8(8 - b.have)})
	}
	return sum.Sum(b.out)
}

func (z *deflater) repetitions(data []byte, inLines bool) []repetition {
	if inLines {
		z.found = lines(z.found[:0], data)
	} else {
		z.found = z.greedy(z.found[:0], data)
	}
	return z.found
}

// greedy takes each repetition it meets, and looks at one candidate for each
// place.
func (z *deflater) greedy(found []repetition, data []byte) []repetition {
	if z.base > 1<<30 { // long before positions run over
		clear(z.heads[:])
		z.base = 0
	}
	z.base += maxDistance + 1 // what stands in heads now is too far away
	done := 0
	for i := 0; i+minMatch <= len(data); {
		four := binary.LittleEndian.Uint32(data[i:])
		head := &z.heads[four*0x9E3779B1>>(32-hashBits)]
		distance := int(z.base + uint32(i) - *head)
		*head = z.base + uint32(i)
		if distance <= maxDistance && binary.LittleEndian.Uint32(data[i-distance:]) == four {
			n := matchLen(data[i:], data[i-distance:])
			if n > minMatch || distance <= nearMatch {
				found = append(found, repetition{int32(i - done), int32(n), int32(distance)})
				i += n
				done = i
				continue
			}
		}
		i++
	}
	z.base += uint32(len(data))
	return append(found, repetition{plain: int32(len(data) - done)})
}

// matchLen returns how many bytes a and the longer b have in common.
func matchLen(a, b []byte) int {
	n, i := min(len(a), maxMatch), 0
	for ; i+8 <= n; i += 8 {
		if x := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

// lines takes what the last eight bytes of a line have in common with those of
// the line before: good for a path of hundreds of rectangles.
func lines(found []repetition, data []byte) []repetition {
	done := 0
	for start := 0; start < len(data); {
		n := bytes.IndexByte(data[start:], '\n') + 1
		if n == 0 {
			break
		}
		end := start + n
		if n >= 8 && start >= 8 && n <= maxDistance {
			x := binary.LittleEndian.Uint64(data[start-8:]) ^ binary.LittleEndian.Uint64(data[end-8:])
			if common := bits.LeadingZeros64(x) / 8; common >= 3 {
				found = append(found, repetition{int32(end - common - done), int32(common), int32(n)})
				done = end
			}
		}
		start = end
	}
	return append(found, repetition{plain: int32(len(data) - done)})
}

// bitWriter packs words from the lowest bit of each byte on (RFC 1951 §3.1.1).
type bitWriter struct {
	out  []byte
	acc  uint64 // bits not yet in out
	have uint
}

func (b *bitWriter) put(w word) {
	b.acc |= uint64(w.bits) << b.have
	for b.have += uint(w.n); b.have >= 8; b.have -= 8 {
		b.out = append(b.out, byte(b.acc))
		b.acc >>= 8
	}
}

// block writes the symbols of a block and its end.
func (b *bitWriter) block(data []byte, found []repetition, c *blockCode) {
	// A byte takes 15 bits at most, and a repetition, of three bytes and more, 48.
	start := len(b.out)
	b.out = slices.Grow(b.out, 2*len(data)+16)
	out, n := b.out[start:cap(b.out)], 0
	acc, have := b.acc, b.have
	for i := range found {
		r := &found[i]
		plain := data[:r.plain]
		for len(plain) > 0 {
			binary.LittleEndian.PutUint64(out[n:], acc)
			n += int(have >> 3)
			acc >>= have &^ 7 & 63
			have &= 7
			for _, v := range plain[:min(3, len(plain))] {
				w := c.lit[v]
				acc |= uint64(w.bits) << (have & 63)
				have += uint(w.n)
			}
			plain = plain[min(3, len(plain)):]
		}
		data = data[r.plain+r.length:]
		if r.length == 0 {
			continue
		}
		binary.LittleEndian.PutUint64(out[n:], acc)
		n += int(have >> 3)
		acc >>= have &^ 7 & 63
		have &= 7
		w := c.length[r.length-3]
		acc |= uint64(w.bits) << have
		have += uint(w.n)
		symbol, extra := distanceCode(uint32(r.distance - 1))
		w = c.dist[symbol]
		acc |= uint64(w.bits|extra.bits<<w.n) << (have & 63)
		have += uint(w.n + extra.n)
	}
	b.out, b.acc, b.have = b.out[:start+n], acc, have
	b.put(word{}) // whole bytes
	b.put(c.end)
}
