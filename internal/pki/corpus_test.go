package pki_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
)

// TestForeignFiles: every certificate, CRL and OCSP response that another
// implementation made with algorithms this table lacks can be read, and what
// can't be checked is unknown.
func TestForeignFiles(t *testing.T) {
	root := oracle.Corpus(t, "gost", "samples")
	count := map[string]int{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		ext := filepath.Ext(path)
		name := strings.TrimPrefix(path, root)
		switch {
		case ext == ".crt" || ext == ".cer":
			certs := pki.ReadCertificates(data)
			if len(certs) != 1 {
				t.Errorf("%s: %d certificates", name, len(certs))
				return nil
			}
			c := certs[0]
			if len(c.Malformed) > 0 || len(c.Subject) == 0 || c.NotAfter.IsZero() {
				t.Errorf("%s: %v", name, c.Warnings)
			}
			r := pki.Validate(context.Background(), c, pki.PathOptions{Anchors: caPool(t, root), At: time.Now(), Revocation: pki.RevocationSkipUnsafe})
			isAnchor := caPool(t, root).Contains(c)
			if r.Chain == pki.ChainTrusted && !isAnchor {
				t.Errorf("%s: trusted without knowing the algorithm", name)
			}
		case ext == ".crl" || strings.HasSuffix(path, ".crl.der"):
			l, err := pki.ReadCRL(data)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return nil
			}
			if l.NextUpdate.IsZero() || l.Number == nil {
				t.Errorf("%s: no nextUpdate or number", name)
			}
			ext = ".crl"
		case strings.HasSuffix(path, ".ocsp.resp"):
			o, err := pki.ParseOCSP(data)
			if err != nil || len(o.Responses) != 1 {
				t.Errorf("%s: %v", name, err)
				return nil
			}
			if want := strings.Contains(name, "revoked"); (o.Responses[0].State == pki.StateRevoked) != want {
				t.Errorf("%s: state %d", name, o.Responses[0].State)
			}
		default:
			return nil
		}
		count[ext]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count[".crl"] < 4 || count[".resp"] != 3 || count[".crt"] < 10 || count[".cer"] < 10 {
		t.Errorf("too little found: %v", count)
	}
}

func caPool(t *testing.T, root string) *pki.Pool {
	t.Helper()
	p := pki.NewPool()
	for _, n := range []string{"ca256.crt", "ca512.crt"} {
		data, err := os.ReadFile(filepath.Join(root, n))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range pki.ReadCertificates(data) {
			p.Add(c)
		}
	}
	return p
}
