package diff_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/pdf/diff"
)

func checkWithQPDF(t *testing.T, qpdf, path string) {
	out, err := exec.Command(qpdf, "--check", path).CombinedOutput()
	if err != nil && !strings.Contains(string(out), "WARNING") {
		t.Errorf("qpdf: %v\n%s", err, out)
	}
}

// The pieces that legitimate updates are made of.

func addDSS(f *pdfFile) {
	f.put(70, "<</Type /DSS /Certs [71 0 R] /CRLs [72 0 R]>>")
	f.stream(71, "", "certificate")
	f.stream(72, "", "crl")
	f.add(oCatalog, "/DSS 70 0 R")
}

func addTimestamp(f *pdfFile, num int) {
	f.put(num, fmt.Sprintf("<</Type /Annot /Subtype /Widget /FT /Sig /T (stamp%d) /V %d 0 R /Rect [0 0 0 0] /F 132 /P 4 0 R>>", num, num+1))
	f.put(num+1, timestampBody())
	f.edit(oForm, "/Fields [", fmt.Sprintf("/Fields [%d 0 R ", num))
	f.edit(oPage1, "/Annots [", fmt.Sprintf("/Annots [%d 0 R ", num))
	f.save().sign()
}

// newSignature adds a signature field and signs in it.
func newSignature(f *pdfFile, num int, rect, entries string) {
	f.put(num, fmt.Sprintf("<</Type /Annot /Subtype /Widget /FT /Sig /T (party%d) /V %d 0 R /Rect [%s] /F 132 /P 4 0 R %s>>", num, num+1, rect, entries))
	f.put(num+1, signatureBody(""))
	f.edit(oForm, "/Fields [", fmt.Sprintf("/Fields [%d 0 R ", num))
	f.edit(oPage1, "/Annots [", fmt.Sprintf("/Annots [%d 0 R ", num))
	f.save().sign()
}

func signClient(f *pdfFile) {
	f.add(oSigEmpty, "/V 70 0 R /AP <</N 71 0 R>>")
	f.put(70, signatureBody(""))
	f.stream(71, xform(""), "BT (signed) Tj ET")
	f.save().sign()
}

func fillName(f *pdfFile, name string) {
	f.edit(oText, f.now(oText)[strings.Index(f.now(oText), "/V ("):strings.Index(f.now(oText), " /DA")], "/V ("+name+")")
	n := f.next()
	f.stream(n, xform(fmt.Sprintf("/Resources <</Font <</F %d 0 R>>>>", oFont)), "BT /F 12 Tf ("+name+") Tj ET")
	at := strings.Index(f.now(oText), "/AP <</N ")
	f.put(oText, f.now(oText)[:at]+fmt.Sprintf("/AP <</N %d 0 R>>>>", n))
}

func addAnnot(f *pdfFile, num int, body string) {
	f.put(num, body)
	f.edit(oPage1, "/Annots [", fmt.Sprintf("/Annots [%d 0 R ", num))
}

const (
	levelLTV   = diff.LTV
	levelFill  = diff.FormFill
	levelAnnot = diff.Annotations
)

// legitimate are updates that must not be refused.
func legitimate() []vector {
	ltv, fill, annots := diff.LTV, diff.FormFill, diff.Annotations
	list := []vector{
		{"dss-p1", "p1", "ltv", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.save() }},
		{"dss-p2", "p2", "ltv", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.save() }},
		{"dss-approval", "approval", "ltv", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.save() }},
		{"dss-lock-all", "lock-all", "ltv", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.save() }},
		{"dss-vri", "p1", "ltv", ltv, false, "validation-data", func(f *pdfFile) {
			addDSS(f)
			f.edit(70, "/Certs", "/VRI <</0123456789ABCDEF0123456789ABCDEF01234567 <</Cert [71 0 R] /TU (D:20250601120000Z)>>>> /Certs")
			f.save()
		}},
		{"dss-indirect-lists", "p1", "ltv", ltv, false, "validation-data", func(f *pdfFile) {
			addDSS(f)
			f.edit(70, "/Certs [71 0 R]", "/Certs 73 0 R /VRI 74 0 R")
			f.put(73, "[71 0 R]")
			f.put(74, "<<>>").save()
			f.put(73, "[71 0 R 75 0 R]").stream(75, "", "another certificate")
			f.put(74, "<</0123456789ABCDEF0123456789ABCDEF01234567 76 0 R>>").put(76, "<</Cert 73 0 R>>").save()
		}},
		{"dss-grows-and-shrinks", "p1", "ltv", ltv, false, "validation-data", func(f *pdfFile) {
			addDSS(f)
			f.save()
			f.edit(70, "/CRLs [72 0 R]", "/CRLs [73 0 R] /OCSPs [74 0 R]").stream(73, "", "newer crl").stream(74, "", "answer").save()
		}},
		{"timestamp-p1", "p1", "ltv", ltv, false, "document-timestamp invisible-signature-field", func(f *pdfFile) { addTimestamp(f, 80) }},
		{"lta-p2", "p2", "ltv", ltv, false, "document-timestamp validation-data", func(f *pdfFile) {
			addDSS(f)
			f.save()
			addTimestamp(f, 80)
		}},
		{"lta-renewed", "p1", "ltv", ltv, false, "document-timestamp", func(f *pdfFile) {
			addDSS(f)
			f.save()
			addTimestamp(f, 80)
			f.edit(70, "/CRLs [72 0 R", "/CRLs [72 0 R 73 0 R").stream(73, "", "crl of the authority").save()
			addTimestamp(f, 84)
		}},
		{"timestamp-in-empty-field", "p1", "ltv", ltv, false, "document-timestamp", func(f *pdfFile) {
			f.add(oSigHidden, "/V 70 0 R")
			f.put(70, timestampBody()).save().sign()
		}},
		{"timestamp-lock-all", "lock-all", "ltv", ltv, false, "document-timestamp", func(f *pdfFile) { addTimestamp(f, 80) }},
		{"extensions", "p1", "ltv", ltv, false, "extensions version", func(f *pdfFile) {
			f.add(oCatalog, "/Version /2.0 /Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 5>> /ADBE <</BaseVersion /1.7 /ExtensionLevel 8>>>>")
			f.save()
		}},
		{"metadata-dates", "p1", "ltv", ltv, false, "metadata-dates", func(f *pdfFile) {
			f.stream(oMeta, "/Type /Metadata /Subtype /XML", strings.Replace(xmp, "2025-06-01", "2025-06-02", 1))
			f.edit(oInfo, "D:20250601", "D:20250602").save()
		}},
		{"metadata-title", "p2", "form-fill", fill, false, "metadata-text", func(f *pdfFile) {
			f.stream(oMeta, "/Type /Metadata /Subtype /XML", strings.Replace(xmp, ">Contract<", ">Contract 7<", 1))
			f.save()
		}},
		{"info-replaced", "p1", "ltv", ltv, false, "metadata-dates", func(f *pdfFile) {
			f.trailer = strings.Replace(f.trailer, "/Info 36 0 R", "/Info 70 0 R", 1)
			f.put(70, "<</Title (Contract) /Producer (another program) /ModDate (D:20250701120000Z)>>").save()
		}},

		{"countersigned-visible-field", "p2", "signing", fill, false, "signature-added field-appearance", signClient},
		{"countersigned-approval", "approval", "signing", fill, false, "signature-added", signClient},
		{"countersigned-new-field", "p2", "signing", fill, false, "signature-added invisible-signature-field", func(f *pdfFile) { newSignature(f, 70, "0 0 0 0", "") }},
		{"new-visible-field-without-certification", "approval", "signing", fill, false, "visible-signature-field", func(f *pdfFile) {
			f.stream(75, xform(""), "BT (party) Tj ET")
			newSignature(f, 70, "300 160 500 220", "/AP <</N 75 0 R>>")
		}},
		{"new-field-with-blank-appearance", "approval", "signing", fill, false, "visible-signature-field", func(f *pdfFile) {
			f.put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (n) /Rect [300 160 500 220] /F 4 /P 4 0 R /AP <</N 71 0 R>> /MK <<>>>>").stream(71, xform(""), "% DSBlank\n")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ").save()
		}},
		{"new-field-with-kids", "p2", "signing", fill, false, "signature-added", func(f *pdfFile) {
			f.put(70, "<</FT /Sig /T (kids) /V 71 0 R /Kids [72 0 R]>>").put(71, signatureBody(""))
			f.put(72, "<</Type /Annot /Subtype /Widget /Parent 70 0 R /Rect [0 0 0 0] /F 132 /P 4 0 R>>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [72 0 R ").save().sign()
		}},
		{"three-parties-and-lta", "p2", "signing", fill, false, "signature-added document-timestamp", func(f *pdfFile) {
			signClient(f)
			newSignature(f, 90, "0 0 0 0", "")
			addTimestamp(f, 94)
		}},
		{"inline-form-countersigned", "inline-form", "signing", fill, false, "signature-added invisible-signature-field", func(f *pdfFile) {
			f.put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (party) /V 71 0 R /Rect [0 0 0 0] /F 132 /P 4 0 R>>").put(71, signatureBody(""))
			f.edit(oCatalog, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ").save().sign()
		}},
		{"inline-form-moved-out", "inline-form", "signing", ltv, false, "invisible-signature-field", func(f *pdfFile) {
			c := f.now(oCatalog)
			from, to := strings.Index(c, "/AcroForm <<")+len("/AcroForm "), strings.Index(c, " /Metadata")
			f.put(70, strings.Replace(c[from:to], "/Fields [", "/Fields [71 0 R ", 1)).put(oCatalog, c[:from]+"70 0 R"+c[to:])
			f.put(71, "<</Type /Annot /Subtype /Widget /FT /Sig /T (party) /Rect [0 0 0 0] /F 132 /P 4 0 R>>").save()
		}},
		{"radio-chosen", "inline-form", "form", fill, false, "field-value field-appearance", func(f *pdfFile) {
			f.edit(45, "/V /Off", "/V /A").edit(46, "/AS /Off", "/AS /A").save()
		}},
		{"widget-filled", "inline-form", "form", fill, false, "field-value field-appearance", func(f *pdfFile) {
			f.edit(48, "/V (x)", "/V 70 0 R").put(70, "(y)").add(49, "/AP <</N 71 0 R>>").stream(71, xform(""), "BT (y) Tj ET").save()
			f.put(70, "(z)").stream(71, xform(""), "BT (z) Tj ET").save()
		}},
		{"field-on-second-page", "p2", "signing", ltv, false, "invisible-signature-field", func(f *pdfFile) {
			f.put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (page2) /Rect [0 0 0 0] /F 132 /P 5 0 R>>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oAnnots2, "[", "[70 0 R ").save()
		}},

		{"text-filled", "p2", "form", fill, false, "field-value field-appearance", func(f *pdfFile) { fillName(f, "Petrov"); f.save() }},
		{"text-filled-approval", "approval", "form", fill, false, "field-value", func(f *pdfFile) { fillName(f, "Petrov"); f.save() }},
		{"text-filled-twice", "p2", "form", fill, false, "field-value", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.save()
			fillName(f, "Sidorov")
			f.save()
		}},
		{"text-filled-in-place", "p2", "form", fill, false, "field-value field-appearance", func(f *pdfFile) {
			f.edit(oText, "(Ivanov)", "(Petrov)")
			f.stream(oTextAP, xform("/Resources <</Font <</F 39 0 R>>>>"), "BT /F 12 Tf (Petrov) Tj ET").save()
		}},
		{"text-filled-old-appearance-freed", "p2", "form", fill, false, "field-value", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.free(oTextAP, oAPFont).save()
		}},
		{"box-ticked", "p2", "form", fill, false, "field-value field-appearance", func(f *pdfFile) {
			f.edit(oCheck, "/V /Off /AS /Off", "/V /Yes /AS /Yes").save()
		}},
		{"kid-filled", "p3", "form", fill, false, "field-value", func(f *pdfFile) {
			f.edit(oKidA, "/V (x)", "/V (y)").edit(oKidA, "/N 38 0 R", "/N 70 0 R").stream(70, xform(""), "BT (y) Tj ET").save()
		}},
		{"read-only-set-when-filled", "p2", "form", fill, false, "field-value field-flags", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.add(oText, "/Ff 1").save()
		}},
		{"read-only-set-below-group", "group-of-lines", "form", fill, false, "field-value field-flags", func(f *pdfFile) {
			f.edit(oKidA, "/V (x)", "/V (y)").edit(oKidA, "/N 38 0 R", "/N 70 0 R").stream(70, xform(""), "BT (y) Tj ET").add(oKidA, "/Ff 4097").save()
		}},
		{"read-only-written-out", "group-read-only", "form", fill, false, "field-flags", func(f *pdfFile) { f.add(oKidA, "/Ff 1").save() }},
		{"unlocked-field-filled", "lock-name", "form", fill, false, "field-value", func(f *pdfFile) {
			f.edit(oCheck, "/V /Off /AS /Off", "/V /Yes /AS /Yes").save()
		}},
		{"excluded-field-filled", "lock-but-name", "form", fill, false, "field-value", func(f *pdfFile) { fillName(f, "Petrov"); f.save() }},
		{"locked-field-made-read-only", "lock-name", "form", fill, false, "field-flags", func(f *pdfFile) { f.add(oText, "/Ff 1").save() }},
		{"font-added-to-form", "p2", "form", fill, false, "form-defaults field-value", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.edit(oDR, "/Helv 6 0 R", "/Helv 6 0 R /Cour 77 0 R").put(77, "<</Type /Font /Subtype /Type1 /BaseFont /Courier>>").save()
		}},

		{"note-added", "p3", "annotations", annots, false, "annotation-added", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Text /Rect [500 600 520 620] /Contents (Please check.) /P 4 0 R /Popup 71 0 R>>")
			addAnnot(f, 71, "<</Type /Annot /Subtype /Popup /Rect [400 500 500 600] /Parent 70 0 R>>")
			f.save()
		}},
		{"highlight-added", "p3", "annotations", annots, false, "annotation-added", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Highlight /Rect [72 695 172 715] /QuadPoints [72 715 172 715 72 695 172 695] /C [1 1 0] /P 4 0 R /AP <</N 71 0 R>>>>")
			f.stream(71, xform("/Resources <</ExtGState <</G <</Type /ExtGState /BM /Multiply>>>>>>"), "/G gs 1 1 0 rg 0 0 100 20 re f").save()
		}},
		{"reply-added-to-note", "p3", "annotations", annots, false, "annotation-added", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Text /Rect [500 700 520 720] /Contents (Agreed.) /IRT 31 0 R /RT /R /P 4 0 R>>")
			f.save()
		}},
		{"ink-added", "p3", "annotations", annots, false, "annotation-added", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Ink /Rect [72 690 172 720] /InkList [[72 695 100 700]] /C [1 0 0] /AP <</N 71 0 R>>>>")
			f.stream(71, xform(""), "1 0 0 RG 2 w 0 0 m 100 20 l S").save()
		}},
		{"page-marked-up", "p3", "annotations", annots, false, "annotation-added", func(f *pdfFile) {
			for i := range 12 {
				y := 700 - 40*i
				addAnnot(f, 100+3*i, fmt.Sprintf("<</Type /Annot /Subtype /Highlight /Rect [72 %d 500 %d] /QuadPoints [72 %d 500 %d 72 %d 500 %d] /C [%s]>>",
					y, y+14, y+14, y+14, y, y, []string{"1 1 0", "0 1 0", "0.38 0.72 1"}[i%3]))
				addAnnot(f, 101+3*i, fmt.Sprintf("<</Type /Annot /Subtype /Text /Rect [520 %d 540 %d] /Contents (Please check.) /AP <</N 98 0 R>>>>", y, y+20))
				addAnnot(f, 102+3*i, fmt.Sprintf("<</Type /Annot /Subtype /StrikeOut /Rect [72 %d 500 %d] /QuadPoints [72 %d 500 %d 72 %d 500 %d] /C [1 0 0]>>",
					y-20, y-6, y-6, y-6, y-20, y-20))
			}
			f.stream(98, "/Type /XObject /Subtype /Form /BBox [0 0 20 20]", "1 1 0 rg 0 G 1 1 18 18 re B").save()
		}},
		{"note-changed", "p3", "annotations", annots, false, "annotation-changed", func(f *pdfFile) { f.edit(oNote, "(Checked.)", "(Checked twice.)").save() }},
		{"note-removed", "p3", "annotations", annots, false, "annotation-removed", func(f *pdfFile) { f.edit(oPage1, " 31 0 R", "").save() }},

		{"written-anew-unchanged", "p1", "structure", ltv, false, "rewritten", func(f *pdfFile) {
			for _, n := range []int{oPage1, oFont, oContent1, oText, oCatalog} {
				f.put(n, f.now(n))
			}
			f.save()
		}},
		{"null-that-stays", "exact", "structure", ltv, false, "invisible-signature-field", func(f *pdfFile) {
			f.put(oPages, f.now(oPages)).put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (n) /Rect [0 0 0 0] /F 132 /P 4 0 R>>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ").save()
		}},
		{"numbers-written-otherwise", "p1", "structure", ltv, false, "rewritten", func(f *pdfFile) { f.edit(oPages, "[0 0 595 842]", "[0.0 0 595.00 842.0]").save() }},
		{"fractions-of-zero-left-out", "exact", "structure", ltv, false, "rewritten", func(f *pdfFile) {
			f.edit(oStamp, "72.0 690", "72 690").edit(oStamp, "1 0.5 0", "1.0 .5 0.0").save()
		}},
		{"list-moved", "p1", "structure", ltv, false, "rewritten", func(f *pdfFile) {
			at := strings.Index(f.now(oPage1), "/Annots ") + len("/Annots ")
			f.put(70, strings.TrimSuffix(f.now(oPage1)[at:], ">>"))
			f.put(oPage1, f.now(oPage1)[:at]+"70 0 R>>").save()
		}},
		{"nothing-uses-it", "p1", "structure", ltv, false, "rewritten", func(f *pdfFile) { f.stream(70, "", "unused").save() }},
		{"unused-freed", "p1", "structure", ltv, false, "freed-unused", func(f *pdfFile) { f.free(oOrphan).save() }},
		{"after-incremental", "incremental", "structure", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.save() }},
		{"invisible-field-put-on-page", "flags", "structure", ltv, false, "invisible-field-on-page", func(f *pdfFile) { f.edit(oPage1, "22 0 R", "22 0 R 23 0 R").save() }},
		{"signature-flags", "flags", "structure", ltv, false, "signature-flags", func(f *pdfFile) { f.edit(oForm, "/SigFlags 1", "/SigFlags 3").save() }},
		{"large-filled", "large", "form", fill, false, "field-value", func(f *pdfFile) { fillName(f, "Petrov"); f.save() }},
		{"large-countersigned", "large", "signing", fill, false, "signature-added", signClient},
		{"object-streams", "xref-stream", "structure", fill, false, "field-value", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.saveStream(oText)
		}},
		{"xref-stream-after-table", "p2", "structure", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.saveStream() }},
		{"table-after-xref-stream", "xref-stream", "structure", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.save() }},
		{"hybrid-update", "p2", "structure", fill, false, "field-value", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.put(77, "<</Unused true>>")
			f.saveHybrid(77)
		}},
		{"hybrid-stream-ahead", "p2", "structure", fill, false, "field-value", func(f *pdfFile) {
			fillName(f, "Petrov")
			hybridAhead(f, fmt.Sprintf("/Size %d", f.next()+1))
		}},
		{"hybrid-signed", "hybrid", "structure", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.save() }},
		{"encrypted-dss", "encrypted", "encrypted", ltv, false, "validation-data", func(f *pdfFile) { addDSS(f); f.save() }},
		{"encrypted-filled", "encrypted", "encrypted", fill, false, "field-value", func(f *pdfFile) { fillName(f, "Petrov"); f.save() }},
		{"encrypted-metadata-added", "encrypted-bare", "encrypted", fill, false, "metadata-text", func(f *pdfFile) {
			f.stream(oMeta, "/Type /Metadata /Subtype /XML", xmp).add(oCatalog, "/Metadata 9 0 R").save()
		}},
		{"encrypted-countersigned", "encrypted", "encrypted", fill, false, "signature-added", signClient},
		{"line-end-after-eof", "p1", "structure", diff.None, false, "", func(f *pdfFile) { f.data = append(f.data, "\r\n\n"...) }},
		{"padded-with-zeros", "p1", "structure", diff.None, false, "", func(f *pdfFile) { f.data = append(f.data, make([]byte, 100)...) }},
		{"many-revisions", "p2", "structure", fill, false, "validation-data field-value", func(f *pdfFile) {
			addDSS(f)
			f.save()
			for i := range 60 {
				f.edit(70, "/CRLs [", fmt.Sprintf("/CRLs [%d 0 R ", 100+2*i)).stream(100+2*i, "", fmt.Sprint("crl ", i))
				f.save()
				fillName(f, fmt.Sprint("Petrov ", i))
				f.save()
			}
		}},
	}
	list = append(list, readerLegitimate()...)
	list = append(list, appearancesInPlace()...)
	list = append(list, honestComments()...)
	list = append(list, honestRedraws()...)
	list = append(list, honestFillings()...)
	for _, base := range []string{"approval", "p1", "p2", "p3", "lock-all", "xref-stream", "incremental", "hybrid", "encrypted"} {
		list = append(list, vector{"unchanged-" + base, base, "unchanged", diff.None, false, "", nil})
	}
	return list
}
