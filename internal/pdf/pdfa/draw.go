package pdfa

// Color is red, green and blue from 0 to 255, in sRGB.
type Color struct{ R, G, B uint8 }

// maxDepth is how deep q may nest (ISO 19005-3 §6.1.13, after ISO 32000-1
// annex C).
const maxDepth = 28

// Save and Restore bracket changes of the graphics state.
func (d *Doc) Save() {
	if d.depth++; d.depth > maxDepth {
		d.fail("Save nested more than %d deep", maxDepth)
	}
	d.content = append(d.content, "q\n"...)
}

// Restore ends what Save began.
func (d *Doc) Restore() {
	if d.depth--; d.depth < 0 {
		d.fail("Restore without Save")
	}
	d.content = append(d.content, "Q\n"...)
}

// Transform multiplies the current matrix.
func (d *Doc) Transform(a, b, c, e, x, y float64) {
	buf := d.content
	for _, v := range [...]float64{a, b, c, e} {
		buf = append(appendFine(buf, v), ' ')
	}
	d.content = append(appendReals(buf, x, y), "cm\n"...)
}

// appendFine writes six decimals, for factors.
func appendFine(b []byte, v float64) []byte {
	if v == float64(int(v)) {
		return appendInt(b, int(v))
	}
	return appendFloat(b, v)
}

// FillColor sets the colour of text and fills.
func (d *Doc) FillColor(c Color) { d.color(c, 'g', "rg") }

// StrokeColor sets the colour of lines.
func (d *Doc) StrokeColor(c Color) { d.color(c, 'G', "RG") }

func (d *Doc) color(c Color, gray byte, rgb string) {
	b := appendComponent(d.content, c.R)
	if c.R == c.G && c.G == c.B {
		d.content = append(b, gray, '\n')
		return
	}
	b = appendComponent(appendComponent(b, c.G), c.B)
	d.content = append(append(b, rgb...), '\n')
}

func appendComponent(b []byte, v uint8) []byte {
	switch v {
	case 0:
		return append(b, "0 "...)
	case 255:
		return append(b, "1 "...)
	}
	n := (int(v)*1000 + 127) / 255
	return append(b, '.', byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10), ' ')
}

// LineWidth sets the width of lines in points.
func (d *Doc) LineWidth(w float64) { d.content = append(appendReals(d.content, w), "w\n"...) }

// MoveTo, LineTo, CurveTo, Rect and ClosePath build the current path.
func (d *Doc) MoveTo(x, y float64) { d.content = append(appendReals(d.content, x, y), "m\n"...) }

// LineTo adds a straight line.
func (d *Doc) LineTo(x, y float64) { d.content = append(appendReals(d.content, x, y), "l\n"...) }

// CurveTo adds a cubic Bézier curve.
func (d *Doc) CurveTo(x1, y1, x2, y2, x3, y3 float64) {
	d.content = append(appendReals(d.content, x1, y1, x2, y2, x3, y3), "c\n"...)
}

// Rect adds a rectangle with its lower left corner at x, y.
func (d *Doc) Rect(x, y, w, h float64) {
	d.content = append(appendReals(d.content, x, y, w, h), "re\n"...)
}

// RoundRect adds a rectangle with corners of radius r.
func (d *Doc) RoundRect(x, y, w, h, r float64) {
	const k = 0.5522847498 // control points for a quarter of a circle
	q := r * (1 - k)
	d.MoveTo(x+r, y)
	d.LineTo(x+w-r, y)
	d.CurveTo(x+w-q, y, x+w, y+q, x+w, y+r)
	d.LineTo(x+w, y+h-r)
	d.CurveTo(x+w, y+h-q, x+w-q, y+h, x+w-r, y+h)
	d.LineTo(x+r, y+h)
	d.CurveTo(x+q, y+h, x, y+h-q, x, y+h-r)
	d.LineTo(x, y+r)
	d.CurveTo(x, y+q, x+q, y, x+r, y)
	d.ClosePath()
}

// ClosePath returns to the start of the current subpath.
func (d *Doc) ClosePath() { d.content = append(d.content, "h\n"...) }

// Fill fills the current path, by the even-odd rule if asked.
func (d *Doc) Fill(evenOdd bool) {
	if evenOdd {
		d.paint("f*\n")
	} else {
		d.paint("f\n")
	}
}

// Stroke draws the current path as a line.
func (d *Doc) Stroke() { d.paint("S\n") }

func (d *Doc) paint(op string) {
	if !d.open {
		d.fail("painting outside marked content")
	}
	d.content = append(d.content, op...)
}

// Raw lets draw append operators of its own, such as a QR code's path. They
// must be balanced, use only device RGB or gray, and stay in marked content. A
// path of many lines deflates best when it is the last that is drawn.
func (d *Doc) Raw(draw func(dst []byte) []byte) {
	if !d.open {
		d.fail("painting outside marked content")
	}
	d.path = len(d.content)
	d.content = draw(d.content)
}
