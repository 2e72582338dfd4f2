package pdf

import (
	"encoding/binary"
	"hash/adler32"
	"math/bits"
)

// inflater undoes FlateDecode of what lies in memory as a whole, some times as
// fast as compress/flate. It takes only what is sound to the last bit, checksum
// included: anything else, and what writers of PDF hardly ever do, is left to
// flateReader, which knows how to name it.
type inflater struct {
	literal, distance codeTable
	lengths           [maxLiterals + maxDistances]uint8

	in   []byte
	pos  int // in in; a number, since to cut a slice on the heap costs more
	bits uint64
	n    uint // of valid bits
}

// Numbers of codes, RFC 1951 §3.2.5 and §3.2.6.
const (
	maxLiterals  = 288
	maxDistances = 32
	endOfBlock   = 256
	longestCode  = 15
	fastBits     = 10 // codes up to this long are decoded by one look-up
)

// codeTable is one Huffman code.
type codeTable struct {
	fast   [1 << fastBits]uint16 // symbol<<4 | length, by the next bits; 0: longer
	count  [longestCode + 1]uint16
	symbol [maxLiterals]uint16 // in the order of their codes
}

// build makes the code of its lengths (RFC 1951 §3.2.2); false unless it is
// complete, has one symbol of one bit, or none.
func (t *codeTable) build(lengths []uint8) bool {
	t.count = [longestCode + 1]uint16{}
	for _, l := range lengths {
		t.count[l]++
	}
	t.count[0] = 0
	var next, index [longestCode + 2]uint16
	left := 1
	for l := 1; l <= longestCode; l++ {
		if left = left<<1 - int(t.count[l]); left < 0 {
			return false
		}
		index[l+1] = index[l] + t.count[l]
		next[l+1] = (next[l] + t.count[l]) << 1
	}
	if left != 0 && !(index[longestCode+1] == 0 || index[longestCode+1] == 1 && t.count[1] == 1) {
		return false
	}
	clear(t.fast[:])
	for s, l := range lengths {
		if l == 0 {
			continue
		}
		t.symbol[index[l]] = uint16(s)
		index[l]++
		code := next[l]
		next[l]++
		if l > fastBits {
			continue
		}
		for i := int(bits.Reverse16(code) >> (16 - l)); i < len(t.fast); i += 1 << l {
			t.fast[i] = uint16(s)<<4 | uint16(l)
		}
	}
	return true
}

// slow decodes a code longer than fastBits; 0 if the bits are none.
func (t *codeTable) slow(b uint64) (symbol, length uint) {
	var code, first, index int
	for l := 1; l <= longestCode; l++ {
		code |= int(b & 1)
		b >>= 1
		n := int(t.count[l])
		if code-n < first {
			return uint(t.symbol[index+code-first]), uint(l)
		}
		index, first, code = index+n, (first+n)<<1, code<<1
	}
	return 0, 0
}

// fill makes at least 48 bits valid, fewer only at the end of the input: as
// many as a length and a distance take together.
func (f *inflater) fill() {
	if len(f.in)-f.pos >= 8 {
		f.bits |= binary.LittleEndian.Uint64(f.in[f.pos:]) << f.n
		f.pos += int(63-f.n) >> 3
		f.n |= 56
		return
	}
	for f.n <= 56 && f.pos < len(f.in) {
		f.bits |= uint64(f.in[f.pos]) << f.n
		f.pos++
		f.n += 8
	}
}

// take returns the next n ≤ 16 bits of those that fill made valid.
func (f *inflater) take(n uint) (uint, bool) {
	if n > f.n {
		return 0, false
	}
	v := uint(f.bits & (1<<n - 1))
	f.bits >>= n
	f.n -= n
	return v, true
}

// inflate appends the data of a zlib stream (RFC 1950), at most limit bytes, to
// dst. ok is false, and dst of no meaning, if it did not read them to the end.
func (f *inflater) inflate(dst, in []byte, limit int) (out []byte, ok bool) {
	if len(in) < 2 || in[0]&0x0f != 8 || in[1]&0x20 != 0 || (uint(in[0])<<8|uint(in[1]))%31 != 0 {
		return dst, false
	}
	start := len(dst)
	f.in, f.pos, f.bits, f.n = in, 2, 0, 0
	defer func() { f.in = nil }()
	for last := uint(0); last == 0; {
		f.fill()
		var kind uint
		if last, ok = f.take(1); !ok {
			return dst, false
		}
		if kind, ok = f.take(2); !ok {
			return dst, false
		}
		switch kind {
		case 0:
			if dst, ok = f.stored(dst, start, limit); !ok {
				return dst, false
			}
			continue
		case 1:
			ok = f.fixed()
		case 2:
			ok = f.dynamic()
		default: // no kind at all
			ok = false
		}
		if !ok {
			return dst, false
		}
		if dst, ok = f.block(dst, start, limit); !ok {
			return dst, false
		}
	}
	// The checksum begins at the next whole byte; whole bytes may be among the bits.
	f.bits >>= f.n & 7
	f.n -= f.n & 7
	var sum [4]byte
	for i := range sum {
		f.fill()
		v, ok := f.take(8)
		if !ok {
			return dst, false
		}
		sum[i] = byte(v)
	}
	return dst, binary.BigEndian.Uint32(sum[:]) == adler32.Checksum(dst[start:])
}

// stored is RFC 1951 §3.2.4: from the next whole byte on, its length twice and
// the bytes as they are.
func (f *inflater) stored(dst []byte, start, limit int) ([]byte, bool) {
	f.bits >>= f.n & 7
	f.n -= f.n & 7
	f.fill()
	n, _ := f.take(16)
	not, ok := f.take(16)
	if !ok || n != not^0xffff || len(dst)-start+int(n) > limit {
		return dst, false
	}
	for ; n > 0 && f.n > 0; n-- { // whole bytes that are among the bits already
		v, _ := f.take(8)
		dst = append(dst, byte(v))
	}
	if n > 0 {
		if n > uint(len(f.in)-f.pos) {
			return dst, false
		}
		dst = append(dst, f.in[f.pos:f.pos+int(n)]...)
		f.pos, f.bits = f.pos+int(n), 0
	}
	return dst, true
}

// fixed is RFC 1951 §3.2.6.
func (f *inflater) fixed() bool {
	l := f.lengths[:maxLiterals]
	for i := range l {
		switch {
		case i < 144:
			l[i] = 8
		case i < 256:
			l[i] = 9
		case i < 280:
			l[i] = 7
		default:
			l[i] = 8
		}
	}
	d := f.lengths[maxLiterals:]
	for i := range d {
		d[i] = 5
	}
	return f.literal.build(l) && f.distance.build(d)
}

// lengthOrder is the order in which lengths of code lengths are given.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic is RFC 1951 §3.2.7.
func (f *inflater) dynamic() bool {
	f.fill()
	a, _ := f.take(5)
	b, _ := f.take(5)
	c, ok := f.take(4)
	literals, distances := int(a)+257, int(b)+1
	if !ok || literals > 286 || distances > 30 {
		return false
	}
	var small [19]uint8
	for _, i := range lengthOrder[:c+4] {
		f.fill()
		v, ok := f.take(3)
		if !ok {
			return false
		}
		small[i] = uint8(v)
	}
	if !f.literal.build(small[:]) {
		return false
	}
	l := f.lengths[:literals+distances]
	for i := 0; i < len(l); {
		f.fill()
		e := uint(f.literal.fast[f.bits&(1<<fastBits-1)]) // at most 7 bits long
		if _, ok := f.take(e & 15); !ok || e == 0 {
			return false
		}
		symbol := e >> 4
		if symbol < 16 {
			l[i] = uint8(symbol)
			i++
			continue
		}
		var again, more uint
		var v uint8
		switch symbol {
		case 16:
			if i == 0 {
				return false
			}
			v = l[i-1]
			more, ok = f.take(2)
			again = 3
		case 17:
			more, ok = f.take(3)
			again = 3
		default:
			more, ok = f.take(7)
			again = 11
		}
		n := int(again + more)
		if !ok || n > len(l)-i {
			return false
		}
		for range n {
			l[i] = v
			i++
		}
	}
	return l[endOfBlock] != 0 && f.literal.build(l[:literals]) && f.distance.build(l[literals:])
}

// extra is what a length or distance symbol stands for: base and extra bits.
type extra struct {
	base uint16
	bits uint8
}

// RFC 1951 §3.2.5.
var (
	lengthExtra = [29]extra{{3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0}, {8, 0}, {9, 0}, {10, 0}, {11, 1}, {13, 1}, {15, 1}, {17, 1},
		{19, 2}, {23, 2}, {27, 2}, {31, 2}, {35, 3}, {43, 3}, {51, 3}, {59, 3}, {67, 4}, {83, 4}, {99, 4}, {115, 4},
		{131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}}
	distanceExtra = [30]extra{{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 1}, {7, 1}, {9, 2}, {13, 2}, {17, 3}, {25, 3}, {33, 4}, {49, 4},
		{65, 5}, {97, 5}, {129, 6}, {193, 6}, {257, 7}, {385, 7}, {513, 8}, {769, 8}, {1025, 9}, {1537, 9}, {2049, 10}, {3073, 10},
		{4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13}}
)

// block decodes the rest of a block whose codes are known.
func (f *inflater) block(dst []byte, start, limit int) ([]byte, bool) {
	for {
		f.fill()
		e := uint(f.literal.fast[f.bits&(1<<fastBits-1)])
		symbol, length := e>>4, e&15
		if e == 0 {
			symbol, length = f.literal.slow(f.bits)
		}
		if length == 0 || length > f.n {
			return dst, false
		}
		f.bits >>= length
		f.n -= length
		if symbol < endOfBlock {
			if len(dst)-start >= limit {
				return dst, false
			}
			dst = append(dst, byte(symbol))
			// Two more literals, which rarely come alone, without filling.
			for range 2 {
				e := uint(f.literal.fast[f.bits&(1<<fastBits-1)])
				if e == 0 || e >= endOfBlock<<4 || e&15 > f.n || len(dst)-start >= limit {
					break
				}
				dst = append(dst, byte(e>>4))
				f.bits >>= e & 15
				f.n -= e & 15
			}
			continue
		}
		if symbol == endOfBlock {
			return dst, true
		}
		if symbol -= endOfBlock + 1; symbol >= uint(len(lengthExtra)) {
			return dst, false
		}
		x := lengthExtra[symbol]
		n, ok := f.take(uint(x.bits))
		if !ok {
			return dst, false
		}
		n += uint(x.base)

		e = uint(f.distance.fast[f.bits&(1<<fastBits-1)])
		symbol, length = e>>4, e&15
		if e == 0 {
			symbol, length = f.distance.slow(f.bits)
		}
		if length == 0 || length > f.n || symbol >= uint(len(distanceExtra)) {
			return dst, false
		}
		f.bits >>= length
		f.n -= length
		x = distanceExtra[symbol]
		back, ok := f.take(uint(x.bits))
		if !ok {
			return dst, false
		}
		from := len(dst) - int(back) - int(x.base)
		if from < start || len(dst)-start+int(n) > limit {
			return dst, false
		}
		for have := len(dst) - from; int(n) > have; have = len(dst) - from { // the copy feeds itself
			dst = append(dst, dst[from:]...)
			n -= uint(have)
		}
		dst = append(dst, dst[from:from+int(n)]...)
	}
}

// inflated is Decode for a stream in memory with FlateDecode alone; ok is false
// if that is not what it is, or not all is well with it.
func (s *Stream) inflated(buf []byte, limit int64) (out []byte, ok bool) {
	d := s.doc
	if d.src.mem == nil || d.crypt != nil || d.locked != nil || s.Dict.Get("F") != nil || s.Dict.Get("DecodeParms") != nil {
		return nil, false
	}
	if name, _ := s.Dict.Get("Filter").(Name); name != "FlateDecode" && name != "Fl" {
		return nil, false
	}
	if s.start < 0 || s.length < 0 || s.length > d.src.size-s.start {
		return nil, false
	}
	most := min(limit, d.decodeBudget-s.length)
	if most < 0 {
		return nil, false
	}
	if d.inflate == nil {
		d.inflate = new(inflater)
	}
	if cap(buf) == 0 { // grows with the data, not with what the file says
		buf = make([]byte, 0, min(max(1024, 2*s.length), 64<<10))
	}
	out, ok = d.inflate.inflate(buf[:0], d.src.mem[s.start:s.start+s.length], int(most))
	if ok {
		d.decodeBudget -= s.length + int64(len(out))
	}
	return out, ok
}
