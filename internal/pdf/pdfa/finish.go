package pdfa

import (
	"crypto/sha256"
	"slices"
	"unicode/utf8"
)

// alloc reserves an object number.
func (d *Doc) alloc() int {
	d.next++
	d.offsets = append(d.offsets, 0)
	return d.next - 1
}

// begin starts the object num.
func (d *Doc) begin(num int) {
	at := len(d.base.prefix) + len(d.out)
	if num < objPrefix {
		d.fixed[num] = at
	} else {
		d.offsets[num-d.base.next] = at
	}
	d.out = append(appendInt(d.out, num), " 0 obj\n"...)
}

func (d *Doc) endObj() { d.out = append(d.out, "\nendobj\n"...) }

// stream writes an object with deflated data. The length is known only
// afterwards: room for it is left.
func (d *Doc) stream(num int, dict string, segments ...segment) {
	d.begin(num)
	d.out = append(append(d.out, "<<"...), dict...)
	d.out = append(d.out, "/Filter/FlateDecode/Length "...)
	at := len(d.out)
	d.out = append(d.out, "         >>\nstream\n"...)
	start := len(d.out)
	d.out = d.deflater.append(d.out, segments...)
	appendInt(d.out[at:at], len(d.out)-start)
	d.out = append(d.out, "\nendstream"...)
	d.endObj()
}

// Finish writes the document, checks it and releases d. Errors wrap
// [ErrContent], [ErrConfig] or [ErrLint].
func (d *Doc) Finish(info Info, opt Options) (*Output, error) {
	defer d.base.docs.Put(d)
	if err := d.check(&info, &opt); err != nil {
		return nil, err
	}
	out := &Output{PrefixLen: len(d.base.prefix), PrefixSum: d.base.sum, state: d.base.state}
	d.write(&info, &opt, out)
	out.Bytes = make([]byte, 0, len(d.base.prefix)+len(d.out))
	out.Bytes = append(append(out.Bytes, d.base.prefix...), d.out...)
	if d.base.cfg.NoLintUnsafe || d.base.cfg.Mode == Test1b {
		return out, nil
	}
	if err := d.lintOutput(out); err != nil {
		return nil, err
	}
	return out, nil
}

func (d *Doc) check(info *Info, opt *Options) error {
	if err := d.closed(); err != nil {
		return err
	}
	if d.placed != len(d.base.static) {
		d.fail("%d of %d static elements placed", d.placed, len(d.base.static))
		return d.err
	}
	if info.Title == "" {
		return configError("no title")
	}
	for _, s := range []string{info.Title, info.Author, info.Subject, info.Creator} {
		if !plainText(s) {
			return configError("control character or bad UTF-8 in %q", s)
		}
	}
	if a := opt.Attachment; a != nil {
		if d.base.cfg.Mode == Test1b {
			return configError("PDF/A-1 allows no attachment")
		}
		if !asciiName(a.Name) || a.MIME == "" {
			return configError("attachment name %q, type %q", a.Name, a.MIME)
		}
	}
	if s := opt.Signature; s != nil {
		if !asciiName(s.Field) || s.Tooltip == "" || s.Size <= 0 || s.Size > maxSignature {
			return configError("signature field %q, tooltip %q, room for %d bytes", s.Field, s.Tooltip, s.Size)
		}
	}
	return nil
}

// plainText refuses what XML cannot carry.
func plainText(s string) bool {
	for _, r := range s {
		if r < 0x20 || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return true
}

func asciiName(s string) bool {
	for i := range len(s) {
		if s[i] <= 0x20 || s[i] >= 0x7F {
			return false
		}
	}
	return s != ""
}

func (d *Doc) write(info *Info, opt *Options, out *Output) {
	var field, sig int
	if opt.Signature != nil {
		form := d.Add(Root, "Form", Attr{Alt: opt.Signature.Tooltip})
		field, sig = d.alloc(), d.alloc()
		d.elems[form].widget = field
	}
	contents := d.alloc()
	text, path := d.parts()
	if len(path) > 0 {
		d.stream(contents, "", segment{text, d.base.codes.text}, segment{path, d.base.codes.path})
	} else {
		d.stream(contents, "", segment{text, d.base.codes.text})
	}
	d.writePage(contents, field)
	tree := d.writeStructure()

	filespec := 0
	if opt.Attachment != nil {
		filespec = d.writeAttachment(opt.Attachment)
	}
	metadata := d.writeMetadata(info)
	infoNum := d.writeInfo(info)
	if field != 0 {
		d.writeField(opt.Signature, field, sig)
	}
	d.writeCatalog(tree, metadata, filespec, field, sig)
	var ranges int
	if sig != 0 {
		ranges = d.writeSignature(opt.Signature, sig, out)
	}
	d.writeTrailer(infoNum)
	if sig != 0 {
		end := int64(len(d.base.prefix) + len(d.out))
		out.ByteRange = [4]int64{0, out.Hole.Start, out.Hole.End, end - out.Hole.End}
		patchByteRange(d.out[ranges:], out.ByteRange)
	}
}

func (d *Doc) writePage(contents, field int) {
	d.begin(objPages)
	d.out = append(d.out, "<</Type/Pages/Count 1/Kids["...)
	d.out = append(appendRef(d.out, objPage), "]>>"...)
	d.endObj()

	d.begin(objPage)
	d.out = appendRef(append(d.out, "<</Type/Page/Parent "...), objPages)
	d.out = append(d.out, "/MediaBox[0 0 "...)
	d.out = appendReals(d.out, d.base.cfg.Width, d.base.cfg.Height)
	d.out = appendRef(append(d.out[:len(d.out)-1], "]/Resources "...), d.base.resources)
	d.out = append(d.out, "/Contents["...)
	if d.base.staticContent != 0 {
		d.out = append(appendRef(d.out, d.base.staticContent), ' ')
	}
	d.out = append(appendRef(d.out, contents), "]/StructParents 0/Tabs/S"...)
	if field != 0 {
		d.out = append(appendRef(append(d.out, "/Annots["...), field), ']')
	}
	d.out = append(d.out, ">>"...)
	d.endObj()
}

// writeAttachment embeds a file (ISO 19005-3 §6.8, ISO 32000-2 §7.11.4).
func (d *Doc) writeAttachment(a *Attachment) int {
	file, spec := d.alloc(), d.alloc()
	dict := slices.Concat([]byte("/Type/EmbeddedFile/Subtype/"), appendName(nil, a.MIME), []byte("/Params<</ModDate"))
	dict = appendInt(append(appendDate(dict, a.Modified), "/Size "...), len(a.Data))
	d.stream(file, string(append(dict, ">>"...)), segment{a.Data, d.base.codes.data})
	d.begin(spec)
	d.out = appendText(append(d.out, "<</Type/Filespec/F"...), a.Name)
	d.out = appendText(append(d.out, "/UF"...), a.Name)
	if a.Description != "" {
		d.out = appendText(append(d.out, "/Desc"...), a.Description)
	}
	d.out = appendRef(append(d.out, "/AFRelationship/Data/EF<</F "...), file)
	d.out = appendRef(append(d.out, "/UF "...), file)
	d.out = append(d.out, ">>>>"...)
	d.endObj()

	d.names = append(appendText(append(d.names[:0], "/Names<</EmbeddedFiles<</Names["...), a.Name), ' ')
	d.names = append(appendRef(d.names, spec), "]>>>>"...)
	return spec
}

// appendName writes a name's characters, the irregular ones as #xx.
func appendName(b []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7F || isDelimiter(c) || c == '#' {
			b = append(b, '#', digits[c>>4], digits[c&15])
		} else {
			b = append(b, c)
		}
	}
	return b
}

func (d *Doc) writeMetadata(info *Info) int {
	num := d.alloc()
	d.scratch = appendXMP(d.scratch[:0], d.base.cfg.Mode, d.base.cfg.Producer, info)
	d.begin(num)
	d.out = appendInt(append(d.out, "<</Type/Metadata/Subtype/XML/Length "...), len(d.scratch))
	d.out = append(d.out, ">>\nstream\n"...)
	d.out = append(d.out, d.scratch...)
	d.out = append(d.out, "\nendstream"...)
	d.endObj()
	return num
}

func (d *Doc) writeInfo(info *Info) int {
	num := d.alloc()
	d.begin(num)
	d.out = appendText(append(d.out, "<</Title"...), info.Title)
	for _, e := range [...]struct{ key, value string }{
		{"/Author", info.Author}, {"/Subject", info.Subject},
		{"/Creator", info.Creator}, {"/Producer", d.base.cfg.Producer},
	} {
		if e.value != "" {
			d.out = appendText(append(d.out, e.key...), e.value)
		}
	}
	d.out = appendDate(append(d.out, "/CreationDate"...), info.Created)
	d.out = appendDate(append(d.out, "/ModDate"...), info.Created)
	d.out = append(d.out, ">>"...)
	d.endObj()
	return num
}

func (d *Doc) writeCatalog(tree, metadata, filespec, field, sig int) {
	d.begin(objCatalog)
	b := appendRef(append(d.out, "<</Type/Catalog/Pages "...), objPages)
	b = appendText(append(b, "/Lang"...), d.base.cfg.Lang)
	b = appendRef(append(b, "/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot "...), tree)
	b = appendRef(append(b, "/Metadata "...), metadata)
	b = append(appendRef(append(b, "/OutputIntents["...), d.base.intent), ']')
	if filespec != 0 {
		b = append(appendRef(append(b, "/AF["...), filespec), ']')
		b = append(b, d.names...)
	}
	if field != 0 {
		b = append(appendRef(append(b, "/AcroForm<</Fields["...), field), "]/SigFlags 3>>"...)
		b = append(appendRef(append(b, "/Perms<</DocMDP "...), sig), ">>"...)
	}
	d.out = append(b, ">>"...)
	d.endObj()
}

// writeTrailer ends the file. The identifier is a digest of everything before
// it (ISO 32000-2 §14.4): same content, same identifier.
func (d *Doc) writeTrailer(info int) {
	h := sha256.New()
	h.Write(d.base.sum[:])
	h.Write(d.out)
	var sum [32]byte
	h.Sum(sum[:0])

	start := len(d.base.prefix) + len(d.out)
	d.out = appendInt(append(d.out, "xref\n0 "...), d.next)
	d.out = append(d.out, "\n0000000000 65535 f\r\n"...)
	for num := objCatalog; num < objPrefix; num++ {
		d.out = appendXref(d.out, d.fixed[num])
	}
	d.out = append(d.out, d.base.xref...)
	for _, at := range d.offsets {
		d.out = appendXref(d.out, at)
	}
	d.out = appendInt(append(d.out, "trailer\n<</Size "...), d.next)
	d.out = appendRef(append(d.out, "/Root "...), objCatalog)
	d.out = appendRef(append(d.out, "/Info "...), info)
	d.out = append(d.out, "/ID["...)
	for range 2 {
		d.out = append(d.out, '<')
		for i := 0; i < 16; i += 2 {
			d.out = appendHex16(d.out, uint16(sum[i])<<8|uint16(sum[i+1]))
		}
		d.out = append(d.out, '>')
	}
	d.out = appendInt(append(d.out, "]>>\nstartxref\n"...), start)
	d.out = append(d.out, "\n%%EOF\n"...)
}
