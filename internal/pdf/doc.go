// Package pdf reads PDF files that nobody vouches for, revision by revision.
//
//	doc, err := pdf.Open(file, size, nil)       // err: not a PDF one can rely on
//	for _, rev := range doc.Revisions() {        // oldest first
//		catalog, err := rev.Catalog()        // as a reader of file[:rev.End] saw it
//		form, err := rev.Dict(catalog.Get("AcroForm"))
//		…
//	}
//	doc.Warnings()                               // every leniency that was applied
//
// The reader follows the cross-reference and nothing else: it never searches
// for objects, never rebuilds a table, and checks that an object stands where
// the cross-reference says. Where it goes on although the file breaks a rule of
// ISO 32000-2, a [Warning] with a [Code] says so. Reading is lazy, memory does
// not grow with the file, and every loop over input has a named limit.
package pdf
