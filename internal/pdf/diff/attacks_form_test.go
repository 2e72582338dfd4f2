package diff_test

import (
	"github.com/vidimus/vidimus/internal/pdf/diff"
)

func annotationAttacks() []vector {
	annot := func(name, base, kind, body string) vector {
		return attack(name, base, kind, func(f *pdfFile) {
			const box = "/Type /XObject /Subtype /Form /BBox [0 0 228 30] "
			f.stream(71, box+"/Resources <</Font <</F 6 0 R>> /ExtGState <</G <</ca 1>>>>>>", "/G gs 1 1 1 rg 0 0 200 20 re f")
			f.stream(72, box+"/Resources <</Font <</F 6 0 R>>>>", "BT /F 12 Tf (The price is 900 roubles.) Tj ET")
			f.stream(73, "/Subtype /Form /BBox [0 0 228 30]", "1 1 1 RG 40 w 0 0 m 200 0 l S")
			f.stream(74, "/Subtype /Form /BBox [0 0 10 2]", "1 1 1 RG 2 w 0 1 m 10 1 l S")
			f.stream(75, "/Subtype /Form /BBox [0 0 228 30] /Resources <</ExtGState <</G <</BM /Multiply>>>>>>", "q /G gs Q 1 1 1 rg 0 0 200 20 re f")
			addAnnot(f, 70, "<</Type /Annot /Rect [72 690 300 720] /P 4 0 R "+body+">>")
			f.save()
		})
	}
	plain := diff.Annotations
	note := func(f *pdfFile) {
		addAnnot(f, 70, "<</Type /Annot /Subtype /Text /Rect [500 600 520 620] /Contents (x)>>")
		f.save()
	}
	return []vector{
		annot("text-box-over-content", "p3", "annotation-cover", "/Subtype /FreeText /Contents (The price is 900 roubles.) /DA (/Helv 12 Tf 0 g) /AP <</N 72 0 R>>"),
		annot("stamp-over-content", "p3", "annotation-cover", "/Subtype /Stamp /AP <</N 72 0 R>>"),
		annot("redaction", "p3", "annotation-cover", "/Subtype /Redact /QuadPoints [72 720 300 720 72 690 300 690] /OverlayText (900)"),
		annot("watermark", "p3", "annotation-cover", "/Subtype /Watermark /AP <</N 72 0 R>>"),
		annot("square-filled-white", "p3", "annotation-cover", "/Subtype /Square /IC [1 1 1] /C [1 1 1]"),
		annot("square-drawn-white", "p3", "annotation-cover", "/Subtype /Square /AP <</N 71 0 R>>"),
		annot("highlight-opaque", "p3", "annotation-cover", "/Subtype /Highlight /QuadPoints [72 720 300 720 72 690 300 690] /AP <</N 71 0 R>>"),
		annot("ink-wide", "p3", "annotation-cover", "/Subtype /Ink /InkList [[72 700 300 700]] /C [1 1 1] /BS <</W 40>>"),
		annot("ink-drawn-wide", "p3", "annotation-cover", "/Subtype /Ink /InkList [[72 700 300 700]] /AP <</N 73 0 R>>"),
		annot("underline-with-text", "p3", "annotation-cover", "/Subtype /Underline /QuadPoints [72 720 300 720 72 690 300 690] /AP <</N 72 0 R>>"),
		annot("ink-enlarged", "p3", "annotation-cover", "/Subtype /Ink /InkList [[72 700 300 700]] /AP <</N 74 0 R>>"),
		annot("highlight-after-restore", "p3", "annotation-cover", "/Subtype /Highlight /QuadPoints [72 720 300 720 72 690 300 690] /AP <</N 75 0 R>>"),
		annot("note-with-large-icon", "p3", "annotation-cover", "/Subtype /Text /AP <</N 71 0 R>>"),
		annot("note-with-script", "p3", "annotation-cover", "/Subtype /Text /A <</S /JavaScript /JS (x)>>"),
		annot("line-drawn-by-prepared-object", "p3", "annotation-cover", "/Subtype /Line /L [72 700 300 700] /AP <</N 7 0 R>>"),
		annot("link-added", "p3", "annotation-cover", "/Subtype /Link /A <</S /URI /URI (https://example.net)>>"),
		annot("attachment-annotation", "p3", "annotation-cover", "/Subtype /FileAttachment /FS <</F (a)>>"),
		annot("widget-without-field", "p3", "field-added", "/Subtype /Widget /FT /Tx /T (z) /V (900) /AP <</N 72 0 R>>"),
		attack("text-box-changed", "p3", "annotation", func(f *pdfFile) { f.edit(oFreeText, "Not valid without stamp", "Valid").save() }),
		attack("text-box-removed", "p3", "annotation", func(f *pdfFile) { f.edit(oPage1, " 32 0 R", "").save() }),
		attack("text-box-freed", "p3", "annotation", func(f *pdfFile) { f.free(oFreeText).save() }),
		attack("annotations-reordered", "p3", "annotation", func(f *pdfFile) { f.edit(oPage1, "31 0 R 32 0 R", "32 0 R 31 0 R").save() }),
		attack("note-became-stamp", "p3", "annotation", func(f *pdfFile) { f.edit(oNote, "/Text", "/Stamp").save() }),
		attack("direct-annotation", "p3", "annotation", func(f *pdfFile) {
			f.edit(oPage1, "/Annots [", "/Annots [<</Type /Annot /Subtype /Text /Rect [0 0 9 9]>> ").save()
		}),
		denied("note-p2", "p2", plain, "annotation-added", note),
		denied("note-p1", "p1", plain, "annotation-added", note),
		denied("note-approval", "approval", plain, "annotation-added", note),
		denied("note-removed-p2", "p2", plain, "annotation-removed", func(f *pdfFile) { f.edit(oPage1, " 31 0 R", "").save() }),
	}
}

func fieldAttacks() []vector {
	field := func(name, base, kind, body string) vector {
		return attack(name, base, kind, func(f *pdfFile) {
			f.stream(71, xform("/Resources <</Font <</F 6 0 R>>>>"), "BT /F 12 Tf (The price is 900 roubles.) Tj ET")
			f.put(70, "<</Type /Annot /Subtype /Widget /P 4 0 R /F 4 "+body+">>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ").save()
		})
	}
	return []vector{
		field("visible-signature-field-p2", "p2", "visible-field-after-certification", "/FT /Sig /T (n) /Rect [72 690 300 720] /AP <</N 71 0 R>>"),
		field("visible-signature-field-p1", "p1", "visible-field-after-certification", "/FT /Sig /T (n) /Rect [72 690 300 720] /AP <</N 71 0 R>>"),
		field("visible-signature-field-p3", "p3", "visible-field-after-certification", "/FT /Sig /T (n) /Rect [72 690 300 720] /AP <</N 71 0 R>>"),
		field("signature-field-covers-page", "approval", "signature-field-covers-page", "/FT /Sig /T (n) /Rect [0 0 595 842] /AP <</N 71 0 R>>"),
		attack("signature-field-without-page", "approval", "signature-field-covers-page", func(f *pdfFile) {
			f.put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (n) /Rect [0 0 595 842]>>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ").save()
		}),
		field("text-field-added", "p2", "field-added", "/FT /Tx /T (n) /V (900) /Rect [72 690 300 720] /AP <</N 71 0 R>>"),
		field("text-field-added-invisible", "p2", "field-added", "/FT /Tx /T (n) /V (900) /Rect [0 0 0 0]"),
		field("button-added", "p3", "field-added", "/FT /Btn /T (n) /Rect [72 690 300 720] /A <</S /JavaScript /JS (x)>>"),
		field("field-without-type", "p2", "field-added", "/T (n) /Rect [0 0 0 0]"),
		field("field-without-name", "p2", "field-added", "/FT /Sig /Rect [0 0 0 0]"),
		field("field-with-period", "p2", "field-added", "/FT /Sig /T (n.m) /Rect [0 0 0 0]"),
		field("field-with-known-name", "p2", "field-added", "/FT /Sig /T (signer) /Rect [0 0 0 0]"),
		field("signature-field-with-action", "p2", "field-added", "/FT /Sig /T (n) /Rect [0 0 0 0] /AA <</Fo <</S /JavaScript /JS (x)>>>>"),
		field("signature-field-with-layer", "p2", "field-added", "/FT /Sig /T (n) /Rect [0 0 0 0] /OC 13 0 R"),
		field("signature-field-fake-value", "p2", "signature-value", "/FT /Sig /T (n) /Rect [0 0 0 0] /V <</Type /Sig>>"),
		field("signature-field-takes-signature", "p2", "signature-value", "/FT /Sig /T (n) /Rect [0 0 0 0] /V 51 0 R"),
		attack("field-taken-from-annotation", "p3", "reference-redirected", func(f *pdfFile) { f.edit(oForm, "/Fields [", "/Fields [32 0 R ").save() }),
		attack("field-twice-in-new-list", "p2", "form", func(f *pdfFile) {
			f.put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (n) /Rect [0 0 0 0]>>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R 70 0 R ").save()
		}),
		attack("signature-field-below-group", "p2", "field", func(f *pdfFile) {
			f.edit(oGroup, "29 0 R]", "29 0 R 70 0 R]").put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (c) /Parent 27 0 R /Rect [0 0 0 0]>>").save()
		}),
		attack("visible-kid-of-signature-field", "p2", "visible-field-after-certification", func(f *pdfFile) {
			f.put(70, "<</FT /Sig /T (n) /Kids [72 0 R]>>").stream(71, xform(""), "BT (900) Tj ET")
			f.put(72, "<</Type /Annot /Subtype /Widget /Parent 70 0 R /Rect [72 690 300 720] /P 4 0 R /AP <</N 71 0 R>>>>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [72 0 R ").save()
		}),
	}
}

func formAttacks() []vector {
	return []vector{
		denied("text-filled-p1", "p1", diff.FormFill, "field-value", func(f *pdfFile) { fillName(f, "Petrov"); f.save() }),
		attack("locked-all-filled", "lock-all", "field-locked", func(f *pdfFile) { fillName(f, "Petrov"); f.save() }),
		attack("locked-name-filled", "lock-name", "field-locked", func(f *pdfFile) { fillName(f, "Petrov"); f.save() }),
		attack("locked-kid-filled", "lock-name", "field-locked", func(f *pdfFile) { f.edit(oKidA, "/V (x)", "/V (y)").save() }),
		attack("locked-not-excluded-filled", "lock-but-name", "field-locked", func(f *pdfFile) { f.edit(oCheck, "/V /Off /AS /Off", "/V /Yes /AS /Yes").save() }),
		attack("locked-appearance-in-place", "lock-name", "field-locked", func(f *pdfFile) {
			f.stream(oTextAP, xform("/Resources <</Font <</F 39 0 R>>>>"), "BT /F 12 Tf (Petrov) Tj ET").save()
		}),
		attack("locked-appearance-freed", "lock-name", "field-locked", func(f *pdfFile) { f.free(oTextAP).save() }),
		attack("field-moved", "p2", "field", func(f *pdfFile) { f.edit(oText, "[72 500 272 520]", "[72 690 300 720]").save() }),
		attack("field-removed", "p2", "field-removed", func(f *pdfFile) { f.edit(oForm, " 21 0 R", "").save() }),
		attack("widget-removed-from-page", "p3", "field-removed", func(f *pdfFile) { f.edit(oPage1, " 20 0 R", "").save() }),
		attack("field-freed", "p2", "field-removed", func(f *pdfFile) { f.free(oText).save() }),
		attack("field-type-changed", "p2", "field", func(f *pdfFile) { f.edit(oText, "/FT /Tx", "/FT /Sig").save() }),
		attack("field-renamed", "p2", "field", func(f *pdfFile) { f.edit(oText, "(name)", "(other)").save() }),
		attack("field-made-password", "p2", "field", func(f *pdfFile) { f.add(oText, "/Ff 8192").save() }),
		attack("field-caption-changed", "p2", "field", func(f *pdfFile) { f.add(oCheck, "/MK <</CA (9)>>").save() }),
		attack("field-kids-dropped", "p2", "field", func(f *pdfFile) { f.edit(oGroup, " 29 0 R", "").save() }),
		attack("fields-reordered", "p2", "form", func(f *pdfFile) { f.edit(oForm, "20 0 R 21 0 R", "21 0 R 20 0 R").save() }),
		attack("shared-appearance-in-place", "p2", "object-shared", func(f *pdfFile) { f.stream(oSharedAP, xform(""), "BT (y) Tj ET").save() }),
		attack("appearance-that-is-page-content", "p2", "form-or-image", func(f *pdfFile) { f.stream(oDualAP, xform(""), "BT (900) Tj ET").save() }),
		attack("appearance-from-page-object", "p2", "reference-redirected", func(f *pdfFile) { f.edit(oText, "/N 24 0 R", "/N 7 0 R").save() }),
		attack("appearance-font-in-place", "p2", "field-appearance-part", func(f *pdfFile) { f.edit(oAPFont, "/Times-Roman", "/Symbol").save() }),
		attack("appearance-overwrites-content", "p2", "page-content", func(f *pdfFile) {
			f.edit(oText, "/N 24 0 R", "/N 15 0 R").stream(oContent1, xform(""), forged).save()
		}),
		attack("appearance-resources-overwrite-content", "p2", "page-content", func(f *pdfFile) {
			f.edit(oText, "/N 24 0 R", "/N 70 0 R").stream(70, xform("/Resources <</XObject <</X 15 0 R>>>>"), "/X Do").stream(oContent1, xform(""), forged).save()
		}),
		attack("appearance-resources-use-replaced-orphan", "p2", "object-shared", func(f *pdfFile) {
			f.edit(oText, "/N 24 0 R", "/N 70 0 R").stream(70, xform("/Resources <</XObject <</X 37 0 R>>>>"), "/X Do").stream(oOrphan, xform(""), forged).save()
		}),
		attack("appearance-no-form", "p2", "field", func(f *pdfFile) { f.edit(oText, "/N 24 0 R", "/N 70 0 R").stream(70, "/Subtype /Image", "x").save() }),
		attack("value-is-dictionary", "p2", "field", func(f *pdfFile) { f.edit(oText, "/V (Ivanov)", "/V <</A 15 0 R>>").save() }),
		attack("need-appearances", "p2", "form", func(f *pdfFile) { f.add(oForm, "/NeedAppearances true").save() }),
		attack("form-default-appearance", "p2", "form", func(f *pdfFile) { f.edit(oForm, "/Helv 12 Tf 0 g", "/Helv 12 Tf 1 g").save() }),
		attack("form-calculation-order", "p2", "form", func(f *pdfFile) { f.edit(oForm, "/CO [20 0 R]", "/CO [43 0 R]").save() }),
		attack("form-xfa", "p2", "xfa", func(f *pdfFile) { f.add(oForm, "/XFA 70 0 R").stream(70, "", "<xdp/>").save() }),
		attack("form-removed", "p2", "form", func(f *pdfFile) { f.edit(oCatalog, "/AcroForm 8 0 R ", "").save() }),
		attack("form-replaced", "p2", "field-removed", func(f *pdfFile) {
			f.edit(oCatalog, "/AcroForm 8 0 R", "/AcroForm 70 0 R").put(70, "<</Fields []>>").save()
		}),
	}
}
