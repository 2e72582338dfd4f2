package registry

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/vidimus/vidimus"
)

const (
	sqlByID       = "SELECT " + storedColumns + " FROM record WHERE n = (SELECT n FROM reservation WHERE id = $1)"
	sqlByDocument = "SELECT " + storedColumns + " FROM record WHERE sha256 = $1 ORDER BY n LIMIT 1"
	sqlErased     = "SELECT erased FROM reservation WHERE id = $1"
	sqlByNumber   = "SELECT id, erased FROM reservation WHERE series = CAST($1 AS TEXT) AND year = +$2 AND seq = +$3"
)

// findStored reads and checks the row of an issued certificate.
func findStored(q querier, id vidimus.ID) (*stored, error) {
	var s stored
	found := false
	if err := q.query(sqlByID, func(r row) error {
		found = true
		s.scan(r)
		return nil
	}, id[:]); err != nil {
		return nil, err
	}
	if !found {
		return nil, notIssued(q, id)
	}
	if s.id != id {
		return nil, &CorruptError{Table: "record", Record: id.String(), Detail: "the row has another ID"}
	}
	return &s, s.check()
}

// notIssued tells an erased certificate from one that never was.
func notIssued(q querier, id vidimus.ID) error {
	r, err := first(q, sqlErased, id[:])
	switch {
	case err != nil:
		return err
	case r != nil && !r.null(0):
		return fmt.Errorf("%w: %s", ErrErased, id)
	}
	return fmt.Errorf("%w: %s", ErrNotFound, id)
}

// complete adds to a checked row what stands in other tables, and compares it
// with the leaf of the issue.
func (s *stored) complete(q querier) (*Record, error) {
	rec, err := s.decode()
	if err != nil {
		return nil, err
	}
	events, err := laterEvents(q, s.id)
	if err != nil {
		return nil, err
	}
	for i := range events {
		if err := events[i].checkWhole(); err != nil {
			return nil, err
		}
		if events[i].isChange() {
			rec.Changes = append(rec.Changes, events[i].change())
		}
	}
	if changes, err := publicChanges(events); err != nil {
		return nil, err
	} else if changes != s.changes {
		return nil, &CorruptError{Table: "record", Record: s.id.String(), Detail: "changes do not match the journal"}
	}
	leaf, err := readLeaf(q, s.leaf)
	if err != nil {
		return nil, err
	}
	if leaf.Type != LeafIssue || leaf.ID != s.id || leaf.Record != s.digest || leaf.Document != s.sha256 || micros(leaf.At) != s.recorded {
		return nil, &CorruptError{Table: "record", Record: s.id.String(), Detail: fmt.Sprintf("does not match leaf %d of the log", s.leaf)}
	}
	rec.Receipt, err = firstReceipt(q, s.id, s.leaf, s.recorded)
	return rec, err
}

// Get returns an issued certificate, checked against its digests, the journal
// and the leaf of its issue.
//
// Errors: [ErrNotFound] (also for a reservation without certificate),
// [ErrErased], [ErrCorrupt].
func (r *Registry) Get(ctx context.Context, id vidimus.ID) (*Record, error) {
	return r.get(ctx, func(q querier) (*stored, error) { return findStored(q, id) })
}

func (r *Registry) get(ctx context.Context, find func(querier) (*stored, error)) (rec *Record, err error) {
	err = r.store.read(ctx, func(q querier) error {
		s, err := find(q)
		if err != nil {
			return err
		}
		rec, err = s.complete(q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return rec, nil
}

// Resolve returns the ID of an issued number; errors as [Registry.Get].
func (r *Registry) Resolve(ctx context.Context, n vidimus.Number) (vidimus.ID, error) {
	var s *stored
	err := r.store.read(ctx, func(q querier) (err error) {
		s, err = findNumber(q, n)
		return err
	})
	if err != nil {
		return vidimus.ID{}, err
	}
	return s.id, nil
}

// GetByNumber is [Registry.Get] by the number that people read.
func (r *Registry) GetByNumber(ctx context.Context, n vidimus.Number) (*Record, error) {
	return r.get(ctx, func(q querier) (*stored, error) { return findNumber(q, n) })
}

// findNumber is findStored by number. A reservation whose number was edited
// does not lead to another's certificate.
func findNumber(q querier, n vidimus.Number) (*stored, error) {
	found, err := first(q, sqlByNumber, n.Series, int64(n.Year), n.Seq)
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return nil, fmt.Errorf("%w: %s", ErrNotFound, n)
	case !found.null(1):
		return nil, fmt.Errorf("%w: %s", ErrErased, n)
	case len(found.blob(0)) != len(vidimus.ID{}):
		return nil, &CorruptError{Table: "reservation", Record: n.String(), Detail: "ID"}
	}
	s, err := findStored(q, vidimus.ID(found.blob(0)))
	if err != nil {
		return nil, err
	}
	var says struct {
		Number vidimus.Number `json:"number"`
	}
	if err := json.Unmarshal([]byte(s.public), &says); err != nil || says.Number != n {
		return nil, &CorruptError{Table: "reservation", Record: n.String(), Detail: "leads to another certificate", Err: err}
	}
	return s, nil
}

// FindByDocument finds the certificate whose signed document has this SHA-256:
// the bytes are those that were issued. Errors as [Registry.Get].
func (r *Registry) FindByDocument(ctx context.Context, sha256 [32]byte) (rec *Record, err error) {
	err = r.store.read(ctx, func(q querier) error {
		var s stored
		found := false
		if err := q.query(sqlByDocument, func(r row) error {
			found = true
			s.scan(r)
			return nil
		}, sha256[:]); err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("%w: no document with SHA-256 %x", ErrNotFound, sha256)
		}
		if err := s.check(); err != nil {
			return err
		}
		rec, err = s.complete(q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return rec, nil
}
