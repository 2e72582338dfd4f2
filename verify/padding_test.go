package verify_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vidimus/vidimus/verify"
)

// Bytes behind the CMS are somebody's, except in an encrypted file, where PDFBox
// leaves the padding encrypted.
func TestPadding(t *testing.T) {
	dir := filepath.Join("..", "internal", "pdf", "diff", "testdata")
	root, err := os.ReadFile(filepath.Join(dir, "root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	trust, err := verify.NewTrust(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, encrypted := range map[string]bool{"unchanged-encrypted.pdf": true, "unchanged-p2.pdf": false} {
		data, err := os.ReadFile(filepath.Join(dir, "legitimate", name))
		if err != nil {
			t.Fatal(err)
		}
		opts := verify.Options{Trust: trust, RevocationNoneUnsafe: true, Now: func() time.Time { return time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC) }}
		if r := check(t, data, opts); r.Verdict() != verify.Passed || len(codes(r)) > 0 {
			t.Fatalf("%s: %s", name, show(r))
		}
		at := bytes.LastIndex(data, []byte("0000>>>"))
		copy(data[at:], "12ab") // the end of /Contents
		r := check(t, data, opts)
		if encrypted && (r.Verdict() != verify.Passed || len(codes(r)) != 1 || codes(r)[0] != "WARN-SIG-PADDING") {
			t.Errorf("%s: %s", name, show(r))
		}
		if !encrypted && r.Verdict() == verify.Passed {
			t.Errorf("%s: %s", name, show(r))
		}
	}
}
