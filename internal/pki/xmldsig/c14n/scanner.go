package c14n

import (
	"bytes"
	"io"
)

// Kind tells tokens apart.
type Kind uint8

// Kinds of token. The zero Kind is none of them.
const (
	StartElement Kind = iota + 1
	EndElement        // also of an empty-element tag
	Text              // character data and CDATA sections, references resolved
	Comment
	ProcInst
)

// Token is a piece of a document.
type Token struct {
	Kind       Kind
	Start, End int // where it stands in the document; an empty-element tag gives two tokens at one place
	Depth      int // of an element: 1 for the root

	Prefix, Local, Space string    // of an element; Space is its namespace name
	Attrs                []Attr    // in the order written, without namespace declarations; valid until Next
	Declared             []Binding // namespace declarations of a start tag; valid until Next

	Target string // of a processing instruction
	Data   []byte // of Text, Comment, ProcInst; valid as long as the document
}

// Attr is an attribute with its value as XML 1.0 §3.3.3 normalizes it.
type Attr struct{ Prefix, Local, Space, Value string }

// Binding binds a prefix ("" the default) to a namespace name ("" none).
type Binding struct{ Prefix, URI string }

// XMLNamespace is what the prefix xml is always bound to.
const XMLNamespace = "http://www.w3.org/XML/1998/namespace"

const xmlnsNamespace = "http://www.w3.org/2000/xmlns/"

// Scanner reads a document that is held in memory. Make it with [NewScanner].
type Scanner struct {
	doc      []byte
	pos      int
	open     []openElement
	bindings []Binding
	attrs    []Attr
	started  bool   // the root element was seen
	pending  *Token // end of an empty-element tag
	names    map[string]string
	err      error
}

type openElement struct {
	name     string // as written
	token    Token  // names of the end token
	bindings int    // in scope outside the element
}

// NewScanner returns a scanner at the start of a document.
func NewScanner(doc []byte) *Scanner {
	s := &Scanner{doc: doc, names: map[string]string{}}
	s.pos = len(doc) - len(bytes.TrimPrefix(doc, []byte("\xef\xbb\xbf")))
	if bytes.HasPrefix(doc, []byte{0xfe, 0xff}) || bytes.HasPrefix(doc, []byte{0xff, 0xfe}) {
		s.fail(0, "UTF-16", ErrEncoding)
	}
	s.declaration()
	return s
}

func (s *Scanner) fail(at int, what string, err error) {
	if s.err == nil {
		s.err = &PositionError{at, what, err}
	}
}

// Next returns the next token. At the end of a well-formed document the error
// is io.EOF; otherwise it is a [PositionError], and stays so.
func (s *Scanner) Next() (Token, error) {
	for s.err == nil {
		if t := s.pending; t != nil {
			s.pending = nil
			s.leave()
			return *t, nil
		}
		if s.pos == len(s.doc) {
			switch {
			case len(s.open) > 0:
				s.fail(s.pos, "element "+s.open[len(s.open)-1].name+" is not closed", ErrSyntax)
			case !s.started:
				s.fail(s.pos, "no element", ErrSyntax)
			default:
				s.err = io.EOF
			}
			break
		}
		if t := s.next(); s.err == nil && t.Kind != 0 {
			t.End = s.pos
			return t, nil
		}
	}
	return Token{}, s.err
}

// next reads one token; white space outside the root gives none.
func (s *Scanner) next() Token {
	rest := s.doc[s.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.comment()
	case bytes.HasPrefix(rest, []byte("<?")):
		return s.procInst()
	case bytes.HasPrefix(rest, []byte("</")):
		return s.endTag()
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(s.open) > 0, rest[0] != '<' && len(s.open) > 0:
		return s.text()
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		s.fail(s.pos, "DOCTYPE", ErrDoctype)
	case bytes.HasPrefix(rest, []byte("<!")):
		s.fail(s.pos, "declaration", ErrSyntax)
	case rest[0] == '<':
		if s.started && len(s.open) == 0 {
			s.fail(s.pos, "second root element", ErrSyntax)
			return Token{}
		}
		return s.startTag()
	case space(rest[0]):
		for s.pos < len(s.doc) && space(s.doc[s.pos]) {
			s.pos++
		}
	default:
		s.fail(s.pos, "text outside the root element", ErrSyntax)
	}
	return Token{}
}

// Lookup returns the namespace name that a prefix is bound to here: at the
// element of the start tag just returned. The default is "" where none is bound.
func (s *Scanner) Lookup(prefix string) (uri string, bound bool) {
	if prefix == "xml" {
		return XMLNamespace, true
	}
	for i := len(s.bindings) - 1; i >= 0; i-- {
		if s.bindings[i].Prefix == prefix {
			return s.bindings[i].URI, true
		}
	}
	return "", false
}

// leave closes the innermost element.
func (s *Scanner) leave() {
	last := len(s.open) - 1
	s.bindings = s.bindings[:s.open[last].bindings]
	s.open = s.open[:last]
}

// intern makes a string of b; names recur.
func (s *Scanner) intern(b []byte) string {
	if v, ok := s.names[string(b)]; ok {
		return v
	}
	v := string(b)
	if len(s.names) < 1024 { // a document of ever new names is not worth a table
		s.names[v] = v
	}
	return v
}

// Skip reads on to the end of the element whose start tag was just returned.
func (s *Scanner) Skip() error {
	depth := len(s.open) - 1
	for {
		if _, err := s.Next(); err != nil {
			return err
		}
		if len(s.open) == depth {
			return nil
		}
	}
}
