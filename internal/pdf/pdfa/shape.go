package pdfa

import (
	"crypto/sha256"
	"encoding"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// shape is what documents with the same structure share: the base's prefix and,
// after it, structure tree, page, catalog, form field and file specification.
// Most documents of a base have one of very few shapes.
type shape struct {
	key shapeKey

	prefix []byte
	sum    [32]byte
	state  []byte
	xref   []byte // entries of objects 0 to next-1
	next   int    // first number after the shape

	objs []object // by number
	tree structureFacts
	// linted is set once a whole document of this shape passed every rule; then
	// the rules that only look at the prefix are left out.
	linted atomic.Bool
}

// shapeKey decides the bytes of a shape.
type shapeKey struct {
	elems              []elem
	attached, signed   bool
	fileName, fileNote string
	field, tooltip     string
}

func keyOf(d *Doc, opt *Options) shapeKey {
	k := shapeKey{elems: d.elems}
	if a := opt.Attachment; a != nil {
		k.attached, k.fileName, k.fileNote = true, a.Name, a.Description
	}
	if s := opt.Signature; s != nil {
		k.signed, k.field, k.tooltip = true, s.Field, s.Tooltip
	}
	return k
}

func (k *shapeKey) equal(o *shapeKey) bool {
	return k.attached == o.attached && k.fileName == o.fileName && k.fileNote == o.fileNote &&
		k.signed == o.signed && k.field == o.field && k.tooltip == o.tooltip && slices.Equal(k.elems, o.elems)
}

// maxShapes bounds the shapes kept for a base. Each has some 30 kB; they differ
// by which optional parts a document has.
const maxShapes = 32

// shapes keeps the shapes met, oldest first. Readers need no lock.
type shapes struct {
	mu   sync.Mutex
	list atomic.Pointer[[]*shape]
}

func (s *shapes) all() []*shape {
	if p := s.list.Load(); p != nil {
		return *p
	}
	return nil
}

// shapeOf finds or makes the shape of a document that has been drawn.
func (b *Base) shapeOf(d *Doc, opt *Options) (*shape, error) {
	if opt.Signature != nil {
		form := d.Add(Root, "Form", Attr{})
		d.elems[form].widget = d.next
	}
	key := keyOf(d, opt)
	find := func() *shape {
		for _, s := range b.shapes.all() {
			if s.key.equal(&key) {
				return s
			}
		}
		return nil
	}
	if s := find(); s != nil {
		return s, nil
	}
	b.shapes.mu.Lock()
	defer b.shapes.mu.Unlock()
	if s := find(); s != nil {
		return s, nil
	}
	key.elems = slices.Clone(key.elems)
	s := &shape{key: key}
	if err := s.write(b, d); err != nil {
		return nil, err
	}
	list := append(slices.Clone(b.shapes.all()), s)
	if len(list) > maxShapes {
		list = list[1:]
	}
	b.shapes.list.Store(&list)
	return s, nil
}

// write lays the shape out. Numbers are those of the base, then elements, form
// field, root of the structure tree and file specification; what Doc.write writes
// comes next.
func (s *shape) write(b *Base, d *Doc) error {
	k := &s.key
	next := d.next
	take := func(wanted bool) (num int) {
		if wanted {
			num = next
			next++
		}
		return num
	}
	field, root, filespec := take(k.signed), take(true), take(k.attached)
	s.next = next
	contents, metadata, _ := take(true), take(true), take(true)
	data, sig := take(k.attached), take(k.signed)

	w := shapeWriter{buf: slices.Clip(b.prefix), offsets: make([]int, s.next)}
	w.page(b, contents, field)
	w.structure(b, d, root)
	if k.attached {
		w.filespec(k, filespec, data)
	}
	if k.signed {
		w.field(k, field, sig)
	}
	w.catalog(b, k, root, metadata, filespec, field, sig)
	s.prefix = w.buf

	s.xref = append(s.xref, "0000000000 65535 f\r\n"...)
	s.objs = append(s.objs, object{})
	view := file{data: s.prefix}
	for num := 1; num < s.next; num++ {
		at := w.offsets[num]
		if objPrefix <= num && num < b.next {
			at = tenDigits(b.xref[xrefEntry*(num-objPrefix):])
		}
		s.xref = appendXref(s.xref, at)
		s.objs = append(s.objs, view.readObject(num, at))
	}
	if len(view.broken) > 0 {
		return &LintError{Violations: view.broken}
	}
	view.objs = s.objs
	view.catalog, view.page = s.objs[objCatalog].dict, s.objs[objPage].dict
	s.tree.read(&view)

	h := sha256.New()
	h.Write(s.prefix)
	h.Sum(s.sum[:0])
	m, ok := h.(encoding.BinaryMarshaler)
	if !ok {
		return errors.New("pdfa: sha256 state cannot be saved")
	}
	var err error
	s.state, err = m.MarshalBinary()
	return err
}
