package diff_test

import (
	"fmt"
	"strings"
)

// readerAttacks are regular but for one thing that one reader takes differently,
// or for which one gives up the cross-reference and searches the file.
func readerAttacks() []vector {
	return []vector{
		// PDFium takes the bytes 128 and 255 for white space.
		attack("name-with-white-space", "p1", "ambiguous", func(f *pdfFile) {
			f.stream(70, "", forged).edit(oPage1, "<<", "<</Contents\xff70\xff0\xffR null ").save()
		}),
		attack("name-with-zero", "p1", "ambiguous", func(f *pdfFile) { f.edit(oPage1, "<<", "<</Contents#00 null ").save() }),
		attack("name-with-half-escape", "p1", "ambiguous", func(f *pdfFile) { f.edit(oPage1, "<<", "<</A#4 null ").save() }),
		attack("name-with-white-space-in-trailer", "p1", "ambiguous", func(f *pdfFile) {
			f.put(70, "<<>>")
			f.trailer += " /Root\xff70\xff0\xffR null"
			f.save()
		}),
		attack("name-with-white-space-in-stream-trailer", "p1", "ambiguous", func(f *pdfFile) {
			f.put(70, "<<>>")
			f.trailer += " /Root\x8070\x800\x80R null"
			f.saveStream()
		}),
		attack("name-with-white-space-packed", "p2", "ambiguous", func(f *pdfFile) {
			f.put(70, "<</A\xffB 1>>")
			fillName(f, "Petrov")
			f.saveStream(70)
		}),
		// Poppler takes an object that is not there for a broken cross-reference.
		attack("reference-to-nothing", "p2", "ambiguous", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.edit(oText, "<<", "<</TU 999 0 R ").save()
		}),
		// MuPDF repairs the file for an entry that leads nowhere, used or not.
		attack("entry-of-no-object-stream", "p2", "ambiguous", func(f *pdfFile) {
			fillName(f, "Petrov")
			entries := map[int]xrefEntry{90: {2, 91, 0}}
			for n, off := range f.objects() {
				entries[n] = xrefEntry{1, off, 0}
			}
			f.size = 92
			f.xrefStream(entries)
		}),
		attack("entry-of-another-in-object-stream", "p2", "ambiguous", func(f *pdfFile) {
			fillName(f, "Petrov")
			entries := f.pack([]int{oText})
			entries[90] = xrefEntry{2, entries[oText].a, 0}
			for n, off := range f.objects() {
				entries[n] = xrefEntry{1, off, 0}
			}
			f.size = 92
			f.xrefStream(entries)
		}),
		attack("entry-into-signed-part", "p2", "ambiguous", func(f *pdfFile) {
			fillName(f, "Petrov")
			offsets := f.objects()
			offsets[90] = 15
			f.size = 91
			f.saveTable(offsets, "")
		}),
		// Poppler and pdf.js read an object up to the next one of the list.
		attack("object-stream-not-in-order", "p2", "ambiguous", func(f *pdfFile) {
			fillName(f, "Petrov")
			text, font := f.pending[oText], f.now(oFont)
			delete(f.pending, oText)
			head := fmt.Sprintf("%d %d %d 0 ", oText, len(font)+1, oFont)
			holder := f.next()
			f.objs[oText] = text
			f.stream(holder, fmt.Sprintf("/Type /ObjStm /N 2 /First %d", len(head)), head+font+" "+text)
			entries := map[int]xrefEntry{oText: {2, holder, 0}, oFont: {2, holder, 1}}
			for n, off := range f.objects() {
				entries[n] = xrefEntry{1, off, 0}
			}
			f.xrefStream(entries)
		}),
		// MuPDF keeps what it reads at the number of the cross-reference stream.
		attack("xref-stream-numbered-as-content", "p1", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			entries := map[int]xrefEntry{}
			for n, off := range f.objects() {
				entries[n] = xrefEntry{1, off, 0}
			}
			at := len(f.data)
			f.data = append(f.data, xrefStreamObject(oContent1, f.link(), entries)...)
			f.data = fmt.Appendf(f.data, "startxref\n%d\n%%%%EOF\n", at)
		}),
		attack("hybrid-stream-numbered-as-content", "p1", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			offsets := f.objects()
			at := len(f.data)
			f.data = append(f.data, xrefStreamObject(oContent1, f.link(), map[int]xrefEntry{})...)
			f.saveTable(offsets, fmt.Sprintf("/XRefStm %d", at))
		}),
		// Ghostscript does not open files of so many objects.
		attack("number-far-above", "p1", "ambiguous", func(f *pdfFile) { f.put(5_000_000, "null").save() }),
		// A page may make any measure large.
		attack("matrix-rounded", "p1", "form-or-image", func(f *pdfFile) {
			f.put(oXObject, strings.Replace(f.now(oXObject), "/BBox [0 0 200 20]", "/BBox [0 0 200.0000001 20]", 1)).save()
		}),
		// Some readers heed the table alone where it frees an object.
		attack("hybrid-frees-content", "p1", "ambiguous", func(f *pdfFile) {
			self, at := f.size, len(f.data)
			f.size++
			old := strings.LastIndex(string(f.data), fmt.Sprintf("\n%d 0 obj", oContent1)) + 1
			f.data = append(f.data, xrefStreamObject(self, f.link(), map[int]xrefEntry{oContent1: {1, old, 0}})...)
			f.gens[oContent1] = -1
			f.free(oContent1).saveTable(map[int]int{}, fmt.Sprintf("/XRefStm %d", at))
		}),
		attack("hybrid-encrypts", "p1", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			f.put(77, "<</Filter /Standard /V 1 /R 2 /O (x) /U (x) /P -4>>")
			offsets := f.objects()
			self, at := f.size, len(f.data)
			f.size++
			f.data = append(f.data, xrefStreamObject(self, f.link()+" /Encrypt 77 0 R", map[int]xrefEntry{})...)
			f.saveTable(offsets, fmt.Sprintf("/XRefStm %d", at))
		}),
		// Another content stands in the signed bytes, listed nowhere, its header
		// written with tabs.
		attack("stray-with-tabs", "shadow-tabs", "ambiguous", func(f *pdfFile) { addDSS(f); f.save() }),
		attack("another-page-when-signing", "field-without-page", "field", func(f *pdfFile) { signClient(f.add(oSigEmpty, "/P 5 0 R")) }),
		attack("lock-taken-from-what-was", "field-without-page", "field", func(f *pdfFile) { signClient(f.add(oSigEmpty, "/Lock 14 0 R")) }),
		attack("lock-without-signing", "field-without-page", "field", func(f *pdfFile) {
			f.add(oSigEmpty, "/Lock <</Type /SigFieldLock /Action /All>>").save()
		}),
		attack("startxref-line-early", "p1", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			f.raw = "\n"
			f.save()
			s := string(f.data)
			at := strings.LastIndex(s, "startxref\n") + len("startxref\n")
			f.data = []byte(s[:at] + fmt.Sprint(f.prev-1) + s[at+len(fmt.Sprint(f.prev)):])
		}),
	}
}
