package gost3410

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/streebog"
)

// vectors reads a file of lines of words, without comments.
func vectors(t *testing.T, name string, want int) (out [][]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 0 && f[0] != "#" {
			out = append(out, f)
		}
	}
	if len(out) != want {
		t.Fatalf("%d vectors in %s, want %d", len(out), name, want)
	}
	return out
}

func curveByName(t *testing.T, name string) *Curve {
	t.Helper()
	for _, c := range curves {
		if c.Name() == name {
			return c
		}
	}
	t.Fatalf("no curve %s", name)
	return nil
}

func hexNumber(t *testing.T, s string) *big.Int {
	t.Helper()
	v, ok := new(big.Int).SetString(s, 16)
	if !ok {
		t.Fatalf("%q is not hexadecimal", s)
	}
	return v
}

// RFC 7091 §7: the key, the signature with the given nonce, and its verification.
func TestRFC7091(t *testing.T) {
	for _, f := range vectors(t, "rfc7091.txt", 2) {
		c := curveByName(t, f[0])
		n := make([]*big.Int, 0, 7)
		for _, s := range f[1:] {
			n = append(n, hexNumber(t, s))
		}
		d, e, k, x, y, r, s := n[0], n[1], n[2], n[3], n[4], n[5], n[6]
		size := c.Size()
		key, err := NewPrivateKey(c, le(d, size))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := key.PublicKey().Bytes(), append(le(x, size), le(y, size)...); !bytes.Equal(got, want) {
			t.Errorf("%s: public key %x, want %x", f[0], got, want)
		}
		digest := le(e, size)
		nonce := toWords(k)
		got, ok := key.signWith(&nonce, digest)
		if want := signature(r, s, size); !ok || !bytes.Equal(got, want) {
			t.Errorf("%s: signature %x, want %x", f[0], got, want)
		}
		if err := key.PublicKey().Verify(digest, signature(r, s, size)); err != nil {
			t.Errorf("%s: %v", f[0], err)
		}
	}
}

// RFC 9215 Appendix A: certificates signed with their own keys.
func TestRFC9215(t *testing.T) {
	for _, f := range vectors(t, "rfc9215.txt", 3) {
		der, err := hex.DecodeString(f[1])
		if err != nil {
			t.Fatal(err)
		}
		spki, tbs, sig := certificateParts(t, der)
		key, err := ParsePKIXPublicKey(spki)
		if err != nil {
			t.Fatalf("%s: %v", f[0], err)
		}
		if key.Curve().Name() != f[0] {
			t.Errorf("curve %s, want %s", key.Curve().Name(), f[0])
		}
		digest := streebogOf(key, tbs)
		if err := key.Verify(digest, sig); err != nil {
			t.Errorf("%s: %v", f[0], err)
		}
		tbs[30] ^= 1
		if err := key.Verify(streebogOf(key, tbs), sig); err != ErrSignature {
			t.Errorf("%s: changed certificate: %v, want ErrSignature", f[0], err)
		}
		checkRoundTrip(t, key, spki)
	}
}

// RFC 7836 Appendix B.
func TestRFC7836Keys(t *testing.T) {
	for _, f := range vectors(t, "rfc7836.txt", 2) {
		private, err1 := hex.DecodeString(f[1])
		public, err2 := hex.DecodeString(f[2])
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		key, err := NewPrivateKey(curveByName(t, f[0]), private)
		if err != nil {
			t.Fatal(err)
		}
		if got := key.PublicKey().Bytes(); !bytes.Equal(got, public) {
			t.Errorf("public key %x, want %x", got, public)
		}
	}
}

func streebogOf(k *PublicKey, data []byte) []byte {
	if k.DigestSize() == 32 {
		d := streebog.Sum256(data)
		return d[:]
	}
	d := streebog.Sum512(data)
	return d[:]
}

// certificateParts cuts a certificate into key, signed bytes and signature.
func certificateParts(t *testing.T, der []byte) (spki, tbs, sig []byte) {
	t.Helper()
	var cert struct {
		TBS struct {
			Raw                                                 asn1.RawContent
			Version                                             int `asn1:"explicit,tag:0"`
			Serial                                              *big.Int
			Algorithm, Issuer, Validity, Subject, PublicKeyInfo asn1.RawValue
			Extensions                                          asn1.RawValue `asn1:"optional,explicit,tag:3"`
		}
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if rest, err := asn1.Unmarshal(der, &cert); err != nil || len(rest) != 0 {
		t.Fatalf("certificate: %v", err)
	}
	return cert.TBS.PublicKeyInfo.FullBytes, bytes.Clone(cert.TBS.Raw), cert.Signature.Bytes
}

func checkRoundTrip(t *testing.T, key *PublicKey, spki []byte) {
	t.Helper()
	again, err := MarshalPKIXPublicKey(key)
	if err != nil || !bytes.Equal(again, spki) {
		t.Errorf("marshalled %x (%v), parsed %x", again, err, spki)
	}
}
