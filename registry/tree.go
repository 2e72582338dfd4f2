package registry

import (
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// tileHeight is fixed by C2SP tlog-tiles: 256 hashes to a tile.
const tileHeight = 8

// tree is the right edge of the Merkle tree (RFC 6962 §2.1): all that is needed
// to append a leaf and to know the root.
type tree struct {
	size int64
	edge []tlog.Hash // roots of the complete subtrees, the largest first: one for each bit of size
}

// add appends a leaf. It calls node for each subtree that becomes complete and
// whose height is a multiple of tileHeight: level 1 has 256 leaves, level 2 has
// 65536, and so on.
func (t *tree) add(leaf tlog.Hash, node func(level int, i int64, h tlog.Hash) error) error {
	h := leaf
	// Each trailing one bit of the old size is a subtree that now finds its sibling.
	for height := 1; height <= bits.TrailingZeros64(uint64(t.size+1)); height++ {
		last := len(t.edge) - 1
		h = tlog.NodeHash(t.edge[last], h)
		t.edge = t.edge[:last]
		if height%tileHeight == 0 {
			if err := node(height/tileHeight, t.size>>height, h); err != nil {
				return err
			}
		}
	}
	t.edge = append(t.edge, h)
	t.size++
	return nil
}

func (t *tree) root() tlog.Hash {
	if t.size == 0 {
		h, _ := tlog.TreeHash(0, nil) // SHA-256 of nothing; no hash is read
		return h
	}
	h := t.edge[len(t.edge)-1]
	for i := len(t.edge) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.edge[i], h)
	}
	return h
}

func (t *tree) marshal() []byte {
	b := make([]byte, 0, len(t.edge)*tlog.HashSize)
	for _, h := range t.edge {
		b = append(b, h[:]...)
	}
	return b
}

func unmarshalTree(size int64, edge []byte) (tree, error) {
	if size < 0 || len(edge) != bits.OnesCount64(uint64(size))*tlog.HashSize {
		return tree{}, &CorruptError{Table: "log", Detail: fmt.Sprintf("%d bytes of edge do not fit %d leaves", len(edge), size)}
	}
	t := tree{size: size}
	for ; len(edge) > 0; edge = edge[tlog.HashSize:] {
		t.edge = append(t.edge, tlog.Hash(edge[:tlog.HashSize]))
	}
	return t, nil
}

const (
	sqlLeafHashes = "SELECT hash FROM leaf WHERE i >= $1 AND i < $2 ORDER BY i"
	sqlNodeHashes = "SELECT hash FROM node WHERE level = $1 AND i >= $2 AND i < $3 ORDER BY i"
)

// hashRange reads n consecutive hashes at a tile level, from the database's rows.
func hashRange(q querier, level int, from, n int64) ([]tlog.Hash, error) {
	hs := make([]tlog.Hash, 0, min(n, 1<<tileHeight))
	each := func(r row) error {
		hs = append(hs, tlog.Hash(r.hash(0)))
		return nil
	}
	var err error
	if level == 0 {
		err = q.query(sqlLeafHashes, each, from, from+n)
	} else {
		err = q.query(sqlNodeHashes, each, int64(level), from, from+n)
	}
	if err == nil && int64(len(hs)) != n {
		table := "leaf"
		if level > 0 {
			table = "node"
		}
		err = &CorruptError{Table: table, Record: fmt.Sprint(from), Detail: fmt.Sprintf("%d of %d hashes of level %d are there", len(hs), n, level)}
	}
	return hs, err
}

// storedHashes is a tlog.HashReader over the rows: leaves and the roots of
// tiles are stored, what lies between them is computed.
func storedHashes(q querier) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			below := level % tileHeight
			hs, err := hashRange(q, level/tileHeight, n<<below, 1<<below)
			if err != nil {
				return nil, err
			}
			for ; len(hs) > 1; hs = hs[:len(hs)/2] {
				for j := range len(hs) / 2 {
					hs[j] = tlog.NodeHash(hs[2*j], hs[2*j+1])
				}
			}
			out[i] = hs[0]
		}
		return out, nil
	})
}
