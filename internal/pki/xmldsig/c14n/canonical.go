package c14n

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
)

// Options choose a form. The zero value is Canonical XML 1.0 without comments,
// of everything.
type Options struct {
	Exclusive bool     // Exclusive XML Canonicalization 1.0
	Prefixes  []string // InclusiveNamespaces PrefixList; "" for #default
	Comments  bool
	// Skip leaves out the element that starts at this octet; 0: nothing, since
	// the root is not to be left out.
	Skip int
}

// ErrNoElement: no element starts where it was said to.
var ErrNoElement = errors.New("c14n: no element starts there")

// Document writes the canonical form of a whole document.
func Document(w io.Writer, doc []byte, o Options) error { return canonicalize(w, doc, -1, o) }

// Element writes the canonical form of the element that starts at octet start,
// in the context of the document it stands in.
func Element(w io.Writer, doc []byte, start int, o Options) error {
	return canonicalize(w, doc, start, o)
}

// writer writes one canonical form.
type writer struct {
	*bufio.Writer
	o        Options
	s        *Scanner
	rendered []Binding // declarations written in elements that are still open
	marks    []int     // length of rendered outside each of them
	xml      []xmlAttr // xml: attributes of ancestors of the apex
}

type xmlAttr struct {
	Attr
	depth int
}

func canonicalize(out io.Writer, doc []byte, start int, o Options) error {
	w := &writer{Writer: bufio.NewWriterSize(out, 32<<10), o: o, s: NewScanner(doc)}
	inside := start < 0
	found, afterRoot := inside, false
	apexDepth := 0
	for {
		t, err := w.s.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if t.Kind == StartElement && !inside {
			w.ancestor(&t)
			if t.Start == start {
				inside, found, apexDepth = true, true, t.Depth
			}
		}
		if !inside {
			continue
		}
		if t.Kind == StartElement && o.Skip > 0 && t.Start == o.Skip {
			if err := w.s.Skip(); err != nil {
				return err
			}
			continue
		}
		w.token(&t, start < 0, afterRoot, t.Depth == 1 || apexDepth > 0 && t.Depth == apexDepth)
		if t.Kind == EndElement {
			afterRoot = afterRoot || t.Depth == 1
			if t.Depth == apexDepth {
				inside, apexDepth = false, 0
			}
		}
	}
	if !found {
		return ErrNoElement
	}
	return w.Flush()
}

// ancestor remembers xml: attributes that the apex inherits (Canonical XML 1.0
// §2.4); the apex itself is among the calls.
func (w *writer) ancestor(t *Token) {
	for len(w.xml) > 0 && w.xml[len(w.xml)-1].depth >= t.Depth {
		w.xml = w.xml[:len(w.xml)-1]
	}
	for _, a := range t.Attrs {
		if a.Prefix == "xml" {
			w.xml = append(w.xml, xmlAttr{a, t.Depth})
		}
	}
}

// token writes one token. Outside the root element, comments and processing
// instructions stand on lines of their own (§2.3, processing of root nodes).
func (w *writer) token(t *Token, whole, afterRoot, apex bool) {
	outside := whole && len(w.marks) == 0
	switch t.Kind {
	case StartElement:
		w.startElement(t, apex)
	case EndElement:
		w.rendered = w.rendered[:w.marks[len(w.marks)-1]]
		w.marks = w.marks[:len(w.marks)-1]
		w.WriteString("</")
		w.name(t.Prefix, t.Local)
		w.WriteByte('>')
	case Text:
		escapeText.WriteString(w, string(t.Data))
	case ProcInst, Comment:
		if t.Kind == Comment && !w.o.Comments {
			return
		}
		if outside && afterRoot {
			w.WriteByte('\n')
		}
		if t.Kind == Comment {
			w.WriteString("<!--")
			w.Write(t.Data)
			w.WriteString("-->")
		} else {
			w.WriteString("<?" + t.Target)
			if len(t.Data) > 0 {
				w.WriteByte(' ')
				w.Write(t.Data)
			}
			w.WriteString("?>")
		}
		if outside && !afterRoot {
			w.WriteByte('\n')
		}
	}
}

func (w *writer) name(prefix, local string) {
	if prefix != "" {
		w.WriteString(prefix)
		w.WriteByte(':')
	}
	w.WriteString(local)
}

func (w *writer) startElement(t *Token, apex bool) {
	w.marks = append(w.marks, len(w.rendered))
	w.WriteByte('<')
	w.name(t.Prefix, t.Local)
	w.namespaces(t, apex)
	attrs := t.Attrs
	if apex && !w.o.Exclusive {
		attrs = w.inherit(attrs)
	}
	slices.SortFunc(attrs, func(a, b Attr) int {
		if c := strings.Compare(a.Space, b.Space); c != 0 {
			return c
		}
		return strings.Compare(a.Local, b.Local)
	})
	for _, a := range attrs {
		w.WriteByte(' ')
		w.name(a.Prefix, a.Local)
		w.value(a.Value)
	}
	w.WriteByte('>')
}

// inherit adds the nearest xml: attributes of ancestors that the apex lacks.
func (w *writer) inherit(attrs []Attr) []Attr {
	for _, x := range slices.Backward(w.xml) {
		if !slices.ContainsFunc(attrs, func(a Attr) bool { return a.Prefix == "xml" && a.Local == x.Local }) {
			attrs = append(attrs, x.Attr)
		}
	}
	return attrs
}

// namespaces writes the declarations that the element needs and that no open
// element has written (Canonical XML 1.0 §2.3, Exclusive §3).
func (w *writer) namespaces(t *Token, apex bool) {
	var need []Binding
	add := func(prefix string) {
		uri, _ := w.s.Lookup(prefix)
		if prefix == "xml" || w.written(prefix) == uri || slices.Contains(need, Binding{prefix, uri}) {
			return
		}
		need = append(need, Binding{prefix, uri})
	}
	switch {
	case w.o.Exclusive:
		add(t.Prefix)
		for _, a := range t.Attrs {
			if a.Prefix != "" {
				add(a.Prefix)
			}
		}
		for _, p := range w.o.Prefixes {
			if _, bound := w.s.Lookup(p); bound {
				add(p)
			}
		}
	case apex:
		for _, b := range w.s.bindings {
			add(b.Prefix)
		}
	default:
		for _, b := range t.Declared {
			add(b.Prefix)
		}
	}
	slices.SortFunc(need, func(a, b Binding) int { return strings.Compare(a.Prefix, b.Prefix) })
	for _, b := range need {
		w.WriteString(" xmlns")
		if b.Prefix != "" {
			w.WriteString(":" + b.Prefix)
		}
		w.value(b.URI)
	}
	w.rendered = append(w.rendered, need...)
}

// written returns what open elements bind a prefix to in the output.
func (w *writer) written(prefix string) string {
	for _, b := range slices.Backward(w.rendered) {
		if b.Prefix == prefix {
			return b.URI
		}
	}
	return ""
}

var (
	escapeText  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	escapeValue = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

func (w *writer) value(v string) {
	w.WriteString(`="`)
	escapeValue.WriteString(w, v)
	w.WriteByte('"')
}
