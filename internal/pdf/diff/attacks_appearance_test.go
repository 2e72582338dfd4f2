package diff_test

import (
	"fmt"
)

const cover = "1 1 1 rg 0 0 595 842 re f 0 g BT /F 40 Tf 60 600 Td (900) Tj ET"

// withAppearance adds an object whose appearance is a form XObject with these
// entries.
func withAppearance(f *pdfFile, field, entries, content string) {
	f.put(70, "<</Type /Annot /Subtype /Widget /P 4 0 R /F 132 /FT /Sig /T (n) "+field+">>")
	f.stream(71, "/Type /XObject /Subtype /Form "+entries, content)
	f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ")
}

// appearanceAttacks have an appearance that does not stay in its place.
func appearanceAttacks() []vector {
	const box, flat = "/BBox [0 0 200 20]", "/Rect [0 0 0 0]"
	unsigned := func(name, entries, content string) vector {
		return attack("unsigned-"+name, "p1", "signature-appearance", func(f *pdfFile) {
			withAppearance(f, flat+" /AP <</N 71 0 R>>", entries, content)
			f.save()
		})
	}
	signed := func(name, entries, content string) vector {
		return attack("signed-"+name, "p2", "signature-appearance", func(f *pdfFile) {
			withAppearance(f, flat+" /V 72 0 R /AP <</N 71 0 R>>", entries, content)
			f.put(72, signatureBody("")).save().sign()
		})
	}
	filled := func(name, entries string) vector {
		return attack("filled-"+name, "p2", "field", func(f *pdfFile) {
			f.edit(oText, "(Ivanov)", "(Petrov)").edit(oText, "/N 24 0 R", "/N 70 0 R")
			f.stream(70, "/Type /XObject /Subtype /Form "+entries, "BT /F 12 Tf (Petrov) Tj ET").save()
		})
	}
	return []vector{
		unsigned("without-box", "", cover),
		unsigned("that-draws", box, cover),
		unsigned("with-box-of-no-area", "/BBox [0 0 0 0]", cover),
		unsigned("with-nested-drawing", box+" /Resources <</XObject <</X 7 0 R>>>>", "q /X Do Q"),
		attack("unsigned-with-states", "p1", "signature-appearance", func(f *pdfFile) {
			withAppearance(f, flat+" /AS /A /AP <</N <</A 71 0 R>>>>", "", cover)
			f.save()
		}),
		attack("unsigned-with-caption", "p1", "signature-appearance", func(f *pdfFile) {
			withAppearance(f, flat+" /MK <</CA (900)>>", "", "")
			f.save()
		}),
		signed("without-box", "", cover),
		signed("with-box-of-no-area", "/BBox [0 0 0 0]", cover),
		attack("timestamp-without-box", "p1", "signature-appearance", func(f *pdfFile) {
			withAppearance(f, flat+" /V 72 0 R /AP <</N 71 0 R>>", "", cover)
			f.put(72, timestampBody()).save().sign()
		}),
		attack("waiting-field-signed-without-box", "p2", "field", func(f *pdfFile) {
			f.add(oSigHidden, "/V 70 0 R /AP <</N 71 0 R>>").put(70, signatureBody(""))
			f.stream(71, "/Type /XObject /Subtype /Form", cover).save().sign()
		}),
		filled("without-box", ""),
		filled("with-null-box", "/BBox null"),
		filled("with-box-of-references", "/BBox [0 0 40 0 R 20]"),
		filled("with-box-of-three", "/BBox [0 0 200]"),
		filled("with-box-of-no-area", "/BBox [0 0 200 0]"),
		filled("with-flat-matrix", box+" /Matrix [1 0 0 0 0 0]"),
		filled("with-short-matrix", box+" /Matrix [1 0 0 1]"),
		filled("with-unknown-entry", box+" /Filters /ASCIIHexDecode"),
		attack("appearance-in-place-without-box", "p2", "field", func(f *pdfFile) {
			f.stream(oTextAP, "/Type /XObject /Subtype /Form /Resources <</Font <</F 39 0 R>>>>", "BT /F 12 Tf (Ivanov) Tj ET").save()
		}),
	}
}

// decoratedAttacks draw something in a new field by its entries.
func decoratedAttacks() []vector {
	field := func(name, entries string) vector {
		return attack("unsigned-field-with-"+name, "approval", "signature-appearance", func(f *pdfFile) { visibleField(f, entries) })
	}
	return []vector{
		field("paper-border", "/MK <</BC [1 1 1]>> /BS <</W 60>> /Border [0 0 60]"),
		field("border-colour", "/MK <</BC [1]>>"),
		field("wide-border", "/BS <</W 60>>"),
		field("wide-old-border", "/Border [0 0 60]"),
		field("border-by-reference", "/Border [0 0 40 0 R]"),
		field("colour", "/C [1 1 1]"),
		field("rollover-caption", "/MK <</RC (900)>>"),
		field("rollover-icon", "/MK <</RI 7 0 R>>"),
	}
}

// appearancesInPlace are what writers do near that rule.
func appearancesInPlace() []vector {
	blank := func(name, entries, content string) vector {
		return vector{"invisible-field-" + name, "p1", "ltv", levelLTV, false, "document-timestamp", func(f *pdfFile) {
			withAppearance(f, "/Rect [0 0 0 0] /V 72 0 R /AP <</N 71 0 R>>", entries, content)
			f.put(72, timestampBody()).save().sign()
		}}
	}
	filled := func(name, entries string) vector {
		return vector{"filled-" + name, "p2", "form", levelFill, false, "field-value", func(f *pdfFile) {
			f.edit(oText, "(Ivanov)", "(Petrov)").edit(oText, "/N 24 0 R", "/N 70 0 R")
			f.stream(70, entries+" /Resources <</Font <</F 6 0 R>>>>", "/Tx BMC q BT 0 g /F 12 Tf 2 5 Td (Petrov) Tj ET Q EMC").save()
		}}
	}
	plain := func(name, entries string) vector {
		return vector{"new-field-" + name, "approval", "signing", levelFill, false, "visible-signature-field", func(f *pdfFile) { visibleField(f, entries) }}
	}
	return []vector{
		plain("plain", "/F 132 /TU (Signature) /DA (/Helv 0 Tf 0 g)"),
		plain("turned", "/MK <</R 0>> /BS <</W 1 /S /S>> /Border [0 0 0]"),
		plain("with-empty-characteristics", "/MK <<>> /H /N /BS <</W 0>>"),
		blank("with-empty-box", "/BBox [0 0 0 0]", ""),
		blank("with-blank-box", "/BBox [0.0 0.0 100.0 100.0] /FormType 1 /Matrix [1.0 0.0 0.0 1.0 0.0 0.0]", "% DSBlank\n"),
		blank("without-box", "", ""),
		blank("with-nested-blank", "/BBox [0 0 0 0] /Resources <</XObject <</FRM 26 0 R>>>>", "q 1 0 0 1 0 0 cm /FRM Do Q"),
		blank("with-picture-in-its-box", "/BBox [0 0 100 50]", "1 0 0 rg 0 0 100 50 re f"),
		{"unsigned-field-blank", "p1", "ltv", levelLTV, false, "invisible-signature-field", func(f *pdfFile) {
			withAppearance(f, "/Rect [0 0 0 0] /MK <<>> /AP <</N 71 0 R>>", "/BBox [0 0 0 0]", "q Q")
			f.save()
		}},
		filled("turned", "/Type /XObject /Subtype /Form /FormType 1 /BBox [0 0 20 200] /Matrix [0 1 -1 0 20 0]"),
		filled("from-the-top", "/Type /XObject /Subtype /Form /BBox [ 0 20 200 0 ]"),
		filled("scaled", "/Subtype /Form /BBox [-10 -1 390.5 39] /Matrix [.5 0 0 .5 0 0] /Group <</S /Transparency>>"),
	}
}

// visibleField is a new field that nobody has signed in, with these entries.
func visibleField(f *pdfFile, entries string) {
	f.put(70, fmt.Sprintf("<</Type /Annot /Subtype /Widget /P 4 0 R /FT /Sig /T (n) /Rect [72 690 300 720] %s>>", entries))
	f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ").save()
}
