package pdf

import (
	"bytes"
	"io"
	"strconv"
)

// Stream is a stream object (ISO 32000-2 §7.3.8). Its data stay in the file
// until they are asked for.
type Stream struct {
	Dict *Dict

	doc    *Document
	rev    *Revision // that resolves references in /Filter and /DecodeParms
	ref    Ref       // that the decryption key is made of
	start  int64
	length int64
	plain  bool // not encrypted even if the file is
}

// Raw returns the stream's data as the file holds them: encoded, and encrypted
// if the file is.
func (s *Stream) Raw() *io.SectionReader {
	return io.NewSectionReader(s.doc.src.r, s.start, s.length)
}

// Span returns which bytes of the file Raw reads.
func (s *Stream) Span() (start, end int64) { return s.start, s.start + s.length }

// Ref returns the reference of the stream object.
func (s *Stream) Ref() Ref { return s.ref }

// maxEndstreamGap is how much white space may stand between the data and
// "endstream" without a warning: an end of line, which §7.3.8.1 asks for, or
// two, which some writers leave.
const maxEndstreamGap = 4

// locateStream finds the extent of the data; after is the offset behind the
// keyword "stream". It leaves l behind "endstream".
func (d *Document) locateStream(s *Stream, l *Lexer, after int64) error {
	var b [2]byte
	n, err := d.src.read(b[:], after)
	if err != nil {
		return err
	}
	s.start = after
	switch {
	case n == 2 && b == [2]byte{'\r', '\n'}:
		s.start += 2
	case n > 0 && b[0] == '\n':
		s.start++
	default:
		d.warn(WarnStreamKeyword, after, s.ref.String())
		if n > 0 && b[0] == '\r' {
			s.start++
		}
	}
	length, err := d.streamLength(s)
	if err != nil {
		return err
	}
	if length >= 0 && length <= d.src.size-s.start {
		var tail [maxEndstreamGap + 9]byte
		n, err := d.src.read(tail[:], s.start+length)
		if err != nil {
			return err
		}
		rest := bytes.TrimLeft(tail[:n], "\r\n \t")
		if bytes.HasPrefix(rest, []byte("endstream")) {
			s.length = length
			l.seek(s.start + length + int64(n-len(rest)+len("endstream")))
			return nil
		}
	}
	at, err := d.searchEndstream(s.start)
	if err != nil {
		return err
	}
	if at < 0 {
		return &SyntaxError{s.start, "stream has no end", ErrStream}
	}
	d.warn(WarnStreamLength, s.start, s.ref.String()+" says "+strconv.FormatInt(length, 10))
	l.seek(at + int64(len("endstream")))
	s.length = at - s.start
	n, err = d.src.read(b[:], max(s.start, at-2))
	if err != nil {
		return err
	}
	if s.length > 0 && n == 2 && (b[1] == '\n' || b[1] == '\r') {
		s.length--
		if s.length > 0 && b == [2]byte{'\r', '\n'} {
			s.length--
		}
	}
	return nil
}

// streamLength returns /Length, or -1 if it is no usable number.
func (d *Document) streamLength(s *Stream) (int64, error) {
	switch v := s.Dict.Get("Length").(type) {
	case Integer:
		return int64(v), nil
	case Ref:
		if s.rev == nil {
			return -1, nil
		}
		if d.length {
			return 0, &ObjectError{v, -1, ErrCycle}
		}
		d.length = true
		o, err := s.rev.Get(v)
		d.length = false
		if severe(err) != nil {
			return 0, err
		}
		if n, ok := o.(Integer); ok {
			return int64(n), nil
		}
	}
	return -1, nil
}

// searchEndstream returns the offset of the first "endstream" from off, -1 if
// there is none.
func (d *Document) searchEndstream(off int64) (int64, error) {
	word := []byte("endstream")
	for off < d.src.size {
		b, err := d.window(off, d.src.size)
		if err != nil {
			return 0, err
		}
		if i := bytes.Index(b, word); i >= 0 {
			return off + int64(i), nil
		}
		if len(b) < len(word) || off+int64(len(b)) >= d.src.size {
			break
		}
		off += int64(len(b) - len(word) + 1)
	}
	return -1, nil
}

// dependsOnRevision reports whether the extent or the decoding of the stream
// hangs on other objects, which a later revision may replace.
func (s *Stream) dependsOnRevision() bool {
	for _, key := range [...]Name{"Length", "Filter", "DecodeParms"} {
		if hasRef(s.Dict.Get(key), 3) { // an array of dictionaries of values
			return true
		}
	}
	return false
}

func hasRef(o Object, depth int) bool {
	if depth == 0 {
		return true
	}
	switch o := o.(type) {
	case Ref:
		return true
	case Array:
		for _, e := range o {
			if hasRef(e, depth-1) {
				return true
			}
		}
	case *Dict:
		for _, v := range o.Entries() {
			if hasRef(v, depth-1) {
				return true
			}
		}
	}
	return false
}
