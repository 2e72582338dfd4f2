package pdf

import (
	"bufio"
	"io"
)

// byteFilter turns a function that puts out a few bytes at a time into a Reader.
type byteFilter struct {
	in   *bufio.Reader
	step func(in *bufio.Reader, out []byte) ([]byte, error)
	buf  [256]byte
	out  []byte
	err  error
}

func (f *byteFilter) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(f.out) > 0 {
			c := copy(p[n:], f.out)
			f.out = f.out[c:]
			n += c
			continue
		}
		if f.err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, f.err
		}
		f.out, f.err = f.step(f.in, f.buf[:0])
	}
	return n, nil
}

func newByteFilter(r io.Reader, step func(*bufio.Reader, []byte) ([]byte, error)) io.Reader {
	return &byteFilter{in: bufio.NewReaderSize(r, filterBuffer), step: step}
}

// newASCIIHexReader decodes ASCIIHexDecode (ISO 32000-2 §7.4.2).
func newASCIIHexReader(r io.Reader, warn func(Code)) io.Reader {
	return newByteFilter(r, func(in *bufio.Reader, out []byte) ([]byte, error) {
		var high uint8 = notHex
		for {
			c, err := in.ReadByte()
			if err == io.EOF {
				warn(WarnFilterTail)
				c = '>'
			} else if err != nil {
				return out, err
			}
			v := unhex[c]
			switch {
			case c == '>':
				if high != notHex {
					out = append(out, high<<4)
				}
				return out, io.EOF
			case class[c] == white:
			case v == notHex:
				return out, decodeError("not a hexadecimal digit")
			case high == notHex:
				high = v
			default:
				return append(out, high<<4|v), nil
			}
		}
	})
}

// newASCII85Reader decodes ASCII85Decode (ISO 32000-2 §7.4.3).
func newASCII85Reader(r io.Reader, warn func(Code)) io.Reader {
	started := false
	return newByteFilter(r, func(in *bufio.Reader, out []byte) ([]byte, error) {
		var v uint64
		n := 0
		for {
			c, err := in.ReadByte()
			if err == io.EOF {
				warn(WarnFilterTail)
				c = '~'
			} else if err != nil {
				return out, err
			}
			switch {
			case class[c] == white:
				continue
			case c == '<' && !started && isTilde(in): // "<~", which some writers put in front
				in.ReadByte()
			case c == 'z' && n == 0:
				return append(out, 0, 0, 0, 0), nil
			case c >= '!' && c <= 'u':
				v = v*85 + uint64(c-'!')
				if n++; n == 5 {
					if v > 1<<32-1 {
						return out, decodeError("ASCII85 group out of range")
					}
					return append(out, byte(v>>24), byte(v>>16), byte(v>>8), byte(v)), nil
				}
			case c == '~':
				if n == 1 {
					return out, decodeError("single last ASCII85 digit")
				}
				if n == 0 {
					return out, io.EOF
				}
				for i := n; i < 5; i++ {
					v = v*85 + 84
				}
				if v > 1<<32-1 {
					return out, decodeError("ASCII85 group out of range")
				}
				tail := [4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}
				return append(out, tail[:n-1]...), io.EOF
			default:
				return out, decodeError("not an ASCII85 digit")
			}
			started = true
		}
	})
}

func isTilde(in *bufio.Reader) bool {
	next, err := in.Peek(1)
	return err == nil && next[0] == '~'
}

// newRunLengthReader decodes RunLengthDecode (ISO 32000-2 §7.4.5).
func newRunLengthReader(r io.Reader, warn func(Code)) io.Reader {
	return newByteFilter(r, func(in *bufio.Reader, out []byte) ([]byte, error) {
		c, err := in.ReadByte()
		if err == io.EOF {
			warn(WarnFilterTail)
			return out, io.EOF
		}
		if err != nil || c == 128 {
			return out, orEOF(err)
		}
		if c < 128 {
			out = out[:int(c)+1]
			n, err := io.ReadFull(in, out)
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return out[:n], err
		}
		b, err := in.ReadByte()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return out, err
		}
		for range 257 - int(c) {
			out = append(out, b)
		}
		return out, nil
	})
}

func orEOF(err error) error {
	if err == nil {
		return io.EOF
	}
	return err
}
