package signer

import (
	"bytes"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

func seeded(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

func TestDevPKIShape(t *testing.T) {
	for _, kind := range allKinds {
		p := testPKI(t, kind)
		roots, inter := x509.NewCertPool(), x509.NewCertPool()
		roots.AddCert(p.Root.Certificate)
		inter.AddCert(p.Issuing.Certificate)
		leaf := p.Signer.Certificate()
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: inter, CurrentTime: testTime,
			KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if !bytes.Equal(leaf.AuthorityKeyId, p.Issuing.Certificate.SubjectKeyId) || len(leaf.SubjectKeyId) == 0 {
			t.Errorf("%s: SKI and AKI do not link", kind)
		}
		if leaf.IsCA || leaf.KeyUsage&x509.KeyUsageContentCommitment == 0 || len(leaf.UnknownExtKeyUsage) != 1 {
			t.Errorf("%s: signer's certificate has usages %v %v", kind, leaf.KeyUsage, leaf.UnknownExtKeyUsage)
		}
		if n := leaf.SerialNumber.BitLen(); n < 64 || n > 159 {
			t.Errorf("%s: serial number of %d bits", kind, n)
		}
		for _, c := range []*x509.Certificate{leaf, p.Issuing.Certificate, p.Root.Certificate} {
			if !IsDevelopment(c) || !strings.Contains(c.Subject.String(), "DEVELOPMENT – not for legal use") ||
				!strings.Contains(c.Subject.CommonName, "DEVELOPMENT") {
				t.Errorf("%s: %v is not marked", kind, c.Subject)
			}
		}
	}
	if IsDevelopment(nil) || IsDevelopment(&x509.Certificate{}) {
		t.Error("a foreign certificate is called development")
	}
}

// One source of randomness, one PKI.
func TestDevPKIDeterministic(t *testing.T) {
	for _, kind := range []KeyKind{KeyP256, KeyP384, KeyEd25519} {
		var files [2][]byte
		for i := range files {
			p, err := NewDevPKI(DevPKIOptions{Key: kind, Now: testNow, Rand: seeded(1)})
			if err != nil {
				t.Fatal(err)
			}
			files[i], _ = p.Signer.PEM()
		}
		if !bytes.Equal(files[0], files[1]) {
			t.Errorf("%s: two PKIs from one seed", kind)
		}
	}
}

func TestDevPKIErrors(t *testing.T) {
	if _, err := NewDevPKI(DevPKIOptions{Key: "DSA"}); !errors.Is(err, ErrUnsupportedKey) {
		t.Errorf("unknown key: %v", err)
	}
	for _, name := range []string{strings.Repeat("ж", 51), "\xff"} {
		if _, err := NewDevPKI(DevPKIOptions{Signer: name}); !errors.Is(err, ErrName) {
			t.Errorf("name %q: %v", name, err)
		}
	}
	if _, err := NewDevPKI(DevPKIOptions{Rand: strings.NewReader("short")}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("no randomness: %v", err)
	}
}

func TestDevAuthorityPEM(t *testing.T) {
	p := testPKI(t, KeyP256)
	file, err := p.Issuing.PEM()
	if err != nil {
		t.Fatal(err)
	}
	a, err := LoadDevAuthority(file)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Certificate.Equal(p.Issuing.Certificate) || !sameKey(a.Key.Public(), p.Issuing.Key.Public()) {
		t.Error("another authority was loaded")
	}
	leaf, _ := p.Signer.PEM()
	if _, err := LoadDevAuthority(leaf); !errors.Is(err, ErrKeyUsage) {
		t.Errorf("a signer as authority: %v", err)
	}
}

// OpenSSL accepts chain and CRL, and notices a revoked certificate.
func TestDevPKIOpenSSL(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, kind := range allKinds {
		p := testPKI(t, kind)
		write(t, path("root.pem"), EncodeCertificates(p.Root.Certificate))
		write(t, path("issuing.pem"), EncodeCertificates(p.Issuing.Certificate))
		write(t, path("leaf.pem"), EncodeCertificates(p.Signer.Certificate()))
		crl, err := p.Issuing.CRL(1)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path("good.crl"), crl)
		crl, err = p.Issuing.CRL(2, x509.RevocationListEntry{
			SerialNumber: new(big.Int).Set(p.Signer.Certificate().SerialNumber), RevocationTime: testTime})
		if err != nil {
			t.Fatal(err)
		}
		write(t, path("bad.crl"), crl)
		verify := func(crl string) (string, error) {
			return oracleOutput(t, "openssl", "verify", "-x509_strict", "-purpose", "smimesign", "-crl_check",
				"-attime", "1773480413", "-CAfile", path("root.pem"), "-untrusted", path("issuing.pem"),
				"-CRLfile", path(crl), path("leaf.pem"))
		}
		if out, err := verify("good.crl"); err != nil {
			t.Errorf("%s: %v\n%s", kind, err, out)
		}
		if out, err := verify("bad.crl"); err == nil || !strings.Contains(out, "certificate revoked") {
			t.Errorf("%s: revoked certificate: %v\n%s", kind, err, out)
		}
	}
}
