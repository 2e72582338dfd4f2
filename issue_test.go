package vidimus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// office is every part of an issuer in memory; each step can be made to fail.
type office struct {
	mu       sync.Mutex
	reserved map[string]Reservation
	digest   map[string][32]byte
	recorded map[string]*Issued
	seq      int64
	steps    []string
	failAt   string
}

var errStep = errors.New("step failed")

func newOffice() *office {
	return &office{reserved: map[string]Reservation{}, digest: map[string][32]byte{}, recorded: map[string]*Issued{}}
}

func (o *office) step(name string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.steps = append(o.steps, name)
	if o.failAt == name {
		return errStep
	}
	return nil
}

func (o *office) Reserve(_ context.Context, r ReserveRequest) (Reservation, error) {
	if err := o.step("reserve"); err != nil {
		return Reservation{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	res, known := o.reserved[r.Key]
	if done := o.recorded[r.Key]; done != nil {
		if o.digest[r.Key] != r.Digest {
			return Reservation{}, ErrKeyReused
		}
		again := *done
		res.Finished = &again
		return res, nil
	}
	if !known {
		o.seq++
		res = Reservation{ID: r.ID, Number: Number{r.Series, r.Year, o.seq}, Salt: r.Salt, At: r.At}
		o.reserved[r.Key] = res
	}
	o.digest[r.Key] = r.Digest
	return res, nil
}

func (o *office) Record(_ context.Context, e Entry) (Receipt, error) {
	if err := o.step("record"); err != nil {
		return Receipt{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.recorded[e.Key] = &Issued{Certificate: e.Certificate, URL: e.URL, Document: e.Document}
	return Receipt{ID: e.Certificate.ID}, nil
}

func (o *office) SealCertificate(c *Certificate, k Kind, v [16]byte) (string, error) {
	return fmt.Sprintf("https://example.org/c/%x%d", v, k.Num), o.step("seal")
}

func (o *office) Render(_ context.Context, c *Certificate, _ Kind, url string, record []byte) (*Draft, error) {
	return &Draft{Bytes: append([]byte(url), record...)}, o.step("render")
}
func (o *office) Precheck(*Certificate, Kind) error { return o.step("validate") }
func (o *office) Lint(*Draft) error                 { return o.step("lint") }

func (o *office) SignDraft(_ context.Context, d *Draft) ([]byte, error) {
	return append(bytes.Clone(d.Bytes), "signed"...), o.step("sign")
}

func (o *office) VerifyProduct(_ context.Context, doc []byte, c *Certificate) error {
	if !bytes.HasSuffix(doc, []byte("signed")) || !bytes.Contains(doc, []byte(c.Number.String())) {
		return errors.New("not the document")
	}
	return o.step("verify")
}
func (o *office) Publish(context.Context, *Issued) error { return o.step("publish") }

func (o *office) issuer() *Issuer {
	return &Issuer{Series: "VD77", Registry: o, Sealer: o, Renderer: o, Linter: o, Signer: o, Verifier: o, Publisher: o,
		Now: func() time.Time { return time.Date(2026, 12, 31, 22, 30, 0, 7, time.UTC) }}
}

func TestIssue(t *testing.T) {
	o := newOffice()
	got, err := o.issuer().Issue(t.Context(), "k1", sample())
	if err != nil {
		t.Fatal(err)
	}
	if want := "validate reserve seal render lint sign verify record publish"; strings.Join(o.steps, " ") != want {
		t.Errorf("steps %v", o.steps)
	}
	// Half past one in the night of Moscow's New Year: the year is Moscow's.
	if got.Certificate.Number.Year != 2027 || got.Certificate.IssuedAt.Nanosecond() != 0 || got.Certificate.ID.IsZero() || got.Repeated {
		t.Errorf("%+v", got.Certificate)
	}
	again, err := o.issuer().Issue(t.Context(), "k1", sample())
	if err != nil || !again.Repeated || again.Certificate.ID != got.Certificate.ID || !bytes.Equal(again.Document, got.Document) {
		t.Errorf("repeated: %+v, %v", again, err)
	}
	later := sample()
	later.Signatory = Signatory{Name: "Ольхина Вера Львовна", Position: "Председатель комиссии", Authority: "приказ № 9 от 02.03.2027"}
	again, err = o.issuer().Issue(t.Context(), "k1", later)
	if err != nil || !again.Repeated || again.Certificate.Signatory != got.Certificate.Signatory {
		t.Errorf("repeated under another signatory: %+v, %v", again, err)
	}
	// One whose digest was made when the signatory still was part of it.
	full := sample()
	full.ValidUntil = got.Certificate.ValidUntil
	if o.digest["k1"], err = dataDigest(&full); err != nil {
		t.Fatal(err)
	}
	again, err = o.issuer().Issue(t.Context(), "k1", sample())
	if err != nil || !again.Repeated || again.Certificate.ID != got.Certificate.ID {
		t.Errorf("repeated with an older digest: %+v, %v", again, err)
	}
	for what, change := range map[string]func(*Certificate){
		"holder": func(c *Certificate) { c.Holder.Name = "Дарья" },
		"issuer": func(c *Certificate) { c.Issuer.Name += " № 2" },
		"term":   func(c *Certificate) { c.ValidFrom.Day++ },
	} {
		other := sample()
		change(&other)
		if _, err := o.issuer().Issue(t.Context(), "k1", other); !errors.Is(err, ErrKeyReused) {
			t.Errorf("another %s under a used key: %v", what, err)
		}
	}
}

// Whatever step fails, nothing is recorded before Record, the error names the
// step, and a repeated call finishes under the same ID and number.
func TestIssueFailsAtEachStep(t *testing.T) {
	for _, step := range []string{"validate", "reserve", "seal", "render", "lint", "sign", "verify", "record", "publish"} {
		o := newOffice()
		o.failAt = step
		got, err := o.issuer().Issue(t.Context(), "k", sample())
		var se *StepError
		if !errors.As(err, &se) || se.Step != step || !errors.Is(err, errStep) || se.Key != "k" {
			t.Errorf("%s: %v", step, err)
		}
		if published := step == "publish"; (got != nil) != published || (len(o.recorded) == 1) != published {
			t.Errorf("%s: returned %v, recorded %d", step, got, len(o.recorded))
		}
		first := o.reserved["k"]
		o.failAt = ""
		got, err = o.issuer().Issue(t.Context(), "k", sample())
		if err != nil || len(o.recorded) != 1 || o.seq != 1 {
			t.Fatalf("%s: second try: %v", step, err)
		}
		if first.ID != (ID{}) && (got.Certificate.ID != first.ID || got.Certificate.Number != first.Number) {
			t.Errorf("%s: second try took another ID or number", step)
		}
	}
}

func TestIssueRefuses(t *testing.T) {
	is := newOffice().issuer()
	for _, key := range []string{"", strings.Repeat("k", maxKey+1), "a\x00b", " k"} {
		if _, err := is.Issue(t.Context(), key, sample()); !errors.Is(err, ErrKey) {
			t.Errorf("key %.10q: %v", key, err)
		}
	}
	for i, c := range []Certificate{{ID: ID{1}}, {Number: Number{"A", 2026, 1}}, {IssuedAt: time.Now()}} {
		if _, err := is.Issue(t.Context(), "k", c); !errors.Is(err, ErrNotBlank) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if _, err := is.Issue(t.Context(), "k", Certificate{Kind: "periodic"}); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	is.Series = "нет"
	if _, err := is.Issue(t.Context(), "k", sample()); err == nil || !strings.Contains(err.Error(), "series") {
		t.Error(err)
	}
	is.Series, is.Rand = "VD77", bytes.NewReader(nil)
	if _, err := is.Issue(t.Context(), "k", sample()); err == nil {
		t.Error("issued without randomness")
	}
}

// Two calls under one key at the same time: one is recorded, both get it.
func TestIssueRace(t *testing.T) {
	o := newOffice()
	is := o.issuer()
	pending := is.Reserve(t.Context(), []Request{{"k", sample()}, {"k", sample()}, {"", sample()}})
	first, err1 := pending[0].Finish(t.Context())
	o.failAt = "record" // what a registry says to the second document
	second, err2 := pending[1].Finish(t.Context())
	if err1 != nil || err2 != nil || first.Repeated || !second.Repeated || first.Certificate.ID != second.Certificate.ID {
		t.Errorf("%v %v, %v %v", first, err1, second, err2)
	}
	if _, err := pending[2].Finish(t.Context()); !errors.Is(err, ErrKey) {
		t.Error(err)
	}
}

func TestIssueRefusesEndedTerm(t *testing.T) {
	o := newOffice()
	c := sample()
	c.Decision.Date, c.ValidFrom, c.ValidUntil = Date{2020, 1, 1}, Date{2020, 1, 2}, Date{2021, 1, 2}
	if _, err := o.issuer().Issue(t.Context(), "k", c); !errors.Is(err, ErrInvalid) || o.seq != 0 {
		t.Errorf("issued what has expired already, or took a number: %v", err)
	}
}

func TestIssueDefaultsTerm(t *testing.T) {
	c := sample()
	c.ValidUntil = Date{}
	got, err := newOffice().issuer().Issue(t.Context(), "k", c)
	if err != nil || got.Certificate.ValidUntil != (Date{2031, 11, 20}) {
		t.Errorf("%v %v", got, err)
	}
}
