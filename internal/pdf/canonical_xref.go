package pdf

import (
	"bytes"
	"strconv"
)

// maxOffsetText is the number of digits of an offset in a table (§7.5.4), and
// as many as are taken after startxref and in /Prev.
const maxOffsetText = 10

// sections holds the revision's cross-reference to the standard.
func (in *inspector) sections() error {
	if len(in.r.sections) != 1 {
		in.flaw(in.r.XRefOffset, "linearized, but not the first revision")
		return nil
	}
	s := in.r.sections[0]
	if err := in.section(s, in.r.Prev().XRefOffset); err != nil {
		return err
	}
	if h := s.hybrid; h != nil {
		if err := in.section(h, in.r.Prev().XRefOffset); err != nil {
			return err
		}
		if err := in.hybrid(s, h); err != nil {
			return err
		}
	}
	return in.ending(s.end)
}

// section checks one table or stream. prev is the section before.
func (in *inspector) section(s *section, prev int64) error {
	var err error
	if s.stream {
		err = in.xrefStream(s)
	} else {
		err = in.table(s)
	}
	if err != nil {
		return err
	}
	own := s == in.r.sections[0]
	for _, key := range [...]Name{"Prev", "XRefStm"} {
		if !s.trailer.Has(key) {
			continue
		}
		v, _ := s.trailer.Get(key).(Integer)
		if ok, err := in.plainInteger(s.trailer, key); !ok || err != nil {
			in.flaw(s.off, "/"+string(key)+" is not written in digits")
			return err
		}
		switch {
		case key == "XRefStm" && s.stream:
			in.flaw(s.off, "/XRefStm in a cross-reference stream")
		case key == "XRefStm" && int64(v)+in.d.base != s.hybrid.off, key == "Prev" && int64(v)+in.d.base != prev:
			if ok, err := in.stated(int64(v)); !ok || key != "Prev" || err != nil {
				in.flaw(s.off, "/"+string(key)+" does not hold exactly the offset of a cross-reference")
				return err
			}
		}
	}
	if own && !s.trailer.Has("Prev") {
		in.flaw(s.off, "no /Prev")
	}
	size, ok := s.trailer.Get("Size").(Integer)
	if !ok || size < 1 || size > maxObjectNumber+1 {
		in.flaw(s.off, "/Size is missing or out of range")
		return nil
	}
	for _, sub := range s.subs {
		if int64(sub.first)+int64(sub.count) > int64(size) {
			in.flaw(s.off, "/Size does not exceed every object number")
			break
		}
	}
	if own {
		return in.size(s, int64(size))
	}
	return nil
}

// maxNewNumbers bounds the object numbers that one revision may add: Ghostscript
// cannot open a file with some millions.
const maxNewNumbers = 1 << 16

// size holds /Size against the revision before: what that lists beyond it would
// be missing (§7.5.5). Writers who find it too high there set it right.
func (in *inspector) size(s *section, size int64) error {
	before, ok := in.r.Prev().Trailer().Get("Size").(Integer)
	if !ok || before > maxObjectNumber+1 {
		return nil
	}
	if size > int64(before)+maxNewNumbers {
		in.flaw(s.off, "/Size "+strconv.FormatInt(size, 10)+" was "+strconv.FormatInt(int64(before), 10)+" before")
	}
	for num := size; num < int64(before); num++ {
		e, _, err := in.entry(uint32(num))
		if err != nil {
			return in.bad(s.off, err)
		}
		if e.inUse() {
			in.flaw(s.off, "/Size "+strconv.FormatInt(size, 10)+" leaves out object "+e.Ref.String())
			break
		}
	}
	return nil
}

// stated reports whether off is what startxref says in the revision before,
// ahead of the cross-reference by a line end: /Prev repeats it.
func (in *inspector) stated(off int64) (bool, error) {
	prev := in.r.Prev()
	if gap := prev.XRefOffset - in.d.base - off; gap < 1 || gap > 2 {
		return false, nil
	}
	const near = 64 // startxref, an offset, %%EOF and line ends
	from := max(0, prev.End-near)
	b, err := in.d.src.view(from, int(prev.End-from))
	if err != nil {
		return false, err
	}
	f := bytes.Fields(b[max(0, bytes.LastIndex(b, []byte("startxref"))):])
	return len(f) > 1 && string(f[1]) == strconv.FormatInt(off, 10), nil
}

// plainInteger reports whether the value of key is written in digits alone.
func (in *inspector) plainInteger(d *Dict, key Name) (bool, error) {
	start, end, ok := d.Span(key)
	if !ok || end-start > maxOffsetText {
		return false, nil
	}
	b, err := in.d.src.view(start, int(end-start))
	if err != nil {
		return false, err
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false, nil
		}
	}
	return true, nil
}

// xrefStream checks a cross-reference stream (§7.5.8).
func (in *inspector) xrefStream(s *section) error {
	p, err := in.d.parseIndirect(s.off, Ref{}, nil)
	if err != nil {
		return in.bad(s.off, err)
	}
	st, ok := p.obj.(*Stream)
	if !ok {
		in.flaw(s.off, "no stream")
		return nil
	}
	if _, ok := st.Dict.Get("Length").(Integer); !ok {
		in.flaw(s.off, "/Length of a cross-reference stream is not direct")
	}
	e, rev, err := in.r.Entry(st.ref.Num)
	if err != nil {
		return in.bad(s.off, err)
	}
	listed := e.Kind == EntryInFile && e.Offset == s.off
	// Writers list the stream itself as free, or not at all: it is found without.
	// Its number is nobody else's even so: some readers keep what they read there.
	if !listed {
		was, err := in.before(st.ref.Num)
		if err != nil {
			return in.bad(s.off, err)
		}
		if rev == in.r && e.Kind != EntryFree || st.ref.Gen != 0 || was.Kind == EntryInStream || was.Kind == EntryInFile && !anySection(in.d.Revisions()[:in.r.Index], was.Offset) {
			in.flaw(s.off, "a cross-reference stream of whose number there is another object")
		}
	}
	switch {
	case listed && rev == in.r:
	case listed && rev.Index > 0 && s.off >= rev.Start && s.off < rev.End: // looked at with that revision
	default:
		if err := in.placed(st.ref, s.off, &p); err != nil {
			return err
		}
	}
	rows := int64(0)
	for _, sub := range s.subs {
		rows += int64(sub.count)
	}
	if s.width == 0 || rows*int64(s.width) != int64(len(s.data)) {
		in.flaw(s.off, "a cross-reference stream of another length than /Index says")
	}
	for at := 0; s.w[0] > 0 && at+s.width <= len(s.data); at += s.width {
		if bigEndian(s.data[at:at+s.w[0]]) > 2 {
			in.flaw(s.off, "a cross-reference entry of an unknown type")
			break
		}
	}
	return nil
}

// table checks a cross-reference table, byte by byte (§7.5.4).
func (in *inspector) table(s *section) error {
	c := &cursor{d: in.d, off: s.off}
	bad := func(what string) error {
		if c.err == nil {
			in.flaw(c.off, "cross-reference table: "+what)
		}
		return c.err
	}
	in.marks[s.off] = true
	if !c.word("xref") || !c.line() {
		return bad("no line of its own for xref")
	}
	for {
		at := c.off
		blank := at > s.off+int64(len("xref\n")) && c.line() // one empty line, as MuPDF leaves
		if at := c.off; c.word("trailer") {
			in.marks[at] = true
			break
		}
		if blank {
			return bad("an empty line between subsections")
		}
		first, ok1 := c.number()
		space := c.word(" ")
		count, ok2 := c.number()
		if !ok1 || !space || !ok2 || !c.line() {
			return bad("a subsection does not begin with two numbers on a line")
		}
		for i := range count {
			line := c.take(tableEntrySize)
			off, gen, inUse, ok := parseTableEntry(line)
			if !ok || len(line) < tableEntrySize {
				return bad("an entry is not of the form nnnnnnnnnn ggggg n")
			}
			end := string(line[18:])
			if end != " \n" && end != " \r" && end != "\r\n" || end == " \r" && c.word("\n") {
				return bad("an entry is not 20 bytes long")
			}
			if inUse && (off == 0 || first+i == 0 || gen == maxGeneration) {
				return bad("an entry in use for an object that cannot be")
			}
		}
	}
	for c.word(" ") || c.word("\r") || c.word("\n") || c.word("\t") {
		if c.off-s.end > 0 {
			break
		}
	}
	if start, _, ok := s.trailer.Bounds(); !ok || start != c.off {
		return bad("the trailer does not begin after its keyword")
	}
	in.spans = append(in.spans, [2]int64{s.off, s.end})
	return in.tokens(in.d.lexerAt(c.off, s.end), Ref{}, c.off)
}

// ending checks startxref and %%EOF (§7.5.5), which the gap after the section
// precedes.
func (in *inspector) ending(from int64) error {
	l := in.d.lexerAt(from, in.d.src.size)
	t, err := l.Next()
	if err != nil {
		return in.bad(from, err)
	}
	c := &cursor{d: in.d, off: t.Pos}
	in.marks[t.Pos] = true
	in.marks[t.Pos+int64(len("start"))] = true
	word := c.word("startxref") && c.line()
	stated, ok := c.number()
	ok = ok && word && c.line()
	eof := c.off
	in.marks[eof] = true
	ok = ok && c.word("%%EOF")
	if c.err != nil {
		return c.err
	}
	if !ok {
		in.flaw(t.Pos, "startxref, an offset and %%EOF do not follow on lines of their own")
	} else if stated+in.d.base != in.r.XRefOffset {
		in.flaw(t.Pos, "startxref does not hold exactly the offset of the cross-reference")
	}
	in.spans = append(in.spans, [2]int64{t.Pos, max(c.off, t.Pos)})
	return nil
}

// cursor reads the file without leniency.
type cursor struct {
	d   *Document
	off int64
	err error
}

func (c *cursor) take(n int) []byte {
	b, err := c.d.src.view(c.off, n)
	if err != nil {
		c.err = err
		return nil
	}
	if c.d.lexBudget -= int64(n); c.d.lexBudget < 0 {
		c.err = &LimitError{"Limits.Lex", 0}
		return nil
	}
	c.off += int64(len(b))
	return b
}

// word reports whether w stands here, and goes behind it.
func (c *cursor) word(w string) bool {
	at := c.off
	if b := c.take(len(w)); string(b) == w {
		return true
	}
	c.off = at
	return false
}

// line goes behind the end of the line; blanks may stand before it.
func (c *cursor) line() bool {
	for range maxOffsetText {
		if !c.word(" ") {
			break
		}
	}
	return c.word("\r\n") || c.word("\n") || c.word("\r")
}

// number reads digits alone.
func (c *cursor) number() (int64, bool) {
	b, err := c.d.src.view(c.off, maxOffsetText+1)
	if err != nil {
		c.err = err
		return 0, false
	}
	n, i := int64(0), 0
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		n = n*10 + int64(b[i]-'0')
	}
	c.off += int64(i)
	return n, i > 0 && i <= maxOffsetText
}
