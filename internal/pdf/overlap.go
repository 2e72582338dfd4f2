package pdf

import "slices"

// maxOverlapObjects bounds how many objects Overlaps looks at, since it keeps
// the place of each.
const maxOverlapObjects = 1 << 20

// Overlap is a pair of objects that share bytes of the file.
type Overlap struct{ Outer, Inner Placed }

// Placed is an object and where it stands.
type Placed struct {
	Ref        Ref
	Revision   int
	Start, End int64
}

// Overlaps returns the objects, of this revision and all before it, that stand
// within others: in a string, such as a signature's /Contents, in a comment or
// in a stream. No writer does that; it serves to hide an object from readers
// that look for objects, or to give bytes two meanings. Objects that cannot be
// read are left out. Unlike the rest of the package this reads every object.
func (r *Revision) Overlaps() ([]Overlap, error) {
	var list []Placed
	for _, rev := range r.doc.revs[:r.Index+1] {
		for e, err := range rev.Entries() {
			if err != nil {
				return nil, err
			}
			if e.Kind != EntryInFile {
				continue
			}
			start, end, err := rev.ObjectSpan(e.Ref)
			if severe(err) != nil {
				return nil, err
			}
			if err != nil {
				continue
			}
			if len(list) == maxOverlapObjects {
				return nil, &LimitError{"maxOverlapObjects", maxOverlapObjects}
			}
			list = append(list, Placed{e.Ref, rev.Index, start, end})
		}
	}
	slices.SortStableFunc(list, func(a, b Placed) int {
		if a.Start != b.Start {
			return int(max(-1, min(1, a.Start-b.Start)))
		}
		return int(max(-1, min(1, b.End-a.End)))
	})
	var found []Overlap
	for i, outer := 1, 0; i < len(list); i++ {
		switch {
		case list[i].Start >= list[outer].End:
			outer = i
		case list[i].Start == list[outer].Start: // one object, named by several revisions
		default:
			found = append(found, Overlap{list[outer], list[i]})
			if list[i].End > list[outer].End {
				outer = i
			}
		}
	}
	return found, nil
}
