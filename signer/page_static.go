package signer

import (
	"math"

	"github.com/vidimus/vidimus/internal/pdf/pdfa"
)

// drawStatic draws the blocks that are the same on every page.
func (p *Page) drawStatic(d *pdfa.Doc, s *sheet) error {
	for _, b := range p.blocks {
		if !b.static || b.hidden {
			continue
		}
		switch b.spec.Type {
		case "emblem":
			p.drawEmblem(d, b)
		case "text":
			if err := p.drawStaticText(d, b, s); err != nil {
				return err
			}
		default:
			d.Artifact()
			switch b.spec.Type {
			case "frame":
				p.drawFrame(d, b)
			case "rosette":
				p.drawRosette(d, b)
			case "rule":
				p.drawRule(d, b, mm(*b.spec.Y))
			case "box":
				p.drawBox(d, b, mm(*b.spec.Y))
			}
			d.End()
		}
	}
	return nil
}

func (p *Page) drawStaticText(d *pdfa.Doc, b *block, s *sheet) error {
	var cv canvas
	f := flow{page: p, cv: &cv, fonts: &s.fonts, v: &values{page: p}}
	if err := f.text(b, mm(*b.spec.Y)); err != nil {
		return err
	}
	if len(cv.items) == 0 {
		return &TemplateError{Path: b.path + ".text", Err: errEmptyText}
	}
	if p.main == nil {
		b.bottom = f.cursor // later sheets are made while others read it; it is the same there
	}
	it := &cv.items[0]
	if b.tag == "Artifact" {
		d.Artifact()
	} else {
		d.Begin(d.Add(pdfa.Root, b.tag, pdfa.Attr{}))
	}
	it.drawLines(d, &cv, p, mm(b.spec.X), mm(b.spec.Width), b.font, b.color)
	d.End()
	return nil
}

func (p *Page) drawEmblem(d *pdfa.Doc, b *block) {
	e := p.tmpl.Emblem
	scale := mm(b.spec.Width) / e.Width
	w, h := e.Width*scale, e.Height*scale
	x, top := mm(b.spec.X), mm(p.tmpl.Page.Height)-mm(*b.spec.Y)
	alt := e.Alt.In(p.opt.Lang)
	d.Begin(d.Add(pdfa.Root, "Figure", pdfa.Attr{Alt: alt, BBox: pdfa.Rect{x, top - h, x + w, top}}))
	for _, path := range e.Paths {
		d.Save()
		d.Transform(scale, 0, 0, -scale, x, top)
		d.FillColor(p.tmpl.color(path.Color))
		sin, cos := math.Sincos(path.Step * math.Pi / 180)
		cx, cy := e.Width/2, e.Height/2
		for i := range max(1, path.Repeat) {
			if i > 0 {
				d.Transform(cos, sin, -sin, cos, cx-cx*cos+cy*sin, cy-cx*sin-cy*cos)
			}
			drawPath(d, path.D)
			d.Fill(true)
		}
		d.Restore()
	}
	d.End()
}

func drawPath(d *pdfa.Doc, data string) {
	// The path was checked when the template was loaded.
	_ = walkPath(data, func(cmd byte, q [6]float64) {
		switch cmd {
		case 'M':
			d.MoveTo(q[0], q[1])
		case 'L':
			d.LineTo(q[0], q[1])
		case 'C':
			d.CurveTo(q[0], q[1], q[2], q[3], q[4], q[5])
		case 'Z':
			d.ClosePath()
		}
	})
}
