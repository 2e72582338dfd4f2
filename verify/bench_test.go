package verify_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// measure runs f b.N times and reports the processor time, garbage collection
// included: on a busy machine it says more than the clock.
func measure(b *testing.B, f func()) {
	b.Helper()
	b.ReportAllocs()
	f() // what is cached, is
	b.ResetTimer()
	used := bounded.CPU(func() {
		for range b.N {
			f()
		}
	})
	b.ReportMetric(float64(used)/float64(b.N), "cpu-ns/op")
}

// bare is the cost that no verifier of one P-256 signature can avoid.
type bare struct {
	data []byte
	key  *ecdsa.PrivateKey
	sig  []byte
	sum  [sha256.Size]byte
}

func newBare(tb testing.TB, data []byte) *bare {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	sum := sha256.Sum256(data)
	sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		tb.Fatal(err)
	}
	return &bare{data, key, sig, sum}
}

func (b *bare) run(tb testing.TB) {
	sum := sha256.Sum256(b.data)
	b.sum = sum
	b.verify(tb)
}

func (b *bare) verify(tb testing.TB) {
	sum := b.sum
	if !ecdsa.VerifyASN1(&b.key.PublicKey, sum[:], b.sig) {
		tb.Fatal("no")
	}
}

// padded is a signed document of about the given size.
func padded(tb testing.TB, size int) []byte {
	tb.Helper()
	// Noise in a stream nobody shows stands for pictures.
	noise := make([]byte, size)
	for i := range noise {
		noise[i] = byte(i * 7)
	}
	doc := appendUpdate(plainPDF("one hundred"), "1 0 R", map[int]string{
		50: fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(noise), noise)})
	return newIssuing().sign(tb, doc, signer.PDFOptions{Time: today})
}

func passes(b *testing.B, doc []byte) {
	b.Helper()
	iss := newIssuing()
	r := check(b, doc, verify.Options{Trust: iss.trust, Now: clock, RevocationNoneUnsafe: true})
	if r.Verdict() != verify.Passed {
		b.Fatal(show(r))
	}
}

// BenchmarkFile100k: one signature on 100 kB. The chain of two certificates
// costs two more verifications than the signature itself; they are in "bare".
func BenchmarkFile100k(b *testing.B) {
	doc := padded(b, 100<<10)
	bare := newBare(b, doc)
	b.Run("bare", func(b *testing.B) {
		measure(b, func() {
			bare.run(b)
			bare.verify(b)
			bare.verify(b)
		})
	})
	b.Run("file", func(b *testing.B) { measure(b, func() { passes(b, doc) }) })
}

// BenchmarkSignatures: the time is linear in their number, though each covers
// all that lies before it.
func BenchmarkSignatures(b *testing.B) {
	iss := newIssuing()
	doc := padded(b, 1<<20)
	for n := 1; n <= 50; n++ {
		if n == 10 || n == 50 {
			b.Run(fmt.Sprint(n), func(b *testing.B) { measure(b, func() { passes(b, doc) }) })
		}
		doc = iss.sign(b, doc, signer.PDFOptions{Time: today})
	}
}

// BenchmarkLarge: 100 MB from a file, beside SHA-256 over the same.
func BenchmarkLarge(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.pdf")
	if err := os.WriteFile(path, padded(b, 100<<20), 0o600); err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	iss := newIssuing()
	b.Run("bare", func(b *testing.B) {
		measure(b, func() {
			h := sha256.New()
			if _, err := io.CopyBuffer(struct{ io.Writer }{h}, io.NewSectionReader(f, 0, info.Size()), make([]byte, 256<<10)); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("file", func(b *testing.B) {
		measure(b, func() {
			r, err := verify.File(context.Background(), path, f, info.Size(), verify.Options{Trust: iss.trust, Now: clock, RevocationNoneUnsafe: true})
			if err != nil || r.Verdict() != verify.Passed {
				b.Fatal(err, r.Verdict())
			}
		})
	})
}
