package sfnt

import "sort"

// cmap answers which glyph draws a rune. It is read once into segments.
type cmap []segment

// segment maps the runes lo…hi to glyphs: rune lo to glyph delta (modulo 65536)
// and so on, or, when table is set, to the numbers listed there plus delta.
type segment struct {
	lo, hi rune
	delta  int
	table  []byte
}

// maxSegments bounds the segments kept from one cmap; Unicode has fewer
// blocks than this, and fonts of 65,535 glyphs have some 3,000 segments.
const maxSegments = 20000

// Glyph returns the glyph number for r. ok is false when the font has none.
func (f *Font) Glyph(r rune) (gid int, ok bool) {
	i := sort.Search(len(f.cmap), func(i int) bool { return f.cmap[i].hi >= r })
	if i == len(f.cmap) || f.cmap[i].lo > r {
		return 0, false
	}
	s := f.cmap[i]
	gid = int(r-s.lo) + s.delta
	if s.table != nil {
		at := 2 * int(r-s.lo)
		if at+2 > len(s.table) {
			return 0, false
		}
		if gid = u16(s.table, at); gid != 0 {
			gid += s.delta
		}
	}
	gid &= 0xFFFF
	return gid, gid != 0 && gid < f.numGlyphs
}

// readCmap takes the best Unicode subtable: format 12 before format 4.
func (f *Font) readCmap() error {
	t, err := f.table("cmap", 4)
	if err != nil {
		return err
	}
	best, rank := []byte(nil), 0
	for i := range u16(t, 2) {
		if len(t) < 4+8*(i+1) {
			break
		}
		rec := t[4+8*i:]
		platform, encoding, off := u16(rec, 0), u16(rec, 2), u32(rec, 4)
		unicode := platform == 0 || platform == 3 && (encoding == 1 || encoding == 10)
		if !unicode || uint64(off)+16 > uint64(len(t)) {
			continue
		}
		sub := t[off:]
		switch format := u16(sub, 0); {
		case format == 12 && rank < 2:
			best, rank = sub, 2
		case format == 4 && rank < 1:
			best, rank = sub, 1
		}
	}
	switch rank {
	case 1:
		f.cmap, err = readFormat4(best)
	case 2:
		f.cmap, err = readFormat12(best)
	default:
		return formatError("no Unicode cmap of format 4 or 12")
	}
	return err
}

func readFormat4(t []byte) (cmap, error) {
	n := u16(t, 6) / 2
	if len(t) < 16+8*n {
		return nil, formatError("cmap format 4 cut short")
	}
	ends, starts := t[14:], t[16+2*n:]
	deltas, offsets := t[16+4*n:], t[16+6*n:]
	var c cmap
	for i := range n {
		s := segment{lo: rune(u16(starts, 2*i)), hi: rune(u16(ends, 2*i)), delta: u16(deltas, 2*i)}
		if off := u16(offsets, 2*i); off != 0 {
			at := 2*i + off // counted from the offset's own place
			if at > len(offsets) {
				return nil, formatError("cmap format 4 points outside")
			}
			s.table = offsets[at:]
		} else {
			s.delta += int(s.lo) // format 4 adds to the rune, not to its place in the segment
		}
		c = append(c, s)
	}
	return c, c.check()
}

func readFormat12(t []byte) (cmap, error) {
	n := u32(t, 12)
	if n > maxSegments || len(t) < 16+12*int(n) {
		return nil, formatError("cmap format 12 with %d groups", n)
	}
	var c cmap
	for i := range int(n) {
		g := t[16+12*i:]
		lo, hi, gid := u32(g, 0), u32(g, 4), u32(g, 8)
		if hi > 0x10FFFF || gid > 0xFFFF {
			return nil, formatError("cmap format 12 group %d out of range", i)
		}
		c = append(c, segment{lo: rune(lo), hi: rune(hi), delta: int(gid)})
	}
	return c, c.check()
}

// check makes sure that binary search works.
func (c cmap) check() error {
	for i, s := range c {
		if s.lo > s.hi || i > 0 && s.lo <= c[i-1].hi {
			return formatError("cmap segments are not in order")
		}
	}
	return nil
}
