package diff

import (
	"math"

	"github.com/vidimus/vidimus/internal/pdf"
)

// rect reads a rectangle (ISO 32000-2 §7.9.5), corners in order. ok is false
// for what is none.
func (st *step) rect(o pdf.Object) (x1, y1, x2, y2 float64, ok bool) {
	list, err := st.new.Array(o)
	if err != nil || len(list) != 4 {
		return 0, 0, 0, 0, false
	}
	var n [4]float64
	for i, e := range list {
		if n[i], err = st.new.Number(e); err != nil || math.IsNaN(n[i]) || math.IsInf(n[i], 0) {
			return 0, 0, 0, 0, false
		}
	}
	return min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3]), true
}

// maxPageDepth bounds the way up the page tree.
const maxPageDepth = 64

// pageArea returns the area that is seen of a page, 0 if unknown: that of the
// crop box within the media box (ISO 32000-2 §14.11.2.1). Each may be inherited.
func (st *step) pageArea(page pdf.Object) float64 {
	boxes := map[pdf.Name][4]float64{}
	for range maxPageDepth {
		d, err := st.new.Dict(page)
		if err != nil {
			return 0
		}
		if d == nil {
			break
		}
		for _, key := range [...]pdf.Name{"CropBox", "MediaBox"} {
			if _, have := boxes[key]; have {
				continue
			}
			if x1, y1, x2, y2, ok := st.rect(d.Get(key)); ok {
				boxes[key] = [4]float64{x1, y1, x2, y2}
			}
		}
		page = d.Get("Parent")
	}
	m, ok := boxes["MediaBox"]
	if !ok {
		return 0
	}
	if c, ok := boxes["CropBox"]; ok {
		m = [4]float64{max(m[0], c[0]), max(m[1], c[1]), min(m[2], c[2]), min(m[3], c[3])}
	}
	return max(0, m[2]-m[0]) * max(0, m[3]-m[1])
}

// numbers are the numbers of an array.
func numbers(o pdf.Object) []float64 {
	list, _ := o.(pdf.Array)
	var out []float64
	for _, e := range list {
		if n, ok := realOf(e); ok {
			out = append(out, float64(n))
		}
	}
	return out
}
