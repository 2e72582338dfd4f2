// Package httpapi answers over HTTP what employers, courts and programs ask a
// registry: is this certificate genuine and in force, what became of it, is it
// in the log, what is this signed file worth. It never issues.
//
//	srv := httpapi.New(reg, httpapi.Options{Host: "reg.example.org", Keys: keys})
//	err := srv.Serve(ctx, listener) // returns after a graceful stop
//
// JSON is under /v1 with problems as RFC 9457; pages for people are HTML without
// scripts; the log is served as C2SP tlog-tiles.
package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/text"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/verify"
)

// Registry is what the handlers ask; [*registry.Registry] answers.
type Registry interface {
	Get(ctx context.Context, id vidimus.ID) (*registry.Record, error)
	Resolve(ctx context.Context, n vidimus.Number) (vidimus.ID, error)
	LookupJSON(ctx context.Context, id vidimus.ID) (body []byte, etag string, err error)
	FindByDocument(ctx context.Context, sha256 [32]byte) (*registry.Record, error)
	Proof(ctx context.Context, id vidimus.ID) ([]registry.Proof, error)
	Consistency(ctx context.Context, oldSize, newSize int64) (tlog.TreeProof, error)
	Checkpoint(ctx context.Context) ([]byte, error)
	Tile(ctx context.Context, path string) ([]byte, error)
}

// Verifier checks an uploaded file; lang, ru or en, is that of its messages.
type Verifier interface {
	Verify(ctx context.Context, name string, r io.ReaderAt, size int64, lang string) (*verify.Report, error)
}

// Options configure [New]. Host is required for pages behind QR codes; the rest
// has defaults.
type Options struct {
	Host        string        // public name that the QR codes are bound to
	Keys        qr.KeySet     // of the QR codes' signatures; none: every code is "could not check"
	VerifierKey string        // of the log, in C2SP vkey form, published with the keys
	Kinds       vidimus.Kinds // names of kinds on the pages; zero: their codes are shown
	Verifier    Verifier      // nil: uploads are answered 503
	MaxUpload   int64         // bytes; 0: [DefaultMaxUpload]
	// VerifyTimeout is what the check of one upload may take; 0: 20 seconds.
	VerifyTimeout time.Duration
	Development   bool         // keys are for development: every page says so
	Log           *slog.Logger // nil: nothing is logged
	Now           func() time.Time
}

// DefaultMaxUpload is the limit of the portal for one file: 5 MB.
const DefaultMaxUpload = 5 << 20

const (
	// maxVerifications bounds the uploads checked at one time: they take the
	// processors.
	maxVerifications = 8
	// maxReceiving bounds the uploads held in memory, and so the memory that
	// strangers can make us use: this many times MaxUpload, and a little.
	maxReceiving = 64
)

// Server holds the routes. It is an http.Handler.
type Server struct {
	registry  Registry
	opts      Options
	text      *text.Catalogue
	pages     *pages
	router    chi.Router
	slots     chan struct{} // one for each verification under way
	receiving chan struct{} // one for each upload in memory
	keySet    keyDocuments
}

// New builds the routes over a registry.
func New(reg Registry, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = DefaultMaxUpload
	}
	if o.VerifyTimeout == 0 {
		o.VerifyTimeout = verifyTimeout
	}
	s := &Server{registry: reg, opts: o, text: text.Load(), slots: make(chan struct{}, maxVerifications),
		receiving: make(chan struct{}, maxReceiving)}
	var err error
	if s.pages, err = parsePages(s.text); err != nil {
		return nil, err
	}
	if s.keySet, err = encodeKeys(o.Keys, o.VerifierKey); err != nil {
		return nil, err
	}
	s.router = s.routes()
	return s, nil
}

func (s *Server) routes() chi.Router {
	r := chi.NewRouter()
	r.Use(identify, s.observe)
	r.NotFound(func(w http.ResponseWriter, r *http.Request) {
		s.problem(w, r, http.StatusNotFound, codeNotFound, "there is nothing at this address")
	})
	r.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		// RFC 9110 §15.5.6 wants the methods named.
		ctx := chi.NewRouteContext()
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			ctx.Reset()
			if s.router.Match(ctx, method, r.URL.Path) {
				w.Header().Add("Allow", method)
			}
		}
		s.problem(w, r, http.StatusMethodNotAllowed, codeMethod, "")
	})
	get := func(path string, h http.HandlerFunc) {
		r.Get(path, h)
		r.Head(path, h)
	}
	get("/", s.homePage)
	r.Post("/", s.homeUpload)
	get("/lookup", s.lookupPage)
	get("/c/{token}", s.tokenPage)

	get("/v1/certificates/{id}", s.certificate)
	get("/v1/certificates/{id}/history", s.history)
	get("/v1/certificates/{id}/proof", s.proof)
	get("/v1/match/{sha256}", s.match)
	get("/v1/log/consistency", s.consistency)
	r.Post("/v1/verify", s.verify)

	get("/checkpoint", s.checkpoint)
	get("/tile/*", s.tile)
	get("/.well-known/vidimus/keys", s.keys)
	get("/openapi.json", s.openAPI)
	get("/healthz", s.healthz)
	get("/readyz", s.readyz)
	return r
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

// route returns the pattern that served r, for the log: not the path, which may
// carry a token.
func route(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil {
		return c.RoutePattern()
	}
	return ""
}

const (
	headerTimeout = 5 * time.Second  // a client that is slower with its headers is no browser
	readTimeout   = 60 * time.Second // 5 MB over a telephone
	writeTimeout  = 90 * time.Second // the time to read, to verify, and to answer
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 15 * time.Second // what requests under way get at a stop
	maxHeader     = 16 << 10         // a token of 330 digits and a browser's headers, many times
)

// Serve answers on l until ctx ends, then lets the requests under way finish.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(s.opts.Log.Handler(), slog.LevelWarn),
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		return errors.Join(err, srv.Close())
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// classify turns an error of the registry into a status and a code.
func (s *Server) classify(err error) (int, string) {
	switch {
	case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrErased),
		errors.Is(err, registry.ErrTile), errors.Is(err, registry.ErrProof):
		return http.StatusNotFound, codeNotFound
	case errors.Is(err, vidimus.ErrNumberCheck):
		return http.StatusBadRequest, codeNumberCheck
	case errors.Is(err, errIdentifier):
		return http.StatusBadRequest, codeBadID
	case errors.Is(err, registry.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, codeBusy
	case errors.Is(err, registry.ErrCorrupt):
		return http.StatusInternalServerError, codeDamaged
	}
	return http.StatusInternalServerError, codeInternal
}

func (s *Server) json(w http.ResponseWriter, r *http.Request, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		s.failure(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(append(body, '\n'))
}

// Routes lists the routes, for tests and documentation.
func (s *Server) Routes() chi.Routes { return s.router }
