package pdf

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRevisionsSeeTheirTime reads one object at each revision of a file in
// which it is added, changed, freed and added again.
func TestRevisionsSeeTheirTime(t *testing.T) {
	b := basic().table("").obj(5, "(one)").table("").obj(5, "(two)").table("")
	at := b.at()
	fmt.Fprintf(b, "xref\n5 1\n0000000000 00001 f \ntrailer\n<< /Root 1 0 R /Size 6 /Prev %d >>\n", b.last)
	b.end(at)
	b.objStm(7, "", []int{5}, []string{"(three)"}).xrefStream(8, "", row{5, 2, 7, 0})
	file := b.Bytes()
	d := mustOpen(t, file, nil)
	want := []Object{nil, String("one"), String("two"), nil, String("three")}
	changed := [][]Ref{{{1, 0}, {2, 0}, {3, 0}, {4, 0}}, {{5, 0}}, {{5, 0}}, {{5, 1}}, {{5, 0}, {7, 0}, {8, 0}}}
	if len(d.Revisions()) != len(want) {
		t.Fatalf("%d revisions", len(d.Revisions()))
	}
	for i, r := range d.Revisions() {
		if got, err := r.Get(Ref{Num: 5}); err != nil || got != want[i] {
			t.Errorf("revision %d: got %v %v, want %v", i, got, err, want[i])
		}
		if got, err := r.Changed(); err != nil || !slices.Equal(got, changed[i]) {
			t.Errorf("revision %d changed %v %v, want %v", i, got, err, changed[i])
		}
		if !bytes.HasSuffix(file[:r.End], []byte("%%EOF\n")) {
			t.Errorf("revision %d ends at %d", i, r.End)
		}
		// A reader of the bytes so far must see the same.
		alone := mustOpen(t, file[:r.End], nil)
		if got, err := alone.Last().Get(Ref{Num: 5}); err != nil || got != want[i] || len(alone.Revisions()) != i+1 {
			t.Errorf("alone, revision %d: got %v %v, want %v", i, got, err, want[i])
		}
	}
	if w := d.Warnings(); len(w) > 0 {
		t.Errorf("warnings: %v", w)
	}
}

// TestLengthOfItsTime: an update that replaces only the object behind an
// indirect /Length changes the stream of that revision, and of no earlier one.
func TestLengthOfItsTime(t *testing.T) {
	b := basic().obj(5, "<< /Length 6 0 R >>\nstream\nab\nendstream is not here\nendstream").obj(6, "2").table("")
	b.obj(6, "24").table("")
	d := mustOpen(t, b.Bytes(), nil)
	for i, want := range []string{"ab", "ab\nendstream is not here"} {
		s, err := d.Revisions()[i].Stream(Ref{Num: 5})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Decode(0); err != nil || string(got) != want {
			t.Errorf("revision %d: %q %v, want %q", i, got, err, want)
		}
	}
}

// corpusMoved lists the files whose signature dictionary was copied elsewhere.
var corpusMoved = map[string]bool{
	"test_copy_encrypted_signed_file-14ef20de.pdf":    true,
	"test_tamper_sig_obj_policy1-False_-5ab247d1.pdf": true,
}

// TestCorpusContentsSpan: in every signed file of the corpus the bytes that
// /ByteRange leaves out are /Contents, as found by Span.
func TestCorpusContentsSpan(t *testing.T) {
	passwords := corpusPasswords(t)
	found := 0
	for _, path := range corpusFiles(t) {
		name := filepath.Base(path)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d := mustOpen(t, b, &Options{Password: passwords[name], AllowLocked: true})
		for _, r := range d.Revisions() {
			refs, err := r.Changed()
			if err != nil {
				t.Fatal(err)
			}
			for _, ref := range refs {
				sig, err := r.Dict(ref)
				if err != nil || !sig.Has("ByteRange") || d.Locked() != nil {
					continue
				}
				br, err := r.Array(sig.Get("ByteRange"))
				if err != nil || len(br) != 4 {
					t.Fatalf("%s: /ByteRange %v %v", name, br, err)
				}
				start, end, ok := sig.Span("Contents")
				if corpusMoved[name] {
					continue
				}
				if !ok || start != int64(br[1].(Integer)) || end != int64(br[2].(Integer)) {
					t.Errorf("%s: /Contents at [%d,%d) %v, /ByteRange %v", name, start, end, ok, br)
					continue
				}
				contents, _ := sig.Get("Contents").(String)
				raw, err := hex.DecodeString(strings.Trim(string(b[start:end]), "<>"))
				if err != nil || string(raw) != string(contents) {
					t.Errorf("%s: /Contents of %v differ from the file: %v", name, ref, err)
				}
				found++
			}
		}
	}
	t.Logf("%d signatures", found)
	if found < 120 {
		t.Errorf("only %d signatures", found)
	}
}

func TestOverlaps(t *testing.T) {
	b := basic()
	b.obj(5, "<< /Contents (6 0 obj << /Evil true >> endobj) >>")
	b.offs[6] = b.offs[5] + int64(strings.Index("5 0 obj\n<< /Contents (6", "6"))
	b.stream(7, "", []byte("8 0 obj 1 endobj"))
	b.offs[8] = b.offs[7] + int64(bytes.Index(b.Bytes()[b.offs[7]:], []byte("8 0 obj")))
	d := mustOpen(t, b.table("").obj(9, "1").table("").Bytes(), nil)
	got, err := d.Last().Overlaps()
	if err != nil {
		t.Fatal(err)
	}
	pairs := ""
	for _, o := range got {
		pairs += fmt.Sprintf("%d in %d; ", o.Inner.Ref.Num, o.Outer.Ref.Num)
	}
	if pairs != "6 in 5; 8 in 7; " {
		t.Errorf("got %q", pairs)
	}
	if got, err := mustOpen(t, richFile(), nil).Last().Overlaps(); err != nil || len(got) > 0 {
		t.Errorf("clean file: %v %v", got, err)
	}
}

func TestPages(t *testing.T) {
	b := newBuilder()
	b.obj(1, "<< /Type /Catalog /Pages 2 0 R >>")
	b.obj(2, "<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 3 /MediaBox [0 0 1 1] /Rotate 90 >>")
	b.obj(3, "<< /Type /Pages /Parent 2 0 R /Kids [4 0 R 5 0 R] /Count 2 /MediaBox [0 0 2 2] /Resources 9 0 R >>")
	b.obj(4, "<< /Type /Page /Parent 3 0 R >>")
	b.obj(5, "<< /Type /Page /Parent 3 0 R /MediaBox [0 0 5 5] /Rotate 0 >>")
	b.obj(6, "<< /Type /Page /Parent 2 0 R /CropBox [0 0 1 1] >>")
	d := mustOpen(t, b.table("").Bytes(), nil)
	pages, err := d.Last().Pages()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range pages {
		box := p.MediaBox.(Array)
		got = append(got, fmt.Sprint(p.Ref.Num, box[2], p.Rotate, p.Resources, p.CropBox != nil, len(p.Path)))
	}
	want := []string{"4 2 90 9 0 R false 2", "5 5 0 9 0 R false 2", "6 1 90 <nil> true 1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if w := d.Warnings(); len(w) > 0 {
		t.Errorf("warnings: %v", w)
	}
}

func TestAccessors(t *testing.T) {
	d := mustOpen(t, basic().obj(5, "[true 7 1.5 (s) /N [] << >> 4 0 R null 99 0 R]").table("").Bytes(), nil)
	r := d.Last()
	a, err := r.Array(Ref{Num: 5})
	if err != nil || len(a) != 10 {
		t.Fatal(a, err)
	}
	accessors := []struct {
		name string
		get  func(Object) (any, error)
		ok   []int
	}{
		{"Bool", func(o Object) (any, error) { return r.Bool(o) }, []int{0, 8, 9}},
		{"Int", func(o Object) (any, error) { return r.Int(o) }, []int{1, 8, 9}},
		{"Number", func(o Object) (any, error) { return r.Number(o) }, []int{1, 2, 8, 9}},
		{"Str", func(o Object) (any, error) { return r.Str(o) }, []int{3, 8, 9}},
		{"Name", func(o Object) (any, error) { return r.Name(o) }, []int{4, 8, 9}},
		{"Array", func(o Object) (any, error) { return r.Array(o) }, []int{5, 8, 9}},
		{"Dict", func(o Object) (any, error) { return r.Dict(o) }, []int{6, 8, 9}},
		{"Stream", func(o Object) (any, error) { return r.Stream(o) }, []int{7, 8, 9}},
	}
	for _, acc := range accessors {
		for i, o := range a {
			_, err := acc.get(o)
			if ok := slices.Contains(acc.ok, i); ok != (err == nil) || !ok && !errors.Is(err, ErrType) {
				t.Errorf("%s of %s: %v", acc.name, typeName(o), err)
			}
		}
	}
}

func TestDict(t *testing.T) {
	for _, n := range []int{2, 40} { // searched, and sorted
		var entries []DictEntry
		for i := range n {
			entries = append(entries, DictEntry{Name(fmt.Sprintf("K%d", n-i)), Integer(i)})
		}
		entries = append(entries, DictEntry{"K1", String("again")})
		d := NewDict(entries...)
		if d.Len() != n+1 || len(d.Keys()) != n || !slices.Equal(d.Duplicates(), []Name{"K1"}) {
			t.Errorf("%d entries, keys %v, duplicates %v", d.Len(), d.Keys(), d.Duplicates())
		}
		if d.Get("K1") != String("again") || d.Get("K2") != Integer(n-2) || d.Has("K0") || d.Get("K0") != nil {
			t.Errorf("values %v %v", d.Get("K1"), d.Get("K2"))
		}
		if _, _, ok := d.Span("K1"); ok {
			t.Error("a made dictionary has a span")
		}
		count := 0
		for range d.Entries() {
			count++
		}
		if count != n+1 {
			t.Errorf("%d entries", count)
		}
	}
	var none *Dict
	if none.Get("A") != nil || none.Len() != 0 || none.Has("A") || none.Duplicates() != nil {
		t.Error("nil dictionary is not empty")
	}
}

// TestReadErrors fails each read of a file in turn: what comes is a *ReadError
// or the right result, never a verdict on the file.
func TestReadErrors(t *testing.T) {
	broken := errors.New("broken disk")
	var pad strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&pad, "%% line %d\n", i)
	}
	b := basic()
	b.WriteString(pad.String())
	file := b.obj(5, "(far)").table("").Bytes()
	failed := 0
	for n := range 40 {
		r := &countingReader{file: file, failAt: n, err: broken}
		d, err := Open(r, int64(len(file)), nil)
		if err == nil {
			_, err = d.Last().Catalog()
		}
		if err == nil {
			_, err = d.Last().Get(Ref{Num: 5})
		}
		if r.failed {
			failed++
			var read *ReadError
			if !errors.As(err, &read) || !errors.Is(err, broken) || sentinelName(err) != "unnamed: "+err.Error() {
				t.Errorf("read %d: got %v", n, err)
			}
		} else if err != nil {
			t.Errorf("read %d: %v", n, err)
		}
	}
	if failed < 3 { // header, tail, and what is far from both
		t.Errorf("only %d reads failed", failed)
	}
}

type countingReader struct {
	file   []byte
	n      int
	failAt int
	failed bool
	err    error
}

func (c *countingReader) ReadAt(p []byte, off int64) (int, error) {
	if c.n++; c.n-1 == c.failAt {
		c.failed = true
		return 0, c.err
	}
	return bytes.NewReader(c.file).ReadAt(p, off)
}
