package registry

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
)

func TestRowCache(t *testing.T) {
	rc := newRowCache()
	// All of one set, told apart by their tags; one more displaces one of them.
	id := func(i int) (id vidimus.ID) {
		binary.BigEndian.PutUint16(id[4:], uint16(i))
		return id
	}
	known := func(upTo int) (n int) {
		for i := range upTo {
			switch rc.get(id(i)) {
			case int64(i + 1):
				n++
			case 0:
			default:
				t.Errorf("row of %d is %d", i, rc.get(id(i)))
			}
		}
		return n
	}
	if n := known(rowCacheWays); n != 0 {
		t.Errorf("empty, it knows %d", n)
	}
	for i := range rowCacheWays {
		rc.put(id(i), int64(i+1))
		rc.put(id(i), int64(i+1))
	}
	if n := known(rowCacheWays); n != rowCacheWays {
		t.Errorf("full, a set knows %d of %d", n, rowCacheWays)
	}
	rc.put(id(rowCacheWays), rowCacheWays+1)
	if n := known(rowCacheWays + 1); n != rowCacheWays || rc.get(id(rowCacheWays)) == 0 {
		t.Errorf("a set knows %d of one more than fit, of the newest %d", n, rc.get(id(rowCacheWays)))
	}
	rc.put(id(rowCacheWays), 1<<40) // as a wrong hint is put right
	if n := rc.get(id(rowCacheWays)); n != 1<<40 {
		t.Errorf("a new row for the same ID: %d", n)
	}
}

// TestRowCacheMillion states how many of a million random IDs keep their place.
func TestRowCacheMillion(t *testing.T) {
	rc := newRowCache()
	r := rand.New(rand.NewPCG(1, 2))
	ids := make([]vidimus.ID, 1_000_000)
	for i := range ids {
		binary.BigEndian.PutUint64(ids[i][:], r.Uint64())
		rc.put(ids[i], int64(i+1))
	}
	kept := 0
	for i := range ids {
		if rc.get(ids[i]) == int64(i+1) {
			kept++
		}
	}
	if kept < 985_000 {
		t.Errorf("of a million rows it knows %d", kept)
	}
}

// TestFillRows wants every place to be known soon after opening: more than one
// query brings, beside rows whose ID or number is damaged.
func TestFillRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	first := openTest(t, path, Options{})
	const n = 3000
	ids := make([]vidimus.ID, n)
	if err := first.store.write(t.Context(), func(tx transaction) error {
		for i := range ids {
			binary.BigEndian.PutUint64(ids[i][:], rand.Uint64())
			id := ids[i][:]
			if i == n/2 {
				id = id[:8]
			}
			if err := tx.exec(sqlInsertReservation, fmt.Sprint(i), []byte{}, id, "A", int64(2026), int64(i+1), []byte{}, int64(0)); err != nil {
				return err
			}
		}
		return tx.exec("UPDATE reservation SET n = -n WHERE n = $1", int64(n/3+1))
	}); err != nil {
		t.Fatal(err)
	}
	r := openTest(t, path, Options{})
	known := func() (n int) {
		for i, id := range ids {
			if r.rows.get(id) == int64(i+1) {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(10 * time.Second); known() < n-2; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("knows %d of %d", known(), n)
		}
	}
}
