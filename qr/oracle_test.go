package qr

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/vidimus/vidimus/internal/oracle"
)

func sha(b []byte) []byte { sum := sha256.Sum256(b); return sum[:] }

func derOf(t *testing.T, r, s *big.Int) []byte {
	t.Helper()
	der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// The text is taken apart by a CBOR library and math/big and checked by openssl:
// nothing of ours but the text itself takes part.
func TestOpenSSLVerifies(t *testing.T) {
	for _, s := range []*Signer{newSigner(t, testHost, edKey("active")), newSigner(t, testHost, ecKey(t, "active"))} {
		t.Run(s.Key().Alg.String(), func(t *testing.T) {
			url, err := s.Seal(testClaims())
			if err != nil {
				t.Fatal(err)
			}
			host, decimal, _ := strings.Cut(strings.TrimPrefix(url, "https://"), "/c/")
			n, ok := new(big.Int).SetString(decimal, 10)
			if !ok || n.Bytes()[0] != 1 {
				t.Fatalf("number %s", decimal)
			}
			var sign1 struct {
				_                  struct{} `cbor:",toarray"`
				Protected          []byte
				Unprotected        map[int]any
				Payload, Signature []byte
			}
			if err := cbor.Unmarshal(n.Bytes()[1:], &sign1); err != nil {
				t.Fatal(err)
			}
			message, err := cbor.Marshal([]any{"Signature1", sign1.Protected, []byte("vidimus/qr/1" + host), sign1.Payload})
			if err != nil {
				t.Fatal(err)
			}
			checkWithLibrary(t, s, sign1.Protected, sign1.Payload)

			dir := t.TempDir()
			file := func(name string, data []byte) string {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			spki, err := x509.MarshalPKIXPublicKey(s.Key().Public)
			if err != nil {
				t.Fatal(err)
			}
			pub := file("pub.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
			msg, sig := file("msg", message), sign1.Signature
			args := []string{"pkeyutl", "-verify", "-pubin", "-inkey", pub, "-rawin"}
			if s.Key().Alg == ESP256 {
				sig = derOf(t, new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
				args = append(args, "-digest", "sha256")
			}
			args = append(args, "-in", msg, "-sigfile", file("sig", sig))
			if out := oracle.Run(t, "openssl", args...); !strings.Contains(out, "Signature Verified Successfully") {
				t.Errorf("openssl: %s", out)
			}

			der := filepath.Join(dir, "pub.der")
			oracle.Run(t, "openssl", "pkey", "-pubin", "-in", pub, "-outform", "DER", "-out", der)
			if out := oracle.Run(t, "openssl", "dgst", "-sha256", "-r", der); !strings.HasPrefix(out, s.Key().ID.String()) {
				t.Errorf("kid %s, openssl has %s", s.Key().ID, out)
			}
		})
	}
}

// checkWithLibrary reads header and claims with a CBOR library, and has it write
// them again.
func checkWithLibrary(t *testing.T, s *Signer, protected, payload []byte) {
	t.Helper()
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	c, key := testClaims(), s.Key()
	for _, part := range []struct {
		name string
		got  []byte
		want map[int]any
	}{
		{"header", protected, map[int]any{1: int64(key.Alg), 4: key.ID[:]}},
		{"payload", payload, map[int]any{4: c.Expires.Unix(), 6: c.Issued.Unix(), 7: c.ID[:], -70001: c.Kind, -70002: c.Visible[:]}},
	} {
		want, err := mode.Marshal(part.want)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(part.got, want) {
			t.Errorf("%s %s, the library writes %s", part.name, hex.EncodeToString(part.got), hex.EncodeToString(want))
		}
	}
}
