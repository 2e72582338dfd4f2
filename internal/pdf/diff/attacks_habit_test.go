package diff_test

import "fmt"

// habitAttacks take what is allowed because well-known writers do it a step
// further.
func habitAttacks() []vector {
	line := func(content string) func(*pdfFile) {
		return func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Line /Rect [72 500 172 520] /L [72 510 172 510] /AP 71 0 R>>")
			f.put(71, "<</N 72 0 R>>")
			f.stream(72, "/Type /XObject /Subtype /Form /BBox [72 500 172 520]", content).save()
		}
	}
	return []vector{
		attack("line-made-wide-by-matrix", "p3", "annotation-cover", line("20 0 0 20 0 0 cm 1 w 0 25.5 m 9 25.5 l S")),
		attack("line-made-wide-by-two-matrices", "p3", "annotation-cover", line("4 0 0 1 0 0 cm 0 1 1 0 0 0 cm 3 w 0 25.5 m 9 25.5 l S")),
		attack("line-through-no-matrix", "p3", "annotation-cover", line("1e30 0 0 1e30 0 0 cm 1e30 0 0 1e30 0 0 cm 1 w 0 0 m 9 0 l S")),
		attack("line-in-named-paper", "p3", "annotation-cover", line("/DeviceGray CS 1 SC 3 w 72 510 m 172 510 l S")),
		attack("line-in-too-few-parts", "p3", "annotation-cover", line("/DeviceRGB CS 1 SC 3 w 72 510 m 172 510 l S")),
		attack("line-in-another-space", "p3", "annotation-cover", line("/Cs1 CS 0 SC 3 w 72 510 m 172 510 l S")),
		attack("lines-of-matrices-that-fill", "p3", "annotation-cover", func(f *pdfFile) {
			content := ""
			for range 12 {
				content += "3 w 72 502 m 172 502 l S 1 0 0 1 0 1.5 cm "
			}
			line(content)(f)
		}),
		attack("appearance-list-changed-later", "p3", "annotation", func(f *pdfFile) {
			line("1 w 72 510 m 172 510 l S")(f)
			f.put(71, "<</N 73 0 R>>")
			f.stream(73, "/Type /XObject /Subtype /Form /BBox [72 500 172 520]", "1 g 72 500 100 20 re f").save()
		}),
		attack("appearance-of-list-changed-later", "p3", "annotation", func(f *pdfFile) {
			line("1 w 72 510 m 172 510 l S")(f)
			f.stream(72, "/Type /XObject /Subtype /Form /BBox [72 500 172 520]", "1 g 72 500 100 20 re f").save()
		}),
		attack("appearance-list-that-existed", "p3", "annotation-cover", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Line /Rect [72 500 172 520] /L [72 510 172 510] /AP 9 0 R>>")
			f.save()
		}),
		attack("highlight-back-to-normal", "p3", "annotation-cover", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Highlight /Rect [72 690 272 720] /QuadPoints [72 720 272 720 72 690 272 690] /C [1 1 0] /AP <</N 72 0 R>>>>")
			f.stream(72, "/Type /XObject /Subtype /Form /BBox [72 690 272 720] /Resources <</ExtGState <</M <</BM /Multiply>> /N <</BM /Normal>>>>>>",
				"/M gs /N gs 1 1 0 rg 72 690 200 30 re f").save()
		}),
		attack("highlight-in-isolated-group", "p3", "annotation-cover", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Highlight /Rect [72 690 272 720] /QuadPoints [72 720 272 720 72 690 272 690] /C [1 1 0] /AP <</N 72 0 R>>>>")
			f.stream(72, "/Type /XObject /Subtype /Form /BBox [72 690 272 720] /Group <</S /Transparency /I true>> /Resources <</ExtGState <</M <</BM /Multiply>>>>>>",
				"/M gs 1 1 0 rg 72 690 200 30 re f").save()
		}),
		attack("line-with-colours-of-its-own", "p3", "annotation-cover", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Line /Rect [72 500 172 520] /L [72 510 172 510] /AP <</N 72 0 R>>>>")
			f.stream(72, "/Type /XObject /Subtype /Form /BBox [72 500 172 520] /Resources <</ColorSpace <</DefaultGray [/Separation /X /DeviceGray 73 0 R]>>>>", "0 G 72 510 m 172 510 l S")
			f.put(73, "<</FunctionType 2 /Domain [0 1] /N 1 /C0 [1] /C1 [0]>>").save()
		}),
		attack("line-run-length", "p3", "annotation-cover", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Line /Rect [72 500 172 520] /L [72 510 172 510] /AP <</N 72 0 R>>>>")
			f.stream(72, "/Type /XObject /Subtype /Form /BBox [72 500 172 520] /Filter /RunLengthDecode", "\x80\x131 g 72 500 100 20 re f\x80").save()
		}),
		attack("mitres-without-limit", "p3", "annotation-cover", line("100000 M 3 w 72 510 m 82 510 l 72 510.0001 l S")),
		attack("mitres-that-fill", "p3", "annotation-cover", func(f *pdfFile) {
			content := "3 w "
			for i := range 60 {
				y := 501 + float64(i)/4
				content += fmt.Sprintf("100 %.2f m 100.05 %.2f l 100 %.4f l S ", y, y, y+0.012)
			}
			line(content)(f)
		}),
		attack("large-field-on-no-list", "approval", "signature-field-covers-page", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Widget /FT /Sig /T (late) /Rect [0 0 595 842] /F 4 /P 4 0 R /V 71 0 R>>")
			f.put(71, signatureBody(""))
			f.save().sign()
		}),
		attack("text-field-on-no-list", "p2", "field-added", func(f *pdfFile) {
			addAnnot(f, 70, "<</Type /Annot /Subtype /Widget /FT /Tx /T (late) /Rect [300 160 500 210] /F 4 /P 4 0 R /V (x)>>")
			f.save()
		}),
		attack("itxt-that-is-no-string", "p2", "page", func(f *pdfFile) { f.add(oPages, "/ITXT 37 0 R").save() }),
		attack("itxt-of-a-page", "p2", "page", func(f *pdfFile) { f.add(oPage1, "/ITXT (x)").save() }),
	}
}
