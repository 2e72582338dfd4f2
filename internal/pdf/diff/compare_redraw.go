package diff

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/vidimus/vidimus/internal/pdf"
)

// While /NeedAppearances is true, viewers that heed it show what the values of
// the fields say; afterwards, what their appearances do (ISO 32000-2 table 224).
// Programs clear it when they have drawn the fields, so each field must have been
// drawn in the same revision, which the rules for filling in judge, or be seen to
// show its value already.
func (st *step) drawnAsValued(f frame) {
	for _, num := range slices.Sorted(maps.Keys(st.recs)) {
		rec := st.recs[num]
		if rec.roles&roleField == 0 || rec.field == nil || st.err != nil {
			continue
		}
		w, err := st.new.Dict(pdf.Ref{Num: num})
		if err != nil || w == nil || !st.visible(w) || !w.Has("Rect") {
			st.fatal(err)
			continue
		}
		if flags, ok := number(w.Get("F")); ok && flags&flagHidden != 0 {
			continue
		}
		n := shownAppearance(st.new, w)
		if ref, ok := n.(pdf.Ref); ok && st.changed[ref.Num] != nil {
			g := f
			g.field = rec.field
			st.agree(num, g)
			continue
		}
		if !st.showsValue(w, n, rec.field) {
			st.refuse(KindForm, f, "field %.80q is no longer drawn from its value, and its appearance says something else", rec.field.name)
			return
		}
	}
}

const flagHidden = 1 << 1

// showsValue reports whether a widget is seen to show its value with the
// appearance n.
func (st *step) showsValue(w *pdf.Dict, n pdf.Object, fld *field) bool {
	value := st.value(st.new, w)
	s, err := st.new.Stream(n)
	if err != nil {
		return false
	}
	if s == nil {
		return shownEmpty(value)
	}
	switch fld.ftype {
	case "Sig":
		return value != nil || !st.paints(s, maxNested)
	case "Btn":
		x1, y1, x2, y2, ok := st.rect(w.Get("Rect"))
		as, _ := w.Get("AS").(pdf.Name)
		// A box with a tick in it says no more than that.
		return fld.ff&fieldPushbutton == 0 && ok && x2-x1 <= maxIcon && y2-y1 <= maxIcon &&
			(as == value || (as == "" || as == "Off") && shownEmpty(value)) || !st.paints(s, maxNested)
	}
	want, isString := value.(pdf.String)
	text, ok := squeeze([]byte(text(want)))
	if !ok || !isString && value != nil || fld.ff&fieldNotShown != 0 || st.formatted(w) {
		return false
	}
	shown, ok := st.plainText(s)
	return ok && shown == text
}

func shownEmpty(value pdf.Object) bool {
	return value == nil || value == pdf.String("") || value == pdf.Name("Off")
}

// plainText returns what a form XObject shows if that is text in ordinary fonts,
// with borders and the like around it.
func (st *step) plainText(s *pdf.Stream) (string, bool) {
	x1, y1, x2, y2, ok := box(s.Dict.Get("BBox"))
	data, err := s.Decode(maxComment)
	if err != nil || !ok || !st.spendParsed(2*len(data)) {
		st.fatalRead(err)
		return "", false
	}
	res, err := st.new.Dict(s.Dict.Get("Resources"))
	if err != nil {
		return "", false
	}
	fonts, err := st.new.Dict(res.Get("Font"))
	if err != nil {
		return "", false
	}
	for _, o := range fonts.Entries() {
		if !st.ordinaryFont(o) {
			return "", false
		}
	}
	var x, y float64 // where the path is
	short := 0
	c := pdf.NewContent(data)
	for {
		op, more, err := c.Next()
		if err != nil {
			return "", false
		}
		if !more {
			return shownText(data)
		}
		switch op.Operator {
		case "cm", "Tr", "gs", "Do", "BI", "sh":
			return "", false
		case "m", "l", "c", "v", "y", "h", "re":
			n := numbers(pdf.Array(op.Operands))
			if len(n) != len(op.Operands) || len(n)%2 != 0 || op.Operator == "re" && len(n) != 4 {
				return "", false
			}
			if op.Operator == "re" {
				n = []float64{n[0], n[1], n[0] + n[2], n[1], n[0] + n[2], n[1] + n[3], n[0], n[1] + n[3], n[0], n[1]}
			}
			for i := 0; i+1 < len(n); i += 2 {
				// As wide or as high as the field, as borders and the lines between
				// letters are, and letters are not; or the slant of a bevel.
				dx, dy := math.Abs(n[i]-x), math.Abs(n[i+1]-y)
				x, y = n[i], n[i+1]
				if i == 0 && (op.Operator == "m" || op.Operator == "re") || dx >= lineShare*(x2-x1) || dy >= lineShare*(y2-y1) {
					continue
				}
				if short++; short > maxSlants || max(dx, dy) > maxLine {
					return "", false
				}
			}
		}
	}
}

const (
	// lineShare is how much of a field's width or height a line of it spans.
	lineShare = 0.7
	// maxSlants are the short lines of two bevelled borders.
	maxSlants = 16
)

// ordinaryFont reports whether a font shows the letters of ASCII as what they
// are: one of the usual ones, not embedded, without an encoding that says
// otherwise.
func (st *step) ordinaryFont(o pdf.Object) bool {
	d, err := st.new.Dict(o)
	if err != nil || d == nil || d.Has("FontDescriptor") || d.Get("Subtype") != pdf.Name("Type1") && d.Get("Subtype") != pdf.Name("TrueType") {
		return false
	}
	name, _ := d.Get("BaseFont").(pdf.Name)
	if !slices.ContainsFunc([]string{"Helvetica", "Arial", "Times", "Courier"}, func(s string) bool { return strings.HasPrefix(string(name), s) }) {
		return false
	}
	enc, err := st.new.Resolve(d.Get("Encoding"))
	if err != nil {
		return false
	}
	switch enc := enc.(type) {
	case nil:
		return true
	case pdf.Name:
		return enc != "MacExpertEncoding"
	case *pdf.Dict:
		if enc.Get("BaseEncoding") == pdf.Name("MacExpertEncoding") {
			return false
		}
		list, err := st.new.Array(enc.Get("Differences"))
		code := pdf.Integer(0)
		for _, e := range list {
			switch e := e.(type) {
			case pdf.Integer:
				code = e
			case pdf.Name:
				// The typewriter quotes are drawn straight by some, curved by others.
				if code > ' ' && code <= '~' && code != '\'' && code != '`' {
					return false
				}
				code++
			default:
				return false
			}
		}
		return err == nil
	}
	return false
}
