package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/httpapi"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/verify"
)

// The OpenAPI document and the routes must name the same paths and methods.
func TestOpenAPIMatchesRoutes(t *testing.T) {
	srv, err := httpapi.New(nil, httpapi.Options{Host: "registry.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, httptest.NewRequest("GET", "/openapi.json", nil))
	var doc struct {
		Paths map[string]map[string]any
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	described := make(map[string]bool)
	for path, methods := range doc.Paths {
		for method := range methods {
			described[strings.ToUpper(method)+" "+path] = true
		}
	}
	err = chi.Walk(srv.Routes(), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		key := method + " " + strings.Replace(route, "/tile/*", "/tile/{path}", 1)
		if method != http.MethodHead && !described[key] {
			t.Errorf("openapi.json lacks %s", key)
		}
		delete(described, key)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range described {
		t.Errorf("openapi.json describes %s, which has no route", key)
	}
}

// broken is a registry whose every answer is one error.
type broken struct {
	httpapi.Registry
	err error
}

func (b broken) Get(context.Context, vidimus.ID) (*registry.Record, error) { return nil, b.err }
func (b broken) LookupJSON(context.Context, vidimus.ID) ([]byte, string, error) {
	return nil, "", b.err
}
func (b broken) Checkpoint(context.Context) ([]byte, error) { return nil, b.err }

// A failure of ours is never shown as a mark against the certificate.
func TestOwnFailureIsNoForgery(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"busy":    {registry.ErrBusy, 503, "busy"},
		"corrupt": {&registry.CorruptError{Table: "certificate"}, 500, "record-damaged"},
		"other":   {errors.New("disk on fire"), 500, "internal"},
	} {
		srv, err := httpapi.New(broken{err: c.err}, httpapi.Options{Host: "registry.example.org"})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, httptest.NewRequest("GET", "/v1/certificates/0000000000000000", nil))
		if w.Code != c.status || !strings.Contains(w.Body.String(), `"code":"`+c.code+`"`) || strings.Contains(w.Body.String(), "fire") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		w = httptest.NewRecorder()
		srv.ServeHTTP(w, httptest.NewRequest("GET", "/lookup?number=0000000000000000", nil))
		page := w.Body.String()
		if w.Code != c.status || !strings.Contains(page, "<span>Проверить не удалось</span>") || strings.Contains(page, "Подделка") || strings.Contains(page, "Не найден") {
			t.Errorf("%s: %d %s", name, w.Code, page)
		}
		w = httptest.NewRecorder()
		srv.ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
		if w.Code != 503 {
			t.Errorf("%s: /readyz says %d", name, w.Code)
		}
	}
}

// endless verifies until it is stopped.
type endless struct{}

func (endless) Verify(ctx context.Context, _ string, _ io.ReaderAt, _ int64, _ string) (*verify.Report, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestCostlyUpload(t *testing.T) {
	srv, err := httpapi.New(broken{}, httpapi.Options{Host: "registry.example.org", Verifier: endless{}, VerifyTimeout: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, httptest.NewRequest("POST", "/v1/verify", strings.NewReader("%PDF-")))
	if w.Code != 422 || !strings.Contains(w.Body.String(), `"code":"too-costly"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	// The visitor who left is no costly file.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w = httptest.NewRecorder()
	srv.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "POST", "/v1/verify", strings.NewReader("%PDF-")))
	if w.Code == 422 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

type panics struct{ httpapi.Registry }

func (panics) Checkpoint(context.Context) ([]byte, error) { panic("bug") }

func TestPanicIsAProblem(t *testing.T) {
	srv, err := httpapi.New(panics{}, httpapi.Options{Host: "registry.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, httptest.NewRequest("GET", "/checkpoint", nil))
	if w.Code != 500 || !strings.Contains(w.Body.String(), `"code":"internal"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// slow answers when it is told to.
type slow struct {
	httpapi.Registry
	asked, answer chan struct{}
}

func (s slow) Checkpoint(context.Context) ([]byte, error) {
	close(s.asked)
	<-s.answer
	return []byte("checkpoint"), nil
}

// A stop lets the request under way finish.
func TestServeStopsGracefully(t *testing.T) {
	reg := slow{asked: make(chan struct{}), answer: make(chan struct{})}
	srv, err := httpapi.New(reg, httpapi.Options{Host: "registry.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, l) }()
	got := make(chan error, 1)
	go func() {
		resp, err := http.Get("http://" + l.Addr().String() + "/checkpoint")
		if err == nil {
			err = resp.Body.Close()
			if resp.StatusCode != 200 {
				err = errors.New(resp.Status)
			}
		}
		got <- err
	}()
	<-reg.asked
	stop()
	time.Sleep(10 * time.Millisecond) // let the stop begin; the outcome does not depend on it
	close(reg.answer)
	if err := <-got; err != nil {
		t.Error("request under way:", err)
	}
	if err := <-served; err != nil {
		t.Error("serve:", err)
	}
}
