package pdfa

// shapeWriter writes the objects of a shape.
type shapeWriter struct {
	buf     []byte
	offsets []int // by number
}

func (w *shapeWriter) begin(num int) {
	w.offsets[num] = len(w.buf)
	w.buf = append(appendInt(w.buf, num), " 0 obj\n"...)
}

func (w *shapeWriter) end() { w.buf = append(w.buf, "\nendobj\n"...) }

func (w *shapeWriter) page(base *Base, contents, field int) {
	w.begin(objPages)
	w.buf = append(w.buf, "<</Type/Pages/Count 1/Kids["...)
	w.buf = append(appendRef(w.buf, objPage), "]>>"...)
	w.end()

	w.begin(objPage)
	b := appendRef(append(w.buf, "<</Type/Page/Parent "...), objPages)
	b = append(b, "/MediaBox[0 0 "...)
	b = appendReals(b, base.cfg.Width, base.cfg.Height)
	b = appendRef(append(b[:len(b)-1], "]/Resources "...), base.resources)
	b = append(b, "/Contents["...)
	if base.staticContent != 0 {
		b = append(appendRef(b, base.staticContent), ' ')
	}
	b = append(appendRef(b, contents), "]/StructParents 0/Tabs/S"...)
	if field != 0 {
		b = append(appendRef(append(b, "/Annots["...), field), ']')
	}
	w.buf = append(b, ">>"...)
	w.end()
}

// structure writes all elements and the tree's root, with the parent tree in it.
func (w *shapeWriter) structure(base *Base, d *Doc, root int) {
	for i := range d.elems {
		e := &d.elems[i]
		if e.static {
			continue
		}
		parent := root
		if i > 0 {
			parent = d.elems[e.parent].num
		}
		w.begin(e.num)
		w.buf = e.append(w.buf, parent, func(b []byte) []byte {
			for j := i + 1; j < len(d.elems); j++ {
				if d.elems[j].parent == Elem(i) {
					b = append(appendRef(b, d.elems[j].num), ' ')
				}
			}
			return b
		})
		w.end()
	}

	w.begin(root)
	b := appendRef(append(w.buf, "<</Type/StructTreeRoot/K["...), objDocument)
	// Marked-content identifiers count in the order of drawing, which need not
	// be the order of reading.
	b = append(b, "]/ParentTree<</Nums[0["...)
	for _, ref := range base.staticRefs {
		b = append(appendRef(b, ref), ' ')
	}
	for _, e := range d.drawn {
		b = append(appendRef(b, d.elems[e].num), ' ')
	}
	b = append(b, ']')
	for i := range d.elems {
		if d.elems[i].widget != 0 {
			b = appendRef(append(b, "1 "...), d.elems[i].num)
		}
	}
	w.buf = append(b, "]>>/ParentTreeNextKey 2>>"...)
	w.end()
}

// filespec writes the file specification of the attachment (ISO 32000-2 §7.11.3).
func (w *shapeWriter) filespec(k *shapeKey, num, file int) {
	w.begin(num)
	b := appendText(append(w.buf, "<</Type/Filespec/F"...), k.fileName)
	b = appendText(append(b, "/UF"...), k.fileName)
	if k.fileNote != "" {
		b = appendText(append(b, "/Desc"...), k.fileNote)
	}
	b = appendRef(append(b, "/AFRelationship/Data/EF<</F "...), file)
	b = appendRef(append(b, "/UF "...), file)
	w.buf = append(b, ">>>>"...)
	w.end()
}

// field writes the signature field merged with its widget. The widget has
// no area, which makes it invisible and frees it from having an appearance
// (ISO 19005-3 §6.3.3); flags are Print and Locked (§6.3.2). It hangs in the
// structure tree as a Form (ISO 14289-1 §7.18.4).
func (w *shapeWriter) field(k *shapeKey, num, sig int) {
	w.begin(num)
	b := appendText(append(w.buf, "<</Type/Annot/Subtype/Widget/FT/Sig/T"...), k.field)
	b = appendText(append(b, "/TU"...), k.tooltip)
	b = appendRef(append(b, "/Rect[0 0 0 0]/F 132/P "...), objPage)
	b = appendRef(append(b, "/V "...), sig)
	w.buf = append(b, "/StructParent 1>>"...)
	w.end()
}

func (w *shapeWriter) catalog(base *Base, k *shapeKey, root, metadata, filespec, field, sig int) {
	w.begin(objCatalog)
	b := appendRef(append(w.buf, "<</Type/Catalog/Pages "...), objPages)
	b = appendText(append(b, "/Lang"...), base.cfg.Lang)
	b = appendRef(append(b, "/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot "...), root)
	b = appendRef(append(b, "/Metadata "...), metadata)
	b = append(appendRef(append(b, "/OutputIntents["...), base.intent), ']')
	if k.attached {
		b = append(appendRef(append(b, "/AF["...), filespec), ']')
		b = append(appendText(append(b, "/Names<</EmbeddedFiles<</Names["...), k.fileName), ' ')
		b = append(appendRef(b, filespec), "]>>>>"...)
	}
	if k.signed {
		b = append(appendRef(append(b, "/AcroForm<</Fields["...), field), "]/SigFlags 3>>"...)
		b = append(appendRef(append(b, "/Perms<</DocMDP "...), sig), ">>"...)
	}
	w.buf = append(b, ">>"...)
	w.end()
}
