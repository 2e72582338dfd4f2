package registry

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/vidimus/vidimus"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const sqlLeafData = "SELECT data FROM leaf WHERE i = $1"

// LeafData returns the bytes of a leaf, for [ParseLeaf]; [ErrProof] if the log
// does not reach so far.
func (r *Registry) LeafData(ctx context.Context, index int64) (data []byte, err error) {
	err = r.store.lookup(ctx, func(q querier) error {
		found, err := first(q, sqlLeafData, index)
		if err != nil {
			return err
		}
		if found == nil {
			return fmt.Errorf("%w: there is no leaf %d", ErrProof, index)
		}
		data = []byte(found.text(0))
		return nil
	})
	return data, err
}

func readLeaf(q querier, index int64) (*Leaf, error) {
	found, err := first(q, sqlLeafData, index)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, &CorruptError{Table: "leaf", Record: fmt.Sprint(index), Detail: "is missing"}
	}
	l, err := ParseLeaf([]byte(found.text(0)))
	if err != nil {
		return nil, &CorruptError{Table: "leaf", Record: fmt.Sprint(index), Err: err}
	}
	return l, nil
}

const sqlLogSize = "SELECT size FROM log"

func logSize(q querier) (int64, error) {
	found, err := first(q, sqlLogSize)
	if err != nil || found == nil {
		return 0, err
	}
	return found.int(0), nil
}

// Inclusion proves that a leaf is in the tree of the given size (RFC 6962
// §2.1.1); check it with tlog.CheckRecord. [ErrProof] if there is no such leaf
// or tree.
func (r *Registry) Inclusion(ctx context.Context, leafIndex, treeSize int64) (p tlog.RecordProof, err error) {
	err = r.store.read(ctx, func(q querier) error {
		size, err := logSize(q)
		if err != nil {
			return err
		}
		if leafIndex < 0 || leafIndex >= treeSize || treeSize > size {
			return fmt.Errorf("%w: leaf %d in a tree of %d; the log has %d", ErrProof, leafIndex, treeSize, size)
		}
		p, err = tlog.ProveRecord(treeSize, leafIndex, storedHashes(q))
		return err
	})
	return p, err
}

// Consistency proves that the tree of newSize begins with the tree of oldSize
// (RFC 6962 §2.1.2); check it with tlog.CheckTree. [ErrProof] if there are no
// such trees; both must have a leaf.
func (r *Registry) Consistency(ctx context.Context, oldSize, newSize int64) (p tlog.TreeProof, err error) {
	err = r.store.read(ctx, func(q querier) error {
		size, err := logSize(q)
		if err != nil {
			return err
		}
		if oldSize < 1 || oldSize > newSize || newSize > size {
			return fmt.Errorf("%w: from %d to %d; the log has %d", ErrProof, oldSize, newSize, size)
		}
		p, err = tlog.ProveTree(newSize, oldSize, storedHashes(q))
		return err
	})
	return p, err
}

// Proof shows a stranger, without asking the registry again, that a leaf is in
// the log.
type Proof struct {
	LeafIndex  int64            `json:"leafIndex"`
	Leaf       string           `json:"leaf"`
	TreeSize   int64            `json:"treeSize"`
	Hashes     tlog.RecordProof `json:"hashes"`
	Checkpoint string           `json:"checkpoint"`
}

// Proof returns proofs of all leaves of a certificate, the issue first, under
// the last checkpoint.
//
// Errors: [ErrNotFound], [ErrErased], [ErrCorrupt].
func (r *Registry) Proof(ctx context.Context, id vidimus.ID) (proofs []Proof, err error) {
	err = r.store.read(ctx, func(q querier) error {
		s, err := findStored(q, id)
		if err != nil {
			return err
		}
		events, err := laterEvents(q, id)
		if err != nil {
			return err
		}
		signed, err := lastCheckpoint(q)
		if err != nil {
			return err
		}
		size, err := logSize(q)
		if err != nil {
			return err
		}
		indexes := []int64{s.leaf}
		for _, ev := range events {
			indexes = append(indexes, ev.LeafIndex)
		}
		for _, i := range indexes {
			leaf, err := first(q, sqlLeafData, i)
			if err != nil {
				return err
			}
			if leaf == nil || i >= size {
				return &CorruptError{Table: "leaf", Record: fmt.Sprint(i), Detail: "is missing"}
			}
			hashes, err := tlog.ProveRecord(size, i, storedHashes(q))
			if err != nil {
				return err
			}
			proofs = append(proofs, Proof{i, leaf.text(0), size, hashes, string(signed)})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return proofs, nil
}

// Verify checks the checkpoint's signature and the path to the leaf. It needs
// no registry.
func (p *Proof) Verify(v note.Verifier) (*Leaf, error) {
	c, err := openCheckpoint([]byte(p.Checkpoint), v)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProof, err)
	}
	if c.size != p.TreeSize {
		return nil, fmt.Errorf("%w: tree of %d, checkpoint of %d", ErrProof, p.TreeSize, c.size)
	}
	if err := tlog.CheckRecord(p.Hashes, c.size, c.root, p.LeafIndex, tlog.RecordHash([]byte(p.Leaf))); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProof, err)
	}
	return ParseLeaf([]byte(p.Leaf))
}

// Text returns the proof in the format of C2SP tlog-proof, with the leaf as its
// extra data: one file that travels beside the PDF.
func (p *Proof) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n", base64.StdEncoding.EncodeToString([]byte(p.Leaf)), p.LeafIndex)
	for _, h := range p.Hashes {
		fmt.Fprintln(&b, h) // base64
	}
	fmt.Fprintf(&b, "\n%s", p.Checkpoint)
	return b.String()
}
