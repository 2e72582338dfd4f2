package pdf

import "sync"

// Scratch lends decoders and buffers to the documents that are opened with it,
// one after another or side by side: who opens many small files saves most of
// the memory that each takes. The zero value is ready; a Scratch must not be
// copied.
type Scratch struct {
	flates sync.Pool // of *flateReader
	desks  sync.Pool // of *desk
}

// desk is what a document works with while it is open.
type desk struct {
	names   nameTable
	values  []Object
	pairs   []dictEntry
	scratch []byte
	objects map[cacheKey]cached[parsed]
	inflate *inflater
}

// keptObjects is up to how many objects a map of them is used again: a large
// one takes longer to clear than a small one to make.
const keptObjects = 256

func (d *Document) borrow(s *Scratch) {
	if s == nil {
		return
	}
	if k, ok := s.desks.Get().(*desk); ok {
		d.inflate = k.inflate
		d.names, d.parser.values, d.parser.pairs, d.scratch, d.objects.young = k.names, k.values, k.pairs, k.scratch, k.objects
	}
}

// Release gives what Options.Scratch lent back before the garbage collector
// would. Neither the document nor its revisions may be used after it; objects
// that were read may.
func (d *Document) Release() {
	s := d.flates.shared
	if s == nil || d.src.r == nil {
		return
	}
	k := &desk{names: d.names, scratch: keepSmall(d.scratch), inflate: d.inflate}
	p := &d.parser
	if cap(p.values) <= keptItems && cap(p.pairs) <= keptItems {
		clear(p.values[:cap(p.values)])
		clear(p.pairs[:cap(p.pairs)])
		k.values, k.pairs = p.values[:0], p.pairs[:0]
	}
	if len(d.names.objects) >= maxInterned { // full of what a file made up, maybe
		k.names = nameTable{}
	}
	if m := d.objects.young; len(m) <= keptObjects {
		clear(m)
		k.objects = m
	}
	*d = Document{}
	s.desks.Put(k)
}
