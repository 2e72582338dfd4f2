package signer

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/vidimus/vidimus/internal/pdf"
)

// Limits of the walks through form and pages: far beyond real documents, so
// that a hostile one cannot keep us busy.
const (
	maxFields    = 100_000
	maxDepth     = 64 // of the field tree and the page tree
	maxPageNodes = 1 << 20
)

// field is a node of the form's field tree (ISO 32000-2 §12.7.4) with its
// inherited type.
type field struct {
	ref   pdf.Ref // zero: not an object of its own
	dict  *pdf.Dict
	name  string // fully qualified
	kind  pdf.Name
	value pdf.Object // of a signature field: nil while it is empty
}

type fieldWalk struct {
	rev  *pdf.Revision
	seen map[pdf.Ref]bool
	out  []field
}

func walkFields(rev *pdf.Revision, form *pdf.Dict) ([]field, error) {
	roots, err := rev.Array(form.Get("Fields"))
	if err != nil {
		return nil, err
	}
	w := fieldWalk{rev: rev, seen: map[pdf.Ref]bool{}}
	for _, o := range roots {
		if err := w.node(o, "", "", 0); err != nil {
			return nil, err
		}
	}
	return w.out, nil
}

func (w *fieldWalk) node(o pdf.Object, prefix string, kind pdf.Name, depth int) error {
	s, err := slotOf(w.rev, o)
	if err != nil {
		return err
	}
	d := s.dict()
	if d == nil {
		return nil // a reference to a deleted object
	}
	if w.seen[s.ref] && s.ref != (pdf.Ref{}) || depth > maxDepth || len(w.out) >= maxFields {
		return fmt.Errorf("%w: field tree loops or is too large", ErrDocument)
	}
	w.seen[s.ref] = true
	partial, err := w.rev.Str(d.Get("T"))
	if err != nil {
		return err
	}
	name := prefix
	if d.Has("T") {
		if name != "" {
			name += "."
		}
		name += textOf(partial)
	}
	if d.Has("FT") {
		if kind, err = w.rev.Name(d.Get("FT")); err != nil {
			return err
		}
	}
	f := field{ref: s.ref, dict: d, name: name, kind: kind}
	if kind == "Sig" {
		if f.value, err = w.rev.Resolve(d.Get("V")); err != nil {
			return err
		}
		// Keep the reference: readers of restrictions resolve it again.
		if f.value != nil {
			f.value = d.Get("V")
		}
	}
	w.out = append(w.out, f)
	kids, err := w.rev.Array(d.Get("Kids"))
	if err != nil {
		return err
	}
	for _, kid := range kids {
		// Kids without /T are widgets of this field, not fields.
		if k, err := w.rev.Dict(kid); err != nil {
			return err
		} else if !k.Has("T") {
			continue
		}
		if err := w.node(kid, name, kind, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// fieldNamed returns the field of that name, nil if there is none, or
// [ErrField] if it cannot take a signature.
func (s *surveyed) fieldNamed(name string) (*field, error) {
	for i := range s.fields {
		f := &s.fields[i]
		if f.name != name {
			continue
		}
		switch {
		case f.kind != "Sig":
			return nil, fmt.Errorf("%w: %q is of type %q", ErrField, name, f.kind)
		case f.value != nil:
			return nil, fmt.Errorf("%w: %q is signed already", ErrField, name)
		case f.ref == (pdf.Ref{}):
			return nil, fmt.Errorf("%w: %q is no indirect object", ErrField, name)
		}
		return f, nil
	}
	// A new field is a root of the tree, so its name has no parents in it.
	if name == "" || strings.Contains(name, ".") || !utf8.ValidString(name) {
		return nil, fmt.Errorf("%w: %q is no name for a new field", ErrField, name)
	}
	return nil, nil
}

// page returns the n-th page, counted from 0. It does not trust /Count.
func (s *surveyed) page(n int) (slot, error) {
	w := pageWalk{rev: s.rev, left: n, seen: map[pdf.Ref]bool{}}
	found, err := w.node(s.catalog.Get("Pages"), 0)
	if err == nil && !found {
		err = fmt.Errorf("%w: %d", ErrPage, n)
	}
	return w.page, err
}

type pageWalk struct {
	rev  *pdf.Revision
	left int // pages still to pass
	seen map[pdf.Ref]bool
	page slot
}

func (w *pageWalk) node(o pdf.Object, depth int) (found bool, err error) {
	s, err := slotOf(w.rev, o)
	if err != nil {
		return false, err
	}
	d := s.dict()
	if d == nil || s.ref == (pdf.Ref{}) || w.seen[s.ref] || depth > maxDepth || len(w.seen) >= maxPageNodes {
		return false, fmt.Errorf("%w: page tree is broken", ErrDocument)
	}
	w.seen[s.ref] = true
	if !d.Has("Kids") {
		w.page = s
		w.left--
		return w.left < 0, nil
	}
	kids, err := w.rev.Array(d.Get("Kids"))
	if err != nil {
		return false, err
	}
	for _, kid := range kids {
		if found, err = w.node(kid, depth+1); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// textOf decodes a text string (ISO 32000-2 §7.9.2.2) as far as names of fields
// need it: UTF-16 and UTF-8 with their marks; other bytes as they are, which
// compares PDFDocEncoded names with each other.
func textOf(s pdf.String) string {
	if rest, ok := strings.CutPrefix(string(s), "\xef\xbb\xbf"); ok {
		return rest
	}
	rest, ok := strings.CutPrefix(string(s), "\xfe\xff")
	if !ok {
		return string(s)
	}
	units := make([]uint16, 0, len(rest)/2)
	for i := 0; i+1 < len(rest); i += 2 {
		units = append(units, uint16(rest[i])<<8|uint16(rest[i+1]))
	}
	return string(utf16.Decode(units))
}

// textString encodes a text string: ASCII as it is, anything else as UTF-16BE,
// which every version of PDF knows.
func textString(s string) pdf.String {
	ascii := true
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			ascii = false
		}
	}
	if ascii {
		return pdf.String(s)
	}
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return pdf.String(out)
}
