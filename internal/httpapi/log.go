package httpapi

import (
	"net/http"
	"strconv"
	"strings"
)

// proof answers with inclusion proofs of all leaves of a certificate.
func (s *Server) proof(w http.ResponseWriter, r *http.Request) {
	id, err := s.pathID(r)
	if err != nil {
		s.failure(w, r, err)
		return
	}
	proofs, err := s.registry.Proof(r.Context(), id)
	if err != nil {
		s.failure(w, r, err)
		return
	}
	s.json(w, r, map[string]any{"id": id, "proofs": proofs})
}

// consistency answers ?from=&to= with the hashes that prove one tree a prefix of
// the other (RFC 6962 §2.1.2).
func (s *Server) consistency(w http.ResponseWriter, r *http.Request) {
	var size [2]int64
	for i, name := range []string{"from", "to"} {
		n, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 64)
		if err != nil || n < 1 {
			s.problem(w, r, http.StatusBadRequest, codeBadRequest, name+": want a tree size from 1")
			return
		}
		size[i] = n
	}
	hashes, err := s.registry.Consistency(r.Context(), size[0], size[1])
	if err != nil {
		s.failure(w, r, err)
		return
	}
	s.json(w, r, map[string]any{"from": size[0], "to": size[1], "hashes": hashes})
}

// checkpoint serves the signed head of the log (C2SP tlog-checkpoint).
func (s *Server) checkpoint(w http.ResponseWriter, r *http.Request) {
	body, err := s.registry.Checkpoint(r.Context())
	if err != nil {
		s.failure(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=5")
	_, _ = w.Write(body)
}

// tile serves C2SP tlog-tiles: what is once served under a path never changes.
func (s *Server) tile(w http.ResponseWriter, r *http.Request) {
	body, err := s.registry.Tile(r.Context(), strings.TrimPrefix(r.URL.Path, "/"))
	if err != nil {
		s.failure(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(body)
}
