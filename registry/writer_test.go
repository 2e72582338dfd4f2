package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
)

// together makes n calls wait for the writer, so that they share a transaction.
func together(t *testing.T, r *Registry, path string, calls []func() error) []error {
	t.Helper()
	other := openTest(t, path, Options{})
	held, release := make(chan bool), make(chan bool)
	done := make(chan error)
	go func() {
		done <- other.store.write(context.Background(), func(transaction) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	errs := make([]error, len(calls))
	var wg sync.WaitGroup
	for i, call := range calls {
		wg.Go(func() { errs[i] = call() })
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	return errs
}

// TestGroupCommit counts checkpoints: one is signed for each transaction.
func TestGroupCommit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{})
	const n = 64
	var calls []func() error
	for i := range n {
		calls = append(calls, func() error { _, err := issueTest(r, i, 100); return err })
	}
	if err := errors.Join(together(t, r, path, calls)...); err != nil {
		t.Fatal(err)
	}
	report := mustAudit(t, r)
	if report.Records != n || report.Checkpoints > n/2 {
		t.Errorf("%d records with %d checkpoints", report.Records, report.Checkpoints)
	}
}

// TestBadCallInBatch lets calls fail after they have written: their leaf must
// be gone from rows and tree, their documents from the file, and those beside them
// must be there.
func TestBadCallInBatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{})
	mustIssueTest(t, r, 0)
	spoiled := errors.New("spoiled")
	for i := 0; i < 40; i += 2 { // so that the good calls have documents in the first batch
		if _, err := reserveTest(r, 1+i); err != nil {
			t.Fatal(err)
		}
	}
	var calls []func() error
	for i := range 40 {
		if i%2 == 0 {
			calls = append(calls, func() error { _, err := issueTest(r, 1+i, 100+i*20_000); return err })
			continue
		}
		calls = append(calls, func() error {
			_, err := r.do(context.Background(), func(b *batch) error {
				// What it takes is in part written to the file before it fails.
				for range i {
					if _, err := b.keep(bytes.Repeat([]byte("lost"), maxUnwritten/32)); err != nil {
						return err
					}
				}
				if err := b.append(&Leaf{Type: LeafErase, ID: testID(0), Seq: 1}, &Event{Action: ActionErase}); err != nil {
					return err
				}
				return spoiled
			})
			return err
		})
	}
	for i, err := range together(t, r, path, calls) {
		if i%2 == 0 && err != nil {
			t.Errorf("good call %d: %v", i, err)
		}
		if i%2 == 1 && !errors.Is(err, spoiled) {
			t.Errorf("bad call %d: %v", i, err)
		}
	}
	if report := mustAudit(t, r); report.TreeSize != 21 {
		t.Errorf("tree of %d leaves, want 21", report.TreeSize)
	}
}

// TestDuplicateInBatch reserves the same ID twice: the numbers of the others
// have no gap.
func TestDuplicateInBatch(t *testing.T) {
	r := openTest(t, filepath.Join(t.TempDir(), "r.db"), Options{})
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	var reqs []vidimus.ReserveRequest
	for i, id := range []int{0, 0, 1, 2, 2, 3} {
		reqs = append(reqs, vidimus.ReserveRequest{Key: fmt.Sprint(i), ID: testID(id), Series: "VD77", Year: 2026, At: at})
	}
	got, errs := r.ReserveAll(t.Context(), reqs)
	next := int64(1)
	for i := range reqs {
		if taken := i == 1 || i == 4; taken {
			if !errors.Is(errs[i], ErrDuplicateID) {
				t.Errorf("%d: %v, want ErrDuplicateID", i, errs[i])
			}
			continue
		}
		if errs[i] != nil || got[i].Number.Seq != next {
			t.Errorf("%d: number %v, want %d: %v", i, got[i].Number, next, errs[i])
		}
		next++
	}
}
