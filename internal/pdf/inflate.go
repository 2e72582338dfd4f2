package pdf

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
)

// inflater undoes FlateDecode of what lies in memory as a whole, some times as
// fast as compress/flate. It takes only what is sound to the last bit, checksum
// included: anything else, and what writers of PDF hardly ever do, is left to
// flateReader, which knows how to name it.
type inflater struct {
	fixed0  *blockCode // made when first needed
	dynamic [keptCodes]*blockCode
	oldest  int // of dynamic
	lengths [maxLiterals + maxDistances]uint8
	order   [1 << longestOrder]uint8 // the code of the code lengths: length in the lowest three bits

	in   []byte
	pos  int // in in; a number, since to cut a slice on the heap costs more
	bits uint64
	n    uint // of valid bits
}

// blockCode is the code of a block, and the lengths that it was made of.
type blockCode struct {
	literal, distance   codeTable
	runs                *runTable // of literal, made when the code is used again or for much
	used                bool
	literals, distances int
	lengths             [maxLiterals + maxDistances]uint8
}

const (
	// keptCodes is how many codes of blocks are kept for blocks with the same ones:
	// streams of one writer may have codes that were made once for all.
	keptCodes = 4
	// muchInput is from how many bytes on a table of runs is worth making.
	muchInput    = 4 << 10
	longestOrder = 7 // bits of a code length (RFC 1951 §3.2.7)
)

// Numbers of codes, RFC 1951 §3.2.5 and §3.2.6.
const (
	maxLiterals  = 288
	maxDistances = 32
	longestPair  = 48 // bits of a length and a distance with their extra bits
	endOfBlock   = 256
	longestCode  = 15
	fastBits     = 10 // codes up to this long are decoded by one look-up
)

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
		var code *blockCode
		switch kind {
		case 0:
			if dst, ok = f.stored(dst, start, limit); !ok {
				return dst, false
			}
			continue
		case 1:
			code = f.fixed()
		case 2:
			code = f.described()
		}
		if code == nil { // no kind at all, or a code that is none
			return dst, false
		}
		if dst, ok = f.block(dst, start, limit, code); !ok {
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
func (f *inflater) fixed() *blockCode {
	if f.fixed0 == nil {
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
		f.fixed0 = new(blockCode)
		f.fixed0.literal.build(l, &literalMeans)
		f.fixed0.distance.build(d, &distanceMeans)
	}
	return f.fixed0
}

// lengthOrder is the order in which lengths of code lengths are given.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// described is RFC 1951 §3.2.7; nil for what is no code.
func (f *inflater) described() *blockCode {
	f.fill()
	a, _ := f.take(5)
	b, _ := f.take(5)
	c, ok := f.take(4)
	literals, distances := int(a)+257, int(b)+1
	if !ok || literals > 286 || distances > 30 {
		return nil
	}
	var small [19]uint8
	for _, i := range lengthOrder[:c+4] {
		f.fill()
		v, ok := f.take(3)
		if !ok {
			return nil
		}
		small[i] = uint8(v)
	}
	if !buildOrder(&f.order, &small) {
		return nil
	}
	l := f.lengths[:literals+distances]
	for i := 0; i < len(l); {
		f.fill()
		m := f.order[f.bits&(1<<longestOrder-1)]
		if _, ok := f.take(uint(m & 7)); !ok || m == 0 {
			return nil
		}
		symbol := m >> 3
		if symbol < 16 {
			l[i] = symbol
			i++
			continue
		}
		var again, more uint
		var v uint8
		switch symbol {
		case 16:
			if i == 0 {
				return nil
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
			return nil
		}
		for range n {
			l[i] = v
			i++
		}
	}
	if l[endOfBlock] == 0 {
		return nil
	}
	return f.code(literals, distances)
}

// code makes the code of f.lengths, or finds it among those made last.
func (f *inflater) code(literals, distances int) *blockCode {
	l := f.lengths[:literals+distances]
	for _, c := range f.dynamic {
		if c != nil && c.literals == literals && c.distances == distances && bytes.Equal(c.lengths[:len(l)], l) {
			return c
		}
	}
	c := f.dynamic[f.oldest]
	if c == nil {
		c = new(blockCode)
		f.dynamic[f.oldest] = c
	}
	c.literals = 0 // no code, until it is one
	if !c.literal.build(l[:literals], &literalMeans) || !c.distance.build(l[literals:], &distanceMeans) {
		return nil
	}
	c.literals, c.distances, c.runs, c.used = literals, distances, nil, false
	copy(c.lengths[:], l)
	f.oldest = (f.oldest + 1) % keptCodes
	return c
}

// block decodes the rest of a block whose codes are known. What every symbol
// needs is held in variables: in f it would go through memory each time.
func (f *inflater) block(dst []byte, start, limit int, code *blockCode) ([]byte, bool) {
	if code.runs == nil && (code.used || len(f.in)-f.pos >= muchInput) {
		code.runs = newRunTable(&code.literal)
	}
	code.used = true
	literal, distance := &code.literal, &code.distance
	in, pos, b, n := f.in, f.pos, f.bits, f.n
	end := start + limit
	const mask = 1<<fastBits - 1
	for {
		if code.runs != nil && len(in)-pos >= 16 && min(end, cap(dst)-overshoot)-len(dst) >= quickRoom {
			f.pos, f.bits, f.n = pos, b, n
			dst = f.quick(dst, start, end, code)
			pos, b, n = f.pos, f.bits, f.n
		}
		if len(in)-pos >= 8 { // as fill
			b |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63)
			pos += int(63-n) >> 3
			n |= 56
		} else {
			for n <= 56 && pos < len(in) {
				b |= uint64(in[pos]) << n
				pos++
				n += 8
			}
		}
		m := literal.fast[b&mask]
		for m != 0 && m < isBase && m.length() <= n && len(dst) < end {
			dst = append(dst, byte(m>>8))
			b >>= m.length()
			n -= m.length()
			m = literal.fast[b&mask]
		}
		if n < longestPair && pos < len(in) {
			continue
		}
		if m == 0 {
			m = literal.slow(b)
		}
		l := m.length()
		if l == 0 || l > n {
			return dst, false
		}
		b >>= l
		n -= l
		if m < isBase {
			if len(dst) >= end {
				return dst, false
			}
			dst = append(dst, byte(m>>8))
			continue
		}
		if m >= isEnd {
			f.pos, f.bits, f.n = pos, b, n
			return dst, m < isWrong
		}
		x := m.extra()
		if x > n {
			return dst, false
		}
		count := int(m.value() + uint(b&(1<<x-1)))
		b >>= x
		n -= x

		if m = distance.fast[b&mask]; m == 0 {
			m = distance.slow(b)
		}
		l, x = m.length(), m.extra()
		if l == 0 || m >= isWrong || l+x > n {
			return dst, false
		}
		b >>= l
		back := int(m.value() + uint(b&(1<<x-1)))
		b >>= x
		n -= l + x
		from := len(dst) - back
		if from < start || count > end-len(dst) {
			return dst, false
		}
		for ; count > back; back *= 2 { // the copy feeds itself
			dst = append(dst, dst[from:]...)
			count -= back
		}
		dst = append(dst, dst[from:from+count]...)
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
