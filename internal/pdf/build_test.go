package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"slices"
	"testing"
)

// builder writes test files: well-formed ones by its methods, others by
// editing what comes out.
type builder struct {
	bytes.Buffer
	offs map[int]int64 // of the objects written since the last cross-reference
	last int64         // offset of the last cross-reference
	root int           // of the catalog; 0 = 1
}

func newBuilder() *builder {
	b := &builder{offs: make(map[int]int64)}
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return b
}

func (b *builder) at() int64 { return int64(b.Len()) }

func (b *builder) obj(num int, body string) *builder {
	b.offs[num] = b.at()
	fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", num, body)
	return b
}

// stream writes a stream object; dict is what stands between << and /Length.
func (b *builder) stream(num int, dict string, data []byte) *builder {
	return b.obj(num, fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data))
}

// catalog writes objects 1 to 4: a document of one page.
func (b *builder) catalog() *builder {
	b.obj(1, "<< /Type /Catalog /Pages 2 0 R >>")
	b.obj(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	b.obj(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>")
	return b.stream(4, "", []byte("0 0 m 9 9 l S"))
}

func (b *builder) nums() []int {
	var nums []int
	for n := range b.offs {
		nums = append(nums, n)
	}
	slices.Sort(nums)
	return nums
}

// table writes a cross-reference table of what was written since the last
// cross-reference, and the trailer; more is added to its dictionary.
func (b *builder) table(more string) *builder {
	at := b.at()
	b.WriteString("xref\n")
	if b.last == 0 {
		b.WriteString("0 1\n0000000000 65535 f \n")
	}
	size := 0
	nums := b.nums()
	for i, n := range nums {
		if i == 0 || nums[i-1] != n-1 {
			run := i + 1
			for run < len(nums) && nums[run] == nums[run-1]+1 {
				run++
			}
			fmt.Fprintf(b, "%d %d\n", n, run-i)
		}
		fmt.Fprintf(b, "%010d 00000 n \n", b.offs[n])
		size = max(size, n+1)
	}
	prev := ""
	if b.last != 0 {
		prev = fmt.Sprintf("/Prev %d", b.last)
		size = max(size, 100)
	}
	fmt.Fprintf(b, "trailer\n<< /Root %d 0 R /Size %d %s %s >>\n", max(1, b.root), size, prev, more)
	return b.end(at)
}

// end writes startxref and %%EOF.
func (b *builder) end(xref int64) *builder {
	fmt.Fprintf(b, "startxref\n%d\n%%%%EOF\n", xref)
	b.last, b.offs = xref, make(map[int]int64)
	return b
}

type row struct {
	num        int
	typ        byte
	field2     int64
	generation byte
}

// xrefStream writes object num, a cross-reference stream of the objects written
// and of the rows given.
func (b *builder) xrefStream(num int, more string, rows ...row) *builder {
	at := b.at()
	for n, off := range b.offs {
		rows = append(rows, row{n, 1, off, 0})
	}
	rows = append(rows, row{num, 1, at, 0})
	slices.SortFunc(rows, func(a, b row) int { return a.num - b.num })
	var data, index bytes.Buffer
	size := 0
	for i, r := range rows {
		if i == 0 || rows[i-1].num != r.num-1 {
			run := i + 1
			for run < len(rows) && rows[run].num == rows[run-1].num+1 {
				run++
			}
			fmt.Fprintf(&index, "%d %d ", r.num, run-i)
		}
		data.Write([]byte{r.typ, byte(r.field2 >> 16), byte(r.field2 >> 8), byte(r.field2), r.generation})
		size = max(size, r.num+1)
	}
	prev := ""
	if b.last != 0 {
		prev = fmt.Sprintf("/Prev %d", b.last)
	}
	b.stream(num, fmt.Sprintf("/Type /XRef /Root 1 0 R /Size %d /W [1 3 1] /Index [%s] /Filter /FlateDecode %s %s", size, index.Bytes(), prev, more), deflate(data.Bytes()))
	return b.end(at)
}

// objStm writes object num, an object stream of the given numbers and bodies.
func (b *builder) objStm(num int, more string, nums []int, bodies []string) *builder {
	var head, body bytes.Buffer
	for i, n := range nums {
		fmt.Fprintf(&head, "%d %d ", n, body.Len())
		body.WriteString(bodies[i] + " ")
	}
	data := append(head.Bytes(), body.Bytes()...)
	return b.stream(num, fmt.Sprintf("/Type /ObjStm /N %d /First %d /Filter /FlateDecode %s", len(nums), head.Len(), more), deflate(data))
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func openBytes(b []byte, opts *Options) (*Document, error) {
	return Open(bytes.NewReader(b), int64(len(b)), opts)
}

func mustOpen(t testing.TB, b []byte, opts *Options) *Document {
	t.Helper()
	d, err := openBytes(b, opts)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
