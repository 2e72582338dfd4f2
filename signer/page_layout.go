package signer

import (
	"github.com/vidimus/vidimus/internal/pdf/sfnt"
)

// item is a block, or a cell of a table, with its place on the page.
type item struct {
	block *block
	row   *row
	cell  cell
	first bool // of its table
	top   float64
	size  float64
	base  float64 // size that the first baseline is made for
	lines [2]int  // range in canvas.lines
}

type cell uint8

const (
	noCell cell = iota
	labelCell
	valueCell
)

// tightness are the ways to fill a page, tried in order: distances between
// blocks shrink, then type does.
var tightness = [...]struct {
	gap   float64
	least bool // use the smallest size of every flowing text
}{{1, false}, {0.65, false}, {0.4, true}}

// layOut fills cv.items for the certificate, on the usual sheet or, where rare
// letters are needed, on another one.
func (p *Page) layOut(cv *canvas, v *values) (*sheet, error) {
	s := p.main
	for {
		cv.lacking = cv.lacking[:0]
		err := p.layOutOn(cv, s, v)
		if len(cv.lacking) == 0 {
			return s, err
		}
		// What is lacking distorts widths: it is dealt with before err.
		var extra runeSets
		for _, l := range cv.lacking {
			if _, ok := p.fonts[l.font].Glyph(l.r); !ok {
				return nil, &GlyphError{Rune: l.r, Field: v.owner(l)}
			}
			extra[l.font] = append(extra[l.font], l.r)
		}
		if s, err = p.extended(extra); err != nil {
			return nil, err
		}
	}
}

// owner finds the value that a rune came from.
func (v *values) owner(l lack) string {
	for _, name := range namesIn(nil, l.segs) {
		for _, r := range string(v.append(nil, valueByName(name))) {
			if r == l.r {
				if name == "holder" {
					continue
				}
				return name
			}
		}
	}
	for f := valueSurname; f <= valuePatronymic; f++ {
		for _, r := range string(v.append(nil, f)) {
			if r == l.r {
				return valueNames[f]
			}
		}
	}
	return l.path
}

func (p *Page) layOutOn(cv *canvas, s *sheet, v *values) error {
	var err error
	for _, tight := range tightness {
		cv.text, cv.lines, cv.items = cv.text[:0], cv.lines[:0], cv.items[:0]
		f := flow{page: p, cv: cv, fonts: &s.fonts, v: v, gap: tight.gap, least: tight.least}
		if err = f.run(); err == nil {
			return nil
		}
		if over, ok := err.(*OverflowError); !ok || !over.Page {
			return err
		}
	}
	return err
}

// flow places blocks from top to bottom. Lengths are in points from the top.
type flow struct {
	page   *Page
	cv     *canvas
	fonts  *[numFonts]*sfnt.Subset
	v      *values
	gap    float64
	least  bool
	cursor float64
}

func (f *flow) run() error {
	for _, b := range f.page.blocks {
		if b.static {
			if !b.hidden && b.bottom > 0 {
				f.cursor = b.bottom
			}
			if !b.hidden && b.tagged() {
				f.cv.items = append(f.cv.items, item{block: b})
			}
			continue
		}
		if b.when.hides(f.v) {
			continue
		}
		if err := f.place(b); err != nil {
			return err
		}
	}
	return nil
}

// tagged reports whether a static block has an element in the structure tree.
func (b *block) tagged() bool {
	return b.spec.Type == "emblem" || b.spec.Type == "text" && b.tag != "Artifact"
}

func (f *flow) place(b *block) error {
	flowing := b.spec.Y == nil
	top := f.cursor + mm(b.spec.Gap)*f.gap
	if !flowing {
		top = mm(*b.spec.Y)
	}
	var err error
	switch b.spec.Type {
	case "text":
		err = f.text(b, top)
	case "table":
		err = f.table(b, top)
	case "rule":
		f.cv.items = append(f.cv.items, item{block: b, top: top})
		f.cursor = top + b.spec.Weight
	default:
		f.cv.items = append(f.cv.items, item{block: b, top: top})
	}
	if err == nil && flowing && f.cursor > mm(f.page.tmpl.Page.Bottom) {
		err = &OverflowError{Field: b.title, Path: b.path, Page: true}
	}
	return err
}

// text lays out one text block and moves the cursor below it.
func (f *flow) text(b *block, top float64) error {
	size, _, leading, lines := b.typography()
	it, err := f.fit(b, b.text, b.font, mm(b.spec.Width), size, lines, b.path, b.title)
	if err != nil || it.lines[0] == it.lines[1] {
		return err
	}
	it.top = top
	f.cv.items = append(f.cv.items, it)
	f.cursor = top + float64(it.lines[1]-it.lines[0])*it.size*leading
	return nil
}

// fit expands a text and breaks it into lines.
func (f *flow) fit(b *block, segs []segment, font int, width, size float64, most int, path, title string) (item, error) {
	cv := f.cv
	start, mark := len(cv.text), len(cv.lines)
	cv.text, _ = expand(cv.text, segs, f.v)
	cv.measure(f.fonts[font], start, func(r rune) {
		cv.lacking = append(cv.lacking, lack{r, font, path, segs})
	})
	_, least, _, _ := b.typography()
	least = min(least, size)
	if f.least && b.spec.Y == nil {
		size = least
	}
	fitted, ok := cv.fit(width, size, least, b.spec.Tracking, most)
	if !ok {
		return item{}, &OverflowError{Field: title, Path: path}
	}
	return item{block: b, size: fitted, base: fitted, lines: [2]int{mark, len(cv.lines)}}, nil
}

func (f *flow) table(b *block, top float64) error {
	size, _, leading, lines := b.typography()
	labelSize := b.spec.LabelSize
	if labelSize == 0 {
		labelSize = size
	}
	first := true
	for i := range b.rows {
		r := &b.rows[i]
		if r.when.hides(f.v) {
			continue
		}
		if !first {
			top += mm(b.spec.RowGap) * f.gap
		}
		label, err := f.fit(b, r.label, regular, mm(b.spec.LabelWidth)-4, labelSize, lines, r.path, "")
		if err != nil {
			return err
		}
		value, err := f.fit(b, r.text, b.font, mm(b.spec.Width-b.spec.LabelWidth), size, lines, r.path, r.title)
		if err != nil {
			return err
		}
		label.base = max(label.size, value.size)
		value.base = label.base
		label.row, label.cell, label.first, label.top = r, labelCell, first, top
		value.row, value.cell, value.top = r, valueCell, top
		f.cv.items = append(f.cv.items, label, value)
		top += max(label.height(leading), value.height(leading))
		f.cursor, first = top, false
		if top > mm(f.page.tmpl.Page.Bottom) && b.spec.Y == nil {
			return &OverflowError{Field: r.title, Path: r.path, Page: true}
		}
	}
	return nil
}

func (it *item) height(leading float64) float64 {
	return float64(it.lines[1]-it.lines[0]) * it.size * leading
}
