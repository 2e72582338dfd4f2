package diff_test

// oStamp is an annotation with an integer for its flags.
const oStamp = 58

// exactBases are documents with entries that say the same by the letter of the
// standard when they are written otherwise, but not to every reader.
func (m *maker) exactBases(bases map[string]*pdfFile) {
	f := m.base().signedWith(2, "").add(oPage1, "/CropBox null /Rotate 0")
	f.edit(oPages, "/MediaBox", "/CropBox [0 500 595 842] /MediaBox")
	f.put(oStamp, "<</Type /Annot /Subtype /Stamp /Rect [72.0 690 300 720.5] /C [1 0.5 0] /F 2 /AP <</N 38 0 R>>>>")
	f.edit(oPage1, "/Annots [", "/Annots [58 0 R ")
	bases["exact"] = f.save().sign()
}

func exactAttacks() []vector {
	return []vector{
		attack("null-cuts-inheritance", "p1", "ambiguous", func(f *pdfFile) { f.add(oPage1, "/MediaBox null").save() }),
		attack("null-instead-of-value", "p2", "ambiguous", func(f *pdfFile) { f.edit(oText, "/V (Ivanov)", "/V null").save() }),
		attack("null-in-page-tree", "p1", "ambiguous", func(f *pdfFile) { f.add(oPages, "/CropBox null").save() }),
		attack("null-in-catalog", "p2", "ambiguous", func(f *pdfFile) { f.add(oCatalog, "/PageLayout null").save() }),
		attack("null-in-form", "p2", "ambiguous", func(f *pdfFile) { f.add(oForm, "/Q null").save() }),
		attack("null-in-trailer", "p2", "ambiguous", func(f *pdfFile) { f.trailer += " /Vendor null"; addDSS(f); f.save() }),
		attack("null-in-part", "p2", "field", func(f *pdfFile) { f.add(oText, "/MK <</R null>>").save() }),
		attack("null-in-font", "p1", "font", func(f *pdfFile) { f.add(oFont, "/FirstChar null").save() }),
		attack("null-by-reference", "p2", "ambiguous", func(f *pdfFile) {
			f.edit(oText, "/V (Ivanov)", "/V 70 0 R").put(70, "null").save()
		}),
		attack("null-in-new-comment", "p3", "annotation-cover", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Text /Rect [500 600 520 620] /Contents (x) /OC null>>")
			f.save()
		}),
		attack("real-for-flags-of-annotation", "exact", "annotation", func(f *pdfFile) { f.edit(oStamp, "/F 2", "/F 2.0").save() }),
		attack("real-for-flags-of-comment", "p3", "annotation-cover", func(f *pdfFile) {
			f.edit(oNote, "/Contents", "/F 4.0 /Contents").save()
		}),
		attack("real-for-flags-of-field", "p2", "field-visibility", func(f *pdfFile) { f.edit(oHiddenFld, "/F 6", "/F 6.0").save() }),
		attack("real-for-field-flags", "fixed", "field", func(f *pdfFile) { f.edit(oTotal, "/Ff 1", "/Ff 1.0").save() }),
		attack("real-for-rotation", "exact", "page-geometry", func(f *pdfFile) { f.edit(oPage1, "/Rotate 0", "/Rotate 0.0").save() }),
		attack("real-for-count", "p2", "page-tree", func(f *pdfFile) { f.edit(oPages, "/Count 2", "/Count 2.0").save() }),
		attack("rectangle-of-other-numbers", "exact", "annotation", func(f *pdfFile) { f.edit(oStamp, "72.0", "72.1").save() }),
		attack("null-dropped", "exact", "page-geometry", func(f *pdfFile) { f.edit(oPage1, "/CropBox null ", "").save() }),
	}
}
