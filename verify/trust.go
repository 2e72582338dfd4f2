package verify

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Trust is a set of trust anchors. It does not change and is safe for
// concurrent use. An empty set trusts nobody.
type Trust struct{ ders [][]byte }

// ErrTrust is returned for data that holds no certificate.
var ErrTrust = errors.New("verify: no certificate found in trust anchor data")

// maxAnchors bounds a trust set; the largest public stores have under 500.
const maxAnchors = 10_000

// NewTrust makes a set of anchors, each given in DER or as PEM with any number
// of certificates. Without arguments the set is empty. The error is [ErrTrust].
func NewTrust(anchors ...[]byte) (*Trust, error) {
	t := &Trust{}
	for i, data := range anchors {
		ders := certificatesIn(data)
		if len(ders) == 0 {
			return nil, fmt.Errorf("%w (item %d)", ErrTrust, i+1)
		}
		t.ders = append(t.ders, ders...)
		if len(t.ders) > maxAnchors {
			return nil, fmt.Errorf("verify: more than %d trust anchors", maxAnchors)
		}
	}
	return t, nil
}

// Len returns the number of anchors.
func (t *Trust) Len() int {
	if t == nil {
		return 0
	}
	return len(t.ders)
}

// certificatesIn splits PEM or DER into certificates; it looks no deeper than
// the outermost tag.
func certificatesIn(data []byte) [][]byte {
	if len(data) > 0 && data[0] == 0x30 {
		return [][]byte{bytes.Clone(data)}
	}
	var ders [][]byte
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return ders
		}
		if block.Type == "CERTIFICATE" || block.Type == "TRUSTED CERTIFICATE" {
			ders = append(ders, block.Bytes)
		}
	}
}

// SystemTrust reads the anchors that this machine is configured with: the file
// or directories named by SSL_CERT_FILE and SSL_CERT_DIR, else the places where
// Linux and BSD distributions keep them. On other systems the set is empty.
func SystemTrust() (*Trust, error) {
	if file := os.Getenv("SSL_CERT_FILE"); file != "" {
		return readTrust(file)
	}
	if dirs := os.Getenv("SSL_CERT_DIR"); dirs != "" {
		var files []string
		for _, dir := range filepath.SplitList(dirs) {
			found, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil {
				return nil, fmt.Errorf("verify: read %s: %w", dir, err)
			}
			files = append(files, found...)
		}
		return readTrust(files...)
	}
	for _, file := range []string{
		"/etc/ssl/certs/ca-certificates.crt",                // Debian, Arch, Gentoo
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, RHEL
		"/etc/pki/tls/certs/ca-bundle.crt",                  // older RHEL
		"/etc/ssl/ca-bundle.pem",                            // SUSE
		"/etc/ssl/cert.pem",                                 // Alpine, BSD
	} {
		t, err := readTrust(file)
		if !errors.Is(err, os.ErrNotExist) {
			return t, err
		}
	}
	return &Trust{}, nil
}

func readTrust(files ...string) (*Trust, error) {
	t := &Trust{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("verify: read trust anchors: %w", err)
		}
		t.ders = append(t.ders, certificatesIn(data)...)
	}
	if len(t.ders) > maxAnchors {
		return nil, fmt.Errorf("verify: more than %d trust anchors", maxAnchors)
	}
	return t, nil
}
