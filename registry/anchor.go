package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Anchor remembers the last checkpoint in a place that is not restored together
// with the database: another disk, another machine, a witness.
type Anchor interface {
	// Load returns the last stored checkpoint, nil if there is none yet.
	Load(ctx context.Context) ([]byte, error)
	// Store replaces old by new if old is still what is stored, and returns
	// [ErrAnchorConflict] if it is not.
	Store(ctx context.Context, old, new []byte) error
}

// maxAnchorTries bounds the race with other processes for the anchor: each lost
// round means that another one stored its checkpoint.
const maxAnchorTries = 100

// checkAnchor refuses to continue a log that is behind the anchor. A log that
// is ahead of it is normal after a crash between commit and Store.
func (r *Registry) checkAnchor(ctx context.Context, q querier, now logState) error {
	if r.anchor == nil {
		return nil
	}
	signed, err := r.anchor.Load(ctx)
	if err != nil {
		return fmt.Errorf("registry: load anchor: %w", err)
	}
	if r.anchored = signed; signed == nil || slices.Equal(signed, r.note) {
		return nil
	}
	c, err := openCheckpoint(signed, r.verifier)
	if err != nil {
		return fmt.Errorf("%w: anchor: %w", ErrRollback, err)
	}
	return extends(q, now, logState{c.size, c.root}, "the anchor")
}

// storeAnchor runs after the commit and before any caller is told of it.
func (r *Registry) storeAnchor(ctx context.Context) error {
	if r.anchor == nil {
		return nil
	}
	for range maxAnchorTries {
		if slices.Equal(r.anchored, r.note) {
			return nil
		}
		err := r.anchor.Store(ctx, r.anchored, r.note)
		if err == nil {
			r.anchored = r.note
			return nil
		}
		if !errors.Is(err, ErrAnchorConflict) {
			return fmt.Errorf("registry: written, but not anchored: %w", err)
		}
		// Another process, which has committed since, was faster.
		if r.anchored, err = r.anchor.Load(ctx); err != nil {
			return fmt.Errorf("registry: written, but not anchored: %w", err)
		}
		if r.anchored == nil {
			continue
		}
		c, err := openCheckpoint(r.anchored, r.verifier)
		if err != nil {
			return fmt.Errorf("registry: written, but not anchored: %w", err)
		}
		if c.size >= r.known.size {
			return nil // it covers ours: its batch began after our commit, from our state
		}
	}
	return fmt.Errorf("registry: written, but not anchored: %w", ErrAnchorConflict)
}
