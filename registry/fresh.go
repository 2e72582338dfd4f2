package registry

import (
	"context"
	"fmt"
)

// Fresh says whether this is the newest state of the registry that the anchor
// knows. A reader of an old copy that was put back would call revoked
// certificates good. The error is ErrRollback if it is behind the anchor, or
// has another history; nil also if there is no anchor. It costs some tens of
// microseconds: ask when starting and from time to time, not at each lookup.
func (r *Registry) Fresh(ctx context.Context) error {
	if r.anchor == nil {
		return nil
	}
	// The anchor is read first: it is written after the registry, so that it is
	// never ahead of what is read next.
	signed, err := r.anchor.Load(ctx)
	if err != nil {
		return fmt.Errorf("registry: load anchor: %w", err)
	}
	if signed == nil {
		return nil
	}
	known, err := openCheckpoint(signed, r.verifier)
	if err != nil {
		return fmt.Errorf("%w: anchor: %w", ErrRollback, err)
	}
	return r.store.lookup(ctx, func(q querier) error {
		last, err := lastCheckpoint(q)
		if err != nil {
			return err
		}
		now, err := openCheckpoint(last, r.verifier)
		if err != nil {
			return &CorruptError{Table: "checkpoint", Detail: err.Error()}
		}
		return extends(q, logState{now.size, now.root}, logState{known.size, known.root}, "the anchor")
	})
}
