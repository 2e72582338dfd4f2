package streebog_test

import (
	"crypto/sha256"
	"strconv"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gosttest"
	"github.com/vidimus/vidimus/internal/gost/streebog"
)

// BenchmarkHash shows ours beside the gost engine, and SHA-256 as a measure of
// the machine.
func BenchmarkHash(b *testing.B) {
	engine := gosttest.NewBencher(b)
	for _, size := range []int{1 << 10, 16 << 10} {
		message := make([]byte, size)
		b.Run("ours/"+strconv.Itoa(size), func(b *testing.B) {
			h := streebog.New256()
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				h.Write(message)
			}
		})
		b.Run("engine/"+strconv.Itoa(size), func(b *testing.B) {
			ns := engine.Run(b, "digest", "md_gost12_256", strconv.Itoa(size))
			b.ReportMetric(float64(size)*1e3/ns, "MB/s")
		})
		b.Run("sha256/"+strconv.Itoa(size), func(b *testing.B) {
			h := sha256.New()
			b.SetBytes(int64(size))
			for b.Loop() {
				h.Write(message)
			}
		})
	}
	b.Run("ours/short", func(b *testing.B) {
		message := make([]byte, 32)
		b.ReportAllocs()
		for b.Loop() {
			streebog.Sum256(message)
		}
	})
}
