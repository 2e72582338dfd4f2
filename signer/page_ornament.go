package signer

import (
	"math"

	"github.com/vidimus/vidimus/internal/pdf/pdfa"
)

// The ornaments are guilloches: bundles of thin curves, as on banknotes. Each
// repeats one short path under a changing matrix, which deflates to almost
// nothing.

// drawFrame draws a double border with a band of interwoven waves between, and
// rosettes in the corners. Margin is the distance from the paper's edge, Height
// the width of the band.
func (p *Page) drawFrame(d *pdfa.Doc, b *block) {
	m, band := mm(b.spec.Margin), mm(b.spec.Height)
	w, h := mm(p.tmpl.Page.Width), mm(p.tmpl.Page.Height)
	if band > 0 {
		for _, side := range [4]struct{ x, y, length, angle float64 }{
			{m + band, m + band/2, w - 2*(m+band), 0},
			{w - m - band/2, m + band, h - 2*(m+band), 90},
			{w - m - band, h - m - band/2, w - 2*(m+band), 180},
			{m + band/2, h - m - band, h - 2*(m+band), 270},
		} {
			drawWaves(d, side.x, side.y, side.length, side.angle, band*0.40, b.color2)
		}
		for _, c := range [4][2]float64{{m, m}, {w - m - band, m}, {w - m - band, h - m - band}, {m, h - m - band}} {
			drawEllipses(d, c[0]+band/2, c[1]+band/2, band*0.42, 0.5, 8, 0.3, b.color2)
		}
	}
	d.StrokeColor(b.color)
	for i, inset := range [4]float64{m - 2.2, m, m + band, m + band + 2.2} {
		weight := b.spec.Weight
		if i == 1 || i == 2 {
			weight *= 0.35
		}
		d.LineWidth(weight)
		d.Rect(inset, inset, w-2*inset, h-2*inset)
		d.Stroke()
	}
}

// drawWaves draws a band of sine waves along a line that starts at x, y and
// runs in the direction of angle.
func drawWaves(d *pdfa.Doc, x, y, length, angle, amplitude float64, color pdfa.Color) {
	const strands, steps = 6, 4
	// A period of the same numbers on all sides, stretched a little by the matrix:
	// what is the same deflates away.
	period := amplitude * 5
	n := max(1, math.Round(length/period))
	stretch := length / (n * period)
	sin, cos := math.Sincos(angle * math.Pi / 180)
	d.Save()
	d.StrokeColor(color)
	d.LineWidth(0.35)
	d.Transform(cos*stretch, sin*stretch, -sin, cos, x, y)
	for i := range int(n) {
		if i > 0 {
			d.Transform(1, 0, 0, 1, period, 0)
		}
		for s := range strands {
			phase := 2 * math.Pi * float64(s) / strands
			// Hermite interpolation of a sine is a cubic curve.
			wave := func(t float64) (y, slope float64) {
				sin, cos := math.Sincos(2*math.Pi*t + phase)
				return amplitude * sin, amplitude * cos * 2 * math.Pi / period
			}
			y0, s0 := wave(0)
			d.MoveTo(0, y0)
			step := period / steps
			for k := 1; k <= steps; k++ {
				x1 := float64(k) * step
				y1, s1 := wave(float64(k) / steps)
				d.CurveTo(x1-step*2/3, y0+s0*step/3, x1-step/3, y1-s1*step/3, x1, y1)
				y0, s0 = y1, s1
			}
		}
		d.Stroke()
	}
	d.Restore()
}

// drawRosette draws a large faint rosette of two rings of ellipses.
func (p *Page) drawRosette(d *pdfa.Doc, b *block) {
	x, y, r := mm(b.spec.X), mm(p.tmpl.Page.Height)-mm(*b.spec.Y), mm(b.spec.Width)/2
	drawEllipses(d, x, y, r, 0.56, 30, b.spec.Weight, b.color)
	drawEllipses(d, x, y, r*0.56, 0.3, 18, b.spec.Weight, b.color)
}

// drawEllipses draws n ellipses of semi-axes r and r×flat, turned about their
// centre.
func drawEllipses(d *pdfa.Doc, x, y, r, flat float64, n int, weight float64, color pdfa.Color) {
	const k = 0.5522847498
	a, c := r, r*flat
	sin, cos := math.Sincos(math.Pi / float64(n))
	d.Save()
	d.StrokeColor(color)
	d.LineWidth(weight)
	d.Transform(1, 0, 0, 1, x, y)
	for range n {
		d.Transform(cos, sin, -sin, cos, 0, 0)
		d.MoveTo(a, 0)
		d.CurveTo(a, k*c, k*a, c, 0, c)
		d.CurveTo(-k*a, c, -a, k*c, -a, 0)
		d.CurveTo(-a, -k*c, -k*a, -c, 0, -c)
		d.CurveTo(k*a, -c, a, -k*c, a, 0)
		d.ClosePath()
		d.Stroke()
	}
	d.Restore()
}
