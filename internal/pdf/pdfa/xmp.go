package pdfa

import "time"

// appendXMP writes the metadata packet. It must say the same as the
// information dictionary (ISO 19005-3 §6.6.3); pdfuaid, which PDF/A does not
// know, is described by an extension schema (§6.6.2.3.3).
func appendXMP(b []byte, mode Mode, producer string, info *Info) []byte {
	b = append(b, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"+
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`+"\n"...)

	b = append(b, `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" `+
		`xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"`...)
	if mode != Test1b {
		b = append(b, xmpNames...)
	}
	b = append(b, `><dc:format>application/pdf</dc:format>`+
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">`...)
	b = appendXML(b, info.Title)
	b = append(b, "</rdf:li></rdf:Alt></dc:title>\n"...)
	if info.Author != "" {
		b = append(b, "<dc:creator><rdf:Seq><rdf:li>"...)
		b = append(appendXML(b, info.Author), "</rdf:li></rdf:Seq></dc:creator>\n"...)
	}
	if info.Subject != "" {
		b = append(b, `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">`...)
		b = append(appendXML(b, info.Subject), "</rdf:li></rdf:Alt></dc:description>\n"...)
	}
	if info.Creator != "" {
		b = append(b, "<xmp:CreatorTool>"...)
		b = append(appendXML(b, info.Creator), "</xmp:CreatorTool>"...)
	}
	b = appendXMPDate(b, "xmp:CreateDate", info.Created)
	b = appendXMPDate(b, "xmp:ModifyDate", info.Created)
	if producer != "" {
		b = append(b, "\n<pdf:Producer>"...)
		b = append(appendXML(b, producer), "</pdf:Producer>"...)
	}
	if mode == Test1b {
		b = append(b, "\n<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"...)
	} else {
		b = append(b, xmpClaims...)
	}
	b = append(b, "</rdf:Description>\n"...)
	return append(b, "</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"...)
}

func appendXMPDate(b []byte, name string, t time.Time) []byte {
	b = append(append(append(b, '<'), name...), '>')
	b = appendXMLDate(b, t)
	return append(append(append(b, "</"...), name...), '>')
}

const xmpNames = ` xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"` +
	` xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"`

const xmpClaims = "\n<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>\n" +
	`<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">` +
	`<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>` +
	`<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>` +
	`<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>` +
	`<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">` +
	`<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>` +
	`<pdfaProperty:category>internal</pdfaProperty:category>` +
	`<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>` +
	`</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>`
