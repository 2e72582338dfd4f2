package gost94_test

import (
	"bytes"
	"encoding/hex"
	"hash"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gost94"
	"github.com/vidimus/vidimus/internal/gost/gosttest"
)

func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	make := map[string]func() hash.Hash{"test": gost94.NewTest, "cryptopro": gost94.New}
	count := 0
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 {
			continue
		}
		count++
		h := make[f[0]]()
		h.Write([]byte(f[1]))
		if got := hex.EncodeToString(h.Sum(nil)); got != f[2] {
			t.Errorf("%s %q = %s, want %s", f[0], f[1], got, f[2])
		}
	}
	if count != 9 {
		t.Errorf("%d vectors read, want 9", count)
	}
}

func TestOpenSSL(t *testing.T) {
	engine := gosttest.Find(t)
	random := rand.New(rand.NewPCG(5, 6))
	for i := range 20 {
		message := make([]byte, 1+random.IntN(300)) // the engine's command line gets the empty message wrong
		for j := range message {
			message[j] = byte(random.Uint32())
			if i%4 == 0 {
				message[j] = 0xff // every addition to Σ carries
			}
		}
		h := gost94.New()
		h.Write(message)
		want := engine.OpenSSL(t, message, "dgst", "-md_gost94", "-binary")
		if got := h.Sum(nil); !bytes.Equal(got, want) {
			t.Errorf("%x = %x, OpenSSL says %x", message, got, want)
		}
	}
}

func TestSplits(t *testing.T) {
	message := make([]byte, 100)
	for i := range message {
		message[i] = byte(i * 7)
	}
	for length := range len(message) + 1 {
		whole := gost94.New()
		whole.Write(message[:length])
		want := whole.Sum(nil)
		for cut := range length + 1 {
			h := gost94.New()
			h.Write([]byte("gone"))
			h.Reset()
			h.Write(message[:cut])
			h.Sum(nil)
			h.Write(message[cut:length])
			if got := h.Sum(nil); !bytes.Equal(got, want) {
				t.Fatalf("%d bytes split at %d: %x, want %x", length, cut, got, want)
			}
		}
	}
}

func TestNoAllocations(t *testing.T) {
	h := gost94.New()
	message, out := make([]byte, 100), make([]byte, 0, gost94.Size)
	if n := testing.AllocsPerRun(10, func() {
		h.Reset()
		h.Write(message)
		out = h.Sum(out[:0])
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if h.Size() != 32 || h.BlockSize() != 32 {
		t.Errorf("Size %d, BlockSize %d", h.Size(), h.BlockSize())
	}
}

func BenchmarkHash(b *testing.B) {
	message := make([]byte, 16<<10)
	h := gost94.New()
	b.SetBytes(int64(len(message)))
	for b.Loop() {
		h.Write(message)
	}
}
