package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/vidimus/vidimus"
	"golang.org/x/mod/sumdb/tlog"
)

// maxDocument is far above one page with its fonts, and far below what SQLite
// or a reader's memory could not hold.
const maxDocument = 64 << 20

const (
	sqlInsertRecord = "INSERT INTO record (" + storedColumns + `, surname, name, start, prefix)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`
	sqlFindPrefix   = "SELECT p FROM prefix WHERE sum = $1"
	sqlInsertPrefix = "INSERT INTO prefix (sum, bytes) VALUES ($1, $2)"
)

// prepared is an entry with all that can be computed before its turn.
type prepared struct {
	entry         *vidimus.Entry
	row           stored
	prefix, tail  []byte // of the document; prefix is empty if it is not shared
	surname, name string
	journal       Event
}

func (r *Registry) prepare(e *vidimus.Entry) (*prepared, error) {
	c := &e.Certificate
	switch {
	case e.Key == "" || c.ID.IsZero() || !c.Number.Valid():
		return nil, fmt.Errorf("%w: key, ID or number is missing", ErrNotReserved)
	case len(e.Document) == 0 || len(e.Document) > maxDocument:
		return nil, fmt.Errorf("registry: document of %d bytes (want 1 to %d)", len(e.Document), maxDocument)
	case !validCode(c.Kind):
		return nil, fmt.Errorf("registry: kind %q is not a code", c.Kind)
	}
	p := &prepared{entry: e, surname: fold(c.Holder.Surname), name: fold(c.Holder.Name)}
	shown := c.Public()
	public, err := shown.AppendJSON(make([]byte, 0, 2<<10))
	if err != nil {
		return nil, fmt.Errorf("registry: encode certificate: %w", err)
	}
	private, err := json.Marshal(Private{c.Holder.SNILS, c.Holder.BirthDate})
	if err != nil {
		return nil, fmt.Errorf("registry: encode private data: %w", err)
	}
	request := requestBinding(e.Key, e.Digest)
	p.row = stored{
		id: c.ID, validFrom: dayNumber(c.ValidFrom), validUntil: dayNumber(c.ValidUntil),
		public: string(public), private: string(private), salt: e.Salt[:], url: e.URL,
		request: request[:], size: int64(len(e.Document)), changes: noChanges,
	}
	if p.row.sha256, err = p.splitDocument(&r.prefixes); err != nil {
		return nil, err
	}
	if p.row.nonce, err = r.newNonce(); err != nil {
		return nil, err
	}
	p.row.digest = p.row.computeDigest()
	p.journal = Event{Actor: e.Actor, Action: ActionIssue}
	p.journal.nonce, err = r.newNonce()
	return p, err
}

// requestBinding lets the record's digest cover the reservation it came from.
func requestBinding(key string, digest [32]byte) [32]byte {
	d := newDigester("vidimus/request/1", len(key))
	d.text(key)
	d.bytes(digest[:])
	return d.sum()
}

// Record implements [vidimus.Registrar]: certificate, document, journal line
// and leaf are written together. A repeated entry returns the first receipt.
//
// Errors: [ErrNotReserved], [vidimus.ErrKeyReused] if the reservation is for
// other data, [ErrOtherDocument], [ErrBusy], [ErrFull], [ErrRollback].
func (r *Registry) Record(ctx context.Context, e vidimus.Entry) (vidimus.Receipt, error) {
	if r.signer == nil {
		return vidimus.Receipt{}, ErrNoLogKey
	}
	p, err := r.prepare(&e)
	if err != nil {
		return vidimus.Receipt{}, err
	}
	var receipt vidimus.Receipt
	size, err := r.do(ctx, func(b *batch) (err error) {
		receipt, err = p.write(b)
		return err
	})
	if err != nil {
		return vidimus.Receipt{}, err
	}
	if receipt.TreeSize == 0 {
		receipt.TreeSize = size
	}
	return receipt, nil
}

func (p *prepared) write(b *batch) (vidimus.Receipt, error) {
	e, s := p.entry, &p.row
	v, err := findReservation(b, e.Key)
	switch {
	case err != nil:
		return vidimus.Receipt{}, err
	case v == nil || v.id != s.id || v.number != e.Certificate.Number || v.salt != e.Salt:
		return vidimus.Receipt{}, fmt.Errorf("%w: %q", ErrNotReserved, e.Key)
	case micros(e.Certificate.IssuedAt) != v.at:
		return vidimus.Receipt{}, fmt.Errorf("%w: %q: time of issue is not that of the reservation", ErrNotReserved, e.Key)
	case v.request != e.Digest:
		return vidimus.Receipt{}, fmt.Errorf("%w: %q", vidimus.ErrKeyReused, e.Key)
	case v.finished && v.sha256 != s.sha256:
		return vidimus.Receipt{}, fmt.Errorf("%w: %q", ErrOtherDocument, e.Key)
	case v.finished:
		return firstReceipt(b, v.id, v.leaf, v.recorded)
	}
	leaf := Leaf{Type: LeafIssue, ID: s.id, Kind: e.Certificate.Kind, Record: s.digest, Document: s.sha256}
	if err := b.append(&leaf, &p.journal); err != nil {
		return vidimus.Receipt{}, err
	}
	s.n, s.leaf, s.recorded = v.n, p.journal.LeafIndex, micros(leaf.At)
	s.seal = s.computeSeal()
	var prefix value
	if len(p.prefix) > 0 {
		if prefix, err = b.prefixID(e.PrefixSum, p.prefix); err != nil {
			return vidimus.Receipt{}, err
		}
	}
	start, err := b.keep(p.tail)
	if err != nil {
		return vidimus.Receipt{}, err
	}
	if err := b.exec(sqlInsertRecord, s.n, s.id[:], s.leaf, s.recorded, s.validFrom, s.validUntil, s.public, s.private,
		s.salt, s.nonce, s.url, s.request, s.sha256[:], s.size, s.digest[:], s.changes, s.seal[:], p.surname, p.name, start, prefix); err != nil {
		return vidimus.Receipt{}, err
	}
	return vidimus.Receipt{ID: s.id, LeafIndex: s.leaf, LeafHash: b.lastHash, Recorded: leaf.At}, nil
}

// firstReceipt rebuilds the receipt that the first call returned.
func firstReceipt(q querier, id vidimus.ID, leaf, recorded int64) (vidimus.Receipt, error) {
	rc := vidimus.Receipt{ID: id, LeafIndex: leaf, Recorded: fromMicros(recorded)}
	h, err := leafHash(q, leaf)
	if err != nil {
		return rc, err
	}
	size, err := first(q, sqlCoveringPoint, leaf)
	if err != nil {
		return rc, err
	}
	if size == nil {
		return rc, &CorruptError{Table: "checkpoint", Detail: fmt.Sprintf("none covers leaf %d", leaf)}
	}
	rc.LeafHash, rc.TreeSize = h, size.int(0)
	return rc, nil
}

func leafHash(q querier, index int64) (tlog.Hash, error) {
	r, err := first(q, sqlLeafHash, index)
	if err != nil {
		return tlog.Hash{}, err
	}
	if r == nil {
		return tlog.Hash{}, &CorruptError{Table: "leaf", Record: fmt.Sprint(index), Detail: "is missing"}
	}
	return tlog.Hash(r.hash(0)), nil
}

func (b *batch) prefixID(sum [32]byte, prefix []byte) (int64, error) {
	if p, ok := b.prefixes[sum]; ok {
		return p, nil
	}
	for range 2 {
		r, err := first(b, sqlFindPrefix, sum[:])
		if err != nil {
			return 0, err
		}
		if r != nil {
			if b.prefixes == nil {
				b.prefixes = make(map[[32]byte]int64)
			}
			b.prefixes[sum] = r.int(0)
			return r.int(0), nil
		}
		if err := b.exec(sqlInsertPrefix, sum[:], bytes.Clone(prefix)); err != nil {
			return 0, err
		}
	}
	return 0, &CorruptError{Table: "prefix", Detail: "a row just written is not there"}
}
