package verify

import (
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/pdf"
)

// byteRange is what a signature speaks of: file[:gap] and file[resume:end].
type byteRange struct {
	gap, resume, end int64
	hashable         bool          // the numbers lie in the file and in order
	missing          bool          // the range leaves the file: signed bytes are not here
	contents         *pdf.Dict     // the dictionary whose /Contents fills the gap
	revision         *pdf.Revision // whose end is the range's end; nil if there is none
	coverage         Coverage
}

// maxOffset bounds the numbers of /ByteRange so that sums of them do not
// overflow; no file is larger.
const maxOffset = 1 << 60

// readByteRange applies the rules for /ByteRange (ISO 32000-2 §12.8.1, table
// 255, and what signature-wrapping attacks have taught): exactly four integers,
// the first is 0, the gap is exactly the token of this dictionary's /Contents,
// delimiters included, and the range ends where a revision ends. A range that
// breaks one of them covers nothing that can be named: CoverageInvalid.
func readByteRange(doc *pdf.Document, seen *pdf.Revision, f *sigField) (byteRange, error) {
	br := byteRange{coverage: CoverageInvalid}
	if dups := f.value.Duplicates(); len(dups) > 0 {
		return br, fmt.Errorf("key /%s stands twice in the signature dictionary", dups[0])
	}
	list, err := seen.Array(f.value.Get("ByteRange"))
	if err != nil || list == nil {
		return br, errors.New("no array /ByteRange")
	}
	if len(list) != 4 {
		return br, fmt.Errorf("%d numbers in /ByteRange, not 4", len(list))
	}
	var n [4]int64
	size := doc.Size()
	for i, o := range list {
		v, ok := o.(pdf.Integer)
		if !ok || v < 0 || v > maxOffset {
			return br, fmt.Errorf("/ByteRange[%d] is no offset", i)
		}
		n[i] = int64(v)
	}
	br.gap, br.resume, br.end = n[1], n[2], n[2]+n[3]
	if n[0] != 0 {
		return br, fmt.Errorf("/ByteRange starts at %d, not 0", n[0])
	}
	if br.gap > br.resume {
		return br, fmt.Errorf("/ByteRange %v overlaps itself", n)
	}
	br.hashable = br.end <= size
	br.missing = !br.hashable
	if err := br.checkGap(seen, f); err != nil {
		return br, err
	}
	if br.missing {
		br.coverage = CoveragePartial
		return br, fmt.Errorf("/ByteRange %v leaves the file of %d bytes", n, size)
	}
	br.revision = revisionEndingAt(doc, br.end)
	switch {
	case br.revision == nil:
		br.coverage = CoveragePartial
		return br, fmt.Errorf("the range ends at %d, where no revision ends", br.end)
	case br.end == size:
		br.coverage = CoverageEntireFile
	default:
		br.coverage = CoverageEntireRevision
	}
	if err := signedThere(br.revision, f); err != nil {
		br.coverage = CoverageInvalid
		return br, err
	}
	return br, nil
}

// checkGap holds the gap against the token of /Contents.
func (br *byteRange) checkGap(seen *pdf.Revision, f *sigField) error {
	start, end, ok := f.value.Span("Contents")
	if !ok {
		return errors.New("/Contents is not a string that stands in the signature dictionary itself")
	}
	if br.gap != start || br.resume != end {
		// A dictionary that was written anew after signing is named as such.
		for r := seen.Prev(); r != nil && f.valueRef != (pdf.Ref{}); r = r.Prev() {
			d, err := r.Dict(f.valueRef)
			if err != nil {
				break
			}
			if s, e, ok := d.Span("Contents"); ok && s == br.gap && e == br.resume {
				br.contents, br.coverage = d, CoveragePartial
				return errors.New("the signature dictionary was written anew after signing")
			}
		}
		if br.missing {
			br.contents, br.coverage = nil, CoveragePartial
		}
		return fmt.Errorf("the gap of /ByteRange is %d to %d, /Contents stands at %d to %d", br.gap, br.resume, start, end)
	}
	br.contents = f.value
	from, to, ok := f.value.Bounds()
	if !ok || from < 0 || to > br.end {
		return fmt.Errorf("the signature dictionary ends at %d, outside the range that ends at %d", to, br.end)
	}
	return nil
}

// maxLineEnd is how many bytes of line end a writer may leave out of the range
// or have added after %%EOF before the next revision: CR LF.
const maxLineEnd = 2

// revisionEndingAt returns the revision whose %%EOF the range ends with. Its
// cross-reference section must lie inside: that is what makes file[:end] a
// document of its own.
func revisionEndingAt(doc *pdf.Document, end int64) *pdf.Revision {
	for _, r := range doc.Revisions() {
		if r.XRefOffset < end && end <= r.End && r.End-end <= maxLineEnd && onlyLineEnd(doc, end, r.End) {
			return r
		}
	}
	return nil
}

func onlyLineEnd(doc *pdf.Document, from, to int64) bool {
	var buf [maxLineEnd]byte
	b := buf[:to-from]
	if len(b) == 0 {
		return true
	}
	if n, _ := doc.ReaderAt().ReadAt(b, from); n < len(b) {
		return false
	}
	for _, c := range b {
		if c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// signedThere checks that the signed revision, opened alone, shows the very
// dictionary: else the signature was lifted into a document that it never saw.
func signedThere(rev *pdf.Revision, f *sigField) error {
	if f.valueRef == (pdf.Ref{}) {
		return nil // direct value: its bounds lie in the range
	}
	d, err := rev.Dict(f.valueRef)
	if err != nil || d == nil {
		return fmt.Errorf("the signed revision has no object %s", f.valueRef)
	}
	was, _, ok := d.Bounds()
	is, _, _ := f.value.Bounds()
	if !ok || was != is {
		return fmt.Errorf("object %s is another one in the signed revision", f.valueRef)
	}
	return nil
}
