package diff

import (
	"math"

	"github.com/vidimus/vidimus/internal/pdf"
)

// stroke is a straight line on a page.
type stroke struct{ x1, y1, x2, y2, width float64 }

func (s stroke) length() float64 { return math.Hypot(s.x2-s.x1, s.y2-s.y1) }

// area counts a dot as a square.
func (s stroke) area() float64 { return max(s.length(), s.width) * s.width }

const (
	// cell is the side of the squares in which ink is counted: a letter of text.
	cell = 12
	// maxDensity is how much of a square lines may cover. Writing by hand covers
	// a third, up to a half where letters are as small; what is hatched so that
	// nothing shows, all.
	maxDensity = 0.7
)

// ink is how much of each square of a page lines cover, and of all.
type ink struct {
	cells map[[2]int32]float64
	all   float64
}

func newInk() ink { return ink{cells: make(map[[2]int32]float64)} }

// add counts strokes; sign is -1 to take them back. It returns how much the
// fullest square has of those that they touch.
func (i *ink) add(list []stroke, sign float64) float64 {
	most := 0.0
	for _, s := range list {
		i.all += sign * s.area()
		n := int(s.length()/(cell/4)) + 1
		part := s.area() / float64(n)
		for j := range n {
			t := (float64(j) + 0.5) / float64(n)
			at := [2]int32{int32(math.Floor((s.x1 + t*(s.x2-s.x1)) / cell)), int32(math.Floor((s.y1 + t*(s.y2-s.y1)) / cell))}
			i.cells[at] += sign * part
			most = max(most, i.cells[at])
		}
	}
	return most
}

// draw counts lines of a comment. They are taken back when it changes.
func (m *marks) draw(k *mark, layer int, list []stroke) string {
	all := m.drawn[layer].all
	for _, s := range list {
		if all += s.area(); !finite([]float64{s.x1, s.y1, s.x2, s.y2}) || !(all <= maxStrokes) {
			return "too many lines on one page"
		}
	}
	k.strokes[layer] = append(k.strokes[layer], list...)
	if m.drawn[layer].add(list, 1) > maxDensity*cell*cell {
		return "lines that fill an area"
	}
	return ""
}

// strokesOf are the lines that a viewer draws of a comment (ISO 32000-2
// §12.5.6.7 to §12.5.6.13).
func strokesOf(sub pdf.Name, d *pdf.Dict, box [4]float64, width float64) []stroke {
	var list []stroke
	way := func(p []float64, closed bool) {
		for i := 0; i+3 < len(p); i += 2 {
			list = append(list, stroke{p[i], p[i+1], p[i+2], p[i+3], width})
		}
		if n := len(p) &^ 1; closed && n > 3 {
			list = append(list, stroke{p[n-2], p[n-1], p[0], p[1], width})
		}
	}
	switch sub {
	case "Ink":
		lines, _ := d.Get("InkList").(pdf.Array)
		for _, e := range lines {
			way(numbers(e), false)
		}
	case "Line":
		way(numbers(d.Get("L")), false)
	case "Polygon", "PolyLine":
		way(numbers(d.Get("Vertices")), sub == "Polygon")
	case "Underline", "Squiggly", "StrikeOut":
		for q := numbers(d.Get("QuadPoints")); len(q) >= 8; q = q[8:] {
			x1, x2 := min(q[0], q[2], q[4], q[6]), max(q[0], q[2], q[4], q[6])
			y1, y2 := min(q[1], q[3], q[5], q[7]), max(q[1], q[3], q[5], q[7])
			width = max(1, min(x2-x1, y2-y1)/markShare)
			if x, y := (x1+x2)/2, (y1+y2)/2; x2-x1 > y2-y1 {
				way([]float64{x1, y, x2, y}, false)
			} else {
				way([]float64{x, y1, x, y2}, false)
			}
		}
	default:
		way([]float64{box[0], box[1], box[2], box[1], box[2], box[3], box[0], box[3]}, true)
	}
	return list
}

// markShare is how much higher a line of text is than the line that viewers
// draw through it.
const markShare = 12
