package verify

import "github.com/vidimus/vidimus/internal/pdf"

// maxEarlierFields bounds the fields looked at in all earlier revisions
// together: each signature makes a revision, and a contract of a hundred parties
// shows up to a hundred fields in each.
const maxEarlierFields = 200_000

// place is where an object stands: the same object, not merely one of the same
// number.
type place struct {
	kind   pdf.EntryKind
	offset int64
	stream pdf.Ref
	index  int
}

// place of the object that holds the value of f, as w's revision shows it.
func (w *fieldWalk) place(f *sigField) (place, bool) {
	ref := f.valueRef
	if ref == (pdf.Ref{}) {
		ref = f.ref
	}
	if ref == (pdf.Ref{}) {
		return place{}, false
	}
	e, _, err := w.rev.Entry(ref.Num)
	if err != nil {
		return place{}, false
	}
	return place{e.Kind, e.Offset, e.Stream, e.Index}, true
}

// removed adds the signatures that an earlier revision shows and w, the walk of
// the last one, does not. Whoever takes a signature away and changes what it
// covered must not leave a document that looks as if it had never been there.
func (w *fieldWalk) removed() {
	known := map[place]bool{}
	for _, f := range w.found {
		if at, ok := w.place(f); ok {
			known[at] = true
		}
	}
	bare := len(w.found) == 0 // hidden with all others: look on the pages, too
	budget := maxEarlierFields
	for r := w.rev.Prev(); r != nil; r = r.Prev() {
		old := &fieldWalk{rev: r, visited: map[pdf.Ref]bool{}, values: map[pdf.Ref]*sigField{}, budget: min(budget, maxFields)}
		given := old.budget
		catalog := old.form()
		if bare {
			old.pages(catalog.Get("Pages"), map[pdf.Ref]bool{}, 0)
		}
		old.perms(catalog)
		budget -= given - max(old.budget, 0)
		for _, f := range old.found {
			at, ok := old.place(f)
			if known[at] || !ok && !bare {
				continue
			}
			known[at] = ok
			f.gone = true
			w.found = append(w.found, f)
			if len(w.found) >= maxSignatures {
				return
			}
		}
		if old.broken != "" && w.broken == "" {
			w.broken = old.broken
		}
		if budget <= 0 {
			w.miss("earlier revisions", errManyFields)
			return
		}
	}
}
