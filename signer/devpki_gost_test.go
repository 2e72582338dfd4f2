package signer

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gosttest"
	"github.com/vidimus/vidimus/verify"
)

// gostKinds are the keys that crypto/x509 does not know.
var gostKinds = []KeyKind{KeyGOST256, KeyGOST512}

// withLists verifies a detached signature against a development PKI, with its
// lists of revoked certificates.
func withLists(t *testing.T, p *DevPKI, id *Identity, revoked ...x509.RevocationListEntry) *verify.Report {
	t.Helper()
	sig, err := id.SignDetached(context.Background(), strings.NewReader("x"), DetachedOptions{})
	if err != nil {
		t.Fatal(err)
	}
	root, err := p.Root.CRL(1)
	if err != nil {
		t.Fatal(err)
	}
	issuing, err := p.Issuing.CRL(2, revoked...)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := verify.NewTrust(p.Root.Certificate.Raw)
	if err != nil {
		t.Fatal(err)
	}
	r, err := verify.Bytes(context.Background(), "x", []byte("x"), verify.Options{Trust: trust, At: testTime, Signature: sig, CRLs: [][]byte{root, issuing}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestDevPKIGOST: authorities and signers with GOST keys, of one kind or mixed
// with others, are proper in all but trust, and say that they are for tests.
func TestDevPKIGOST(t *testing.T) {
	t.Parallel()
	for _, kinds := range [][2]KeyKind{{KeyGOST256, KeyGOST256}, {KeyGOST512, KeyGOST512}, {KeyGOST256, KeyP256}, {KeyP384, KeyGOST512}} {
		t.Run(string(kinds[0]+" certifies "+kinds[1]), func(t *testing.T) {
			p, err := NewDevPKI(DevPKIOptions{Key: kinds[0], Now: testNow, CRLURL: "http://crl.example/dev.crl", Identity: testOptions()})
			if err != nil {
				t.Fatal(err)
			}
			id, err := p.NewSigner("Document signer", kinds[1], testOptions())
			if err != nil {
				t.Fatal(err)
			}
			leaf := id.Certificate()
			if !bytes.Equal(leaf.AuthorityKeyId, p.Issuing.Certificate.SubjectKeyId) || len(leaf.SubjectKeyId) != 20 ||
				bytes.Equal(leaf.SubjectKeyId, leaf.AuthorityKeyId) || len(leaf.CRLDistributionPoints) != 1 ||
				leaf.KeyUsage&x509.KeyUsageContentCommitment == 0 || leaf.PublicKey == nil {
				t.Errorf("%+v", leaf)
			}
			for _, c := range id.Chain() {
				if !IsDevelopment(c) || !strings.Contains(c.Subject.CommonName, "DEVELOPMENT") {
					t.Errorf("%v is not marked", c.Subject)
				}
			}
			r := withLists(t, p, id)
			if s := r.Signatures[0]; r.Verdict() != verify.Passed || s.Revocation != verify.RevocationGood || s.Chain != verify.ChainTrusted {
				t.Errorf("%s %s %s %+v", r.Verdict(), s.Chain, s.Revocation, s.Checks)
			}
			entry := x509.RevocationListEntry{SerialNumber: new(big.Int).Set(leaf.SerialNumber), RevocationTime: testTime.AddDate(0, 0, -1)}
			if r := withLists(t, p, id, entry); r.Verdict() == verify.Passed || r.Signatures[0].Revocation != verify.RevocationRevoked {
				t.Errorf("revoked: %s", r.Verdict())
			}
			devOpenSSL(t, p, id)
		})
	}
}

// devOpenSSL lets OpenSSL judge chain and lists.
func devOpenSSL(t *testing.T, p *DevPKI, id *Identity) {
	e := gosttest.Find(t)
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write(t, path("root.pem"), EncodeCertificates(p.Root.Certificate))
	write(t, path("issuing.pem"), EncodeCertificates(p.Issuing.Certificate))
	write(t, path("leaf.pem"), EncodeCertificates(id.Certificate()))
	for number, list := range [][]x509.RevocationListEntry{nil, {{SerialNumber: id.Certificate().SerialNumber, RevocationTime: testTime}}} {
		crl, err := p.Issuing.CRL(int64(number+1), list...)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path("crl"), crl)
		out, messages, err := e.Try(nil, "verify", "-x509_strict", "-purpose", "smimesign", "-crl_check", "-attime", strconv.FormatInt(testTime.Unix(), 10),
			"-CAfile", path("root.pem"), "-untrusted", path("issuing.pem"), "-CRLfile", path("crl"), path("leaf.pem"))
		switch {
		case list == nil && err != nil:
			t.Errorf("openssl: %v\n%s%s", err, out, messages)
		case list != nil && (err == nil || !strings.Contains(string(out)+messages, "certificate revoked")):
			t.Errorf("openssl, revoked: %v\n%s%s", err, out, messages)
		}
	}
}

// TestDevPKIGOSTFiles: one source of randomness gives one PKI, and what is
// written is read again.
func TestDevPKIGOSTFiles(t *testing.T) {
	t.Parallel()
	for _, kind := range gostKinds {
		var files [2][]byte
		for i := range files {
			p, err := NewDevPKI(DevPKIOptions{Key: kind, Now: testNow, Rand: seeded(1)})
			if err != nil {
				t.Fatal(err)
			}
			files[i], _ = p.Signer.PEM()
			id, err := LoadIdentity(testOptions(), files[i])
			if err != nil || len(id.Chain()) != 3 || !id.Unqualified() {
				t.Fatalf("%s: %v", kind, err)
			}
			ca, err := p.Issuing.PEM()
			if err != nil {
				t.Fatal(err)
			}
			if a, err := LoadDevAuthority(ca); err != nil || !bytes.Equal(a.Certificate.Raw, p.Issuing.Certificate.Raw) {
				t.Errorf("%s: authority: %v", kind, err)
			}
			if _, err := LoadDevAuthority(files[i]); !errors.Is(err, ErrKeyUsage) {
				t.Errorf("%s: a signer as authority: %v", kind, err)
			}
		}
		if !bytes.Equal(files[0], files[1]) {
			t.Errorf("%s: two PKIs from one seed", kind)
		}
		if _, err := NewKey(kind, strings.NewReader("short")); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: no randomness: %v", kind, err)
		}
	}
	if _, err := newGOSTKey("none", nil); !errors.Is(err, ErrUnsupportedKey) {
		t.Errorf("no such curve: %v", err)
	}
	for _, kind := range KeyKinds()[:3] {
		if _, err := NewKey(kind, nil); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
