package registry

import (
	"time"

	"github.com/vidimus/vidimus"
)

// Event is one line of the journal.
type Event struct {
	LeafIndex  int64      `json:"leafIndex"`
	At         time.Time  `json:"at"`
	Actor      string     `json:"actor"`
	Action     string     `json:"action"` // [ActionIssue], [ActionErase], or a [vidimus.Action]
	ID         vidimus.ID `json:"id"`
	Effective  time.Time  `json:"effective,omitzero"`
	Reason     string     `json:"reason,omitempty"`
	Basis      string     `json:"basis,omitempty"` // empty after erasure
	ReplacedBy vidimus.ID `json:"replacedBy,omitzero"`

	nonce  []byte // nil after erasure
	digest [32]byte
}

// Actions of the journal beside those of [vidimus.Action].
const (
	ActionIssue = "issue"
	ActionErase = "erase"
)

func (ev *Event) isChange() bool { return ev.Action != ActionIssue && ev.Action != ActionErase }

func (ev *Event) change() vidimus.Change {
	return vidimus.Change{
		Action: vidimus.Action(ev.Action), Effective: ev.Effective, Recorded: ev.At,
		Reason: ev.Reason, Actor: ev.Actor, Basis: ev.Basis, ReplacedBy: ev.ReplacedBy,
	}
}

const eventColumns = "leaf, at, id, actor, action, effective, reason, basis, replaced, nonce, digest"

// scan reads eventColumns, of which the first stands at column c.
func (ev *Event) scan(r row, c int) {
	*ev = Event{
		LeafIndex: r.int(c), At: fromMicros(r.int(c + 1)), Actor: r.text(c + 3), Action: r.text(c + 4),
		Reason: r.text(c + 6), Basis: r.text(c + 7), nonce: r.blob(c + 9), digest: r.hash(c + 10),
	}
	if b := r.blob(c + 2); len(b) == len(ev.ID) {
		ev.ID = vidimus.ID(b)
	}
	if !r.null(c + 5) {
		ev.Effective = fromMicros(r.int(c + 5))
	}
	if b := r.blob(c + 8); len(b) == len(ev.ReplacedBy) {
		ev.ReplacedBy = vidimus.ID(b)
	}
}

func (ev *Event) computeDigest() [32]byte {
	d := newDigester("vidimus/journal/1", len(ev.Actor)+len(ev.Basis))
	d.bytes(ev.nonce)
	d.int(micros(ev.At))
	d.bytes(ev.ID[:])
	d.text(ev.Actor)
	d.text(ev.Action)
	d.text(ev.Reason)
	d.text(ev.Basis)
	if !ev.Effective.IsZero() {
		d.int(micros(ev.Effective))
	}
	d.bytes(ev.ReplacedBy[:])
	return d.sum()
}

const sqlInsertEvent = "INSERT INTO journal (" + eventColumns + `)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

func (ev *Event) insert(q querier) error {
	var effective, replaced value
	if !ev.Effective.IsZero() {
		effective = micros(ev.Effective)
	}
	if !ev.ReplacedBy.IsZero() {
		replaced = ev.ReplacedBy[:]
	}
	return q.exec(sqlInsertEvent, ev.LeafIndex, micros(ev.At), ev.ID[:], ev.Actor, ev.Action, effective,
		ev.Reason, ev.Basis, replaced, ev.nonce, ev.digest[:])
}

const sqlEvents = "SELECT " + eventColumns + " FROM journal WHERE id = $1 AND action <> 'issue' ORDER BY leaf"

// laterEvents returns the events of a certificate after its issue, checked
// against their digests.
func laterEvents(q querier, id vidimus.ID) ([]Event, error) {
	var events []Event
	err := q.query(sqlEvents, func(r row) error {
		var ev Event
		ev.scan(r, 0)
		events = append(events, ev)
		return ev.check()
	}, id[:])
	return events, err
}

// checkWhole is check for a line of a certificate that is there, and so was not
// erased: without its nonce nothing vouches for what it says.
func (ev *Event) checkWhole() error {
	if ev.nonce == nil {
		return &CorruptError{Table: "journal", Record: ev.ID.String(), Detail: "line was blanked, but the certificate not erased"}
	}
	return ev.check()
}

// check reports a line that is not what was written. An erased line has lost
// what its digest hashed.
func (ev *Event) check() error {
	if ev.nonce != nil && ev.computeDigest() != ev.digest {
		return &CorruptError{Table: "journal", Record: ev.ID.String(), Detail: "digest does not match the line"}
	}
	return nil
}
