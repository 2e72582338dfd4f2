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

const (
	sqlInRecord = "SELECT start, prefix FROM record WHERE n = $1"
	sqlInTable  = "SELECT tail, prefix FROM document WHERE n = $1"
	sqlPrefix   = "SELECT bytes FROM prefix WHERE p = $1"
)

// place says where a document stands.
type place struct {
	prefix      []byte
	inFile      bool
	start, size int64  // in the file
	tail        []byte // if it is in the table, as before [documentsVersion]
}

func findDocument(q querier, s *stored) (p place, err error) {
	broken := func(detail string) (place, error) {
		return place{}, &CorruptError{Table: "document", Record: s.id.String(), Detail: detail}
	}
	found, err := first(q, sqlInRecord, s.n)
	if err != nil {
		return place{}, err
	}
	if found == nil {
		return broken("is missing")
	}
	if p.inFile = !found.null(0); p.inFile {
		p.start = found.int(0)
	} else {
		if found, err = first(q, sqlInTable, s.n); err != nil {
			return place{}, err
		}
		if found == nil {
			return broken("is missing")
		}
		p.tail = found.blob(0)
	}
	if !found.null(1) {
		prefix, err := first(q, sqlPrefix, found.int(1))
		if err != nil {
			return place{}, err
		}
		if prefix == nil {
			return broken("its prefix is missing")
		}
		p.prefix = prefix.blob(0)
	}
	if p.size = s.size - int64(len(p.prefix)); p.size < 0 {
		return broken("is shorter than its prefix")
	}
	return p, nil
}

// Document returns the signed document after checking its digest.
//
// Errors: [ErrNotFound], [ErrErased], [ErrCorrupt].
func (r *Registry) Document(ctx context.Context, id vidimus.ID) (doc []byte, err error) {
	err = r.store.read(ctx, func(q querier) error {
		s, err := findStored(q, id)
		if err != nil {
			return err
		}
		p, err := findDocument(q, s)
		if err != nil {
			return err
		}
		doc, err = r.readDocument(s, &p)
		return err
	})
	if errors.Is(err, ErrCorrupt) && r.erased(ctx, id) {
		return nil, fmt.Errorf("%w: %s", ErrErased, id)
	}
	return doc, err
}

// erased tells a document that is wrong from one that was overwritten while a
// snapshot still showed its record. The caller must not hold a connection.
func (r *Registry) erased(ctx context.Context, id vidimus.ID) bool {
	err := r.store.lookup(ctx, func(q querier) error { return notIssued(q, id) })
	return errors.Is(err, ErrErased)
}

func (r *Registry) readDocument(s *stored, p *place) (doc []byte, err error) {
	doc = append(make([]byte, 0, len(p.prefix)+int(min(p.size, maxDocument))), p.prefix...)
	if !p.inFile {
		doc = append(doc, p.tail...)
	} else if doc, err = r.store.documents().read(doc, p.start, min(p.size, maxDocument)); err != nil {
		var corrupt *CorruptError
		if errors.As(err, &corrupt) {
			corrupt.Record = s.id.String()
		}
		return nil, err
	}
	if sha256.Sum256(doc) != s.sha256 {
		return nil, &CorruptError{Table: "document", Record: s.id.String(), Detail: "bytes do not match the digest in the record"}
	}
	return doc, nil
}
