package registrytest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/vidimus/vidimus/registry"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// logGrows checks the log with the tlog package, which has its own idea of how
// hashes are stored: proofs, tiles and checkpoints must agree with it.
func logGrows(t *testing.T, r *registry.Registry, c *clock) {
	const n = 600 // more than two full tiles
	shadow := &shadowLog{}
	verifier, err := note.NewVerifier(r.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		req := Request(i)
		mustRecord(t, r, Entry(i, req, mustReserve(t, r, req), nil, 64))
		leaf, err := r.LeafData(t.Context(), int64(i))
		if err != nil {
			t.Fatal(err)
		}
		shadow.append(t, leaf)
		if i%50 == 0 || i == 255 || i == 256 || i == n-1 {
			checkCheckpoint(t, r, verifier, shadow)
		}
	}
	for _, size := range []int64{1, 2, 255, 256, 257, 300, 511, 512, n} {
		root := shadow.root(t, size)
		for _, leaf := range []int64{0, size / 3, size - 1} {
			p, err := r.Inclusion(t.Context(), leaf, size)
			if err != nil {
				t.Fatal(err)
			}
			data, err := r.LeafData(t.Context(), leaf)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(p, size, root, leaf, tlog.RecordHash(data)); err != nil {
				t.Errorf("inclusion of %d in %d: %v", leaf, size, err)
			}
		}
		p, err := r.Consistency(t.Context(), size, n)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(p, n, shadow.root(t, n), size, root); err != nil {
			t.Errorf("consistency of %d with %d: %v", size, n, err)
		}
	}
	for _, bad := range [][2]int64{{0, 0}, {-1, 5}, {5, 5}, {0, n + 1}} {
		_, err := r.Inclusion(t.Context(), bad[0], bad[1])
		wantErr(t, fmt.Sprint("Inclusion", bad), err, registry.ErrProof)
	}
	for _, bad := range [][2]int64{{0, 5}, {-1, 5}, {6, 5}, {1, n + 1}} {
		_, err := r.Consistency(t.Context(), bad[0], bad[1])
		wantErr(t, fmt.Sprint("Consistency", bad), err, registry.ErrProof)
	}
	_, err = r.LeafData(t.Context(), n)
	wantErr(t, "LeafData", err, registry.ErrProof)
	checkTiles(t, r, shadow)
	checkProofs(t, r, verifier)
}

// shadowLog stores all hashes the way package tlog does.
type shadowLog struct {
	size   int64
	hashes []tlog.Hash
}

func (s *shadowLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = s.hashes[x]
	}
	return out, nil
}

func (s *shadowLog) append(t *testing.T, leaf []byte) {
	t.Helper()
	hs, err := tlog.StoredHashes(s.size, leaf, s)
	if err != nil {
		t.Fatal(err)
	}
	s.hashes = append(s.hashes, hs...)
	s.size++
}

func (s *shadowLog) root(t *testing.T, size int64) tlog.Hash {
	t.Helper()
	h, err := tlog.TreeHash(size, s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func checkCheckpoint(t *testing.T, r *registry.Registry, v note.Verifier, s *shadowLog) {
	t.Helper()
	signed, err := r.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%s\n%d\n%s\n", Origin, s.size, s.root(t, s.size)); opened.Text != want {
		t.Errorf("checkpoint says %q, want %q", opened.Text, want)
	}
}

// checkTiles reads each tile that a tree of this size has, and compares it with
// what package tlog would publish.
func checkTiles(t *testing.T, r *registry.Registry, s *shadowLog) {
	t.Helper()
	for _, tile := range tlog.NewTiles(8, 0, s.size) {
		path := fmt.Sprintf("tile/%d/%03d", tile.L, tile.N)
		if tile.W < 256 {
			path += fmt.Sprintf(".p/%d", tile.W)
		}
		want, err := tlog.ReadTileData(tile, s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Tile(t.Context(), path)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, want %d, or other hashes: %v", path, len(got), len(want), err)
		}
		if tile.L == 0 {
			checkBundle(t, r, fmt.Sprintf("tile/entries/%s", path[len("tile/0/"):]), want)
		}
	}
	for _, bad := range []string{
		"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/0000", "tile/0/002", "tile/0/002.p/89", "tile/0/002.p/0", "tile/0/000.p/256",
		"tile/0/x000/000", "tile/00/000", "tile/-1/000", "tile/data/000", "tile/entries/002.p/89", "tile/entries/003", "tile/2/000", "tile/2/000.p/1",
		"tile/1/000", "tile/1/000.p/3", "tile/64/000.p/1", "tile/63/000.p/1", "tile/8/0/000", "tile/0/000/", "../tile/0/000", "tile/0/x999/x999/x999/x999/x999/x999/999",
	} {
		_, err := r.Tile(t.Context(), bad)
		wantErr(t, bad, err, registry.ErrTile)
	}
}

// checkBundle hashes the entries of a bundle and compares with the tile above.
func checkBundle(t *testing.T, r *registry.Registry, path string, hashes []byte) {
	t.Helper()
	data, err := r.Tile(t.Context(), path)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	var got []byte
	for len(data) > 0 {
		n := int(binary.BigEndian.Uint16(data))
		h := tlog.RecordHash(data[2 : 2+n])
		got, data = append(got, h[:]...), data[2+n:]
	}
	if !bytes.Equal(got, hashes) {
		t.Errorf("%s: entries do not hash to the tile", path)
	}
}

func checkProofs(t *testing.T, r *registry.Registry, v note.Verifier) {
	t.Helper()
	id := Request(7).ID
	if _, err := r.Change(t.Context(), id, suspension(Start())); err != nil {
		t.Fatal(err)
	}
	proofs, err := r.Proof(t.Context(), id)
	if err != nil || len(proofs) != 2 {
		t.Fatalf("%d proofs: %v", len(proofs), err)
	}
	var prev tlog.Hash
	for i, p := range proofs {
		leaf, err := p.Verify(v)
		if err != nil {
			t.Fatal(err)
		}
		if leaf.ID != id || leaf.Seq != int64(i) || leaf.Prev != prev {
			t.Errorf("leaf %d of the certificate: %+v", i, leaf)
		}
		prev = tlog.RecordHash([]byte(p.Leaf))
		bad := p
		bad.Leaf = proofs[1-i].Leaf
		if _, err := bad.Verify(v); !errors.Is(err, registry.ErrProof) {
			t.Errorf("proof of another leaf: %v", err)
		}
		bad = p
		bad.LeafIndex++
		if _, err := bad.Verify(v); !errors.Is(err, registry.ErrProof) {
			t.Errorf("proof at another place: %v", err)
		}
	}
}
