package signer

import (
	"bytes"
	"crypto"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
)

// oracleOutput runs a program that may fail.
func oracleOutput(t testing.TB, program string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(oracle.Need(t, program), args...)
	cmd.Env = append(os.Environ(), "TZ=UTC") // pdfsig writes local time
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// lyingKey returns a signature value of the right form over nothing.
type lyingKey struct{ failingKey }

func (k lyingKey) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.Signer.Sign(r, make([]byte, len(digest)), opts)
}

// shrinking loses its second half once the end has been read.
type shrinking struct {
	data  []byte
	reads int
}

func (s *shrinking) ReadAt(p []byte, off int64) (int, error) {
	data := s.data
	if s.reads++; s.reads > 1 {
		data = data[:len(data)/2]
	}
	return bytes.NewReader(data).ReadAt(p, off)
}
