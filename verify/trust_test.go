package verify_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus/verify"
)

func TestTrust(t *testing.T) {
	iss := newIssuing()
	root, issuing := iss.pki.Root.Certificate, iss.pki.Issuing.Certificate
	both := append(pemOf(root), pemOf(issuing)...)
	for name, v := range map[string]struct {
		data [][]byte
		n    int
		err  error
	}{
		"nothing": {nil, 0, nil}, "DER": {[][]byte{root.Raw}, 1, nil}, "PEM of two": {[][]byte{both}, 2, nil},
		"the same twice": {[][]byte{root.Raw, pemOf(root)}, 1, nil}, "two items": {[][]byte{root.Raw, issuing.Raw}, 2, nil},
		"garbage": {[][]byte{[]byte("hello")}, 0, verify.ErrTrust}, "empty": {[][]byte{{}}, 0, verify.ErrTrust},
	} {
		trust, err := verify.NewTrust(v.data...)
		if !errors.Is(err, v.err) || err == nil && trust.Len() != v.n {
			t.Errorf("%s: %d anchors, %v", name, trust.Len(), err)
		}
	}
	var none *verify.Trust
	if none.Len() != 0 {
		t.Error("no Trust has anchors")
	}
}

func TestSystemTrust(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(file, pemOf(newIssuing().pki.Root.Certificate), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", file)
	if trust, err := verify.SystemTrust(); err != nil || trust.Len() != 1 {
		t.Errorf("SSL_CERT_FILE: %v, %v", trust.Len(), err)
	}
	t.Setenv("SSL_CERT_FILE", filepath.Join(dir, "absent"))
	if _, err := verify.SystemTrust(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that was named and is absent: %v", err)
	}
	t.Setenv("SSL_CERT_FILE", "")
	t.Setenv("SSL_CERT_DIR", dir)
	if trust, err := verify.SystemTrust(); err != nil || trust.Len() != 1 {
		t.Errorf("SSL_CERT_DIR: %v, %v", trust.Len(), err)
	}
}
