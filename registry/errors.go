package registry

import (
	"errors"
	"fmt"
)

var (
	ErrNotFound = errors.New("registry: no such certificate")
	ErrErased   = errors.New("registry: certificate was erased")
	ErrNoLogKey = errors.New("registry: writing needs a log key")
	ErrLogKey   = errors.New("registry: log key does not fit the log")
	ErrOrigin   = errors.New("registry: origin does not fit the log")
	// ErrNotReserved is returned by Record when key, ID, number, salt and time of
	// issue are not those of one reservation.
	ErrNotReserved = errors.New("registry: key, ID and number were not reserved together")
	// ErrOtherDocument is returned by Record when the key was finished meanwhile
	// with other bytes. Reserving again returns the finished certificate.
	ErrOtherDocument = errors.New("registry: certificate is already recorded with another document")
	ErrDuplicateID   = errors.New("registry: candidate ID is taken")
	// ErrBusy is returned when another process held the database for longer than
	// the busy time-out. Nothing was written; the call may be repeated.
	ErrBusy = errors.New("registry: database is locked by another process")
	// ErrFull is returned when the disk or the quota is full. Nothing was
	// written; the call may be repeated once there is room.
	ErrFull = errors.New("registry: no room for the database to grow")
	// ErrCorrupt is what every [*CorruptError] is.
	ErrCorrupt = errors.New("registry: database is corrupt")
	// ErrSchema is returned by [Open] for a file of a newer version, or one that
	// is a database but no registry.
	ErrSchema = errors.New("registry: unknown database schema")
	// ErrRollback is returned instead of signing when the database is older than
	// the last known checkpoint, or contradicts it.
	ErrRollback       = errors.New("registry: database is behind its last checkpoint")
	ErrAnchorConflict = errors.New("registry: anchor holds another checkpoint")
	ErrClosed         = errors.New("registry: closed")
	ErrTile           = errors.New("registry: no such tile")
	ErrProof          = errors.New("registry: no such proof")
	ErrLeaf           = errors.New("registry: not a log leaf")
)

// CorruptError names what no longer is what was written.
type CorruptError struct {
	Table  string // of the database, "" if SQLite itself refuses the file
	Record string // ID, leaf index or key of the row, if known
	Detail string
	Err    error // of the database driver, if any
}

func (e *CorruptError) Error() string {
	s := ErrCorrupt.Error()
	if e.Table != "" {
		s += ": table " + e.Table
	}
	if e.Record != "" {
		s += ": record " + e.Record
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += fmt.Sprintf(": %v", e.Err)
	}
	return s
}

// Is makes errors.Is(err, ErrCorrupt) true.
func (e *CorruptError) Is(target error) bool { return target == ErrCorrupt }

// Unwrap returns the driver's error.
func (e *CorruptError) Unwrap() error { return e.Err }
