package registrytest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
)

// Open returns an empty registry made with these options, to which the test has
// added Origin, LogKey and Now.
type Open func(t *testing.T, o registry.Options) *registry.Registry

// clock is a settable clock.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

// TestRegistry is the conformance test of everything a store must carry.
func TestRegistry(t *testing.T, open Open) {
	t.Run("Registrar", func(t *testing.T) {
		TestRegistrar(t, func(t *testing.T) vidimus.Registrar { r, _ := start(t, open); return r })
	})
	for _, part := range []struct {
		name string
		run  func(*testing.T, *registry.Registry, *clock)
	}{
		{"Get", get},
		{"NotFound", notFound},
		{"LookupJSON", lookupJSON},
		{"Change", change},
		{"ChangeRefused", changeRefused},
		{"Search", search},
		{"Journal", journal},
		{"Erase", erase},
		{"Export", export},
		{"Log", logGrows},
		{"Backup", backup},
	} {
		t.Run(part.name, func(t *testing.T) {
			r, c := start(t, open)
			part.run(t, r, c)
			audited(t, r)
		})
	}
}

func start(t *testing.T, open Open) (*registry.Registry, *clock) {
	c := &clock{Start()}
	return open(t, registry.Options{Origin: Origin, LogKey: Key(), Now: c.now}), c
}

func audited(t *testing.T, r *registry.Registry) *registry.AuditReport {
	t.Helper()
	report, err := r.Audit(t.Context(), nil)
	if err != nil {
		t.Fatalf("Audit: %v", err)
	}
	for _, p := range report.Problems {
		t.Errorf("audit: %+v", p)
	}
	if !report.OK() {
		t.Error("audit is not OK")
	}
	return report
}

func get(t *testing.T, r *registry.Registry, c *clock) {
	e, rc := mustIssue(t, r, 1)
	mustIssue(t, r, 2)
	id := e.Certificate.ID
	byID, err := r.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if byID.Full() != e.Certificate || byID.Certificate != e.Certificate.Public() || byID.Private.SNILS != e.Certificate.Holder.SNILS {
		t.Errorf("certificate came back as %+v", byID.Full())
	}
	if byID.Salt != e.Salt || byID.URL != e.URL || byID.Receipt != rc || byID.DocumentSHA256 != sha256.Sum256(e.Document) || byID.DocumentSize != int64(len(e.Document)) {
		t.Errorf("record came back as %+v", byID)
	}
	byNumber, err := r.GetByNumber(t.Context(), e.Certificate.Number)
	if err != nil || byNumber.Certificate.ID != id {
		t.Errorf("by number: %v %v", byNumber, err)
	}
	if got, err := r.Resolve(t.Context(), e.Certificate.Number); err != nil || got != id {
		t.Errorf("Resolve: %v %v", got, err)
	}
	byDocument, err := r.FindByDocument(t.Context(), sha256.Sum256(e.Document))
	if err != nil || byDocument.Certificate.ID != id {
		t.Errorf("by document: %v %v", byDocument, err)
	}
	doc, err := r.Document(t.Context(), id)
	if err != nil || !bytes.Equal(doc, e.Document) {
		t.Errorf("document of %d bytes came back as %d: %v", len(e.Document), len(doc), err)
	}
}

func notFound(t *testing.T, r *registry.Registry, c *clock) {
	mustReserve(t, r, Request(1)) // a reservation is no certificate
	for _, id := range []vidimus.ID{Request(1).ID, Request(2).ID} {
		_, err := r.Get(t.Context(), id)
		wantErr(t, "Get", err, registry.ErrNotFound)
		_, _, err = r.LookupJSON(t.Context(), id)
		wantErr(t, "LookupJSON", err, registry.ErrNotFound)
		_, err = r.Document(t.Context(), id)
		wantErr(t, "Document", err, registry.ErrNotFound)
		_, err = r.History(t.Context(), id)
		wantErr(t, "History", err, registry.ErrNotFound)
		_, err = r.Proof(t.Context(), id)
		wantErr(t, "Proof", err, registry.ErrNotFound)
		_, err = r.Change(t.Context(), id, suspension(c.t))
		wantErr(t, "Change", err, registry.ErrNotFound)
		_, err = r.Erase(t.Context(), id, "clerk", "")
		wantErr(t, "Erase", err, registry.ErrNotFound)
	}
	_, err := r.GetByNumber(t.Context(), vidimus.Number{Series: "VD77", Year: 2026, Seq: 1})
	wantErr(t, "GetByNumber of a reservation", err, registry.ErrNotFound)
	_, err = r.GetByNumber(t.Context(), vidimus.Number{Series: "VD77", Year: 2026, Seq: 2})
	wantErr(t, "GetByNumber", err, registry.ErrNotFound)
	_, err = r.FindByDocument(t.Context(), [32]byte{})
	wantErr(t, "FindByDocument", err, registry.ErrNotFound)
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func suspension(at time.Time) vidimus.Change {
	return vidimus.Change{Action: vidimus.Suspend, Effective: at, Reason: "inspection", Actor: "inspector@registry.example", Basis: "приказ № 7"}
}

// lookup decodes the public answer.
func lookup(t *testing.T, r *registry.Registry, id vidimus.ID) (status, etag, body string) {
	t.Helper()
	b, etag, err := r.LookupJSON(t.Context(), id)
	if err != nil {
		t.Fatalf("LookupJSON: %v", err)
	}
	var v struct {
		Schema, Status string
		Certificate    vidimus.Certificate
		Document       struct {
			SHA256 string
			Size   int64
		}
		Recorded  time.Time
		LeafIndex *int64
		Changes   []vidimus.Change
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("LookupJSON: %v in %s", err, b)
	}
	if v.Schema != registry.LookupSchema || v.Certificate.ID != id || v.LeafIndex == nil || v.Changes == nil || v.Recorded.IsZero() || v.Document.Size == 0 {
		t.Errorf("LookupJSON: incomplete %s", b)
	}
	return v.Status, etag, string(b)
}

func lookupJSON(t *testing.T, r *registry.Registry, c *clock) {
	e, _ := mustIssue(t, r, 1)
	id := e.Certificate.ID
	status, etag, body := lookup(t, r, id)
	if status != "active" || !strings.Contains(body, "Семёнова") {
		t.Errorf("status %q in %s", status, body)
	}
	for _, private := range []string{"112-233", "1980", "snils", "birthDate", e.Actor, e.URL, e.Key} {
		if strings.Contains(body, private) {
			t.Errorf("the public answer has %q: %s", private, body)
		}
	}
	if _, again, same := lookup(t, r, id); again != etag || same != body {
		t.Error("the same answer has another tag")
	}
	// Validity is counted in days of Moscow.
	for _, at := range []struct {
		time, want string
	}{
		{"2026-11-20T20:59:59Z", "not-yet-valid"}, {"2026-11-20T21:00:00Z", "active"},
		{"2031-11-21T20:59:59Z", "active"}, {"2031-11-21T21:00:00Z", "expired"},
	} {
		c.t, _ = time.Parse(time.RFC3339, at.time)
		got, tag, _ := lookup(t, r, id)
		if got != at.want || (tag == etag) != (got == "active") {
			t.Errorf("at %s: status %q with tag %s, want %q", at.time, got, tag, at.want)
		}
	}
}

func change(t *testing.T, r *registry.Registry, c *clock) {
	e, _ := mustIssue(t, r, 1)
	other, _ := mustIssue(t, r, 2)
	id := e.Certificate.ID
	steps := []struct {
		ch   vidimus.Change
		want vidimus.Status
	}{
		{suspension(Start().Add(time.Hour)), vidimus.StatusSuspended},
		{vidimus.Change{Action: vidimus.Reinstate, Effective: Start().Add(2 * time.Hour), Reason: "court-decision", Actor: "a", Basis: "b"}, vidimus.StatusActive},
		{vidimus.Change{Action: vidimus.Replace, Effective: Start().Add(3 * time.Hour), Reason: "data-corrected", Actor: "a", Basis: "b", ReplacedBy: other.Certificate.ID}, vidimus.StatusReplaced},
		{vidimus.Change{Action: vidimus.Revoke, Effective: Start().Add(4 * time.Hour), Reason: "discipline", Actor: "a", Basis: "b"}, vidimus.StatusRevoked},
		{vidimus.Change{Action: vidimus.Annul, Effective: Start().Add(5 * time.Hour), Reason: "issued-in-error", Actor: "a", Basis: "b"}, vidimus.StatusAnnulled},
	}
	_, tag, _ := lookup(t, r, id)
	for i, step := range steps {
		c.t = step.ch.Effective.Add(time.Second)
		rc, err := r.Change(t.Context(), id, step.ch)
		if err != nil {
			t.Fatalf("%s: %v", step.ch.Action, err)
		}
		if rc.LeafIndex != int64(i+2) || rc.TreeSize != int64(i+3) || !rc.Recorded.Equal(c.t) {
			t.Errorf("%s: receipt %+v", step.ch.Action, rc)
		}
		status, etag, _ := lookup(t, r, id)
		if status != string(step.want) || etag == tag {
			t.Errorf("%s: status %q, want %q, under a new tag", step.ch.Action, status, step.want)
		}
		tag = etag
	}
	rec, err := r.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for i, ch := range rec.Changes {
		want := steps[i].ch
		want.Recorded = want.Effective.Add(time.Second)
		if ch != want {
			t.Errorf("change %d came back as %+v, want %+v", i, ch, want)
		}
		// As of a moment in which it was in force, as known after its recording.
		if i < len(steps)-1 {
			if got := rec.Status(want.Recorded, want.Recorded); got != steps[i].want {
				t.Errorf("as of change %d as known then: %q, want %q", i, got, steps[i].want)
			}
		}
	}
	if got := rec.Status(Start(), Start()); got != vidimus.StatusActive {
		t.Errorf("at the beginning, as known then: %q", got)
	}
	if got := rec.Status(Start(), c.t); got != vidimus.StatusAnnulled {
		t.Errorf("at the beginning, as known now: %q", got)
	}
	if status, _, _ := lookup(t, r, other.Certificate.ID); status != "active" {
		t.Errorf("the other certificate is %q", status)
	}
}

func changeRefused(t *testing.T, r *registry.Registry, c *clock) {
	e, _ := mustIssue(t, r, 1)
	id := e.Certificate.ID
	before, err := r.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	noBasis, far, replaced := suspension(c.t), suspension(c.t), suspension(c.t)
	noBasis.Basis = ""
	far.Effective = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)
	replaced.Action, replaced.ReplacedBy = vidimus.Replace, Request(9).ID
	for _, ch := range []vidimus.Change{noBasis, far, {}} {
		_, err := r.Change(t.Context(), id, ch)
		wantErr(t, "Change", err, vidimus.ErrChange)
	}
	_, err = r.Change(t.Context(), id, replaced)
	wantErr(t, "Replace by a stranger", err, registry.ErrReplacement)
	after, err := r.Checkpoint(t.Context())
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("a refused change is in the log: %s %v", after, err)
	}
	// Of two that exclude each other, one must win, also at the same moment.
	results := make(chan error)
	for range 2 {
		go func() {
			_, err := r.Change(context.Background(), id, suspension(Start()))
			results <- err
		}()
	}
	a, b := <-results, <-results
	if (a == nil) == (b == nil) || !errors.Is(errors.Join(a, b), vidimus.ErrChange) {
		t.Errorf("two suspensions at once: %v and %v", a, b)
	}
}
