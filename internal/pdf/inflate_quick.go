package pdf

import "encoding/binary"

const (
	// longestCopy is the longest repetition (RFC 1951 §3.2.5), overshoot how far
	// behind its end a short one is written.
	longestCopy = 258
	overshoot   = 16
	// quickRoom is what there must be room for in each round of quick.
	quickRoom = 4 + longestCopy
)

// quick decodes as much of a block as needs no look at what may run out: while
// the input has two whole words, and room and limit let the longest repetition
// pass. It stops before what block has to decide, such as a long code, the end of
// the block or a mistake. f has the state before and after.
func (f *inflater) quick(dst []byte, start, end int, literal, distance *codeTable) []byte {
	in, pos, b, n := f.in, f.pos, f.bits, f.n
	out, at := dst[:cap(dst)], len(dst)
	last := min(end, len(out)-overshoot) - quickRoom
	const mask = 1<<fastBits - 1
	for at <= last && len(in)-pos >= 16 {
		b |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63) // as fill
		pos += int(63-n) >> 3
		n |= 56
		m := literal.fast[b&mask]
		if m-1 < isBase-1 { // bytes: four have 40 bits at most
			out[at] = byte(m >> 8)
			at++
			b, n = b>>m.length(), n-m.length()
			if m = literal.fast[b&mask]; m-1 < isBase-1 {
				out[at] = byte(m >> 8)
				at++
				b, n = b>>m.length(), n-m.length()
				if m = literal.fast[b&mask]; m-1 < isBase-1 {
					out[at] = byte(m >> 8)
					at++
					b, n = b>>m.length(), n-m.length()
					if m = literal.fast[b&mask]; m-1 < isBase-1 {
						out[at] = byte(m >> 8)
						at++
						b, n = b>>m.length(), n-m.length()
						continue
					}
				}
			}
			b |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63)
			pos += int(63-n) >> 3
			n |= 56
		}
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
