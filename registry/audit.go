package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/vidimus/vidimus"
	"golang.org/x/mod/sumdb/tlog"
)

// AuditReport is what [Registry.Audit] found.
type AuditReport struct {
	TreeSize    int64     `json:"treeSize"`
	Root        tlog.Hash `json:"root"` // recomputed from the leaves
	Records     int64     `json:"records"`
	Changes     int64     `json:"changes"`
	Erased      int64     `json:"erased"`
	Documents   int64     `json:"documents"`
	Checkpoints int64     `json:"checkpoints"`
	KeyFrom     string    `json:"keyFrom"` // "options" or "database": what vouches for the log's key
	Problems    []Problem `json:"problems"`
	Truncated   bool      `json:"truncated,omitempty"` // the audit ended early: there may be more problems
}

// OK reports whether rows, journal, log and checkpoints agree.
func (a *AuditReport) OK() bool {
	return a.KeyFrom != "" && len(a.Problems) == 0 && !a.Truncated
}

// Problem is one disagreement.
type Problem struct {
	Code      string `json:"code"` // one of the Audit… constants
	Table     string `json:"table"`
	ID        string `json:"id,omitempty"` // of the certificate, where it concerns one
	LeafIndex int64  `json:"leafIndex"`    // -1 where it concerns none
	Detail    string `json:"detail"`
}

// Codes of problems.
const (
	AuditDatabase    = "database"             // the database's own structures are damaged
	AuditLeaf        = "leaf"                 // a leaf is missing, malformed, or not what its hash says
	AuditChain       = "chain"                // a leaf does not follow the certificate's previous one
	AuditNode        = "node"                 // a stored hash of the tree is wrong
	AuditEdge        = "edge"                 // the stored end of the log is wrong
	AuditCheckpoint  = "checkpoint"           // a checkpoint is missing or shows another tree
	AuditSignature   = "checkpoint-signature" // a checkpoint was not signed by the log's key
	AuditAnchor      = "anchor"               // the log does not begin with the anchored one
	AuditJournal     = "journal"              // a line is missing, surplus, or not what its leaf commits to
	AuditRecord      = "record"               // a record is missing, surplus, or not what its leaf commits to
	AuditDocument    = "document"             // a document is missing, surplus, or not what its leaf says
	AuditReservation = "reservation"          // a reservation does not fit its record, or numbers have a gap
)

const (
	maxProblems   = 1000 // listed in one report; the first is reason enough to stop trusting
	progressEvery = 1000 // leaves between two calls of progress
)

var errEnough = errors.New("registry: enough problems")

// audit walks the log once, beside the rows.
type audit struct {
	q        querier
	r        *Registry
	report   *AuditReport
	progress func(done, total int64)

	size    int64 // that the log claims
	edge    []byte
	last    int64                     // time of its last leaf, as the log claims
	at      int64                     // the same, as read from the leaf
	tree    tree                      // recomputed
	nodes   int64                     // complete subtrees so far
	points  []point                   // checkpoints not reached yet, one page of them
	links   map[vidimus.ID]*auditLink // of certificates with more than one leaf
	issues  int64
	docEnd  int64 // of the file of documents, as the log claims
	inFile  int64 // documents
	missing int64 // leaves
}

// auditLink is the last leaf seen of a certificate.
type auditLink struct {
	seq  int64
	hash tlog.Hash
}

// Audit recomputes the whole log and compares it with everything else: leaf
// hashes and root, every checkpoint and its signature, the chain of leaves of
// each certificate, journal, records, documents, reservations, and the anchor.
// It reads one snapshot, so writing goes on meanwhile, but the write-ahead log
// is not emptied until the end. progress may be nil.
//
// Disagreements are in the report; an error means that it could not be made.
func (r *Registry) Audit(ctx context.Context, progress func(done, total int64)) (*AuditReport, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	a := &audit{r: r, progress: progress, report: &AuditReport{KeyFrom: r.keyFrom, Problems: []Problem{}}}
	err := r.store.read(ctx, func(q querier) error {
		a.q = q
		return a.run(ctx)
	})
	a.dropErased(ctx)
	if err == nil {
		err = a.database(ctx)
	}
	var corrupt *CorruptError
	switch {
	case errors.Is(err, errEnough):
		a.report.Truncated = true
		return a.report, nil
	case errors.As(err, &corrupt):
		// The database refused to go on: that is a finding, and the last one.
		a.report.Problems = append(a.report.Problems, Problem{AuditDatabase, corrupt.Table, corrupt.Record, -1, corrupt.Error()})
		a.report.Truncated = true
		return a.report, nil
	case err != nil:
		return nil, err
	}
	return a.report, nil
}

// problem notes a disagreement; its error ends the audit.
func (a *audit) problem(code, table string, id vidimus.ID, leaf int64, format string, args ...any) error {
	p := Problem{Code: code, Table: table, LeafIndex: leaf, Detail: fmt.Sprintf(format, args...)}
	if !id.IsZero() {
		p.ID = id.String()
	}
	a.report.Problems = append(a.report.Problems, p)
	if len(a.report.Problems) >= maxProblems {
		return errEnough
	}
	return nil
}

// finding turns damage found by a reading function into a problem and passes
// other errors on.
func (a *audit) finding(code string, id vidimus.ID, leaf int64, err error) error {
	var corrupt *CorruptError
	if !errors.As(err, &corrupt) || corrupt.Err != nil && corrupt.Record == "" {
		return err // nil, a driver's error, or the end of the context
	}
	return a.problem(code, corrupt.Table, id, leaf, "%s", corrupt.Detail)
}

func (a *audit) run(ctx context.Context) error {
	if err := a.readLog(ctx); err != nil {
		return err
	}
	if err := a.findLinks(); err != nil {
		return err
	}
	err := a.q.query("SELECT i, hash, data FROM leaf ORDER BY i", func(r row) error {
		if a.tree.size%progressEvery == 0 {
			a.progress(a.tree.size, a.size)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return a.leaf(r.int(0), tlog.Hash(r.hash(1)), []byte(r.text(2)))
	})
	if err != nil {
		return err
	}
	a.progress(a.tree.size, a.size)
	a.report.TreeSize, a.report.Root = a.tree.size, a.tree.root()
	for _, step := range []func() error{a.logEnd, a.counts, a.prefixes, a.numbers} {
		if err := step(); err != nil {
			return err
		}
	}
	return a.checkAnchor(ctx)
}

// database lets SQLite look at its own structures: a broken index hides rows
// from lookup that the walk above has seen.
func (a *audit) database(ctx context.Context) error {
	said, err := a.r.store.verify(ctx, maxProblems)
	if err != nil {
		return err
	}
	for _, line := range said {
		if err := a.problem(AuditDatabase, "", vidimus.ID{}, -1, "%s", line); err != nil {
			return err
		}
	}
	return nil
}
