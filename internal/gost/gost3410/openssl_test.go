package gost3410

import (
	"bytes"
	"crypto/rand"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/vidimus/vidimus/internal/gost/gosttest"
)

// What we sign OpenSSL verifies, and the reverse, for every name of every curve.
func TestOpenSSLBothWays(t *testing.T) {
	engine := gosttest.Find(t)
	message := []byte("подписано\n")
	for _, c := range curves {
		for _, oid := range c.OIDs() {
			t.Run(c.Name()+"/"+oid.String(), func(t *testing.T) {
				dir := t.TempDir()
				at := func(name string) string { return filepath.Join(dir, name) }
				key, err := GenerateKey(c, rand.Reader)
				if err != nil {
					t.Fatal(err)
				}
				key.pub.set, key.pub.digest = oid, key.pub.alg.digestFor(oid)
				der, err := MarshalPKCS8PrivateKey(key)
				if err != nil {
					t.Fatal(err)
				}
				writePEM(t, at("key.pem"), "PRIVATE KEY", der)
				spki, err := MarshalPKIXPublicKey(key.PublicKey())
				if err != nil {
					t.Fatal(err)
				}
				writePEM(t, at("pub.pem"), "PUBLIC KEY", spki)
				if got := engine.OpenSSL(t, nil, "pkey", "-in", at("key.pem"), "-pubout", "-outform", "DER"); !bytes.Equal(got, spki) {
					t.Fatalf("OpenSSL makes the public key %x, we %x", got, spki)
				}

				digest := streebogOf(key.PublicKey(), message)
				hash := "-md_gost12_" + strconv.Itoa(8*c.Size())
				sig, err := key.Sign(rand.Reader, digest, nil)
				if err != nil {
					t.Fatal(err)
				}
				writeFile(t, at("sig"), sig)
				engine.OpenSSL(t, message, "dgst", hash, "-verify", at("pub.pem"), "-signature", at("sig"))
				sig[5] ^= 4
				writeFile(t, at("sig"), sig)
				if _, _, err := engine.Try(message, "dgst", hash, "-verify", at("pub.pem"), "-signature", at("sig")); err == nil {
					t.Error("OpenSSL accepts a broken signature: this test shows nothing")
				}

				for range 4 {
					sig = engine.OpenSSL(t, message, "dgst", hash, "-sign", at("key.pem"))
					if err := key.PublicKey().Verify(digest, sig); err != nil {
						t.Errorf("signature by OpenSSL: %v", err)
					}
				}
			})
		}
	}
}

// The encodings of a private key that OpenSSL reads are read to the same key.
func TestPrivateKeyForms(t *testing.T) {
	engine := gosttest.Find(t)
	for _, name := range []string{"CryptoPro-A", "TC26-512-C"} {
		c := curveByName(t, name)
		key, err := GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		size, d, q := c.Size(), fromWords(key.d), fromWords(c.params.q.m)
		mask := func(n int) []byte {
			out := new(big.Int).Set(d)
			var masks []byte
			for i := range n {
				m := big.NewInt(int64(1000003 + i))
				out.Mul(out, new(big.Int).ModInverse(m, q)).Mod(out, q)
				masks = append(masks, le(m, size)...)
			}
			return append(le(out, size), masks...)
		}
		integer, err := asn1.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		octets := func(b []byte) []byte {
			out, err := asn1.Marshal(b)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		var seq cryptobyte.Builder
		seq.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1OctetString(mask(1))
			b.AddASN1OctetString(key.PublicKey().Bytes())
		})
		for form, content := range map[string][]byte{
			"bare": le(d, size), "wrapped": octets(le(d, size)), "integer": integer,
			"masked": mask(1), "masked twice": mask(2), "sequence": seq.BytesOrPanic(),
		} {
			var b cryptobyte.Builder
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(0)
				key.pub.addAlgorithm(b)
				b.AddASN1OctetString(content)
			})
			der := b.BytesOrPanic()
			got, err := ParsePKCS8PrivateKey(der)
			if err != nil || !got.Equal(key) {
				t.Errorf("%s, %s: %v", name, form, err)
			}
			file := filepath.Join(t.TempDir(), "key.der")
			writeFile(t, file, der)
			spki, err := MarshalPKIXPublicKey(key.PublicKey())
			if err != nil {
				t.Fatal(err)
			}
			if out := engine.OpenSSL(t, nil, "pkey", "-inform", "DER", "-in", file, "-pubout", "-outform", "DER"); !bytes.Equal(out, spki) {
				t.Errorf("%s, %s: OpenSSL reads another key", name, form)
			}
		}
	}
}

func writePEM(t *testing.T, name, kind string, der []byte) {
	t.Helper()
	writeFile(t, name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func writeFile(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
