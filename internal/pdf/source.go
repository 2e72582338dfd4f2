package pdf

import "io"

// Memory is a file in memory. [Open] reads it without copying: its bytes must
// not change while the document is in use.
type Memory []byte

// ReadAt implements io.ReaderAt.
func (m Memory) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= int64(len(m)) {
		return 0, io.EOF
	}
	n := copy(p, m[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// The file is read in pages of pageSize bytes; cachedPages of them are kept,
// whatever the size of the file (1 MiB). A page's bytes never change once
// read, so a lexer may hold on to one that has left the cache.
const (
	pageSize    = 8 << 10
	cachedPages = 128
)

type source struct {
	r     io.ReaderAt
	size  int64
	mem   Memory // the whole file, if it is in memory: then there are no pages
	slots *[cachedPages]pageSlot
}

type pageSlot struct {
	no   int64 // page number + 1; 0 = empty
	data []byte
}

// at returns the bytes from off to the end of its page; empty at the end of the file.
func (s *source) at(off int64) ([]byte, error) {
	if off < 0 || off >= s.size {
		return nil, nil
	}
	if s.mem != nil {
		// As long as a page, so that what is read at a time does not depend on
		// where the file is.
		return s.mem[off:min(s.size, (off/pageSize+1)*pageSize)], nil
	}
	if s.slots == nil {
		s.slots = new([cachedPages]pageSlot)
	}
	no := off / pageSize
	slot := &s.slots[no%cachedPages]
	if slot.no != no+1 {
		n := min(pageSize, s.size-no*pageSize)
		data := make([]byte, n)
		if err := readFullAt(s.r, data, no*pageSize); err != nil {
			return nil, err
		}
		slot.no, slot.data = no+1, data
	}
	return slot.data[off-no*pageSize:], nil
}

// read copies up to len(p) bytes from off; fewer at the end of the file.
func (s *source) read(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) {
		b, err := s.at(off + int64(n))
		if err != nil {
			return n, err
		}
		if len(b) == 0 {
			break
		}
		n += copy(p[n:], b)
	}
	return n, nil
}

// view returns up to n bytes from off, fewer at the end of the file: those of
// the file itself if it is in memory. They must not be changed.
func (s *source) view(off int64, n int) ([]byte, error) {
	if s.mem != nil && 0 <= off && off <= s.size {
		return s.mem[off:min(s.size, off+int64(n))], nil
	}
	buf := make([]byte, n)
	n, err := s.read(buf, off)
	return buf[:n], err
}

func readFullAt(r io.ReaderAt, p []byte, off int64) error {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return &ReadError{off, err}
}
