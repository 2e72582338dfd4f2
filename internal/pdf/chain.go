package pdf

import (
	"bytes"
	"math"
	"strconv"
)

// tailWindow is how far from the end of the file the last startxref is looked
// for. Acrobat takes 1,024 bytes; files with a few kilobytes of padding after
// %%EOF are seen in practice.
const tailWindow = 8 << 10

// maxXRefSlack is how much white space and comments may stand between a stated
// offset and what it must point at.
const maxXRefSlack = 256

// readRevisions follows the chain of cross-reference sections from the end of
// the file to the oldest revision.
func (d *Document) readRevisions(header int64, limit int) error {
	stated, tailAt, err := d.readTail()
	if err != nil {
		return err
	}
	if header > 0 {
		if err := d.chooseBase(header, stated); err != nil {
			return err
		}
	}
	chain, err := d.readChain(stated+d.base, limit)
	if err != nil {
		return err
	}
	return d.makeRevisions(chain, tailAt)
}

// readTail returns the number after the last startxref, and where that keyword stands.
func (d *Document) readTail() (stated, at int64, err error) {
	from := max(0, d.src.size-tailWindow)
	buf, err := d.src.view(from, int(d.src.size-from))
	if err != nil {
		return 0, 0, err
	}
	i := bytes.LastIndex(buf, []byte("startxref"))
	if i < 0 {
		return 0, 0, &SyntaxError{d.src.size, "no startxref at the end of the file", ErrXRef}
	}
	at = from + int64(i)
	l := d.lexerAt(at+int64(len("startxref")), d.src.size)
	t, err := l.Next()
	if err != nil {
		return 0, 0, err
	}
	if t.Kind != TokInteger || t.Int < 0 || t.Int > math.MaxInt64/2 {
		return 0, 0, &SyntaxError{at, "startxref is not followed by an offset", ErrXRef}
	}
	return t.Int, at, nil
}

// chooseBase decides whether offsets count from byte 0 or from a header that
// does not stand there.
func (d *Document) chooseBase(header, stated int64) error {
	for _, base := range [...]int64{0, header} {
		l := d.lexerAt(stated+base, d.src.size)
		t, err := l.Next()
		if severe(err) != nil {
			return err
		}
		ok := err == nil && t.Pos == stated+base && t.isKeyword("xref")
		if err == nil && t.Pos == stated+base && t.Kind == TokInteger {
			_, err1 := l.Next()
			t, err2 := l.Next()
			ok = err1 == nil && err2 == nil && t.isKeyword("obj")
		}
		if !ok {
			continue
		}
		d.base = base
		code := WarnHeaderJunk
		if base > 0 {
			code = WarnHeaderOffset
		}
		d.warn(code, 0, strconv.FormatInt(header, 10)+" bytes before the header")
		return nil
	}
	return &SyntaxError{stated, "startxref points at no cross-reference", ErrXRef}
}

// readChain reads the sections from the newest at off to the oldest.
func (d *Document) readChain(off int64, limit int) ([]*section, error) {
	var chain []*section
	seen := make(map[int64]bool)
	for off >= 0 {
		if len(chain) >= limit {
			return nil, &LimitError{"Limits.Revisions", int64(limit)}
		}
		s, err := d.readSection(off, seen)
		if err != nil {
			return nil, err
		}
		if s.xrefStm >= 0 && !s.stream {
			d.warn(WarnHybrid, s.off, "/XRefStm")
			if s.hybrid, err = d.readSection(s.xrefStm, seen); err != nil {
				return nil, err
			}
			if !s.hybrid.stream {
				return nil, &SyntaxError{s.hybrid.off, "/XRefStm is not a stream", ErrXRef}
			}
		}
		chain = append(chain, s)
		off = s.prev
	}
	return chain, nil
}

func (d *Document) readSection(off int64, seen map[int64]bool) (*section, error) {
	if off < 0 || off >= d.src.size {
		return nil, &SyntaxError{off, "cross-reference outside the file", ErrXRef}
	}
	l := d.lexerAt(off, d.src.size)
	t, err := l.Next()
	if err != nil {
		return nil, err
	}
	if t.Pos == off && t.Kind == TokKeyword && !t.isKeyword("xref") {
		if t, err = d.xrefAround(l, off, t); err != nil {
			return nil, err
		}
	}
	if t.Pos != off {
		if t.Pos-off > maxXRefSlack {
			return nil, &SyntaxError{off, "no cross-reference here", ErrXRef}
		}
		code := WarnStartXRef
		if line, err := d.lineEnds(off, t.Pos-off); err != nil {
			return nil, err
		} else if line {
			code = WarnStartXRefLine
		}
		d.warn(code, off, "the cross-reference stands at "+strconv.FormatInt(t.Pos, 10))
	}
	if seen[t.Pos] {
		return nil, &SyntaxError{t.Pos, "cross-references lead back to this one", ErrCycle}
	}
	seen[t.Pos] = true
	s := &section{off: t.Pos, prev: -1, xrefStm: -1}
	switch {
	case t.isKeyword("xref"):
		err = d.readTable(s, l)
	case t.Kind == TokInteger:
		var got parsed
		got, err = d.parseIndirect(t.Pos, Ref{}, nil)
		if err != nil {
			break
		}
		st, ok := got.obj.(*Stream)
		if !ok {
			return nil, &SyntaxError{t.Pos, "cross-reference is no stream", ErrXRef}
		}
		st.plain = true // §7.5.8.2: never encrypted
		s.end = got.end
		err = d.readXRefStream(s, st)
	default:
		return nil, &SyntaxError{t.Pos, "no cross-reference here", ErrXRef}
	}
	if err != nil {
		return nil, err
	}
	return s, d.readTrailer(s)
}

// xrefAround looks for an "xref" that off points into the middle of: offsets
// wrong by a byte or two are common where line ends were converted. It returns
// t unchanged, and l untouched, if there is none.
func (d *Document) xrefAround(l *Lexer, off int64, t Token) (Token, error) {
	const word = "xref"
	from := max(0, off-int64(len(word))+1)
	var b [2 * len(word)]byte
	n, err := d.src.read(b[:], from)
	if err != nil {
		return t, err
	}
	i := bytes.Index(b[:n], []byte(word))
	if i < 0 || from+int64(i) > off {
		return t, nil
	}
	l.seek(from + int64(i))
	return l.Next()
}

// readTrailer takes from the trailer dictionary what the chain needs.
func (d *Document) readTrailer(s *section) error {
	for _, link := range [...]struct {
		key Name
		to  *int64
	}{{"Prev", &s.prev}, {"XRefStm", &s.xrefStm}} {
		key, to := link.key, link.to
		switch v := s.trailer.Get(key).(type) {
		case nil:
		case Integer:
			if v == 0 {
				d.warn(WarnPrevZero, s.off, "/"+string(key)+" 0")
				break
			}
			if v < 0 || int64(v) > d.src.size {
				return &SyntaxError{s.off, "/" + string(key) + " outside the file", ErrXRef}
			}
			*to = int64(v) + d.base
		default:
			return &SyntaxError{s.off, "/" + string(key) + " is not an integer", ErrXRef}
		}
	}
	size, ok := s.trailer.Get("Size").(Integer)
	if !ok {
		d.warn(WarnXRefSize, s.off, "no /Size")
	} else if n := len(s.subs); n > 0 {
		last := s.subs[n-1]
		if int64(last.first)+int64(last.count) > int64(size) {
			d.warn(WarnXRefSize, s.off, "/Size "+strconv.FormatInt(int64(size), 10))
		}
	}
	return nil
}
