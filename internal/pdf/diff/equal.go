package diff

import (
	"bytes"
	"io"
	"math"

	"github.com/vidimus/vidimus/internal/pdf"
)

// equal reports whether two objects say the same: numbers by type and value (but
// see equalAt), strings by their bytes, dictionaries by key, references by number
// and generation. A dictionary with a key twice equals only one that has all entries in the same
// order, since readers differ on which of them counts. A key whose value is
// null is not the same as none: by ISO 32000-2 §7.3.9 it should be, but some
// readers let it cut off what a page or a field inherits.
func equal(a, b pdf.Object) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case pdf.Array:
		b, ok := b.(pdf.Array)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case *pdf.Dict:
		b, ok := b.(*pdf.Dict)
		return ok && equalDicts(a, b)
	case *pdf.Stream:
		return false // see sameStream
	default:
		return a == b
	}
}

// measures are keys of rectangles, matrices, colours and places on a page: what
// ISO 32000-2 calls numbers, of either type (§7.3.3). Some writers leave out a
// fraction of zero when they write an object anew, and every reader takes both.
// Where it wants an integer, such as for flags, one reader takes 2.0 for
// nothing, another for 2.
var measures = map[pdf.Name]bool{
	"MediaBox": true, "CropBox": true, "BleedBox": true, "TrimBox": true, "ArtBox": true, "Rect": true, "BBox": true,
	"Matrix": true, "QuadPoints": true, "Border": true, "C": true, "BC": true, "BG": true, "CA": true, "ca": true,
	"UserUnit": true, "OpenAction": true,
}

// equalAt is equal for values of a key.
func equalAt(key pdf.Name, a, b pdf.Object) bool {
	if !measures[key] {
		return equal(a, b)
	}
	if x, ok := realOf(a); ok {
		y, ok := realOf(b)
		return ok && x == y
	}
	x, ok := a.(pdf.Array)
	y, ok2 := b.(pdf.Array)
	if !ok || !ok2 {
		return equal(a, b)
	}
	same := len(x) == len(y)
	for i := 0; same && i < len(x); i++ {
		n, ok := realOf(x[i])
		m, ok2 := realOf(y[i])
		same = ok && ok2 && (n == m || boxes[key] && near(n, m)) || equal(x[i], y[i])
	}
	return same
}

// boxes are measures that nothing enlarges. A matrix may make a kilometre of a
// millionth of a point.
var boxes = map[pdf.Name]bool{"MediaBox": true, "CropBox": true, "BleedBox": true, "TrimBox": true, "ArtBox": true, "Rect": true}

// nearness is how much a number of a box may differ, as a part of it: writers
// keep ten decimals or so.
const nearness = 1e-9

func near(a, b pdf.Real) bool {
	return math.Abs(float64(a-b)) <= nearness*max(math.Abs(float64(a)), math.Abs(float64(b)))
}

// realOf reads a number of either type.
func realOf(o pdf.Object) (pdf.Real, bool) {
	switch n := o.(type) {
	case pdf.Integer:
		return pdf.Real(n), true
	case pdf.Real:
		return n, true
	}
	return 0, false
}

func equalDicts(a, b *pdf.Dict) bool {
	if len(a.Duplicates()) > 0 || len(b.Duplicates()) > 0 {
		return equalEntries(a, b)
	}
	if a.Len() != b.Len() {
		return false
	}
	for k, v := range a.Entries() {
		if !b.Has(k) || !equalAt(k, v, b.Get(k)) {
			return false
		}
	}
	return true
}

func equalEntries(a, b *pdf.Dict) bool {
	if a.Len() != b.Len() {
		return false
	}
	type entry struct {
		key   pdf.Name
		value pdf.Object
	}
	var list []entry
	for k, v := range a.Entries() {
		list = append(list, entry{k, v})
	}
	i := 0
	for k, v := range b.Entries() {
		if list[i].key != k || !equalAt(k, list[i].value, v) {
			return false
		}
		i++
	}
	return true
}

// identical reports whether an object that was written anew says the same as
// before, for any reader.
func (s *state) identical(was, is pdf.Object) (bool, error) {
	a, aok := was.(*pdf.Stream)
	b, bok := is.(*pdf.Stream)
	if aok && bok {
		return s.sameStream(a, b)
	}
	return !aok && !bok && equal(was, is), nil
}

// sameStream compares the encoded data; where they differ only because they
// were encrypted anew, the decoded.
func (s *state) sameStream(a, b *pdf.Stream) (bool, error) {
	if !equalDicts(a.Dict, b.Dict) {
		return false, nil
	}
	if same, err := s.sameBytes(a.Raw(), b.Raw()); same || err != nil {
		return same && a.Ref() == b.Ref(), err
	}
	if !s.rev.Trailer().Has("Encrypt") {
		return false, nil
	}
	ra, err := a.Reader()
	if err != nil {
		return false, nil
	}
	rb, err := b.Reader()
	if err != nil {
		return false, nil
	}
	return s.sameBytes(ra, rb)
}

// compareBuffer is the size of the pieces in which streams are compared.
const compareBuffer = 16 << 10

func (s *state) sameBytes(a, b io.Reader) (bool, error) {
	var x, y [compareBuffer]byte
	for {
		n, err := io.ReadFull(a, x[:])
		m, err2 := io.ReadFull(b, y[:])
		s.spendCompared(n)
		if n != m || s.err != nil || !bytes.Equal(x[:n], y[:m]) {
			return false, s.err
		}
		end, err := ended(err)
		end2, err2 := ended(err2)
		switch {
		case err != nil:
			return false, err
		case err2 != nil:
			return false, err2
		case end || end2:
			return end && end2, nil
		}
	}
}

func ended(err error) (bool, error) {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return true, nil
	}
	return false, err
}
