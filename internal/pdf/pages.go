package pdf

import "strconv"

// Limits of the page tree (ISO 32000-2 §7.7.3). Trees that writers balance are
// a handful of levels deep; the thickest books have some ten thousand pages.
const (
	maxPages         = 1 << 18
	maxPageTreeDepth = 64
)

// Page is one page with the attributes it inherits from the tree.
type Page struct {
	Ref       Ref // zero if the page is a direct object, which breaks a rule
	Dict      *Dict
	Resources Object // as written: a dictionary or a reference to one
	MediaBox  Object
	CropBox   Object
	Rotate    Object
	// Path holds the page tree nodes above the page, root first.
	Path []Ref
}

// Pages returns the pages at this revision in order.
//
// A node that occurs twice fails with [ErrCycle], since a tree cannot hold it;
// one that is no dictionary with *TypeError. Wrong /Count, /Type and /Parent
// are warned of: no page is left out for them.
func (r *Revision) Pages() ([]Page, error) {
	catalog, err := r.Catalog()
	if err != nil {
		return nil, err
	}
	w := pageWalker{r: r, seen: make(map[Ref]bool)}
	_, err = w.node(catalog.Get("Pages"), Page{}, Ref{}, 0)
	return w.pages, err
}

type pageWalker struct {
	r     *Revision
	seen  map[Ref]bool
	nodes int
	pages []Page
}

// node walks one node, page or not, and returns how many pages it holds.
func (w *pageWalker) node(o Object, from Page, parent Ref, depth int) (int, error) {
	if depth > maxPageTreeDepth {
		return 0, &LimitError{"maxPageTreeDepth", maxPageTreeDepth}
	}
	if w.nodes++; w.nodes > maxPages {
		return 0, &LimitError{"maxPages", maxPages}
	}
	ref, _ := o.(Ref)
	if ref != (Ref{}) {
		if w.seen[ref] {
			return 0, &ObjectError{ref, -1, ErrCycle}
		}
		w.seen[ref] = true
	}
	dict, err := w.r.Dict(o)
	if err != nil {
		return 0, err
	}
	if dict == nil {
		return 0, &ObjectError{ref, -1, &TypeError{"page tree node", "null"}}
	}
	warn := func(what string) { w.r.doc.warn(WarnPageTree, dict.start, what+" of "+ref.String()) }
	if ref == (Ref{}) {
		warn("no reference")
	}
	if p, _ := dict.Get("Parent").(Ref); p != parent {
		warn("/Parent")
	}
	page := from
	page.Ref, page.Dict = ref, dict
	inherit := func(key Name, to *Object) {
		if v := dict.Get(key); v != nil {
			*to = v
		}
	}
	inherit("Resources", &page.Resources)
	inherit("MediaBox", &page.MediaBox)
	inherit("CropBox", &page.CropBox)
	inherit("Rotate", &page.Rotate)
	typ, err := w.r.Name(dict.Get("Type"))
	if err != nil {
		return 0, err
	}
	kids := dict.Get("Kids")
	// /Kids decides, as it does for viewers; /Type should agree.
	if kids == nil {
		if typ != "Page" {
			warn("/Type")
		}
		w.pages = append(w.pages, page)
		return 1, nil
	}
	if typ != "Pages" {
		warn("/Type")
	}
	list, err := w.r.Array(kids)
	if err != nil {
		return 0, err
	}
	page.Path = append(append([]Ref(nil), from.Path...), ref)
	total := 0
	for _, kid := range list {
		n, err := w.node(kid, page, ref, depth+1)
		if err != nil {
			return 0, err
		}
		total += n
	}
	if count, err := w.r.Int(dict.Get("Count")); err != nil || count != int64(total) {
		warn("/Count (" + strconv.Itoa(total) + " pages)")
	}
	return total, nil
}
