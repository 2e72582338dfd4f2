package pdf

// Kind is the kind of a [Token].
type Kind uint8

// Token kinds. The zero Kind is the end of the input.
const (
	EOF Kind = iota
	TokInteger
	TokReal
	TokString  // literal or hexadecimal
	TokName    // without the slash
	TokKeyword // any other run of regular characters: true, obj, R, Tj; also { } and a stray )
	TokArrayOpen
	TokArrayClose
	TokDictOpen
	TokDictClose
)

// Token is one lexical token (ISO 32000-2 §7.2).
type Token struct {
	Kind  Kind
	Hex   bool    // a string written in hexadecimal
	Int   int64   // TokInteger
	Real  float64 // TokReal
	Bytes []byte  // TokString, TokName (decoded), TokKeyword; valid until the next call of Next
	Pos   int64   // offset of the first byte
	End   int64   // offset after the last byte
}

func (t *Token) isKeyword(word string) bool {
	return t.Kind == TokKeyword && string(t.Bytes) == word
}

// Limits of one token. Names and keywords in real files stay under 127 bytes
// (ISO 32000-1 Annex C). The longest strings are signature containers with
// embedded revocation lists, some of them megabytes long.
const (
	maxWordLen   = 4 << 10
	maxStringLen = 16 << 20
)

// Lexer splits bytes into tokens: a content stream given to [NewLexer], or a
// stretch of the file. It skips white space and comments.
type Lexer struct {
	buf  []byte // current stretch
	pos  int    // in buf
	base int64  // offset of buf[0]

	src *source // nil: buf is all there is
	end int64   // offset at which the input ends (src only)

	scratch []byte // decoded strings, and words that straddle two pages
	work    *int64 // bytes that may still be lexed; nil = as many as there are
	charged int64  // offset up to which work has been charged
}

// NewLexer returns a lexer over b, for content streams, character maps and
// the like.
func NewLexer(b []byte) *Lexer { return &Lexer{buf: b} }

// lexerAt returns a lexer over the file's bytes off ≤ x < end.
func (d *Document) lexerAt(off, end int64) *Lexer {
	end = min(end, d.src.size)
	return &Lexer{base: off, src: &d.src, end: end, work: &d.lexBudget, charged: off}
}

// takeLexer is lexerAt to the end of the file, with memory that giveLexer gave
// back: every object needs one, and one more for a /Length elsewhere.
func (d *Document) takeLexer(off int64) *Lexer {
	n := len(d.lexers)
	if n == 0 {
		return d.lexerAt(off, d.src.size)
	}
	l := d.lexers[n-1]
	d.lexers = d.lexers[:n-1]
	*l = Lexer{base: off, src: &d.src, end: d.src.size, work: &d.lexBudget, charged: off}
	return l
}

func (d *Document) giveLexer(l *Lexer) {
	l.charge() // an overdraft shows at the next object
	d.lexers = append(d.lexers, l)
}

// charge takes the bytes lexed since the last call from the budget.
func (l *Lexer) charge() error {
	if l.work == nil {
		return nil
	}
	*l.work -= l.Offset() - l.charged
	l.charged = l.Offset()
	if *l.work < 0 {
		return &LimitError{"Limits.Lex", 0}
	}
	return nil
}

// Offset returns the offset of the next byte to be read.
func (l *Lexer) Offset() int64 { return l.base + int64(l.pos) }

// more makes l.pos < len(l.buf) true, or returns false at the end of input.
func (l *Lexer) more() (bool, error) {
	if l.pos < len(l.buf) {
		return true, nil
	}
	if l.src == nil {
		return false, nil
	}
	off := l.Offset()
	if off >= l.end {
		return false, nil
	}
	b, err := l.src.at(off)
	if err != nil {
		return false, err
	}
	if rest := l.end - off; int64(len(b)) > rest {
		b = b[:rest]
	}
	if err := l.charge(); err != nil {
		return false, err
	}
	l.buf, l.pos, l.base = b, 0, off
	return len(b) > 0, nil
}

func (l *Lexer) syntax(off int64, what string) error {
	return &SyntaxError{Offset: off, What: what}
}

// Character classes, ISO 32000-2 §7.2.3.
const (
	regular = iota
	white
	delimiter
)

var class = [256]uint8{
	0: white, '\t': white, '\n': white, '\f': white, '\r': white, ' ': white,
	'(': delimiter, ')': delimiter, '<': delimiter, '>': delimiter, '[': delimiter,
	']': delimiter, '{': delimiter, '}': delimiter, '/': delimiter, '%': delimiter,
}

// skip moves past white space and comments.
func (l *Lexer) skip() (bool, error) {
	for l.pos < len(l.buf) && class[l.buf[l.pos]] == white {
		l.pos++
	}
	for {
		if ok, err := l.more(); !ok {
			return false, err
		}
		c := l.buf[l.pos]
		switch {
		case class[c] == white:
			l.pos++
		case c == '%':
			for c != '\n' && c != '\r' {
				l.pos++
				if ok, err := l.more(); !ok {
					return false, err
				}
				c = l.buf[l.pos]
			}
		default:
			return true, nil
		}
	}
}

// Next returns the next token; Kind EOF at the end of the input. Errors are
// *SyntaxError, *LimitError, or what the underlying reader returned.
func (l *Lexer) Next() (Token, error) {
	var t Token
	err := l.Read(&t)
	return t, err
}

// Read is [Lexer.Next] into t, for those who read many.
func (l *Lexer) Read(t *Token) error {
	ok, err := l.skip()
	*t = Token{Pos: l.Offset()}
	if !ok {
		t.End = t.Pos
		return err
	}
	c := l.buf[l.pos]
	switch c {
	case '[':
		l.pos++
		t.Kind = TokArrayOpen
	case ']':
		l.pos++
		t.Kind = TokArrayClose
	case '{', '}', ')':
		t.Kind, t.Bytes = TokKeyword, l.buf[l.pos:l.pos+1]
		l.pos++
	case '(':
		l.pos++
		t.Kind = TokString
		t.Bytes, err = l.literal(t.Pos)
	case '/':
		l.pos++
		t.Kind = TokName
		t.Bytes, err = l.word()
		if err == nil {
			t.Bytes = l.unescapeName(t.Bytes)
		}
	case '<':
		l.pos++
		if ok, err = l.more(); ok && l.buf[l.pos] == '<' {
			l.pos++
			t.Kind = TokDictOpen
			break
		}
		if err == nil {
			t.Kind, t.Hex = TokString, true
			t.Bytes, err = l.hexString(t.Pos)
		}
	case '>':
		l.pos++
		if ok, err = l.more(); ok && l.buf[l.pos] == '>' {
			l.pos++
			t.Kind = TokDictClose
		} else if err == nil {
			err = l.syntax(t.Pos, "stray '>'")
		}
	default:
		t.Kind = TokKeyword
		t.Bytes, err = l.word()
		if err == nil && (c <= '9' && c >= '+') {
			number(t)
		}
	}
	t.End = l.Offset()
	return err
}

// word reads a run of regular characters. It may alias the page.
func (l *Lexer) word() ([]byte, error) {
	start := l.pos
	i := start
	for i < len(l.buf) && class[l.buf[i]] == regular {
		i++
	}
	l.pos = i
	if i < len(l.buf) || l.src == nil {
		if i-start > maxWordLen {
			return nil, &LimitError{"maxWordLen", maxWordLen}
		}
		return l.buf[start:i], nil
	}
	l.scratch = append(l.scratch[:0], l.buf[start:i]...)
	for len(l.scratch) <= maxWordLen {
		ok, err := l.more()
		if err != nil {
			return nil, err
		}
		if !ok || class[l.buf[l.pos]] != regular {
			return l.scratch, nil
		}
		l.scratch = append(l.scratch, l.buf[l.pos])
		l.pos++
	}
	return nil, &LimitError{"maxWordLen", maxWordLen}
}

// unescapeName decodes #xx (ISO 32000-2 §7.3.5). A number sign without two
// hexadecimal digits stands for itself, as in PDF 1.1.
func (l *Lexer) unescapeName(b []byte) []byte {
	i := 0
	for i < len(b) && b[i] != '#' {
		i++
	}
	if i == len(b) {
		return b
	}
	out := append(make([]byte, 0, len(b)), b[:i]...)
	for ; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) && unhex[b[i+1]] < 16 && unhex[b[i+2]] < 16 {
			out = append(out, unhex[b[i+1]]<<4|unhex[b[i+2]])
			i += 2
			continue
		}
		out = append(out, b[i])
	}
	return out
}

// bytes returns the input from one offset to another, not far apart.
func (l *Lexer) bytes(from, to int64) ([]byte, error) {
	if l.src != nil {
		return l.src.view(from, int(to-from))
	}
	return l.buf[from-l.base : to-l.base], nil
}

// seek moves to the offset; it stays in the current stretch if it can.
func (l *Lexer) seek(off int64) {
	l.charge() // an overdraft shows at the next call
	l.charged = off
	if off >= l.base && off <= l.base+int64(len(l.buf)) {
		l.pos = int(off - l.base)
		return
	}
	l.buf, l.pos, l.base = nil, 0, off
}
