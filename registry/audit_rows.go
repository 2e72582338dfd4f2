package registry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/vidimus/vidimus"
)

const (
	sqlReservationOf = "SELECT key, request, series, year, seq, salt, at FROM reservation WHERE n = $1"
	sqlFolded        = "SELECT surname, name FROM record WHERE n = $1"
	sqlPrefixes      = "SELECT sum, bytes FROM prefix"
	sqlNumbers       = "SELECT series, year, count(*), max(seq) FROM reservation GROUP BY series, year"
	sqlAllRecords    = "SELECT id, leaf FROM record"
)

// journalLine compares the line of a leaf with it.
func (a *audit) journalLine(i int64, l *Leaf) (*Event, error) {
	var ev *Event
	if err := a.q.query(sqlIssueEvent, func(r row) error {
		ev = &Event{}
		ev.scan(r, 0)
		return nil
	}, i); err != nil {
		return nil, err
	}
	bad := func(format string, args ...any) (*Event, error) {
		return ev, a.problem(AuditJournal, "journal", l.ID, i, format, args...)
	}
	if ev == nil {
		return bad("line is missing")
	}
	if ev.nonce == nil {
		erased, err := first(a.q, sqlErased, l.ID[:])
		if err != nil {
			return ev, err
		}
		if erased == nil || erased.null(0) {
			return bad("line was blanked, but the certificate not erased")
		}
	} else if ev.computeDigest() != ev.digest {
		return bad("digest does not match the line")
	}
	action := string(l.Type)
	if l.Type == LeafChange {
		action = string(l.Action)
	}
	if ev.digest != l.Journal || ev.ID != l.ID || !ev.At.Equal(l.At) || ev.Action != action {
		return bad("line is not the one that leaf %d commits to", i)
	}
	return ev, nil
}

func (a *audit) change(i int64, l *Leaf, ev *Event) error {
	if ev != nil && (ev.Reason != l.Reason || !ev.Effective.Equal(l.Effective) || ev.ReplacedBy != l.Replacement) {
		return a.problem(AuditJournal, "journal", l.ID, i, "change is not the one in leaf %d", i)
	}
	return nil
}

// erasure checks that nothing is left of an erased certificate.
func (a *audit) erasure(i int64, l *Leaf) error {
	found, err := first(a.q, sqlErased, l.ID[:])
	if err != nil {
		return err
	}
	if found == nil || found.null(0) || found.int(0) != i {
		return a.problem(AuditReservation, "reservation", l.ID, i, "does not point to the erasure")
	}
	if _, err := findStored(a.q, l.ID); !errors.Is(err, ErrErased) {
		return a.problem(AuditRecord, "record", l.ID, i, "is there though it was erased")
	}
	return nil
}

// issue compares the leaf of an issue with record, document and reservation.
func (a *audit) issue(i int64, l *Leaf) error {
	var s stored
	found := false
	if err := a.q.query(sqlByID, func(r row) error {
		found = true
		s.scan(r)
		return nil
	}, l.ID[:]); err != nil {
		return err
	}
	if !found {
		return a.notFound(i, l)
	}
	a.report.Records++
	for _, step := range []func(int64, *Leaf, *stored) error{a.record, a.recordColumns, a.document, a.reservation} {
		if err := step(i, l, &s); err != nil {
			return err
		}
	}
	return nil
}

// notFound accepts an absent record only where a leaf says that it was erased.
func (a *audit) notFound(i int64, l *Leaf) error {
	found, err := first(a.q, sqlErased, l.ID[:])
	if err != nil {
		return err
	}
	if found != nil && !found.null(0) {
		erase, err := readLeaf(a.q, found.int(0))
		if err == nil && erase.Type == LeafErase && erase.ID == l.ID {
			return nil
		}
	}
	return a.problem(AuditRecord, "record", l.ID, i, "is missing, and no leaf says that it was erased")
}

func (a *audit) record(i int64, l *Leaf, s *stored) error {
	if err := a.finding(AuditRecord, l.ID, i, s.check()); err != nil {
		return err
	}
	if s.digest != l.Record || s.sha256 != l.Document || s.leaf != i || s.recorded != micros(l.At) || s.id != l.ID {
		if err := a.problem(AuditRecord, "record", l.ID, i, "is not the one that leaf %d commits to", i); err != nil {
			return err
		}
	}
	events, err := laterEvents(a.q, l.ID)
	if err != nil {
		return a.finding(AuditJournal, l.ID, i, err)
	}
	changes, err := publicChanges(events)
	if err != nil {
		return err
	}
	if changes != s.changes {
		return a.problem(AuditRecord, "record", l.ID, i, "changes do not match the journal")
	}
	return nil
}

// recordColumns compares the columns that repeat what the certificate says.
func (a *audit) recordColumns(i int64, l *Leaf, s *stored) error {
	rec, err := s.decode()
	if err != nil {
		return a.finding(AuditRecord, l.ID, i, err)
	}
	c := &rec.Certificate
	folded, err := first(a.q, sqlFolded, s.n)
	if err != nil {
		return err
	}
	switch {
	case c.Kind != l.Kind:
		return a.problem(AuditRecord, "record", l.ID, i, "kind is not the one in leaf %d", i)
	case dayNumber(c.ValidFrom) != s.validFrom || dayNumber(c.ValidUntil) != s.validUntil:
		return a.problem(AuditRecord, "record", l.ID, i, "columns of validity differ from the certificate")
	case folded == nil || folded.text(0) != fold(c.Holder.Surname) || folded.text(1) != fold(c.Holder.Name):
		return a.problem(AuditRecord, "record", l.ID, i, "is indexed under another name")
	}
	return nil
}

func (a *audit) document(i int64, l *Leaf, s *stored) error {
	a.report.Documents++
	p, err := findDocument(a.q, s)
	if err != nil {
		return a.finding(AuditDocument, l.ID, i, err)
	}
	if p.inFile {
		a.inFile++
		if p.start+p.size > a.docEnd {
			return a.problem(AuditDocument, "log", l.ID, i, "documents are said to end before this one does")
		}
	}
	doc, err := a.r.readDocument(s, &p)
	if err != nil {
		return a.finding(AuditDocument, l.ID, i, err)
	}
	if int64(len(doc)) != s.size || sha256.Sum256(doc) != l.Document {
		return a.problem(AuditDocument, "document", l.ID, i, "is not the one that leaf %d names", i)
	}
	return nil
}

func (a *audit) reservation(i int64, l *Leaf, s *stored) error {
	r, err := first(a.q, sqlReservationOf, s.n)
	if err != nil {
		return err
	}
	if r == nil {
		return a.problem(AuditReservation, "reservation", l.ID, i, "is missing")
	}
	rec, err := s.decode()
	if err != nil {
		return nil // reported with the columns
	}
	number := vidimus.Number{Series: r.text(2), Year: int(r.int(3)), Seq: r.int(4)}
	binding := requestBinding(r.text(0), r.hash(1))
	if number != rec.Certificate.Number || r.int(6) != micros(rec.Certificate.IssuedAt) || !bytes.Equal(r.blob(5), s.salt) || !bytes.Equal(binding[:], s.request) {
		return a.problem(AuditReservation, "reservation", l.ID, i, "number, time, salt, key or request digest differ from the record")
	}
	return nil
}

// dropErased drops what was found of documents that were overwritten while the
// audit read its snapshot.
func (a *audit) dropErased(ctx context.Context) {
	a.report.Problems = slices.DeleteFunc(a.report.Problems, func(p Problem) bool {
		id, err := vidimus.ParseID(p.ID)
		return p.Code == AuditDocument && err == nil && a.r.erased(ctx, id)
	})
}

// counts finds rows that no leaf led to.
func (a *audit) counts() error {
	for _, c := range []struct {
		code, table string
		want        int64
	}{
		{AuditLeaf, "leaf", a.size},
		{AuditNode, "node", a.nodes},
		{AuditJournal, "journal", a.size},
		{AuditRecord, "record", a.issues - a.report.Erased},
		{AuditDocument, "document", a.report.Documents - a.inFile},
	} {
		r, err := first(a.q, "SELECT count(*) FROM "+c.table)
		if err != nil {
			return err
		}
		if got := r.int(0); got != c.want {
			if err := a.problem(c.code, c.table, vidimus.ID{}, -1, "%d rows, the log accounts for %d", got, c.want); err != nil {
				return err
			}
			if c.table == "record" && got > c.want {
				if err := a.surplus(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// surplus names the records that are not in the log.
func (a *audit) surplus() error {
	return a.q.query(sqlAllRecords, func(r row) error {
		l, err := readLeaf(a.q, r.int(1))
		if err == nil && l.Type == LeafIssue && bytes.Equal(l.ID[:], r.blob(0)) {
			return nil
		}
		var id vidimus.ID
		copy(id[:], r.blob(0))
		return a.problem(AuditRecord, "record", id, r.int(1), "is not in the log")
	})
}

func (a *audit) prefixes() error {
	return a.q.query(sqlPrefixes, func(r row) error {
		if sha256.Sum256(r.blob(1)) != r.hash(0) {
			return a.problem(AuditDocument, "prefix", vidimus.ID{}, -1, "bytes of %x do not match their digest", r.blob(0))
		}
		return nil
	})
}

func (a *audit) numbers() error {
	return a.q.query(sqlNumbers, func(r row) error {
		if r.int(2) != r.int(3) {
			return a.problem(AuditReservation, "reservation", vidimus.ID{}, -1,
				"series %s of %d: %d numbers up to %s", r.text(0), r.int(1), r.int(2), fmt.Sprint(r.int(3)))
		}
		return nil
	})
}
