package registry_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
)

// A registry is made where there is none, given an origin and a log key. What
// vidimus.Issuer does with it is reserve and record.
func ExampleOpen() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "vidimus")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	seed := make([]byte, ed25519.SeedSize) // in earnest: a secret

	reg, err := registry.Open(ctx, filepath.Join(dir, "vidimus.db"), registry.Options{
		Origin: "example.org/vidimus", LogKey: ed25519.NewKeyFromSeed(seed),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer reg.Close()

	req := registrytest.Request(1)
	res, err := reg.Reserve(ctx, req)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := reg.Record(ctx, registrytest.Entry(1, req, res, nil, 1000)); err != nil {
		log.Fatal(err)
	}
	if _, err := reg.Change(ctx, res.ID, vidimus.Change{
		Action: vidimus.Suspend, Effective: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
		Reason: "inspection", Actor: "clerk", Basis: "order 7",
	}); err != nil {
		log.Fatal(err)
	}
	rec, err := reg.Get(ctx, res.ID)
	if err != nil {
		log.Fatal(err)
	}
	now := time.Now().Add(time.Hour)
	fmt.Println(rec.Certificate.Number, rec.Status(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), now),
		rec.Status(time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC), now))
	// Output: VD77-2026-000001-U active suspended
}
