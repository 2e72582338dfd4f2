package gost3410

import (
	"bytes"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gost94"
	"github.com/vidimus/vidimus/internal/oracle"
)

// Every curve of the corpus, made by OpenSSL with the gost engine: key,
// certificate, digest and raw signature.
func TestCorpusCurves(t *testing.T) {
	dir := oracle.Corpus(t, "gost", "samples")
	document := read(t, filepath.Join(dir, "doc.txt"))
	files, err := filepath.Glob(filepath.Join(dir, "curves", "*.pub"))
	if err != nil || len(files) != 17 {
		t.Fatalf("%d curves found, want 17 (%v)", len(files), err)
	}
	for _, file := range files {
		base := strings.TrimSuffix(file, ".pub")
		t.Run(filepath.Base(base), func(t *testing.T) {
			spki := readPEM(t, file)
			key, err := ParsePKIXPublicKey(spki)
			if err != nil {
				t.Fatal(err)
			}
			checkRoundTrip(t, key, spki)
			digest, sig := read(t, base+".digest"), read(t, base+".rawsig")
			if err := key.Verify(digest, sig); err != nil {
				t.Errorf("signature: %v", err)
			}
			sum := streebogOf(key, document)
			if key.Withdrawn() {
				h := gost94.New()
				h.Write(document)
				sum = h.Sum(nil)
			}
			if !bytes.Equal(sum, digest) {
				t.Errorf("digest %x, want %x", sum, digest)
			}
			for bit := 0; bit < 8*len(sig); bit += 5 {
				sig[bit/8] ^= 1 << (bit % 8)
				if err := key.Verify(digest, sig); err != ErrSignature {
					t.Fatalf("bit %d of the signature flipped: %v", bit, err)
				}
				sig[bit/8] ^= 1 << (bit % 8)
			}
			digest[0] ^= 1
			if err := key.Verify(digest, sig); err != ErrSignature {
				t.Errorf("another digest: %v", err)
			}

			certSPKI, tbs, certSig := certificateParts(t, readPEM(t, base+".crt"))
			if !bytes.Equal(certSPKI, spki) {
				t.Error("the certificate has another key")
			}
			h := gost94.New()
			h.Write(tbs)
			sum = h.Sum(nil)
			if !key.Withdrawn() {
				sum = streebogOf(key, tbs)
			}
			if err := key.Verify(sum, certSig); err != nil {
				t.Errorf("certificate: %v", err)
			}

			der := readPEM(t, base+".key")
			private, err := ParsePKCS8PrivateKey(der)
			if key.Withdrawn() {
				if err != ErrWithdrawn {
					t.Errorf("private key of 2001: %v, want ErrWithdrawn", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !private.PublicKey().Equal(key) {
				t.Error("private and public key differ")
			}
			if again, err := MarshalPKCS8PrivateKey(private); err != nil || !bytes.Equal(again, der) {
				t.Errorf("marshalled %x (%v), parsed %x", again, err, der)
			}
		})
	}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readPEM(t testing.TB, name string) []byte {
	t.Helper()
	block, _ := pem.Decode(read(t, name))
	if block == nil {
		t.Fatalf("%s is not PEM", name)
	}
	return block.Bytes
}
