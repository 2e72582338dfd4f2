package diff_test

// disguised are ways in which an appearance has the letters of the value, and
// shows something else or may do so.
var disguised = []struct{ name, resources, content string }{
	{"of-another-text", "", "BT /F 12 Tf (900) Tj ET"},
	{"in-another-encoding", "/Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding <</Differences [49 /nine]>>>>>>", "BT /F 12 Tf (100) Tj ET"},
	{"in-symbols", "/Font <</F <</Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats>>>>", "BT /F 12 Tf (100) Tj ET"},
	{"in-an-embedded-font", "/Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica /FontDescriptor <<>>>>>>", "BT /F 12 Tf (100) Tj ET"},
	{"with-a-picture", "/XObject <</X 7 0 R>>", "BT /F 12 Tf (100) Tj ET /X Do"},
	{"with-drawn-digits", "", "BT /F 12 Tf (100) Tj ET 2 w 20 2 m 20 10 l 30 10 l 30 2 l S"},
	{"invisible", "", "BT 3 Tr /F 12 Tf (100) Tj ET"},
}

// redrawBases are documents whose fields viewers draw from their values.
func (m *maker) redrawBases(bases map[string]*pdfFile) {
	base := func() *pdfFile { return m.base().signedWith(2, "").add(oForm, "/NeedAppearances true") }
	bases["redrawn"] = base().save().sign()
	for _, d := range disguised {
		bases["redrawn-"+d.name] = base().edit(oText, "(Ivanov)", "(100)").stream(oTextAP, xform("/Resources <<"+d.resources+">>"), d.content).save().sign()
	}
	bases["redrawn-only"] = base().edit(oText, " /AP <</N 24 0 R>>", "").save().sign()
	f := base().add(oText, "/MK <</BC [0] /BG [1]>>").edit(oText, "(Ivanov)", "(I-1)")
	f.stream(oTextAP, xform("/Resources <</Font <</Helv 58 0 R>>>>"), "1 g 0 0 200 20 re f 0 G 1 w .5 .5 199 19 re s .7 g 1 1 m 1 19 l 199 19 l 198 18 l 2 18 l 2 2 l f "+
		"66 1 m 66 19 l 132 1 m 132 19 l S /Tx BMC q 1 1 198 18 re W n BT /Helv 12 Tf 0 g 2 5 Td (I) Tj 66 0 Td [(-)] TJ 66 0 Td (1) Tj ET Q EMC")
	f.put(58, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding <</Type /Encoding /Differences [24 /breve 39 /quotesingle 96 /grave 128 /bullet]>>>>")
	bases["redrawn-with-borders"] = f.save().sign()
}

func stopRedraw(f *pdfFile) *pdfFile {
	return f.edit(oForm, "/NeedAppearances true", "/NeedAppearances false")
}

// redrawAttacks end the drawing of fields from their values where something
// else shows then.
func redrawAttacks() []vector {
	list := []vector{
		attack("redrawing-dropped", "redrawn-of-another-text", "form", func(f *pdfFile) {
			f.edit(oForm, "/NeedAppearances true ", "").save()
		}),
		attack("redrawing-ends-without-appearance", "redrawn-only", "form", func(f *pdfFile) { stopRedraw(f).save() }),
		attack("redrawing-ends-when-another-is-filled", "redrawn-of-another-text", "form", func(f *pdfFile) {
			stopRedraw(f).edit(oCheck, "/V /Off /AS /Off", "/V /Yes /AS /Yes").save()
		}),
		attack("redrawing-ends-with-the-same-again", "redrawn-of-another-text", "field", func(f *pdfFile) {
			stopRedraw(f).put(oTextAP, f.now(oTextAP)).save()
		}),
	}
	for _, d := range disguised {
		list = append(list, attack("redrawing-ends-over-text-"+d.name, "redrawn-"+d.name, "form", func(f *pdfFile) { stopRedraw(f).save() }))
	}
	return list
}

// honestRedraws are what programs do that draw the fields themselves.
func honestRedraws() []vector {
	form := func(name, base, kinds string, make func(f *pdfFile)) vector {
		return vector{name, base, "form", levelFill, false, kinds, func(f *pdfFile) {
			make(f)
			f.save()
		}}
	}
	return []vector{
		form("redrawing-ends", "redrawn", "form-defaults", func(f *pdfFile) { stopRedraw(f) }),
		form("redrawing-ends-with-borders", "redrawn-with-borders", "form-defaults", func(f *pdfFile) { stopRedraw(f) }),
		form("redrawing-ends-when-filled", "redrawn", "form-defaults field-value", func(f *pdfFile) { fillName(stopRedraw(f), "Petrov") }),
		form("redrawing-ends-when-ticked", "redrawn", "form-defaults field-value", func(f *pdfFile) {
			stopRedraw(f).edit(oCheck, "/V /Off /AS /Off", "/V /Yes /AS /Yes")
		}),
		form("redrawing-ends-when-drawn", "redrawn-only", "form-defaults field-appearance", func(f *pdfFile) {
			stopRedraw(f).add(oText, "/AP <</N 70 0 R>>").stream(70, xform("/Resources <</Font <</F 6 0 R>>>>"), "BT /F 12 Tf (Ivanov) Tj ET")
		}),
	}
}
