package qr

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/gosttest"
)

func gostKey(t testing.TB, curve, name string) *gost3410.PrivateKey {
	t.Helper()
	seed := sha256.Sum256([]byte("vidimus qr test key " + name))
	seed[31] &= 0x3f // below q, which is little-endian here
	for _, c := range gost3410.Curves() {
		if c.Name() == curve {
			k, err := gost3410.NewPrivateKey(c, seed[:])
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
	}
	t.Fatalf("no curve %s", curve)
	return nil
}

func TestGOSTToken(t *testing.T) {
	s := newSigner(t, testHost, gostKey(t, "CryptoPro-A", "gost"))
	url, err := s.Seal(testClaims())
	if err != nil {
		t.Fatal(err)
	}
	token, err := Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	keys := KeySet{newSigner(t, testHost, edKey("active")).Key(), s.Key()}
	r := token.Verify(keys, testNow)
	if token.Algorithm() != GOST256 || len(token.signature) != 64 || r.Verdict() != Passed || r.Key.ID != s.Key().ID {
		t.Errorf("%s, %d bytes: %v %s", token.Algorithm(), len(token.signature), r, r.Reason())
	}
	code, err := new(Encoder).Encode(url)
	if err != nil || code.Version() > MaxVersion {
		t.Fatalf("no symbol: %v", err)
	}
	t.Logf("%d characters, version %d", len(url), code.Version())

	// Every bit of the signature and the payload counts.
	for _, part := range [][]byte{token.signature, token.payload} {
		for i := range part {
			part[i] ^= 1 << (i % 8)
			if r := token.Verify(keys, testNow); r.Signature == Passed {
				t.Errorf("byte %d", i)
			}
			part[i] ^= 1 << (i % 8)
		}
	}
	// s = 0 or r = 0, and the other half of the pair that ECDSA would take.
	for name, bad := range map[string][]byte{
		"s = 0": append(make([]byte, 32), token.signature[32:]...), "r = 0": append(bytes.Clone(token.signature[:32]), make([]byte, 32)...),
		"r before s": append(bytes.Clone(token.signature[32:]), token.signature[:32]...),
	} {
		forged := *token
		forged.signature = bad
		if r := forged.Verify(keys, testNow); r.Signature != Failed {
			t.Errorf("%s: %v", name, r.Signature)
		}
	}
	other := newSigner(t, testHost, gostKey(t, "CryptoPro-A", "other")).Key()
	other.ID = s.Key().ID
	if r := token.Verify(KeySet{other}, testNow); r.Signature != Failed {
		t.Errorf("another key: %v", r.Signature)
	}
}

func TestGOSTKeySets(t *testing.T) {
	key := newSigner(t, testHost, gostKey(t, "CryptoPro-A", "gost")).Key()
	set := KeySet{key, newSigner(t, testHost, ecKey(t, "active")).Key()}
	for name, trip := range map[string]func() (KeySet, error){
		"JWKS": func() (KeySet, error) {
			b, err := set.JWKS()
			if err != nil {
				return nil, err
			}
			var shape struct {
				Keys []struct{ Kty, Crv, Alg, X string }
			}
			if err := json.Unmarshal(b, &shape); err != nil || shape.Keys[0].Kty != "EC" || shape.Keys[0].Crv != "CryptoPro-A" ||
				shape.Keys[0].Alg != "GOST3410-2012-256" || len(shape.Keys[0].X) != 43 {
				t.Errorf("%v: %s", err, b)
			}
			return ParseJWKS(b)
		},
		"COSE": func() (KeySet, error) {
			b, err := set.COSE()
			if err != nil {
				return nil, err
			}
			return ParseCOSEKeySet(b)
		},
	} {
		got, err := trip()
		if err != nil || len(got) != 2 || !got[0].Public.(*gost3410.PublicKey).Equal(key.Public) || got[0].ID != key.ID || got[0].Alg != GOST256 {
			t.Errorf("%s: %v %+v", name, err, got)
			continue
		}
		if again, err := NewKey(got[0].Public); err != nil || again.ID != key.ID {
			t.Errorf("%s: identifier %s, not %s", name, again.ID, key.ID)
		}
	}
	// Other curves of the same size, and longer keys, are other algorithms.
	for _, curve := range []string{"CryptoPro-B", "TC26-256-A"} {
		if _, err := NewSigner(testHost, gostKey(t, curve, "gost")); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", curve, err)
		}
	}
	jwks, err := set.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	x, _, _ := gost256Suite.coordinates(key.Public)
	x[0] ^= 1
	if _, err := gost256Suite.public(x, x); err == nil {
		t.Error("a point off the curve")
	}
	if _, err := ParseJWKS(bytes.ReplaceAll(jwks, []byte(`"kty": "EC"`), []byte(`"d": "AA", "kty": "EC"`))); !errors.Is(err, ErrKeySet) {
		t.Errorf("private key: %v", err)
	}
}

// TestGOSTOpenSSL: OpenSSL's gost engine verifies what is in the QR code.
func TestGOSTOpenSSL(t *testing.T) {
	e := gosttest.Find(t)
	key := gostKey(t, "CryptoPro-A", "gost")
	s := newSigner(t, testHost, key)
	s.Rand = rand.Reader
	url, err := s.Seal(testClaims())
	if err != nil {
		t.Fatal(err)
	}
	token, err := Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := gost3410.MarshalPKIXPublicKey(key.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pub := file("pub.pem", e.OpenSSL(t, spki, "pkey", "-pubin", "-inform", "DER", "-outform", "PEM"))
	e.OpenSSL(t, nil, "dgst", "-md_gost12_256", "-verify", pub, "-signature", file("sig", token.signature), file("message", token.message()))
}
