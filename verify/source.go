package verify

import (
	"bytes"
	"errors"
	"io"
)

// source remembers the first error of the reader behind it, so that a disk that
// fails is never reported as a document that is broken.
type source struct {
	r    io.ReaderAt
	size int64
	data []byte // the file itself, if it is in memory
	err  error
}

func inMemory(data []byte) *source {
	return &source{r: bytes.NewReader(data), size: int64(len(data)), data: data}
}

// ReadAt implements io.ReaderAt.
func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if s.data != nil && 0 <= off && off+int64(len(p)) <= s.size {
		return copy(p, s.data[off:]), nil
	}
	n, err := s.r.ReadAt(p, off)
	if err != nil && !(errors.Is(err, io.EOF) && off+int64(n) >= s.size) && s.err == nil {
		s.err = err
	}
	return n, err
}

// headSize is how much of the beginning decides what a file is: readers look
// for "%PDF-" in the first kilobyte.
const headSize = 1024 + 8

func (s *source) head() ([]byte, error) {
	if s.data != nil {
		return s.data[:min(headSize, s.size)], nil
	}
	buf := make([]byte, min(headSize, s.size))
	n, err := s.ReadAt(buf, 0)
	if n < len(buf) && err != nil {
		return nil, err
	}
	return buf[:n], nil
}

// chunk returns bytes of the file from off: up to len(buf) of them in buf, or
// all that are wanted where the file is in memory.
func (s *source) chunk(buf []byte, off, until int64) ([]byte, error) {
	if s.data != nil {
		return s.data[off:until], nil
	}
	b := buf[:min(int64(len(buf)), until-off)]
	if n, err := s.ReadAt(b, off); n < len(b) {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return b, nil
}
