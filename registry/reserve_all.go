package registry

import (
	"context"
	"errors"

	"github.com/vidimus/vidimus"
)

// ReserveAll implements [vidimus.BatchReserver]: new keys get their numbers in
// the order of the requests, in one transaction. Each request has its own error.
func (r *Registry) ReserveAll(ctx context.Context, reqs []vidimus.ReserveRequest) ([]vidimus.Reservation, []error) {
	found, errs := make([]*reservation, len(reqs)), make([]error, len(reqs))
	var missing []int
	for i := range reqs {
		if errs[i] = r.checkReserve(&reqs[i]); errs[i] != nil {
			continue
		}
		found[i], errs[i] = r.lookupReservation(ctx, &reqs[i])
		if errs[i] == nil && found[i].mustWrite(&reqs[i]) {
			missing = append(missing, i)
		}
	}
	if len(missing) > 0 {
		_, err := r.do(ctx, func(b *batch) error {
			for _, i := range missing {
				errs[i] = b.nested(func() (err error) {
					found[i], err = reserve(b, &reqs[i])
					return err
				})
				if errors.Is(errs[i], errTxLost) {
					return errs[i]
				}
			}
			return nil
		})
		if err != nil { // of the transaction, and so of all in it
			for _, i := range missing {
				errs[i] = err
			}
		}
	}
	replies := make([]vidimus.Reservation, len(reqs))
	for i := range reqs {
		if errs[i] == nil {
			replies[i], errs[i] = r.answer(ctx, found[i], &reqs[i])
		}
	}
	return replies, errs
}
