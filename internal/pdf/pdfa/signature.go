package pdfa

// maxSignature bounds the hole: a string may have 32,767 bytes (ISO 19005-3
// §6.1.13). A B-B signature with its chain has 2 to 8 kB.
const maxSignature = 32767

// byteRangeRoom is the width left for the values of /ByteRange: a 0, three
// numbers of up to ten digits, three spaces.
const byteRangeRoom = 1 + 3*11

// writeSignature writes the signature dictionary (ISO 32000-2, table 255; ETSI
// EN 319 142-1 §6.3) as a certification signature that permits form filling and
// further signatures (P=2). It returns where the values of ByteRange start in
// d.out.
func (d *Doc) writeSignature(s *Signature, out *Output) (ranges int) {
	d.begin(d.alloc())
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
	out.Hole.Start = int64(len(d.shape.prefix) + len(b))
	b = append(b, '<')
	for range s.Size {
		b = append(b, "00"...)
	}
	b = append(b, '>')
	out.Hole.End = int64(len(d.shape.prefix) + len(b))
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
