package registry

import (
	"bytes"
	"context"
	"fmt"

	"github.com/vidimus/vidimus"
	"golang.org/x/mod/sumdb/tlog"
)

// point is a row of the table checkpoint.
type point struct {
	size int64
	note string
}

const (
	sqlLogRow = "SELECT size, edge, vkey, last, documents FROM log"
	sqlPoints = "SELECT size, note FROM checkpoint WHERE size > $1 ORDER BY size LIMIT 1000"
	sqlNode   = "SELECT hash FROM node WHERE level = $1 AND i = $2"
	sqlLinked = "SELECT DISTINCT id FROM journal WHERE action <> 'issue'"
)

func (a *audit) readLog(ctx context.Context) error {
	found, err := first(a.q, sqlLogRow)
	if err != nil {
		return err
	}
	if found == nil {
		return &CorruptError{Table: "log", Detail: "is empty"}
	}
	a.size, a.edge, a.last, a.docEnd = found.int(0), found.blob(1), found.int(3), found.int(4)
	if vkey := found.text(2); vkey != a.r.vkey {
		if err := a.problem(AuditSignature, "log", vidimus.ID{}, -1, "verifier key was changed to %q", vkey); err != nil {
			return err
		}
	}
	if err := a.morePoints(-1); err != nil {
		return err
	}
	return a.checkpointsAt(0)
}

func (a *audit) morePoints(after int64) error {
	a.points = a.points[:0]
	return a.q.query(sqlPoints, func(r row) error {
		a.points = append(a.points, point{r.int(0), r.text(1)})
		return nil
	}, after)
}

// checkpointsAt checks the checkpoint of this size, if one was signed.
func (a *audit) checkpointsAt(size int64) error {
	for len(a.points) > 0 && a.points[0].size <= size {
		p := a.points[0]
		if a.points = a.points[1:]; len(a.points) == 0 {
			if err := a.morePoints(p.size); err != nil {
				return err
			}
		}
		a.report.Checkpoints++
		c, err := openCheckpoint([]byte(p.note), a.r.verifier)
		if err != nil {
			if err := a.problem(AuditSignature, "checkpoint", vidimus.ID{}, size-1, "of %d leaves: %v", p.size, err); err != nil {
				return err
			}
			continue
		}
		if c.size != p.size || p.size != size || c.root != a.tree.root() {
			if err := a.problem(AuditCheckpoint, "checkpoint", vidimus.ID{}, size-1,
				"of %d leaves with root %v; the leaves give %v", c.size, c.root, a.tree.root()); err != nil {
				return err
			}
		}
	}
	return nil
}

// findLinks makes a place for the last leaf of each certificate that has more
// than the one of its issue.
func (a *audit) findLinks() error {
	a.links = make(map[vidimus.ID]*auditLink)
	return a.q.query(sqlLinked, func(r row) error {
		if b := r.blob(0); len(b) == len(vidimus.ID{}) {
			a.links[vidimus.ID(b)] = &auditLink{seq: -1}
		}
		return nil
	})
}

// leaf checks one leaf and all that belongs to it.
func (a *audit) leaf(i int64, stored tlog.Hash, data []byte) error {
	if want := a.tree.size + a.missing; i != want {
		a.missing = i - a.tree.size
		if err := a.problem(AuditLeaf, "leaf", vidimus.ID{}, want, "leaves %d to %d are missing", want, i-1); err != nil {
			return err
		}
	}
	hash := tlog.RecordHash(data)
	l, parseErr := ParseLeaf(data)
	var id vidimus.ID
	if parseErr == nil {
		id = l.ID
	} else if err := a.problem(AuditLeaf, "leaf", id, i, "%v", parseErr); err != nil {
		return err
	}
	if hash != stored {
		if err := a.problem(AuditLeaf, "leaf", id, i, "hash does not match the data"); err != nil {
			return err
		}
	}
	if err := a.tree.add(hash, a.node); err != nil {
		return err
	}
	if err := a.checkpointsAt(a.tree.size); err != nil || l == nil {
		return err
	}
	a.at = micros(l.At)
	if err := a.chain(i, hash, l); err != nil {
		return err
	}
	ev, err := a.journalLine(i, l)
	if err != nil {
		return err
	}
	switch l.Type {
	case LeafIssue:
		a.issues++
		return a.issue(i, l)
	case LeafChange:
		a.report.Changes++
		return a.change(i, l, ev)
	default:
		a.report.Erased++
		return a.erasure(i, l)
	}
}

func (a *audit) node(level int, i int64, h tlog.Hash) error {
	a.nodes++
	found, err := first(a.q, sqlNode, int64(level), i)
	if err != nil {
		return err
	}
	if found == nil || tlog.Hash(found.hash(0)) != h {
		return a.problem(AuditNode, "node", vidimus.ID{}, a.tree.size, "hash %d of level %d is missing or wrong", i, level)
	}
	return nil
}

func (a *audit) chain(i int64, hash tlog.Hash, l *Leaf) error {
	link := a.links[l.ID]
	switch {
	case link == nil && l.Type != LeafIssue:
		return a.problem(AuditChain, "leaf", l.ID, i, "the journal knows of no change of this certificate")
	case link == nil:
		return nil // the only leaf; a second issue of one ID does not fit its record
	case l.Seq != link.seq+1 || l.Prev != link.hash:
		if err := a.problem(AuditChain, "leaf", l.ID, i, "seq %d does not follow leaf with seq %d", l.Seq, link.seq); err != nil {
			return err
		}
	}
	link.seq, link.hash = l.Seq, hash
	return nil
}

// logEnd compares the stored end of the log with the recomputed one.
func (a *audit) logEnd() error {
	if a.tree.size+a.missing != a.size {
		if err := a.problem(AuditLeaf, "leaf", vidimus.ID{}, a.tree.size, "the log has %d leaves, %d are there", a.size, a.tree.size); err != nil {
			return err
		}
	}
	if a.last != a.at {
		if err := a.problem(AuditEdge, "log", vidimus.ID{}, a.size-1, "time of the last leaf does not match it"); err != nil {
			return err
		}
	}
	if !bytes.Equal(a.edge, a.tree.marshal()) {
		if err := a.problem(AuditEdge, "log", vidimus.ID{}, a.size-1, "right edge of the tree does not match the leaves"); err != nil {
			return err
		}
	}
	for ; len(a.points) > 0; a.points = a.points[1:] {
		if err := a.problem(AuditCheckpoint, "checkpoint", vidimus.ID{}, a.points[0].size-1, "of %d leaves, the log ends before", a.points[0].size); err != nil {
			return err
		}
	}
	signed, err := first(a.q, sqlLastCheckpoint)
	if err != nil {
		return err
	}
	if signed == nil || signed.int(1) < a.size {
		return a.problem(AuditCheckpoint, "checkpoint", vidimus.ID{}, a.size-1, "the last checkpoint does not cover the log")
	}
	return nil
}

func (a *audit) checkAnchor(ctx context.Context) error {
	if a.r.anchor == nil {
		return nil
	}
	signed, err := a.r.anchor.Load(ctx)
	if err != nil {
		return fmt.Errorf("registry: load anchor: %w", err)
	}
	if signed == nil {
		return nil
	}
	c, err := openCheckpoint(signed, a.r.verifier)
	if err != nil {
		return a.problem(AuditAnchor, "", vidimus.ID{}, -1, "%v", err)
	}
	if c.size > a.size {
		// The snapshot may be older than the anchor, if only by one batch.
		now, err := a.r.Checkpoint(ctx)
		if err != nil {
			return err
		}
		if later, err := openCheckpoint(now, a.r.verifier); err == nil && later.size >= c.size {
			return nil
		}
	}
	if err := extends(a.q, logState{a.tree.size, a.tree.root()}, logState{c.size, c.root}, "the anchor"); err != nil {
		return a.problem(AuditAnchor, "", vidimus.ID{}, c.size-1, "%v", err)
	}
	return nil
}
