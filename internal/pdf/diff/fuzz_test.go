package diff_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pdf/diff"
)

func dict(t testing.TB, rev *pdf.Revision, num uint32) *pdf.Dict {
	t.Helper()
	d, err := rev.Dict(pdf.Ref{Num: num})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// FuzzCompare appends a revision to a signed document: its objects and its
// cross-reference are the input. Whatever is appended, the words that the pages
// show stay the same, or it is refused.
func FuzzCompare(f *testing.F) {
	base := read(f, "testdata/legitimate/unchanged-p2.pdf")
	signed := len(base)
	files, err := filepath.Glob("testdata/*/*.pdf")
	if err != nil || len(files) == 0 {
		f.Fatal("no vectors")
	}
	for _, path := range files {
		if b := read(f, path); len(b) > signed && len(b) < 2*signed && bytes.Equal(b[:signed], base) {
			f.Add(b[signed:])
		}
	}
	f.Fuzz(func(t *testing.T, tail []byte) {
		data := append(base[:signed:signed], tail...)
		bounded.Run(t, data, func() { compareFuzzed(t, data, int64(signed), 2) })
	})
}

// FuzzObjects appends a revision that is well-formed but for its objects: the
// input is three of them. The same must hold.
func FuzzObjects(f *testing.F) {
	base := read(f, "testdata/legitimate/unchanged-p3.pdf")
	signed := len(base)
	for _, r := range rows(f) {
		var nums [3]uint8
		var bodies [3][]byte
		n := 0
		data := read(f, filepath.Join("testdata", filepath.FromSlash(r.file)))
		doc, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
		if err != nil {
			continue
		}
		changed, _ := doc.Last().Changed()
		for _, ref := range changed {
			from, to, err := doc.Last().ObjectSpan(ref)
			if err != nil || from < 0 || to-from > 4000 || n == 3 || doc.Last().Index == 0 {
				continue
			}
			_, body, _ := bytes.Cut(data[from:to], []byte("obj\n"))
			nums[n], bodies[n] = uint8(ref.Num), bytes.TrimSuffix(body, []byte("\nendobj"))
			n++
		}
		f.Add(nums[0], bodies[0], nums[1], bodies[1], nums[2], bodies[2], uint8(2))
		f.Add(nums[0], bodies[0], nums[1], bodies[1], nums[2], bodies[2], uint8(3))
	}
	doc, err := pdf.Open(bytes.NewReader(base), int64(signed), nil)
	if err != nil {
		f.Fatal(err)
	}
	trailer, err := pdf.AppendObject(nil, doc.Last().Trailer())
	if err != nil {
		f.Fatal(err)
	}
	trailer = bytes.TrimSuffix(trailer, []byte(">>"))
	prev := doc.Last().XRefOffset
	f.Fuzz(func(t *testing.T, n1 uint8, b1 []byte, n2 uint8, b2 []byte, n3 uint8, b3 []byte, p uint8) {
		data := base[:signed:signed]
		nums, bodies := [3]uint8{n1, n2, n3}, [3][]byte{b1, b2, b3}
		table := "xref\n"
		for i, n := range nums {
			if n == 0 {
				continue
			}
			table += fmt.Sprintf("%d 1\n%010d 00000 n\r\n", n, len(data))
			data = append(fmt.Appendf(data, "%d 0 obj\n", n), bodies[i]...)
			data = append(data, "\nendobj\n"...)
		}
		at := len(data)
		data = append(append(data, table+"trailer\n"...), trailer...)
		data = fmt.Appendf(data, " /Prev %d>>\nstartxref\n%d\n%%%%EOF\n", prev, at)
		bounded.Run(t, data, func() { compareFuzzed(t, data, int64(signed), int(p%4)) })
	})
}

// compareFuzzed compares what follows the signed bytes: whatever is allowed
// leaves what the pages show as it was.
func compareFuzzed(t *testing.T, data []byte, signed int64, p int) {
	doc, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return
	}
	revs := doc.Revisions()
	i := 0
	for ; i < len(revs) && revs[i].End != signed; i++ {
	}
	if i == len(revs) {
		return
	}
	res, err := diff.Compare(context.Background(), doc, revs[i], diff.Options{DocMDP: p})
	if err != nil {
		t.Fatal(err)
	}
	if res.Level == diff.None && len(revs) > i+1 {
		t.Error("none, with a revision after the signed one")
	}
	if !res.Allowed {
		return
	}
	was, is := shown(t, revs[i]), shown(t, doc.Last())
	if !bytes.Equal(was, is) {
		t.Errorf("allowed, but the pages show %q, not %q", is, was)
	}
	if why := naiveDiffers(t, doc, data); why != "" {
		t.Errorf("allowed, but a reader that searches for objects sees %s", why)
	}
}

// shown returns what the pages are drawn from: content, resources, geometry.
func shown(t *testing.T, rev *pdf.Revision) []byte {
	pages, err := rev.Pages()
	if err != nil {
		return []byte("none: " + err.Error())
	}
	var out []byte
	w := walker{rev: rev, seen: map[pdf.Ref]bool{}}
	for _, p := range pages {
		for _, o := range []pdf.Object{p.Dict.Get("Contents"), p.Resources, p.MediaBox, p.CropBox, p.Rotate} {
			out = w.append(out, o, 0)
		}
	}
	return out
}

type walker struct {
	rev  *pdf.Revision
	seen map[pdf.Ref]bool
}

func (w walker) append(out []byte, o pdf.Object, depth int) []byte {
	if depth > 50 {
		return out
	}
	switch v := o.(type) {
	case pdf.Ref:
		if w.seen[v] {
			return append(out, '^')
		}
		w.seen[v] = true
		o, err := w.rev.Get(v)
		if err != nil {
			return append(out, "broken"...)
		}
		return w.append(out, o, depth+1)
	case pdf.Array:
		for _, e := range v {
			out = w.append(append(out, ' '), e, depth+1)
		}
	case *pdf.Dict:
		for k, e := range v.All() {
			out = w.append(append(append(out, '/'), k...), e, depth+1)
		}
	case *pdf.Stream:
		out = w.append(out, v.Dict, depth+1)
		b, _ := v.Decode(0)
		return append(out, b...)
	default:
		b, err := pdf.AppendObject(nil, o)
		if err != nil {
			return append(out, "broken"...)
		}
		return append(out, b...)
	}
	return out
}
