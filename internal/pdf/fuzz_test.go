package pdf

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/bounded"
)

func FuzzOpen(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "vectors", "*.pdf"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no vectors: %v", err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		bounded.Run(t, b, func() { walkAll(b, &Options{AllowLocked: true}, 1<<20) })
		checkRevisions(t, b)
	})
}

// checkRevisions tests what must hold of the revisions of any file that opens.
func checkRevisions(t *testing.T, b []byte) {
	t.Helper()
	d, err := openBytes(b, &Options{AllowLocked: true})
	if err != nil {
		return
	}
	prev := int64(0)
	for i, r := range d.Revisions() {
		if r.Index != i || r.Start != prev || r.End < r.Start || r.End > int64(len(b)) || r.Trailer() == nil {
			t.Fatalf("revision %d of %d: [%d,%d) after %d of %d bytes", r.Index, i, r.Start, r.End, prev, len(b))
		}
		prev = r.End
		for e, err := range r.Entries() {
			if err != nil || spent(d) {
				break
			}
			start, end, err := r.ObjectSpan(e.Ref)
			if err == nil && start >= 0 && (start >= end || end > int64(len(b))) {
				t.Fatalf("%v at [%d,%d)", e.Ref, start, end)
			}
			o, err := r.Get(e.Ref)
			if err != nil {
				continue
			}
			if dict, ok := o.(*Dict); ok {
				checkSpans(t, b, dict)
			}
		}
	}
}

// checkSpans tests that each value of a dictionary can be read at its span.
func checkSpans(t *testing.T, b []byte, d *Dict) {
	t.Helper()
	for key, v := range d.All() {
		start, end, ok := d.Span(key)
		if !ok {
			continue
		}
		p := parser{lex: NewLexer(b[start:end])}
		got, err := p.object()
		if s, isString := v.(String); isString && err == nil {
			if g, ok := got.(String); !ok || len(g) < len(s) { // the span's may be encrypted
				t.Fatalf("/%s at [%d,%d): %v, want %v", key, start, end, got, v)
			}
			continue
		}
		if _, compound := v.(*Dict); compound || err != nil || reflect.TypeOf(got) != reflect.TypeOf(v) {
			if err != nil || reflect.TypeOf(got) != reflect.TypeOf(v) {
				t.Fatalf("/%s at [%d,%d): %v %v, want %v", key, start, end, got, err, v)
			}
		}
	}
}

// fuzzFilters are the filter entries that FuzzDecode chooses from.
var fuzzFilters = []string{
	"/Filter /FlateDecode",
	"/Filter /LZWDecode",
	"/Filter /LZWDecode /DecodeParms << /EarlyChange 0 >>",
	"/Filter /ASCII85Decode",
	"/Filter /ASCIIHexDecode",
	"/Filter /RunLengthDecode",
	"/Filter [/ASCII85Decode /FlateDecode]",
	"/Filter [/RunLengthDecode /RunLengthDecode /RunLengthDecode]",
	"/Filter [/ASCIIHexDecode /LZWDecode /LZWDecode /LZWDecode]",
	"/Filter /RunLengthDecode /DecodeParms << /Predictor 12 /Columns 4 >>",
	"/Filter /LZWDecode /DecodeParms << /Predictor 15 /Columns 7 /Colors 3 /BitsPerComponent 16 >>",
	"/Filter /LZWDecode /DecodeParms << /Predictor 2 /Columns 5 /Colors 3 /BitsPerComponent 4 >>",
	"/Filter /LZWDecode /DecodeParms << /Predictor 2 /Columns 5 /Colors 3 /BitsPerComponent 16 >>",
}

func FuzzDecode(f *testing.F) {
	for i := range fuzzFilters {
		for _, plain := range [][]byte{nil, []byte("a"), []byte(strings.Repeat("abcabcd", 100))} {
			for _, enc := range [][]byte{deflate(plain), encodeLZW(plain, 1), encodeLZW(plain, 0), encode85(plain), encodeRunLength(plain), []byte("414243>")} {
				f.Add(uint8(i), enc)
			}
		}
	}
	f.Fuzz(func(t *testing.T, i uint8, data []byte) {
		dict := fuzzFilters[int(i)%len(fuzzFilters)]
		var got []byte
		var err error
		bounded.Run(t, data, func() { got, _, err = decodeStream(t, dict, data) })
		if again, _, err2 := decodeStream(t, dict, data); !bytes.Equal(got, again) || (err == nil) != (err2 == nil) {
			t.Error("two decodings differ")
		}
	})
}

func FuzzLexer(f *testing.F) {
	for _, c := range lexerCases {
		f.Add([]byte(c.in))
	}
	for _, c := range contentCases {
		f.Add([]byte(c.in))
	}
	f.Add(richFile())
	f.Fuzz(func(t *testing.T, b []byte) {
		bounded.Run(t, b, func() { scanContent(b) })
		checkTokens(t, b)
		checkWritten(t, b)
	})
}

// checkTokens tests that tokens stand in order, and that the lexer says the
// same of the bytes when they come page by page.
func checkTokens(t *testing.T, b []byte) {
	t.Helper()
	plain := NewLexer(b)
	d := &Document{src: source{r: bytes.NewReader(b), size: int64(len(b))}, lexBudget: 1 << 40}
	paged := d.lexerAt(0, int64(len(b)))
	end := int64(0)
	for {
		x, err := plain.Next()
		y, err2 := paged.Next()
		if (err == nil) != (err2 == nil) {
			t.Fatalf("paged: %v, whole: %v", err2, err)
		}
		if err != nil {
			return
		}
		if x.Kind != y.Kind || x.Int != y.Int || x.Real != y.Real || x.Pos != y.Pos || x.End != y.End || !bytes.Equal(x.Bytes, y.Bytes) {
			t.Fatalf("paged: %+v, whole: %+v", y, x)
		}
		if x.Pos < end || x.End < x.Pos || x.Kind != EOF && x.End == x.Pos {
			t.Fatalf("token %+v after %d", x, end)
		}
		if end = x.End; x.Kind == EOF {
			return
		}
	}
}

// checkWritten tests that an object reads back as it was after it is written.
func checkWritten(t *testing.T, b []byte) {
	t.Helper()
	p := parser{lex: NewLexer(b)}
	o, err := p.object()
	if err != nil {
		return
	}
	text, err := AppendObject(nil, o)
	if err != nil {
		return // names and numbers that cannot be written
	}
	p = parser{lex: NewLexer(text)}
	got, err := p.object()
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	again, err := AppendObject(nil, got)
	if err != nil || !bytes.Equal(text, again) {
		t.Fatalf("%q, then %q: %v", text, again, err)
	}
}
