package registry

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
)

const testOrigin = "registry.example/log"

func testKey() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("damage test"))
	return ed25519.NewKeyFromSeed(seed[:])
}

// openTest opens a registry at path with the test's key.
func openTest(t *testing.T, path string, o Options) *Registry {
	t.Helper()
	o.Origin, o.LogKey = testOrigin, testKey()
	r, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func testID(i int) (id vidimus.ID) {
	sum := sha256.Sum256(fmt.Appendf(nil, "id %d", i))
	copy(id[:], sum[:])
	return id
}

// issueTest issues certificate i, whose document has size bytes.
func reserveTest(r *Registry, i int) (vidimus.Reservation, error) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	return r.Reserve(context.Background(), vidimus.ReserveRequest{Key: fmt.Sprintf("key %d", i), ID: testID(i), Series: "VD77", Year: 2026, At: at})
}

func issueTest(r *Registry, i, size int) (vidimus.Entry, error) {
	res, err := reserveTest(r, i)
	if err != nil {
		return vidimus.Entry{}, err
	}
	c := vidimus.Certificate{
		ID: res.ID, Number: res.Number, Kind: "periodic", Holder: vidimus.Holder{Surname: "Примеров", Name: "Пример", SNILS: "11223344595"},
		ValidFrom: vidimus.Date{Year: 2026, Month: 11, Day: 21}, IssuedAt: res.At,
	}
	e := vidimus.Entry{Key: fmt.Sprintf("key %d", i), Certificate: c, Salt: res.Salt, URL: "https://registry.example/c/1", Document: bytes.Repeat([]byte{byte(i + 1)}, size), Actor: "clerk"}
	_, err = r.Record(context.Background(), e)
	return e, err
}

func mustIssueTest(t *testing.T, r *Registry, i int) vidimus.Entry {
	t.Helper()
	e, err := issueTest(r, i, 5000)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// raw runs SQL as somebody with access to the file would.
func raw(t *testing.T, path, sql string, args ...value) {
	t.Helper()
	s := &sqliteStore{path: path, busy: time.Second}
	c, err := s.dial(false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if err := c.exec("PRAGMA foreign_keys = off"); err != nil {
		t.Fatal(err)
	}
	if err := c.exec(sql, args...); err != nil {
		t.Fatal(err)
	}
}

// TestEdited edits one place of the database at a time and asks whether lookup
// and audit notice.
func TestEdited(t *testing.T) {
	for _, edit := range []struct {
		sql    string
		lookup bool   // an edit of the row alone, to be seen at every lookup
		code   string // of a problem that the audit must report
	}{
		{"UPDATE record SET public = replace(public, 'Примеров', 'Самозванцев')", true, AuditRecord},
		{"UPDATE record SET private = '{}'", true, AuditRecord},
		{"UPDATE record SET valid_until = 20990101", true, AuditRecord},
		{"UPDATE record SET valid_from = 20200101", true, AuditRecord},
		{"UPDATE record SET salt = randomblob(16)", true, AuditRecord},
		{"UPDATE record SET nonce = randomblob(32)", true, AuditRecord},
		{"UPDATE record SET url = 'https://evil.example/'", true, AuditRecord},
		{"UPDATE record SET request = randomblob(32)", true, AuditRecord},
		{"UPDATE record SET sha256 = randomblob(32)", true, AuditDocument},
		{"UPDATE record SET size = size + 1", true, AuditDocument},
		{"UPDATE record SET digest = randomblob(32)", true, AuditRecord},
		{"UPDATE record SET changes = '[]' WHERE changes <> '[]'", true, AuditRecord},
		{"UPDATE record SET seal = randomblob(32)", true, AuditRecord},
		{"UPDATE record SET leaf = leaf + 1", true, AuditRecord},
		{"UPDATE record SET recorded = recorded - 1000000", true, AuditRecord},
		{"UPDATE record SET id = randomblob(10)", true, AuditRecord},
		{"UPDATE record SET surname = 'другой'", false, AuditRecord},
		{"DELETE FROM record", false, AuditRecord},
		{"UPDATE record SET start = start + 1", false, AuditDocument},
		{"UPDATE record SET start = NULL", false, AuditDocument},
		{"UPDATE record SET start = -1", false, AuditDocument},
		{"UPDATE record SET prefix = 7", false, AuditDocument},
		{"UPDATE log SET documents = 0", false, AuditDocument},
		{"UPDATE reservation SET seq = seq + 10", false, AuditReservation},
		{"UPDATE reservation SET key = key || '!'", false, AuditReservation},
		{"UPDATE reservation SET request = randomblob(32)", false, AuditReservation},
		{"UPDATE reservation SET salt = randomblob(16)", false, AuditReservation},
		{"UPDATE reservation SET erased = 1, key = key || 'e'; ", false, AuditReservation},
		{"DELETE FROM journal WHERE action <> 'issue'", false, AuditJournal},
		{"DELETE FROM journal WHERE action = 'issue'", false, AuditJournal},
		{"UPDATE journal SET actor = 'nobody'", false, AuditJournal},
		{"UPDATE journal SET basis = 'nothing'", false, AuditJournal},
		{"UPDATE journal SET at = at - 1", false, AuditJournal},
		{"UPDATE journal SET effective = effective + 1 WHERE effective IS NOT NULL", false, AuditJournal},
		{"UPDATE journal SET basis = '', nonce = NULL", false, AuditJournal},
		{"UPDATE leaf SET hash = randomblob(32)", false, AuditLeaf},
		{"UPDATE leaf SET data = replace(data, 'revoke', 'suspend')", false, AuditLeaf},
		{"UPDATE leaf SET data = 'nonsense'", false, AuditLeaf},
		{"DELETE FROM leaf WHERE i = 1", false, AuditLeaf},
		{"UPDATE log SET edge = randomblob(length(edge))", false, AuditEdge},
		{"UPDATE reservation SET at = at + 1000000", false, AuditReservation},
		{"UPDATE log SET last = last + 1", false, AuditEdge},
		{"UPDATE log SET vkey = 'other'", false, AuditSignature},
		{"DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)", false, AuditCheckpoint},
		{"UPDATE checkpoint SET note = replace(note, 'registry', 'registri')", false, AuditSignature},
		{"UPDATE checkpoint SET size = size + 5", false, AuditCheckpoint},
	} {
		t.Run(edit.sql, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "r.db")
			r := openTest(t, path, Options{})
			id := mustIssueTest(t, r, 0).Certificate.ID
			if _, err := r.Change(t.Context(), id, vidimus.Change{
				Action: vidimus.Revoke, Effective: time.Now(), Reason: "discipline", Actor: "a", Basis: "b",
			}); err != nil {
				t.Fatal(err)
			}
			if report, err := r.Audit(t.Context(), nil); err != nil || !report.OK() {
				t.Fatalf("before the edit: %+v %v", report, err)
			}
			raw(t, path, edit.sql)
			_, _, err := r.LookupJSON(t.Context(), id)
			if edit.lookup && !errors.Is(err, ErrCorrupt) {
				t.Errorf("LookupJSON: %v, want ErrCorrupt", err)
			}
			var corrupt *CorruptError
			if edit.lookup && errors.As(err, &corrupt) && (corrupt.Table != "record" || corrupt.Record != id.String()) {
				t.Errorf("the error does not name the record: %v", err)
			}
			report, err := r.Audit(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !hasProblem(report, edit.code) {
				t.Errorf("audit reports %+v, want one with code %q", report.Problems, edit.code)
			}
		})
	}
}

// A line whose nonce was taken away, so that its digest proves nothing, is not
// shown by Get, History or the exported journal unless the certificate was erased.
func TestBlankedLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{})
	id := mustIssueTest(t, r, 0).Certificate.ID
	erased := mustIssueTest(t, r, 1).Certificate.ID
	if _, err := r.Change(t.Context(), id, vidimus.Change{
		Action: vidimus.Revoke, Effective: time.Now(), Reason: "discipline", Actor: "a", Basis: "b",
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Erase(t.Context(), erased, "a", "b"); err != nil {
		t.Fatal(err)
	}
	if err := r.Journal(t.Context(), io.Discard); err != nil {
		t.Fatal("before the edit:", err)
	}
	raw(t, path, "UPDATE journal SET actor = 'forger', nonce = NULL WHERE action = 'revoke'")
	if _, err := r.Get(t.Context(), id); !errors.Is(err, ErrCorrupt) {
		t.Errorf("Get: %v", err)
	}
	if err := r.Journal(t.Context(), io.Discard); !errors.Is(err, ErrCorrupt) {
		t.Errorf("Journal: %v", err)
	}
}

func hasProblem(report *AuditReport, code string) bool {
	for _, p := range report.Problems {
		if p.Code == code {
			return !report.OK()
		}
	}
	return false
}

// TestEditedWithDigests plays a forger who knows how digests are made: lookup
// cannot tell, Get and the audit must.
func TestEditedWithDigests(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{})
	id := mustIssueTest(t, r, 0).Certificate.ID
	var s *stored
	if err := r.store.read(t.Context(), func(q querier) (err error) { s, err = findStored(q, id); return err }); err != nil {
		t.Fatal(err)
	}
	s.public = strings.ReplaceAll(s.public, "Примеров", "Самозванцев")
	s.digest = s.computeDigest()
	s.seal = s.computeSeal()
	raw(t, path, "UPDATE record SET public = $1, digest = $2, seal = $3, surname = $4", s.public, s.digest[:], s.seal[:], fold("Самозванцев"))
	if _, err := r.Get(t.Context(), id); !errors.Is(err, ErrCorrupt) {
		t.Errorf("Get: %v, want ErrCorrupt", err)
	}
	report, err := r.Audit(t.Context(), nil)
	if err != nil || !hasProblem(report, AuditRecord) || report.Problems[0].ID != id.String() {
		t.Errorf("audit: %+v %v", report, err)
	}
}

// TestFlippedBits flips one bit at a time all over both files. Whatever is then
// returned must be what was written, or an error; and the audit must notice each
// one that lies in use.
func TestFlippedBits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	r := openTest(t, path, Options{})
	var want []vidimus.Entry
	const records = 64 // so that most of the pages is in use
	for i := range records {
		want = append(want, mustIssueTest(t, r, i))
	}
	var bodies [][]byte
	for _, e := range want {
		body, _, err := r.LookupJSON(t.Context(), e.Certificate.ID)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	clean, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := os.ReadFile(path + documentSuffix)
	if err != nil {
		t.Fatal(err)
	}
	rows := dump(t, path)
	noticed, tries := 0, 0
	both := slices.Concat(clean, documents[:records*5000]) // and no more is in use
	for at := 50; at < len(both); at += len(both) / 120 {
		tries++
		damaged := bytes.Clone(both)
		damaged[at] ^= 1 << (at % 8)
		bad := filepath.Join(t.TempDir(), "bad.db")
		if err := errors.Join(os.WriteFile(bad, damaged[:len(clean)], 0o600), os.WriteFile(bad+documentSuffix, damaged[len(clean):], 0o600)); err != nil {
			t.Fatal(err)
		}
		if damagedBut(t, bad, at, want, bodies) {
			noticed++
		} else if dump(t, bad) != rows {
			t.Errorf("bit at %d: the audit is content, but a row differs", at)
		}
	}
	t.Logf("%d of %d flipped bits noticed; the others changed no row", noticed, tries)
	if noticed < tries/4 {
		t.Errorf("only %d of %d flipped bits noticed", noticed, tries)
	}
}

// dump returns a digest of all rows of all tables.
func dump(t *testing.T, path string) [32]byte {
	t.Helper()
	s := &sqliteStore{path: path, busy: time.Second}
	c, err := s.dial(true)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	d := newDigester("dump", 0)
	for _, table := range []string{"reservation", "record", "prefix", "document", "leaf", "node", "journal", "checkpoint", "log", "wipe"} {
		d.text(table)
		if err := c.query("SELECT * FROM "+table, func(r row) error {
			for _, v := range r {
				d.text(fmt.Sprintf("%T %v", v, v))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return d.sum()
}

// damagedBut reports whether the damage was noticed. It fails the test when
// something else than what was written is returned without error.
func damagedBut(t *testing.T, path string, at int, want []vidimus.Entry, bodies [][]byte) bool {
	r, err := Open(t.Context(), path, Options{LogPublicKey: testKey().Public().(ed25519.PublicKey)})
	if err != nil {
		return true
	}
	defer r.Close()
	seen := false
	for i, e := range want {
		body, _, err := r.LookupJSON(t.Context(), e.Certificate.ID)
		if err != nil {
			seen = true
		} else if !bytes.Equal(body, bodies[i]) {
			t.Errorf("bit at %d: lookup gives %s", at, body)
		}
		doc, err := r.Document(t.Context(), e.Certificate.ID)
		if err != nil {
			seen = true
		} else if !bytes.Equal(doc, e.Document) {
			t.Errorf("bit at %d: document differs", at)
		}
	}
	report, err := r.Audit(t.Context(), nil)
	ok := err == nil && report.OK()
	if seen && ok {
		t.Errorf("bit at %d: lookup noticed it, the audit did not", at)
	}
	return !ok
}

func mustAudit(t *testing.T, r *Registry) *AuditReport {
	t.Helper()
	report, err := r.Audit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() {
		t.Errorf("audit: %+v", report.Problems)
	}
	return report
}
