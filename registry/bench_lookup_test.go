package registry_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
)

// filled returns a registry of n certificates with small documents. It is built
// once and kept in the directory VIDIMUS_BENCH_CACHE, by default under the
// temporary one: 10⁶ certificates take some four minutes and 3 GB.
func filled(b *testing.B, n int) *registry.Registry {
	b.Helper()
	if testing.Short() && n > 10_000 {
		b.Skip("a large registry is not built with -short")
	}
	dir := os.Getenv("VIDIMUS_BENCH_CACHE")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "vidimus-bench")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(dir, fmt.Sprintf("registry-v1-%d.db", n))
	o := registry.Options{Origin: registrytest.Origin, LogKey: registrytest.Key()}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		fill(b, path+".part", o, n)
		if err := os.Rename(path+".part", path); err != nil {
			b.Fatal(err)
		}
	}
	reg, err := registry.Open(context.Background(), path, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { reg.Close() })
	return reg
}

func fill(b *testing.B, path string, o registry.Options, n int) {
	b.Helper()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		os.Remove(path + suffix)
	}
	reg, err := registry.Open(context.Background(), path, o)
	if err != nil {
		b.Fatal(err)
	}
	prefix := registrytest.Prefix(2 << 10)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 128 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				req := registrytest.Request(i)
				res, err := reg.Reserve(context.Background(), req)
				if err == nil {
					_, err = reg.Record(context.Background(), registrytest.Entry(i, req, res, prefix, 3<<10))
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err := reg.Close(); err != nil {
		b.Fatal(err)
	}
}

// someIDs returns IDs in random order, so that no lookup profits from the last.
func someIDs(n int) []vidimus.ID {
	ids := make([]vidimus.ID, min(n, 200_000))
	for i := range ids {
		ids[i] = registrytest.Request(rand.IntN(n)).ID
	}
	return ids
}

// BenchmarkLookupJSON runs in one goroutine: its rate is that of one core.
func BenchmarkLookupJSON(b *testing.B) {
	eachSize(b, func(b *testing.B, reg *registry.Registry, ids []vidimus.ID) {
		ctx := context.Background()
		var before, after syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &before)
		for i := 0; b.Loop(); i++ {
			if _, _, err := reg.LookupJSON(ctx, ids[i%len(ids)]); err != nil {
				b.Fatal(err)
			}
		}
		syscall.Getrusage(syscall.RUSAGE_SELF, &after)
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lookups/s")
		b.ReportMetric(float64(cpu(&after)-cpu(&before))/float64(b.N), "cpu-ns/op")
	})
}

func BenchmarkGet(b *testing.B) {
	eachSize(b, func(b *testing.B, reg *registry.Registry, ids []vidimus.ID) {
		ctx := context.Background()
		for i := 0; b.Loop(); i++ {
			if _, err := reg.Get(ctx, ids[i%len(ids)]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func eachSize(b *testing.B, run func(*testing.B, *registry.Registry, []vidimus.ID)) {
	for _, n := range []int{1, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			reg, ids := filled(b, n), someIDs(n)
			run(b, reg, ids)
		})
	}
}

// BenchmarkAudit checks everything once an iteration.
func BenchmarkAudit(b *testing.B) {
	eachSize(b, func(b *testing.B, reg *registry.Registry, ids []vidimus.ID) {
		var leaves int64
		for b.Loop() {
			report, err := reg.Audit(context.Background(), nil)
			if err != nil || !report.OK() {
				b.Fatal(report, err)
			}
			leaves = report.TreeSize
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(leaves), "ns/leaf")
	})
}

// BenchmarkProof proves the leaf of an issue under the last checkpoint.
func BenchmarkProof(b *testing.B) {
	eachSize(b, func(b *testing.B, reg *registry.Registry, ids []vidimus.ID) {
		for i := 0; b.Loop(); i++ {
			if _, err := reg.Proof(context.Background(), ids[i%len(ids)]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
