package pdf

import (
	"bytes"
	"math"
	"slices"
)

// maxStrays bounds the unlisted objects that are looked at: every embedded file
// that is not compressed holds some.
const maxStrays = 1 << 12

// Strays returns where, between from and the end of this revision, objects stand
// that no cross-reference lists, behind the object that counts and outside all
// others. They do no harm as long as nobody rebuilds the cross-reference; whoever
// adds a revision may bring readers to do so. At most 16 are returned.
//
// Only bytes between objects are looked at: a stream may hold a whole PDF file.
func (r *Revision) Strays(from int64) ([]Flaw, error) {
	listed, err := r.offsets(from)
	if err != nil {
		return nil, err
	}
	d := r.doc
	var out []Flaw
	word, seen := []byte("obj"), 0
	parsedAt, parsedEnd := -1, int64(0) // the object listed last before the one looked at
	for off := from; off < r.End; {
		b, err := d.window(off, r.End)
		if err != nil {
			return nil, err
		}
		for i := 0; ; i++ {
			j := bytes.Index(b[i:], word)
			if j < 0 {
				break
			}
			i += j
			if i > 0 && class[b[i-1]] != white && b[i-1] != '\v' && b[i-1] < 0x80 && !isDigit(b[i-1]) {
				continue // most are endobj
			}
			ref, at, err := d.headerAt(off + int64(i))
			if err != nil {
				return nil, err
			}
			k, found := slices.BinarySearch(listed, at)
			if at < 0 || found {
				continue
			}
			if seen++; seen > maxStrays || len(out) >= maxFlaws {
				return out, nil
			}
			e, _, err := r.Entry(ref.Num)
			if err != nil {
				return nil, err
			}
			if e.Kind != EntryInStream && (e.Kind != EntryInFile || e.Offset > at) {
				continue
			}
			if k > 0 {
				if parsedAt != k-1 {
					p, err := d.parseIndirect(listed[k-1], Ref{}, r)
					if severe(err) != nil {
						return nil, err
					}
					if parsedAt, parsedEnd = k-1, p.end; err != nil {
						parsedEnd = math.MaxInt64
					}
				}
				if parsedEnd > at {
					continue
				}
			}
			out = append(out, Flaw{Offset: at, Detail: "object " + ref.String() + " stands here too, and is listed nowhere"})
		}
		if off+int64(len(b)) >= r.End || len(b) < len(word) {
			break
		}
		off += int64(len(b) - len(word) + 1)
	}
	return out, nil
}

// offsets returns where the objects stand that the cross-references up to this
// revision list, in order, but for revisions that ended before from.
func (r *Revision) offsets(from int64) ([]int64, error) {
	var list []int64
	for _, rev := range r.doc.revs[:r.Index+1] {
		if rev.End <= from {
			continue
		}
		for e, err := range rev.Entries() {
			if err != nil {
				break // what cannot be read lists nothing
			}
			if e.Kind != EntryInFile {
				continue
			}
			if len(list) >= maxOverlapObjects {
				return nil, &LimitError{"maxOverlapObjects", maxOverlapObjects}
			}
			list = append(list, e.Offset)
		}
	}
	slices.Sort(list)
	return list, nil
}

// headerAt returns the reference in "n g obj" where "obj" stands at off, and
// where it begins; -1 if there is none.
func (d *Document) headerAt(off int64) (Ref, int64, error) {
	const most = 32 // two numbers and white space
	from := max(0, off-most)
	b, err := d.src.view(from, int(off-from))
	if err != nil {
		return Ref{}, -1, err
	}
	gen, rest := lastNumber(trimSpace(b))
	space := trimSpace(rest)
	num, before := lastNumber(space)
	if gen < 0 || gen > maxGeneration || num <= 0 || num > maxObjectNumber || len(space) == len(rest) {
		return Ref{}, -1, nil
	}
	return Ref{uint32(num), uint16(gen)}, from + int64(len(before)), nil
}

// lastNumber reads the digits at the end of b; -1 if there are none.
func lastNumber(b []byte) (int64, []byte) {
	rest := bytes.TrimRight(b, "0123456789")
	if len(rest) == len(b) || len(b)-len(rest) > maxOffsetText {
		return -1, b
	}
	n := int64(0)
	for _, c := range b[len(rest):] {
		n = n*10 + int64(c-'0')
	}
	return n, rest
}
