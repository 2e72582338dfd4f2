package pdf

import (
	"iter"
	"slices"
)

// Revision is the document at one point of its history: what a reader of
// file[:End] would have seen. An incremental update (ISO 32000-2 §7.5.6) adds
// a revision; table and stream of a hybrid file are one, and so are the two
// sections of a linearized file.
type Revision struct {
	doc      *Document
	sections []*section // newest first

	Index      int   // in Document.Revisions, from 0
	Start      int64 // End of the revision before; 0 for the first
	End        int64 // after the revision's %%EOF and its end of line; never less than Start
	XRefOffset int64 // of its cross-reference section (the one startxref names)
	Linearized bool
}

// Trailer returns the trailer dictionary: that of the cross-reference section,
// or the dictionary of the cross-reference stream.
func (r *Revision) Trailer() *Dict { return r.sections[0].trailer }

// Document returns the document that the revision is of.
func (r *Revision) Document() *Document { return r.doc }

// Hybrid reports whether the revision has a table and a stream (/XRefStm).
func (r *Revision) Hybrid() bool {
	return slices.ContainsFunc(r.sections, func(s *section) bool { return s.hybrid != nil })
}

// Prev returns the revision before, nil for the first.
func (r *Revision) Prev() *Revision {
	if r.Index == 0 {
		return nil
	}
	return r.doc.revs[r.Index-1]
}

// Entry returns the cross-reference entry that counts for an object number at
// this revision, and the revision that it stems from. Entry.Kind is EntryNone
// if no revision mentions the number.
func (r *Revision) Entry(num uint32) (Entry, *Revision, error) {
	if num == 0 {
		return Entry{}, nil, nil
	}
	for i := r.Index; i >= 0; i-- {
		rev := r.doc.revs[i]
		for _, s := range rev.sections {
			e, err := s.find(r.doc, num)
			if err != nil {
				return Entry{}, nil, err
			}
			if e.Kind != EntryNone {
				return e, rev, nil
			}
		}
	}
	return Entry{}, nil, nil
}

// Entries iterates over the cross-reference entries that this revision itself
// brings, by object number; the entry of object 0 is left out. An entry that
// cannot be read ends the iteration with its error.
func (r *Revision) Entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		var subs []subsection
		for _, s := range r.sections {
			subs = append(subs, s.subs...)
			if s.hybrid != nil {
				subs = append(subs, s.hybrid.subs...)
			}
		}
		slices.SortFunc(subs, func(a, b subsection) int { return int(a.first) - int(b.first) })
		next := uint32(1)
		for _, sub := range subs {
			for num := max(next, sub.first); num < sub.first+sub.count; num++ {
				next = num + 1
				for _, s := range r.sections {
					e, err := s.find(r.doc, num)
					if err == nil && e.Kind == EntryNone {
						continue
					}
					if !yield(e, err) || err != nil {
						return
					}
					break
				}
			}
		}
	}
}

// Changed returns the objects that this revision's own cross-reference entries
// concern, by number: written, rewritten, moved into an object stream, or
// freed. Whether the value differs is for the caller to compare. For the first
// revision that is every object.
func (r *Revision) Changed() ([]Ref, error) {
	var refs []Ref
	for e, err := range r.Entries() {
		if err != nil {
			return nil, err
		}
		refs = append(refs, e.Ref)
	}
	return refs, nil
}
