package diff_test

import (
	"fmt"
	"strings"

	"github.com/vidimus/vidimus/internal/pdf/diff"
)

const forged = "BT /F1 12 Tf 72 700 Td (The price is 900 roubles.) Tj ET"

// attacks are changes after signing that must be refused, by class.
func attacks() []vector {
	var list []vector
	in := func(class string, vs ...vector) {
		for _, v := range vs {
			v.class, v.refused = class, true
			if v.level == diff.Unknown {
				v.level = diff.Other
			}
			list = append(list, v)
		}
	}
	in("shadow-replace", contentAttacks()...)
	in("resources", resourceAttacks()...)
	in("shadow-hide", layerAttacks()...)
	in("catalog", catalogAttacks()...)
	in("evil-annotation", annotationAttacks()...)
	in("sneaky-signature", fieldAttacks()...)
	in("form", formAttacks()...)
	in("signature", signatureAttacks()...)
	in("validation-data", dssAttacks()...)
	in("structure", structureAttacks()...)
	in("incremental-saving", savingAttacks()...)
	in("filling-in", fillAttacks()...)
	in("unsigned-field", unsignedFieldAttacks()...)
	in("one-reader", readerAttacks()...)
	in("habits", habitAttacks()...)
	in("comments-together", commentAttacks()...)
	in("comments-wipe", wipingAttacks()...)
	in("hidden-object", hiddenAttacks()...)
	in("out-of-place", appearanceAttacks()...)
	in("redrawing", redrawAttacks()...)
	in("filled-over", coverAttacks()...)
	in("decorated-field", decoratedAttacks()...)
	in("said-otherwise", exactAttacks()...)
	in("irregular-update", irregularAttacks()...)
	return list
}

func attack(name, base, kinds string, make func(f *pdfFile)) vector {
	return vector{name: name, base: base, kinds: kinds, make: make}
}

// denied is an attack with changes of a level that the signature does not permit.
func denied(name, base string, level diff.Level, kinds string, make func(f *pdfFile)) vector {
	return vector{name: name, base: base, level: level, kinds: kinds, make: make}
}

func contentAttacks() []vector {
	return []vector{
		attack("content-overwritten", "p2", "page-content", func(f *pdfFile) { f.stream(oContent1, "", forged).save() }),
		attack("content-overwritten-approval", "approval", "page-content", func(f *pdfFile) { f.stream(oContent1, "", forged).save() }),
		attack("content-overwritten-with-signature", "p2", "page-content signature-added", func(f *pdfFile) {
			f.stream(oContent1, "", forged)
			signClient(f)
		}),
		attack("content-overwritten-with-dss", "p1", "page-content validation-data", func(f *pdfFile) {
			addDSS(f)
			f.stream(oContent1, "", forged).save()
		}),
		attack("content-redirected", "p2", "page-content", func(f *pdfFile) {
			f.edit(oPage1, "/Contents 15 0 R", "/Contents 70 0 R").stream(70, "", forged).save()
		}),
		attack("content-appended", "p2", "page-content", func(f *pdfFile) {
			f.edit(oPage1, "/Contents 15 0 R", "/Contents [15 0 R 70 0 R]").stream(70, "", forged).save()
		}),
		attack("content-redirected-to-prepared", "p2", "page-content", func(f *pdfFile) {
			f.edit(oPage1, "/Contents 15 0 R", "/Contents 37 0 R").save()
		}),
		attack("content-swapped-between-pages", "p2", "page-content", func(f *pdfFile) {
			f.edit(oPage1, "/Contents 15 0 R", "/Contents 16 0 R").edit(oPage2, "16 0 R", "15 0 R").save()
		}),
		attack("content-missing-object-defined", "p2", "page-content", func(f *pdfFile) { f.stream(99, "", forged).save() }),
		attack("content-length-changed", "p2", "page-content", func(f *pdfFile) { f.put(oLength, "4").save() }),
		attack("content-changed-and-restored", "p2", "page-content", func(f *pdfFile) {
			was := f.now(oContent1)
			f.stream(oContent1, "", forged).save()
			f.put(oContent1, was).save()
		}),
		attack("content-freed", "p2", "page-content", func(f *pdfFile) { f.free(oContent1).save() }),
		attack("content-in-object-stream", "xref-stream", "layers", func(f *pdfFile) {
			f.edit(oLayerConf, "/OFF [13 0 R]", "/OFF [12 0 R]").saveStream(oLayerConf)
		}),
		attack("content-encrypted", "encrypted", "page-content", func(f *pdfFile) { f.stream(oContent1, "", forged).save() }),
		attack("page-removed", "p2", "page-tree", func(f *pdfFile) {
			f.edit(oPages, " 5 0 R]", "]").edit(oPages, "/Count 2", "/Count 1").save()
		}),
		attack("page-inserted", "p2", "page-tree", func(f *pdfFile) {
			f.edit(oPages, "[4 0 R", "[70 0 R 4 0 R").edit(oPages, "/Count 2", "/Count 3")
			f.put(70, "<</Type /Page /Parent 2 0 R /Contents 71 0 R>>").stream(71, "", forged).save()
		}),
		attack("pages-reordered", "p2", "page-tree", func(f *pdfFile) { f.edit(oPages, "[4 0 R 5 0 R]", "[5 0 R 4 0 R]").save() }),
		attack("page-twice", "p2", "page-tree", func(f *pdfFile) {
			f.edit(oPages, "5 0 R]", "5 0 R 4 0 R]").edit(oPages, "/Count 2", "/Count 3").save()
		}),
		attack("page-tree-replaced", "p2", "page-tree", func(f *pdfFile) {
			f.edit(oCatalog, "/Pages 2 0 R", "/Pages 70 0 R")
			f.put(70, "<</Type /Pages /Kids [71 0 R] /Count 1 /MediaBox [0 0 595 842]>>")
			f.put(71, "<</Type /Page /Parent 70 0 R /Contents 72 0 R>>").stream(72, "", forged).save()
		}),
		attack("page-count-lowered", "p2", "page-tree", func(f *pdfFile) { f.edit(oPages, "/Count 2", "/Count 1").save() }),
		attack("page-replaced", "p2", "page-content", func(f *pdfFile) {
			f.put(oPage2, "<</Type /Page /Parent 2 0 R /Contents 70 0 R /Annots 33 0 R>>").stream(70, "", forged).save()
		}),
		attack("page-cropped", "p2", "page-geometry", func(f *pdfFile) { f.add(oPage1, "/CropBox [0 0 595 400]").save() }),
		attack("page-resized-in-tree", "p2", "page-geometry", func(f *pdfFile) { f.edit(oPages, "0 0 595 842", "0 0 595 400").save() }),
		attack("page-rotated", "p2", "page-geometry", func(f *pdfFile) { f.add(oPage1, "/Rotate 180").save() }),
		attack("page-scaled", "p2", "page-geometry", func(f *pdfFile) { f.add(oPage1, "/UserUnit 2").save() }),
		attack("page-grouped", "p2", "page-resources", func(f *pdfFile) { f.add(oPage1, "/Group <</S /Transparency /K true>>").save() }),
		attack("page-tabs", "p2", "page", func(f *pdfFile) { f.add(oPage1, "/Tabs /R").save() }),
	}
}

func resourceAttacks() []vector {
	return []vector{
		attack("resources-overwritten", "p2", "page-resources", func(f *pdfFile) { f.edit(oRes, "/Fm1 7 0 R", "/Fm1 25 0 R").save() }),
		attack("resources-of-page-added", "p2", "page-resources", func(f *pdfFile) {
			f.add(oPage1, "/Resources <</Font <</F1 39 0 R>> /XObject <</Fm1 70 0 R>>>>").stream(70, xform(""), forged).save()
		}),
		attack("font-overwritten", "p2", "font", func(f *pdfFile) { f.edit(oFont, "/Helvetica", "/Symbol").save() }),
		attack("font-overwritten-as-form-font", "p2", "font", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.edit(oFont, "/Helvetica", "/ZapfDingbats").save()
		}),
		attack("font-freed", "p2", "font", func(f *pdfFile) { f.free(oFont).save() }),
		attack("to-unicode-overwritten", "p2", "font-text", func(f *pdfFile) {
			f.stream(oToUnicode, "", "1 beginbfchar <41> <0042> endbfchar").save()
		}),
		attack("encoding-changed", "p2", "font-text", func(f *pdfFile) { f.add(oEncoding, "/Differences [49 /nine]").save() }),
		attack("encoding-changed-in-object-stream", "xref-stream", "font-text", func(f *pdfFile) {
			f.add(oEncoding, "/Differences [49 /nine]").saveStream(oEncoding)
		}),
		attack("encoding-changed-hybrid", "hybrid", "font-text", func(f *pdfFile) {
			f.add(oEncoding, "/Differences [49 /nine]").saveHybrid(oEncoding)
		}),
		attack("form-xobject-overwritten", "p2", "form-or-image", func(f *pdfFile) { f.stream(oXObject, xform(""), forged).save() }),
		attack("form-xobject-given-a-layer", "p2", "form-or-image", func(f *pdfFile) { f.stream(oXObject, xform("/OC 13 0 R"), "0 0 10 10 re f").save() }),
		attack("default-resources-font-replaced", "p2", "font", func(f *pdfFile) { f.edit(oDR, "/Helv 6 0 R", "/Helv 39 0 R").save() }),
		attack("layer-in-properties-swapped", "p2", "page-resources", func(f *pdfFile) { f.edit(oRes, "/L1 12 0 R /L2 13 0 R", "/L1 13 0 R /L2 12 0 R").save() }),
	}
}

func layerAttacks() []vector {
	return []vector{
		attack("layers-toggled", "p2", "layers", func(f *pdfFile) { f.edit(oLayerConf, "/OFF [13 0 R]", "/OFF [12 0 R]").save() }),
		attack("layers-shown", "p2", "layers", func(f *pdfFile) { f.edit(oLayerConf, " /OFF [13 0 R]", "").save() }),
		attack("layers-configuration-replaced", "p2", "layers", func(f *pdfFile) {
			f.edit(oCatalog, "/D 14 0 R", "/D 70 0 R").put(70, "<</BaseState /OFF>>").save()
		}),
		attack("layers-removed", "p2", "layers", func(f *pdfFile) {
			f.edit(oCatalog, "/OCProperties <</OCGs [12 0 R 13 0 R] /D 14 0 R>> ", "").save()
		}),
		attack("layer-renamed", "p2", "layers", func(f *pdfFile) { f.edit(oLayer1, "Layer 1", "Draft").save() }),
		attack("annotation-put-on-layer", "p3", "annotation", func(f *pdfFile) { f.add(oFreeText, "/OC 13 0 R").save() }),
		attack("field-put-on-layer", "p2", "field", func(f *pdfFile) { f.add(oText, "/OC 13 0 R").save() }),
		attack("appearance-put-on-layer", "p2", "field", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.stream(f.next()-1, xform("/OC 13 0 R"), "BT (Petrov) Tj ET").save()
		}),
		attack("field-hidden", "p2", "field-visibility", func(f *pdfFile) { f.edit(oText, "/F 4", "/F 6").save() }),
		attack("field-shown", "p2", "field-visibility", func(f *pdfFile) { f.edit(oHiddenFld, "/F 6", "/F 4").save() }),
		attack("field-no-view", "p2", "field-visibility", func(f *pdfFile) { f.edit(oText, "/F 4", "/F 36").save() }),
	}
}

func catalogAttacks() []vector {
	return []vector{
		attack("open-action-script", "p2", "action", func(f *pdfFile) { f.add(oCatalog, "/OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>>").save() }),
		attack("page-action", "p2", "action", func(f *pdfFile) { f.add(oPage1, "/AA <</O <</S /JavaScript /JS (x)>>>>").save() }),
		attack("catalog-action", "p2", "action", func(f *pdfFile) { f.add(oCatalog, "/AA <</WC <</S /JavaScript /JS (x)>>>>").save() }),
		attack("field-action", "p2", "field", func(f *pdfFile) { f.add(oText, "/AA <</K <</S /JavaScript /JS (x)>>>>").save() }),
		attack("names-script", "p2", "names", func(f *pdfFile) { f.add(oNames, "/JavaScript <</Names [(a) <</S /JavaScript /JS (x)>>]>>").save() }),
		attack("attachment-added", "p2", "names", func(f *pdfFile) {
			f.add(oNames, "/EmbeddedFiles <</Names [(a) <</Type /Filespec /F (a.txt) /EF <</F 70 0 R>>>>]>>").stream(70, "", "x").save()
		}),
		attack("destination-changed", "p2", "names", func(f *pdfFile) { f.edit(oNames, "4 0 R", "5 0 R").save() }),
		attack("bookmark-changed", "p2", "outline", func(f *pdfFile) { f.edit(oItem, "(Start)", "(Other)").save() }),
		attack("bookmark-action", "p2", "outline", func(f *pdfFile) { f.add(oItem, "/A <</S /URI /URI (https://example.net)>>").save() }),
		attack("link-changed", "p2", "annotation", func(f *pdfFile) { f.edit(oLink, "example.org/pay", "example.net/pay").save() }),
		attack("link-changed-p3", "p3", "annotation", func(f *pdfFile) { f.edit(oLink, "example.org/pay", "example.net/pay").save() }),
		attack("language-changed", "p2", "structure", func(f *pdfFile) { f.edit(oCatalog, "/Lang (en)", "/Lang (ru)").save() }),
		attack("structure-added", "p2", "structure", func(f *pdfFile) {
			f.add(oCatalog, "/MarkInfo <</Marked true>> /StructTreeRoot 70 0 R").put(70, "<</Type /StructTreeRoot /K <</S /P /ActualText (900) /Pg 4 0 R>>>>").save()
		}),
		attack("page-labels-added", "p2", "catalog", func(f *pdfFile) { f.add(oCatalog, "/PageLabels <</Nums [0 <</S /r>>]>>").save() }),
		attack("viewer-preferences-changed", "p2", "catalog", func(f *pdfFile) { f.edit(oCatalog, "/DisplayDocTitle true", "/DisplayDocTitle false").save() }),
		attack("version-lowered", "dss", "catalog", func(f *pdfFile) { f.add(oCatalog, "/Version /2.0").save(); f.edit(oCatalog, "/2.0", "/1.4").save() }),
		attack("extensions-with-reference", "p2", "catalog", func(f *pdfFile) { f.add(oCatalog, "/Extensions <</ESIC 15 0 R>>").save() }),
		attack("catalog-replaced", "p2", "catalog", func(f *pdfFile) {
			f.trailer = strings.Replace(f.trailer, "/Root 1 0 R", "/Root 70 0 R", 1)
			f.put(70, f.now(oCatalog)).save()
		}),
		attack("catalog-freed", "p2", "catalog", func(f *pdfFile) { f.free(oCatalog).save() }),
		attack("metadata-no-xmp", "p2", "metadata", func(f *pdfFile) { f.stream(oMeta, "/Type /Metadata /Subtype /XML", "<root/>").save() }),
		attack("metadata-entities", "p2", "metadata", func(f *pdfFile) {
			f.stream(oMeta, "/Type /Metadata /Subtype /XML", "<!DOCTYPE x [<!ENTITY a \"b\">]>"+xmp).save()
		}),
		attack("metadata-taken-from-content", "p2", "reference-redirected", func(f *pdfFile) { f.edit(oCatalog, "/Metadata 9 0 R", "/Metadata 15 0 R").save() }),
		attack("metadata-removed", "p2", "metadata", func(f *pdfFile) { f.edit(oCatalog, "/Metadata 9 0 R ", "").save() }),
		denied("metadata-title-p1", "p1", diff.FormFill, "metadata-text", func(f *pdfFile) { f.edit(oInfo, "(Contract)", "(Offer)").save() }),
		attack("info-with-reference", "p2", "info", func(f *pdfFile) { f.edit(oInfo, "(Contract)", "15 0 R").save() }),
		attack("encryption-changed", "encrypted", "encryption", func(f *pdfFile) { f.edit(53, "/P -4", "/P -4 /EncryptMetadata true").save() }),
		attack("trailer-key-added", "p2", "trailer", func(f *pdfFile) { f.trailer += " /Vendor 70 0 R"; f.put(70, "<<>>").save() }),
		attack("trailer-object-freed", "p2", "object-freed", func(f *pdfFile) {
			f.trailer += " /Vendor 70 0 R"
			f.put(70, "(a)").save()
			f.free(70).save()
		}),
		attack("extensible-other", "p2", "other", func(f *pdfFile) {
			f.trailer += " /Vendor 70 0 R"
			f.put(70, "(a)").save()
			f.put(70, "(b)").save()
		}),
	}
}

func signatureAttacks() []vector {
	return []vector{
		attack("signature-value-removed", "p2", "signature-removed", func(f *pdfFile) { f.edit(oSigner, "/V 51 0 R ", "").save() }),
		attack("signature-overwritten", "p2", "signature-altered", func(f *pdfFile) { f.edit(oSig, "/Type /Sig", "/Type /Sig /Reason (other)").save() }),
		attack("signature-freed", "p2", "signature-removed", func(f *pdfFile) { f.free(oSig).save() }),
		attack("signature-redirected", "p2", "signature-altered", func(f *pdfFile) { f.edit(oSigner, "/V 51 0 R", "/V 70 0 R").put(70, f.now(oSig)).save() }),
		attack("signature-appearance-replaced", "p2", "signature-appearance", func(f *pdfFile) {
			f.edit(oSigner, "/N 52 0 R", "/N 70 0 R").stream(70, xform(""), "BT (another signer) Tj ET").save()
		}),
		attack("signature-appearance-in-place", "p2", "signature-appearance", func(f *pdfFile) { f.stream(oSig+1, xform(""), "BT (another signer) Tj ET").save() }),
		attack("signature-moved", "p2", "field", func(f *pdfFile) { f.edit(oSigner, "[300 40 500 80]", "[0 0 595 842]").save() }),
		attack("empty-field-given-appearance", "p2", "signature-appearance", func(f *pdfFile) {
			f.add(oSigEmpty, "/AP <</N 70 0 R>>").stream(70, xform(""), "BT (approved) Tj ET").save()
		}),
		attack("permissions-removed", "p2", "signature-altered", func(f *pdfFile) { f.edit(oCatalog, "/Perms <</DocMDP 51 0 R>>", "").save() }),
		attack("permissions-redirected", "p2", "signature-altered", func(f *pdfFile) {
			f.edit(oCatalog, "/DocMDP 51 0 R", "/DocMDP 70 0 R").put(70, f.now(oSig)).save()
		}),
		attack("certified-after-approval", "approval", "signature-altered", func(f *pdfFile) {
			f.add(oCatalog, "/Perms <</DocMDP 70 0 R>>")
			signClient(f)
		}),
		denied("signed-p1", "p1", diff.FormFill, "signature-added", signClient),
		denied("signature-as-timestamp-p1", "p1", diff.FormFill, "signature-added", func(f *pdfFile) {
			f.add(oSigHidden, "/V 70 0 R")
			f.put(70, strings.Replace(signatureBody(""), "/Type /Sig", "/Type /DocTimeStamp", 1)).save().sign()
		}),
		attack("visible-field-put-on-page", "flags", "field-visibility", func(f *pdfFile) { f.edit(oPage1, "22 0 R", "22 0 R 41 0 R").save() }),
		denied("appearance-emptied-p1", "p1", diff.FormFill, "field-appearance", func(f *pdfFile) { f.put(oTextAP, "<<>>").save() }),
		denied("title-dropped-p1", "p1", diff.FormFill, "metadata-text", func(f *pdfFile) { f.put(oInfo, "null").save() }),
		attack("locked-field-signed", "lock-all", "field-locked", signClient),
	}
}

func dssAttacks() []vector {
	return []vector{
		attack("dss-clobbers-content", "p1", "page-content", func(f *pdfFile) {
			f.add(oCatalog, "/DSS 70 0 R").put(70, "<</Certs [15 0 R]>>").stream(oContent1, "", forged).save()
		}),
		attack("dss-lists-content", "p1", "validation-data-altered", func(f *pdfFile) {
			f.add(oCatalog, "/DSS 70 0 R").put(70, "<</Certs [15 0 R]>>").save()
		}),
		attack("dss-lists-dictionary", "p1", "validation-data-altered", func(f *pdfFile) {
			f.add(oCatalog, "/DSS 70 0 R").put(70, "<</Certs [71 0 R]>>").put(71, "<<>>").save()
		}),
		attack("dss-certificate-overwritten", "dss", "validation-data-altered", func(f *pdfFile) { f.stream(71, "", "another certificate").save() }),
		attack("dss-unknown-key", "p1", "validation-data-altered", func(f *pdfFile) { f.add(oCatalog, "/DSS <</Certs [] /Pages 2 0 R>>").save() }),
		attack("dss-removed", "dss", "validation-data-altered", func(f *pdfFile) { f.edit(oCatalog, "/DSS 70 0 R", "").save() }),
		attack("dss-entry-of-signature-removed", "dss", "validation-data-altered", func(f *pdfFile) {
			f.edit(70, "/0123456789ABCDEF0123456789ABCDEF01234567 <</Cert [71 0 R]>>", "").save()
		}),
		attack("dss-entry-emptied", "dss", "validation-data-altered", func(f *pdfFile) { f.edit(70, "<</Cert [71 0 R]>>", "<</Cert []>>").save() }),
		attack("dss-entry-name", "p1", "validation-data-altered", func(f *pdfFile) { f.add(oCatalog, "/DSS <</VRI <</Cover <<>>>>>>").save() }),
		attack("dss-is-the-form", "p1", "reference-redirected", func(f *pdfFile) { f.add(oCatalog, "/DSS 8 0 R").save() }),
	}
}

func structureAttacks() []vector {
	return []vector{
		attack("key-twice-in-page", "p2", "ambiguous", func(f *pdfFile) {
			f.edit(oPage1, "/Contents 15 0 R", "/Contents 70 0 R /Contents 15 0 R").stream(70, "", forged).save()
		}),
		attack("key-twice-in-catalog", "p2", "ambiguous", func(f *pdfFile) { addDSS(f); f.add(oCatalog, "/Pages 70 0 R").save() }),
		attack("key-twice-in-new-field", "approval", "ambiguous", func(f *pdfFile) {
			f.put(70, "<</Type /Annot /Subtype /Widget /FT /Sig /FT /Tx /T (n) /Rect [0 0 0 0]>>").edit(oForm, "/Fields [", "/Fields [70 0 R ").save()
		}),
		attack("key-twice-in-trailer", "p2", "ambiguous", func(f *pdfFile) { f.trailer = "/Root 70 0 R " + f.trailer; f.put(70, f.now(oCatalog)).save() }),
		attack("key-twice-in-appearance", "p2", "ambiguous", func(f *pdfFile) {
			f.edit(oText, "/N 24 0 R", "/N 70 0 R").stream(70, xform("/Subtype /Form"), "x").save()
		}),
		attack("generation-changed", "p2", "generation", func(f *pdfFile) { f.gens[oContent1] = 1; f.stream(oContent1, "", forged).save() }),
		attack("orphan-overwritten", "p2", "object-overwritten", func(f *pdfFile) { f.stream(oOrphan, "", "other").save() }),
		attack("orphan-overwritten-then-shown", "p2", "page-content object-overwritten", func(f *pdfFile) {
			f.stream(oOrphan, "", "other").save()
			f.edit(oPage1, "/Contents 15 0 R", "/Contents 37 0 R").save()
		}),
		attack("stream-became-dictionary", "p2", "form-or-image", func(f *pdfFile) { f.put(oXObject, "<<>>").save() }),
		attack("object-stream-overwritten", "xref-stream", "object-stream", func(f *pdfFile) {
			n := objectStreamOf(f)
			f.put(n, "<</Type /ObjStm>>").save()
		}),
		attack("object-stream-freed", "xref-stream", "object-stream", func(f *pdfFile) { f.free(objectStreamOf(f)).save() }),
		attack("hybrid-hides-change", "p2", "font-text", func(f *pdfFile) { f.add(oEncoding, "/Differences [49 /nine]").saveHybrid(oEncoding) }),
		attack("hybrid-conflict", "p2", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			hybridConflict(f)
		}),
		attack("hybrid-ahead-with-catalog", "p2", "ambiguous", func(f *pdfFile) {
			fillName(f, "Petrov")
			f.put(70, "<<>>")
			hybridAhead(f, fmt.Sprintf("/Size %d /Root 70 0 R", f.next()+1))
		}),
		attack("hybrid-ahead-and-forgotten", "p2", "ambiguous", func(f *pdfFile) {
			fillName(f, "Petrov")
			streamAhead(f, fmt.Sprintf("/Size %d", f.next()+1))
			f.put(77, "<</Unused true>>").save()
		}),
		attack("xref-into-signed-stream", "p2", "xref-into-signed-part", func(f *pdfFile) {
			// Someone who made the document hid an object in its content.
			f.saveTable(map[int]int{oContent2: strings.Index(string(f.data), fmt.Sprintf("\n%d 0 obj", oOrphan)) + 1}, "")
		}),
		attack("xref-twice", "p2", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			offsets := f.objects()
			at := len(f.data)
			f.saveTable(offsets, "")
			s := string(f.data[at:])
			s = strings.Replace(s, "trailer", fmt.Sprintf("%d 1\n%010d 00000 n\r\ntrailer", 70, offsets[71]), 1)
			f.data = append(f.data[:at], s...)
		}),
		attack("object-unreadable", "p2", "unreadable", func(f *pdfFile) { f.put(oText, "<</Type /Annot (").save() }),
		attack("object-elsewhere", "p2", "unreadable", func(f *pdfFile) {
			addDSS(f)
			offsets := f.objects()
			offsets[70] = offsets[71]
			f.saveTable(offsets, "")
		}),
		attack("pages-loop", "p2", "page-tree", func(f *pdfFile) { f.edit(oPages, "[4 0 R 5 0 R]", "[2 0 R 5 0 R]").save() }),
	}
}

func objectStreamOf(f *pdfFile) int {
	for n, o := range f.objs {
		if strings.Contains(o, "/ObjStm") {
			return n
		}
	}
	return 0
}

// hybridConflict writes a table and a stream that disagree on an object.
func hybridConflict(f *pdfFile) {
	offsets := f.objects()
	self := f.size
	f.size++
	at := len(f.data)
	f.data = append(f.data, xrefStreamObject(self, f.link(), map[int]xrefEntry{70: {1, offsets[71], 0}})...)
	f.saveTable(offsets, fmt.Sprintf("/XRefStm %d", at))
}

// streamAhead saves a cross-reference stream as an object like any other, to
// which a later revision may lead; it returns its place.
func streamAhead(f *pdfFile, dict string) int {
	offsets := f.objects()
	self, at := f.size, len(f.data)
	f.size++
	f.data = append(f.data, xrefStreamObject(self, dict, map[int]xrefEntry{0: {0, 0, 0}})...)
	offsets[self] = at
	f.saveTable(offsets, "")
	return at
}

// hybridAhead has the stream of a hybrid section a revision ahead of its table.
func hybridAhead(f *pdfFile, dict string) {
	at := streamAhead(f, dict)
	f.put(77, "<</Unused true>>")
	f.saveTable(f.objects(), fmt.Sprintf("/XRefStm %d", at))
}
