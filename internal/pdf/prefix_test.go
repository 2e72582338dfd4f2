package pdf

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrefix reads every vector with beginnings of it known beforehand: that
// objects were read before must not change what they are, nor what is said of
// them. Between, other documents with the same beginning fill it.
func TestPrefix(t *testing.T) {
	files, err := filepath.Glob("testdata/vectors/*.pdf")
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors", err)
	}
	hits := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := everything(data, nil)
		lengths := []int{len(data) / 3, len(data) * 2 / 3, len(data) - 1, len(data)}
		if i := bytes.Index(data, []byte("endobj")); i > 0 {
			lengths = append(lengths, i+len("endobj")) // where another byte makes another word
		}
		for _, n := range lengths {
			p := NewPrefix(data[:n])
			if got := everything(data, p); got != want {
				t.Errorf("%s: another result while %d bytes are learnt:\n%s\nwant\n%s", name, n, got, want)
			}
			if objects := p.objects.Load(); objects != nil {
				hits += len(*objects)
			}
			// Another document that goes on differently, one byte after the prefix.
			other := append(bytes.Clone(data[:n]), data[n:]...)
			if n < len(other) {
				other[n] = 'x'
			}
			if got, want := everything(other, p), everything(other, nil); got != want {
				t.Errorf("%s: another result for another document with the same %d bytes:\n%s\nwant\n%s", name, n, got, want)
			}
			if got := everything(data, p); got != want {
				t.Errorf("%s: another result with %d bytes known:\n%s\nwant\n%s", name, n, got, want)
			}
			// And one that differs within.
			other = bytes.Clone(data)
			other[n/2] ^= 0x11
			if got, want := everything(other, p), everything(other, nil); got != want {
				t.Errorf("%s: another result for a document that differs at %d:\n%s\nwant\n%s", name, n/2, got, want)
			}
		}
	}
	if hits < 100 {
		t.Errorf("only %d objects were kept: nothing was tested", hits)
	}
}

// TestPrefixBeyond: of a document that is less than the memory it stands in, no
// more is known than it has.
func TestPrefixBeyond(t *testing.T) {
	data, err := os.ReadFile("testdata/vectors/object-across-revisions.pdf")
	if err != nil {
		t.Fatal(err)
	}
	p := NewPrefix(data)
	everything(data, p)
	for size := range len(data) {
		open := func(p *Prefix) string {
			return transcript(Open(Memory(data), int64(size), &Options{AllowLocked: true, Prefix: p}))
		}
		if got, want := open(p), open(nil); got != want {
			t.Errorf("the first %d bytes:\n%s\nwant\n%s", size, got, want)
		}
	}
}

// TestPrefixCost: many objects in the same bytes are not all kept.
func TestPrefixCost(t *testing.T) {
	const n = 200
	var heads, table strings.Builder
	fmt.Fprint(&table, "xref\n0 201\n0000000000 65535 f \n")
	const start = "%PDF-1.7\n"
	for i := range n { // each header ends in a comment, with the next in it
		fmt.Fprintf(&table, "%010d 00000 n \n", len(start)+heads.Len())
		fmt.Fprintf(&heads, "%d 0 obj %%", i+1)
	}
	body := start + heads.String() + "\n[" + strings.Repeat("[]", 5000) + "]\nendobj\n"
	file := body + table.String() + fmt.Sprintf("trailer\n<</Size 201/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(body))
	p := NewPrefix([]byte(body))
	everything([]byte(file), p)
	objects := p.objects.Load()
	if objects == nil || len(*objects) == 0 || len(*objects) > 10 {
		t.Errorf("%v objects of 200, of 10,000 parts each, are kept", objects != nil && len(*objects) > 10)
	}
}

// everything is the transcript of a document and, for plain files, which bytes
// each object takes and how it is written anew.
func everything(data []byte, p *Prefix) string {
	doc, err := Open(Memory(data), int64(len(data)), &Options{AllowLocked: true, Prefix: p})
	text := transcript(doc, err)
	if err != nil {
		return text
	}
	var b strings.Builder
	for _, r := range doc.Revisions() {
		refs, err := r.Changed()
		fmt.Fprintln(&b, err)
		for _, ref := range refs {
			got, err := r.get(ref)
			if s, ok := got.obj.(*Stream); ok {
				if s.doc != doc {
					fmt.Fprint(&b, "a stream of another document ")
				}
				fmt.Fprintln(&b, s.start, s.length, s.ref, s.plain)
				got.obj = s.Dict
			}
			fmt.Fprintln(&b, ref, got.start, got.end, got.perRev, err)
			withPlaces(&b, got.obj)
		}
	}
	return text + b.String()
}

func withPlaces(b *strings.Builder, o Object) {
	switch o := o.(type) {
	case *Dict:
		fmt.Fprintln(b, "<<", o.start, o.end, o.inFile, o.dup)
		for _, e := range o.entries {
			fmt.Fprint(b, e.key, " ", e.start, e.end, " ")
			withPlaces(b, e.value)
		}
	case Array:
		fmt.Fprintln(b, "[", len(o))
		for _, e := range o {
			withPlaces(b, e)
		}
	default:
		fmt.Fprintf(b, "%T %v\n", o, o)
	}
}

// FuzzPrefix holds a document, and another with the same beginning, against the
// same without a prefix.
func FuzzPrefix(f *testing.F) {
	files, err := filepath.Glob("testdata/vectors/*.pdf")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, uint16(len(data)*2/3), uint16(len(data)-20), byte('1'))
	}
	f.Fuzz(func(t *testing.T, data []byte, n, at uint16, b byte) {
		if len(data) > 64<<10 || int(n) > len(data) || int(at) >= len(data) {
			return
		}
		other := bytes.Clone(data)
		other[at] = b
		p := NewPrefix(data[:n])
		for _, doc := range [][]byte{data, other, data} {
			if got, want := everything(doc, p), everything(doc, nil); got != want {
				t.Fatalf("%s\nwant\n%s", got, want)
			}
		}
	})
}
