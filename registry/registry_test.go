package registry_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
)

func TestSQLite(t *testing.T) {
	registrytest.TestRegistry(t, func(t *testing.T, o registry.Options) *registry.Registry { return open(t, o) })
}

// TestSQLiteWithAnchor runs the same with a file that remembers the checkpoint.
func TestSQLiteWithAnchor(t *testing.T) {
	registrytest.TestRegistrar(t, func(t *testing.T) vidimus.Registrar {
		return open(t, registry.Options{Anchor: registry.FileAnchor{Path: filepath.Join(t.TempDir(), "anchor")}})
	})
}

func open(t testing.TB, o registry.Options) *registry.Registry {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "vidimus.db"), o)
}

func openAt(t testing.TB, path string, o registry.Options) *registry.Registry {
	t.Helper()
	if o.Origin == "" {
		o.Origin = registrytest.Origin
	}
	if o.LogKey == nil {
		o.LogKey = registrytest.Key()
	}
	reg, err := registry.Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	return reg
}

func issue(t testing.TB, reg *registry.Registry, i int) (vidimus.Entry, vidimus.Receipt) {
	t.Helper()
	ctx := context.Background()
	req := registrytest.Request(i)
	res, err := reg.Reserve(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	e := registrytest.Entry(i, req, res, registrytest.Prefix(5000), 9000)
	rc, err := reg.Record(ctx, e)
	if err != nil {
		t.Fatal(err)
	}
	return e, rc
}
