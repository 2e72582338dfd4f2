package registry

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
)

// TestLeafVectors reads testdata/leaf: the name of a file says whether it is a
// leaf (good-…) or not (bad-…).
func TestLeafVectors(t *testing.T) {
	files, err := filepath.Glob("testdata/leaf/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	good, bad := 0, 0
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		l, err := ParseLeaf(data)
		if strings.HasPrefix(filepath.Base(f), "good-") {
			good++
			if err != nil {
				t.Errorf("%s: %v", f, err)
			} else if !bytes.Equal(l.Bytes(), data) {
				t.Errorf("%s: written back as %s", f, l.Bytes())
			}
			continue
		}
		bad++
		if err == nil {
			t.Errorf("%s: accepted as %+v", f, l)
		}
	}
	if good < 4 || bad < 10 {
		t.Errorf("%d good and %d bad vectors: files are missing", good, bad)
	}
}

func TestLeafFields(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 30, 0, 123456000, time.UTC)
	for _, l := range []Leaf{
		{Type: LeafIssue, ID: testID(1), At: at, Journal: [32]byte{1}, Kind: "periodic", Record: [32]byte{2}, Document: [32]byte{3}},
		{Type: LeafChange, ID: testID(1), Seq: 1, Prev: [32]byte{4}, At: at, Journal: [32]byte{5}, Action: vidimus.Replace, Reason: "other", Effective: at.AddDate(-1, 0, 0), Replacement: testID(2)},
		{Type: LeafErase, ID: testID(1), Seq: 2, Prev: [32]byte{6}, At: at, Journal: [32]byte{7}},
	} {
		got, err := ParseLeaf(l.Bytes())
		if err != nil || *got != l {
			t.Errorf("%+v came back as %+v: %v", l, got, err)
		}
	}
}

func FuzzParseLeaf(f *testing.F) {
	files, err := filepath.Glob("testdata/leaf/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatal("no vectors", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ParseLeaf(data)
		if err == nil && !bytes.Equal(l.Bytes(), data) {
			t.Errorf("two spellings of one leaf: %q and %q", data, l.Bytes())
		}
	})
}

func FuzzParseTile(f *testing.F) {
	for _, p := range []string{"tile/0/000", "tile/1/000.p/5", "tile/entries/x001/234", "tile/63/000.p/255", "tile/data/000", "tile/8/0/000"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, path string) {
		tile, err := parseTile(path)
		if err == nil && (tile.H != tileHeight || tile.W < 1 || tile.W > 256 || tile.N < 0 || tile.L < -1 || tile.L > 63) {
			t.Errorf("%q: %+v", path, tile)
		}
	})
}
