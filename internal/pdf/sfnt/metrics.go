package sfnt

// Metrics are the font-wide values of a PDF font descriptor (ISO 32000-2,
// table 120), in thousandths of an em except ItalicAngle in degrees.
type Metrics struct {
	BBox        [4]int // left, bottom, right, top
	Ascent      int
	Descent     int // negative
	CapHeight   int
	ItalicAngle float64
}

// Name returns the PostScript name without a subset tag.
func (f *Font) Name() string { return f.name }

// UnitsPerEm returns the number of font units in one em.
func (f *Font) UnitsPerEm() int { return f.unitsPerEm }

// Metrics returns the font-wide metrics.
func (f *Font) Metrics() Metrics {
	m := Metrics{
		Ascent:      f.permille(f.ascent),
		Descent:     f.permille(f.descent),
		CapHeight:   f.permille(f.capHeight),
		ItalicAngle: f.italic,
	}
	for i, v := range f.bbox {
		m.BBox[i] = f.permille(v)
	}
	return m
}

// permille converts font units to thousandths of an em, rounding half away
// from zero.
func (f *Font) permille(v int) int {
	n := v*2000 + f.unitsPerEm
	if v < 0 {
		n = v*2000 - f.unitsPerEm
	}
	return n / (2 * f.unitsPerEm)
}

// advance returns a glyph's advance width in font units.
func (f *Font) advance(gid int) int {
	return u16(f.tables["hmtx"], 4*min(gid, f.numHMetric-1))
}

// sideBearing returns a glyph's left side bearing in font units.
func (f *Font) sideBearing(gid int) int {
	t := f.tables["hmtx"]
	if gid < f.numHMetric {
		return i16(t, 4*gid+2)
	}
	return i16(t, 4*f.numHMetric+2*(gid-f.numHMetric))
}
