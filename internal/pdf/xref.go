package pdf

import (
	"sort"
)

// maxXRefBytes bounds what all cross-reference sections of a file may keep in
// memory: the decoded cross-reference streams, and tables whose entries are
// not 20 bytes long. 16 MiB hold some three million objects. Regular tables
// stay in the file and are read entry by entry.
const maxXRefBytes = 16 << 20

// maxSubsections bounds the subsections of one section. An update that touches
// scattered objects has one for each.
const maxSubsections = 1 << 17

// maxOverlaps bounds the subsections of a section in which object numbers
// occur twice, since sorting those out takes quadratic time.
const maxOverlaps = 1 << 10

// section is one cross-reference section: a table (ISO 32000-2 §7.5.4) or a
// stream (§7.5.8). For a hybrid file (§7.5.8.4) hybrid is the stream that
// /XRefStm names.
type section struct {
	off     int64 // of "xref", or of the stream object
	end     int64 // after the trailer dictionary, or after endobj
	trailer *Dict
	stream  bool
	hybrid  *section

	subs    []subsection // sorted by first, disjoint
	inFile  bool         // entries are the 20-byte lines of a table
	data    []byte       // otherwise they are here,
	w       [3]int       // in fields of these widths
	width   int
	prev    int64 // -1 = none
	xrefStm int64 // -1 = none
}

// subsection holds the entries of count consecutive object numbers from first;
// pos is where the first of them stands, in the file or in data.
type subsection struct {
	first, count uint32
	pos          int64
}

// EntryKind says what a cross-reference entry says of its object.
type EntryKind uint8

// Kinds of entries. EntryNone is the zero value: no section mentions the object.
const (
	EntryNone EntryKind = iota
	EntryFree
	EntryInFile   // at Offset
	EntryInStream // number Index in the object stream Stream
)

// Entry is one cross-reference entry. For a free entry Ref.Gen is the
// generation number that a new object of that number would get.
type Entry struct {
	Ref    Ref
	Kind   EntryKind
	Offset int64 // EntryInFile: of the object's header, counted from byte 0 of the file
	Stream Ref   // EntryInStream
	Index  int   // EntryInStream
}

// find returns the section's own entry for num, the hybrid stream's included.
func (s *section) find(d *Document, num uint32) (Entry, error) {
	e, err := s.own(d, num)
	if err != nil || s.hybrid == nil {
		return e, err
	}
	// §7.5.8.4: objects that the table hides are free or absent there; for
	// these the stream's entry counts.
	h, err := s.hybrid.own(d, num)
	if err != nil {
		return Entry{}, err
	}
	if e.Kind == EntryInFile {
		if h.Kind != EntryNone && h != e {
			d.warn(WarnHybridConflict, s.off, e.Ref.String())
		}
		return e, nil
	}
	if h.Kind != EntryNone {
		return h, nil
	}
	return e, nil
}

func (s *section) own(d *Document, num uint32) (Entry, error) {
	i := sort.Search(len(s.subs), func(i int) bool { return s.subs[i].first > num }) - 1
	if i < 0 || num-s.subs[i].first >= s.subs[i].count {
		return Entry{}, nil
	}
	return s.entry(d, &s.subs[i], num)
}

func (s *section) entry(d *Document, sub *subsection, num uint32) (Entry, error) {
	at := sub.pos + int64(num-sub.first)*int64(s.width)
	if s.inFile {
		var line [tableEntrySize]byte
		n, err := d.src.read(line[:], at)
		if err != nil {
			return Entry{}, err
		}
		off, gen, inUse, ok := parseTableEntry(line[:n])
		if !ok {
			return Entry{}, &SyntaxError{at, "cross-reference entry is not of the form nnnnnnnnnn ggggg n", ErrXRef}
		}
		return d.tableEntry(num, off, gen, inUse, at), nil
	}
	row := s.data[at : at+int64(s.width)]
	typ := uint64(1)
	if s.w[0] > 0 {
		typ = bigEndian(row[:s.w[0]])
	}
	f2 := bigEndian(row[s.w[0] : s.w[0]+s.w[1]])
	f3 := bigEndian(row[s.w[0]+s.w[1] : s.w[0]+s.w[1]+s.w[2]])
	switch typ {
	case 0:
		return d.tableEntry(num, int64(f2), uint16(min(f3, maxGeneration)), false, s.off), nil
	case 1:
		if f2 > 1<<62 || f3 > maxGeneration {
			return Entry{}, &SyntaxError{s.off, "cross-reference entry out of range", ErrXRef}
		}
		return d.tableEntry(num, int64(f2), uint16(f3), true, s.off), nil
	case 2:
		if f2 > maxObjectNumber || f3 > maxObjectNumber {
			return Entry{}, &SyntaxError{s.off, "cross-reference entry out of range", ErrXRef}
		}
		return Entry{Ref: Ref{Num: num}, Kind: EntryInStream, Stream: Ref{Num: uint32(f2)}, Index: int(f3)}, nil
	}
	// §7.5.8.3: any other type is a reference to the null object.
	return Entry{Ref: Ref{Num: num}, Kind: EntryFree}, nil
}

func (d *Document) tableEntry(num uint32, off int64, gen uint16, inUse bool, at int64) Entry {
	e := Entry{Ref: Ref{Num: num, Gen: gen}, Kind: EntryFree}
	if !inUse {
		return e
	}
	if off == 0 {
		d.warn(WarnXRefZero, at, e.Ref.String())
		return e
	}
	e.Kind, e.Offset = EntryInFile, off+d.base
	return e
}

func bigEndian(b []byte) uint64 {
	var v uint64
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v
}

// add appends a subsection read from the file.
func (s *section) add(first, count uint32, pos int64) error {
	if count == 0 {
		return nil
	}
	if len(s.subs) >= maxSubsections {
		return &LimitError{"maxSubsections", maxSubsections}
	}
	s.subs = append(s.subs, subsection{first, count, pos})
	return nil
}

// arrange sorts the subsections. Where object numbers occur twice in the
// section, the entry that stands first counts.
func (s *section) arrange(d *Document) error {
	inOrder := sort.SliceIsSorted(s.subs, func(i, j int) bool { return s.subs[i].first < s.subs[j].first })
	file := s.subs
	if !inOrder {
		file = append([]subsection(nil), s.subs...)
		sort.SliceStable(s.subs, func(i, j int) bool { return s.subs[i].first < s.subs[j].first })
	}
	overlap := false
	for i := 1; i < len(s.subs); i++ {
		if s.subs[i].first-s.subs[i-1].first < s.subs[i-1].count {
			overlap = true
			d.warn(WarnXRefDuplicate, s.off, Ref{Num: s.subs[i].first}.String())
		}
	}
	if !overlap {
		return nil
	}
	if len(s.subs) > maxOverlaps {
		return &LimitError{"maxOverlaps", maxOverlaps}
	}
	var out []subsection
	for _, sub := range file {
		out = s.fill(out, sub)
	}
	s.subs = out
	return nil
}

// fill inserts into the sorted, disjoint list what it does not yet cover of sub.
func (s *section) fill(list []subsection, sub subsection) []subsection {
	var out []subsection
	next := uint64(sub.first) // first number not yet placed
	end := uint64(sub.first) + uint64(sub.count)
	place := func(until uint64) {
		if until = min(until, end); next < until {
			out = append(out, subsection{uint32(next), uint32(until - next), sub.pos + int64(next-uint64(sub.first))*int64(s.width)})
		}
	}
	for _, have := range list {
		place(uint64(have.first))
		out = append(out, have)
		next = max(next, uint64(have.first)+uint64(have.count))
	}
	place(end)
	return out
}
