package registry_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
)

const (
	benchPrefix   = 25 << 10 // fonts and colour profile of a template
	benchDocument = 35 << 10
)

// BenchmarkBareFdatasync is the floor under one durable call.
func BenchmarkBareFdatasync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "f"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	for i := 0; b.Loop(); i++ {
		if _, err := f.WriteAt(page, int64(i%1024)*4096); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBareEd25519 is the signature of one checkpoint.
func BenchmarkBareEd25519(b *testing.B) {
	msg := make([]byte, 100)
	for b.Loop() {
		ed25519.Sign(registrytest.Key(), msg)
	}
}

// entries makes n reserved entries outside the measured time.
func entries(b *testing.B, reg *registry.Registry, first, n int) []vidimus.Entry {
	prefix := registrytest.Prefix(benchPrefix)
	out := make([]vidimus.Entry, n)
	var wg sync.WaitGroup
	var next atomic.Int64
	for range 64 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				req := registrytest.Request(first + i)
				res, err := reg.Reserve(context.Background(), req)
				if err != nil {
					b.Error(err)
					return
				}
				out[i] = registrytest.Entry(first+i, req, res, prefix, benchDocument)
			}
		})
	}
	wg.Wait()
	return out
}

// BenchmarkRecord measures durable records from 1 to 256 callers; the ns/op are
// those of wall-clock time divided by records.
func BenchmarkRecord(b *testing.B) {
	for _, callers := range []int{1, 64, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			reg := open(b, registry.Options{})
			list := entries(b, reg, 0, b.N)
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			used := bounded.CPU(func() {
				for range callers {
					wg.Go(func() {
						for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
							if _, err := reg.Record(context.Background(), list[i]); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				wg.Wait()
			})
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(used)/float64(b.N), "cpu-ns/op")
		})
	}
}

// BenchmarkReserve measures new reservations.
func BenchmarkReserve(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			reg := open(b, registry.Options{})
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range callers {
				wg.Go(func() {
					for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
						if _, err := reg.Reserve(context.Background(), registrytest.Request(i)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reservations/s")
		})
	}
}
