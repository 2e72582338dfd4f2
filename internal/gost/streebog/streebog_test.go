package streebog_test

import (
	"bytes"
	"crypto/hmac"
	"encoding"
	"encoding/hex"
	"hash"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gen"
	"github.com/vidimus/vidimus/internal/gost/gosttest"
	"github.com/vidimus/vidimus/internal/gost/streebog"
	"github.com/vidimus/vidimus/internal/oracle"
)

var sizes = map[int]func() hash.Hash{256: streebog.New256, 512: streebog.New512}

func TestGeneratedFilesAreCurrent(t *testing.T) {
	gosttest.Current(t, gen.Streebog)
}

func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) != 3 {
			continue
		}
		count++
		message := unhex(t, strings.TrimPrefix(f[0], "-"))
		check(t, 256, message, f[1])
		check(t, 512, message, f[2])
	}
	if count != 3 {
		t.Errorf("%d vectors read, want 3", count)
	}
}

func TestCorpus(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(oracle.Corpus(t, "gost", "samples"), "streebog.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line) // a*N digest256 digest512
		n, err := strconv.Atoi(strings.TrimPrefix(f[0], "a*"))
		if err != nil {
			t.Fatal(err)
		}
		message := bytes.Repeat([]byte("a"), n)
		// A digest that begins with a zero has lost it there: the file holds numbers.
		check(t, 256, message, strings.Repeat("0", 64-len(f[1]))+f[1])
		check(t, 512, message, strings.Repeat("0", 128-len(f[2]))+f[2])
	}
}

func check(t *testing.T, size int, message []byte, want string) {
	t.Helper()
	h := sizes[size]()
	h.Write(message)
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("Streebog-%d of %d bytes = %s, want %s", size, len(message), got, want)
	}
}

// RFC 7836 Appendix B.
func TestHMAC(t *testing.T) {
	key := make([]byte, 32)
	for i := range key {
		key[i] = byte(i)
	}
	data := unhex(t, "0126bdb87800af214341456563780100")
	for size, want := range map[int]string{
		256: "a1aa5f7de402d7b3d323f2991c8d4534013137010a83754fd0af6d7cd4922ed9",
		512: "a59bab22ecae19c65fbde6e5f4e9f5d8549d31f037f9df9b905500e171923a773d5f1530f2ed7e964cb2eedc29e9ad2f3afe93b2814f79f5000ffc0366c251e6",
	} {
		m := hmac.New(sizes[size], key)
		m.Write(data)
		if got := hex.EncodeToString(m.Sum(nil)); got != want {
			t.Errorf("HMAC with Streebog-%d = %s, want %s", size, got, want)
		}
	}
}

func TestOpenSSL(t *testing.T) {
	engine := gosttest.Find(t)
	random := rand.New(rand.NewPCG(1, 2))
	for size, make := range sizes {
		for range 12 {
			message := bytesOf(random, random.IntN(1000))
			h := make()
			h.Write(message)
			want := engine.OpenSSL(t, message, "dgst", "-md_gost12_"+strconv.Itoa(size), "-binary")
			if got := h.Sum(nil); !bytes.Equal(got, want) {
				t.Errorf("Streebog-%d(%x) = %x, OpenSSL says %x", size, message, got, want)
			}
		}
		// All ones: every addition to Σ carries.
		message := bytes.Repeat([]byte{0xff}, 64*7+5)
		h := make()
		h.Write(message)
		if want := engine.OpenSSL(t, message, "dgst", "-md_gost12_"+strconv.Itoa(size), "-binary"); !bytes.Equal(h.Sum(nil), want) {
			t.Errorf("Streebog-%d of all ones differs from OpenSSL", size)
		}
	}
}

// Every way to split a message, with a Sum at the split, gives the digest of
// the whole, and so do a state marshalled there and a clone made there.
func TestSplits(t *testing.T) {
	message := bytesOf(rand.New(rand.NewPCG(3, 4)), 130)
	for size, make := range sizes {
		for length := range len(message) + 1 {
			whole := oneShot(size, message[:length])
			for cut := range length + 1 {
				h := make()
				h.Write(message[:cut])
				if got := h.Sum(nil); !bytes.Equal(got, oneShot(size, message[:cut])) {
					t.Fatalf("Streebog-%d: Sum after %d bytes is wrong", size, cut)
				}
				state, err := h.(encoding.BinaryAppender).AppendBinary([]byte("x"))
				if err != nil {
					t.Fatal(err)
				}
				clone, err := h.(hash.Cloner).Clone()
				if err != nil {
					t.Fatal(err)
				}
				h.Write(message[cut:length])
				restored := make()
				if err := restored.(encoding.BinaryUnmarshaler).UnmarshalBinary(state[1:]); err != nil {
					t.Fatal(err)
				}
				restored.Write(message[cut:length])
				clone.Write(message[cut:length])
				for name, h := range map[string]hash.Hash{"Write": h, "UnmarshalBinary": restored, "Clone": clone} {
					if got := h.Sum(nil); !bytes.Equal(got, whole) {
						t.Fatalf("Streebog-%d: %d bytes split at %d with %s: %x, want %x", size, length, cut, name, got, whole)
					}
				}
			}
		}
	}
}

func oneShot(size int, p []byte) []byte {
	if size == 256 {
		s := streebog.Sum256(p)
		return s[:]
	}
	s := streebog.Sum512(p)
	return s[:]
}

func TestReset(t *testing.T) {
	for size, make := range sizes {
		h := make()
		h.Write([]byte("something"))
		h.Reset()
		if !bytes.Equal(h.Sum(nil), oneShot(size, nil)) {
			t.Errorf("Streebog-%d: Reset does not start anew", size)
		}
		if h.Size() != size/8 || h.BlockSize() != 64 {
			t.Errorf("Streebog-%d: Size %d, BlockSize %d", size, h.Size(), h.BlockSize())
		}
	}
}

func TestBadState(t *testing.T) {
	h := streebog.New256()
	h.Write(make([]byte, 70))
	good, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	other, _ := streebog.New512().(encoding.BinaryMarshaler).MarshalBinary()
	bad := map[string][]byte{"empty": nil, "short": good[:len(good)-1], "long": append(bytes.Clone(good), 0), "other size": other}
	for name, at := range map[string]int{"magic": 0, "buffer length": 4 + 1 + 64 + 64 + 8, "count": 4 + 1 + 64 + 64 + 7} {
		b := bytes.Clone(good)
		b[at] |= 0x3f
		b[at] ^= 0x40
		bad[name] = b
	}
	before := h.Sum(nil)
	for name, b := range bad {
		if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(b); err != streebog.ErrState {
			t.Errorf("%s: error %v, want ErrState", name, err)
		}
		if !bytes.Equal(h.Sum(nil), before) {
			t.Errorf("%s: the hash was changed", name)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	message := make([]byte, 1000)
	out := make([]byte, 0, 64)
	for size, make := range sizes {
		h := make()
		if n := testing.AllocsPerRun(10, func() {
			h.Reset()
			h.Write(message)
			out = h.Sum(out[:0])
		}); n != 0 {
			t.Errorf("Streebog-%d: %v allocations", size, n)
		}
	}
	if n := testing.AllocsPerRun(10, func() { streebog.Sum256(message); streebog.Sum512(message) }); n != 0 {
		t.Errorf("Sum256 and Sum512: %v allocations", n)
	}
}

// A gigabyte goes through without memory growing, and OpenSSL agrees on it.
func TestGigabyte(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("1 GiB takes too long with -short or -race")
	}
	const total = 1 << 30
	h := streebog.New256()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	buf := make([]byte, 64<<10)
	if n, err := io.CopyBuffer(struct{ io.Writer }{h}, io.LimitReader(&counter{}, total), buf); err != nil || n != total {
		t.Fatalf("%d bytes hashed, %v", n, err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
		t.Errorf("%d bytes allocated while hashing 1 GiB", grown)
	}
	engine := gosttest.Find(t)
	want := engine.Pipe(t, io.LimitReader(&counter{}, total), "dgst", "-md_gost12_256", "-binary")
	if got := h.Sum(nil); !bytes.Equal(got, want) {
		t.Errorf("1 GiB: %x, OpenSSL says %x", got, want)
	}
}

// counter is an endless stream in which no two 64-byte blocks are the same.
type counter struct{ n uint64 }

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c.n >> (c.n % 8 * 8))
		c.n++
	}
	return len(p), nil
}

func bytesOf(random *rand.Rand, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(random.Uint32())
	}
	return out
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
