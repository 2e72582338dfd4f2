package signer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
)

// maxAttached bounds the content that a signature carries inside: it is held in
// memory twice. Larger content belongs beside its signature.
const maxAttached = 64 << 20

// ErrTooLarge: content of more than 64 MiB to be put into its signature.
var ErrTooLarge = errors.New("signer: content too large to be attached")

// DetachedOptions shapes a signature on any data. The zero value leaves the
// data outside and claims the present time.
type DetachedOptions struct {
	Attached bool      // put the data into the signature (.p7m); else beside it (.sig, .p7s)
	Time     time.Time // claimed time of signing, in whole seconds; zero is now
}

// SignDetached reads all of r and returns a CAdES-B-B signature on it in DER
// (EN 319 122-1 §6.3): content-type, message-digest, signing-certificate-v2 and
// signing-time. Memory does not grow with the data unless they are attached.
//
// Errors: [ErrNoKey], [*ValidityError], [ErrTooLarge], [ErrSignature], ctx's,
// and what key and r return.
func (id *Identity) SignDetached(ctx context.Context, r io.Reader, opt DetachedOptions) ([]byte, error) {
	if id.key == nil {
		return nil, ErrNoKey
	}
	now := id.now()
	if opt.Time.IsZero() {
		opt.Time = now
	}
	for _, at := range []time.Time{opt.Time, now} {
		if err := id.CheckAt(at); err != nil {
			return nil, err
		}
	}
	r = &contextReader{ctx, r}
	h := id.cms.Hash().New()
	var content []byte
	if opt.Attached {
		var err error
		if content, err = io.ReadAll(io.LimitReader(r, maxAttached+1)); err != nil {
			return nil, fmt.Errorf("signer: read content: %w", err)
		}
		if len(content) > maxAttached {
			return nil, ErrTooLarge
		}
		content = append([]byte{}, content...) // present even when empty
		r = bytes.NewReader(content)
	}
	if _, err := io.CopyBuffer(h, r, make([]byte, copyBuffer)); err != nil {
		return nil, fmt.Errorf("signer: read content: %w", err)
	}
	der, err := id.cms.Sign(ctx, id.key, h.Sum(nil), cms.SignOptions{Rand: id.opt.Rand, SigningTime: opt.Time, Content: content})
	if errors.Is(err, cms.ErrSignatureValue) {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return der, err
}

// contextReader ends with its context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
