package office

import (
	"context"
	"errors"
	"fmt"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/verify"
)

// register lets package verify ask our registry.
type register struct{ reg *registry.Registry }

// Registered implements verify.Register.
func (r register) Registered(ctx context.Context, id vidimus.ID) (*vidimus.Registered, error) {
	rec, err := r.reg.Get(ctx, id)
	switch {
	case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrErased):
		return nil, fmt.Errorf("%w: %w", verify.ErrNotRegistered, err)
	case err != nil:
		return nil, err
	}
	return &vidimus.Registered{Certificate: rec.Certificate, Salt: rec.Salt, URL: rec.URL,
		DocumentSHA256: rec.DocumentSHA256, Changes: rec.Changes}, nil
}
