package diff

import (
	"math"

	"github.com/vidimus/vidimus/internal/pdf"
)

// Every appearance that a later revision brings must stay in its place: ISO
// 32000-2 §12.5.5 fits the box /BBox of a form XObject, as /Matrix transforms
// it, into the annotation's /Rect, and clips what is drawn to it. Without a box
// there is nothing to fit and to clip to, and one reader paints all over the
// page, even for a field that has no area.

// formKeys are the entries of a form XObject (tables 5 and 93) that an
// appearance may have. Layers and references to other files are not among them.
var formKeys = map[pdf.Name]bool{
	"Length": true, "Filter": true, "DecodeParms": true, "DL": true, "Type": true, "Subtype": true, "FormType": true,
	"BBox": true, "Matrix": true, "Resources": true, "Group": true, "Metadata": true, "LastModified": true,
	"StructParent": true, "StructParents": true, "Name": true, "Measure": true,
}

// outOfPlace says why a new appearance is no proper form XObject. What was in
// before, if there was one, may stay.
func (st *step) outOfPlace(before, s *pdf.Stream) string {
	if s.Dict.Get("Subtype") != pdf.Name("Form") || before != nil && before.Dict.Get("Subtype") != pdf.Name("Form") {
		return "an appearance that is no form XObject"
	}
	for k, v := range s.Dict.Entries() {
		kept := before != nil && before.Dict.Has(k) && equalAt(k, before.Dict.Get(k), v)
		if !kept && (!formKeys[k] || v == nil) {
			return "an appearance with /" + string(subName(k))
		}
	}
	if !plainFilters(s) {
		return "an appearance in an unusual encoding"
	}
	switch {
	case !s.Dict.Has("BBox"):
		if st.paints(s, maxNested) {
			return "an appearance without /BBox"
		}
	default:
		x1, y1, x2, y2, ok := box(s.Dict.Get("BBox"))
		if !ok {
			return "an appearance whose /BBox is no rectangle"
		}
		if (x1 == x2 || y1 == y2) && st.new.Document().Locked() == nil && st.paints(s, maxNested) {
			return "an appearance whose /BBox has no area"
		}
	}
	if s.Dict.Has("Matrix") && !invertible(s.Dict.Get("Matrix")) {
		return "an appearance whose /Matrix is no transformation"
	}
	return ""
}

// plainFilters reports whether a stream is encoded in the ways that appearances
// are. RunLengthDecode, say, ends at a byte that one reader passes over (§7.4.5).
func plainFilters(s *pdf.Stream) bool {
	list, ok := s.Dict.Get("Filter").(pdf.Array)
	if !ok && s.Dict.Has("Filter") {
		list = pdf.Array{s.Dict.Get("Filter")}
	}
	for _, f := range list {
		switch f {
		case pdf.Name("FlateDecode"), pdf.Name("ASCII85Decode"), pdf.Name("ASCIIHexDecode"):
		default:
			return false
		}
	}
	return true
}

// ownColours reports whether resources say that the colours of the device are
// others (§8.6.5.6); what cannot be read may.
func ownColours(rev *pdf.Revision, s *pdf.Stream) bool {
	res, err := rev.Dict(s.Dict.Get("Resources"))
	if err != nil {
		return true
	}
	spaces, err := rev.Dict(res.Get("ColorSpace"))
	return err != nil || spaces.Has("DefaultGray") || spaces.Has("DefaultRGB") || spaces.Has("DefaultCMYK")
}

// box reads a rectangle of four direct numbers: any two opposite corners
// (§7.9.5), which it puts in order.
func box(o pdf.Object) (x1, y1, x2, y2 float64, ok bool) {
	list, _ := o.(pdf.Array)
	n := numbers(list)
	if len(list) != 4 || len(n) != 4 || !finite(n) {
		return 0, 0, 0, 0, false
	}
	return min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3]), true
}

// minDeterminant is how little of an area a matrix may leave of one.
const minDeterminant = 1e-6

func invertible(o pdf.Object) bool {
	list, _ := o.(pdf.Array)
	n := numbers(list)
	return len(list) == 6 && len(n) == 6 && finite(n) && math.Abs(n[0]*n[3]-n[1]*n[2]) >= minDeterminant
}

// maxCoordinate bounds the numbers of boxes: the largest page that readers show
// has 14,400 units, and 75,000 of them to each.
const maxCoordinate = 1 << 30

func finite(list []float64) bool {
	for _, n := range list {
		if !(math.Abs(n) <= maxCoordinate) {
			return false
		}
	}
	return true
}

// maxNested bounds the form XObjects within an appearance: signatures have four
// levels.
const maxNested = 6

// silent are the operators (ISO 32000-2 table 50) that put nothing on a page.
var silent = map[string]bool{
	"q": true, "Q": true, "cm": true, "w": true, "J": true, "j": true, "M": true, "d": true, "ri": true, "i": true, "gs": true,
	"g": true, "G": true, "rg": true, "RG": true, "k": true, "K": true, "cs": true, "CS": true, "sc": true, "SC": true,
	"scn": true, "SCN": true, "m": true, "l": true, "c": true, "v": true, "y": true, "h": true, "re": true, "n": true, "W": true, "W*": true,
	"BMC": true, "BDC": true, "EMC": true, "MP": true, "DP": true, "BX": true, "EX": true,
	"BT": true, "ET": true, "Tc": true, "Tw": true, "Tz": true, "TL": true, "Tf": true, "Tr": true, "Ts": true,
	"Td": true, "TD": true, "Tm": true, "T*": true,
}

// paints reports whether a form XObject puts anything on a page, or may: what
// cannot be read does.
func (st *step) paints(s *pdf.Stream, depth int) bool {
	data, err := s.Decode(maxComment)
	if depth == 0 || err != nil || !plainFilters(s) || !st.spendParsed(len(data)) {
		st.fatalRead(err)
		return true
	}
	c := pdf.NewContent(data)
	for {
		op, more, err := c.Next()
		switch {
		case err != nil:
			return true
		case !more:
			return false
		case op.Operator == "Do":
			inner := st.xobject(s, op)
			if inner == nil || inner.Dict.Get("Subtype") != pdf.Name("Form") || st.paints(inner, depth-1) {
				return true
			}
		case !silent[op.Operator]:
			return true
		}
	}
}

// xobject looks up the operand of Do, nil if that cannot be done.
func (st *step) xobject(s *pdf.Stream, op *pdf.Operation) *pdf.Stream {
	x, err := st.new.Stream(resource(st.new, s, "XObject", op))
	if err != nil {
		return nil
	}
	return x
}

// resource looks up what Do, gs or Tf names in the resources of the form itself
// (§7.8.3), nil if it is not there or the operands are too many: readers take
// the last ones then.
func resource(rev *pdf.Revision, s *pdf.Stream, category pdf.Name, op *pdf.Operation) pdf.Object {
	if len(op.Operands) != 1 && (op.Operator != "Tf" || len(op.Operands) != 2) {
		return nil
	}
	name, _ := op.Operands[0].(pdf.Name)
	res, err := rev.Dict(s.Dict.Get("Resources"))
	if err != nil {
		return nil
	}
	list, err := rev.Dict(res.Get(category))
	if err != nil {
		return nil
	}
	return list.Get(name)
}
