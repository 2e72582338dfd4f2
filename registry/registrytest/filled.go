package registrytest

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
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
)

// Filled returns a registry of n certificates with small documents. It is built
// once and kept in the directory VIDIMUS_BENCH_CACHE, by default under the
// temporary one: 10⁶ certificates take some minutes and 3 GB.
func Filled(b *testing.B, n int) *registry.Registry {
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
	path := filepath.Join(dir, fmt.Sprintf("registry-v2-16k-%d.db", n))
	o := registry.Options{Origin: Origin, LogKey: Key()}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		fill(b, path+".part", o, n)
		for _, suffix := range []string{"-documents", ""} {
			if err := os.Rename(path+".part"+suffix, path+suffix); err != nil {
				b.Fatal(err)
			}
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
	for _, suffix := range []string{"", "-wal", "-shm", "-documents"} {
		os.Remove(path + suffix)
	}
	reg, err := registry.Open(context.Background(), path, o)
	if err != nil {
		b.Fatal(err)
	}
	prefix := Prefix(2 << 10)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 128 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				req := Request(i)
				res, err := reg.Reserve(context.Background(), req)
				if err == nil {
					_, err = reg.Record(context.Background(), Entry(i, req, res, prefix, 3<<10))
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

// SomeIDs returns IDs in random order, so that no lookup profits from the last.
func SomeIDs(n int) []vidimus.ID {
	ids := make([]vidimus.ID, min(n, 200_000))
	for i := range ids {
		ids[i] = Request(rand.IntN(n)).ID
	}
	return ids
}
