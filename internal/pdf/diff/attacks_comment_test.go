package diff_test

import (
	"fmt"
)

const (
	oHiddenSquare = 61 // comment with the Hidden flag, and its appearance
	oHiddenAP     = 62
	oFarSquare    = 63 // one beside the page
	oInkOld       = 64 // an honest drawing, and its appearance
	oInkOldAP     = 65
)

// commentBases are documents with comments that their maker had prepared.
func (m *maker) commentBases(bases map[string]*pdfFile) {
	f := m.base().signedWith(3, "")
	square := "<</Type /Annot /Subtype /Square /P 4 0 R /Rect [%s] /F %d /AP <</N 62 0 R>>>>"
	f.put(oHiddenSquare, fmt.Sprintf(square, "68 680 548 740", 2)).put(oFarSquare, fmt.Sprintf(square, "68 -740 548 -680", 4))
	f.stream(oHiddenAP, "/Type /XObject /Subtype /Form /BBox [0 0 480 60]", "1 1 1 rg 0 0 480 60 re f 0 G 3 w 10 10 m 10 50 l S")
	f.put(oInkOld, "<</Type /Annot /Subtype /Ink /P 4 0 R /Rect [72 600 172 630] /InkList [[72 600 172 630]] /C [1 0 0] /F 2 /AP <</N 65 0 R>>>>")
	f.stream(oInkOldAP, "/Type /XObject /Subtype /Form /BBox [0 0 100 30]", "1 0 0 RG 2 w 0 0 m 100 30 l S")
	f.edit(oPage1, "/Annots [", "/Annots [61 0 R 63 0 R 64 0 R ")
	bases["p3-comments"] = f.save().sign()
}

// drawComment adds a comment with an appearance of its own.
func drawComment(f *pdfFile, n int, sub string, rect [4]int, entries, content string) {
	w, h := rect[2]-rect[0], rect[3]-rect[1]
	addAnnot(f, n, fmt.Sprintf("<</Type /Annot /Subtype /%s /Rect [%d %d %d %d] /F 4 %s /AP <</N %d 0 R>>>>", sub, rect[0], rect[1], rect[2], rect[3], entries, n+1))
	f.stream(n+1, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 %d %d]", w, h), content)
}

// hatched draws lines from one side of a box to the other.
func hatched(colour string, w, h, step int) string {
	s := colour + " 3 w"
	for y := 1; y < h; y += step {
		s += fmt.Sprintf(" 0 %d m %d %d l S", y, w, y)
	}
	return s
}

const inkEntries = "/C [0 0 0] /BS <</W 1>> /InkList [[0 0 1 1]]"

func wipingAttacks() []vector {
	wipe := func(name, base string, make func(f *pdfFile)) vector {
		return attack(name, base, "annotation-cover", func(f *pdfFile) {
			make(f)
			f.save()
		})
	}
	icon := func(name, content string) vector {
		return wipe("icon-"+name, "p3", func(f *pdfFile) { drawComment(f, 100, "Text", [4]int{72, 692, 96, 716}, "", content) })
	}
	return []vector{
		wipe("hidden-comment-shown", "p3-comments", func(f *pdfFile) { f.edit(oHiddenSquare, "/F 2", "/F 4") }),
		wipe("hidden-comment-shown-by-dropping-flags", "p3-comments", func(f *pdfFile) { f.edit(oHiddenSquare, " /F 2", "") }),
		wipe("far-comment-moved-in", "p3-comments", func(f *pdfFile) { f.edit(oFarSquare, "68 -740 548 -680", "68 680 548 740") }),
		wipe("hidden-comment-given-prepared-drawing", "p3-comments", func(f *pdfFile) {
			f.edit(oInkOld, "/N 65 0 R", "/N 62 0 R").edit(oInkOld, "/F 2", "/F 4")
		}),
		icon("with-digit-on-white", "1 1 1 rg 0 0 24 24 re f 0 g 3 3 m 3 24 l 8 24 l 8 3 l f"),
		icon("with-digit-on-grey", ".7 g 0 0 24 24 re f 0 g 3 3 m 3 24 l 8 24 l 8 3 l f"),
		icon("with-digit-on-cmyk-white", "0 0 .2 0 k 0 0 24 24 re f 0 g 3 3 m 3 24 l 8 24 l 8 3 l f"),
		icon("of-white-lines", "1 G 3 w 0 2 m 24 2 l 24 5 l 0 5 l 0 8 l 24 8 l S"),
		wipe("grey-in-low-boxes", "p3", func(f *pdfFile) {
			drawComment(f, 100, "Ink", [4]int{72, 696, 172, 717}, inkEntries, hatched(".89 G", 100, 21, 3))
			drawComment(f, 102, "Ink", [4]int{72, 717, 172, 738}, inkEntries, hatched(".89 G", 100, 21, 3))
		}),
		wipe("dark-in-low-box", "p3", func(f *pdfFile) {
			drawComment(f, 100, "Ink", [4]int{72, 696, 172, 717}, inkEntries, hatched(".4 G", 100, 21, 3))
		}),
		wipe("dark-in-corner-of-large-box", "p3", func(f *pdfFile) {
			drawComment(f, 100, "Ink", [4]int{0, 0, 500, 800}, inkEntries, hatched("1 0 0 RG", 60, 60, 3))
		}),
		wipe("several-together-fill", "p3", func(f *pdfFile) {
			for i := range 6 {
				drawComment(f, 100+2*i, "Ink", [4]int{72, 690 + 4*i, 172, 693 + 4*i}, inkEntries, "1 0 0 RG 3 w 0 1 m 100 1 l S")
			}
		}),
		wipe("one-after-another-fill", "p3", func(f *pdfFile) {
			for i := range 6 {
				drawComment(f, 100+2*i, "Ink", [4]int{72, 690 + 4*i, 172, 693 + 4*i}, inkEntries, "1 0 0 RG 3 w 0 1 m 100 1 l S")
				f.save()
			}
		}),
		wipe("strike-outs-fill", "p3", func(f *pdfFile) {
			for i := range 20 {
				y := 690 + i
				addAnnot(f, 100+i, fmt.Sprintf("<</Type /Annot /Subtype /StrikeOut /C [0 0 0] /Rect [72 %d 172 %d] /QuadPoints [72 %d 172 %d 72 %d 172 %d]>>", y, y+12, y+12, y+12, y, y))
			}
		}),
		wipe("closed-paths-fill", "p3", func(f *pdfFile) {
			s := "1 0 0 RG 3 w"
			for y := 1; y < 20; y += 3 {
				s += fmt.Sprintf(" 0 %d m 100 %d l s", y, y)
			}
			drawComment(f, 100, "Line", [4]int{72, 696, 172, 717}, "/L [72 700 172 700]", s)
		}),
	}
}

// honestComments are what programs write near these rules.
func honestComments() []vector {
	note := func(name, base, kind string, make func(f *pdfFile)) vector {
		return vector{name, base, "annotations", levelAnnot, false, kind, func(f *pdfFile) {
			make(f)
			f.save()
		}}
	}
	return []vector{
		note("hidden-drawing-shown", "p3-comments", "annotation-changed", func(f *pdfFile) { f.edit(oInkOld, "/F 2", "/F 4") }),
		note("drawing-moved-often", "p3-comments", "annotation-changed", func(f *pdfFile) {
			for i := range 30 {
				f.edit(oInkOld, fmt.Sprintf("/Rect [72 %d 172 %d]", 600-i, 630-i), fmt.Sprintf("/Rect [72 %d 172 %d]", 599-i, 629-i)).save()
			}
			f.edit(oInkOld, "/F 2", "/F 4")
		}),
		note("prepared-comment-answered", "p3-comments", "annotation-changed", func(f *pdfFile) { f.edit(oHiddenSquare, "/F 2", "/F 2 /Contents (seen)") }),
		note("icon-yellow-moved", "p3", "annotation-changed", func(f *pdfFile) {
			drawComment(f, 100, "Text", [4]int{500, 600, 520, 620}, "/C [1 1 0]", "1 .82 0 rg 0 G 1 w 1 1 18 18 re B .2 g 4 6 12 1 re f 4 10 12 1 re f")
			f.save()
			f.edit(100, "[500 600 520 620]", "[505 600 525 620]").save()
			f.edit(100, "[505 600 525 620]", "[505 610 525 630]")
		}),
		note("handwriting", "p3", "annotation-added", func(f *pdfFile) {
			s, list := "0 0 .8 RG 1.5 w 1 J 1 j", ""
			for x := 0; x < 180; x += 9 {
				s += fmt.Sprintf(" %d 8 m %d 18 %d 18 %d 8 c %d 2 %d 2 %d 8 c S", x+2, x+2, x+8, x+8, x+8, x+10, x+11)
				list += fmt.Sprintf("[%d 608 %d 616 %d 608] ", x+72, x+75, x+78)
			}
			drawComment(f, 100, "Ink", [4]int{70, 600, 260, 624}, "/C [0 0 .8] /BS <</W 1.5>> /InkList ["+list+"]", s)
		}),
		note("paragraph-struck-out-and-underlined", "p3", "annotation-added", func(f *pdfFile) {
			n := 100
			for _, sub := range []string{"StrikeOut", "Underline"} {
				q := ""
				for y := 600; y > 500; y -= 14 {
					q += fmt.Sprintf("72 %d 500 %d 72 %d 500 %d ", y+12, y+12, y, y)
				}
				addAnnot(f, n, "<</Type /Annot /Subtype /"+sub+" /C [1 0 0] /Rect [72 500 500 612] /QuadPoints ["+q+"]>>")
				n++
			}
		}),
		note("framed-and-crossed", "p3", "annotation-added", func(f *pdfFile) {
			drawComment(f, 100, "Square", [4]int{72, 500, 272, 600}, "/C [1 0 0] /BS <</W 3>>", "1 0 0 RG 3 w 1.5 1.5 197 97 re s")
			drawComment(f, 102, "Line", [4]int{70, 498, 274, 602}, "/C [1 0 0] /L [72 500 272 600]", "1 0 0 RG 2 w 2 2 m 202 102 l S")
		}),
	}
}
