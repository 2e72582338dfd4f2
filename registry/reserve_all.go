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
	if err := r.store.read(ctx, func(q querier) error {
		for i := range reqs {
			if errs[i] = r.checkReserve(&reqs[i]); errs[i] != nil {
				continue
			}
			found[i], errs[i] = findReservation(q, reqs[i].Key)
			if errs[i] == nil && found[i].mustWrite(&reqs[i]) {
				missing = append(missing, i)
			}
		}
		return nil
	}); err != nil {
		for i := range errs {
			errs[i] = err
		}
		return make([]vidimus.Reservation, len(reqs)), errs
	}
	if len(missing) > 0 {
		_, err := r.do(ctx, func(b *batch) error {
			for _, i := range missing {
				errs[i] = b.part(func() (err error) {
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
