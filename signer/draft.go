package signer

import (
	"context"
	"crypto/sha256"
	"encoding"
	"errors"
	"fmt"
	"hash"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

// ErrDraft: the draft's ByteRange, hole or prefix do not fit its bytes.
var ErrDraft = errors.New("signer: malformed draft")

// SignDraft implements [vidimus.Signer]: it signs a page that was rendered with
// a hole of [Identity.HoleSize] digits and returns the finished document, a
// PAdES-B-B signature (EN 319 142-1 §6.3), in the memory of d.Bytes, which it
// changes only if all went well. The signature value is taken as the key
// returns it: [vidimus.Issuer] has the finished document verified; who calls this
// alone should do so too. What the signature dictionary says is the renderer's
// affair; the certificates must be valid at d.Time, which
// stands there, and now.
//
// Errors: [ErrDraft], [*HoleError], [*ValidityError], [ErrNoKey], and what the
// key returned.
func (id *Identity) SignDraft(ctx context.Context, d *vidimus.Draft) ([]byte, error) {
	start, end, err := draftHole(d)
	if err != nil {
		return nil, err
	}
	if need, have := id.cms.MaxSize(0), (end-start)/2; need > have {
		return nil, &HoleError{Need: need, Have: have}
	}
	for _, at := range []time.Time{d.Time, id.now()} {
		if err := id.CheckAt(at); err != nil {
			return nil, err
		}
	}
	digest, err := id.draftDigest(d)
	if err != nil {
		return nil, err
	}
	if id.key == nil {
		return nil, ErrNoKey
	}
	// Nothing leaves a vidimus.Issuer before its ProductVerifier has checked it:
	// once is enough.
	der, err := id.cms.Sign(ctx, id.key, digest, cms.SignOptions{Rand: id.opt.Rand, UncheckedUnsafe: true})
	if err != nil {
		return nil, err
	}
	if err := fill(d.Bytes[start:end], der); err != nil {
		return nil, err
	}
	return d.Bytes, nil
}

// draftHole checks that the ByteRange covers all but one hexadecimal string of
// zeros (ISO 32000-2 §12.8.1) and returns where its digits are.
func draftHole(d *vidimus.Draft) (start, end int, err error) {
	r, size := d.ByteRange, int64(len(d.Bytes))
	// Each number is bounded by the size before it is added to another.
	if r[0] != 0 || r[1] < 0 || r[1] > size || r[2] < r[1]+2 || r[2] > size || r[3] != size-r[2] {
		return 0, 0, fmt.Errorf("%w: ByteRange %v of %d bytes", ErrDraft, r, size)
	}
	if d.Bytes[r[1]] != '<' || d.Bytes[r[2]-1] != '>' || !zeros(d.Bytes[r[1]+1:r[2]-1]) {
		return 0, 0, fmt.Errorf("%w: no empty placeholder at %d to %d", ErrDraft, r[1], r[2])
	}
	if d.PrefixLen < 0 || int64(d.PrefixLen) > r[1] {
		return 0, 0, fmt.Errorf("%w: prefix of %d bytes reaches into the placeholder at %d", ErrDraft, d.PrefixLen, r[1])
	}
	return int(r[1]) + 1, int(r[2]) - 1, nil
}

// draftDigest hashes the byte range, beginning after the prefix if the state of
// the digest after it is known.
func (id *Identity) draftDigest(d *vidimus.Draft) ([]byte, error) {
	h := id.cms.Hash().New()
	from := 0
	if d.PrefixState != nil && id.cms.Hash().OID == pki.OIDSHA256 {
		if err := resume(h, d); err != nil {
			return nil, err
		}
		from = d.PrefixLen
	}
	h.Write(d.Bytes[from:d.ByteRange[1]])
	h.Write(d.Bytes[d.ByteRange[2]:])
	return h.Sum(nil), nil
}

// resume puts h into the state after the prefix and checks that it is the
// state that gives the prefix's digest, so that a stale one is not signed.
func resume(h hash.Hash, d *vidimus.Draft) error {
	u, ok := h.(encoding.BinaryUnmarshaler)
	if !ok {
		return fmt.Errorf("%w: digest cannot be resumed", ErrDraft)
	}
	if err := u.UnmarshalBinary(d.PrefixState); err != nil {
		return fmt.Errorf("%w: state of the prefix: %v", ErrDraft, err)
	}
	var sum [sha256.Size]byte
	if h.Sum(sum[:0]); sum != d.PrefixSum {
		return fmt.Errorf("%w: state and digest of the prefix differ", ErrDraft)
	}
	return nil
}

var _ vidimus.Signer = (*Identity)(nil)
