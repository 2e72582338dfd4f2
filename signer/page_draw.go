package signer

import (
	"math"

	"github.com/vidimus/vidimus/internal/pdf/pdfa"
	"github.com/vidimus/vidimus/qr"
)

// draw puts all items on the page.
func (cv *canvas) draw(d *pdfa.Doc, v *values, code *qr.Code) {
	cv.figure = figure{}
	for i := range cv.items {
		cv.items[i].draw(d, cv, v, code)
	}
	if cv.figure == (figure{}) {
		return
	}
	cv.figure.draw(d, code)
}

// draw puts an item on the page. Static ones are there already and only take
// their place in the reading order.
func (it *item) draw(d *pdfa.Doc, cv *canvas, v *values, code *qr.Code) {
	b := it.block
	if b.static {
		d.Place()
		return
	}
	p := v.page
	switch b.spec.Type {
	case "text":
		if b.tag == "Artifact" {
			d.Artifact()
		} else {
			d.Begin(d.Add(pdfa.Root, b.tag, pdfa.Attr{Title: b.title, Lang: it.lang(cv, p)}))
		}
		it.drawLines(d, cv, p, mm(b.spec.X), mm(b.spec.Width), b.font, b.color)
		d.End()
	case "table":
		it.drawCell(d, cv, p)
	case "qr":
		cv.figure = p.addQR(d, b, code)
	case "rule":
		d.Artifact()
		p.drawRule(d, b, it.top)
		d.End()
	case "box":
		d.Artifact()
		p.drawBox(d, b, it.top)
		d.End()
	}
}

func (it *item) drawCell(d *pdfa.Doc, cv *canvas, p *Page) {
	b := it.block
	x := mm(b.spec.X)
	if it.cell == labelCell {
		if it.first {
			cv.table = d.Add(pdfa.Root, "Table", pdfa.Attr{})
		}
		cv.tableRow = d.Add(cv.table, "TR", pdfa.Attr{})
		d.Begin(d.Add(cv.tableRow, "TH", pdfa.Attr{Scope: "Row"}))
		it.drawLines(d, cv, p, x, mm(b.spec.LabelWidth), regular, b.labelColor)
	} else {
		d.Begin(d.Add(cv.tableRow, "TD", pdfa.Attr{Title: it.row.title, Lang: it.lang(cv, p)}))
		it.drawLines(d, cv, p, x+mm(b.spec.LabelWidth), mm(b.spec.Width-b.spec.LabelWidth), b.font, b.color)
	}
	d.End()
}

// lang says that a text of an English page is Russian when it has Cyrillic
// letters (ISO 14289-1 §7.2).
func (it *item) lang(cv *canvas, p *Page) string {
	if p.opt.Lang == "ru" || it.lines[0] == it.lines[1] {
		return ""
	}
	for _, r := range string(cv.text[cv.lines[it.lines[0]].start:cv.lines[it.lines[1]-1].end]) {
		if r >= 0x400 && r < 0x530 {
			return "ru-RU"
		}
	}
	return ""
}

func (it *item) drawLines(d *pdfa.Doc, cv *canvas, p *Page, x, width float64, font int, color pdfa.Color) {
	b := it.block
	_, _, leading, _ := b.typography()
	page := mm(p.tmpl.Page.Height)
	d.FillColor(color)
	if b.spec.Rotate != 0 {
		sin, cos := math.Sincos(b.spec.Rotate * math.Pi / 180)
		d.Save()
		d.Transform(cos, sin, -sin, cos, x, page-it.top)
		x, page = 0, it.top
		defer d.Restore()
	}
	for i, l := range cv.lines[it.lines[0]:it.lines[1]] {
		left := x
		visible := l.width - b.spec.Tracking // none after the last letter
		switch b.spec.Align {
		case "center":
			left += (width - visible) / 2
		case "right":
			left += width - visible
		}
		// Centres capitals, 0.66 em high, in the first line; a label and its value
		// share the baseline of the larger.
		baseline := it.top + it.size*leading*float64(i) + it.base*(leading/2+0.33)
		d.Text(font, it.size, b.spec.Tracking, left, page-baseline, cv.text[l.start:l.end])
	}
}

// figure is a QR code that has its place in the reading order and is to be drawn
// after everything else, since its path is deflated in another way.
type figure struct {
	elem   pdfa.Elem
	box    pdfa.Rect
	module float64
}

func (p *Page) addQR(d *pdfa.Doc, b *block, code *qr.Code) figure {
	m := mm(b.spec.Module)
	side := float64(code.Size()+2*qr.QuietZone) * m
	x, y := mm(b.spec.X), mm(p.tmpl.Page.Height)-mm(*b.spec.Y)-side
	box := pdfa.Rect{x, y, x + side, y + side}
	return figure{d.Add(pdfa.Root, "Figure", pdfa.Attr{Alt: b.alt, BBox: box}), box, m}
}

func (f *figure) draw(d *pdfa.Doc, code *qr.Code) {
	x, y, side := f.box[0], f.box[1], f.box[2]-f.box[0]
	d.Begin(f.elem)
	d.FillColor(pdfa.Color{R: 255, G: 255, B: 255})
	d.Rect(x, y, side, side)
	d.Fill(false)
	d.FillColor(pdfa.Color{})
	quiet := qr.QuietZone * f.module
	d.Raw(func(dst []byte) []byte { return code.AppendPDFPath(dst, x+quiet, y+quiet, f.module) })
	d.End()
}

func (p *Page) drawRule(d *pdfa.Doc, b *block, top float64) {
	y := mm(p.tmpl.Page.Height) - top
	d.StrokeColor(b.color)
	d.LineWidth(b.spec.Weight)
	d.MoveTo(mm(b.spec.X), y)
	d.LineTo(mm(b.spec.X+b.spec.Width), y)
	d.Stroke()
}

func (p *Page) drawBox(d *pdfa.Doc, b *block, top float64) {
	w, h := mm(b.spec.Width), mm(b.spec.Height)
	x, y := mm(b.spec.X), mm(p.tmpl.Page.Height)-top-h
	if b.spec.Fill != "" {
		d.FillColor(b.fill)
		d.RoundRect(x, y, w, h, mm(b.spec.Radius))
		d.Fill(false)
	}
	if b.spec.Weight > 0 {
		d.StrokeColor(b.color)
		d.LineWidth(b.spec.Weight)
		d.RoundRect(x, y, w, h, mm(b.spec.Radius))
		d.Stroke()
	}
}
