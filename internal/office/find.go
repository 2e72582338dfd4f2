package office

import (
	"context"
	"fmt"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
)

// Find finds a certificate by ID or number. A text that is neither is
// [vidimus.ErrNumber] or, with a slip in it, [vidimus.ErrNumberCheck]; one that
// is not registered [registry.ErrNotFound].
func (o *Office) Find(ctx context.Context, name string) (*registry.Record, error) {
	if id, err := vidimus.ParseID(name); err == nil {
		return o.Registry.Get(ctx, id)
	}
	n, err := vidimus.ParseNumber(name)
	if err != nil {
		return nil, err
	}
	return o.Registry.GetByNumber(ctx, n)
}

// Export writes the documents that are missing from the folder, or differ from
// the registry's, and returns how many those were. progress may be nil.
func (o *Office) Export(ctx context.Context, progress func(done int)) (written int, err error) {
	f, err := o.folder()
	if err != nil {
		return 0, err
	}
	done := 0
	for rec, err := range o.Registry.All(ctx) {
		if err != nil {
			return written, err
		}
		if !f.has(rec) {
			doc, err := o.Registry.Document(ctx, rec.Certificate.ID)
			if err != nil {
				return written, fmt.Errorf("office: export %s: %w", rec.Certificate.Number, err)
			}
			if err := f.Publish(ctx, &vidimus.Issued{Certificate: rec.Certificate, Document: doc}); err != nil {
				return written, err
			}
			written++
		}
		if done++; progress != nil {
			progress(done)
		}
	}
	return written, nil
}
