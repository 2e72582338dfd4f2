package registry_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
)

func open(t testing.TB, o registry.Options) *registry.Registry {
	t.Helper()
	if o.Origin == "" {
		o.Origin = registrytest.Origin
	}
	if o.LogKey == nil {
		o.LogKey = registrytest.Key()
	}
	reg, err := registry.Open(context.Background(), filepath.Join(t.TempDir(), "vidimus.db"), o)
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

func TestSmoke(t *testing.T) {
	reg := open(t, registry.Options{})
	e, rc := issue(t, reg, 1)
	rec, err := reg.Get(t.Context(), e.Certificate.ID)
	t.Log(rc, rec, err)
	body, etag, err := reg.LookupJSON(t.Context(), e.Certificate.ID)
	t.Log(string(body), etag, err)
	cp, err := reg.Checkpoint(t.Context())
	t.Log(string(cp), err)
}
