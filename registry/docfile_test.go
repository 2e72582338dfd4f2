package registry

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestDamagedDocuments damages the file of documents behind the back of the
// registry, which must notice where it reads it and in the audit, and must not
// go on writing behind a lost end.
func TestDamagedDocuments(t *testing.T) {
	for name, tt := range map[string]struct {
		damage func(path string) error
		writes bool
	}{
		"one byte": {func(path string) error {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteAt([]byte("!"), 100)
			return errors.Join(err, f.Close())
		}, true},
		"cut short": {func(path string) error { return os.Truncate(path, 4000) }, false},
		"missing":   {os.Remove, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "r.db")
			r := openTest(t, path, Options{})
			id := mustIssueTest(t, r, 0).Certificate.ID
			if err := errors.Join(r.Close(), tt.damage(path+documentSuffix)); err != nil {
				t.Fatal(err)
			}
			r = openTest(t, path, Options{})
			if _, err := r.Document(t.Context(), id); !errors.Is(err, ErrCorrupt) {
				t.Errorf("Document: %v, want ErrCorrupt", err)
			}
			if _, _, err := r.LookupJSON(t.Context(), id); err != nil {
				t.Errorf("LookupJSON: %v", err)
			}
			if report, err := r.Audit(t.Context(), nil); err != nil || !hasProblem(report, AuditDocument) {
				t.Errorf("audit: %+v %v", report, err)
			}
			if _, err := issueTest(r, 1, 5000); tt.writes != (err == nil) || err != nil && !errors.Is(err, ErrCorrupt) {
				t.Errorf("issuing: %v", err)
			}
		})
	}
}

// A document that never came to be committed is written over.
func TestLeftoverDocument(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{})
	mustIssueTest(t, r, 0)
	if err := r.store.documents().write(bytes.Repeat([]byte("left over "), 2000), 5000); err != nil {
		t.Fatal(err)
	}
	e := mustIssueTest(t, r, 1)
	doc, err := r.Document(t.Context(), e.Certificate.ID)
	if err != nil || !bytes.Equal(doc, e.Document) {
		t.Errorf("document of %d bytes: %v", len(doc), err)
	}
	file, err := os.ReadFile(path + documentSuffix)
	if err != nil || !bytes.Equal(file[5000:10000], e.Document) {
		t.Errorf("it does not follow the first: %v", err)
	}
	mustAudit(t, r)
}

// TestWiped looks for an erased document in the file, also after the process
// died between commit and overwriting.
func TestWiped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{})
	first, second, third := mustIssueTest(t, r, 0), mustIssueTest(t, r, 1), mustIssueTest(t, r, 2)
	file := func() []byte {
		b, err := os.ReadFile(path + documentSuffix)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if !bytes.Contains(file(), second.Document) {
		t.Fatal("the document is not in the file")
	}
	if _, err := r.Erase(t.Context(), second.Certificate.ID, "a", "b"); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file()[5000:10000], make([]byte, 5000)) {
		t.Error("after the erasure the document is still there")
	}

	docs := r.store.documents()
	real := docs.f
	docs.f = nil // overwriting fails
	_, err := r.Erase(t.Context(), third.Certificate.ID, "a", "b")
	if docs.f = real; !errors.Is(err, ErrCorrupt) {
		t.Fatalf("erasure without the file: %v", err)
	}
	if !bytes.Contains(file(), third.Document) {
		t.Fatal("the document was overwritten too early for this test")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := Open(t.Context(), path, Options{LogPublicKey: testKey().Public().(ed25519.PublicKey)})
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	r = openTest(t, path, Options{})
	if !bytes.Equal(file()[10000:15000], make([]byte, 5000)) {
		t.Error("opening did not finish the erasure")
	}
	if doc, err := r.Document(context.Background(), first.Certificate.ID); err != nil || !bytes.Equal(doc, first.Document) {
		t.Errorf("the other document: %v", err)
	}
	mustAudit(t, r)
}

// A new registry does not write over the documents of one whose database is gone.
func TestForeignDocuments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	if err := os.WriteFile(path+documentSuffix, []byte("%PDF"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Open(t.Context(), path, Options{Origin: testOrigin, LogKey: testKey()})
	if !errors.Is(err, ErrSchema) {
		t.Errorf("%v, want ErrSchema", err)
		r.Close()
	}
}

// TestBackup restores a copy, under a name that is a link.
func TestBackup(t *testing.T) {
	dir := t.TempDir()
	r := openTest(t, filepath.Join(dir, "r.db"), Options{})
	e := mustIssueTest(t, r, 0)
	if err := r.Backup(t.Context(), filepath.Join(dir, "copy.db")); err != nil {
		t.Fatal(err)
	}
	if err := r.Backup(t.Context(), filepath.Join(dir, "copy.db")); err == nil {
		t.Error("a backup was written over")
	}
	mustIssueTest(t, r, 1)
	if err := os.Symlink("copy.db", filepath.Join(dir, "link.db")); err != nil {
		t.Fatal(err)
	}
	restored := openTest(t, filepath.Join(dir, "link.db"), Options{})
	mode, err := first(restored.store.(*sqliteStore).w, "PRAGMA journal_mode")
	if err != nil || mode.text(0) != "wal" {
		t.Errorf("journal mode %q: %v", mode, err)
	}
	doc, err := restored.Document(t.Context(), e.Certificate.ID)
	if err != nil || !bytes.Equal(doc, e.Document) {
		t.Errorf("document: %v", err)
	}
	mustIssueTest(t, restored, 2)
	if report := mustAudit(t, restored); report.Records != 2 {
		t.Errorf("%d records", report.Records)
	}
}
