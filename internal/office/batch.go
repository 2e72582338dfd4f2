package office

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/vidimus/vidimus"
)

// Result says what became of one row.
type Result struct {
	Line   int // of the table, from 1
	Issued *vidimus.Issued
	Err    error // nil when the certificate exists and its file is written
}

// Outcome is the result in one word: issued, repeated, failed or stopped.
func (r *Result) Outcome() string {
	switch {
	case errors.Is(r.Err, context.Canceled):
		return "stopped" // before it could be issued, when something else stopped the batch
	case r.Err != nil:
		return "failed"
	case r.Issued.Repeated:
		return "repeated"
	}
	return "issued"
}

const (
	// inFlight is how many requests are under way at once: enough that the
	// registry can commit many together while the processors render and sign, few
	// enough that their documents fit into some twenty megabytes.
	inFlight = 512
	// chunkRows is how many rows take their numbers in one transaction. That waits
	// for the one before it, and then what is under way must last until it is done.
	chunkRows = 256
)

// Batch issues all requests of a table and hands each result to done, in the
// order of the table, from one goroutine. It is called for what was under way also
// after it returned an error. Numbers follow that order, too. It may
// be stopped and run again: rows that were finished come back as repeated.
//
// The error is that of reading the table, of ctx, or one returned by done, which
// stops the batch; a row that cannot be issued is a [Result].
func (o *Office) Batch(ctx context.Context, t *Table, done func(*Result) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	// Each row's result travels in a channel of its own, and these channels
	// stand in the order of the rows.
	order := make(chan chan *Result, inFlight)
	var delivered sync.WaitGroup
	delivered.Go(func() {
		for ch := range order { // also after an error: what is under way has results, too
			if err := done(<-ch); err != nil {
				stop(err)
			}
		}
	})
	err := o.runRows(ctx, t, order)
	close(order)
	delivered.Wait()
	if err == nil || errors.Is(err, context.Canceled) {
		err = context.Cause(ctx)
	}
	return err
}

// row is a row on its way: its number is taken, or it has failed already.
type row struct {
	line    int
	pending *vidimus.Pending
	err     error
}

func (o *Office) runRows(ctx context.Context, t *Table, order chan<- chan *Result) error {
	slots := make(chan struct{}, inFlight)
	for more := true; more; {
		rows, err := o.nextRows(ctx, t)
		if more = err == nil; err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		for _, r := range rows {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			ch := make(chan *Result, 1)
			order <- ch
			go func() {
				defer func() { <-slots }()
				if r.err != nil {
					ch <- &Result{Line: r.line, Err: r.err}
					return
				}
				issued, err := r.pending.Finish(ctx)
				ch <- &Result{Line: r.line, Issued: issued, Err: err}
			}()
		}
	}
	return nil
}

// nextRows reads the next rows and takes their numbers. With the last rows comes
// io.EOF.
func (o *Office) nextRows(ctx context.Context, t *Table) ([]*row, error) {
	var rows, good []*row
	var requests []vidimus.Request
	var end error
	for len(rows) < chunkRows {
		q, line, err := t.Next()
		r := &row{line: line}
		var broken *RowError
		switch {
		case errors.As(err, &broken):
			r.err = broken
		case err != nil:
			end = err
		default:
			var c vidimus.Certificate
			if c, r.err = o.certificate(&q); r.err == nil {
				good, requests = append(good, r), append(requests, vidimus.Request{Key: o.key(&q), Certificate: c})
			} else {
				r.err = &vidimus.StepError{Step: "validate", Key: o.key(&q), Err: r.err}
			}
		}
		if end != nil {
			break
		}
		rows = append(rows, r)
	}
	for i, p := range o.issuer.Reserve(ctx, requests) {
		good[i].pending = p
	}
	return rows, end
}

// Issue issues one certificate. See [vidimus.Issuer.Issue] for the errors.
func (o *Office) Issue(ctx context.Context, q *Request) (*vidimus.Issued, error) {
	c, err := o.certificate(q)
	if err != nil {
		return nil, &vidimus.StepError{Step: "validate", Key: o.key(q), Err: err}
	}
	return o.issuer.Issue(ctx, o.key(q), c)
}
