package signer

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/pdf anew")

// vector is a document to be signed with what must come of it: a vector is a
// file testdata/pdf/<name>.pdf made from objects by this table.
type vector struct {
	objects []string   // the bodies of objects 1, 2, …; object 1 is the catalog
	opt     PDFOptions // besides the time
	want    error      // nil: it is signed
	contain []string   // in the update

	version string // "1.7"
	front   string // before %PDF
	end     string // after %%EOF; "" is a line feed
	trailer string // entries besides /Size and /Root
	mutate  func([]byte) []byte
}

// The parts most vectors share.
const (
	plainCatalog = "<</Type/Catalog/Pages 2 0 R>>"
	plainPages   = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
	plainPage    = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>"
	plainText    = "<</Length 18>>\nstream\n0 0 m 100 100 l S \nendstream"
	fileID       = "/ID[<000102030405060708090A0B0C0D0E0F><000102030405060708090A0B0C0D0E0F>]"
)

func plainWith(catalog string, more ...string) []string {
	return append([]string{catalog, plainPages, plainPage, plainText}, more...)
}

// signedBefore are objects of a document that bears a signature in name only:
// what matters is what it forbids.
func signedBefore(references string) []string {
	return plainWith("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>",
		"<</Type/Annot/Subtype/Widget/FT/Sig/T(Old)/V 6 0 R/Rect[0 0 0 0]/F 132/P 3 0 R>>",
		"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents<00>/ByteRange[0 1 2 3]/Reference["+references+"]>>")
}

var vectors = map[string]vector{
	"plain": {objects: plainWith(plainCatalog), trailer: fileID,
		contain: []string{"/DocMDP", "/SubFilter/ETSI.CAdES.detached", "/SigFlags 3", "/ESIC", "/P 2", "<000102030405060708090A0B0C0D0E0F>"}},
	"no-id":    {objects: plainWith(plainCatalog)},
	"pdf20":    {objects: plainWith(plainCatalog), version: "2.0"},
	"no-eol":   {objects: plainWith(plainCatalog), end: "%"},
	"cr-eol":   {objects: plainWith(plainCatalog), end: "\r"},
	"front":    {objects: plainWith(plainCatalog), front: "MIME junk\r\n", want: ErrDocument},
	"info":     {objects: plainWith(plainCatalog, "<</Title(A \\(title\\))>>"), trailer: "/Info 5 0 R/Custom[1 .5 true null/N#20a]"},
	"p3":       {objects: plainWith(plainCatalog), opt: PDFOptions{Permissions: 3}, contain: []string{"/P 3"}},
	"approval": {objects: plainWith(plainCatalog), opt: PDFOptions{Kind: Approve}},
	"texts": {objects: plainWith(plainCatalog), opt: PDFOptions{Field: "Подпись", Name: "Аттестационная комиссия", Reason: "a (b\\",
		Location: "line\nbreak", Contact: "ad@example"}, contain: []string{`(a \(b\\)`, "<FEFF0410"}},
	"annots-indirect": {objects: []string{"<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Lang(ru)>>", plainPages,
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots 5 0 R>>", plainText, "[8 0 R]",
		"<</Fields 7 0 R/DA(/Helv 0 Tf)/DR<</Font<<>>>>/NeedAppearances false>>", "[8 0 R]",
		"<</Type/Annot/Subtype/Widget/FT/Tx/T(Signature1)/V(x)/Rect[10 10 90 30]/F 4/P 3 0 R>>"},
		contain: []string{"/T(Signature2)", "/DA(/Helv 0 Tf)", "/DR<</Font<<>>>>", "/Lang(ru)"}},
	"form-direct": {objects: plainWith("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/DR<<>>/SigFlags 1>>>>"), contain: []string{"/DR<<>>"}},
	"perms-kept":  {objects: plainWith("<</Type/Catalog/Pages 2 0 R/Perms 5 0 R>>", "<</Other(x)>>"), contain: []string{"/Other(x)"}},
	"extensions": {objects: plainWith("<</Type/Catalog/Pages 2 0 R/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>>>"),
		contain: []string{"/ADBE", "/ESIC"}},
	"nested-pages": {objects: []string{plainCatalog, "<</Type/Pages/Kids[5 0 R 6 0 R]/Count 3/MediaBox[0 0 9 9]>>",
		"<</Type/Page/Parent 5 0 R>>", "<</Type/Page/Parent 6 0 R/Name(second)>>", "<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1>>",
		"<</Type/Pages/Parent 2 0 R/Kids[4 0 R 7 0 R]/Count 2>>", "<</Type/Page/Parent 6 0 R>>"},
		opt: PDFOptions{Page: 1}, contain: []string{"/Name(second)"}},
	"empty-field": {objects: plainWith("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>",
		"<</T<FEFF0433>/Kids[6 0 R]>>",
		"<</Type/Annot/Subtype/Widget/Parent 5 0 R/FT/Sig/T(head)/Rect[0 0 0 0]/F 132/P 3 0 R/Lock<</Action/Include/Fields[(a)(b)]>>>>"),
		opt: PDFOptions{Field: "г.head"}, contain: []string{"/FieldMDP", "/Action/Include", "/Fields[(a) (b)]", "/Data 1 0 R"}},
	"approved-before": {objects: signedBefore("<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(a)]>>>>"),
		contain: []string{"/T(Signature1)"}},
	"certified-before": {objects: signedBefore("<</TransformMethod/DocMDP/TransformParams<</P 2>>>>")},

	"certify-signed":  {objects: signedBefore(""), opt: PDFOptions{Kind: Certify}, want: ErrSigned},
	"p1":              {objects: signedBefore("<</TransformMethod/DocMDP/TransformParams<</P 1>>>>"), want: ErrNotPermitted},
	"p-unknown":       {objects: signedBefore("<</TransformMethod/DocMDP/TransformParams<</P 9>>>>"), want: ErrNotPermitted},
	"locked-all":      {objects: signedBefore("<</TransformMethod/FieldMDP/TransformParams<</Action/All>>>>"), want: ErrNotPermitted},
	"locked-name":     {objects: signedBefore("<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(Signature1)]>>>>"), want: ErrNotPermitted},
	"locked-others":   {objects: signedBefore("<</TransformMethod/FieldMDP/TransformParams<</Action/Exclude/Fields[(a)]>>>>"), want: ErrNotPermitted},
	"locked-document": {objects: signedBefore("<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[]/P 1>>>>"), want: ErrNotPermitted},
	"perms-only": {objects: plainWith("<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 5 0 R>>>>",
		"<</Type/Sig/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]>>"), want: ErrNotPermitted},
	"field-signed":  {objects: signedBefore(""), opt: PDFOptions{Field: "Old"}, want: ErrField},
	"field-type":    {objects: plainWith("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>", "<</FT/Tx/T(a)>>"), opt: PDFOptions{Field: "a"}, want: ErrField},
	"field-dot":     {objects: plainWith(plainCatalog), opt: PDFOptions{Field: "a.b"}, want: ErrField},
	"field-seed":    {objects: plainWith("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>", "<</FT/Sig/T(a)/SV<</Ff 1/Filter/X>>>>"), opt: PDFOptions{Field: "a"}, want: ErrField},
	"field-loop":    {objects: plainWith("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>", "<</T(a)/Kids[5 0 R]>>"), want: ErrDocument},
	"page-loop":     {objects: []string{plainCatalog, "<</Type/Pages/Kids[2 0 R]/Count 1>>"}, want: ErrDocument},
	"page-absent":   {objects: plainWith(plainCatalog), opt: PDFOptions{Page: 1}, want: ErrPage},
	"annots-type":   {objects: []string{plainCatalog, plainPages, "<</Type/Page/Parent 2 0 R/Annots 7>>"}, want: ErrDocument},
	"form-type":     {objects: plainWith("<</Type/Catalog/Pages 2 0 R/AcroForm 7>>"), want: ErrDocument},
	"no-catalog":    {objects: []string{"null"}, want: ErrDocument},
	"duplicate-key": {objects: plainWith("<</Type/Catalog/Pages 2 0 R/Pages 3 0 R>>"), want: ErrDocument},
	"encrypted":     {objects: plainWith(plainCatalog), trailer: fileID + "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(x)/U(y)>>", want: ErrEncrypted},
	"truncated":     {objects: plainWith(plainCatalog), want: ErrDocument, mutate: func(b []byte) []byte { return b[:len(b)/2] }},
	"startxref": {objects: plainWith(plainCatalog), want: ErrDocument,
		mutate: func(b []byte) []byte { return bytes.Replace(b, []byte("startxref\n"), []byte("startxref\n9"), 1) }},
	"size":      {objects: plainWith(plainCatalog), want: ErrDocument, mutate: func(b []byte) []byte { return bytes.Replace(b, []byte("/Size 5"), []byte("/Size 3"), 1) }},
	"not-a-pdf": {objects: plainWith(plainCatalog), want: ErrDocument, mutate: func([]byte) []byte { return []byte("PK\x03\x04") }},
	"empty":     {objects: plainWith(plainCatalog), want: ErrDocument, mutate: func([]byte) []byte { return nil }},

	"bad-kind":        {objects: plainWith(plainCatalog), opt: PDFOptions{Kind: "seal"}, want: ErrOptions},
	"bad-permissions": {objects: plainWith(plainCatalog), opt: PDFOptions{Permissions: 4}, want: ErrOptions},
	"approval-p":      {objects: plainWith(plainCatalog), opt: PDFOptions{Kind: Approve, Permissions: 1}, want: ErrOptions},
}

func (v vector) build() []byte {
	var b bytes.Buffer
	b.WriteString(v.front)
	start := b.Len()
	version := v.version
	if version == "" {
		version = "1.7"
	}
	fmt.Fprintf(&b, "%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n", version)
	var offsets []int
	for i, o := range v.objects {
		offsets = append(offsets, b.Len()-start)
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len() - start
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF", len(offsets)+1, v.trailer, xref)
	switch v.end {
	case "":
		b.WriteString("\n")
	case "%": // no end of line
	default:
		b.WriteString(v.end)
	}
	if v.mutate != nil {
		return v.mutate(b.Bytes())
	}
	return b.Bytes()
}

// The files are what the table says, and all of them are in the table.
func TestVectorFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/pdf/*.pdf")
	if err != nil {
		t.Fatal(err)
	}
	var have, want []string
	for _, f := range files {
		have = append(have, strings.TrimSuffix(filepath.Base(f), ".pdf"))
	}
	for name, v := range vectors {
		want = append(want, name)
		path := filepath.Join("testdata/pdf", name+".pdf")
		if *update {
			if err := os.WriteFile(path, v.build(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got := read(t, path); !bytes.Equal(got, v.build()) {
			t.Errorf("%s is out of date: go test ./signer -run TestVectorFiles -update", path)
		}
	}
	sort.Strings(have)
	sort.Strings(want)
	if !*update && strings.Join(have, " ") != strings.Join(want, " ") {
		t.Errorf("files are %v, table is %v", have, want)
	}
}
