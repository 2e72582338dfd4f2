package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// rgb is a colour, its parts from 0 to 1.
type rgb [3]float64

// paperFrom is how light a colour is, in its darkest part, that wipes out what
// it covers: the grey of a bad copy passes for paper where it is drawn over a
// whole line. Yellow, and what else notes and pens have, is dark in one part.
const paperFrom = 0.5

// paper reports whether a mark of this colour passes for paper.
func (c rgb) paper() bool { return min(c[0], c[1], c[2]) >= paperFrom }

// legible reports whether black text can be read through a highlight.
func (c rgb) legible() bool {
	return max(c[0], c[1], c[2]) >= 0.75 && 0.299*c[0]+0.587*c[1]+0.114*c[2] >= 0.25
}

// times is what two highlights give together (blend mode Multiply).
func (c rgb) times(d rgb) rgb { return rgb{c[0] * d[0], c[1] * d[1], c[2] * d[2]} }

// colourOf reads the operands of a colour operator, or /C (ISO 32000-2 table
// 166). ok is false for what is none; of no components, there is no colour.
func colourOf(list []pdf.Object) (c rgb, ok bool) {
	var n [4]float64
	for i, o := range list {
		if i > 3 {
			return c, false
		}
		v, ok := realOf(o)
		if !ok {
			return c, false
		}
		n[i] = max(0, min(1, float64(v)))
	}
	switch len(list) {
	case 1:
		return rgb{n[0], n[0], n[0]}, true
	case 3:
		return rgb{n[0], n[1], n[2]}, true
	case 4:
		return rgb{(1 - n[0]) * (1 - n[3]), (1 - n[1]) * (1 - n[3]), (1 - n[2]) * (1 - n[3])}, true
	}
	return c, false
}
