package registry

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// parseTile reads a path of C2SP tlog-tiles: tile/<L>/<N>[.p/<W>] or
// tile/entries/<N>[.p/<W>]. It differs from the paths of package tlog in that
// the height is not spelled out and entries are not called data.
func parseTile(path string) (tlog.Tile, error) {
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok {
		return tlog.Tile{}, fmt.Errorf("%w: %q", ErrTile, path)
	}
	if entries, ok := strings.CutPrefix(rest, "entries/"); ok {
		rest = "data/" + entries
	} else if strings.HasPrefix(rest, "data/") {
		return tlog.Tile{}, fmt.Errorf("%w: %q", ErrTile, path)
	}
	t, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", tileHeight, rest))
	if err != nil {
		return tlog.Tile{}, fmt.Errorf("%w: %q: %w", ErrTile, path, err)
	}
	return t, nil
}

const sqlBundle = "SELECT data FROM leaf WHERE i >= $1 AND i < $2 ORDER BY i"

// Tile returns a Merkle tree tile or an entry bundle by its path as in C2SP
// tlog-tiles, e.g. "tile/0/000", "tile/1/000.p/5", "tile/entries/x001/234".
// Paths that no checkpoint covers are [ErrTile]. What is returned once for a
// path stays the same for ever.
func (r *Registry) Tile(ctx context.Context, path string) (data []byte, err error) {
	t, err := parseTile(path)
	if err != nil {
		return nil, err
	}
	err = r.store.read(ctx, func(q querier) error {
		size, err := logSize(q)
		if err != nil {
			return err
		}
		if from, width := t.N<<tileHeight, int64(t.W); t.N > size || from+width > size>>(tileHeight*max(t.L, 0)) {
			return fmt.Errorf("%w: %q: the log has %d leaves", ErrTile, path, size)
		}
		if t.L < 0 {
			data, err = entryBundle(q, t)
			return err
		}
		hs, err := hashRange(q, t.L, t.N<<tileHeight, int64(t.W))
		for _, h := range hs {
			data = append(data, h[:]...)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return data, nil
}

// entryBundle is a sequence of leaves, each preceded by its length in two bytes,
// big-endian.
func entryBundle(q querier, t tlog.Tile) (data []byte, err error) {
	from, n := t.N<<tileHeight, 0
	err = q.query(sqlBundle, func(r row) error {
		leaf := r.text(0)
		if len(leaf) > maxLeaf {
			return &CorruptError{Table: "leaf", Record: fmt.Sprint(from + int64(n)), Detail: "is too long"}
		}
		data = append(binary.BigEndian.AppendUint16(data, uint16(len(leaf))), leaf...)
		n++
		return nil
	}, from, from+int64(t.W))
	if err == nil && n != t.W {
		err = &CorruptError{Table: "leaf", Record: fmt.Sprint(from), Detail: fmt.Sprintf("%d of %d leaves are there", n, t.W)}
	}
	return data, err
}
