package c14n

import (
	"bytes"
	"strings"
)

// qName reads a QName at the position (Namespaces in XML §4, production 7).
func (s *Scanner) qName() (prefix, local string) {
	start := s.pos
	n := ncName(s.doc[s.pos:])
	s.pos += n
	if n > 0 && s.pos < len(s.doc) && s.doc[s.pos] == ':' {
		m := ncName(s.doc[s.pos+1:])
		prefix, local = s.intern(s.doc[start:s.pos]), s.intern(s.doc[s.pos+1:s.pos+1+m])
		s.pos += 1 + m
	} else {
		local = s.intern(s.doc[start:s.pos])
	}
	switch {
	case local == "":
		s.fail(start, "name expected", ErrSyntax)
	case s.pos-start > maxName:
		s.fail(start, "long name", ErrLimit)
	}
	return prefix, local
}

// skipSpace reports whether there was white space.
func (s *Scanner) skipSpace() bool {
	start := s.pos
	for s.pos < len(s.doc) && space(s.doc[s.pos]) {
		s.pos++
	}
	return s.pos > start
}

// take reads b if it comes next.
func (s *Scanner) take(b string) bool {
	if !bytes.HasPrefix(s.doc[s.pos:], []byte(b)) {
		return false
	}
	s.pos += len(b)
	return true
}

func (s *Scanner) startTag() Token {
	t := Token{Kind: StartElement, Start: s.pos, Depth: len(s.open) + 1}
	if t.Depth > maxDepth {
		s.fail(s.pos, "nesting", ErrLimit)
		return t
	}
	s.pos++
	nameAt := s.pos
	t.Prefix, t.Local = s.qName()
	name := s.intern(s.doc[nameAt:s.pos])
	outside := len(s.bindings)
	s.attrs = s.attrs[:0]
	empty := false
	for s.err == nil {
		spaced := s.skipSpace()
		if s.take("/>") {
			empty = true
			break
		}
		if s.take(">") {
			break
		}
		if !spaced {
			s.fail(s.pos, "start tag", ErrSyntax)
			break
		}
		s.attribute(outside)
	}
	if s.err != nil {
		return t
	}
	t.Declared = s.bindings[outside:len(s.bindings):len(s.bindings)]
	t.Attrs = s.attrs
	s.resolve(&t)
	s.started = true
	end := Token{Kind: EndElement, Start: t.Start, Depth: t.Depth, Prefix: t.Prefix, Local: t.Local, Space: t.Space}
	s.open = append(s.open, openElement{name, end, outside})
	if empty {
		end.End = s.pos
		s.pending = &end
	}
	return t
}

// attribute reads Name = "value"; a namespace declaration becomes a binding.
func (s *Scanner) attribute(outside int) {
	at := s.pos
	prefix, local := s.qName()
	s.skipSpace()
	if s.err == nil && !s.take("=") {
		s.fail(s.pos, "= expected", ErrSyntax)
	}
	s.skipSpace()
	if s.err != nil {
		return
	}
	value := s.attributeValue()
	if s.err != nil {
		return
	}
	if prefix == "" && local == "xmlns" {
		s.declare(at, outside, Binding{"", value})
		return
	}
	if prefix == "xmlns" {
		s.declare(at, outside, Binding{local, value})
		return
	}
	if len(s.attrs) == maxAttributes {
		s.fail(at, "attributes", ErrLimit)
	}
	s.attrs = append(s.attrs, Attr{Prefix: prefix, Local: local, Value: value})
}

// declare adds a namespace declaration (Namespaces in XML §3 and §5).
func (s *Scanner) declare(at, outside int, b Binding) {
	for _, other := range s.bindings[outside:] {
		if other.Prefix == b.Prefix {
			s.fail(at, "prefix declared twice", ErrSyntax)
		}
	}
	switch {
	case b.Prefix == "xmlns", b.URI == xmlnsNamespace, (b.Prefix == "xml") != (b.URI == XMLNamespace),
		b.Prefix != "" && b.URI == "":
		s.fail(at, "namespace declaration that is not allowed", ErrSyntax)
	case b.URI != "" && !strings.Contains(b.URI, ":"):
		// Canonical XML 1.0 §1.1: relative namespace names have no canonical form.
		s.fail(at, "relative namespace name", ErrSyntax)
	case b.Prefix == "xml":
		return // always bound, never written
	case len(s.bindings) == maxBindings:
		s.fail(at, "namespace declarations", ErrLimit)
	}
	s.bindings = append(s.bindings, b)
}

// resolve fills in namespace names and finds attributes given twice.
func (s *Scanner) resolve(t *Token) {
	lookup := func(prefix string) string {
		uri, bound := s.Lookup(prefix)
		if prefix != "" && !bound {
			s.fail(t.Start, "prefix "+prefix+" is not bound", ErrSyntax)
		}
		return uri
	}
	if t.Space = lookup(t.Prefix); t.Prefix == "xmlns" {
		s.fail(t.Start, "element in namespace xmlns", ErrSyntax)
	}
	for i := range t.Attrs {
		a := &t.Attrs[i]
		if a.Prefix != "" {
			a.Space = lookup(a.Prefix)
		}
		for _, b := range t.Attrs[:i] {
			if a.Local == b.Local && a.Space == b.Space {
				s.fail(t.Start, "attribute "+a.Local+" twice", ErrSyntax)
				return
			}
		}
	}
}

func (s *Scanner) endTag() Token {
	start := s.pos
	if len(s.open) == 0 {
		s.fail(start, "end tag without a start", ErrSyntax)
		return Token{}
	}
	o := s.open[len(s.open)-1]
	if s.pos += 2; !s.take(o.name) {
		s.fail(start, "end tag of "+o.name+" expected", ErrSyntax)
		return Token{}
	}
	s.skipSpace()
	if !s.take(">") {
		s.fail(start, "end tag of "+o.name+" expected", ErrSyntax)
		return Token{}
	}
	t := o.token
	t.Start = start
	s.leave()
	return t
}
