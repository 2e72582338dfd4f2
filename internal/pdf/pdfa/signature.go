package pdfa

// maxSignature bounds the hole: a string may have 32,767 bytes (ISO 19005-3
// §6.1.13). A B-B signature with its chain has 2 to 8 kB.
const maxSignature = 32767

// byteRangeRoom is the width left for the values of /ByteRange: a 0, three
// numbers of up to ten digits, three spaces.
const byteRangeRoom = 1 + 3*11

// writeField writes the signature field merged with its widget. The widget has
// no area, which makes it invisible and frees it from having an appearance
// (ISO 19005-3 §6.3.3); flags are Print and Locked (§6.3.2). It hangs in the
// structure tree as a Form (ISO 14289-1 §7.18.4).
func (d *Doc) writeField(s *Signature, field, sig int) {
	d.begin(field)
	d.out = appendText(append(d.out, "<</Type/Annot/Subtype/Widget/FT/Sig/T"...), s.Field)
	d.out = appendText(append(d.out, "/TU"...), s.Tooltip)
	d.out = appendRef(append(d.out, "/Rect[0 0 0 0]/F 132/P "...), objPage)
	d.out = appendRef(append(d.out, "/V "...), sig)
	d.out = append(d.out, "/StructParent 1>>"...)
	d.endObj()
}

// writeSignature writes the signature dictionary (ISO 32000-2, table 255; ETSI
// EN 319 142-1 §6.3) as a certification signature that permits form filling and
// further signatures (P=2). It returns where the values of ByteRange start in
// d.out.
func (d *Doc) writeSignature(s *Signature, sig int, out *Output) (ranges int) {
	d.begin(sig)
	b := appendDate(append(d.out, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M"...), s.Time)
	for _, e := range [...]struct{ key, value string }{
		{"/Name", s.Name}, {"/Reason", s.Reason}, {"/Location", s.Location},
	} {
		if e.value != "" {
			b = appendText(append(b, e.key...), e.value)
		}
	}
	b = append(b, "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]"...)
	b = append(b, "/ByteRange["...)
	ranges = len(b)
	for range byteRangeRoom {
		b = append(b, ' ')
	}
	b = append(b, "]/Contents"...)
	out.Hole.Start = int64(len(d.base.prefix) + len(b))
	b = append(b, '<')
	for range s.Size {
		b = append(b, "00"...)
	}
	b = append(b, '>')
	out.Hole.End = int64(len(d.base.prefix) + len(b))
	d.out = append(b, ">>"...)
	d.endObj()
	return ranges
}

// patchByteRange fills in the numbers; the room's remaining spaces stay.
func patchByteRange(room []byte, r [4]int64) {
	b := room[:0]
	for i, v := range r {
		if i > 0 {
			b = append(b, ' ')
		}
		b = appendInt(b, int(v))
	}
}
