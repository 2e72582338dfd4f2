package pdf

import "encoding/binary"

const (
	// longestCopy is the longest repetition (RFC 1951 §3.2.5), overshoot how far
	// behind its end a short one is written.
	longestCopy = 258
	overshoot   = 16
	// runsAtOnce is how many look-ups 56 valid bits allow for.
	runsAtOnce = 56 / fastBits
	// quickRoom is what there must be room for in each round of quick: three bytes
	// for each look-up, one more that is written with them, and a repetition.
	quickRoom = 3*runsAtOnce + 1 + longestCopy
)

// bytesRun is up to three bytes whose codes fit into fastBits together: the bytes
// from the lowest on, then how many in two bits, then the length of their codes.
// 0 is none.
type bytesRun uint32

func (r bytesRun) count() int   { return int(r >> 24 & 3) }
func (r bytesRun) length() uint { return uint(r >> 26) }

// runTable has the bytes by the next bits, some at a time.
type runTable [1 << fastBits]bytesRun

func newRunTable(literal *codeTable) *runTable {
	t := new(runTable)
	for b := range t {
		rest, left := b, uint(fastBits)
		var r, n bytesRun
		for n < 3 {
			m := literal.fast[rest]
			if m == 0 || m >= isBase || m.length() > left {
				break
			}
			r |= bytesRun(m.value()&0xff) << (8 * n)
			n++
			rest, left = rest>>m.length(), left-m.length()
		}
		if n > 0 {
			t[b] = r | n<<24 | bytesRun(fastBits-left)<<26
		}
	}
	return t
}

// quick decodes as much of a block as needs no look at what may run out: while
// the input has two whole words, and room and limit let the longest repetition
// pass. It stops before what block has to decide, such as a long code, the end of
// the block or a mistake. f has the state before and after.
func (f *inflater) quick(dst []byte, start, end int, code *blockCode) []byte {
	literal, distance, runs := &code.literal, &code.distance, code.runs
	in, pos, b, n := f.in, f.pos, f.bits, f.n
	out, at := dst[:cap(dst)], len(dst)
	last := min(end, len(out)-overshoot) - quickRoom
	const mask = 1<<fastBits - 1
	for at <= last && len(in)-pos >= 16 {
		b |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63) // as fill
		pos += int(63-n) >> 3
		n |= 56
		taken := 0
		for r := runs[b&mask]; r != 0 && taken < runsAtOnce; r = runs[b&mask] {
			binary.LittleEndian.PutUint32(out[at:], uint32(r))
			at, b, n = at+r.count(), b>>r.length(), n-r.length()
			taken++
		}
		if taken == runsAtOnce {
			continue
		}
		if taken > 0 {
			b |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63)
			pos += int(63-n) >> 3
			n |= 56
		}
		m := literal.fast[b&mask]
		if m == 0 || m >= isEnd {
			break
		}
		// A length and a distance: 10 + 5 and 10 + 13 bits at most.
		rest := b >> m.length()
		count := int(m.value() + uint(rest&(1<<m.extra()-1)))
		rest >>= m.extra()
		d := distance.fast[rest&mask]
		if d == 0 || d >= isWrong {
			break
		}
		rest >>= d.length()
		back := int(d.value() + uint(rest&(1<<d.extra()-1)))
		from := at - back
		if from < start {
			break
		}
		b = rest >> d.extra()
		n -= m.length() + m.extra() + d.length() + d.extra()
		if count <= overshoot && back >= 8 {
			// A word may hold what the one before has just written.
			binary.LittleEndian.PutUint64(out[at:], binary.LittleEndian.Uint64(out[from:]))
			binary.LittleEndian.PutUint64(out[at+8:], binary.LittleEndian.Uint64(out[from+8:]))
			at += count
			continue
		}
		stop := at + count
		for ; stop-at > back; back *= 2 { // the copy feeds itself
			at += copy(out[at:], out[from:at])
		}
		copy(out[at:stop], out[from:])
		at = stop
	}
	f.pos, f.bits, f.n = pos, b, n
	return out[:at]
}
