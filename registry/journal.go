package registry

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/vidimus/vidimus"
)

const (
	sqlIssueEvent = "SELECT " + eventColumns + " FROM journal WHERE leaf = $1"
	sqlJournal    = "SELECT " + eventColumns + " FROM journal WHERE leaf >= $1 ORDER BY leaf LIMIT $2"

	// Lines read in one snapshot: a snapshot held for a whole export would keep
	// the write-ahead log from being emptied.
	journalPage = 1000
)

// History returns all events of one certificate, the issue first. Of an erased
// one, the erasure and what went before, without the basis; the issue is not
// among them, as nothing but the log leads to it.
//
// Errors: [ErrNotFound], [ErrCorrupt].
func (r *Registry) History(ctx context.Context, id vidimus.ID) (events []Event, err error) {
	err = r.store.read(ctx, func(q querier) error {
		later, err := laterEvents(q, id)
		if err != nil {
			return err
		}
		s, err := findStored(q, id)
		if err != nil {
			if len(later) > 0 && later[len(later)-1].Action == ActionErase {
				events = later
				return nil
			}
			return err
		}
		var issue Event
		if err := q.query(sqlIssueEvent, func(r row) error {
			issue.scan(r, 0)
			return issue.checkWhole()
		}, s.leaf); err != nil {
			return err
		}
		if issue.ID != id || issue.Action != ActionIssue {
			return &CorruptError{Table: "journal", Record: id.String(), Detail: "line of the issue is missing"}
		}
		events = append([]Event{issue}, later...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

// Journal writes all events as CSV (RFC 4180, UTF-8) with a header line:
// leaf, at, actor, action, id, effective, reason, basis, replacedBy. A cell
// that a spreadsheet would run as a formula is preceded by an apostrophe.
func (r *Registry) Journal(ctx context.Context, w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write([]string{"leaf", "at", "actor", "action", "id", "effective", "reason", "basis", "replacedBy"}); err != nil {
		return err
	}
	for next := int64(0); ; {
		var page []Event
		if err := r.store.lookup(ctx, func(q querier) error {
			if err := q.query(sqlJournal, func(r row) error {
				var ev Event
				ev.scan(r, 0)
				page = append(page, ev)
				return ev.check()
			}, next, int64(journalPage)); err != nil {
				return err
			}
			return checkBlanked(q, page)
		}); err != nil {
			return err
		}
		for i := range page {
			if err := out.Write(page[i].cells()); err != nil {
				return fmt.Errorf("registry: write journal: %w", err)
			}
			next = page[i].LeafIndex + 1
		}
		if len(page) < journalPage {
			out.Flush()
			return out.Error()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// checkBlanked wants every line without a nonce to be of an erased certificate.
func checkBlanked(q querier, page []Event) error {
	for i := range page {
		if page[i].nonce != nil {
			continue
		}
		r, err := first(q, sqlErased, page[i].ID[:])
		if err != nil {
			return err
		}
		if r == nil || r.null(0) {
			return page[i].checkWhole()
		}
	}
	return nil
}

func (ev *Event) cells() []string {
	cells := []string{
		strconv.FormatInt(ev.LeafIndex, 10), ev.At.Format(time.RFC3339Nano), ev.Actor, ev.Action, ev.ID.String(),
		"", ev.Reason, ev.Basis, "",
	}
	if !ev.Effective.IsZero() {
		cells[5] = ev.Effective.Format(time.RFC3339Nano)
	}
	if ev.ReplacedBy != (vidimus.ID{}) {
		cells[8] = ev.ReplacedBy.String()
	}
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(c[0])) {
			cells[i] = "'" + c
		}
	}
	return cells
}
