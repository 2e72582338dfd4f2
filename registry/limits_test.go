package registry

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFull lets the database grow no further: calls fail with ErrFull and leave
// no trace, and go on once there is room.
func TestFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{})
	mustIssueTest(t, r, 0)
	w := r.store.(*sqliteStore).w
	pages, err := first(w, "PRAGMA page_count")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first(w, fmt.Sprintf("PRAGMA max_page_count = %d", pages.int(0)+40)); err != nil {
		t.Fatal(err)
	}
	failed := -1
	for i := 1; i < 500 && failed < 0; i++ {
		if _, err := issueTest(r, i, 20000); errors.Is(err, ErrFull) {
			failed = i
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if failed < 2 {
		t.Fatalf("first failure at %d", failed)
	}
	if _, err := r.Get(t.Context(), testID(failed)); !errors.Is(err, ErrNotFound) {
		t.Errorf("the certificate that did not fit: %v", err)
	}
	if _, err := r.Get(t.Context(), testID(failed-1)); err != nil {
		t.Errorf("the one before: %v", err)
	}
	if _, err := first(w, "PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	if _, err := issueTest(r, failed, 20000); err != nil {
		t.Errorf("once there is room: %v", err)
	}
	mustAudit(t, r)
}

// TestFullDocuments does the same to the file of documents.
func TestFullDocuments(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no /dev/full here: ", err)
	}
	defer full.Close()
	r := openTest(t, filepath.Join(t.TempDir(), "r.db"), Options{})
	docs := r.store.documents()
	real := docs.f
	docs.f = full
	if _, err := issueTest(r, 0, 20000); !errors.Is(err, ErrFull) {
		t.Errorf("%v, want ErrFull", err)
	}
	docs.f = real
	mustIssueTest(t, r, 0)
	if report := mustAudit(t, r); report.Records != 1 {
		t.Errorf("%d records", report.Records)
	}
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{BusyTimeout: 50 * time.Millisecond})
	id := mustIssueTest(t, r, 0).Certificate.ID
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
	if _, err := issueTest(r, 1, 100); !errors.Is(err, ErrBusy) {
		t.Errorf("while another process writes: %v, want ErrBusy", err)
	}
	if _, err := r.Get(t.Context(), id); err != nil {
		t.Errorf("reading while another process writes: %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	mustIssueTest(t, r, 1)
	if report := mustAudit(t, r); report.Records != 2 {
		t.Errorf("%d records", report.Records)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	r := openTest(t, good, Options{})
	mustIssueTest(t, r, 0)
	copyTo := func(name string) string {
		path := filepath.Join(dir, name)
		if err := r.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := copyTo("newer.db")
	raw(t, newer, "PRAGMA user_version = 99")
	foreign := copyTo("foreign.db")
	raw(t, foreign, "PRAGMA application_id = 1")
	text, empty := filepath.Join(dir, "text.db"), filepath.Join(dir, "empty.db")
	for path, content := range map[string]string{text: strings.Repeat("this is no database ", 500), empty: ""} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256([]byte("another key"))
	otherKey := ed25519.NewKeyFromSeed(sum[:])
	for _, tt := range []struct {
		name, path string
		o          Options
		want       error
	}{
		{"newer schema", newer, Options{LogKey: testKey()}, ErrSchema},
		{"foreign database", foreign, Options{LogKey: testKey()}, ErrSchema},
		{"no database", text, Options{LogKey: testKey()}, ErrCorrupt},
		{"empty file without key", empty, Options{}, ErrSchema},
		{"missing file", filepath.Join(dir, "missing.db"), Options{}, fs.ErrNotExist},
		{"missing file without origin", filepath.Join(dir, "missing.db"), Options{LogKey: testKey()}, fs.ErrNotExist},
		{"another origin", good, Options{Origin: "other.example/log"}, ErrOrigin},
		{"another key", good, Options{LogKey: otherKey}, ErrLogKey},
		{"another public key", good, Options{LogPublicKey: otherKey.Public().(ed25519.PublicKey)}, ErrLogKey},
	} {
		got, err := Open(t.Context(), tt.path, tt.o)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if got != nil {
			got.Close()
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "missing.db")); err == nil {
		t.Error("a refused Open made a file")
	}
	reader, err := Open(t.Context(), good, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := reader.Get(t.Context(), testID(0)); err != nil {
		t.Errorf("reading without a key: %v", err)
	}
	if _, err := issueTest(reader, 1, 100); !errors.Is(err, ErrNoLogKey) {
		t.Errorf("writing without a key: %v", err)
	}
}
