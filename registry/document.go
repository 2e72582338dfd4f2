package registry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding"
	"errors"
	"fmt"
	"sync"

	"github.com/vidimus/vidimus"
)

const (
	minPrefix   = 1 << 10 // a shorter beginning is not worth a row of its own
	maxPrefixes = 64      // templates in use at once; bounds the cache
)

// ErrPrefix is returned by Record when Entry.PrefixLen and PrefixSum do not
// describe the document.
var ErrPrefix = errors.New("registry: shared prefix does not fit the document")

// prefixCache remembers shared beginnings, so that they are compared instead of
// hashed again: the SHA-256 of a document goes on from the state after its prefix.
type prefixCache struct {
	mu    sync.Mutex
	known map[[32]byte]*sharedPrefix
}

type sharedPrefix struct {
	bytes []byte
	state []byte
}

// get returns the prefix with this sum after checking that it is the same.
func (pc *prefixCache) get(prefix []byte, sum [32]byte) (*sharedPrefix, error) {
	pc.mu.Lock()
	sp := pc.known[sum]
	pc.mu.Unlock()
	if sp != nil {
		if !bytes.Equal(sp.bytes, prefix) {
			return nil, ErrPrefix
		}
		return sp, nil
	}
	h := sha256.New()
	h.Write(prefix)
	if [32]byte(h.Sum(nil)) != sum {
		return nil, ErrPrefix
	}
	state, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("registry: keep hash state: %w", err)
	}
	sp = &sharedPrefix{bytes.Clone(prefix), state}
	pc.mu.Lock()
	defer pc.mu.Unlock()
	if pc.known == nil || len(pc.known) >= maxPrefixes {
		pc.known = make(map[[32]byte]*sharedPrefix)
	}
	pc.known[sum] = sp
	return sp, nil
}

// splitDocument returns the SHA-256 of the document and sets prefix and tail.
func (p *prepared) splitDocument(pc *prefixCache) (sum [32]byte, err error) {
	doc, n := p.entry.Document, p.entry.PrefixLen
	if n < 0 || n > len(doc) {
		return sum, fmt.Errorf("%w: %d of %d bytes", ErrPrefix, n, len(doc))
	}
	p.tail = doc
	if n < minPrefix {
		return sha256.Sum256(doc), nil
	}
	sp, err := pc.get(doc[:n], p.entry.PrefixSum)
	if err != nil {
		return sum, err
	}
	p.prefix, p.tail = sp.bytes, doc[n:]
	h := sha256.New()
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(sp.state); err != nil {
		return sum, fmt.Errorf("registry: restore hash state: %w", err)
	}
	h.Write(p.tail)
	h.Sum(sum[:0])
	return sum, nil
}

const sqlDocument = `SELECT p.bytes, d.tail, d.prefix FROM document AS d LEFT JOIN prefix AS p ON p.p = d.prefix WHERE d.n = $1`

// Document returns the signed document after checking its digest.
//
// Errors: [ErrNotFound], [ErrErased], [ErrCorrupt].
func (r *Registry) Document(ctx context.Context, id vidimus.ID) (doc []byte, err error) {
	err = r.store.read(ctx, func(q querier) error {
		s, err := findStored(q, id)
		if err != nil {
			return err
		}
		doc, err = readDocument(q, s)
		return err
	})
	return doc, err
}

func readDocument(q querier, s *stored) (doc []byte, err error) {
	broken := func(detail string) error {
		return &CorruptError{Table: "document", Record: s.id.String(), Detail: detail}
	}
	found := false
	err = q.query(sqlDocument, func(r row) error {
		found = true
		if !r.null(2) && r.null(0) {
			return broken("its prefix is missing")
		}
		doc = append(append(make([]byte, 0, len(r.blob(0))+len(r.blob(1))), r.blob(0)...), r.blob(1)...)
		return nil
	}, s.n)
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, broken("is missing")
	case sha256.Sum256(doc) != s.sha256:
		return nil, broken("bytes do not match the digest in the record")
	}
	return doc, nil
}
