package registry

import (
	"context"
	"errors"
	"sync/atomic"
)

// maxBatch bounds what shares one transaction: beyond it the cost of the commit
// no longer shows, and the first caller would wait for nothing.
const maxBatch = 256

// request is one call that waits for the writer.
type request struct {
	ctx      context.Context
	run      func(*batch) error
	state    atomic.Int32
	err      error
	treeSize int64 // after the batch
	done     chan struct{}
}

const (
	requestWaiting = iota
	requestTaken   // the writer runs it: the caller waits for the outcome
	requestDropped // the caller has gone
)

func (q *request) take() bool { return q.state.CompareAndSwap(requestWaiting, requestTaken) }
func (q *request) drop() bool { return q.state.CompareAndSwap(requestWaiting, requestDropped) }

// do hands run to the writer and waits until its effect is durable. It returns
// the size of the tree that covers it. When ctx ends before the writer got to
// it, nothing is done; once it has, do waits for the outcome.
func (r *Registry) do(ctx context.Context, run func(*batch) error) (treeSize int64, err error) {
	if r.signer == nil {
		return 0, ErrNoLogKey
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	q := &request{ctx: ctx, run: run, done: make(chan struct{})}
	select {
	case r.queue <- q:
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-r.quit:
		return 0, ErrClosed
	}
	select {
	case <-q.done:
		return q.treeSize, q.err
	case <-ctx.Done():
		err = ctx.Err()
	case <-r.stopped:
		err = ErrClosed
	}
	if q.drop() {
		return 0, err
	}
	<-q.done
	return q.treeSize, q.err
}

// writeLoop is the only goroutine that writes.
func (r *Registry) writeLoop() {
	defer close(r.stopped)
	for {
		select {
		case q := <-r.queue:
			r.runBatch(q)
		case <-r.quit:
			for q := r.pending(); q != nil; q = r.pending() {
				r.runBatch(q)
			}
			return
		}
	}
}

func (r *Registry) pending() *request {
	select {
	case q := <-r.queue:
		return q
	default:
		return nil
	}
}

// runBatch serves first and all that wait behind it in one transaction, in which
// a bad one does not sink the others.
func (r *Registry) runBatch(first *request) {
	ctx := context.WithoutCancel(first.ctx)
	var taken []*request
	var b *batch
	serve := func(savepoints bool) error {
		return r.store.write(ctx, func(tx transaction) (err error) {
			if b, err = r.begin(ctx, tx); err != nil {
				return err
			}
			b.savepoints = savepoints
			if len(taken) == 0 && first.take() {
				taken = append(taken, first)
			}
			for i := 0; i < len(taken) || r.takeNext(&taken); i++ {
				q := taken[i]
				if q.err = b.part(func() error { return q.run(b) }); errors.Is(q.err, errTxLost) {
					return q.err
				}
			}
			return b.end()
		})
	}
	err := serve(false)
	if errors.Is(err, errTxLost) {
		err = serve(true)
	}
	if err == nil {
		r.known, r.note = logState{b.log.size, b.log.root()}, b.note
		err = r.storeAnchor(ctx)
	} else if len(taken) == 0 {
		// The transaction never began, and would not for the others either.
		if first.take() {
			taken = append(taken, first)
		}
		for r.takeNext(&taken) {
		}
	}
	for _, q := range taken {
		if q.err == nil || errors.Is(q.err, errTxLost) {
			q.err = err
		}
		if b != nil {
			q.treeSize = b.log.size
		}
		close(q.done)
	}
}

// takeNext adds the next one that waits, if there is one.
func (r *Registry) takeNext(taken *[]*request) bool {
	for len(*taken) < maxBatch {
		q := r.pending()
		if q == nil {
			return false
		}
		if q.take() {
			*taken = append(*taken, q)
			return true
		}
	}
	return false
}
