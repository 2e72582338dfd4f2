package diff_test

import (
	"fmt"
	"strings"
)

// savingAttacks are about where an update stands, and how much is in it.
func savingAttacks() []vector {
	return []vector{
		attack("objects-without-xref", "p2", "outside-revisions", func(f *pdfFile) {
			f.data = fmt.Appendf(f.data, "%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", oContent1, len(forged), forged)
		}),
		attack("objects-and-trailer-without-xref", "p2", "outside-revisions", func(f *pdfFile) {
			f.data = fmt.Appendf(f.data, "%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n", oContent1, len(forged), forged)
		}),
		attack("comment-after-end", "p2", "outside-revisions", func(f *pdfFile) { f.data = append(f.data, "% nothing\n"...) }),
		attack("second-start-mismatch", "p2", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			f.save()
			// What a reader of the revision alone would have started from.
			i := strings.LastIndex(string(f.data), "startxref")
			f.data = append(f.data[:i], "startxref\n9\n%%EOF\n"...)
			f.stream(90, "", "x").save()
		}),
		attack("revision-without-end", "p2", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			f.save()
			i := strings.LastIndex(string(f.data), "startxref")
			f.data = f.data[:i]
			f.stream(90, "", "x").save()
		}),
		attack("hidden-xref-started", "hidden-xref", "outside-revisions", func(f *pdfFile) {
			f.data = fmt.Appendf(f.data, "startxref\n%d\n%%%%EOF\n", f.hidden)
		}),
		attack("hidden-xref-early-started", "hidden-xref-early", "xref-into-signed-part", func(f *pdfFile) {
			f.data = fmt.Appendf(f.data, "startxref\n%d\n%%%%EOF\n", f.hidden)
		}),
		attack("hidden-xref-early-as-previous", "hidden-xref-early", "xref-into-signed-part", func(f *pdfFile) {
			f.prev = f.hidden
			addDSS(f)
			f.save()
		}),
		attack("hidden-xref-as-previous", "hidden-xref", "ambiguous", func(f *pdfFile) {
			f.prev = f.hidden
			addDSS(f)
			f.save()
		}),
		attack("stream-without-end-finished", "stream-without-end", "outside-revisions", func(f *pdfFile) {
			addDSS(f)
			f.save()
		}),
		attack("new-fields-tile-the-page", "approval", "signature-field-covers-page", func(f *pdfFile) {
			for i := range 4 {
				newSignature(f, 70+2*i, fmt.Sprintf("0 %d 595 %d", i*200, i*200+190), "")
			}
		}),
		attack("new-field-on-another-page", "approval", "field-added", func(f *pdfFile) {
			f.put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (n) /Rect [72 690 172 720] /P 5 0 R>>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ").save()
		}),
		attack("new-field-with-page-of-its-own", "approval", "signature-field-covers-page", func(f *pdfFile) {
			f.put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (n) /Rect [0 0 595 842] /P 71 0 R>>").put(71, "<</MediaBox [0 0 9999 9999]>>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ").save()
		}),
		attack("change-hidden-among-many-revisions", "p2", "page-content", func(f *pdfFile) {
			addDSS(f)
			f.save()
			for i := range 20 {
				if i == 11 {
					f.stream(oContent1, "", forged)
				}
				f.edit(70, "/CRLs [", fmt.Sprintf("/CRLs [%d 0 R ", 100+i)).stream(100+i, "", fmt.Sprint("crl ", i)).save()
			}
		}),
	}
}
