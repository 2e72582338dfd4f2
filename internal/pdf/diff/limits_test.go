package diff_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pdf/diff"
)

const (
	maxHostileTime  = 2 * time.Second
	maxHostileBytes = 80 << 20
)

// hostile are files of about a megabyte that cost as much as they can.
func hostile(t testing.TB) map[string][]byte {
	m := &maker{t: t}
	const info = "/Root 1 0 R"
	simple := func() *pdfFile {
		return m.newFile(map[int]string{
			1: "<</Type /Catalog /Pages 2 0 R>>", 2: "<</Type /Pages /Kids [3 0 R] /Count 1>>", 3: "<</Type /Page /Parent 2 0 R>>",
		}, info)
	}
	files := map[string][]byte{}

	// Lists of references to each other.
	f := simple()
	refs := ""
	for i := 10; i < 110; i++ {
		refs += fmt.Sprintf(" %d 0 R", i)
	}
	for i := 10; i < 110; i++ {
		f.put(i, "["+strings.Repeat(refs, 12)+"]")
	}
	f.add(1, "/A 10 0 R").save()
	for i := 10; i < 60; i++ {
		f.put(i, "["+refs+"]")
	}
	files["references"] = f.save().data

	// Tiny objects, all changed.
	f = simple()
	for i := 10; i < 9000; i++ {
		f.put(i, fmt.Sprintf("[%d 0 R %d 0 R]", i+1, i+1))
	}
	f.add(1, "/A 10 0 R").save()
	for i := 10; i < 9000; i++ {
		f.put(i, fmt.Sprintf("[%d 0 R 7]", i+1))
	}
	files["chain"] = f.save().data

	// As many revisions as fit.
	f = simple().save()
	for i := range 1000 {
		f.put(10+i, "1")
		for j := range 20 {
			f.put(2000+20*i+j, "0")
		}
		f.save()
	}
	files["revisions"] = f.data

	// Fields in a row, and a list of them that is searched for each.
	f = simple()
	fields := ""
	for i := 10; i < 6000; i++ {
		fields += fmt.Sprintf(" %d 0 R", i)
		f.put(i, fmt.Sprintf("<</FT /Tx /T (f%d)>>", i))
	}
	f.add(1, "/AcroForm <</Fields ["+fields+"]>>").save()
	for i := 10; i < 6000; i++ {
		f.put(i, fmt.Sprintf("<</FT /Tx /T (f%d) /V (x)>>", i))
	}
	files["fields"] = f.save().data

	// New annotations and fields, thousands of each.
	f = simple().save()
	annots, fields := "", ""
	for i := 10; i < 4000; i++ {
		annots += fmt.Sprintf(" %d 0 R", i)
		f.put(i, "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /AP <</N 5 0 R>>>>")
	}
	for i := 4000; i < 8000; i++ {
		fields += fmt.Sprintf(" %d 0 R", i)
		f.put(i, fmt.Sprintf("<</FT /Sig /T (s%d) /Rect [0 0 0 0]>>", i))
	}
	f.add(3, "/Annots ["+annots+"]").add(1, "/AcroForm <</Fields ["+fields+"]>>").stream(5, "/Subtype /Form /BBox [0 0 9 9]", strings.Repeat("0 0 m ", 30000))
	files["annotations"] = f.save().data

	// One object stream that holds everything, loaded for each.
	f = simple()
	var packed []int
	for i := 10; i < 20000; i++ {
		f.put(i, "[0]")
		packed = append(packed, i)
	}
	f.saveStream(packed...)
	for i := 10; i < 20000; i++ {
		f.put(i, "[1]")
	}
	files["object-streams"] = f.saveStream(packed...).data

	// Metadata written anew again and again.
	f = simple()
	f.stream(5, "", strings.Replace(xmp, "</rdf:Alt>", strings.Repeat("<rdf:li>x</rdf:li>", 200)+"</rdf:Alt>", 1)).add(1, "/Metadata 5 0 R").save()
	for i := range 200 {
		f.stream(5, "", strings.Replace(xmp, "</rdf:Alt>", strings.Repeat(fmt.Sprintf("<rdf:li>%d</rdf:li>", i), 200)+"</rdf:Alt>", 1)).save()
	}
	files["metadata"] = f.data

	// One text of the metadata in many parts, packed.
	f = simple()
	f.stream(5, "", xmp).add(1, "/Metadata 5 0 R").save()
	for range 3 {
		var packed bytes.Buffer
		z := zlib.NewWriter(&packed)
		fmt.Fprint(z, strings.Replace(xmp, "Contract", strings.Repeat("x<?a?>", 100_000), 1))
		z.Close()
		f.stream(5, "/Filter /FlateDecode", packed.String()).save()
	}
	files["metadata-parts"] = f.data

	// Nesting as deep as the parser allows, and deeper.
	f = simple()
	f.put(5, strings.Repeat("[", 120)+"1"+strings.Repeat("]", 120)).add(1, "/A 5 0 R").save()
	f.put(5, strings.Repeat("[", 100000)+"1"+strings.Repeat("]", 100000)).save()
	files["nesting"] = f.data

	// Fields below fields, and pages below pages, and round again.
	f = simple()
	for i := 10; i < 5000; i++ {
		f.put(i, fmt.Sprintf("<</FT /Tx /T (%d) /Kids [%d 0 R %d 0 R] /Parent 10 0 R>>", i, i+1, i+1))
	}
	f.put(5000, "<</Kids [10 0 R]>>")
	f.add(1, "/AcroForm <</Fields [10 0 R]>>").save()
	files["depth"] = f.put(4999, "<</FT /Tx /T (x) /V (y)>>").save().data
	// A quarter of a million objects, packed.
	f = simple()
	var zeros bytes.Buffer
	for rev := range 2 {
		var head, body []byte
		entries := map[int]xrefEntry{}
		const n = 60000
		for i := range n {
			head = fmt.Appendf(head, "%d %d ", 100+i, 4*i)
			body = fmt.Appendf(body, "[%d] ", rev)
			entries[100+i] = xrefEntry{2, 99 - rev, i}
		}
		zeros.Reset()
		z := zlib.NewWriter(&zeros)
		z.Write(append(head, body...))
		z.Close()
		f.stream(99-rev, fmt.Sprintf("/Type /ObjStm /N %d /First %d /Filter /FlateDecode", n, len(head)), zeros.String())
		if rev == 0 {
			var refs []byte
			for i := range n {
				refs = fmt.Appendf(refs, "%d 0 R ", 100+i)
			}
			f.add(1, "/A ["+string(refs)+"]")
		}
		for n, off := range f.objects() {
			entries[n] = xrefEntry{1, off, 0}
		}
		f.size = 100 + n
		f.xrefStream(entries)
	}
	files["packed"] = f.data
	return files
}

// TestHostile compares hostile files from their first revision on.
func TestHostile(t *testing.T) {
	for name, data := range hostile(t) {
		t.Run(name, func(t *testing.T) {
			elapsed, allocated, res := measure(t, data)
			t.Logf("%d bytes: %v, %d KiB allocated, level %v, %d changes", len(data), elapsed, allocated>>10, res.Level, len(res.Changes))
			if elapsed > maxHostileTime*raceFactor {
				t.Errorf("took %v", elapsed)
			}
			if per := allocated * (1 << 20) / uint64(max(len(data), 1<<20)); per > maxHostileBytes*raceFactor {
				t.Errorf("allocated %d MiB", allocated>>20)
			}
		})
	}
}

func measure(t *testing.T, data []byte) (time.Duration, uint64, *diff.Result) {
	doc, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var res *diff.Result
	elapsed := bounded.CPU(func() {
		res, err = diff.Compare(context.Background(), doc, doc.Revisions()[0], diff.Options{DocMDP: 2})
	})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	return elapsed, after.TotalAlloc - before.TotalAlloc, res
}

// TestUnknown lists what can't be compared.
func TestUnknown(t *testing.T) {
	m := &maker{t: t}
	f := m.newFile(map[int]string{1: "<</Pages 2 0 R>>", 2: "<</Type /Pages /Kids [] /Count 0>>"}, "/Root 9 0 R")
	f.save().put(3, "1").save()
	check(t, f.data, diff.KindUnreadable)

	small := pdf.Limits{Lex: 400}
	f = m.newFile(map[int]string{1: "<</Pages 2 0 R>>", 2: "<</Type /Pages /Kids [] /Count 0>>", 4: "[" + strings.Repeat("0 ", 500) + "]"}, "/Root 1 0 R")
	f.add(1, "/A 4 0 R").save().put(3, "1").save()
	doc, err := pdf.Open(bytes.NewReader(f.data), int64(len(f.data)), &pdf.Options{Limits: small})
	if err != nil {
		t.Fatal(err)
	}
	unknown(t, doc, diff.KindLimit)

	e := m.newFile(nil, "/Root 1 0 R /ID [<00> <00>] /Encrypt 5 0 R")
	e.put(5, e.encrypt("\x00")).put(1, "<</Pages 2 0 R>>").put(2, "<</Type /Pages /Kids [] /Count 0>>")
	e.edit(5, "/U <", "/U <ff") // of a password that nobody gave
	e.saveStream(1, 2).put(7, "1").save()
	doc, err = pdf.Open(bytes.NewReader(e.data), int64(len(e.data)), &pdf.Options{AllowLocked: true})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Locked() == nil {
		t.Fatal("not locked")
	}
	unknown(t, doc, diff.KindLocked)
}

func check(t *testing.T, data []byte, kind diff.Kind) {
	t.Helper()
	doc, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	unknown(t, doc, kind)
}

func unknown(t *testing.T, doc *pdf.Document, kind diff.Kind) {
	t.Helper()
	res, err := diff.Compare(context.Background(), doc, doc.Revisions()[0], diff.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if res.Level != diff.Unknown || res.Allowed || len(res.Changes) != 1 || res.Changes[0].Kind != kind {
		t.Errorf("%+v, want unknown for %s", res, kind)
	}
}

// TestErrors: a reader that fails and a context that ends are errors, no result.
func TestErrors(t *testing.T) {
	data := read(t, "testdata/attacks/content-overwritten.pdf")
	r := &failing{Reader: bytes.NewReader(data)}
	doc, err := pdf.Open(r, int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := diff.Compare(ctx, doc, doc.Revisions()[0], diff.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	big := append([]byte(nil), data...)
	doc, err = pdf.Open(&failing{Reader: bytes.NewReader(big)}, int64(len(big)), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := doc.ReaderAt().(*failing)
	f.fail = true
	// What the document keeps in memory may answer; a stream's data are read.
	if res, err := diff.Compare(context.Background(), doc, doc.Revisions()[0], diff.Options{}); err == nil && res.Allowed {
		t.Errorf("failing reader: %+v", res)
	}
}

var errDisk = errors.New("disk")

type failing struct {
	*bytes.Reader
	fail bool
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if f.fail {
		return 0, errDisk
	}
	return f.Reader.ReadAt(p, off)
}

var _ io.ReaderAt = (*failing)(nil)

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEveryObject replaces every object of a document certified with P=1, one
// at a time, by other things: nothing but freeing what is not used may pass.
func TestEveryObject(t *testing.T) {
	base := read(t, "testdata/legitimate/unchanged-p1.pdf")
	doc, err := pdf.Open(bytes.NewReader(base), int64(len(base)), nil)
	if err != nil {
		t.Fatal(err)
	}
	refs, err := doc.Last().Changed()
	if err != nil {
		t.Fatal(err)
	}
	m := &maker{t: t}
	for _, ref := range refs {
		for _, body := range []string{"", "null", "<<>>", "[]", "(x)", "<</Type /Annot /Subtype /Text /Rect [0 0 9 9]>>", "<</Length 0>>\nstream\n\nendstream"} {
			f := &pdfFile{m: m, data: bytes.Clone(base), objs: map[int]string{}, trailer: "/Root 1 0 R /Info 36 0 R", prev: int(doc.Last().XRefOffset), size: 60}
			f.begin()
			if body == "" {
				f.free(int(ref.Num))
			} else {
				f.put(int(ref.Num), body)
			}
			f.save()
			s := open(t, f.data, "").signature(t, "signer")
			if s == nil {
				t.Fatal("no signature")
			}
			res := s.compare(t)
			unused := ref.Num == oOrphan && body == ""
			if res.Allowed && !unused {
				t.Errorf("object %v became %q: %+v", ref, body, res)
			}
		}
	}
}
