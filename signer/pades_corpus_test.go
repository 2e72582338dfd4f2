package signer

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pdf"
)

// Documents that other programs made are signed so that tools accept it, or
// refused with a reason; never anything else.
func TestSignCorpus(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(oracle.Corpus(t, "pdf-signatures"), "files", "*.pdf"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	p := testPKI(t, KeyP256)
	oracle.Need(t, "qpdf")
	signed, refused := 0, map[error]int{}
	for _, file := range files {
		doc := read(t, file)
		out, err := signBytes(p.Signer, doc, PDFOptions{})
		if err != nil {
			why := sentinelOf(err)
			if why == nil || len(out) > 0 {
				t.Errorf("%s: %v, %d bytes", filepath.Base(file), err, len(out))
			}
			refused[why]++
			continue
		}
		signed++
		if !bytes.HasPrefix(out, doc) {
			t.Fatalf("%s: the original was changed", file)
		}
		checkReopened(t, filepath.Base(file), out, doc)
		if signed%5 == 0 { // starting OpenSSL is what takes the time
			checkLastCMS(t, p, out)
		}
		// Our update must not make qpdf like the file less.
		before, after := qpdfComplaints(t, file), qpdfComplaints(t, writeTemp(t, out))
		if after > before {
			t.Errorf("%s: qpdf has %d complaints, before %d", filepath.Base(file), after, before)
		}
	}
	t.Logf("%d signed, refused: %v", signed, refused)
	if signed < 60 {
		t.Errorf("only %d of %d files could be signed: %v", signed, len(files), refused)
	}
}

func sentinelOf(err error) error {
	for _, s := range []error{ErrDocument, ErrEncrypted, ErrNotPermitted, ErrField, ErrPage} {
		if errors.Is(err, s) {
			return s
		}
	}
	return nil
}

// checkReopened reads the signed document with our own reader: one revision
// more, with the signature in its form, and no new leniencies.
func checkReopened(t *testing.T, name string, signed, original []byte) {
	t.Helper()
	before, err := pdf.Open(bytes.NewReader(original), int64(len(original)), nil)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	after, err := pdf.Open(bytes.NewReader(signed), int64(len(signed)), nil)
	if err != nil {
		t.Errorf("%s: cannot be opened again: %v", name, err)
		return
	}
	if n, m := len(before.Revisions()), len(after.Revisions()); m != n+1 {
		t.Errorf("%s: %d revisions, before %d", name, m, n)
	}
	s, err := survey(after)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if !s.signed {
		t.Errorf("%s: no signature in the form", name)
	}
	if after.Last().End != int64(len(signed)) {
		t.Errorf("%s: newest revision ends at %d of %d", name, after.Last().End, len(signed))
	}
}

func writeTemp(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "signed.pdf")
	write(t, path, data)
	return path
}

func qpdfComplaints(t *testing.T, file string) int {
	t.Helper()
	out, _ := exec.Command(oracle.Need(t, "qpdf"), "--check", file).CombinedOutput()
	return strings.Count(string(out), "WARNING") + strings.Count(string(out), "ERROR") + strings.Count(string(out), "qpdf:")
}
