package httpapi_test

import (
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/vidimus/vidimus/internal/httpapi"
)

// BenchmarkLookup asks a server over loopback for one certificate, with kept
// connections from several clients; "constant" is net/http answering the same
// bytes from memory, the floor.
func BenchmarkLookup(b *testing.B) {
	o, issued := openOffice(b)
	srv, err := httpapi.New(o.Registry, httpapi.Options{Host: o.Config.Host, Keys: o.QRKeys})
	if err != nil {
		b.Fatal(err)
	}
	body, _, err := o.Registry.LookupJSON(b.Context(), issued[0].Certificate.ID)
	if err != nil {
		b.Fatal(err)
	}
	constant := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	})
	path := "/v1/certificates/" + issued[0].Certificate.ID.String()
	for _, c := range []struct {
		name string
		h    http.Handler
	}{{"constant", constant}, {"certificate", srv}} {
		b.Run(c.name, func(b *testing.B) { benchServer(b, c.h, path, len(body)) })
	}
}

func benchServer(b *testing.B, h http.Handler, path string, size int) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	url := "http://" + l.Addr().String() + path
	b.SetParallelism(8)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := client.Get(url)
			if err != nil {
				b.Error(err)
				return
			}
			n, err := io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if err != nil || resp.StatusCode != 200 || n != int64(size) {
				b.Errorf("%s: %d bytes, want %d: %v", resp.Status, n, size, err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
