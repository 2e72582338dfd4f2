package httpapi_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/httpapi"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
)

// BenchmarkLookup asks a server over loopback for certificates in random order,
// with kept connections from several clients; "constant" is net/http answering
// the bytes of one from memory, the floor.
func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{1, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			benchLookup(b, registrytest.Filled(b, n), registrytest.SomeIDs(n))
		})
	}
}

func benchLookup(b *testing.B, reg *registry.Registry, ids []vidimus.ID) {
	srv, err := httpapi.New(reg, httpapi.Options{Host: "registry.example.org"})
	if err != nil {
		b.Fatal(err)
	}
	body, _, err := reg.LookupJSON(b.Context(), ids[0])
	if err != nil {
		b.Fatal(err)
	}
	paths := make([]string, len(ids))
	for i, id := range ids {
		paths[i] = "/v1/certificates/" + id.String()
	}
	constant := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	})
	for _, c := range []struct {
		name string
		h    http.Handler
	}{{"constant", constant}, {"certificate", srv}} {
		b.Run(c.name, func(b *testing.B) { benchServer(b, c.h, paths) })
	}
}

func benchServer(b *testing.B, h http.Handler, paths []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	base := "http://" + l.Addr().String()
	var next atomic.Int64
	b.SetParallelism(8)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := client.Get(base + paths[int(next.Add(1))%len(paths)])
			if err != nil {
				b.Error(err)
				return
			}
			n, err := io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != 200 || n < 100 {
				b.Errorf("%s: %d bytes: %v", resp.Status, n, err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
