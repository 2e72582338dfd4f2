package httpapi

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

const requestIDHeader = "X-Request-Id"

// requestID returns what identify put into the answer.
func requestID(w http.ResponseWriter) string { return w.Header().Get(requestIDHeader) }

// maxRequestID bounds what a client may put into our logs as its request ID.
const maxRequestID = 64

// identify gives each answer an ID: the client's if it is short and plain, so
// that a chain of services can be followed, else a random one.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !plainID(id) {
			var b [8]byte
			rand.Read(b[:])
			id = hex.EncodeToString(b[:])
		}
		h := w.Header()
		h[requestIDHeader] = []string{id}
		h["X-Content-Type-Options"] = nosniff
		next.ServeHTTP(w, r)
	})
}

func plainID(s string) bool {
	if len(s) == 0 || len(s) > maxRequestID {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return true
}

// secure sets the headers that keep a page of ours from being framed or made to
// load anything: there are no scripts, and the styles are inline.
func secure(h http.Header) {
	h["Referrer-Policy"] = noReferrer
	h["X-Frame-Options"] = deny
	h["Content-Security-Policy"] = policy
	h["Cross-Origin-Resource-Policy"] = sameOrigin
}

// Shared slices: a header map holds them as they are, without an allocation per
// request. Nothing appends to them.
var (
	nosniff    = []string{"nosniff"}
	noReferrer = []string{"no-referrer"} // the address of a page is the token
	deny       = []string{"DENY"}
	sameOrigin = []string{"same-origin"}
	policy     = []string{"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}
)

// recordWriter remembers the status for the log.
type recordWriter struct {
	http.ResponseWriter
	status int
}

func (w *recordWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts an answer without a status as 200, as net/http does.
func (w *recordWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recordWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// observe logs each request without its path's token or query: what was looked
// up is the visitor's business. A panic becomes a 500 and a line in the log.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rw := &recordWriter{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.log(w).Error("panic", "value", p, "stack", string(debug.Stack()))
				if rw.status == 0 {
					s.problem(rw, r, http.StatusInternalServerError, codeInternal, "")
				}
			}
			if s.opts.Log.Enabled(r.Context(), slog.LevelInfo) {
				s.log(w).Info("request", "method", r.Method, "route", route(r), "status", rw.status, "took", time.Since(began))
			}
		}()
		next.ServeHTTP(rw, r)
	})
}

func (s *Server) log(w http.ResponseWriter) *slog.Logger {
	return s.opts.Log.With("request", requestID(w))
}
