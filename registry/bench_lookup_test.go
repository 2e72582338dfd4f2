package registry_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
)

// BenchmarkLookupJSON runs in one goroutine: its rate is that of one core.
func BenchmarkLookupJSON(b *testing.B) {
	eachSize(b, func(b *testing.B, reg *registry.Registry, ids []vidimus.ID) {
		ctx := context.Background()
		used := bounded.CPU(func() {
			for i := 0; b.Loop(); i++ {
				if _, _, err := reg.LookupJSON(ctx, ids[i%len(ids)]); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lookups/s")
		b.ReportMetric(float64(used)/float64(b.N), "cpu-ns/op")
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
			reg, ids := registrytest.Filled(b, n), registrytest.SomeIDs(n)
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
