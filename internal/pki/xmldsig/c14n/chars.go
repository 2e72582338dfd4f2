package c14n

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// checkChars refuses what no document may hold.
func (s *Scanner) checkChars(at int, b []byte) {
	for i := 0; i < len(b); {
		if c := b[i]; c >= 0x20 && c < 0x80 {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && size < 2:
			s.fail(at+i, "octets that are no character", ErrEncoding)
			return
		case !xmlChar(r):
			s.fail(at+i, "character that XML does not have", ErrSyntax)
			return
		}
		i += size
	}
}

// lineEnds makes one line feed of each line end (XML 1.0 §2.11).
func lineEnds(b []byte) []byte {
	if bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	for i, c := range b { // ReplaceAll made a copy
		if c == '\r' {
			b[i] = '\n'
		}
	}
	return b
}

// text reads character data and CDATA sections up to the next markup.
func (s *Scanner) text() Token {
	t := Token{Kind: Text, Start: s.pos}
	owned := false // Data is a buffer, no part of the document
	join := func(b []byte) {
		switch {
		case owned:
			t.Data = append(t.Data, b...)
		case len(t.Data) == 0:
			t.Data = b
		default:
			t.Data, owned = append(append(make([]byte, 0, 2*(len(t.Data)+len(b))), t.Data...), b...), true
		}
	}
	for s.err == nil && s.pos < len(s.doc) {
		at := s.pos
		if s.take("<![CDATA[") {
			n := bytes.Index(s.doc[s.pos:], []byte("]]>"))
			if n < 0 {
				s.fail(at, "CDATA section without end", ErrSyntax)
				return t
			}
			raw := s.doc[s.pos : s.pos+n]
			s.checkChars(s.pos, raw)
			join(lineEnds(raw))
			s.pos += n + 3
			continue
		}
		if s.doc[at] == '<' {
			break
		}
		n := bytes.IndexByte(s.doc[at:], '<')
		if n < 0 {
			n = len(s.doc) - at
		}
		raw := s.doc[at : at+n]
		if i := bytes.Index(raw, []byte("]]>")); i >= 0 {
			s.fail(at+i, "]]> in text", ErrSyntax)
			return t
		}
		s.checkChars(at, raw)
		join(s.references(at, lineEnds(raw)))
		s.pos += n
	}
	if s.pos == len(s.doc) {
		s.fail(s.pos, "the document ends in text", ErrSyntax)
	}
	return t
}

// references resolves character references and the five entities (XML 1.0 §4.1).
func (s *Scanner) references(at int, b []byte) []byte {
	i := bytes.IndexByte(b, '&')
	if i < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i >= 0 && s.err == nil {
		out = append(out, b[:i]...)
		b = b[i:]
		var r rune
		r, b = s.reference(at, b)
		out = utf8.AppendRune(out, r)
		i = bytes.IndexByte(b, '&')
	}
	return append(out, b...)
}

// maxReference bounds "&#x0010FFFF;"; leading zeros beyond serve nobody.
const maxReference = 16

func (s *Scanner) reference(at int, b []byte) (rune, []byte) {
	n := bytes.IndexByte(b[:min(len(b), maxReference)], ';')
	if n < 0 {
		s.fail(at, "reference", ErrSyntax)
		return 0, nil
	}
	name, rest := string(b[1:n]), b[n+1:]
	switch name {
	case "lt":
		return '<', rest
	case "gt":
		return '>', rest
	case "amp":
		return '&', rest
	case "quot":
		return '"', rest
	case "apos":
		return '\'', rest
	}
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		base := 10
		if hexDigits, ok := strings.CutPrefix(digits, "x"); ok {
			digits, base = hexDigits, 16
		}
		// ParseUint takes neither signs nor, with a base given, underscores.
		if v, err := strconv.ParseUint(digits, base, 32); err == nil && v <= utf8.MaxRune && xmlChar(rune(v)) {
			return rune(v), rest
		}
	}
	s.fail(at, "reference &"+name+";", ErrSyntax)
	return 0, nil
}

// attributeValue reads a quoted value and normalizes it (XML 1.0 §3.3.3): white
// space as such becomes a space, white space by reference stays.
func (s *Scanner) attributeValue() string {
	at := s.pos
	if at == len(s.doc) || s.doc[at] != '"' && s.doc[at] != '\'' {
		s.fail(at, "quote expected", ErrSyntax)
		return ""
	}
	n := bytes.IndexByte(s.doc[at+1:], s.doc[at])
	if n < 0 {
		s.fail(at, "value without end", ErrSyntax)
		return ""
	}
	raw := s.doc[at+1 : at+1+n]
	if i := bytes.IndexByte(raw, '<'); i >= 0 {
		s.fail(at+1+i, "< in a value", ErrSyntax)
		return ""
	}
	s.checkChars(at+1, raw)
	s.pos += n + 2
	raw = lineEnds(raw)
	if bytes.ContainsAny(raw, "\t\n") {
		raw = bytes.Map(func(r rune) rune {
			if r == '\t' || r == '\n' {
				return ' '
			}
			return r
		}, raw)
	}
	return string(s.references(at, raw))
}

// comment is production 15.
func (s *Scanner) comment() Token {
	t := Token{Kind: Comment, Start: s.pos}
	s.pos += len("<!--")
	n := bytes.Index(s.doc[s.pos:], []byte("--"))
	if n < 0 || !bytes.HasPrefix(s.doc[s.pos+n:], []byte("-->")) {
		s.fail(t.Start, "comment", ErrSyntax)
		return t
	}
	s.checkChars(s.pos, s.doc[s.pos:s.pos+n])
	t.Data = lineEnds(s.doc[s.pos : s.pos+n])
	s.pos += n + len("-->")
	return t
}

// procInst is production 16.
func (s *Scanner) procInst() Token {
	t := Token{Kind: ProcInst, Start: s.pos}
	s.pos += len("<?")
	n := bytes.Index(s.doc[s.pos:], []byte("?>"))
	m := ncName(s.doc[s.pos:])
	if n < 0 || m == 0 || m > n || m < n && !space(s.doc[s.pos+m]) || bytes.EqualFold(s.doc[s.pos:s.pos+m], []byte("xml")) {
		s.fail(t.Start, "processing instruction", ErrSyntax)
		return t
	}
	t.Target = string(s.doc[s.pos : s.pos+m])
	body := s.doc[s.pos+m : s.pos+n]
	s.checkChars(s.pos+m, body)
	t.Data = lineEnds(bytes.TrimLeft(body, " \t\r\n"))
	s.pos += n + len("?>")
	return t
}

// declaration reads <?xml version="1.0" encoding="UTF-8"?> (productions 23–32).
func (s *Scanner) declaration() {
	rest := s.doc[s.pos:]
	if !bytes.HasPrefix(rest, []byte("<?xml")) || len(rest) < 6 || !space(rest[5]) {
		return
	}
	at := s.pos
	n := bytes.Index(rest, []byte("?>"))
	if n < 0 || n > maxName {
		s.fail(at, "XML declaration", ErrSyntax)
		return
	}
	s.pos += len("<?xml")
	end := at + n
	for _, want := range []string{"version", "encoding", "standalone"} {
		before := s.pos
		spaced := s.skipSpace()
		if !spaced || !s.take(want) {
			s.pos = before
			if want == "version" {
				s.fail(at, "XML declaration without version", ErrSyntax)
			}
			continue
		}
		s.skipSpace()
		if !s.take("=") {
			s.fail(at, "XML declaration", ErrSyntax)
			return
		}
		s.skipSpace()
		value := s.attributeValue()
		switch {
		case want == "version" && value != "1.0":
			s.fail(at, "XML version "+strconv.Quote(value), ErrSyntax)
		case want == "encoding" && !strings.EqualFold(value, "utf-8") && !strings.EqualFold(value, "us-ascii"):
			s.fail(at, "encoding "+strconv.Quote(value), ErrEncoding)
		}
	}
	s.skipSpace()
	if s.pos != end {
		s.fail(at, "XML declaration", ErrSyntax)
		return
	}
	s.pos = end + len("?>")
}
