package gostpki_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// seeds returns the files of testdata with one of the endings; OpenSSL's gost
// engine made them.
func seeds(t testing.TB, endings ...string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, e := range endings {
		paths, err := filepath.Glob(filepath.Join("testdata", "*"+e))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no %s: %v", e, err)
		}
		for _, p := range paths {
			b, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			out[filepath.Base(p)] = b
		}
	}
	return out
}

// TestSeeds: what the fuzz targets start from can be read.
func TestSeeds(t *testing.T) {
	for name, der := range seeds(t, ".cer") {
		c, err := pki.ParseCertificate(der)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := suites.ParseKey(c.SPKI); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, der := range seeds(t, ".sig", ".p7s", ".tst") {
		sd, err := cms.Parse(der)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		doc := seeds(t, "doc.txt")["doc.txt"]
		r := sd.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Content: doc, Certificates: pki.ReadCertificates(seeds(t, "leaf512.cer")["leaf512.cer"])})
		if r.Status() != pki.OK {
			t.Errorf("%s: %v", name, r.Checks)
		}
	}
}

// FuzzCertificate: reader and key parser take anything, and a certificate that
// is not the anchor's own work never validates.
func FuzzCertificate(f *testing.F) {
	w := newWorld(f, curve256)
	for _, der := range seeds(f, ".cer") {
		f.Add(der)
	}
	f.Add(w.leaf.DER)
	f.Add(newWorld(f, curve512).leaf.DER)
	o := w.options()
	o.Revocation = pki.RevocationSkipUnsafe
	f.Fuzz(func(t *testing.T, der []byte) {
		bounded.Run(t, der, func() {
			c, err := pki.ParseCertificate(der)
			if err != nil {
				return
			}
			if _, err := suites.ParseKey(c.SPKI); err == nil {
				_, _ = c.CheckSignatureFrom(c, suites)
			}
			r := pki.Validate(context.Background(), c, o)
			if r.Valid() && !bytes.Equal(c.RawTBS, w.leaf.Cert.RawTBS) && !c.Equal(w.root.Cert) {
				t.Fatal("a certificate nobody signed is valid")
			}
		})
	})
}

// FuzzSPKI: a key that is accepted is one that the identifiers announce.
func FuzzSPKI(f *testing.F) {
	for _, der := range seeds(f, ".cer") {
		if c, err := pki.ParseCertificate(der); err == nil {
			f.Add(c.SPKI.Raw)
		}
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		s, err := pki.ParseSPKI(der)
		if err != nil {
			return
		}
		if k, err := suites.ParseKey(s); err == nil && (k.Public == nil || k.Bits == 0 || k.Algorithm == "") {
			t.Fatalf("%+v", k)
		}
	})
}

// FuzzCMS: nothing is taken for a signature of other content.
func FuzzCMS(f *testing.F) {
	for _, der := range seeds(f, ".sig", ".p7s", ".tst") {
		f.Add(der)
	}
	for _, curve := range bothCurves {
		w := newWorld(f, curve)
		f.Add(sign(f, w.leaf.Cert, w.leaf.Key))
		f.Add(stamp(f, w, func(value []byte) []byte {
			return pkitest.Token(f, pkitest.TSA(f, w.root), value, pkitest.Epoch)
		}))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		bounded.Run(t, b, func() {
			sd, err := cms.Parse(b)
			if err != nil {
				return
			}
			for _, si := range sd.SignerInfos {
				r := si.Verify(cms.VerifyOptions{Suites: suites, Content: []byte("other content")})
				if !sd.Attached && r.Status() == pki.OK {
					t.Fatal("verifies for other content")
				}
				si.SignatureTimestamps()
			}
		})
	})
}
