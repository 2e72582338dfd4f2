package registry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maxClockStep is how far the clock may have been set back without the log
// showing it: within it a leaf gets the time of the leaf before. Beyond it the
// log tells what the clock said, as a time in the future would keep a
// revocation from counting.
const maxClockStep = 10 * time.Second

// batch is one transaction of the writer: it knows where log and documents end.
type batch struct {
	transaction
	r     *Registry
	log   tree
	last  int64 // time of the last leaf, µs
	start int64 // size of the log at the beginning
	note  []byte

	docs      *documentFile
	docEnd    int64 // in the file, once all is written
	docsStart int64
	unwritten []byte // of the documents, the last before docEnd

	savepoints bool // each part can be undone by itself
	writes     int
	memory

	lastHash tlog.Hash // of the last leaf appended
}

// memory spares a batch to ask again what it knows. Undoing a part empties it.
type memory struct {
	prefixes map[[32]byte]int64  // row of a prefix by its SHA-256
	numbers  map[numberRow]int64 // the last one given
}

type numberRow struct {
	series string
	year   int
}

// logState is a state of the log that this process has checked or made.
type logState struct {
	size int64
	root tlog.Hash
}

const (
	sqlLog           = "SELECT size, edge, last, documents FROM log"
	sqlUpdateLog     = "UPDATE log SET size = $1, edge = $2, last = $3, documents = $4"
	sqlInsertPoint   = "INSERT INTO checkpoint (size, note) VALUES ($1, $2)"
	sqlInsertLeaf    = "INSERT INTO leaf (i, hash, data) VALUES ($1, $2, $3)"
	sqlInsertNode    = "INSERT INTO node (level, i, hash) VALUES ($1, $2, $3)"
	sqlLeafHash      = "SELECT hash FROM leaf WHERE i = $1"
	sqlCoveringPoint = "SELECT size FROM checkpoint WHERE size > $1 ORDER BY size LIMIT 1"
)

// begin reads the end of the log inside the transaction, as another process may
// have written since, and refuses to go on from a state that contradicts what
// is known.
func (r *Registry) begin(ctx context.Context, tx transaction) (*batch, error) {
	found, err := first(tx, sqlLog)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, &CorruptError{Table: "log", Detail: "is empty"}
	}
	b := &batch{
		transaction: tx, r: r, last: found.int(2), start: found.int(0),
		docs: r.store.documents(), docEnd: found.int(3), docsStart: found.int(3), unwritten: r.room[:0],
	}
	if b.log, err = unmarshalTree(found.int(0), found.blob(1)); err != nil {
		return nil, err
	}
	now := logState{b.log.size, b.log.root()}
	if now != r.known {
		if b.note, err = lastCheckpoint(tx); err != nil {
			return nil, err
		}
		if err := r.checkLog(tx, now, b.note); err != nil {
			return nil, err
		}
		r.known, r.note = now, b.note
	}
	b.note = r.note
	return b, r.checkAnchor(ctx, tx, now)
}

// checkLog compares the log's end with the signed checkpoint and with what this
// process saw before.
func (r *Registry) checkLog(q querier, now logState, signed []byte) error {
	c, err := openCheckpoint(signed, r.verifier)
	if err != nil {
		return &CorruptError{Table: "checkpoint", Record: fmt.Sprint(now.size), Err: err}
	}
	if c.size != now.size || c.root != now.root {
		return &CorruptError{Table: "log", Detail: fmt.Sprintf("edge of %d leaves does not match the checkpoint of %d", now.size, c.size)}
	}
	return extends(q, now, r.known, "what this process has seen")
}

// extends reports [ErrRollback] unless the log at now begins with old.
func extends(q querier, now, old logState, name string) error {
	switch {
	case old.size > now.size:
		return fmt.Errorf("%w: it has %d leaves, %s has %d", ErrRollback, now.size, name, old.size)
	case old.size == 0 || old == now:
		return nil
	}
	root, err := tlog.TreeHash(old.size, storedHashes(q))
	if err != nil {
		return err
	}
	if root != old.root {
		return fmt.Errorf("%w: its first %d leaves are not those of %s", ErrRollback, old.size, name)
	}
	return nil
}

func (b *batch) exec(sql string, args ...value) error {
	b.writes++
	return b.transaction.exec(sql, args...)
}

// part runs fn, whose error must leave no trace. Savepoints cost as much as all
// else that a part does, and parts that fail do so before they have written. So
// at first there are none, and one that fails later is errTxLost: the batch is
// then run again with savepoints.
func (b *batch) part(fn func() error) (err error) {
	writes, log, last, docEnd := b.writes, b.log, b.last, b.docEnd
	if b.savepoints {
		log.edge = slices.Clone(log.edge)
		err = b.nested(fn)
	} else if err = fn(); err != nil && b.writes > writes {
		err = fmt.Errorf("%w: %w", errTxLost, err)
	}
	if err != nil {
		b.forget(docEnd)
		b.log, b.last, b.memory = log, last, memory{}
	}
	return err
}

// maxUnwritten is how much of documents is written to their file at once: a call
// for each takes longer than the copying.
const maxUnwritten = growBy

// keep takes the document's own part and returns where in the file it begins.
func (b *batch) keep(tail []byte) (start int64, err error) {
	if b.docEnd == b.docsStart {
		switch size, err := b.docs.size(); {
		case err != nil:
			return 0, err
		case size < b.docEnd:
			return 0, &CorruptError{Table: "document", Detail: b.docs.path + " is too short"}
		}
	}
	if len(b.unwritten) > 0 && len(b.unwritten)+len(tail) > maxUnwritten {
		if err := b.writeDocuments(); err != nil {
			return 0, err
		}
	}
	b.unwritten = append(b.unwritten, tail...)
	start = b.docEnd
	b.docEnd += int64(len(tail))
	return start, nil
}

func (b *batch) writeDocuments() error {
	if len(b.unwritten) == 0 {
		return nil
	}
	start := b.docEnd - int64(len(b.unwritten))
	if err := b.docs.write(b.unwritten, start); err != nil {
		return err
	}
	if b.unwritten = b.unwritten[:0]; cap(b.unwritten) > 2*maxUnwritten { // for a single huge one
		b.unwritten = nil
	}
	b.r.room = b.unwritten // for the next transaction
	return nil
}

// forget undoes what keep did since docEnd was end. What was written to the file
// behind it is written over.
func (b *batch) forget(end int64) {
	b.unwritten = b.unwritten[:max(0, int64(len(b.unwritten))-(b.docEnd-end))]
	b.docEnd = end
}

// append adds a leaf with its line of the journal. It sets the leaf's time and
// journal commitment, the event's time, index and digest, and b.lastHash.
func (b *batch) append(l *Leaf, ev *Event) error {
	at := micros(b.r.now())
	if at < b.last && b.last-at <= maxClockStep.Microseconds() {
		at = b.last
	}
	ev.LeafIndex, ev.At, ev.ID = b.log.size, fromMicros(at), l.ID
	ev.digest = ev.computeDigest()
	l.At, l.Journal = ev.At, ev.digest
	data := l.Bytes()
	hash := tlog.RecordHash(data)
	if err := b.exec(sqlInsertLeaf, ev.LeafIndex, hash[:], string(data)); err != nil {
		return err
	}
	if err := b.log.add(hash, func(level int, i int64, h tlog.Hash) error {
		return b.exec(sqlInsertNode, int64(level), i, h[:])
	}); err != nil {
		return err
	}
	b.last, b.lastHash = at, hash
	return ev.insert(b)
}

// end signs the new checkpoint, one for the whole batch, and makes the documents
// durable that the batch refers to.
func (b *batch) end() error {
	if b.log.size == b.start {
		return nil
	}
	signed, err := b.r.sign(logState{b.log.size, b.log.root()})
	if err != nil {
		return err
	}
	if err := b.exec(sqlInsertPoint, b.log.size, string(signed)); err != nil {
		return err
	}
	b.note = signed
	if err := b.exec(sqlUpdateLog, b.log.size, b.log.marshal(), b.last, b.docEnd); err != nil {
		return err
	}
	if b.docEnd == b.docsStart {
		return nil
	}
	if err := b.writeDocuments(); err != nil {
		return err
	}
	return b.docs.sync()
}

func (r *Registry) sign(s logState) ([]byte, error) {
	c := checkpoint{r.signer.Name(), s.size, s.root}
	signed, err := note.Sign(&note.Note{Text: c.text()}, r.signer)
	if err != nil {
		return nil, fmt.Errorf("registry: sign checkpoint: %w", err)
	}
	return signed, nil
}
