package verify

import (
	"errors"
	"io"
)

// source remembers the first error of the reader behind it, so that a disk that
// fails is never reported as a document that is broken.
type source struct {
	r    io.ReaderAt
	size int64
	err  error
}

// ReadAt implements io.ReaderAt.
func (s *source) ReadAt(p []byte, off int64) (int, error) {
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
	buf := make([]byte, min(headSize, s.size))
	n, err := s.ReadAt(buf, 0)
	if n < len(buf) && err != nil {
		return nil, err
	}
	return buf[:n], nil
}
