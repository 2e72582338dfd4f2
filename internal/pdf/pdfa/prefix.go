package pdfa

import (
	"bytes"
	"compress/zlib"
	"strconv"
)

// Numbers of the objects that the prefix refers to but does not contain, fixed
// for that reason.
const (
	objCatalog  = 1
	objPages    = 2
	objPage     = 3
	objDocument = 4 // root structure element
	objPrefix   = 5 // first number free for the prefix
)

// prefixWriter writes the objects of the constant prefix.
type prefixWriter struct {
	buf  []byte
	next int
	xref []byte // entries from objPrefix on
}

// object writes an indirect object and returns its number.
func (w *prefixWriter) object(body []byte) int {
	w.xref = appendXref(w.xref, len(w.buf))
	w.buf = appendInt(w.buf, w.next)
	w.buf = append(w.buf, " 0 obj\n"...)
	w.buf = append(w.buf, body...)
	w.buf = append(w.buf, "\nendobj\n"...)
	w.next++
	return w.next - 1
}

// stream deflates data as well as can be: it happens once per template.
func (w *prefixWriter) stream(dict string, data []byte) (int, error) {
	var z bytes.Buffer
	zw, err := zlib.NewWriterLevel(&z, zlib.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := zw.Write(data); err != nil {
		return 0, err
	}
	if err := zw.Close(); err != nil {
		return 0, err
	}
	b := append([]byte(nil), "<<"...)
	b = append(b, dict...)
	b = append(b, "/Filter/FlateDecode/Length "...)
	b = appendInt(b, z.Len())
	b = append(b, ">>\nstream\n"...)
	b = append(b, z.Bytes()...)
	return w.object(append(b, "\nendstream"...)), nil
}

// xrefEntry is the length of an entry of the cross-reference table, with its end
// of line (ISO 32000-2 §7.5.4).
const xrefEntry = 20

// appendXref writes such an entry.
func appendXref(b []byte, offset int) []byte {
	var digits [10]byte
	for i := 9; i >= 0; i-- {
		digits[i] = byte('0' + offset%10)
		offset /= 10
	}
	b = append(b, digits[:]...)
	return append(b, " 00000 n\r\n"...)
}

func itoa(n int) string { return strconv.Itoa(n) }

// write lays out the prefix. The static content has been drawn already.
func (b *Base) write(static *Doc) error {
	w := &prefixWriter{next: objPrefix}
	version := "1.7"
	if b.cfg.Mode == Test1b {
		version = "1.4"
	}
	// Four bytes above 127 mark the file as binary (ISO 19005-3 §6.1.2).
	w.buf = append(w.buf, "%PDF-"+version+"\n%\xE2\xE3\xCF\xD3\n"...)

	profile, err := w.stream("/N 3", sRGBProfile())
	if err != nil {
		return err
	}
	intent := []byte("<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)/Info(sRGB IEC61966-2.1)/DestOutputProfile ")
	b.intent = w.object(append(appendRef(intent, profile), ">>"...))

	res := []byte("<</Font<<")
	for i, f := range b.cfg.Fonts {
		num, err := w.writeFont(f, b.cfg.Mode)
		if err != nil {
			return err
		}
		res = appendRef(append(res, "/F"+itoa(i)+" "...), num)
	}
	b.resources = w.object(append(res, ">>>>"...))

	if len(static.content) > 0 {
		if b.staticContent, err = w.stream("", static.content); err != nil {
			return err
		}
	}
	for _, e := range static.elems[1:] {
		if e.parent != Root || e.mcid < 0 {
			return configError("static element %s must be a leaf below the root", e.tag)
		}
		elem := e.append(nil, objDocument, nil)
		b.static = append(b.static, w.object(elem))
	}
	b.staticMCIDs = static.nextMCID
	for _, e := range static.drawn {
		b.staticRefs = append(b.staticRefs, b.static[e-1])
	}

	b.prefix, b.xref, b.next = w.buf, w.xref, w.next
	return nil
}
