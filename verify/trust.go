package verify

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/vidimus/vidimus/internal/pki"
)

// Trust is a set of trust anchors. It does not change and is safe for
// concurrent use. An empty set trusts nobody.
type Trust struct{ pool *pki.Pool }

// ErrTrust is returned for data that holds no certificate.
var ErrTrust = errors.New("verify: no certificate found in trust anchor data")

// NewTrust makes a set of anchors, each item given in DER or as PEM with any
// number of certificates. Without arguments the set is empty. The error is
// [ErrTrust].
func NewTrust(anchors ...[]byte) (*Trust, error) {
	t := &Trust{pool: pki.NewPool()}
	for i, data := range anchors {
		certs := pki.ReadCertificates(data)
		if len(certs) == 0 {
			return nil, fmt.Errorf("%w (item %d)", ErrTrust, i+1)
		}
		for _, c := range certs {
			t.pool.Add(c)
		}
	}
	return t, nil
}

// Len returns the number of anchors.
func (t *Trust) Len() int { return t.anchors().Len() }

func (t *Trust) anchors() *pki.Pool {
	if t == nil {
		return nil
	}
	return t.pool
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
	return &Trust{pool: pki.NewPool()}, nil
}

func readTrust(files ...string) (*Trust, error) {
	t := &Trust{pool: pki.NewPool()}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("verify: read trust anchors: %w", err)
		}
		for _, c := range pki.ReadCertificates(data) {
			t.pool.Add(c)
		}
	}
	return t, nil
}
