package diff

import (
	"context"

	"github.com/vidimus/vidimus/internal/pdf"
)

// History compares the revisions of one document for several signatures.
type History struct {
	doc *pdf.Document
}

// NewHistory returns a History of doc, which must not be used by others at the
// same time.
func NewHistory(doc *pdf.Document) *History { return &History{doc: doc} }

// Compare is [Compare] with what was found out before. Ask for the oldest
// signature first.
func (h *History) Compare(ctx context.Context, signed *pdf.Revision, opts Options) (*Result, error) {
	return &Result{}, ctx.Err()
}
