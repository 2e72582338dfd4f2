package registry

import (
	"context"
	"iter"
	"time"

	"github.com/vidimus/vidimus"
)

const (
	sqlIssuedAfter = "SELECT " + storedColumns + " FROM record WHERE n > $1 ORDER BY n LIMIT $2"
	sqlOpen        = `SELECT v.key, v.id, v.series, v.year, v.seq, v.at FROM reservation AS v
WHERE v.erased IS NULL AND NOT EXISTS (SELECT 1 FROM record AS r WHERE r.n = v.n) ORDER BY v.n`

	exportPage = 256 // records read in one snapshot
)

// All iterates over the issued certificates in the order of their reservation.
// It ends with the first error. Documents are read one by one with
// [Registry.Document].
func (r *Registry) All(ctx context.Context) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		for after := int64(0); ; {
			var page []*Record
			err := r.store.read(ctx, func(q querier) error {
				var rows []*stored
				if err := q.query(sqlIssuedAfter, func(r row) error {
					var s stored
					s.scan(r)
					rows = append(rows, &s)
					return s.check()
				}, after, int64(exportPage)); err != nil {
					return err
				}
				for _, s := range rows {
					rec, err := s.complete(q)
					if err != nil {
						return err
					}
					page, after = append(page, rec), s.n
				}
				return ctx.Err()
			})
			for _, rec := range page {
				if !yield(rec, nil) {
					return
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(page) < exportPage {
				return
			}
		}
	}
}

// OpenReservation is a number that has no certificate yet: issuing was
// interrupted, or is under way.
type OpenReservation struct {
	Key    string
	ID     vidimus.ID
	Number vidimus.Number
	At     time.Time
}

// OpenReservations returns them in the order in which they were made.
func (r *Registry) OpenReservations(ctx context.Context) ([]OpenReservation, error) {
	var open []OpenReservation
	err := r.store.lookup(ctx, func(q querier) error {
		return q.query(sqlOpen, func(r row) error {
			o := OpenReservation{Key: r.text(0), Number: vidimus.Number{Series: r.text(2), Year: int(r.int(3)), Seq: r.int(4)}, At: fromMicros(r.int(5))}
			if b := r.blob(1); len(b) == len(o.ID) {
				o.ID = vidimus.ID(b)
			}
			open = append(open, o)
			return nil
		})
	})
	return open, err
}

// Backup writes a consistent, compact copy of the database to a file that must
// not exist yet, and the documents beside it under the same name with the suffix
// "-documents". Others may read and write meanwhile; after an erasure during the
// backup it returns [ErrBusy], and the copy must be thrown away.
func (r *Registry) Backup(ctx context.Context, path string) error {
	return r.store.backup(ctx, path)
}
