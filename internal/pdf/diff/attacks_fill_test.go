package diff_test

import (
	"fmt"
	"strings"
)

const (
	oPush    = 54 // push button "push", and its appearance
	oPushAP  = 55
	oTotal   = 56 // read-only text field "total", and its appearance
	oTotalAP = 57
)

// fillBases are documents with fields that locks and filling in may miss.
func (m *maker) fillBases(bases map[string]*pdfFile) {
	widget := func(f *pdfFile, num int, y int, entries string) {
		f.put(num, fmt.Sprintf("<</Type /Annot /Subtype /Widget /Rect [300 %d 400 %d] /F 4 /P 4 0 R %s>>", y, y+20, entries))
		f.edit(oForm, "/Fields [", fmt.Sprintf("/Fields [%d 0 R ", num)).edit(oPage1, "/Annots [", fmt.Sprintf("/Annots [%d 0 R ", num))
	}
	f := m.base().signedWith(2, "")
	widget(f, oPush, 520, "/FT /Btn /Ff 65536 /T (push) /AP <</N 55 0 R>>")
	widget(f, oTotal, 550, "/FT /Tx /Ff 1 /T (total) /V (100) /AP <</N 57 0 R>>")
	f.stream(oPushAP, xform(""), "BT (Interest 1) Tj ET").stream(oTotalAP, xform(""), "BT (100) Tj ET")
	bases["fixed"] = f.save().sign()

	f = m.base().signedWith(2, "").add(oGroup, "/Ff 1")
	bases["group-read-only"] = f.save().sign()
	f = m.base().signedWith(2, "").add(oGroup, "/Ff 4096")
	bases["group-of-lines"] = f.save().sign()

	f = m.base().signedWith(0, lockReference("All", ""))
	widget(f, oTotal, 550, "/FT /Tx /V (100)")
	bases["lock-all-nameless"] = f.save().sign()

	f = m.base().signedWith(0, lockReference("Include", "/Fields [<FEFF00530075006D20130058>]"))
	widget(f, oTotal, 550, "/FT /Tx /T (Sum\\205X) /V (100)")
	bases["lock-utf16"] = f.save().sign()

	f = m.base().signedWith(0, lockReference("All", ""))
	bases["lock-redrawn"] = f.edit(oForm, " /DA (/Helv 12 Tf 0 g)", " /NeedAppearances true").save().sign()

	bases["crop-huge"] = m.base().signedWith(0, "").add(oPage1, "/CropBox [-100000 -100000 100000 100000]").save().sign()
}

func fillAttacks() []vector {
	shown := func(num int, text string) func(f *pdfFile) {
		return func(f *pdfFile) { f.stream(num, xform(""), "BT ("+text+") Tj ET").save() }
	}
	return []vector{
		attack("push-button-drawn-anew", "fixed", "field", shown(oPushAP, "Interest 99")),
		attack("push-button-given-appearance", "fixed", "field", func(f *pdfFile) {
			f.edit(oPush, "/N 55 0 R", "/N 70 0 R")
			shown(70, "Interest 99")(f)
		}),
		attack("read-only-filled", "fixed", "field", func(f *pdfFile) {
			f.edit(oTotal, "(100)", "(999)").edit(oTotal, "57 0 R", "70 0 R")
			shown(70, "999")(f)
		}),
		attack("read-only-drawn-anew", "fixed", "field", shown(oTotalAP, "999")),
		attack("read-only-cleared", "fixed", "field", func(f *pdfFile) { f.edit(oTotal, "/Ff 1", "/Ff 0").save() }),
		attack("read-only-by-inheritance-cleared", "group-read-only", "field", func(f *pdfFile) { f.add(oKidA, "/Ff 2").save() }),
		attack("read-only-by-inheritance-filled", "group-read-only", "field", func(f *pdfFile) {
			f.add(oKidA, "/Ff 2").save()
			f.edit(oKidA, "/V (x)", "/V (y)").edit(oKidA, "/N 38 0 R", "/N 70 0 R")
			shown(70, "y")(f)
		}),
		attack("read-only-of-group-cleared", "group-read-only", "field", func(f *pdfFile) { f.edit(oGroup, "/Ff 1", "/Ff 2").save() }),
		attack("inherited-flags-lost", "group-of-lines", "field", func(f *pdfFile) { f.add(oKidA, "/Ff 0").save() }),
		attack("appearance-shows-another-value", "p2", "field", shown(oTextAP, "Petrov")),
		attack("new-appearance-shows-another-value", "p2", "field", func(f *pdfFile) {
			f.edit(oText, "/N 24 0 R", "/N 70 0 R")
			shown(70, "Petrov")(f)
		}),
		attack("value-without-its-appearance", "p2", "field", func(f *pdfFile) {
			f.edit(oText, "(Ivanov)", "(Petrov)").edit(oText, "/N 24 0 R", "/N 70 0 R")
			shown(70, "Sidorov")(f)
		}),
		attack("state-without-value", "p2", "field", func(f *pdfFile) { f.edit(oCheck, "/AS /Off", "/AS /Yes").save() }),
		attack("state-hides-value", "p2", "field", func(f *pdfFile) {
			f.edit(oCheck, "/V /Off /AS /Off", "/V /Yes /AS /Yes").save()
			f.edit(oCheck, "/AS /Yes", "/AS /Off").save()
		}),
		attack("locked-nameless-filled", "lock-all-nameless", "field-locked", func(f *pdfFile) { f.edit(oTotal, "(100)", "(999)").save() }),
		attack("locked-in-utf16-filled", "lock-utf16", "field-locked", func(f *pdfFile) { f.edit(oTotal, "(100)", "(999)").save() }),
		attack("redrawn-by-default-appearance", "lock-redrawn", "form", func(f *pdfFile) { f.add(oForm, "/DA (1 1 1 rg /Helv 12 Tf)").save() }),
		attack("redrawn-in-another-font", "lock-redrawn", "field-locked", func(f *pdfFile) {
			f.edit(oDR, "/Helv 6 0 R", "/Helv 6 0 R /Cour 77 0 R").put(77, "<</Type /Font /Subtype /Type1 /BaseFont /Courier>>").save()
		}),
	}
}

// unsignedFieldAttacks show something in a signature field that nobody has
// signed in.
func unsignedFieldAttacks() []vector {
	field := func(name, base, kind, entries string) vector {
		return attack(name, base, kind, func(f *pdfFile) {
			f.stream(71, xform(""), "1 1 1 rg 0 0 200 20 re f BT (900) Tj ET")
			f.put(70, "<</Type /Annot /Subtype /Widget /P 4 0 R /F 4 /FT /Sig /T (n) "+entries+">>")
			f.edit(oForm, "/Fields [", "/Fields [70 0 R ").edit(oPage1, "/Annots [", "/Annots [70 0 R ").save()
		})
	}
	return []vector{
		field("unsigned-field-with-appearance", "approval", "signature-appearance", "/Rect [72 690 300 720] /AP <</N 71 0 R>>"),
		field("unsigned-field-with-rollover", "approval", "signature-appearance", "/Rect [72 690 300 720] /AP <</R 71 0 R>>"),
		field("unsigned-field-with-states", "approval", "signature-appearance", "/Rect [72 690 300 720] /AP <</N <</A 71 0 R>>>> /AS /A"),
		field("unsigned-field-with-caption", "approval", "signature-appearance", "/Rect [72 690 300 720] /MK <</CA (900)>>"),
		field("unsigned-field-with-background", "approval", "signature-appearance", "/Rect [72 690 300 720] /MK <</BG [1 1 1]>>"),
		field("field-covers-page-in-crop-box", "crop-huge", "signature-field-covers-page", "/Rect [0 0 595 842]"),
	}
}

// commentAttacks are comments that together, or by their colour, hide or
// replace what was signed.
func commentAttacks() []vector {
	many := func(name string, add func(f *pdfFile, put func(body, appearance string))) vector {
		return attack(name, "p3", "annotation-cover", func(f *pdfFile) {
			n := 100
			add(f, func(body, appearance string) {
				if appearance != "" {
					i := strings.Index(body, "/Rect [") + len("/Rect [")
					var x1, y1, x2, y2 int
					if _, err := fmt.Sscanf(body[i:], "%d %d %d %d", &x1, &y1, &x2, &y2); err != nil {
						f.m.t.Fatal(err)
					}
					body += fmt.Sprintf(" /AP <</N %d 0 R>>", n+1)
					f.stream(n+1, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 %d %d] /Resources <</ExtGState <</G <</BM /Multiply>>>>>>", x2-x1, y2-y1), appearance)
				}
				addAnnot(f, n, "<</Type /Annot "+body+">>")
				n += 2
			})
			f.save()
		})
	}
	one := func(name, body, appearance string) vector {
		return many(name, func(_ *pdfFile, put func(string, string)) { put(body, appearance) })
	}
	quads := " /QuadPoints [68 740 548 740 68 720 548 720]"
	return []vector{
		many("icons-tile-a-line", func(_ *pdfFile, put func(string, string)) {
			for x := range 20 {
				put(fmt.Sprintf("/Subtype /Text /Rect [%d 692 %d 716]", 68+24*x, 92+24*x), "1 g 0 0 24 24 re f 0 g 4 4 10 14 re f")
			}
		}),
		many("icons-everywhere", func(_ *pdfFile, put func(string, string)) {
			for i := range 100 {
				put(fmt.Sprintf("/Subtype /Text /Rect [%d %d %d %d]", 20+50*(i%10), 20+70*(i/10), 44+50*(i%10), 44+70*(i/10)), "1 g 0 0 24 24 re f")
			}
		}),
		many("lines-hatch-an-area", func(_ *pdfFile, put func(string, string)) {
			hatch := "0 G 3 w"
			for y := 1; y < 60; y += 2 {
				hatch += fmt.Sprintf(" 0 %d m 480 %d l S", y, y)
			}
			put("/Subtype /Ink /Rect [68 680 548 740] /InkList [[70 690 71 691]]", hatch)
		}),
		many("ink-hatches-an-area", func(_ *pdfFile, put func(string, string)) {
			hatch := ""
			for y := 681; y < 740; y += 2 {
				hatch += fmt.Sprintf("[68 %d 548 %d] ", y, y)
			}
			put("/Subtype /Ink /C [0 0 0] /BS <</W 3>> /Rect [68 680 548 740] /InkList ["+hatch+"]", "")
		}),
		many("lines-in-strips", func(_ *pdfFile, put func(string, string)) {
			for y := range 30 {
				put(fmt.Sprintf("/Subtype /Line /BS <</W 3>> /Rect [60 %d 550 %d] /L [60 %d 550 %d]", 600+3*y, 603+3*y, 601+3*y, 601+3*y), "")
			}
		}),
		one("highlight-black", "/Subtype /Highlight /C [0 0 0] /Rect [68 720 548 740]"+quads, ""),
		one("highlight-drawn-black", "/Subtype /Highlight /C [1 1 0] /Rect [68 720 548 740]"+quads, "/G gs 0 0 480 20 re f"),
		many("highlights-black-together", func(_ *pdfFile, put func(string, string)) {
			for _, c := range []string{"1 1 0", "0 1 1", "1 0 1"} {
				put("/Subtype /Highlight /C ["+c+"] /Rect [68 720 548 740]"+quads, "")
			}
		}),
		one("strike-out-white", "/Subtype /StrikeOut /C [1 1 1] /Rect [68 720 548 740]"+quads, ""),
		one("strike-out-drawn-white", "/Subtype /StrikeOut /C [1 0 0] /Rect [68 720 548 740]"+quads, "1 G 3 w 0 10 m 480 10 l S"),
		one("strike-out-high", "/Subtype /StrikeOut /C [0 0 0] /Rect [68 0 548 842] /QuadPoints [68 840 548 840 68 600 548 600]", ""),
		one("ink-white", "/Subtype /Ink /C [1] /Rect [72 690 172 720] /InkList [[72 695 100 700]]", ""),
	}
}
