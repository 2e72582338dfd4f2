package signer

import (
	"bytes"
	"context"

	"github.com/vidimus/vidimus"
)

// Hybrid signs each document twice, for readers that know only one of two kinds
// of signature, such as GOST R 34.10-2012 and ECDSA. Certify certifies the page,
// Approve adds an approval signature in an incremental update, which the
// certification allows (ISO 32000-2 §12.8.2.2, P=2). Both verify on their own.
//
// Render pages with the mark and [Identity.HoleSize] of Certify.
type Hybrid struct {
	Certify, Approve *Identity
	// Options shape the second signature; Kind is Approve whatever they say.
	Options PDFOptions
}

// SignDraft implements [vidimus.Signer]. Errors are those of
// [Identity.SignDraft] and [Identity.SignPDF].
func (h *Hybrid) SignDraft(ctx context.Context, d *vidimus.Draft) ([]byte, error) {
	first, err := h.Certify.SignDraft(ctx, d)
	if err != nil {
		return nil, err
	}
	opt := h.Options
	opt.Kind = Approve
	if opt.Time.IsZero() {
		opt.Time = d.Time
	}
	var out bytes.Buffer
	out.Grow(len(first) + h.Approve.HoleSize() + updateRoom)
	if err := h.Approve.SignPDF(ctx, &out, bytes.NewReader(first), int64(len(first)), opt); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// updateRoom is about what an update needs beside the signature.
const updateRoom = 4 << 10

var _ vidimus.Signer = (*Hybrid)(nil)
