package pdf

import (
	"bytes"
	"slices"
	"strconv"
)

// makeRevisions cuts the file into revisions. chain runs from the newest
// section to the oldest; tailAt is where the file's last startxref stands.
func (d *Document) makeRevisions(chain []*section, tailAt int64) error {
	slices.Reverse(chain)
	var groups [][]*section // newest section of a revision first
	for len(chain) > 0 {
		n := 1
		if len(groups) == 0 {
			var err error
			if n, err = d.linearizedPair(chain); err != nil {
				return err
			}
		}
		group := slices.Clone(chain[:n])
		slices.Reverse(group)
		groups = append(groups, group)
		chain = chain[n:]
	}
	start := int64(0)
	for i, group := range groups {
		r := &Revision{doc: d, Index: i, Start: start, XRefOffset: group[0].off, sections: group, Linearized: len(group) > 1}
		next := d.src.size
		if i+1 < len(groups) {
			next = groups[i+1][len(groups[i+1])-1].off
			if next < r.XRefOffset {
				d.warn(WarnXRefOrder, next, "a later cross-reference section stands before an earlier one")
			}
		}
		end, err := d.endOfRevision(r, next, tailAt, i+1 == len(groups))
		if err != nil {
			return err
		}
		// Whoever vouches for a revision vouches for all before it: an older
		// revision that ends later pulls the end of this one with it.
		r.End = max(end, start)
		start = r.End
		d.revs = append(d.revs, r)
	}
	if start < d.src.size {
		d.warn(WarnAfterEOF, start, strconv.FormatInt(d.src.size-start, 10)+" bytes")
	}
	return nil
}

// linearizedPair returns 2 if the chain (oldest first) starts with the two
// sections of a linearized file (ISO 32000-2 Annex F), which are one revision:
// the main section stands at the end, and the first-page section, which refers
// to it by /Prev, near the beginning. Otherwise 1.
func (d *Document) linearizedPair(chain []*section) (int, error) {
	if len(chain) < 2 || chain[1].off >= chain[0].off {
		return 1, nil
	}
	main := chain[0]
	dict, err := d.linearization()
	if err != nil {
		return 0, err
	}
	length, _ := dict.Get("L").(Integer)
	end, ok, err := d.eofAfter(main.end, main.end+maxXRefSlack)
	if err != nil {
		return 0, err
	}
	// /L is the length of the file when it was linearized; writers disagree on
	// whether the end of line after %%EOF counts.
	if dict.Get("Linearized") == nil || !ok || int64(length)+d.base > end.after || int64(length)+d.base < end.after-2 {
		d.warn(WarnLinearizedFalse, chain[1].off, "/Prev points forward")
		return 1, nil
	}
	return 2, nil
}

// linearization returns the first object's dictionary; nil if it has none.
func (d *Document) linearization() (*Dict, error) {
	l := d.lexerAt(d.base, d.base+headerWindow)
	t, err := l.Next()
	if err == nil && t.Kind == TokInteger {
		var got parsed
		if got, err = d.parseIndirect(t.Pos, Ref{}, nil); err == nil {
			dict, _ := got.obj.(*Dict)
			return dict, nil
		}
	}
	return nil, severe(err)
}

// eof is one "startxref number %%EOF".
type eof struct {
	at     int64 // of startxref
	stated int64
	after  int64 // after %%EOF and its end of line
}

// maxEOFSearch is how far behind its cross-reference section a revision's
// startxref is looked for. It usually follows at once; a writer may put
// objects after the section.
const maxEOFSearch = 1 << 20

// endOfRevision returns the offset after the revision's %%EOF and its end of line.
func (d *Document) endOfRevision(r *Revision, next, tailAt int64, last bool) (int64, error) {
	section := r.sections[len(r.sections)-1] // of a linearized file: the one at its end
	want := r.XRefOffset - d.base
	from, limit := section.end, min(next, section.end+maxEOFSearch)
	if next < section.end {
		limit = section.end + maxEOFSearch
	}
	e, ok, err := d.eofAfter(from, from+maxXRefSlack)
	if err != nil {
		return 0, err
	}
	if !ok {
		// Something stands between the section and its startxref.
		if e, ok, err = d.searchEOF(from, limit, want); err != nil {
			return 0, err
		}
		if !ok && last && tailAt >= from {
			if e, ok, err = d.eofAfter(tailAt, tailAt+1); err != nil {
				return 0, err
			}
		}
		if ok {
			d.warn(WarnXRefGap, from, strconv.FormatInt(e.at-from, 10)+" bytes before startxref")
		}
	}
	if !ok {
		end := section.end
		if last {
			end = d.src.size
		}
		d.warn(WarnMissingEOF, section.end, "revision "+strconv.Itoa(r.Index))
		return end, nil
	}
	switch line, err := d.lineEnds(e.stated+d.base, want-e.stated); {
	case err != nil:
		return 0, err
	case line:
		d.warn(WarnStartXRefLine, e.at, "")
	case e.stated != want:
		d.warn(WarnStartXRef, e.at, "says "+strconv.FormatInt(e.stated, 10)+", cross-reference is at "+strconv.FormatInt(want, 10))
	}
	return e.after, nil
}

// lineEnds reports whether n bytes from off are one line end.
func (d *Document) lineEnds(off, n int64) (bool, error) {
	if n < 1 || n > 2 {
		return false, nil
	}
	b, err := d.src.view(off, int(n))
	return string(b) == "\n" || string(b) == "\r" || string(b) == "\r\n", err
}

// eofAfter reads "startxref number %%EOF" which must begin, after white space
// and comments, at from ≤ x < limit.
func (d *Document) eofAfter(from, limit int64) (eof, bool, error) {
	l := d.lexerAt(from, d.src.size)
	t, err := l.Next()
	if err != nil || !t.isKeyword("startxref") || t.Pos >= limit {
		return eof{}, false, severe(err)
	}
	e := eof{at: t.Pos}
	t, err = l.Next()
	if err != nil || t.Kind != TokInteger {
		return eof{}, false, severe(err)
	}
	e.stated = t.Int
	// %%EOF is a comment to the lexer: read it by hand.
	var buf [64]byte
	n, err := d.src.read(buf[:], t.End)
	if err != nil {
		return eof{}, false, err
	}
	b := buf[:n]
	i := 0
	for i < len(b) && class[b[i]] == white {
		i++
	}
	if !bytes.HasPrefix(b[i:], []byte("%%EOF")) {
		return eof{}, false, nil
	}
	i += len("%%EOF")
	switch {
	case bytes.HasPrefix(b[i:], []byte("\r\n")):
		i += 2
	case i < len(b) && (b[i] == '\r' || b[i] == '\n'):
		i++
	}
	e.after = t.End + int64(i)
	return e, true, nil
}

// searchEOF looks for the first startxref in from ≤ x < limit that states want.
func (d *Document) searchEOF(from, limit, want int64) (eof, bool, error) {
	word := []byte("startxref")
	for off := from; off < limit; {
		b, err := d.window(off, limit)
		if err != nil {
			return eof{}, false, err
		}
		i := bytes.Index(b, word)
		if i < 0 {
			if off+int64(len(b)) >= limit || len(b) < len(word) {
				break
			}
			off += int64(len(b) - len(word) + 1)
			continue
		}
		e, ok, err := d.eofAfter(off+int64(i), off+int64(i)+1)
		if err != nil || ok && e.stated == want {
			return e, ok, err
		}
		off += int64(i + len(word))
	}
	return eof{}, false, nil
}

// window returns up to two pages of the file from off, for searching; it
// counts as lexing. The bytes are valid until the next call.
func (d *Document) window(off, limit int64) ([]byte, error) {
	if d.win == nil {
		d.win = make([]byte, 2*pageSize)
	}
	buf := d.win[:min(2*pageSize, limit-off)]
	n, err := d.src.read(buf, off)
	if err != nil {
		return nil, err
	}
	if d.lexBudget -= int64(n); d.lexBudget < 0 {
		return nil, &LimitError{"Limits.Lex", 0}
	}
	return buf[:n], nil
}
