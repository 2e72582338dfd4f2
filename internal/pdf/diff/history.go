package diff

import (
	"context"
	"errors"
	"slices"

	"github.com/vidimus/vidimus/internal/pdf"
)

// History compares the revisions of one document for several signatures: each
// is compared with its predecessor once.
type History struct {
	doc   *pdf.Document
	base  *pdf.Revision // where the comparison began
	state *state
	steps [][]finding // of the revisions after base
	gave  *Result     // up: what a limit led to, for all signatures

	flaws    map[int][]pdf.Flaw // by revision
	strays   []pdf.Flaw         // in the bytes up to searched
	searched int64
}

// NewHistory returns a History of doc, which must not be used by others at the
// same time.
func NewHistory(doc *pdf.Document) *History { return &History{doc: doc} }

// Compare is [Compare] with what was found out before. Ask for the oldest
// signature first.
func (h *History) Compare(ctx context.Context, signed *pdf.Revision, opts Options) (*Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v := verdict{opts: opts, signed: signed.Index, locked: h.doc.Locked() != nil, level: None}
	tail, err := h.tail()
	if err != nil {
		return nil, err
	}
	v.add(tail...)
	if signed.Index == h.doc.Last().Index {
		return v.result(), nil
	}
	if h.gave != nil {
		return h.gave, nil
	}
	if h.state == nil || h.base.Index > signed.Index {
		h.base, h.steps = signed, nil
		h.state = newState(ctx, signed)
	}
	h.state.ctx = ctx
	revs := h.doc.Revisions()
	for i := h.base.Index + len(h.steps) + 1; i < len(revs) && h.state.err == nil; i++ {
		step := h.state.compareNext(revs[i])
		if h.state.err == nil {
			h.steps = append(h.steps, step)
		}
	}
	if err := h.state.err; err != nil {
		return h.failed(err)
	}
	for _, step := range h.steps[signed.Index-h.base.Index:] {
		v.add(step...)
	}
	odd, err := h.irregular(signed)
	if err != nil {
		return h.failed(err)
	}
	v.add(odd...)
	v.add(h.ambiguous(signed)...)
	if h.state.spills {
		v.add(finding{Change: Change{Level: Other, Kind: KindOutside, Revision: signed.Index, Ref: h.state.spilling,
			Detail: "the object ends after the revision that it belongs to"}})
	}
	return v.result(), nil
}

// failed says what an error means: of the reader or the context, that the file
// could not be checked; of a limit, that it is too much to be compared.
func (h *History) failed(err error) (*Result, error) {
	h.state, h.steps = nil, nil
	var read *pdf.ReadError
	switch {
	case errors.As(err, &read), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, err
	}
	kind := KindLimit
	if errors.Is(err, errNoCatalog) {
		kind = KindUnreadable
	}
	if h.doc.Locked() != nil && errors.Is(err, h.doc.Locked()) {
		kind = KindLocked
	}
	h.gave = &Result{Changes: []Change{{Kind: kind, Detail: err.Error()}}}
	return h.gave, nil
}

// harmlessCodes are the leniencies after which every reader still sees the same
// objects; after all others in a later revision one may search for them.
var harmlessCodes = map[pdf.Code]bool{
	pdf.WarnHybrid: true, pdf.WarnFlateChecksum: true, pdf.WarnFilterTail: true, pdf.WarnPageTree: true,
	pdf.WarnPermsMismatch: true, pdf.WarnPadding: true,
}

// maxKept is how many warnings the reader keeps: when there are more, some are
// not known.
const maxKept = 512

// ambiguous looks at what the reader put up with: in later revisions, and where
// the signed one ends.
func (h *History) ambiguous(signed *pdf.Revision) []finding {
	var out []finding
	add := func(r *pdf.Revision, detail string) {
		out = append(out, finding{Change: Change{Level: Other, Kind: KindAmbiguous, Revision: r.Index, Detail: detail}})
	}
	list := h.doc.Warnings()
	if len(list) >= maxKept {
		add(h.doc.Last(), "more irregularities than are kept")
	}
	revs := h.doc.Revisions()[signed.Index:]
	for _, w := range list {
		i := slices.IndexFunc(revs, func(r *pdf.Revision) bool { return w.Offset >= r.Start && w.Offset < r.End })
		if i < 0 {
			continue
		}
		switch {
		case w.Code == pdf.WarnStartXRef && w.Offset > revs[i].XRefOffset:
			// What a reader of file[:End] starts from is not what the chain of
			// /Prev leads to: the signer saw another document.
			add(revs[i], w.String())
		case w.Code == pdf.WarnMissingEOF, i > 0 && !harmlessCodes[w.Code]:
			add(revs[i], w.String())
		}
	}
	return out
}
