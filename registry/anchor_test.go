package registry

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// TestRollback restores an old copy of the database: with an anchor, nothing is
// signed, and the audit says why.
func TestRollback(t *testing.T) {
	dir := t.TempDir()
	path, old := filepath.Join(dir, "r.db"), filepath.Join(dir, "old.db")
	anchor := FileAnchor{Path: filepath.Join(dir, "anchor")}
	r := openTest(t, path, Options{Anchor: anchor})
	mustIssueTest(t, r, 0)
	if err := r.Backup(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	last := mustIssueTest(t, r, 1)
	mustAudit(t, r)
	if err := r.Fresh(t.Context()); err != nil {
		t.Errorf("the newest registry: %v", err)
	}
	r.Close()

	restored := openTest(t, old, Options{Anchor: anchor})
	if _, err := issueTest(restored, 2, 100); !errors.Is(err, ErrRollback) {
		t.Errorf("issuing on the restored copy: %v, want ErrRollback", err)
	}
	if _, err := restored.Get(t.Context(), testID(0)); err != nil {
		t.Errorf("reading the restored copy: %v", err)
	}
	if err := restored.Fresh(t.Context()); !errors.Is(err, ErrRollback) {
		t.Errorf("the restored copy is called fresh: %v", err)
	}
	report, err := restored.Audit(t.Context(), nil)
	if err != nil || !hasProblem(report, AuditAnchor) {
		t.Errorf("audit: %+v %v", report, err)
	}
	restored.Close()

	// Without the anchor the copy goes on and signs a second history …
	forked := openTest(t, old, Options{})
	mustIssueTest(t, forked, 2)
	mustIssueTest(t, forked, 3)
	mustIssueTest(t, forked, 4)
	forked.Close()
	// … which the anchor still tells from the first, though it is longer.
	forked = openTest(t, old, Options{Anchor: anchor})
	if err := forked.Fresh(t.Context()); !errors.Is(err, ErrRollback) {
		t.Errorf("a second history is called fresh: %v", err)
	}
	if _, err := issueTest(forked, 5, 100); !errors.Is(err, ErrRollback) {
		t.Errorf("issuing on the second history: %v, want ErrRollback", err)
	}
	forked.Close()

	r = openTest(t, path, Options{Anchor: anchor})
	if _, err := r.Get(t.Context(), last.Certificate.ID); err != nil {
		t.Error(err)
	}
	mustIssueTest(t, r, 6)
}

// TestAnchorBehind is the state after a crash between commit and Store.
func TestAnchorBehind(t *testing.T) {
	dir := t.TempDir()
	path, anchor := filepath.Join(dir, "r.db"), FileAnchor{Path: filepath.Join(dir, "anchor")}
	r := openTest(t, path, Options{Anchor: anchor})
	mustIssueTest(t, r, 0)
	held, err := anchor.Load(t.Context())
	if err != nil || held == nil {
		t.Fatal(held, err)
	}
	mustIssueTest(t, r, 1)
	r.Close()
	if err := os.WriteFile(anchor.Path, held, 0o600); err != nil {
		t.Fatal(err)
	}
	r = openTest(t, path, Options{Anchor: anchor})
	mustIssueTest(t, r, 2)
	now, err := anchor.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if last, err := r.Checkpoint(t.Context()); err != nil || !bytes.Equal(now, last) {
		t.Errorf("anchor holds %s, want %s (%v)", now, last, err)
	}
}

func TestFileAnchor(t *testing.T) {
	a := FileAnchor{Path: filepath.Join(t.TempDir(), "anchor")}
	if b, err := a.Load(t.Context()); b != nil || err != nil {
		t.Errorf("empty anchor: %q %v", b, err)
	}
	if err := a.Store(t.Context(), []byte("x"), []byte("y")); !errors.Is(err, ErrAnchorConflict) {
		t.Errorf("wrong old value: %v", err)
	}
	// Of many that replace the same value, one wins.
	var wg sync.WaitGroup
	var mu sync.Mutex
	wins := 0
	for i := range 10 {
		wg.Go(func() {
			err := a.Store(context.Background(), nil, []byte{byte(i)})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				wins++
			} else if !errors.Is(err, ErrAnchorConflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if wins != 1 {
		t.Errorf("%d stores replaced the same value", wins)
	}
}

// brokenAnchor cannot be written.
type brokenAnchor struct{}

func (brokenAnchor) Load(context.Context) ([]byte, error)        { return nil, nil }
func (brokenAnchor) Store(context.Context, []byte, []byte) error { return io.ErrClosedPipe }

func TestAnchorFails(t *testing.T) {
	r := openTest(t, filepath.Join(t.TempDir(), "r.db"), Options{Anchor: brokenAnchor{}})
	if _, err := issueTest(r, 0, 100); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("unanchored writing was acknowledged: %v", err)
	}
}

// TestTwoProcesses has two registries write to one file in turn and at once, as
// a server and the command line do.
func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "r.db")
	o := Options{Anchor: FileAnchor{Path: filepath.Join(dir, "anchor")}}
	a, b := openTest(t, path, o), openTest(t, path, o)
	for i := range 6 {
		mustIssueTest(t, []*Registry{a, b}[i%2], i)
	}
	var wg sync.WaitGroup
	for k, r := range []*Registry{a, b} {
		for g := range 4 {
			wg.Go(func() {
				for i := range 10 {
					if _, err := issueTest(r, 100+k*1000+g*100+i, 100); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	if report := mustAudit(t, b); report.Records != 86 || report.TreeSize != 86 {
		t.Errorf("%+v", report)
	}
}

// TestForgedEdge replaces the end of the log: the next signature would cover a
// tree that the leaves do not make.
func TestForgedEdge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{})
	mustIssueTest(t, r, 0)
	raw(t, path, "UPDATE log SET edge = randomblob(32)")
	if _, err := issueTest(r, 1, 100); !errors.Is(err, ErrCorrupt) {
		t.Errorf("issuing after the edit: %v, want ErrCorrupt", err)
	}
}

// TestClock lets the clock go back: a little is smoothed, more is told as it is.
func TestClock(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	r := openTest(t, filepath.Join(t.TempDir(), "r.db"), Options{Now: func() time.Time { return now }})
	mustIssueTest(t, r, 0)
	first := now
	now = now.Add(-maxClockStep)
	mustIssueTest(t, r, 1)
	now = first.Add(-time.Hour)
	mustIssueTest(t, r, 2)
	for i, want := range []time.Time{first, first, now} {
		rec, err := r.Get(t.Context(), testID(i))
		if err != nil || !rec.Receipt.Recorded.Equal(want) {
			t.Errorf("certificate %d recorded at %v, want %v (%v)", i, rec.Receipt.Recorded, want, err)
		}
	}
	mustAudit(t, r)
}

// TestCancelledWhileWaiting gives up before the writer gets to the call.
func TestCancelledWhileWaiting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r, other := openTest(t, path, Options{}), openTest(t, path, Options{})
	held, release := make(chan bool), make(chan bool)
	go other.store.write(context.Background(), func(transaction) error {
		close(held)
		<-release
		return nil
	})
	<-held
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	ran := false
	if _, err := r.do(ctx, func(*batch) error { ran = true; return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	close(release)
	mustIssueTest(t, r, 0)
	if ran {
		t.Error("a call that was given up was run")
	}
}

func TestClosed(t *testing.T) {
	r := openTest(t, filepath.Join(t.TempDir(), "r.db"), Options{})
	mustIssueTest(t, r, 0)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); !errors.Is(err, ErrClosed) {
		t.Errorf("second Close: %v", err)
	}
	if _, err := r.Get(t.Context(), testID(0)); !errors.Is(err, ErrClosed) {
		t.Errorf("Get: %v", err)
	}
	if _, err := issueTest(r, 1, 100); !errors.Is(err, ErrClosed) {
		t.Errorf("writing: %v", err)
	}
}
