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

// pageArea returns the area of the page's crop or media box, 0 if unknown.
func (st *step) pageArea(page pdf.Object) float64 {
	for range maxPageDepth {
		d, err := st.new.Dict(page)
		if err != nil || d == nil {
			return 0
		}
		for _, key := range [...]pdf.Name{"CropBox", "MediaBox"} {
			if x1, y1, x2, y2, ok := st.rect(d.Get(key)); ok {
				return (x2 - x1) * (y2 - y1)
			}
		}
		page = d.Get("Parent")
	}
	return 0
}
