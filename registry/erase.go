package registry

import (
	"context"
	"fmt"

	"github.com/vidimus/vidimus"
)

const (
	sqlDeleteDocument   = "DELETE FROM document WHERE n = $1"
	sqlDeleteRecord     = "DELETE FROM record WHERE n = $1"
	sqlBlankReservation = "UPDATE reservation SET key = $1, request = $2, salt = $3, erased = $4 WHERE n = $5"
	sqlBlankJournal     = "UPDATE journal SET basis = '', nonce = NULL WHERE leaf = $1"
	sqlInsertWipe       = "INSERT INTO wipe (start, size) VALUES ($1, $2)"
	sqlWipes            = "SELECT start, size FROM wipe"
	sqlDeleteWipe       = "DELETE FROM wipe WHERE start = $1"
)

// Erase deletes what the registry holds about a person: the record, the
// document, its salt, the idempotency key, and the basis of each change. ID and
// number stay taken, the log keeps its leaves, whose commitments can no longer
// be opened, and an ERASE leaf says that this was done on purpose. actor is
// required; basis is the order or request and must not name the person.
//
// Deleted pages and the document are overwritten and the write-ahead log is
// emptied. If another process was just reading, the latter is [ErrBusy]: the
// erasure is done, and the old pages go with the next checkpoint. What a crash
// keeps from being overwritten is overwritten when the registry is next opened
// with its key.
func (r *Registry) Erase(ctx context.Context, id vidimus.ID, actor, basis string) (vidimus.Receipt, error) {
	if actor == "" {
		return vidimus.Receipt{}, fmt.Errorf("registry: erase %s: actor is required", id)
	}
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
		events, err := laterEvents(b, id)
		if err != nil {
			return err
		}
		leaf := Leaf{Type: LeafErase, ID: id}
		ev := Event{Actor: actor, Action: ActionErase, Basis: basis, nonce: nonce}
		if err := b.follow(&leaf, &ev, s, events); err != nil {
			return err
		}
		receipt.LeafIndex, receipt.LeafHash, receipt.Recorded = ev.LeafIndex, b.lastHash, ev.At
		for _, old := range append(events, Event{LeafIndex: s.leaf}) {
			if err := b.exec(sqlBlankJournal, old.LeafIndex); err != nil {
				return err
			}
		}
		place, err := findDocument(b, s)
		if err != nil {
			return err
		}
		if place.inFile && place.size > 0 {
			if err := b.exec(sqlInsertWipe, place.start, place.size); err != nil {
				return err
			}
		}
		if err := b.exec(sqlDeleteDocument, s.n); err != nil {
			return err
		}
		if err := b.exec(sqlDeleteRecord, s.n); err != nil {
			return err
		}
		return b.exec(sqlBlankReservation, "erased "+id.String(), make([]byte, 32), make([]byte, 16), ev.LeafIndex, s.n)
	})
	if err != nil {
		return vidimus.Receipt{}, err
	}
	if err := r.wipe(ctx); err != nil {
		return receipt, err
	}
	return receipt, r.store.truncateLog(ctx)
}

// wipe overwrites what erased certificates left in the file of documents.
func (r *Registry) wipe(ctx context.Context) error {
	var wipes [][2]int64
	if err := r.store.lookup(ctx, func(q querier) error {
		return q.query(sqlWipes, func(r row) error {
			wipes = append(wipes, [2]int64{r.int(0), r.int(1)})
			return nil
		})
	}); err != nil || len(wipes) == 0 {
		return err
	}
	docs := r.store.documents()
	for _, w := range wipes {
		if err := docs.wipe(w[0], w[1]); err != nil {
			return err
		}
	}
	if err := docs.sync(); err != nil {
		return err
	}
	return r.store.write(ctx, func(tx transaction) error {
		for _, w := range wipes {
			if err := tx.exec(sqlDeleteWipe, w[0]); err != nil {
				return err
			}
		}
		return nil
	})
}
