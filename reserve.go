package vidimus

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"
)

// Request is data to be certified, under the key by which a repeated request is
// known.
type Request struct {
	Key         string
	Certificate Certificate
}

// Pending is a certificate that has its ID and number and lacks all the rest.
type Pending struct {
	issuer      *Issuer
	key         string
	request     ReserveRequest
	kind        Kind
	certificate Certificate
	reservation Reservation
	err         error
}

// BatchReserver is a capability of a [Registrar] that can reserve for many
// requests in one transaction, with numbers in their order. It returns one
// reservation and one error for each request.
type BatchReserver interface {
	ReserveAll(ctx context.Context, rs []ReserveRequest) ([]Reservation, []error)
}

// maxKey bounds an idempotency key: a UUID, a file name with a row number, or a
// hash in hexadecimal all fit.
const maxKey = 200

// Reserve checks the requests and takes their numbers, in their order. Each
// result is then finished by [Pending.Finish], in any order and from any
// goroutine; that is also where the error of a bad request comes out. One that
// is never finished keeps its number for the next request with its key.
func (is *Issuer) Reserve(ctx context.Context, requests []Request) []*Pending {
	all := make([]*Pending, len(requests))
	good := make([]*Pending, 0, len(requests))
	asked := make([]ReserveRequest, 0, len(requests))
	for i := range requests {
		p := &Pending{issuer: is, key: requests[i].Key, certificate: requests[i].Certificate}
		all[i] = p
		if p.err = is.prepare(p); p.err == nil {
			good, asked = append(good, p), append(asked, p.request)
		}
	}
	got, errs := is.reserveAll(ctx, asked)
	for i, p := range good {
		if errors.Is(errs[i], ErrKeyReused) {
			p.request.Digest, errs[i] = dataDigest(&p.certificate) // as requests had it earlier
			if errs[i] == nil {
				got[i], errs[i] = is.Registry.Reserve(ctx, p.request)
			}
		}
		if errs[i] != nil {
			p.err = &StepError{Step: "reserve", Key: p.key, Err: errs[i]}
		}
		p.reservation = got[i]
	}
	return all
}

func (is *Issuer) reserveAll(ctx context.Context, rs []ReserveRequest) ([]Reservation, []error) {
	if b, ok := is.Registry.(BatchReserver); ok && len(rs) > 1 {
		return b.ReserveAll(ctx, rs)
	}
	got, errs := make([]Reservation, len(rs)), make([]error, len(rs))
	for i := range rs {
		got[i], errs[i] = is.Registry.Reserve(ctx, rs[i])
	}
	return got, errs
}

// prepare does all that needs no registry.
func (is *Issuer) prepare(p *Pending) error {
	c := &p.certificate
	if p.key == "" || len(p.key) > maxKey || !cleanText(p.key) {
		return fmt.Errorf("%w: %q (want 1 to %d bytes of clean text)", ErrKey, clip(p.key), maxKey)
	}
	if !c.ID.IsZero() || c.Number != (Number{}) || !c.IssuedAt.IsZero() {
		return ErrNotBlank
	}
	fail := func(err error) error { return &StepError{Step: "validate", Key: p.key, Err: err} }
	var err error
	if p.kind, err = is.check(c); err != nil {
		return fail(err)
	}
	if r, ok := is.Renderer.(Prechecker); ok {
		if err := r.Precheck(c, p.kind); err != nil {
			return fail(err)
		}
	}
	now := is.now()
	if until := c.ValidUntil; !until.IsZero() && !now.Before(until.End(Moscow())) {
		return fail(FieldErrors{{Field: "validUntil", Code: CodeTerm, Got: until.String(), Want: "a term that has not ended already"}})
	}
	digest, err := requestDigest(c)
	if err != nil {
		return fail(err)
	}
	p.request = ReserveRequest{Key: p.key, Digest: digest, Series: is.Series, At: now}
	p.request.Year = p.request.At.In(Moscow()).Year()
	if err := is.draw(&p.request); err != nil {
		return fail(err)
	}
	return nil
}

func (is *Issuer) check(c *Certificate) (Kind, error) {
	if !ValidSeries(is.Series) {
		return Kind{}, fmt.Errorf("series %q: want 1 to %d of A-Z and 0-9", is.Series, maxSeries)
	}
	kinds := is.Kinds
	if kinds == nil {
		k := DefaultKinds()
		kinds = &k
	}
	kind, _ := kinds.Get(c.Kind)
	if c.ValidUntil.IsZero() {
		c.ValidUntil = kind.Until(c.ValidFrom)
	}
	return kind, Validate(c, *kinds)
}

func (is *Issuer) now() time.Time {
	if is.Now != nil {
		return is.Now().UTC()
	}
	return time.Now().UTC()
}

func (is *Issuer) draw(req *ReserveRequest) error {
	r := is.Rand
	if r == nil {
		r = rand.Reader
	}
	var err error
	if req.ID, err = NewID(r); err != nil {
		return err
	}
	if _, err := io.ReadFull(r, req.Salt[:]); err != nil {
		return fmt.Errorf("vidimus: draw a salt: %w", err)
	}
	return nil
}

// requestDigest tells a repeated request from another one under the same key. Who
// signs is not part of what is asked for: a table that is run again after another
// official took office names the certificates that exist.
func requestDigest(c *Certificate) ([32]byte, error) {
	asked := *c
	asked.Signatory = Signatory{}
	return dataDigest(&asked)
}

// dataDigest is over all of a certificate. As the digest of a request it was in
// use until 2026-11-22, and registries hold such ones.
func dataDigest(c *Certificate) ([32]byte, error) {
	b, err := c.AppendJSON(make([]byte, 0, 2<<10))
	if err != nil {
		return [32]byte{}, fmt.Errorf("vidimus: encode request: %w", err)
	}
	return sha256.Sum256(b), nil
}
