package pdf

import "math/bits"

// meaning is what a code stands for, with its own length in the lowest four
// bits, the number of extra bits in the next four, and above them a byte to put
// out, or a length or distance to which the extra bits are added. The zero value
// is no code.
type meaning uint32

const (
	isBase  meaning = 1 << 24 // a length or distance
	isEnd   meaning = 1 << 25 // of the block
	isWrong meaning = 1 << 26 // a symbol that must not occur
)

func (m meaning) length() uint { return uint(m & 15) }
func (m meaning) extra() uint  { return uint(m >> 4 & 15) }
func (m meaning) value() uint  { return uint(m >> 8 & 0xffff) }

// codeTable is one Huffman code.
type codeTable struct {
	fast   [1 << fastBits]meaning // by the next bits; 0: longer
	count  [longestCode + 1]uint16
	symbol [maxLiterals]uint16 // in the order of their codes
	means  *[maxLiterals]meaning
}

// build makes the code of its lengths (RFC 1951 §3.2.2), whose symbols mean
// what means says; false unless it is complete, has one symbol of one bit, or
// none.
func (t *codeTable) build(lengths []uint8, means *[maxLiterals]meaning) bool {
	t.means = means
	t.count = [longestCode + 1]uint16{}
	for _, l := range lengths {
		t.count[l&15]++
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
	if left != 0 {
		if index[longestCode+1] != 0 && (index[longestCode+1] != 1 || t.count[1] != 1) {
			return false
		}
		clear(t.fast[:])
	}
	for s, l := range lengths {
		if l == 0 {
			continue
		}
		t.symbol[index[l]] = uint16(s)
		index[l]++
		code := next[l]
		next[l]++
		if l > fastBits {
			t.fast[bits.Reverse16(code)>>(16-l)&(1<<fastBits-1)] = 0
			continue
		}
		m := means[s] | meaning(l)
		for i := int(bits.Reverse16(code) >> (16 - l)); i < len(t.fast); i += 1 << l {
			t.fast[i] = m
		}
	}
	return true
}

// buildOrder makes the code of the code lengths; false unless it is complete, has
// one symbol of one bit, or none.
func buildOrder(t *[1 << longestOrder]uint8, lengths *[19]uint8) bool {
	*t = [1 << longestOrder]uint8{}
	code, symbols := 0, 0
	for l := 1; l <= longestOrder; l++ {
		for s, n := range lengths {
			if int(n) != l {
				continue
			}
			if code >= 1<<l {
				return false
			}
			for i := int(bits.Reverse8(uint8(code)) >> (8 - l)); i < len(t); i += 1 << l {
				t[i] = uint8(s)<<3 | uint8(l)
			}
			code++
			symbols++
		}
		code <<= 1
	}
	return code == 1<<(longestOrder+1) || symbols == 0 || symbols == 1 && code == 1<<longestOrder
}

// slow decodes a code longer than fastBits; 0 if the bits are none.
func (t *codeTable) slow(b uint64) meaning {
	var code, first, index int
	for l := 1; l <= longestCode; l++ {
		code |= int(b & 1)
		b >>= 1
		n := int(t.count[l])
		if code-n < first {
			return t.means[t.symbol[index+code-first]] | meaning(l)
		}
		index, first, code = index+n, (first+n)<<1, code<<1
	}
	return 0
}

// literalMeans are the symbols of literals and lengths, and those below 19 the
// lengths of codes; distanceMeans those of distances (RFC 1951 §3.2.5).
var literalMeans, distanceMeans = func() (l, d [maxLiterals]meaning) {
	for i := range endOfBlock {
		l[i] = meaning(i) << 8
	}
	l[endOfBlock] = isEnd
	base := 3
	for i := range 28 {
		extra := max(0, i/4-1)
		l[endOfBlock+1+i] = isBase | meaning(base)<<8 | meaning(extra)<<4
		base += 1 << extra
	}
	l[285] = isBase | 258<<8
	l[286], l[287] = isWrong, isWrong
	base = 1
	for i := range 30 {
		extra := max(0, i/2-1)
		d[i] = isBase | meaning(base)<<8 | meaning(extra)<<4
		base += 1 << extra
	}
	d[30], d[31] = isWrong, isWrong
	return l, d
}()
