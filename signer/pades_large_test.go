package signer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// largeDoc is a document of about size bytes, most of them in one stream, that
// is never in memory as a whole.
type largeDoc struct {
	front, back []byte
	fill        int64
}

func newLargeDoc(size int64) *largeDoc {
	const mark = "@@@"
	v := vector{objects: plainWith(plainCatalog, fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", size, mark))}
	front, back, _ := strings.Cut(string(v.build()), mark)
	stated := strings.LastIndex(back, "startxref\n") + len("startxref\n")
	var old int64
	fmt.Sscan(back[stated:], &old)
	back = back[:stated] + fmt.Sprintf("%d\n%%%%EOF\n", old+size-int64(len(mark)))
	return &largeDoc{[]byte(front), []byte(back), size}
}

func (d *largeDoc) size() int64 { return int64(len(d.front)+len(d.back)) + d.fill }

func (d *largeDoc) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) {
		var c int
		switch at := off + int64(n); {
		case at < int64(len(d.front)):
			c = copy(p[n:], d.front[at:])
		case at < int64(len(d.front))+d.fill:
			c = int(min(int64(len(p)-n), int64(len(d.front))+d.fill-at))
			clear(p[n : n+c])
		case at < d.size():
			c = copy(p[n:], d.back[at-int64(len(d.front))-d.fill:])
		default:
			return n, io.EOF
		}
		n += c
	}
	return n, nil
}

// Signing 100 MB allocates what signing 1 MB does.
func TestSignPDFMemory(t *testing.T) {
	id := testPKI(t, KeyP256).Signer
	var allocated [2]uint64
	for i, size := range []int64{1 << 20, 100 << 20} {
		d := newLargeDoc(size)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		count := &counter{}
		if err := id.SignPDF(context.Background(), count, d, d.size(), PDFOptions{}); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		allocated[i] = after.TotalAlloc - before.TotalAlloc
		if count.n < d.size()+int64(id.HoleSize()) {
			t.Errorf("%d bytes written of %d", count.n, d.size())
		}
	}
	t.Logf("%d kB for 1 MB, %d kB for 100 MB", allocated[0]>>10, allocated[1]>>10)
	const limit = 4 << 20
	if allocated[1] > limit {
		t.Errorf("%d bytes allocated in all, want at most %d", allocated[1], limit)
	}
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

// A document whose offsets need more than 32 bits is signed, as far as ten
// digits go.
func TestSignPDFHuge(t *testing.T) {
	id := testPKI(t, KeyP256).Signer
	d := newLargeDoc(10_000_000_000)
	p, err := id.plan(d, d.size(), PDFOptions{})
	if err == nil || p != nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("offsets of eleven digits: %v", err)
	}
	d = newLargeDoc(5 << 30)
	if p, err = id.plan(d, d.size(), PDFOptions{}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(p.tail, []byte("/Prev 5368")) || !bytes.Contains(p.tail, []byte("\n5368")) {
		t.Errorf("no large offsets in\n%s", hexRun.ReplaceAll(p.tail, nil))
	}
}

func BenchmarkSignPDF(b *testing.B) {
	id := testPKI(b, KeyP256).Signer
	for _, size := range []int64{100_000, 100 << 20} {
		d := newLargeDoc(size)
		b.Run(fmt.Sprintf("%dkB/sign", size/1000), func(b *testing.B) {
			b.SetBytes(d.size())
			b.ReportAllocs()
			for b.Loop() {
				if err := id.SignPDF(context.Background(), io.Discard, d, d.size(), PDFOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%dkB/sha256", size/1000), func(b *testing.B) {
			b.SetBytes(d.size())
			for b.Loop() {
				h := sha256.New()
				if err := copyOriginal(context.Background(), h, d, d.size()); err != nil {
					b.Fatal(err)
				}
				h.Sum(nil)
			}
		})
	}
}
