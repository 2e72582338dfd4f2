package office

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
)

// Find finds a certificate by ID or number. A text that is neither is
// [vidimus.ErrNumber] or, with a slip in it, [vidimus.ErrNumberCheck]; one that
// is not registered [registry.ErrNotFound].
func (o *Office) Find(ctx context.Context, name string) (*registry.Record, error) {
	id, err := Identify(ctx, o.Registry, name)
	if err != nil {
		return nil, err
	}
	return o.Registry.Get(ctx, id)
}

// Resolver finds the ID of an issued number.
type Resolver interface {
	Resolve(ctx context.Context, n vidimus.Number) (vidimus.ID, error)
}

// Identify reads an ID or a number. A number is tried first: with a series of
// five it has sixteen characters and could be taken for an ID.
func Identify(ctx context.Context, r Resolver, name string) (vidimus.ID, error) {
	if !strings.ContainsAny(name, "- ") { // no number is without them
		if id, err := vidimus.ParseID(name); err == nil {
			return id, nil
		}
	}
	n, err := vidimus.ParseNumber(name)
	switch {
	case err == nil:
		return r.Resolve(ctx, n)
	case errors.Is(err, vidimus.ErrNumberCheck):
		return vidimus.ID{}, err
	}
	if id, errID := vidimus.ParseID(name); errID == nil {
		return id, nil
	}
	return vidimus.ID{}, err
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
