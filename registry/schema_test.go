package registry_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
)

// TestSchema1 opens a registry that has its documents in the database, and goes
// on with it.
func TestSchema1(t *testing.T) {
	dump, err := os.ReadFile("testdata/schema/1.sql")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "old.db")
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA application_id = 0x56696469; PRAGMA user_version = 1; " + string(dump)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	reg := openAt(t, path, registry.Options{})
	if report, err := reg.Audit(t.Context(), nil); err != nil || !report.OK() || report.Documents != 3 {
		t.Fatalf("audit after opening: %+v %v", report, err)
	}
	for i := range 3 {
		req := registrytest.Request(i)
		want := registrytest.Entry(i, req, vidimus.Reservation{ID: req.ID}, registrytest.Prefix(1<<10), 1500+i)
		if doc, err := reg.Document(t.Context(), req.ID); err != nil || !bytes.Equal(doc, want.Document) {
			t.Errorf("document %d: %d bytes, %v", i, len(doc), err)
		}
	}
	for i := range 5 { // the first three are there, the fourth is reserved
		req := registrytest.Request(i)
		res, err := reg.Reserve(t.Context(), req)
		if err != nil || res.Number.Seq != int64(i+1) || (res.Finished != nil) != (i < 3) {
			t.Fatalf("%d: %+v %v", i, res, err)
		}
		if i >= 3 {
			if _, err := reg.Record(t.Context(), registrytest.Entry(i, req, res, registrytest.Prefix(1<<10), 1500)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, i := range []int{0, 4} {
		if _, err := reg.Erase(t.Context(), registrytest.Request(i).ID, "a", "b"); err != nil {
			t.Fatal(err)
		}
	}
	if report, err := reg.Audit(t.Context(), nil); err != nil || !report.OK() || report.Documents != 3 || report.Erased != 2 {
		t.Errorf("audit at the end: %+v %v", report, err)
	}
}
