package pdf

import (
	"bufio"
	"io"
)

// LZWDecode (ISO 32000-2 §7.4.4): codes of 9 to 12 bits, most significant bit
// first.
const (
	lzwClear = 256
	lzwEOD   = 257
	lzwCodes = 1 << 12
)

type lzwReader struct {
	in    *bufio.Reader
	warn  func(Code)
	early int // 1: codes grow one entry early (/EarlyChange 1)

	bits  uint32
	nbits int
	width int
	next  int // code of the next table entry
	prev  int // code read before; -1 after a clear

	prefix [lzwCodes]uint16
	suffix [lzwCodes]byte
	length [lzwCodes]uint16
	buf    [lzwCodes]byte
	out    []byte
	err    error
}

func newLZWReader(r io.Reader, early bool, warn func(Code)) *lzwReader {
	l := &lzwReader{in: bufio.NewReaderSize(r, filterBuffer), warn: warn}
	if early {
		l.early = 1
	}
	for i := range 256 {
		l.suffix[i], l.length[i] = byte(i), 1
	}
	l.clear()
	return l
}

func (l *lzwReader) clear() { l.width, l.next, l.prev = 9, lzwEOD+1, -1 }

func (l *lzwReader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(l.out) > 0 {
			c := copy(p[n:], l.out)
			l.out = l.out[c:]
			n += c
			continue
		}
		if l.err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, l.err
		}
		l.step()
	}
	return n, nil
}

func (l *lzwReader) step() {
	for l.nbits < l.width {
		b, err := l.in.ReadByte()
		if err != nil {
			if err == io.EOF {
				l.warn(WarnFilterTail)
			}
			l.err = err
			return
		}
		l.bits = l.bits<<8 | uint32(b)
		l.nbits += 8
	}
	l.nbits -= l.width
	code := int(l.bits>>l.nbits) & (1<<l.width - 1)
	switch {
	case code == lzwClear:
		l.clear()
		return
	case code == lzwEOD:
		l.err = io.EOF
		return
	case code > l.next || code == l.next && l.prev < 0:
		l.err = decodeError("LZW code out of range")
		return
	}
	if l.prev >= 0 && l.next < lzwCodes {
		// The new entry is the previous string and the first byte of this one,
		// which is that of the previous one if the code is the new entry itself.
		first := code
		if code == l.next {
			first = l.prev
		}
		l.prefix[l.next] = uint16(l.prev)
		l.suffix[l.next] = l.firstByte(first)
		l.length[l.next] = l.length[l.prev] + 1
		l.next++
	} else if code >= l.next {
		l.err = decodeError("LZW code out of range")
		return
	}
	n := int(l.length[code])
	for i, c := n-1, code; i >= 0; i-- {
		l.buf[i] = l.suffix[c]
		c = int(l.prefix[c])
	}
	l.out = l.buf[:n]
	l.prev = code
	if l.next+l.early >= 1<<l.width && l.width < 12 {
		l.width++
	}
}

func (l *lzwReader) firstByte(code int) byte {
	for code > lzwEOD {
		code = int(l.prefix[code])
	}
	return l.suffix[code]
}
