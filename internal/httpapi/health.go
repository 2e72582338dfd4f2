package httpapi

import (
	"context"
	"net/http"
	"time"
)

// healthz says that the process serves; readyz that it can also read the
// registry, so that a balancer sends it visitors.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

// readyTimeout is short: a registry that answers later than this is not ready.
const readyTimeout = 2 * time.Second

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if _, err := s.registry.Checkpoint(ctx); err != nil {
		s.log(w).Error("not ready", "error", err)
		s.problem(w, r, http.StatusServiceUnavailable, codeBusy, "")
		return
	}
	if f, ok := s.registry.(fresh); ok {
		if err := f.Fresh(ctx); err != nil {
			s.log(w).Error("not ready", "error", err)
			s.problem(w, r, http.StatusServiceUnavailable, codeBusy, "")
			return
		}
	}
	s.healthz(w, r)
}

// fresh is what a registry can do that knows when an old copy of it was put
// back: then it is not ready, for it would call revoked certificates good.
type fresh interface{ Fresh(context.Context) error }
