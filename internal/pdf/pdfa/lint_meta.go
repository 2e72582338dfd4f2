package pdfa

import (
	"bytes"
	"time"
)

// xmp returns the metadata packet.
func (f *file) xmp() []byte { return f.object(f.catalog.get("/Metadata")).stream }

// between returns what stands between two markers.
func between(b, from, to []byte) ([]byte, bool) {
	i := bytes.Index(b, from)
	if i < 0 {
		return nil, false
	}
	b = b[i+len(from):]
	j := bytes.Index(b, to)
	if j < 0 {
		return nil, false
	}
	return b[:j], true
}

// mirrored are the entries of the information dictionary and where XMP says
// the same (ISO 19005-3 §6.6.3, table 1).
var mirrored = [...]struct {
	key      string
	from, to []byte
}{
	{"/Title", []byte(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">`), []byte("</rdf:li></rdf:Alt></dc:title>")},
	{"/Author", []byte("<dc:creator><rdf:Seq><rdf:li>"), []byte("</rdf:li></rdf:Seq></dc:creator>")},
	{"/Subject", []byte(`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">`), []byte("</rdf:li></rdf:Alt></dc:description>")},
	{"/Creator", []byte("<xmp:CreatorTool>"), []byte("</xmp:CreatorTool>")},
	{"/Producer", []byte("<pdf:Producer>"), []byte("</pdf:Producer>")},
	{"/CreationDate", []byte("<xmp:CreateDate>"), []byte("</xmp:CreateDate>")},
	{"/ModDate", []byte("<xmp:ModifyDate>"), []byte("</xmp:ModifyDate>")},
}

// metadataRules are about XMP and the information dictionary.
var metadataRules = []rule{
	// The catalog dictionary of a conforming file shall contain the Metadata
	// key whose value is a metadata stream; the packet header has no bytes or
	// encoding attribute.
	{code: "metadata", clause: "ISO 19005-3 §6.6.2.1", check: func(f *file, bad func(string, ...any)) {
		o := f.object(f.catalog.get("/Metadata"))
		if string(o.dict.get("/Type")) != "/Metadata" || string(o.dict.get("/Subtype")) != "/XML" {
			bad("the catalog has no metadata stream")
			return
		}
		head, ok := between(o.stream, []byte("<?xpacket begin="), []byte("?>"))
		if !ok || bytes.Contains(head, []byte("bytes=")) || bytes.Contains(head, []byte("encoding=")) {
			bad("packet header %q", head)
		}
	}},
	// The PDF/A version and conformance level of a file shall be specified
	// using the PDF/A Identification extension schema.
	{code: "pdfa-id", clause: "ISO 19005-3 §6.6.4", check: func(f *file, bad func(string, ...any)) {
		// Short patterns are found several times faster than ones above 63 bytes.
		if id, _ := between(f.xmp(), []byte("<pdfaid:part>"), []byte("</pdfaid:conformance>")); string(id) != "3</pdfaid:part><pdfaid:conformance>A" {
			bad("the packet does not claim part 3, conformance A")
		}
	}},
	// The PDF/UA version shall be specified using the PDF/UA identification
	// schema, which ISO 19005-3 §6.6.2.3.3 wants described.
	{code: "pdfua-id", clause: "ISO 14289-1 §5", check: func(f *file, bad func(string, ...any)) {
		for _, want := range [...][3]string{
			{"<pdfuaid:part>", "1", "</pdfuaid:part>"},
			{"<pdfaSchema:namespaceURI>", "http://www.aiim.org/pdfua/ns/id/", "</pdfaSchema:namespaceURI>"},
			{"<pdfaSchema:prefix>", "pdfuaid", "</pdfaSchema:prefix>"},
		} {
			if got, _ := between(f.xmp(), []byte(want[0]), []byte(want[2])); string(got) != want[1] {
				bad("the packet has %q in %s", got, want[0])
			}
		}
	}},
	// … shall contain a Metadata entry with a dc:title that clearly identifies
	// the document.
	{code: "title", clause: "ISO 14289-1 §7.1", check: func(f *file, bad func(string, ...any)) {
		if title, ok := between(f.xmp(), mirrored[0].from, mirrored[0].to); !ok || len(bytes.TrimSpace(title)) == 0 {
			bad("no dc:title")
		}
	}},
	// If a document information dictionary appears …, then all of its entries
	// that have analogous properties … shall also be embedded in the file in XMP
	// form with equivalent values.
	{code: "info-xmp", clause: "ISO 19005-3 §6.6.3", check: func(f *file, bad func(string, ...any)) {
		xmp := f.xmp()
		var a, b [1024]byte
		for _, m := range &mirrored {
			entry := f.info.get(m.key)
			got, ok := between(xmp, m.from, m.to)
			if entry == nil {
				if ok {
					bad("XMP has %q for %s, which the dictionary lacks", got, m.key)
				}
				continue
			}
			want := entry.appendText(a[:0])
			if m.key == "/CreationDate" || m.key == "/ModDate" {
				t, err := time.Parse("D:20060102150405-07'00'", string(want))
				if err != nil {
					bad("%s is %q", m.key, string(want))
					continue
				}
				want = appendXMLDate(a[:0], t)
			} else {
				want = appendXML(b[:0], string(want))
			}
			if !ok || !bytes.Equal(got, want) {
				bad("%s is %q, XMP has %q", m.key, string(want), got)
			}
		}
	}},
}
