package pdf

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/bounded"
)

// hostileFiles are made to cost more than they weigh. limit names the limit
// that must stop the reader; empty if the file is to be read through.
var hostileFiles = []struct {
	name  string
	limit string
	file  func() []byte
}{
	{"nested flate", "Limits.Decode", func() []byte {
		z := deflatedZeros(64)
		for range 3 {
			z = deflate(z)
		}
		return basic().stream(5, "/Filter [/FlateDecode /FlateDecode /FlateDecode /FlateDecode]", z).table("").Bytes()
	}},
	{"flate bomb", "Limits.Decode", func() []byte {
		return basic().stream(5, "/Filter /FlateDecode", deflatedZeros(256)).table("").Bytes()
	}},
	{"many flate bombs", "Limits.Decode", func() []byte {
		b := basic()
		z := deflatedZeros(4)
		for i := range 200 {
			b.stream(5+i, "/Filter /FlateDecode", z)
		}
		return b.table("").Bytes()
	}},
	{"run length of hexadecimal", "Decode limit", func() []byte {
		return basic().stream(5, "/Filter [/ASCIIHexDecode /RunLengthDecode]", bytes.Repeat([]byte("8100"), 200_000)).table("").Bytes()
	}},
	{"lzw bombs", "Limits.Decode", func() []byte {
		b := basic()
		z := encodeLZW(make([]byte, 250_000), 1)
		for i := range 300 {
			b.stream(5+i, "/Filter /LZWDecode", z)
		}
		return b.table("").Bytes()
	}},
	{"million objects", "", func() []byte {
		var b bytes.Buffer
		b.Write(basic().Bytes())
		at := b.Len()
		fmt.Fprintf(&b, "xref\n0 %d\n", million)
		b.WriteString(strings.Repeat("0000000015 00000 n \n", million))
		fmt.Fprintf(&b, "trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n", million, at)
		return b.Bytes()
	}},
	{"million objects in streams", "", func() []byte {
		b := basic()
		var rows []byte
		for i := range million {
			rows = append(rows, 2, 0, 0, 7, byte(i))
		}
		b.objStm(7, "", []int{8}, []string{"1"})
		at := b.at()
		b.stream(6, fmt.Sprintf("/Type /XRef /Root 1 0 R /Size %d /W [1 3 1] /Index [8 %d] /Filter /FlateDecode", million+8, million), deflate(rows))
		return b.end(at).Bytes()
	}},
	{"deep arrays", "maxNesting", func() []byte {
		return basic().obj(5, strings.Repeat("[", 200_000)+strings.Repeat("]", 200_000)).table("").Bytes()
	}},
	{"deep dictionaries", "maxNesting", func() []byte {
		return basic().obj(5, strings.Repeat("<</A", 200_000)+" 1"+strings.Repeat(">>", 200_000)).table("").Bytes()
	}},
	{"deep strings", "", func() []byte {
		return basic().obj(5, strings.Repeat("(", 500_000)+strings.Repeat(")", 500_000)).table("").Bytes()
	}},
	{"deep trailer", "maxNesting", func() []byte {
		return basic().table("/X " + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)).Bytes()
	}},
	{"wide array", "maxObjectItems", func() []byte {
		return basic().obj(5, "["+strings.Repeat("1 ", 500_000)+"]").table("").Bytes()
	}},
	{"wide dictionary", "", func() []byte {
		var keys strings.Builder
		for i := range 100_000 {
			fmt.Fprintf(&keys, "/K%d 0", i)
		}
		return basic().obj(5, "<<"+keys.String()+">>").table("").Bytes()
	}},
	{"same key", "", func() []byte {
		return basic().obj(5, "<<"+strings.Repeat("/K 0", 200_000)+">>").table("").Bytes()
	}},
	{"huge size", "", func() []byte { return replace(basicTable(), "/Size 5", "/Size 9223372036854775807") }},
	{"huge index", "maxObjectNumber", func() []byte {
		return replace(basic().xrefStream(6, "").Bytes(), "/Index [", "/Index [0 2147483647 ")
	}},
	{"huge length", "", func() []byte { return replace(basicTable(), "/Length 13", "/Length 9223372036854775807") }},
	{"huge predictor row", "", func() []byte {
		b := basic()
		z := deflate([]byte{0, 1, 2})
		for i := range 5000 {
			b.stream(5+i, "/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 500000 >>", z)
		}
		return b.table("").Bytes()
	}},
	{"huge object stream", "", func() []byte {
		return basic().stream(7, "/Type /ObjStm /N 2147483647 /First 4", []byte("5 0 (x)")).xrefStream(8, "", row{5, 2, 7, 0}).Bytes()
	}},
	{"object stream bomb", "Limits.Decode", func() []byte {
		b := basic().stream(7, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", deflatedZeros(64))
		return b.xrefStream(8, "", row{5, 2, 7, 0}).Bytes()
	}},
	{"cross-reference stream bombs", "Decode limit", func() []byte {
		b := basic()
		z := deflatedZeros(12)
		for i := range 10 {
			at := b.at()
			prev := ""
			if b.last != 0 {
				prev = fmt.Sprintf("/Prev %d", b.last)
			}
			b.stream(50+i, "/Type /XRef /Root 1 0 R /Size 2 /W [1 1 1] /Filter /FlateDecode "+prev, z).end(at)
		}
		return b.Bytes()
	}},
	{"many subsections", "", func() []byte {
		var b bytes.Buffer
		b.Write(basic().Bytes())
		at := b.Len()
		b.WriteString("xref\n")
		for i := range 30_000 {
			fmt.Fprintf(&b, "%d 1\n0000000015 00000 n \n", 2*(30_000-i))
		}
		fmt.Fprintf(&b, "trailer\n<< /Root 1 0 R /Size 60001 >>\nstartxref\n%d\n%%%%EOF\n", at)
		return b.Bytes()
	}},
	{"overlapping subsections", "maxOverlaps", func() []byte {
		var b bytes.Buffer
		b.Write(basic().Bytes())
		at := b.Len()
		b.WriteString("xref\n")
		for range 30_000 {
			b.WriteString("1 1\n0000000015 00000 n \n")
		}
		fmt.Fprintf(&b, "trailer\n<< /Root 1 0 R /Size 60001 >>\nstartxref\n%d\n%%%%EOF\n", at)
		return b.Bytes()
	}},
	{"long chain of updates", "Limits.Revisions", func() []byte {
		b := basic().table("")
		for range 5000 {
			b.table("")
		}
		return b.Bytes()
	}},
	{"objects in comments", "Limits.Lex", func() []byte {
		// Each object is an array that runs to the end of the file; the next one
		// starts in a comment within it.
		b := basic()
		for i := range 20_000 {
			b.WriteString("%")
			b.offs[5+i] = b.at()
			fmt.Fprintf(b, "%d 0 obj [\n", 5+i)
		}
		b.WriteString(strings.Repeat("%                    \n", 20_000))
		return b.table("").Bytes()
	}},
	{"streams without end", "Limits.Lex", func() []byte {
		b := basic()
		for i := range 20_000 {
			b.offs[5+i] = b.at()
			fmt.Fprintf(b, "%d 0 obj <</Length 1>> stream\n", 5+i)
		}
		return b.table("").Bytes()
	}},
	{"page tree of references", "", func() []byte {
		b := basic()
		for i := range 50 {
			b.obj(10+i, "<< /Type /Pages /Kids ["+strings.Repeat(fmt.Sprintf("%d 0 R ", 11+i), 20)+"] >>")
		}
		return b.obj(2, "<< /Type /Pages /Kids [10 0 R] >>").table("").Bytes()
	}},
	{"deep page tree", "maxPageTreeDepth", func() []byte {
		b := basic()
		for i := range 1000 {
			b.obj(10+i, fmt.Sprintf("<< /Type /Pages /Kids [%d 0 R] >>", 11+i))
		}
		return b.obj(2, "<< /Type /Pages /Kids [10 0 R] >>").table("").Bytes()
	}},
	{"direct page tree", "", func() []byte {
		return basic().obj(2, "<< /Type /Pages /Kids ["+strings.Repeat("<</Type/Page>>", 80_000)+"] >>").table("").Bytes()
	}},
	{"content of nesting", "", func() []byte {
		return basic().stream(4, "", bytes.Repeat([]byte("[[[[[[[[<<<<(("), 70_000)).table("").Bytes()
	}},
	{"content of inline images", "", func() []byte {
		return basic().stream(4, "", bytes.Repeat([]byte("BI /W 1 ID "), 90_000)).table("").Bytes()
	}},
	{"names", "", func() []byte {
		var b strings.Builder
		for i := range 120_000 {
			fmt.Fprintf(&b, "/%x", i*7919)
		}
		return basic().obj(5, "["+b.String()+"]").table("").Bytes()
	}},
	{"long name", "maxWordLen", func() []byte { return basic().obj(5, "/"+strings.Repeat("A", 1<<20)).table("").Bytes() }},
	{"long number", "maxWordLen", func() []byte { return basic().obj(5, strings.Repeat("1", 1<<20)).table("").Bytes() }},
	{"long string", "", func() []byte { return basic().obj(5, "<"+strings.Repeat("41", 500_000)+">").table("").Bytes() }},
}

// deflatedZeros returns mb megabytes of zeros in zlib format, without the
// checksum: one deflated megabyte again and again.
func deflatedZeros(mb int) []byte {
	var once bytes.Buffer
	w, err := flate.NewWriter(&once, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	w.Write(make([]byte, 1<<20))
	w.Flush()
	out := append([]byte{0x78, 0x9c}, bytes.Repeat(once.Bytes(), mb)...)
	return append(out, 3, 0) // an empty last block
}

// TestHostile reads files of up to a megabyte or so, and one of 20 MB, that
// are built to exhaust the reader.
func TestHostile(t *testing.T) {
	for _, c := range hostileFiles {
		t.Run(c.name, func(t *testing.T) {
			b := c.file()
			var limit error
			opts := &Options{}
			if raceEnabled { // the same bounds are met, sooner
				opts.Limits = Limits{Lex: 12 << 20, Decode: 40 << 20}
			}
			took, peak := bounded.Measure(func() { _, limit = walkAll(b, opts, 1<<20) })
			name := ""
			var l *LimitError
			if errors.As(limit, &l) {
				name = l.Name
			}
			if name != c.limit {
				t.Errorf("stopped by %q, want %q", name, c.limit)
			}
			t.Logf("%d kB: %v, %d MB at most", len(b)>>10, took.Round(time.Millisecond), peak>>20)
			if raceEnabled {
				return
			}
			if took > bounded.MaxTime+time.Duration(len(b)>>20)*bounded.MaxTime/4 {
				t.Errorf("took %v", took)
			}
			if peak > bounded.MaxMemory {
				t.Errorf("took %d MB", peak>>20)
			}
		})
	}
}
