package pdf

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestHeaderOffset: offsets that the package returns count from byte 0 even
// where those in the file do not.
func TestHeaderOffset(t *testing.T) {
	junk := "junk before\n"
	file := append([]byte(junk), basic().obj(5, "<< /A (x) >>").table("").Bytes()...)
	d := mustOpen(t, file, nil)
	r := d.Last()
	if d.HeaderOffset() != int64(len(junk)) || d.Version() != "1.7" || d.Size() != int64(len(file)) || r.Document() != d || r.Prev() != nil {
		t.Errorf("header offset %d, version %q, size %d", d.HeaderOffset(), d.Version(), d.Size())
	}
	dict, err := r.Dict(Ref{Num: 5})
	if err != nil {
		t.Fatal(err)
	}
	start, end, ok := dict.Bounds()
	if !ok || string(file[start:end]) != "<< /A (x) >>" {
		t.Errorf("bounds %d %d %v", start, end, ok)
	}
	start, end, ok = dict.Span("A")
	if !ok || string(file[start:end]) != "(x)" {
		t.Errorf("span %d %d %v", start, end, ok)
	}
	start, end, err = r.ObjectSpan(Ref{Num: 5})
	if err != nil || string(file[start:end]) != "5 0 obj\n<< /A (x) >>\nendobj" {
		t.Errorf("object span %d %d %v", start, end, err)
	}
	s, err := r.Stream(Ref{Num: 4})
	if err != nil {
		t.Fatal(err)
	}
	start, end = s.Span()
	if string(file[start:end]) != "0 0 m 9 9 l S" || s.Ref() != (Ref{Num: 4}) || s.Raw().Size() != end-start {
		t.Errorf("stream of %v at %d %d", s.Ref(), start, end)
	}
	if !bytes.HasPrefix(file[r.XRefOffset:], []byte("xref")) {
		t.Errorf("cross-reference at %d", r.XRefOffset)
	}
	e, from, err := r.Entry(5)
	if err != nil || from != r || e.Kind != EntryInFile || !bytes.HasPrefix(file[e.Offset:], []byte("5 0 obj")) {
		t.Errorf("entry %+v %v", e, err)
	}
	if start, end, err := r.ObjectSpan(Ref{Num: 77}); start != -1 || end != -1 || err != nil {
		t.Errorf("span of nothing: %d %d %v", start, end, err)
	}
}

// TestErrorsSayWhere: errors name object and offset, and wrap their sentinel.
func TestErrorsSayWhere(t *testing.T) {
	b := basic().obj(5, "<< /A >>")
	off := b.offs[5]
	_, err := mustOpen(t, b.table("").Bytes(), nil).Last().Get(Ref{Num: 5})
	var object *ObjectError
	var syntax *SyntaxError
	if !errors.As(err, &object) || object.Ref.Num != 5 || object.Offset != off || !errors.As(err, &syntax) ||
		syntax.Offset <= off || !strings.Contains(err.Error(), "object 5 0") {
		t.Errorf("got %v", err)
	}
	_, _, err = decodeStream(t, "/Filter /Acme", nil)
	var filter *FilterError
	if !errors.As(err, &filter) || filter.Filter != "Acme" || !strings.Contains(err.Error(), "/Acme") {
		t.Errorf("got %v", err)
	}
	_, _, err = decodeStream(t, "/Filter /ASCIIHexDecode", []byte("?"))
	if !errors.Is(err, ErrDecode) || !strings.Contains(err.Error(), "digit") {
		t.Errorf("got %v", err)
	}
}
