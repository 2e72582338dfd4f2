package registry

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

// sqliteConn is one connection and the statements prepared on it. It is used by
// one goroutine at a time.
type sqliteConn struct {
	raw   *sqlite3.SQLiteConn
	stmts map[string]*sqliteStmt
}

type sqliteStmt struct {
	raw  *sqlite3.SQLiteStmt
	args []driver.NamedValue
	dest []driver.Value
	busy bool
}

func newSQLiteConn(raw *sqlite3.SQLiteConn) *sqliteConn {
	return &sqliteConn{raw: raw, stmts: make(map[string]*sqliteStmt)}
}

func (c *sqliteConn) prepare(sql string) (*sqliteStmt, error) {
	if s := c.stmts[sql]; s != nil {
		return s, nil
	}
	raw, err := c.raw.Prepare(sql)
	if err != nil {
		return nil, sqliteError(err, sql)
	}
	s := &sqliteStmt{raw: raw.(*sqlite3.SQLiteStmt)}
	s.args = make([]driver.NamedValue, s.raw.NumInput())
	for i := range s.args {
		s.args[i].Ordinal = i + 1
	}
	c.stmts[sql] = s
	return s, nil
}

func (c *sqliteConn) exec(sql string, args ...value) error {
	return c.query(sql, nil, args...)
}

// query goes through the driver's Query for all statements, as that binds and
// steps in one call into C.
func (c *sqliteConn) query(sql string, each func(row) error, args ...value) (err error) {
	s, err := c.prepare(sql)
	if err != nil {
		return err
	}
	if s.busy || len(args) != len(s.args) {
		return fmt.Errorf("registry: misused statement (busy %t, %d arguments for %d): %s", s.busy, len(args), len(s.args), sql)
	}
	s.busy = true
	defer func() { s.busy = false }()
	for i, a := range args {
		s.args[i].Value = a
	}
	rows, err := s.raw.QueryContext(context.Background(), s.args)
	for i := range s.args {
		s.args[i].Value = nil // the driver has copied it
	}
	if err != nil {
		return sqliteError(err, sql)
	}
	defer func() {
		if end := rows.Close(); err == nil && end != nil {
			err = sqliteError(end, sql)
		}
	}()
	if s.dest == nil {
		s.dest = make([]driver.Value, len(rows.Columns()))
	}
	for {
		if err := rows.Next(s.dest); err == io.EOF {
			return nil
		} else if err != nil {
			return sqliteError(err, sql)
		}
		if each != nil {
			if err := each(s.dest); err == errStop {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
}

// errTxLost says that a failure inside a part undid everything, or must.
var errTxLost = errors.New("registry: transaction was undone")

func (c *sqliteConn) nested(fn func() error) error {
	if err := c.exec("SAVEPOINT part"); err != nil {
		return err
	}
	err := fn()
	if err == nil {
		return c.exec("RELEASE part")
	}
	// A full disk or an I/O error may have ended the transaction already.
	if c.raw.AutoCommit() {
		return fmt.Errorf("%w: %w", errTxLost, err)
	}
	if undo := errors.Join(c.exec("ROLLBACK TO part"), c.exec("RELEASE part")); undo != nil {
		return fmt.Errorf("%w: %w", errTxLost, errors.Join(err, undo))
	}
	return err
}

func (c *sqliteConn) close() error {
	for _, s := range c.stmts {
		s.raw.Close()
	}
	c.stmts = nil
	return c.raw.Close()
}

// sqliteError turns the driver's errors into the errors of this package.
func sqliteError(err error, sql string) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrProtocol:
		return fmt.Errorf("%w (%w)", ErrBusy, err)
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrFormat:
		return &CorruptError{Table: tableOf(sql), Err: err}
	case sqlite3.ErrFull:
		return fmt.Errorf("%w (%w)", ErrFull, err)
	case sqlite3.ErrIoErr:
		switch {
		case e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT:
			return fmt.Errorf("%w (%w)", ErrFull, err)
		case e.ExtendedCode == sqlite3.ErrIoErrShortRead:
			return &CorruptError{Table: tableOf(sql), Detail: "file is too short", Err: err}
		}
	}
	if t := tableOf(sql); t != "" {
		return fmt.Errorf("registry: table %s: %w", t, err)
	}
	return fmt.Errorf("registry: database: %w", err)
}

// tableOf finds the first table that a statement of ours names.
func tableOf(sql string) string {
	words := strings.Fields(sql)
	for i, w := range words[:max(0, len(words)-1)] {
		switch w {
		case "FROM", "INTO", "UPDATE":
			if t := strings.TrimRight(words[i+1], ",();"); t != "(SELECT" && t != "$1" {
				return t
			}
		}
	}
	return ""
}
