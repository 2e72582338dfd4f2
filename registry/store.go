package registry

import (
	"context"
	"database/sql/driver"
	"errors"
)

// store is what a database must offer. All SQL of this package but the schema
// keeps to what SQLite and PostgreSQL have in common; parameters are $1, $2, …
// in the order of their first appearance. package registrytest checks the
// behaviour that the package builds on it.
type store interface {
	// read runs fn on one snapshot of the database.
	read(ctx context.Context, fn func(querier) error) error
	// lookup runs fn, which makes a single query, without a transaction.
	lookup(ctx context.Context, fn func(querier) error) error
	// write runs fn in a transaction that excludes all other writers of every
	// process. When it returns nil, what fn wrote is durable; otherwise nothing
	// was written.
	write(ctx context.Context, fn func(transaction) error) error
	// verify asks the database to check its own structures and returns what it
	// complains of, at most limit lines.
	verify(ctx context.Context, limit int) ([]string, error)
	// documents is the file that a transaction writes documents to.
	documents() *documentFile
	// truncateLog drops deleted content from the write-ahead log.
	truncateLog(ctx context.Context) error
	// backup writes a consistent copy into a new file.
	backup(ctx context.Context, path string) error
	close() error
}

type value = driver.Value

// querier runs statements. row is only valid during each; what it holds may be
// kept. each must not run the same statement again; it may return errStop.
type querier interface {
	query(sql string, each func(row) error, args ...value) error
	exec(sql string, args ...value) error
}

// transaction is a querier that writes.
type transaction interface {
	querier
	// nested undoes what fn wrote when it fails and returns its error. An error
	// that also undid the whole transaction is wrapped in errTxLost.
	nested(fn func() error) error
}

// row is one row of an answer. Its methods return the zero value for a column
// of another type: whatever was damaged so fails the digest of the row.
type row []value

func (r row) int(i int) int64 {
	v, _ := r[i].(int64)
	return v
}

func (r row) text(i int) string {
	v, _ := r[i].(string)
	return v
}

func (r row) blob(i int) []byte {
	v, _ := r[i].([]byte)
	return v
}

func (r row) null(i int) bool { return r[i] == nil }

func (r row) hash(i int) (h [32]byte) {
	if b := r.blob(i); len(b) == len(h) {
		h = [32]byte(b)
	}
	return h
}

// errStop ends a query early, without an error.
var errStop = errors.New("registry: enough rows")

// first returns a copy of the first row, nil if there is none.
func first(q querier, sql string, args ...value) (row, error) {
	var found row
	err := q.query(sql, func(r row) error {
		found = append(row(nil), r...)
		return errStop
	}, args...)
	return found, err
}
