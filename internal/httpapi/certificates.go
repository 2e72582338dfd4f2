package httpapi

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/office"
)

var errIdentifier = errors.New("httpapi: neither an ID nor a number")

// identifierOf finds the certificate that a path names by ID or by number.
func (s *Server) identifierOf(ctx context.Context, name string) (vidimus.ID, error) {
	id, err := office.Identify(ctx, s.registry, name)
	if errors.Is(err, vidimus.ErrNumber) {
		err = fmt.Errorf("%w: %w", errIdentifier, err)
	}
	return id, err
}

func (s *Server) pathID(r *http.Request) (vidimus.ID, error) {
	name, err := url.PathUnescape(chi.URLParam(r, "id"))
	if err != nil {
		return vidimus.ID{}, fmt.Errorf("%w: %w", errIdentifier, err)
	}
	return s.identifierOf(r.Context(), name)
}

var (
	jsonType = []string{"application/json"}
	noCache  = []string{"no-cache"} // a status may change at any moment: ask each time, by ETag
)

// certificate answers GET /v1/certificates/{id or number}. Without parameters it
// is the stored answer with its ETag; with ?asOf or ?knownOn the status at that
// moment, as known then.
func (s *Server) certificate(w http.ResponseWriter, r *http.Request) {
	id, err := s.pathID(r)
	if err != nil {
		s.failure(w, r, err)
		return
	}
	if r.URL.RawQuery != "" {
		s.certificateAt(w, r, id)
		return
	}
	body, etag, err := s.registry.LookupJSON(r.Context(), id)
	if err != nil {
		s.failure(w, r, err)
		return
	}
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["Etag"] = jsonType, noCache, []string{etag}
	if etag != "" && r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(body)
}

// StatusAnswer answers "as of D, as known on D".
type StatusAnswer struct {
	ID      vidimus.ID     `json:"id"`
	Number  vidimus.Number `json:"number"`
	Status  vidimus.Status `json:"status"`
	AsOf    time.Time      `json:"asOf"`
	KnownOn time.Time      `json:"knownOn"`
}

func (s *Server) certificateAt(w http.ResponseWriter, r *http.Request, id vidimus.ID) {
	now := s.opts.Now().UTC()
	a := StatusAnswer{AsOf: now, KnownOn: now}
	known := r.URL.Query().Has("knownOn")
	for name, values := range r.URL.Query() {
		var to *time.Time
		switch name {
		case "asOf":
			to = &a.AsOf
		case "knownOn":
			to = &a.KnownOn
		default:
			s.problem(w, r, http.StatusBadRequest, codeBadRequest, "unknown parameter "+strconv.Quote(name))
			return
		}
		t, err := vidimus.ParseMoment(values[0])
		if err != nil || len(values) != 1 {
			s.problem(w, r, http.StatusBadRequest, codeBadRequest, name+": want one RFC 3339 time or a date")
			return
		}
		*to = t
	}
	rec, err := s.registry.Get(r.Context(), id)
	if err != nil {
		s.failure(w, r, err)
		return
	}
	a.ID, a.Number, a.Status = rec.Certificate.ID, rec.Certificate.Number, rec.Status(a.AsOf, a.KnownOn)
	if !known { // all that is recorded counts
		a.Status = rec.StatusNow(a.AsOf)
	}
	s.json(w, r, a)
}

// HistoryAnswer is what became of a certificate, the oldest first. Who acted and
// on which document is for the registry's journal, not for the public.
type HistoryAnswer struct {
	ID       vidimus.ID      `json:"id"`
	Number   vidimus.Number  `json:"number"`
	IssuedAt time.Time       `json:"issuedAt"`
	Recorded time.Time       `json:"recorded"`
	Changes  []HistoryChange `json:"changes"`
}

// HistoryChange is the public side of a [vidimus.Change].
type HistoryChange struct {
	Action     vidimus.Action `json:"action"`
	Effective  time.Time      `json:"effective"`
	Recorded   time.Time      `json:"recorded"`
	Reason     string         `json:"reason"`
	ReplacedBy vidimus.ID     `json:"replacedBy,omitzero"`
}

func (s *Server) history(w http.ResponseWriter, r *http.Request) {
	id, err := s.pathID(r)
	if err != nil {
		s.failure(w, r, err)
		return
	}
	rec, err := s.registry.Get(r.Context(), id)
	if err != nil {
		s.failure(w, r, err)
		return
	}
	a := HistoryAnswer{ID: id, Number: rec.Certificate.Number, IssuedAt: rec.Certificate.IssuedAt,
		Recorded: rec.Receipt.Recorded, Changes: []HistoryChange{}}
	for _, ch := range rec.Changes {
		a.Changes = append(a.Changes, HistoryChange{ch.Action, ch.Effective, ch.Recorded, ch.Reason, ch.ReplacedBy})
	}
	s.json(w, r, a)
}

// match answers which certificate has a document of this SHA-256: a file can be
// checked without being sent.
func (s *Server) match(w http.ResponseWriter, r *http.Request) {
	var sum [32]byte
	digest, err := hex.DecodeString(chi.URLParam(r, "sha256"))
	if err != nil || len(digest) != len(sum) {
		s.problem(w, r, http.StatusBadRequest, codeBadRequest, "want the SHA-256 of the file, 64 hexadecimal digits")
		return
	}
	copy(sum[:], digest)
	rec, err := s.registry.FindByDocument(r.Context(), sum)
	if err != nil {
		s.failure(w, r, err)
		return
	}
	now := s.opts.Now().UTC()
	s.json(w, r, StatusAnswer{ID: rec.Certificate.ID, Number: rec.Certificate.Number,
		Status: rec.StatusNow(now), AsOf: now, KnownOn: now})
}
