package pdfa

import (
	"bytes"
	"crypto/sha256"
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
	d.offsets[num-d.shape.next] = len(d.shape.prefix) + len(d.out)
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
	var err error
	if d.shape, err = d.base.shapeOf(d, &opt); err != nil {
		return nil, err
	}
	out := &Output{PrefixLen: len(d.shape.prefix), PrefixSum: d.shape.sum, state: d.shape.state}
	d.write(&info, &opt, out)
	out.Bytes = bytes.Join([][]byte{d.shape.prefix, d.out}, nil) // which does not clear the memory before
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

// write writes what follows the shape. The order of the numbers is that in which
// shape.write refers to them.
func (d *Doc) write(info *Info, opt *Options, out *Output) {
	d.next = d.shape.next
	contents := d.alloc()
	if text, path := d.parts(); len(path) > 0 {
		d.stream(contents, "", segment{text, d.base.codes.text}, segment{path, d.base.codes.path})
	} else {
		d.stream(contents, "", segment{text, d.base.codes.text})
	}
	d.writeMetadata(info)
	infoNum := d.writeInfo(info)
	if opt.Attachment != nil {
		d.writeAttachment(opt.Attachment)
	}
	if opt.Signature == nil {
		d.writeTrailer(infoNum, len(d.out), len(d.out))
		return
	}
	ranges := d.writeSignature(opt.Signature, out)
	start := int64(len(d.shape.prefix))
	d.writeTrailer(infoNum, int(out.Hole.Start-start), int(out.Hole.End-start))
	end := start + int64(len(d.out))
	out.ByteRange = [4]int64{0, out.Hole.Start, out.Hole.End, end - out.Hole.End}
	patchByteRange(d.out[ranges:], out.ByteRange)
}

// writeAttachment embeds a file (ISO 19005-3 §6.8, ISO 32000-2 §7.11.4).
func (d *Doc) writeAttachment(a *Attachment) {
	b := appendName(append(d.scratch[:0], "/Type/EmbeddedFile/Subtype/"...), a.MIME)
	b = appendDate(append(b, "/Params<</ModDate"...), a.Modified)
	b = append(appendInt(append(b, "/Size "...), len(a.Data)), ">>"...)
	d.scratch = b
	d.stream(d.alloc(), string(b), segment{a.Data, d.base.codes.data})
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

func (d *Doc) writeMetadata(info *Info) {
	num := d.alloc()
	d.scratch = appendXMP(d.scratch[:0], d.base.cfg.Mode, d.base.cfg.Producer, info)
	d.begin(num)
	d.out = appendInt(append(d.out, "<</Type/Metadata/Subtype/XML/Length "...), len(d.scratch))
	d.out = append(d.out, ">>\nstream\n"...)
	d.out = append(d.out, d.scratch...)
	d.out = append(d.out, "\nendstream"...)
	d.endObj()
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

// writeTrailer ends the file. The identifier is a digest of everything before
// it but the hole (ISO 32000-2 §14.4): same content, same identifier.
func (d *Doc) writeTrailer(info, hole, holeEnd int) {
	h := sha256.New()
	h.Write(d.shape.sum[:])
	h.Write(d.out[:hole])
	h.Write(d.out[holeEnd:])
	var sum [32]byte
	h.Sum(sum[:0])

	start := len(d.shape.prefix) + len(d.out)
	d.out = appendInt(append(d.out, "xref\n0 "...), d.next)
	d.out = append(append(d.out, '\n'), d.shape.xref...)
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
