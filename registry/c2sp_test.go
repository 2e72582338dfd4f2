package registry_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	flog "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/formats/proof"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tiles reads a log as a monitor does: through tiles alone.
type tiles struct {
	t   *testing.T
	reg *registry.Registry
}

func (tiles) Height() int                     { return 8 }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (s tiles) ReadTiles(list []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range list {
		// Only the height in the path differs between tlog and C2SP.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		b, err := s.reg.Tile(s.t.Context(), path)
		if err != nil {
			return nil, err
		}
		data = append(data, b)
	}
	return data, nil
}

// TestMonitor plays a monitor built from code that is not ours: the checkpoint
// is read by transparency-dev/formats, tiles are authenticated by package tlog,
// and the proof file is read by transparency-dev/formats.
func TestMonitor(t *testing.T) {
	reg := open(t, registry.Options{})
	const n = 300
	for i := range n {
		issue(t, reg, i)
	}
	v, err := note.NewVerifier(reg.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	signed, err := reg.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cp, rest, _, err := flog.ParseCheckpoint(signed, registrytest.Origin, v)
	if err != nil || len(rest) != 0 || cp.Size != n {
		t.Fatalf("%+v, rest %q: %v", cp, rest, err)
	}
	root := tlog.Hash(cp.Hash)
	reader := tlog.TileHashReader(tlog.Tree{N: n, Hash: root}, tiles{t, reg})
	for _, i := range []int64{0, 1, 128, 255, 256, n - 1} {
		// The reader checks each tile against the root of the checkpoint.
		hs, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
		if err != nil {
			t.Fatal(err)
		}
		data, err := reg.LeafData(t.Context(), i)
		if err != nil || hs[0] != tlog.RecordHash(data) {
			t.Errorf("leaf %d is not in the tiles: %v", i, err)
		}
	}
	id := registrytest.Request(5).ID
	proofs, err := reg.Proof(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var p proof.TLogProof
	if err := p.Unmarshal([]byte(proofs[0].Text())); err != nil {
		t.Fatal(err)
	}
	var hashes tlog.RecordProof
	for _, h := range p.Hashes {
		hashes = append(hashes, h)
	}
	if err := tlog.CheckRecord(hashes, n, root, int64(p.Index), tlog.RecordHash(p.ExtraData)); err != nil {
		t.Errorf("proof file: %v", err)
	}
	if string(p.Checkpoint) != string(signed) {
		t.Errorf("proof file carries the checkpoint %q", p.Checkpoint)
	}
}

// TestLeavesArePrivate looks for what must not be public in everything that is.
func TestLeavesArePrivate(t *testing.T) {
	reg := open(t, registry.Options{})
	e, _ := issue(t, reg, 1)
	bundle, err := reg.Tile(context.Background(), "tile/entries/000.p/1")
	if err != nil {
		t.Fatal(err)
	}
	h := e.Certificate.Holder
	for _, s := range []string{h.Surname, h.Name, h.SNILS, h.BirthDate.String(), e.Certificate.Number.String(), e.Actor, e.Key, e.URL, fmt.Sprintf("%x", e.Salt)} {
		if strings.Contains(string(bundle), s) {
			t.Errorf("the log shows %q", s)
		}
	}
}
