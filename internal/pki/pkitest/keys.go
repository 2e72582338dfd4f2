package pkitest

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/pki"
)

// SPKI returns the SubjectPublicKeyInfo of a public key, Ed448 and GOST
// included.
func SPKI(t testing.TB, public crypto.PublicKey) []byte {
	t.Helper()
	if k, ok := public.(ed448.PublicKey); ok {
		return asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, pki.OIDEd448.Encode()), BitString(k))
	}
	marshal := x509.MarshalPKIXPublicKey
	if _, ok := public.(*gost3410.PublicKey); ok {
		marshal = func(k any) ([]byte, error) { return gost3410.MarshalPKIXPublicKey(k.(*gost3410.PublicKey)) }
	}
	der, err := marshal(public)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// PEM writes blocks of one type to a file in a new folder and returns its path.
func PEM(t testing.TB, name, blockType string, ders ...[]byte) string {
	t.Helper()
	var out []byte
	for _, der := range ders {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: blockType, Bytes: der})...)
	}
	return File(t, name, out)
}

// File writes a file in a new folder and returns its path.
func File(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
