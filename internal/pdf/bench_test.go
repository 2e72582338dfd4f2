package pdf

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/oracle"
)

// typicalFile is some 100 kB: a page, 300 small objects, a few streams, one update.
func typicalFile(streams bool) []byte {
	b := basic()
	for i := range 300 {
		b.obj(20+i, fmt.Sprintf("<< /Type /Annot /Subtype /Link /Rect [10 %d 200 %d] /Border [0 0 0] /A << /S /URI /URI (https://example.org/%d) >> /P 3 0 R >>", i, i+10, i))
	}
	for i := range 4 {
		b.stream(400+i, "", bytes.Repeat([]byte("0 0 m 100 100 l S\n"), 700))
	}
	if streams {
		return b.xrefStream(500, "").obj(501, "<< /Type /Sig >>").xrefStream(502, "").Bytes()
	}
	return b.table("").obj(501, "<< /Type /Sig >>").table("").Bytes()
}

func BenchmarkOpenCatalog(b *testing.B) {
	for _, c := range []struct {
		name    string
		streams bool
	}{{"table", false}, {"stream", true}} {
		b.Run(c.name, func(b *testing.B) {
			file := typicalFile(c.streams)
			b.ReportAllocs()
			b.ReportMetric(float64(len(file))/1000, "kB")
			for b.Loop() {
				d, err := openBytes(file, nil)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := d.Last().Catalog(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReadAll(b *testing.B) {
	for _, c := range []struct {
		name    string
		streams bool
	}{{"table", false}, {"stream", true}} {
		b.Run(c.name, func(b *testing.B) {
			file := typicalFile(c.streams)
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				d, err := openBytes(file, nil)
				if err != nil {
					b.Fatal(err)
				}
				for _, r := range d.Revisions() {
					refs, err := r.Changed()
					if err != nil {
						b.Fatal(err)
					}
					for _, ref := range refs {
						if _, err := r.Get(ref); err != nil {
							b.Fatal(err)
						}
					}
				}
			}
		})
	}
}

// largeFile is a file of 100 MB that exists only as its head and tail; what
// lies between is one stream of zeros.
type largeFile struct {
	head, tail []byte
	gap        int64
}

func newLargeFile() *largeFile {
	const gap = 100 << 20
	b := basic()
	fmt.Fprintf(b, "5 0 obj\n<< /Length %d >>\nstream\n", gap)
	head := bytes.Clone(b.Bytes())
	delete(b.offs, 5)
	tail := appended(append(bytes.Clone(head), "\nendstream\nendobj\nstartxref 0\n"...))
	for n, off := range b.offs {
		tail.offs[n] = off
	}
	tail.offs[5] = int64(bytes.Index(head, []byte("5 0 obj\n<< /Length")))
	tail.last = 0
	cut := len(head)
	tail.Truncate(cut + len("\nendstream\nendobj\n"))
	tail.obj(6, "(behind the stream)")
	tail.offs[6] += gap
	at := tail.at()
	tail.table("")
	body := retarget(tail.Bytes(), at, at+gap)
	return &largeFile{head: head, tail: body[cut:], gap: gap}
}

func (f *largeFile) size() int64 { return int64(len(f.head)) + f.gap + int64(len(f.tail)) }

func (f *largeFile) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) {
		at := off + int64(n)
		switch end := int64(len(f.head)) + f.gap; {
		case at < int64(len(f.head)):
			n += copy(p[n:], f.head[at:])
		case at < end:
			z := p[n:min(len(p), n+int(end-at))]
			clear(z)
			n += len(z)
		default:
			c := copy(p[n:], f.tail[at-end:])
			if n += c; c == 0 {
				return n, fmt.Errorf("read behind the end")
			}
		}
	}
	return n, nil
}

func openLarge(f *largeFile) (*Document, error) {
	d, err := Open(f, f.size(), nil)
	if err != nil {
		return nil, err
	}
	for num := range uint32(6) {
		if _, err := d.Last().Get(Ref{Num: num + 1}); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func TestLargeFile(t *testing.T) {
	f := newLargeFile()
	took, peak := bounded.Measure(func() {
		d, err := openLarge(f)
		if err != nil {
			t.Fatal(err)
		}
		if w := d.Warnings(); len(w) > 0 {
			t.Errorf("warnings: %v", w)
		}
		s, err := d.Last().Stream(Ref{Num: 5})
		if err != nil {
			t.Fatal(err)
		}
		if s.Raw().Size() != f.gap {
			t.Errorf("stream of %d bytes", s.Raw().Size())
		}
	})
	t.Logf("%d MB: %v, heap grew by %d kB", f.size()>>20, took, peak>>10)
	if peak > 1<<20 {
		t.Errorf("heap grew by %d kB", peak>>10)
	}
}

func BenchmarkOpen100MB(b *testing.B) {
	f := newLargeFile()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := openLarge(f); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCorpusFile reads every object of the corpus's largest file.
func BenchmarkCorpusFile(b *testing.B) {
	file, err := os.ReadFile(filepath.Join(oracle.Corpus(b, "pdf-signatures", "files"), "minimal-signed-twice-both-created.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := openBytes(file, nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range d.Revisions() {
			for e, err := range r.Entries() {
				if err != nil {
					b.Fatal(err)
				}
				if _, err := r.Get(e.Ref); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}
