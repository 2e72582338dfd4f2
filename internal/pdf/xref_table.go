package pdf

// tableEntrySize is the length of a table entry, "nnnnnnnnnn ggggg n" and two
// bytes of end of line (ISO 32000-2 §7.5.4).
const tableEntrySize = 20

// maxOffsetDigits bounds the offset field read by the lenient path.
const maxOffsetDigits = 18

func parseTableEntry(b []byte) (off int64, gen uint16, inUse, ok bool) {
	if len(b) < 18 || b[10] != ' ' || b[16] != ' ' || (b[17] != 'n' && b[17] != 'f') {
		return 0, 0, false, false
	}
	for _, c := range b[:10] {
		if c < '0' || c > '9' {
			return 0, 0, false, false
		}
		off = off*10 + int64(c-'0')
	}
	g := 0
	for _, c := range b[11:16] {
		if c < '0' || c > '9' {
			return 0, 0, false, false
		}
		g = g*10 + int(c-'0')
	}
	for _, c := range b[18:] {
		if c != ' ' && c != '\r' && c != '\n' {
			return 0, 0, false, false
		}
	}
	return off, uint16(min(g, maxGeneration)), b[17] == 'n', true
}

// readTable reads the section whose "xref" keyword is just read.
func (d *Document) readTable(s *section, l *Lexer) error {
	s.inFile, s.width = true, tableEntrySize
	for {
		t, err := l.Next()
		if err != nil {
			return err
		}
		if t.isKeyword("trailer") {
			break
		}
		count, err := l.Next()
		if err != nil {
			return err
		}
		if t.Kind != TokInteger || count.Kind != TokInteger || t.Int < 0 || count.Int < 0 {
			return &SyntaxError{t.Pos, "cross-reference subsection has no header", ErrXRef}
		}
		if t.Int+count.Int > maxObjectNumber+1 || t.Int > maxObjectNumber {
			return &LimitError{"maxObjectNumber", maxObjectNumber}
		}
		if err := d.readSubsection(s, l, uint32(t.Int), uint32(count.Int)); err != nil {
			return err
		}
	}
	if err := s.arrange(d); err != nil {
		return err
	}
	p := parser{lex: l, names: &d.names, inFile: true, onDup: d.warnDuplicates}
	o, err := p.object()
	if err != nil {
		return err
	}
	dict, ok := o.(*Dict)
	if !ok {
		return &SyntaxError{l.Offset(), "trailer is no dictionary", ErrXRef}
	}
	s.trailer, s.end = dict, dict.end
	l.seek(dict.end)
	return nil
}

func (d *Document) readSubsection(s *section, l *Lexer, first, count uint32) error {
	if count == 0 {
		return nil
	}
	if ok, err := l.skip(); !ok || err != nil {
		return orSyntax(err, l, l.Offset(), "cross-reference table has no end")
	}
	pos := l.Offset()
	regular, err := d.regularTable(pos, int64(count))
	if err != nil {
		return err
	}
	if first == 1 {
		var line [tableEntrySize]byte
		n, err := d.src.read(line[:], pos)
		if err != nil {
			return err
		}
		if off, gen, inUse, ok := parseTableEntry(line[:n]); ok && off == 0 && gen == maxGeneration && !inUse {
			d.warn(WarnXRefFirst, pos, "numbered from 1")
			first = 0
		}
	}
	if regular && s.inFile {
		l.seek(pos + int64(count)*tableEntrySize)
		return s.add(first, count, pos)
	}
	d.warn(WarnXRefEntry, pos, "entries are not 20 bytes long")
	if err := d.packTable(s); err != nil {
		return err
	}
	return d.readIrregular(s, l, first, count)
}

// regularTable reports whether count 20-byte entries stand at pos: the first
// and the last have the form, and a new line of the table follows. Each of the
// others is checked when it is looked up.
func (d *Document) regularTable(pos, count int64) (bool, error) {
	end := pos + count*tableEntrySize
	if end > d.src.size {
		return false, nil
	}
	var line [tableEntrySize + 1]byte
	for _, at := range [...]int64{pos, end - tableEntrySize} {
		n, err := d.src.read(line[:], at)
		if err != nil {
			return false, err
		}
		if _, _, _, ok := parseTableEntry(line[:min(n, tableEntrySize)]); !ok {
			return false, nil
		}
	}
	next := line[tableEntrySize]
	return class[next] != regular || next == 't' || next >= '0' && next <= '9', nil
}

// packTable moves the entries read so far from the file to memory, in the
// layout of a cross-reference stream.
func (d *Document) packTable(s *section) error {
	if !s.inFile {
		return nil
	}
	subs := s.subs
	s.w, s.width = [3]int{1, 8, 2}, 11
	s.subs = nil
	for i := range subs {
		start := int64(len(s.data))
		for n := range subs[i].count {
			var line [tableEntrySize]byte
			got, err := d.src.read(line[:], subs[i].pos+int64(n)*tableEntrySize)
			if err != nil {
				return err
			}
			off, gen, inUse, ok := parseTableEntry(line[:got])
			if !ok {
				return &SyntaxError{subs[i].pos, "cross-reference entry is not of the form nnnnnnnnnn ggggg n", ErrXRef}
			}
			if err := d.packEntry(s, off, gen, inUse); err != nil {
				return err
			}
		}
		s.subs = append(s.subs, subsection{subs[i].first, subs[i].count, start})
	}
	s.inFile = false
	return nil
}

func (d *Document) packEntry(s *section, off int64, gen uint16, inUse bool) error {
	if d.xrefBudget -= int64(s.width); d.xrefBudget < 0 {
		return &LimitError{"maxXRefBytes", maxXRefBytes}
	}
	row := [11]byte{9: byte(gen >> 8), 10: byte(gen)}
	if inUse {
		row[0] = 1
	}
	for i := range 8 {
		row[1+i] = byte(off >> (8 * (7 - i)))
	}
	s.data = append(s.data, row[:]...)
	return nil
}

// readIrregular reads entries token by token.
func (d *Document) readIrregular(s *section, l *Lexer, first, count uint32) error {
	start := int64(len(s.data))
	for range count {
		off, err := l.Next()
		if err != nil {
			return err
		}
		gen, err := l.Next()
		if err != nil {
			return err
		}
		use, err := l.Next()
		if err != nil {
			return err
		}
		inUse := use.isKeyword("n")
		if off.Kind != TokInteger || gen.Kind != TokInteger || !inUse && !use.isKeyword("f") ||
			off.Int < 0 || off.End-off.Pos > maxOffsetDigits || gen.Int < 0 {
			return &SyntaxError{off.Pos, "cross-reference entry is not of the form nnnnnnnnnn ggggg n", ErrXRef}
		}
		if err := d.packEntry(s, off.Int, uint16(min(gen.Int, maxGeneration)), inUse); err != nil {
			return err
		}
	}
	return s.add(first, count, start)
}
