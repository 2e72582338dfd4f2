package diff_test

import (
	"fmt"
	"maps"
	"strings"
)

// The base document: every kind of thing that an attack may aim at. Numbers of
// objects are fixed, so that attacks can name them.
const (
	oCatalog   = 1
	oPages     = 2
	oRes       = 3
	oPage1     = 4
	oPage2     = 5
	oFont      = 6
	oForm      = 8
	oMeta      = 9
	oOutlines  = 10
	oNames     = 11
	oLayer1    = 12
	oLayer2    = 13
	oLayerConf = 14
	oContent1  = 15
	oContent2  = 16
	oToUnicode = 17
	oEncoding  = 18
	oXObject   = 7
	oText      = 20 // text field "name"
	oCheck     = 21 // check box "agree"
	oSigEmpty  = 22 // visible empty signature field "client"
	oSigHidden = 23 // invisible empty signature field "archive"
	oTextAP    = 24
	oYes       = 25
	oOff       = 26
	oGroup     = 27 // field "group" with kids "a" and "b"
	oKidA      = 28
	oKidB      = 29
	oLink      = 30
	oNote      = 31
	oFreeText  = 32
	oAnnots2   = 33 // annotations of page 2, an indirect array
	oDR        = 34
	oItem      = 35 // bookmark
	oInfo      = 36
	oOrphan    = 37 // content prepared by whoever made the document, unused
	oSharedAP  = 38 // appearance of kids a and b
	oAPFont    = 39 // font of the text field's appearance only
	oLength    = 40 // length of the second page's content
	oDual      = 41 // text field "dual": its appearance is drawn on page 2, too
	oDualAP    = 42
	oHiddenFld = 43 // text field "hidden", with the Hidden flag
	oSigner    = 50 // signature field "signer"
	oSig       = 51
	oSpare     = 60 // first number that is free
)

const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><xmp:ModifyDate>2025-06-01T12:00:00Z</xmp:ModifyDate>` +
	`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Contract</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

const page1 = "BT /F1 12 Tf 72 700 Td (The price is 100 roubles.) Tj ET /Fm1 Do /OC /L1 BDC BT /F1 12 Tf 72 600 Td (Layer one) Tj ET EMC " +
	"/OC /L2 BDC BT /F1 12 Tf 72 600 Td (Layer two) Tj ET EMC"

const page2 = "BT /F1 12 Tf 72 700 Td (Second page.) Tj ET /Dual Do"

// base returns an unsigned document, ready to be saved.
func (m *maker) base() *pdfFile {
	f := m.newFile(nil, fmt.Sprintf("/Root 1 0 R /Info %d 0 R /ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]", oInfo))
	m.fill(f)
	return f
}

func (m *maker) fill(f *pdfFile) {
	maps.Copy(f.pending, map[int]string{
		oCatalog: "<</Type /Catalog /Pages 2 0 R /AcroForm 8 0 R /Metadata 9 0 R /Outlines 10 0 R /Names 11 0 R /Lang (en) " +
			"/OCProperties <</OCGs [12 0 R 13 0 R] /D 14 0 R>> /ViewerPreferences <</DisplayDocTitle true>>>>",
		oPages: "<</Type /Pages /Kids [4 0 R 5 0 R] /Count 2 /Resources 3 0 R /MediaBox [0 0 595 842]>>",
		oRes:   "<</Font <</F1 6 0 R>> /XObject <</Fm1 7 0 R /Dual 42 0 R>> /Properties <</L1 12 0 R /L2 13 0 R>>>>",
		oPage1: "<</Type /Page /Parent 2 0 R /Contents 15 0 R /Annots [20 0 R 21 0 R 22 0 R 23 0 R 28 0 R 29 0 R 30 0 R 31 0 R 32 0 R 43 0 R]>>",
		oPage2: "<</Type /Page /Parent 2 0 R /Contents [16 0 R 99 0 R] /Annots 33 0 R>>",
		oFont:  "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding 18 0 R /ToUnicode 17 0 R>>",
		oForm: "<</Fields [20 0 R 21 0 R 22 0 R 23 0 R 27 0 R 41 0 R 43 0 R] /DR 34 0 R /DA (/Helv 12 Tf 0 g) " +
			"/CO [20 0 R]>>",
		oOutlines:  "<</Type /Outlines /First 35 0 R /Last 35 0 R /Count 1>>",
		oNames:     "<</Dests <</Names [(start) [4 0 R /Fit]]>>>>",
		oLayer1:    "<</Type /OCG /Name (Layer 1)>>",
		oLayer2:    "<</Type /OCG /Name (Layer 2)>>",
		oLayerConf: "<</Name (Default) /BaseState /ON /OFF [13 0 R] /Order [12 0 R 13 0 R]>>",
		oEncoding:  "<</Type /Encoding /BaseEncoding /WinAnsiEncoding>>",
		oText: "<</Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ivanov) /DA (/Helv 12 Tf 0 g) /Rect [72 500 272 520] /F 4 " +
			"/P 4 0 R /AP <</N 24 0 R>>>>",
		oCheck: "<</Type /Annot /Subtype /Widget /FT /Btn /T (agree) /V /Off /AS /Off /Rect [72 470 92 490] /F 4 /P 4 0 R " +
			"/AP <</N <</Yes 25 0 R /Off 26 0 R>>>>>>",
		oSigEmpty:  "<</Type /Annot /Subtype /Widget /FT /Sig /T (client) /Rect [300 100 500 150] /F 4 /P 4 0 R>>",
		oSigHidden: "<</Type /Annot /Subtype /Widget /FT /Sig /T (archive) /Rect [0 0 0 0] /F 132 /P 4 0 R>>",
		oGroup:     "<</FT /Tx /T (group) /Kids [28 0 R 29 0 R]>>",
		oKidA:      "<</Type /Annot /Subtype /Widget /Parent 27 0 R /T (a) /V (x) /Rect [72 400 172 420] /F 4 /P 4 0 R /AP <</N 38 0 R>>>>",
		oKidB:      "<</Type /Annot /Subtype /Widget /Parent 27 0 R /T (b) /V (x) /Rect [72 370 172 390] /F 4 /P 4 0 R /AP <</N 38 0 R>>>>",
		oLink:      "<</Type /Annot /Subtype /Link /Rect [72 300 172 320] /A <</S /URI /URI (https://example.org/pay)>>>>",
		oNote:      "<</Type /Annot /Subtype /Text /Rect [500 700 520 720] /Contents (Checked.) /P 4 0 R>>",
		oFreeText:  "<</Type /Annot /Subtype /FreeText /Rect [72 250 272 270] /Contents (Not valid without stamp) /DA (/Helv 12 Tf 0 g)>>",
		oAnnots2:   "[41 0 R]",
		oDR:        "<</Font <</Helv 6 0 R>>>>",
		oItem:      "<</Title (Start) /Parent 10 0 R /Dest [4 0 R /Fit]>>",
		oInfo:      "<</Title (Contract) /Producer (vidimus test) /ModDate (D:20250601120000Z)>>",
		oAPFont:    "<</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>",
		oLength:    fmt.Sprint(len(page2)),
		oDual:      "<</Type /Annot /Subtype /Widget /FT /Tx /T (dual) /V (x) /Rect [72 600 172 620] /F 4 /P 5 0 R /AP <</N 42 0 R>>>>",
		oHiddenFld: "<</Type /Annot /Subtype /Widget /FT /Tx /T (hidden) /V (void) /Rect [72 200 172 220] /F 6 /P 4 0 R>>",
	})
	f.stream(oXObject, xform(""), "0 0 10 10 re f")
	f.stream(oMeta, "/Type /Metadata /Subtype /XML", xmp)
	f.stream(oContent1, "", page1)
	f.stream(oToUnicode, "", "1 beginbfchar <41> <0041> endbfchar")
	f.stream(oTextAP, xform("/Resources <</Font <</F 39 0 R>>>>"), "BT /F 12 Tf (Ivanov) Tj ET")
	f.stream(oYes, xform(""), "0 0 m 10 10 l S")
	f.stream(oOff, xform(""), "")
	f.stream(oOrphan, "", "BT /F1 12 Tf 72 700 Td (The price is 900 roubles.) Tj ET")
	f.stream(oSharedAP, xform(""), "BT (x) Tj ET")
	f.stream(oDualAP, xform(""), "BT (x) Tj ET")
	f.put(oContent2, strings.Replace(f.streamBody(oContent2, "", page2), fmt.Sprintf("/Length %d", len(page2)), "/Length 40 0 R", 1))
}

func xform(more string) string {
	return "/Type /XObject /Subtype /Form /BBox [0 0 200 20] " + more
}

// signedWith saves the document and signs it in the field "signer". p is the
// DocMDP permission, 0 for none; reference are further signature references.
func (f *pdfFile) signedWith(p int, reference string) *pdfFile {
	if p > 0 {
		reference += fmt.Sprintf("<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /P %d /V /1.2>>>>", p)
		f.add(oCatalog, "/Perms <</DocMDP 51 0 R>>")
	}
	if reference != "" {
		reference = "/Reference [" + reference + "]"
	}
	f.put(oSigner, "<</Type /Annot /Subtype /Widget /FT /Sig /T (signer) /V 51 0 R /Rect [300 40 500 80] /F 132 /P 4 0 R /AP <</N 52 0 R>>>>")
	f.put(oSig, signatureBody(reference))
	f.stream(oSig+1, xform(""), "BT (signed) Tj ET")
	f.edit(oForm, "/Fields [", "/SigFlags 3 /Fields [50 0 R ")
	f.edit(oPage1, "/Annots [", "/Annots [50 0 R ")
	return f
}

func lockReference(action, fields string) string {
	return "<</Type /SigRef /TransformMethod /FieldMDP /Data 1 0 R /TransformParams <</Type /TransformParams /Action /" + action + " " + fields + " /V /1.2>>>>"
}

// bases are the signed documents that attacks and legitimate updates start from.
func (m *maker) bases() map[string]*pdfFile {
	bases := map[string]*pdfFile{}
	for p, name := range []string{"approval", "p1", "p2", "p3"} {
		bases[name] = m.base().signedWith(p, "").save().sign()
	}
	bases["lock-all"] = m.base().signedWith(0, lockReference("All", "")).save().sign()
	bases["lock-name"] = m.base().signedWith(0, lockReference("Include", "/Fields [(name) (group)]")).save().sign()
	bases["lock-but-name"] = m.base().signedWith(2, lockReference("Exclude", "/Fields [(name)]")).save().sign()
	bases["xref-stream"] = m.base().signedWith(2, "").saveStream(oPages, oRes, oPage1, oFont, oEncoding, oLayerConf).sign()
	bases["incremental"] = m.base().save().signedWith(2, "").save().sign()
	bases["flags"] = m.base().signedWith(1, "").edit(oForm, "/SigFlags 3", "/SigFlags 1").edit(oPage1, " 23 0 R", "").save().sign()
	large := m.base()
	kids := ""
	for i := 200; i < 500; i++ {
		kids += fmt.Sprintf(" %d 0 R", i)
		large.put(i, "<</Type /Page /Parent 2 0 R /Contents 15 0 R>>")
	}
	large.edit(oPages, " 5 0 R]", " 5 0 R"+kids+"]").edit(oPages, "/Count 2", "/Count 302")
	bases["large"] = large.signedWith(2, "").save().sign()
	visible := m.base().signedWith(2, "")
	bases["dss"] = visible.put(70, "<</Type /DSS /Certs [71 0 R] /VRI <</0123456789ABCDEF0123456789ABCDEF01234567 <</Cert [71 0 R]>>>>>>").
		stream(71, "", "certificate").add(oCatalog, "/DSS 70 0 R").save().sign()
	m.preparedBases(bases)
	m.fillBases(bases)
	m.exactBases(bases)
	m.commentBases(bases)
	m.redrawBases(bases)
	m.coverBases(bases)
	m.readerBases(bases)
	bases["hybrid"] = m.base().signedWith(2, "").saveHybrid(oLayerConf, oEncoding).sign()

	for _, name := range []string{"encrypted", "encrypted-bare"} {
		bases[name] = m.encrypted(name == "encrypted")
	}
	return bases
}

// encrypted is a document whose streams are encrypted.
func (m *maker) encrypted(metadata bool) *pdfFile {
	id := "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff"
	e := m.newFile(nil, fmt.Sprintf("/Root 1 0 R /Info %d 0 R /ID [<%x> <%x>] /Encrypt 53 0 R", oInfo, id, id))
	dict := e.encrypt(id)
	m.fill(e)
	e.put(53, dict)
	if !metadata {
		e.edit(oCatalog, "/Metadata 9 0 R ", "")
		delete(e.pending, oMeta)
	}
	return e.signedWith(2, "").save().sign()
}

// preparedBases are documents whose maker had an attack in mind before they
// were signed, and one with the form in the catalog itself.
func (m *maker) preparedBases(bases map[string]*pdfFile) {
	// A cross-reference section stands in the signed bytes that nothing leads
	// to, directly before startxref. It shows another content.
	f := m.base().signedWith(2, "").stream(oSpare, "", forged)
	offsets := f.objects()
	f.saveTable(offsets, "")
	tail := strings.LastIndex(string(f.data), "startxref")
	start := string(f.data[tail:])
	f.data = f.data[:tail]
	f.data = append(f.data, strings.Repeat(" ", 300)...)
	f.hidden = len(f.data)
	prev := f.prev
	f.prev = 0
	f.saveTable(map[int]int{oPage1: offsets[oPage1], oSpare: offsets[oSpare]}, fmt.Sprintf("/Prev %d", prev))
	f.data = append(f.data[:strings.LastIndex(string(f.data), "startxref")], start...)
	f.prev = prev
	bases["hidden-xref"] = f.sign()

	// The same before the section that counts, which the hidden one continues.
	f = m.base().signedWith(2, "").stream(oSpare, "", forged)
	offsets = f.objects()
	f.hidden = len(f.data)
	table := func(prev int) string {
		return fmt.Sprintf("xref\n%d 1\n%010d 00000 n\r\ntrailer\n<</Size 99 %s /Prev %010d>>\n", oContent1, offsets[oSpare], f.trailer, prev)
	}
	f.raw = table(f.hidden + len(table(0)))
	bases["hidden-xref-early"] = f.saveTable(offsets, "").sign()

	// Another content of page 1 stands in the signed bytes, listed nowhere.
	f = m.base().signedWith(2, "")
	f.raw = evilContent
	bases["shadow"] = f.save().sign()
	f = m.base().signedWith(2, "")
	f.raw = strings.Replace(evilContent, " 0 obj", "\t0\tobj", 1)
	bases["shadow-tabs"] = f.save().sign()

	// The second content stream of page 2 has no end in the signed bytes.
	f = m.base().signedWith(2, "")
	offsets = f.objects()
	offsets[99] = len(f.data)
	f.size = 100
	f.data = append(f.data, "99 0 obj\n<</Length 98 0 R>>\nstream\n% "...)
	bases["stream-without-end"] = f.saveTable(offsets, "").sign()

	// The form stands in the catalog, widgets apart from their fields.
	f = m.base().signedWith(2, "")
	form := strings.Replace(f.now(oForm), "/Fields [", "/Fields [45 0 R 48 0 R ", 1)
	f.edit(oCatalog, "/AcroForm 8 0 R", "/AcroForm "+form)
	delete(f.pending, oForm)
	f.put(45, "<</FT /Btn /Ff 49152 /T (choice) /V /Off /Kids [46 0 R 47 0 R]>>")
	for _, n := range []int{46, 47} {
		f.put(n, fmt.Sprintf("<</Type /Annot /Subtype /Widget /Parent 45 0 R /Rect [300 %d 312 %d] /F 4 /P 4 0 R /AS /Off /AP <</N <</A 25 0 R /Off 26 0 R>>>>>>", n*10, n*10+12))
	}
	f.put(48, "<</FT /Tx /T (split) /V (x) /Kids [49 0 R]>>")
	f.put(49, "<</Type /Annot /Subtype /Widget /Parent 48 0 R /Rect [300 440 400 460] /F 4 /P 4 0 R>>")
	f.edit(oPage1, "/Annots [", "/Annots [46 0 R 47 0 R 49 0 R ")
	bases["inline-form"] = f.save().sign()
}
