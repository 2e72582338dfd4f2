package signer

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/vidimus/vidimus/internal/oracle"
)

// testTime is when everything in these tests happens.
var testTime = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

func testNow() time.Time { return testTime }

// allKinds are the keys that every tool must accept.
var allKinds = []KeyKind{KeyP256, KeyP384, KeyEd25519, KeyRSA2048, KeyRSA3072, KeyRSA4096}

// devPKIs are made once: RSA keys take seconds.
var devPKIs struct {
	sync.Mutex
	m map[KeyKind]*DevPKI
}

func testPKI(t testing.TB, kind KeyKind) *DevPKI {
	t.Helper()
	devPKIs.Lock()
	defer devPKIs.Unlock()
	if p := devPKIs.m[kind]; p != nil {
		return p
	}
	ca := kind
	if kind == KeyRSA3072 || kind == KeyRSA4096 {
		ca = KeyRSA2048 // long keys take seconds each
	}
	p, err := NewDevPKI(DevPKIOptions{Key: ca, Now: testNow, CRLURL: "http://crl.example/dev.crl"})
	if err != nil {
		t.Fatal(err)
	}
	if ca != kind {
		if p.Signer, err = p.NewSigner("Document signer", kind, testOptions()); err != nil {
			t.Fatal(err)
		}
	}
	if devPKIs.m == nil {
		devPKIs.m = map[KeyKind]*DevPKI{}
	}
	devPKIs.m[kind] = p
	return p
}

func testOptions() IdentityOptions { return IdentityOptions{Now: testNow} }

func TestLoadIdentityPEM(t *testing.T) {
	for _, kind := range allKinds {
		t.Run(string(kind), func(t *testing.T) {
			p := testPKI(t, kind)
			file, err := p.Signer.PEM()
			if err != nil {
				t.Fatal(err)
			}
			id, err := LoadIdentity(testOptions(), file)
			if err != nil {
				t.Fatal(err)
			}
			checkLoaded(t, id, p)
		})
	}
}

func checkLoaded(t *testing.T, id *Identity, p *DevPKI) {
	t.Helper()
	want := p.Signer.Chain()
	if len(want) != 3 || len(id.Chain()) != 3 {
		t.Fatalf("chain has %d certificates, made %d, want 3", len(id.Chain()), len(want))
	}
	for i, c := range id.Chain() {
		if !c.Equal(want[i]) {
			t.Errorf("certificate %d is %v, want %v", i, c.Subject, want[i].Subject)
		}
	}
	if !sameKey(id.key.Public(), p.Signer.key.Public()) {
		t.Error("another key was loaded")
	}
}

// Key and chain in any order and in several files give one identity.
func TestLoadIdentityOrder(t *testing.T) {
	p := testPKI(t, KeyP256)
	key, _ := EncodeKey(p.Signer.key)
	c := p.Signer.Chain()
	id, err := LoadIdentity(testOptions(), EncodeCertificates(c[2], c[1]), key, c[0].Raw)
	if err != nil {
		t.Fatal(err)
	}
	checkLoaded(t, id, p)
}

func TestLoadIdentityPKCS12(t *testing.T) {
	for _, kind := range []KeyKind{KeyP256, KeyEd25519, KeyRSA2048} {
		p := testPKI(t, kind)
		pfx, err := pkcs12.Modern.Encode(p.Signer.key, p.Signer.Certificate(), p.Signer.Chain()[1:], "s3cret")
		if err != nil {
			t.Fatal(err)
		}
		opt := testOptions()
		opt.Password = "s3cret"
		id, err := LoadIdentity(opt, pfx)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		checkLoaded(t, id, p)
		for _, wrong := range []string{"", "S3cret"} {
			opt.Password = wrong
			if _, err := LoadIdentity(opt, pfx); !errors.Is(err, ErrPassword) {
				t.Errorf("%s: password %q: %v, want ErrPassword", kind, wrong, err)
			}
		}
	}
}

// OpenSSL writes the key in every form it knows, we read them.
func TestLoadIdentityOpenSSL(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, kind := range []KeyKind{KeyP256, KeyRSA2048, KeyEd25519} {
		p := testPKI(t, kind)
		file, _ := p.Signer.PEM()
		write(t, path("in.pem"), file)
		chain := EncodeCertificates(p.Signer.Chain()...)
		forms := map[string][]string{
			"aes256-sha256": {"pkcs8", "-topk8", "-v2", "aes-256-cbc"},
			"aes128-sha1":   {"pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"},
			"aes192-sha512": {"pkcs8", "-topk8", "-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA512", "-iter", "10000"},
			"scrypt":        {"pkcs8", "-topk8", "-scrypt"},
			"3des":          {"pkcs8", "-topk8", "-v2", "des3"},
		}
		if kind != KeyEd25519 {
			forms["traditional"] = []string{"pkey", "-traditional"}
			forms["rfc1421"] = []string{"pkey", "-traditional", "-aes256"}
		}
		for name, args := range forms {
			t.Run(string(kind)+"/"+name, func(t *testing.T) {
				args := append(args, "-in", path("in.pem"), "-out", path(name), "-passout", "pass:пароль")
				oracle.Run(t, "openssl", args...)
				key := read(t, path(name))
				opt := testOptions()
				opt.Password = "пароль"
				id, err := LoadIdentity(opt, key, chain)
				switch name {
				case "scrypt", "3des", "rfc1421":
					if !errors.Is(err, ErrEncryption) {
						t.Fatalf("got %v, want ErrEncryption", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				checkLoaded(t, id, p)
				opt.Password = "wrong"
				if _, err := LoadIdentity(opt, key, chain); name != "traditional" && !errors.Is(err, ErrPassword) {
					t.Errorf("wrong password: %v", err)
				}
			})
		}
	}
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestIdentityErrors(t *testing.T) {
	p, q := testPKI(t, KeyP256), testPKI(t, KeyRSA2048)
	leaf, issuing := p.Signer.Certificate(), p.Issuing.Certificate
	keyPEM, _ := EncodeKey(p.Signer.key)
	otherPEM, _ := EncodeKey(q.Signer.key)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	p224, _ := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	twin := &DevAuthority{Now: testNow} // of the same name, with another key
	if err := twin.found("Vidimus Issuing CA", KeyP256, nil, 1, 0); err != nil {
		t.Fatal(err)
	}

	issue := func(pub crypto.PublicKey) []*x509.Certificate {
		c, err := p.Issuing.Issue("Test", pub, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return []*x509.Certificate{c}
	}
	load := func(files ...[]byte) error { _, err := LoadIdentity(testOptions(), files...); return err }
	join := func(key crypto.Signer, chain ...*x509.Certificate) error {
		_, err := NewIdentity(key, chain, testOptions())
		return err
	}
	x25519, _ := ecdh.X25519().GenerateKey(rand.Reader)
	x25519DER, _ := x509.MarshalPKCS8PrivateKey(x25519)

	tests := []struct {
		name string
		got  error
		want error
		text string
	}{
		{"mismatch", join(q.Signer.key, leaf, issuing), ErrKeyMismatch, ""},
		{"mismatch PEM", load(otherPEM, EncodeCertificates(leaf)), ErrKeyMismatch, ""},
		{"weak", join(weak, issue(weak.Public())...), ErrWeakKey, "RSA-1024"},
		{"weak, key elsewhere", join(nil, issue(weak.Public())...), ErrWeakKey, "RSA-1024"},
		{"curve", join(p224, issue(p224.Public())...), ErrWeakKey, "P-224"},
		{"X25519", load(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: x25519DER})), ErrUnsupportedKey, "ecdh"},
		{"DSA", load([]byte("-----BEGIN DSA PRIVATE KEY-----\nMAA=\n-----END DSA PRIVATE KEY-----\n")), ErrUnsupportedKey, "DSA"},
		{"key usage", join(p.Issuing.Key, issuing), ErrKeyUsage, ""},
		{"chain", join(p.Signer.key, leaf, twin.Certificate), ErrChain, "Document signer"},
		{"no key", load(EncodeCertificates(leaf)), ErrNoKey, ""},
		{"no certificate", load(keyPEM), ErrNoCertificate, ""},
		{"no chain", join(p.Signer.key), ErrNoCertificate, ""},
		{"two keys", load(keyPEM, otherPEM, EncodeCertificates(leaf)), ErrManyKeys, ""},
		{"text", load([]byte("not a key")), ErrFormat, ""},
		{"empty", load(nil), ErrFormat, ""},
		{"huge", load(make([]byte, maxKeyFile+1)), ErrFormat, ""},
		{"damaged", load([]byte("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n")), ErrFormat, ""},
		{"GOST", load(gostKeyPEM(t)), ErrUnsupportedKey, "GOST R 34.10-2012, 256 bit"},
	}
	for _, tt := range tests {
		if !errors.Is(tt.got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, tt.got, tt.want)
		} else if !strings.Contains(tt.got.Error(), tt.text) {
			t.Errorf("%s: %q does not say %q", tt.name, tt.got, tt.text)
		}
	}
}

// gostKeyPEM is a PKCS #8 shell around a key of algorithm 1.2.643.7.1.1.1.1.
func gostKeyPEM(t *testing.T) []byte {
	der := []byte{0x30, 0x15, 0x02, 0x01, 0x00, 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x01,
		0x04, 0x04, 1, 2, 3, 4}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func TestValidity(t *testing.T) {
	id := testPKI(t, KeyP256).Signer
	c := id.Certificate()
	for _, tt := range []struct {
		at   time.Time
		want error
	}{
		{c.NotBefore, nil},
		{c.NotAfter.Add(999 * time.Millisecond), nil}, // whole seconds
		{c.NotBefore.Add(-time.Second), ErrNotYetValid},
		{c.NotAfter.Add(time.Second), ErrExpired},
	} {
		err := id.CheckAt(tt.at)
		if !errors.Is(err, tt.want) {
			t.Errorf("%v: %v, want %v", tt.at, err, tt.want)
		}
		var v *ValidityError
		if tt.want != nil && (!errors.As(err, &v) || !v.NotAfter.Equal(c.NotAfter) || !strings.Contains(err.Error(), "2029-03-14")) {
			t.Errorf("%v: %v does not give the dates", tt.at, err)
		}
	}
}

func FuzzLoadIdentity(f *testing.F) {
	p := testPKI(f, KeyP256)
	file, _ := p.Signer.PEM()
	f.Add(file, "")
	f.Add(p.Signer.Certificate().Raw, "")
	pfx, err := pkcs12.Modern.Encode(p.Signer.key, p.Signer.Certificate(), nil, "a")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pfx, "a")
	f.Add(bytes.ReplaceAll(file, []byte("PRIVATE"), []byte("ENCRYPTED PRIVATE")), "a")
	f.Add(newGOSTPKI(f, "CryptoPro-A").file, "")
	for _, name := range []string{"rfc9548-a2.p12", "rfc9548-a3.p12", "r50.1.112-2016-a.p12"} {
		f.Add(read(f, filepath.Join("testdata", "pfx", name)), "Пароль для PFX")
	}
	f.Fuzz(func(t *testing.T, file []byte, password string) {
		opt := testOptions()
		opt.Password = password
		if id, err := LoadIdentity(opt, file); err == nil && id.Certificate() == nil {
			t.Error("an identity without a certificate")
		}
	})
}
