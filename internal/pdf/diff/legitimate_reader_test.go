package diff_test

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/vidimus/vidimus/internal/pdf/diff"
)

// readerLegitimate are the habits of well-known writers that come close to what
// readerAttacks do.
func readerLegitimate() []vector {
	const ltv, fill = diff.LTV, diff.FormFill
	return []vector{
		// iText lists the number of the cross-reference stream as free.
		{"own-number-free", "xref-stream", "structure", ltv, false, "validation-data", func(f *pdfFile) {
			addDSS(f)
			entries := map[int]xrefEntry{}
			for n, off := range f.objects() {
				entries[n] = xrefEntry{1, off, 0}
			}
			self, at := f.size, len(f.data)
			f.size++
			entries[self] = xrefEntry{0, 0, 65535}
			f.data = append(f.data, xrefStreamObject(self, f.link(), entries)...)
			f.data = fmt.Appendf(f.data, "startxref\n%d\n%%%%EOF\n", at)
			f.prev = at
			f.begin()
		}},
		// MuPDF leaves an empty line before the trailer.
		{"line-before-trailer", "p1", "structure", ltv, false, "validation-data", func(f *pdfFile) {
			addDSS(f)
			f.save()
			at := bytes.LastIndex(f.data, []byte("trailer"))
			f.data = slices.Insert(f.data, at, '\n')
		}},
		// What was signed says that its table stands one line end early; others
		// repeat that in /Prev.
		{"prev-as-stated", "startxref-line", "structure", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.save() }},
		// PDFBox sets /Size right where it was too high.
		{"size-set-right", "size-too-high", "structure", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.size = 75; f.save() }},
		// Poppler writes ten decimals of a number.
		{"decimals-cut-off", "decimals", "structure", ltv, false, "rewritten", func(f *pdfFile) {
			f.edit(oPages, "841.889763779528", "841.8897637795").save()
		}},
		// iText gives the field that it signs its page and a lock.
		{"page-and-lock-when-signing", "field-without-page", "signing", fill, false, "signature-added", func(f *pdfFile) {
			f.add(oSigEmpty, "/P 4 0 R /Lock 72 0 R").put(72, "<</Type /SigFieldLock /Action /Include /Fields [(name)]>>")
			signClient(f)
		}},
		// iText leaves its version in the root of the page tree.
		{"itxt", "p2", "structure", fill, false, "field-value", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.add(oPages, "/ITXT (2.1.7)").save()
		}},
		// PDFBox draws lines of comments through a matrix, in colours of a named
		// space, from an appearance dictionary of its own.
		{"line-drawn-by-matrix", "p3", "annotations", diff.Annotations, false, "annotation-added", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Line /Rect [72 500 172 520] /L [72 510 172 510] /AP 71 0 R>>")
			f.put(71, "<</N 72 0 R>>")
			f.stream(72, "/Type /XObject /Subtype /Form /BBox [72 500 172 520]", "q /DeviceRGB CS 1 0 0 SC 0 1 -1 0 72 510 cm 1 w 0 0 m 0 -100 l S Q").save()
		}},
		// Poppler signs a field that it does not put on the list.
		{"field-on-no-list", "approval", "signing", fill, false, "signature-added", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (late) /Rect [300 160 500 210] /F 4 /P 4 0 R /V 71 0 R>>")
			f.put(71, signatureBody(""))
			f.save().sign()
		}},
		// The reference to nothing was signed; the object is written again.
		{"reference-to-nothing-again", "dangling", "structure", fill, false, "field-value", func(f *pdfFile) { fillName(f, "Petrov"); f.save() }},
	}
}

// readerBases are signed documents with the slips of well-known writers.
func (m *maker) readerBases(bases map[string]*pdfFile) {
	f := m.base().signedWith(2, "")
	f.raw = "\n"
	f.save()
	f.prev--
	f.data = bytes.Replace(f.data, fmt.Appendf(nil, "startxref\n%d\n", f.prev+1), fmt.Appendf(nil, "startxref\n%d\n", f.prev), 1)
	bases["startxref-line"] = f.sign()

	f = m.base().signedWith(2, "")
	offsets := f.objects()
	f.size = 200
	bases["size-too-high"] = f.saveTable(offsets, "").sign()

	bases["decimals"] = m.base().signedWith(2, "").edit(oPages, "[0 0 595 842]", "[0 0 595.303937007874 841.889763779528]").save().sign()
	bases["field-without-page"] = m.base().signedWith(2, "").edit(oSigEmpty, "/P 4 0 R", "").save().sign()
	bases["dangling"] = m.base().signedWith(2, "").edit(oText, "<<", "<</TU 999 0 R ").save().sign()
}
