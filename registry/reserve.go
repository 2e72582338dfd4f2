package registry

import (
	"context"
	"fmt"
	"time"

	"github.com/vidimus/vidimus"
)

const (
	// SQLite prepares a statement anew at each execution if a bare parameter of
	// it may decide between plans, as in a join, with LIMIT, or beside another
	// equality. Hence the no-op CAST and plus below.
	sqlReservation = `SELECT v.n, v.request, v.id, v.series, v.year, v.seq, v.salt, v.at, r.leaf, r.recorded, r.sha256
FROM reservation AS v LEFT JOIN record AS r ON r.n = v.n WHERE v.key = CAST($1 AS TEXT)`
	sqlLastNumber        = "SELECT seq FROM reservation WHERE series = CAST($1 AS TEXT) AND year = +$2 ORDER BY seq DESC"
	sqlInsertReservation = `INSERT INTO reservation (key, request, id, series, year, seq, salt, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlRebind = "UPDATE reservation SET request = $1 WHERE n = $2"
	sqlIDUsed = "SELECT 1 FROM reservation WHERE id = $1"
)

// reservation is a row of the table, with what finished it.
type reservation struct {
	n        int64
	request  [32]byte
	id       vidimus.ID
	number   vidimus.Number
	salt     [16]byte
	at       int64
	finished bool
	leaf     int64
	recorded int64
	sha256   [32]byte
}

func findReservation(q querier, key string) (*reservation, error) {
	var found *reservation
	err := q.query(sqlReservation, func(r row) error {
		found = &reservation{
			n: r.int(0), request: r.hash(1),
			number: vidimus.Number{Series: r.text(3), Year: int(r.int(4)), Seq: r.int(5)}, at: r.int(7),
		}
		id, salt := r.blob(2), r.blob(6)
		if len(id) != len(found.id) || len(salt) != len(found.salt) {
			return &CorruptError{Table: "reservation", Record: key, Detail: "ID or salt"}
		}
		found.id, found.salt = vidimus.ID(id), [16]byte(salt)
		found.finished, found.leaf, found.recorded, found.sha256 = !r.null(8), r.int(8), r.int(9), r.hash(10)
		return nil
	}, key)
	return found, err
}

func (v *reservation) reply() vidimus.Reservation {
	return vidimus.Reservation{ID: v.id, Number: v.number, Salt: v.salt, At: fromMicros(v.at)}
}

// Reserve implements [vidimus.Registrar]. Its time is kept in whole seconds, as
// the certificate will have it. Numbers are given in sequence per
// series and year, without gaps. A key that is known but not finished keeps its
// ID and number also when the data changed, as nothing was published yet; a
// finished one with other data is [vidimus.ErrKeyReused].
func (r *Registry) Reserve(ctx context.Context, req vidimus.ReserveRequest) (vidimus.Reservation, error) {
	if err := r.checkReserve(&req); err != nil {
		return vidimus.Reservation{}, err
	}
	v, err := r.lookupReservation(ctx, &req)
	if err != nil {
		return vidimus.Reservation{}, err
	}
	if v.mustWrite(&req) {
		if _, err := r.do(ctx, func(b *batch) (err error) {
			v, err = reserve(b, &req)
			return err
		}); err != nil {
			return vidimus.Reservation{}, err
		}
	}
	return r.answer(ctx, v, &req)
}

func (r *Registry) checkReserve(req *vidimus.ReserveRequest) error {
	if r.signer == nil {
		return ErrNoLogKey
	}
	if req.Key == "" || req.ID.IsZero() || !(vidimus.Number{Series: req.Series, Year: req.Year, Seq: 1}).Valid() || req.At.IsZero() {
		return fmt.Errorf("registry: reserve: key, ID, series, year and time are required")
	}
	return nil
}

// lookupReservation looks before the writer is asked: a repeated call is the
// rule when a batch is resumed, and needs no writing.
func (r *Registry) lookupReservation(ctx context.Context, req *vidimus.ReserveRequest) (v *reservation, err error) {
	err = r.store.lookup(ctx, func(q querier) (err error) {
		v, err = findReservation(q, req.Key)
		return err
	})
	return v, err
}

// mustWrite reports whether the reservation is new, or bound to other data.
func (v *reservation) mustWrite(req *vidimus.ReserveRequest) bool {
	return v == nil || !v.finished && v.request != req.Digest
}

func (r *Registry) answer(ctx context.Context, v *reservation, req *vidimus.ReserveRequest) (reply vidimus.Reservation, err error) {
	reply = v.reply()
	if !v.finished {
		return reply, nil
	}
	if v.request != req.Digest {
		return vidimus.Reservation{}, fmt.Errorf("%w: %q", vidimus.ErrKeyReused, req.Key)
	}
	reply.Finished, err = r.issued(ctx, v.id)
	return reply, err
}

// reserve finds or makes the reservation inside the writer's transaction.
func reserve(b *batch, req *vidimus.ReserveRequest) (*reservation, error) {
	v, err := findReservation(b, req.Key)
	if err != nil {
		return nil, err
	}
	if v != nil {
		if v.finished || v.request == req.Digest {
			return v, nil
		}
		v.request = req.Digest
		return v, b.exec(sqlRebind, req.Digest[:], v.n)
	}
	last, err := b.lastNumber(numberRow{req.Series, req.Year})
	if err != nil {
		return nil, err
	}
	v = &reservation{
		request: req.Digest, id: req.ID, salt: req.Salt, at: micros(req.At.Truncate(time.Second)),
		number: vidimus.Number{Series: req.Series, Year: req.Year, Seq: last + 1},
	}
	if !v.number.Valid() {
		return nil, fmt.Errorf("registry: numbers of series %s of %d are used up", req.Series, req.Year)
	}
	if err := b.exec(sqlInsertReservation, req.Key, req.Digest[:], req.ID[:], req.Series, int64(req.Year), v.number.Seq, req.Salt[:], v.at); err != nil {
		if used, failed := first(b, sqlIDUsed, req.ID[:]); failed == nil && used != nil {
			return nil, fmt.Errorf("%w: %s", ErrDuplicateID, req.ID)
		}
		return nil, err
	}
	b.numbers[numberRow{req.Series, req.Year}] = v.number.Seq
	return v, nil
}

func (b *batch) lastNumber(row numberRow) (int64, error) {
	if last, ok := b.numbers[row]; ok {
		return last, nil
	}
	if b.numbers == nil {
		b.numbers = make(map[numberRow]int64)
	}
	found, err := first(b, sqlLastNumber, row.series, int64(row.year))
	if err != nil || found == nil {
		return 0, err
	}
	return found.int(0), nil
}

// issued reads back a finished certificate with its document.
func (r *Registry) issued(ctx context.Context, id vidimus.ID) (*vidimus.Issued, error) {
	rec, err := r.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	doc, err := r.Document(ctx, id)
	if err != nil {
		return nil, err
	}
	return &vidimus.Issued{Certificate: rec.Full(), URL: rec.URL, Document: doc, Receipt: rec.Receipt}, nil
}
