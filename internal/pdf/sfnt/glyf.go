package sfnt

// Flags of a component in a composite glyph (OpenType, table glyf).
const (
	argsAreWords    = 0x0001
	argsAreXY       = 0x0002
	haveScale       = 0x0008
	moreComponents  = 0x0020
	haveXYScale     = 0x0040
	have2x2         = 0x0080
	haveInstruction = 0x0100
	useMyMetrics    = 0x0200
)

// outline returns the bytes of one glyph; empty for a blank such as space.
func (f *Font) outline(gid int) ([]byte, error) {
	if gid < 0 || gid >= f.numGlyphs {
		return nil, formatError("glyph %d of %d", gid, f.numGlyphs)
	}
	var from, to uint64
	if loca := f.tables["loca"]; f.longLoca {
		from, to = uint64(u32(loca, 4*gid)), uint64(u32(loca, 4*gid+4))
	} else {
		from, to = 2*uint64(u16(loca, 2*gid)), 2*uint64(u16(loca, 2*gid+2))
	}
	glyf := f.tables["glyf"]
	if from > to || to > uint64(len(glyf)) {
		return nil, formatError("glyph %d lies outside table glyf", gid)
	}
	g := glyf[from:to]
	if len(g) > 0 && len(g) < 10 {
		return nil, formatError("glyph %d has %d bytes", gid, len(g))
	}
	return g, nil
}

// components lists the glyphs that a composite glyph is made of.
func components(g []byte) ([]int, error) {
	if len(g) < 10 || i16(g, 0) >= 0 {
		return nil, nil
	}
	var gids []int
	err := walkComponents(g, func(at int) { gids = append(gids, u16(g, at+2)) })
	return gids, err
}

// walkComponents calls visit with the offset of each component record. The
// error says that the glyph is cut short or has too many components.
func walkComponents(g []byte, visit func(at int)) error {
	for at, n := 10, 0; ; n++ {
		if n == maxParts || at+4 > len(g) {
			return formatError("broken composite glyph")
		}
		flags := u16(g, at)
		size := componentSize(flags)
		if at+size > len(g) {
			return formatError("broken composite glyph")
		}
		visit(at)
		at += size
		if flags&moreComponents == 0 {
			return nil
		}
	}
}

func componentSize(flags int) int {
	size := 6
	if flags&argsAreWords != 0 {
		size += 2
	}
	switch {
	case flags&haveScale != 0:
		size += 2
	case flags&haveXYScale != 0:
		size += 4
	case flags&have2x2 != 0:
		size += 8
	}
	return size
}

// unhinted returns a copy of a glyph without instructions. In composites the
// component numbers are translated by renumber.
func unhinted(g []byte, renumber func(int) int) ([]byte, error) {
	if len(g) == 0 {
		return nil, nil
	}
	contours := i16(g, 0)
	if contours < 0 {
		return unhintedComposite(g, renumber)
	}
	if len(g) < 12+2*contours {
		return nil, formatError("glyph cut short")
	}
	points := 0
	if contours > 0 {
		points = u16(g, 8+2*contours) + 1
	}
	at := 10 + 2*contours
	instructions := u16(g, at)
	body := at + 2 + instructions
	if body > len(g) {
		return nil, formatError("glyph cut short in its instructions")
	}
	size, err := bodySize(g[body:], points)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, at+2+size)
	out = append(out, g[:at]...)
	out = append(out, 0, 0)
	return append(out, g[body:body+size]...), nil
}

func unhintedComposite(g []byte, renumber func(int) int) ([]byte, error) {
	out := append([]byte(nil), g[:10]...)
	err := walkComponents(g, func(at int) {
		flags := u16(g, at)
		rec := append([]byte(nil), g[at:at+componentSize(flags)]...)
		flags &^= haveInstruction
		rec[0], rec[1] = byte(flags>>8), byte(flags)
		gid := renumber(u16(g, at+2))
		rec[2], rec[3] = byte(gid>>8), byte(gid)
		out = append(out, rec...)
	})
	return out, err
}

// bodySize measures flags and coordinates of a simple glyph, so that padding
// in the source is not copied.
func bodySize(b []byte, points int) (int, error) {
	at, coords := 0, 0
	for n := 0; n < points; {
		if at >= len(b) {
			return 0, formatError("glyph cut short in its flags")
		}
		flag, times := b[at], 1
		at++
		if flag&0x08 != 0 { // repeat
			if at >= len(b) {
				return 0, formatError("glyph cut short in its flags")
			}
			times += int(b[at])
			at++
		}
		n += times
		if n > points {
			return 0, formatError("glyph has more flags than points")
		}
		coords += times * (coordSize(flag, 0x02, 0x10) + coordSize(flag, 0x04, 0x20))
	}
	if at+coords > len(b) {
		return 0, formatError("glyph cut short in its coordinates")
	}
	return at + coords, nil
}

// coordSize is 1 for a short vector, 0 for "same as before", otherwise 2.
func coordSize(flag, short, same byte) int {
	switch {
	case flag&short != 0:
		return 1
	case flag&same != 0:
		return 0
	}
	return 2
}
