package httpapi

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/text"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/registry"
)

// tokenPage answers a scanned QR code. The signature in the code is checked
// before the database is touched: a made-up code costs us one public-key
// operation and tells its maker nothing.
func (s *Server) tokenPage(w http.ResponseWriter, r *http.Request) {
	v := s.newView(r)
	token, err := qr.ParseToken(s.opts.Host, chi.URLParam(r, "token"))
	if err != nil {
		s.conclude(v, "unknown", "page.bad-code", "page.bad-code.why")
		s.render(w, r, http.StatusBadRequest, v)
		return
	}
	switch result := token.Verify(s.opts.Keys, s.opts.Now()); {
	case result.Signature == qr.Failed:
		s.conclude(v, "bad", "page.forged", "page.forged.why")
		s.render(w, r, http.StatusOK, v)
		return
	case result.Signature != qr.Passed || result.KeyTrust != qr.Passed:
		s.conclude(v, "unknown", "page.unavailable", "page.key.why")
		s.render(w, r, http.StatusOK, v)
		return
	}
	claims := token.Claims()
	rec, err := s.registry.Get(r.Context(), claims.ID)
	switch {
	case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrErased):
		s.conclude(v, "bad", "page.not-found", "page.not-found.code")
		s.render(w, r, http.StatusOK, v)
		return
	case err != nil:
		s.unavailable(w, r, v, err)
		return
	}
	if claims.Visible != vidimus.VisibleDigest(rec.Salt, rec.Certificate.VisibleFields()) || rec.URL != token.URL() {
		s.log(w).Error("QR code and record differ", "id", claims.ID)
		s.conclude(v, "bad", "page.differs", "page.differs.why")
		s.render(w, r, http.StatusOK, v)
		return
	}
	s.showRecord(v, rec)
	s.render(w, r, http.StatusOK, v)
}

// lookupPage answers a number or an ID typed by a person.
func (s *Server) lookupPage(w http.ResponseWriter, r *http.Request) {
	v := s.newView(r)
	id, err := s.identifierOf(r.Context(), strings.TrimSpace(r.URL.Query().Get("number")))
	var rec *registry.Record
	if err == nil {
		rec, err = s.registry.Get(r.Context(), id)
	}
	switch {
	case err == nil:
		s.showRecord(v, rec)
		s.render(w, r, http.StatusOK, v)
	case errors.Is(err, vidimus.ErrNumberCheck):
		s.conclude(v, "unknown", "page.slip", "page.slip.why")
		s.render(w, r, http.StatusBadRequest, v)
	case errors.Is(err, errIdentifier):
		s.conclude(v, "unknown", "page.not-number", "page.not-number.why")
		s.render(w, r, http.StatusBadRequest, v)
	case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrErased):
		s.conclude(v, "bad", "page.not-found", "page.not-found.why")
		s.render(w, r, http.StatusNotFound, v)
	default:
		s.unavailable(w, r, v, err)
	}
}

// unavailable says that the check could not be made. A failure of ours is never
// shown as a mark against the certificate.
func (s *Server) unavailable(w http.ResponseWriter, r *http.Request, v *view, err error) {
	status, code := s.classify(err)
	s.log(w).Error("page failed", "error", err, "code", code)
	why := "page.unavailable.why"
	if code == codeBusy {
		why = "page.busy.why"
	}
	s.conclude(v, "unknown", "page.unavailable", why)
	s.render(w, r, status, v)
}

var tones = map[vidimus.Status]string{
	vidimus.StatusActive:      "good",
	vidimus.StatusSuspended:   "warn",
	vidimus.StatusReplaced:    "warn",
	vidimus.StatusNotYetValid: "warn",
	vidimus.StatusExpired:     "warn",
	vidimus.StatusRevoked:     "bad",
	vidimus.StatusAnnulled:    "bad",
}

func (s *Server) showRecord(v *view, rec *registry.Record) {
	now := s.opts.Now()
	status := rec.StatusNow(now)
	tone := tones[status]
	if tone == "" {
		tone = "unknown"
	}
	s.conclude(v, tone, "status."+string(status))
	v.Verdict.Why = s.reasonsOf(v.Lang, rec, status, now)
	v.ID, v.Compare = rec.Certificate.ID.String(), true
	s.showFields(v, rec)
	v.Events = append(v.Events, s.text.Say(v.Lang, "page.issued")+": "+moscow(rec.Receipt.Recorded))
	for _, ch := range rec.Changes {
		v.Events = append(v.Events, s.text.Say(v.Lang, "action."+string(ch.Action))+": "+
			s.text.Say(v.Lang, "page.since", "date", moscow(ch.Effective), "reason", s.text.Say(v.Lang, "reason."+ch.Reason)))
	}
}

// reasonsOf says in a sentence why the status is what it is.
func (s *Server) reasonsOf(lang text.Lang, rec *registry.Record, status vidimus.Status, now time.Time) []string {
	c := &rec.Certificate
	switch status {
	case vidimus.StatusActive, vidimus.StatusExpired, vidimus.StatusNotYetValid:
		if c.ValidUntil.IsZero() {
			return []string{s.text.Say(lang, "page.permanent")}
		}
		if status == vidimus.StatusActive {
			return []string{s.text.Say(lang, "page.until", "date", c.ValidUntil.Russian())}
		}
		return []string{s.term(lang, c)}
	}
	action := map[vidimus.Status]vidimus.Action{vidimus.StatusSuspended: vidimus.Suspend, vidimus.StatusRevoked: vidimus.Revoke,
		vidimus.StatusAnnulled: vidimus.Annul, vidimus.StatusReplaced: vidimus.Replace}[status]
	for i := len(rec.Changes) - 1; i >= 0; i-- {
		ch := rec.Changes[i]
		if ch.Action == action && (action == vidimus.Annul || !ch.Effective.After(now)) {
			return []string{s.text.Say(lang, "page.since", "date", moscow(ch.Effective), "reason", s.text.Say(lang, "reason."+ch.Reason))}
		}
	}
	return nil
}

func (s *Server) term(lang text.Lang, c *vidimus.Certificate) string {
	if c.ValidUntil.IsZero() {
		return s.text.Say(lang, "page.term.permanent", "from", c.ValidFrom.Russian())
	}
	return s.text.Say(lang, "page.term", "from", c.ValidFrom.Russian(), "until", c.ValidUntil.Russian())
}

func (s *Server) showFields(v *view, rec *registry.Record) {
	c := &rec.Certificate
	kind := c.Kind
	if k, ok := s.opts.Kinds.Get(c.Kind); ok {
		if kind = k.RU; v.Lang == text.EN {
			kind = k.EN
		}
	}
	add := func(key, value, link string, main bool) {
		if value != "" {
			v.Fields = append(v.Fields, field{Label: s.text.Say(v.Lang, "page.field."+key), Value: value, Link: link, Main: main})
		}
	}
	add("holder", c.Holder.FullName(), "", true)
	add("number", c.Number.String(), "", false)
	add("kind", kind, "", false)
	add("specialty", strings.TrimSpace(c.Specialty.Code+" "+c.Specialty.Name), "", false)
	add("position", c.Position, "", false)
	add("region", c.Region, "", false)
	add("valid", s.term(v.Lang, c), "", false)
	add("decision", s.text.Say(v.Lang, "page.decision", "number", c.Decision.Number, "date", c.Decision.Date.Russian()), "", false)
	add("issuer", c.Issuer.Name+", ИНН "+c.Issuer.INN+", ОГРН "+c.Issuer.OGRN, "", false)
	for _, ch := range rec.Changes {
		if ch.Action == vidimus.Replace {
			add("replacement", ch.ReplacedBy.String(), "/lookup?lang="+string(v.Lang)+"&number="+ch.ReplacedBy.String(), false)
		}
	}
}
