package pdfa

// contentRules are about the operators that draw the page.
var contentRules = []rule{
	// Content streams contain no operators but those of ISO 32000-1; this
	// writer uses few of them.
	{code: "operator", clause: "ISO 19005-3 §6.2.2", check: func(f *file, bad func(string, ...any)) {
		if f.scan.operator != "" {
			bad("operator %q", f.scan.operator)
		}
	}},
	// Colour is device RGB or gray, which the RGB output intent defines; device
	// CMYK would need another.
	{code: "color", clause: "ISO 19005-3 §6.2.4.3", check: func(f *file, bad func(string, ...any)) {
		if f.scan.color != "" {
			bad("operator %q", f.scan.color)
		}
	}},
	// All content is marked as an artifact or as content of the structure tree.
	{code: "unmarked", clause: "ISO 14289-1 §7.1", check: func(f *file, bad func(string, ...any)) {
		if f.scan.unmarked != 0 {
			bad("%d painting operators outside marked content", f.scan.unmarked)
		}
	}},
	// Artifacts are not inside tagged content, nor tagged content inside
	// artifacts: here nothing nests at all.
	{code: "mark-nesting", clause: "ISO 14289-1 §7.1", check: func(f *file, bad func(string, ...any)) {
		if f.scan.nested != 0 {
			bad("%d marked-content sequences inside others", f.scan.nested)
		}
	}},
	// BMC or BDC and EMC balance within a content stream (ISO 32000-1 §14.6.1).
	{code: "mark-balance", clause: "ISO 32000-1 §14.6.1", check: func(f *file, bad func(string, ...any)) {
		if f.scan.open != 0 {
			bad("%d marked-content sequences left open", f.scan.open)
		}
	}},
	// q and Q balance, and nest no more than 28 deep.
	{code: "save-balance", clause: "ISO 19005-3 §6.1.13", check: func(f *file, bad func(string, ...any)) {
		if f.scan.saves != 0 || f.scan.deepest > maxDepth {
			bad("%d q left open, %d deep", f.scan.saves, f.scan.deepest)
		}
	}},
	// Resources named in a content stream are in the page's own Resources.
	{code: "font-resource", clause: "ISO 19005-3 §6.2.2", check: func(f *file, bad func(string, ...any)) {
		if f.scan.badFont != "" {
			bad("font %q", f.scan.badFont)
		}
	}},
	// No reference to the .notdef glyph, and every glyph that is shown is in the
	// embedded font.
	{code: "glyph", clause: "ISO 19005-3 §6.2.11.8", check: func(f *file, bad func(string, ...any)) {
		if f.scan.notdef != 0 {
			bad("%d codes of .notdef or of glyphs that the font lacks", f.scan.notdef)
		}
	}},
	// Every marked-content identifier is used once, and the parent tree leads
	// from it to the element that has it (ISO 32000-1 §14.7.4.4).
	{code: "mcid", clause: "ISO 32000-1 §14.7.4.4", check: func(f *file, bad func(string, ...any)) {
		checkMCIDs(f, bad)
	}},
}

func checkMCIDs(f *file, bad func(string, ...any)) {
	first := 0
	if f.base != nil {
		first = f.base.staticMCIDs // the constant content was checked with the first document
	}
	t := f.tree
	if want := first + len(f.scan.mcids); len(t.parents) != want {
		bad("%d identifiers, parent tree has %d", want, len(t.parents))
		return
	}
	for i, m := range f.scan.mcids {
		if m.id != first+i {
			bad("identifier %d, want %d", m.id, first+i)
			continue
		}
		e := t.byObject(t.parents[m.id])
		switch {
		case e == nil:
			bad("identifier %d belongs to no element", m.id)
		case e.mcid != m.id:
			bad("parent tree leads from identifier %d to an element with %d", m.id, e.mcid)
		case string(e.tag) != string(m.tag):
			bad("content %d is tagged %s, its element %s", m.id, m.tag, e.tag)
		}
	}
}
