package diff_test

import "fmt"

const (
	oNoteField = 58 // text field as large as the page, without an appearance
	oBoxField  = 59 // check box as wide as a line, with a prepared "Yes"
	oListField = 61
)

// coverBases are documents with large fields, and fields with backgrounds.
func (m *maker) coverBases(bases map[string]*pdfFile) {
	base := func(note, text string) *pdfFile {
		f := m.base().signedWith(2, "").add(oText, text)
		f.put(oNoteField, "<</Type /Annot /Subtype /Widget /FT /Tx /Ff 4096 /T (note) /Rect [0 0 595 842] /F 4 /P 4 0 R /DA (/Helv 12 Tf 0 g) "+note+">>")
		f.put(oBoxField, "<</Type /Annot /Subtype /Widget /FT /Btn /T (box) /V /Off /AS /Off /Rect [68 680 548 740] /F 4 /P 4 0 R /AP <</N <</Yes 62 0 R /Off 26 0 R>>>>>>")
		f.put(oListField, "<</Type /Annot /Subtype /Widget /FT /Ch /T (list) /Opt [(a) (b)] /Rect [300 300 400 360] /F 4 /P 4 0 R>>")
		f.stream(62, "/Type /XObject /Subtype /Form /BBox [0 0 480 60]", "1 1 1 rg 0 0 480 60 re f 0 g 3 w 10 10 m 10 50 l S")
		f.edit(oForm, "/Fields [", "/Fields [58 0 R 59 0 R 61 0 R ").edit(oPage1, "/Annots [", "/Annots [58 0 R 59 0 R 61 0 R ")
		return f
	}
	bases["large-fields"] = base("", "").save().sign()
	bases["fields-with-background"] = base("/MK <</BG [1]>>", "/MK <</BG [0.95 .95 1] /BC [.8980392]>>").save().sign()
	bases["field-with-white-text"] = base("", "").edit(oText, "0 g)", "1 g)").save().sign()
	bases["field-drawn-with-background"] = base("", "").stream(oTextAP, xform(""), "1 g 0 0 200 20 re f BT 0 g /F 12 Tf (Ivanov) Tj ET").save().sign()
}

// fieldDrawn fills the text field in with an appearance that draws this, too.
func fieldDrawn(f *pdfFile, resources, before string) {
	f.edit(oText, "(Ivanov)", "(Petrov)").edit(oText, "/N 24 0 R", "/N 70 0 R")
	f.stream(70, xform("/Resources <</Font <</F 6 0 R>> "+resources+">>"), before+" /Tx BMC q BT 0 g /F 12 Tf (Petrov) Tj ET Q EMC").save()
}

func coverAttacks() []vector {
	drawn := func(name, base, resources, before string) vector {
		return attack("filled-over-"+name, base, "field", func(f *pdfFile) { fieldDrawn(f, resources, before) })
	}
	note := func(name, base, content string) vector {
		return attack("note-"+name, base, "field", func(f *pdfFile) {
			f.add(oNoteField, "/V (900) /AP <</N 70 0 R>>")
			f.stream(70, "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources <</Font <</F 6 0 R>>>>", content+" 0 g BT /F 12 Tf 72 700 Td (900) Tj ET").save()
		})
	}
	const plain = "large-fields"
	state := func(entry string) string { return "/ExtGState <</G <<" + entry + ">>>>" }
	return []vector{
		note("on-white", plain, "1 1 1 rg 0 0 595 842 re f"),
		note("on-grey", plain, ".6 g 0 0 595 842 re f"),
		note("on-first-background", "fields-with-background", "1 g 0 0 595 842 re f"),
		attack("large-box-ticked", plain, "field", func(f *pdfFile) { f.edit(oBoxField, "/V /Off /AS /Off", "/V /Yes /AS /Yes").save() }),
		drawn("paper", plain, "", "1 g 0 0 200 20 re f"),
		drawn("paper-in-cmyk", plain, "", "0 0 0 0 k 0 0 200 20 re f"),
		drawn("paper-in-space", plain, "", "/DeviceRGB cs 1 1 1 sc 0 0 200 20 re f"),
		drawn("unknown-space", plain, "/ColorSpace <</S [/Separation /X /DeviceGray 7 0 R]>>", "/S cs 0 scn 0 0 200 20 re f"),
		drawn("pattern", plain, "/Pattern <</P 7 0 R>>", "/Pattern cs /P scn 0 0 200 20 re f"),
		drawn("white-line", plain, "", "1 G 20 w 0 10 m 200 10 l S"),
		drawn("white-text", plain, "", "BT 1 g /F 99 Tf ( ) Tj ET"),
		drawn("nested-paper", plain, "/XObject <</X 7 0 R>>", "1 g /X Do"),
		attack("filled-over-picture", plain, "field", func(f *pdfFile) {
			f.stream(71, "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", "x")
			fieldDrawn(f, "/XObject <</X 71 0 R>>", "/X Do")
		}),
		drawn("inline-picture", plain, "", "BI /W 1 /H 1 /BPC 8 /CS /G ID x EI"),
		drawn("shading", plain, "/Shading <</S <<>>>>", "/S sh"),
		drawn("lighter-blend", plain, state("/BM /Screen"), "/G gs .4 g 0 0 200 20 re f"),
		drawn("transfer-function", plain, state("/TR 7 0 R"), "/G gs 0 g 0 0 200 20 re f"),
		attack("filled-over-glyphs-of-its-own", plain, "field", func(f *pdfFile) {
			f.edit(oText, "(Ivanov)", "(Petrov)").edit(oText, "/N 24 0 R", "/N 70 0 R")
			f.stream(70, xform("/Resources <</Font <</F <</Type /Font /Subtype /Type3>>>>>>"), "BT /F 12 Tf (Petrov) Tj ET").save()
		}),
		// Readers take what a form lacks from the one around it.
		attack("filled-over-by-inherited-form", plain, "field", func(f *pdfFile) {
			f.stream(71, xform(""), "/B Do").stream(72, xform(""), "1 g 0 0 200 20 re f")
			fieldDrawn(f, "/XObject <</A 71 0 R /B 72 0 R>>", "/A Do")
		}),
		attack("filled-over-in-inherited-state", plain, "field", func(f *pdfFile) {
			f.stream(71, xform(""), "/G gs 0 g 0 0 200 20 re f")
			fieldDrawn(f, "/XObject <</A 71 0 R>> "+state("/BM /Difference"), "/A Do")
		}),
		attack("filled-over-in-inherited-glyphs", plain, "field", func(f *pdfFile) {
			f.stream(71, xform(""), "BT /T 12 Tf (x) Tj ET")
			f.edit(oText, "(Ivanov)", "(Petrov)").edit(oText, "/N 24 0 R", "/N 70 0 R")
			f.stream(70, xform("/Resources <</XObject <</A 71 0 R>> /Font <</F 6 0 R /T <</Type /Font /Subtype /Type3>>>>>>"), "/A Do BT 0 g /F 12 Tf (Petrov) Tj ET").save()
		}),
		// Of too many operands, readers take the last.
		drawn("paper-behind-operands", plain, "", "0 1 1 g 0 0 200 20 re f"),
		drawn("paper-behind-operands-in-space", plain, "", "/DeviceGray cs 0 1 1 sc 0 0 200 20 re f"),
		attack("filled-over-by-last-operand", plain, "field", func(f *pdfFile) {
			f.stream(71, xform(""), "").stream(72, xform(""), "1 g 0 0 200 20 re f")
			fieldDrawn(f, "/XObject <</A 71 0 R /B 72 0 R>>", "/A /B Do")
		}),
		drawn("black-that-is-white", plain, "/ColorSpace <</DefaultGray [/Separation /X /DeviceGray 7 0 R]>>", "0 g 0 0 200 20 re f"),
		drawn("area-in-colour-of-text", "field-with-white-text", "", "1 g 0 0 200 20 re f"),
		drawn("another-background", "fields-with-background", "", "1 1 .6 rg 0 0 200 20 re f"),
	}
}

// honestFillings are what form fillers draw.
func honestFillings() []vector {
	form := func(name, base string, make func(f *pdfFile)) vector {
		return vector{"filled-" + name, base, "form", levelFill, false, "field-value field-appearance", make}
	}
	drawn := func(name, base, resources, before string) vector {
		return form(name, base, func(f *pdfFile) { fieldDrawn(f, resources, before) })
	}
	return []vector{
		drawn("with-background", "fields-with-background", "", ".95 .95 1 rg 0 0 200 20 re f .898039 G 1 w .5 .5 199 19 re s"),
		drawn("with-background-as-before", "field-drawn-with-background", "", "1 1 1 rg 0 0 200 20 re f"),
		drawn("with-dark-border", "large-fields", "/ExtGState <</G <</Type /ExtGState /ca 1 /BM /Normal /SMask /None>>>>", "q /G gs 0 0 .3 RG 1 w 0 0 200 20 re s Q"),
		drawn("in-spaces-of-the-device", "large-fields", "", "/DeviceGray cs 0 sc /DeviceRGB CS .2 .2 .2 SC 0 0 200 20 re B"),
		form("in-white-as-asked", "field-with-white-text", func(f *pdfFile) {
			f.edit(oText, "(Ivanov)", "(Petrov)").edit(oText, "/N 24 0 R", "/N 70 0 R")
			f.stream(70, xform("/Resources <</Font <</F 6 0 R>>>>"), "BT 1 g /F 12 Tf (Petrov) Tj ET").save()
		}),
		form("note", "large-fields", func(f *pdfFile) {
			f.add(oNoteField, "/V (Seen.) /AP <</N 70 0 R>>")
			f.stream(70, "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources <</Font <</F 6 0 R>>>>", "/Tx BMC q BT 0 g /F 12 Tf 2 800 Td (Seen.) Tj ET Q EMC").save()
		}),
		form("list", "large-fields", func(f *pdfFile) {
			f.add(oListField, "/V (a) /I [0] /AP <</N 70 0 R>>")
			f.stream(70, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 %d %d] /Resources <</Font <</F 6 0 R>>>>", 100, 60),
				"/Tx BMC q .600006 .756866 .854904 rg 1 40 98 14 re f BT 0 g /F 12 Tf 2 44 Td (a) Tj 0 -14 Td (b) Tj ET Q EMC").save()
		}),
	}
}
