package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vidimus/vidimus"
)

const (
	sqlUpdateChanges = "UPDATE record SET changes = $1, seal = $2 WHERE n = $3"

	// What time.Time can hold and the leaf's format cannot.
	minYear, maxYear = 1, 9999
)

// ErrReplacement is returned by Change when the replacing certificate is not in
// the registry.
var ErrReplacement = errors.New("registry: replacing certificate is not registered")

// Change records a change of status. It sets Recorded, and takes Effective to
// the microsecond. Whether the change may follow those before it is decided
// inside the transaction, by [vidimus.CheckChange].
//
// Errors: [vidimus.ErrChange], [ErrReplacement], [ErrNotFound], [ErrErased],
// [ErrBusy], [ErrFull], [ErrRollback]. A change is not idempotent: after an
// error that leaves its fate open, look at [Registry.History] before repeating it.
func (r *Registry) Change(ctx context.Context, id vidimus.ID, ch vidimus.Change) (vidimus.Receipt, error) {
	if y := ch.Effective.UTC().Year(); y < minYear || y > maxYear {
		return vidimus.Receipt{}, fmt.Errorf("%w: effective in the year %d", vidimus.ErrChange, y)
	}
	if r.signer == nil {
		return vidimus.Receipt{}, ErrNoLogKey
	}
	ch.Effective = ch.Effective.UTC().Truncate(time.Microsecond)
	nonce, err := r.newNonce()
	if err != nil {
		return vidimus.Receipt{}, err
	}
	receipt := vidimus.Receipt{ID: id}
	receipt.TreeSize, err = r.do(ctx, func(b *batch) error {
		s, err := findStored(b, id)
		if err != nil {
			return err
		}
		rec, err := s.complete(b)
		if err != nil {
			return err
		}
		if err := vidimus.CheckChange(&rec.Certificate, rec.Changes, ch); err != nil {
			return err
		}
		if ch.Action == vidimus.Replace {
			if _, err := findStored(b, ch.ReplacedBy); err != nil {
				return fmt.Errorf("%w: %w", ErrReplacement, err)
			}
		}
		leaf := Leaf{Type: LeafChange, ID: id, Action: ch.Action, Reason: ch.Reason, Effective: ch.Effective, Replacement: ch.ReplacedBy}
		ev := Event{
			Actor: ch.Actor, Action: string(ch.Action), Effective: ch.Effective,
			Reason: ch.Reason, Basis: ch.Basis, ReplacedBy: ch.ReplacedBy, nonce: nonce,
		}
		events, err := laterEvents(b, id)
		if err != nil {
			return err
		}
		if err := b.follow(&leaf, &ev, s, events); err != nil {
			return err
		}
		receipt.LeafIndex, receipt.LeafHash, receipt.Recorded = ev.LeafIndex, b.lastHash, ev.At
		if s.changes, err = publicChanges(append(events, ev)); err != nil {
			return err
		}
		s.seal = s.computeSeal()
		return b.exec(sqlUpdateChanges, s.changes, s.seal[:], s.n)
	})
	if err != nil {
		return vidimus.Receipt{}, err
	}
	return receipt, nil
}

// follow appends a leaf to the chain of a certificate.
func (b *batch) follow(l *Leaf, ev *Event, s *stored, events []Event) (err error) {
	last := s.leaf
	if len(events) > 0 {
		last = events[len(events)-1].LeafIndex
	}
	l.Seq = int64(len(events)) + 1
	if l.Prev, err = leafHash(b, last); err != nil {
		return err
	}
	return b.append(l, ev)
}
