package gost3412

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gosttest"
)

// TestOpenSSL: what OpenSSL's gost engine encrypts is read, over several
// sections of the key.
func TestOpenSSL(t *testing.T) {
	e := gosttest.Find(t)
	r := rand.NewChaCha8([32]byte{3, 4, 1, 2})
	draw := func(n int) []byte {
		b := make([]byte, n)
		r.Read(b)
		return b
	}
	key := draw(KeySize)
	for _, v := range []struct {
		cipher string
		iv     int
		open   func(iv, data []byte) ([]byte, error)
	}{
		{"kuznyechik-ctr-acpkm", 16, func(iv, data []byte) ([]byte, error) {
			return OpenCTR(Kuznyechik(), Kuznyechik().EngineSection(), key, iv, data)
		}},
		{"magma-ctr-acpkm", 12, func(iv, data []byte) ([]byte, error) {
			return OpenCTR(Magma(), Magma().EngineSection(), key, iv, data)
		}},
		{"gost89", 8, func(iv, data []byte) ([]byte, error) { return Open28147(ParamsZ(), key, iv, data) }},
	} {
		// The last sizes change the key up to sixteen times.
		for _, n := range []int{0, 1, 7, 8, 9, 16, 100, 1024, 1025, 16385} {
			iv, plain := draw(v.iv), draw(n)
			out := e.OpenSSL(t, plain, "enc", "-e", "-"+v.cipher, "-K", hex.EncodeToString(key), "-iv", hex.EncodeToString(iv))
			got, err := v.open(iv, out)
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%s, %d bytes: %v\n got %x\nwant %x", v.cipher, n, err, head(got), head(plain))
			}
		}
	}
}

func head(b []byte) []byte { return b[:min(len(b), 48)] }
