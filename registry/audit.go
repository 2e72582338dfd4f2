package registry

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"
)

// AuditReport is what [Registry.Audit] found.
type AuditReport struct {
	TreeSize    int64     `json:"treeSize"`
	Root        tlog.Hash `json:"root"`
	Records     int64     `json:"records"`
	Changes     int64     `json:"changes"`
	Erased      int64     `json:"erased"`
	Documents   int64     `json:"documents"`
	Checkpoints int64     `json:"checkpoints"`
	KeyFrom     string    `json:"keyFrom"`
	Problems    []Problem `json:"problems"`
	Truncated   bool      `json:"truncated,omitempty"`
}

// OK reports whether everything agrees.
func (a *AuditReport) OK() bool { return len(a.Problems) == 0 && !a.Truncated }

// Problem is one disagreement.
type Problem struct {
	Code      string `json:"code"`
	Table     string `json:"table"`
	ID        string `json:"id,omitempty"`
	LeafIndex int64  `json:"leafIndex"`
	Detail    string `json:"detail"`
}

// Audit is being written.
func (r *Registry) Audit(ctx context.Context, progress func(done, total int64)) (*AuditReport, error) {
	return nil, context.Canceled
}
