package diff

import (
	"bytes"

	"github.com/vidimus/vidimus/internal/pdf"
)

// How a revision came into the file must leave nothing to choose.
//
// Readers disagree on what to do with a file that is a little irregular: one
// follows the cross-reference all the same, another searches the file for
// objects and takes the last of each number, wherever it stands. An attacker
// who appends an object that his cross-reference does not list, and then an
// irregularity, shows a document of his own to the second while the first finds
// nothing changed. Listing the irregularities that do so would be listing the
// readers of the world. So every later revision must be regular to the letter,
// and its bytes accounted for to the last: see [pdf.Revision.Flaws].
//
// What was signed was made by the signer, irregular or not: there every
// leniency stays one. But where something was appended, signed bytes must not
// hold objects that only a searching reader finds: see [pdf.Revision.Strays].
func (h *History) irregular(signed *pdf.Revision) ([]finding, error) {
	var out []finding
	add := func(r *pdf.Revision, list []pdf.Flaw) {
		said := make(map[Kind]bool) // one of each kind says enough
		for _, fl := range list {
			kind := KindAmbiguous
			if fl.Outside {
				kind = KindOutside
			}
			if said[kind] {
				continue
			}
			said[kind] = true
			detail := pdf.Warning{Code: "irregular", Offset: fl.Offset, Detail: fl.Detail}.String()
			out = append(out, finding{Change: Change{Level: Other, Kind: kind, Revision: r.Index, Detail: detail}})
		}
	}
	if h.flaws == nil {
		h.flaws = make(map[int][]pdf.Flaw)
	}
	for _, r := range h.doc.Revisions()[signed.Index+1:] {
		list, known := h.flaws[r.Index]
		if !known {
			if err := h.state.ctx.Err(); err != nil {
				return nil, err
			}
			var err error
			if list, err = r.Flaws(); err != nil {
				return nil, err
			}
			h.flaws[r.Index] = list
		}
		add(r, list)
	}
	if signed.End < h.searched {
		h.strays, h.searched = nil, 0
	}
	if signed.End > h.searched {
		// Once for all signatures: the oldest is asked about first.
		list, err := signed.Strays(h.searched)
		if err != nil {
			return nil, err
		}
		h.strays, h.searched = append(h.strays, list...), signed.End
	}
	add(signed, h.strays)
	return out, nil
}

// endWindow is how far from the end of a file readers look for startxref
// (ISO 32000-1 Annex H.3, implementation note 18).
const endWindow = 1 << 10

// tail refuses bytes that belong to no revision: readers that repair files
// might find objects in them. And it refuses so much white space that readers
// no longer find where to start: these repair what was signed.
func (h *History) tail() ([]finding, error) {
	last := h.doc.Last()
	size := h.doc.Size() - last.End
	if size <= 0 {
		return nil, nil
	}
	bad := func(detail string) []finding {
		return []finding{{Change: Change{Level: Other, Kind: KindOutside, Revision: last.Index, Detail: detail}}}
	}
	if size > endWindow {
		return bad("many bytes after the last revision"), nil
	}
	from := max(0, h.doc.Size()-endWindow)
	buf := make([]byte, h.doc.Size()-from)
	if n, err := h.doc.ReaderAt().ReadAt(buf, from); n < len(buf) {
		return nil, &pdf.ReadError{Offset: from, Err: err}
	}
	if len(bytes.Trim(buf[int64(len(buf))-size:], "\x00\t\n\f\r ")) > 0 {
		return bad("bytes after the last revision"), nil
	}
	if !bytes.Contains(buf, []byte("startxref")) {
		return bad("startxref is too far from the end of the file"), nil
	}
	return nil, nil
}
