package gost3412

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gen"
	"github.com/vidimus/vidimus/internal/gost/gosttest"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGeneratedFileIsCurrent(t *testing.T) { gosttest.Current(t, gen.GOST3412) }

// TestBlocks: RFC 7801 §5.4, §5.5 and RFC 8891 App. A.4, A.5.
func TestBlocks(t *testing.T) {
	for _, v := range []struct {
		c               Cipher
		key, plain, out string
	}{
		{Kuznyechik(), "8899aabbccddeeff0011223344556677fedcba98765432100123456789abcdef", "1122334455667700ffeeddccbbaa9988", "7f679d90bebc24305a468d42b9d4edcd"},
		{Magma(), "ffeeddccbbaa99887766554433221100f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "fedcba9876543210", "4ee901e5c2d8ca3d"},
	} {
		b, err := v.c.NewBlock(unhex(t, v.key))
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, b.BlockSize())
		if b.Encrypt(got, unhex(t, v.plain)); hex.EncodeToString(got) != v.out {
			t.Errorf("%s: %x, want %s", v.c, got, v.out)
		}
		if b.Decrypt(got, got); hex.EncodeToString(got) != v.plain {
			t.Errorf("%s back: %x, want %s", v.c, got, v.plain)
		}
		if _, err := v.c.NewBlock(make([]byte, 31)); !errors.Is(err, ErrSize) {
			t.Errorf("%s, short key: %v", v.c, err)
		}
	}
}

// TestOMAC: GOST R 34.13-2015 App. A.1.6 and A.2.6, before they are shortened.
func TestOMAC(t *testing.T) {
	for _, v := range []struct {
		c              Cipher
		key, text, mac string
	}{
		{Kuznyechik(), "8899aabbccddeeff0011223344556677fedcba98765432100123456789abcdef",
			"1122334455667700ffeeddccbbaa998800112233445566778899aabbcceeff0a112233445566778899aabbcceeff0a002233445566778899aabbcceeff0a0011", "336f4d296059fbe3"},
		{Magma(), "ffeeddccbbaa99887766554433221100f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
			"92def06b3c130a59db54c704f8189d204a98fb2e67a8024c8912409b17b57e41", "154e7210"},
	} {
		b, _ := v.c.NewBlock(unhex(t, v.key))
		if got := hex.EncodeToString(omac(b, unhex(t, v.text))); got[:len(v.mac)] != v.mac {
			t.Errorf("%s: %s, want %s…", v.c, got, v.mac)
		}
	}
}

// TestSizes: nothing of a wrong length is taken.
func TestSizes(t *testing.T) {
	key := make([]byte, KeySize)
	for _, c := range []Cipher{Magma(), Kuznyechik()} {
		ukm := make([]byte, c.UKMSize())
		for name, err := range map[string]error{
			"key":      second(OpenCTR(c, c.section, key[1:], ukm, key)),
			"ukm":      second(OpenCTR(c, c.section, key, ukm[1:], key)),
			"section":  second(OpenCTR(c, c.block-1, key, ukm, key)),
			"mac key":  second(OpenCTROMAC(c, key[1:], ukm, key)),
			"mac ukm":  second(OpenCTROMAC(c, key, ukm[1:], key)),
			"mac data": second(OpenCTROMAC(c, key, ukm, key[:c.block-1])),
			"28147":    second(Open28147(ParamsZ(), key[1:], key[:8], key)),
			"28147 iv": second(Open28147(ParamsZ(), key, key[:7], key)),
		} {
			if !errors.Is(err, ErrSize) {
				t.Errorf("%s, %s: %v", c, name, err)
			}
		}
		if _, err := OpenCTROMAC(c, key, ukm, bytes.Repeat([]byte{7}, 100)); !errors.Is(err, ErrMAC) {
			t.Errorf("%s: noise: %v", c, err)
		}
	}
}

func second(_ []byte, err error) error { return err }
