package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func parseObject(b []byte) (Object, error) {
	p := parser{names: new(nameTable)}
	p.reset(NewLexer(b))
	return p.object()
}

// written is what a round trip compares: without positions and duplicates.
func written(o Object) string {
	b, err := AppendObject(nil, o)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func TestAppendObject(t *testing.T) {
	for _, tt := range []struct {
		in   Object
		want string
	}{
		{nil, "null"},
		{Bool(true), "true"},
		{Integer(-999999999999999999), "-999999999999999999"},
		{Real(-0.5), "-0.5"},
		{Real(1e20), "100000000000000000000"},
		{String(`a(b)\`), `(a\(b\)\\)`},
		{String(""), "()"},
		{String("line\n"), "<6C696E650A>"},
		{Name("A b#/é"), "/A#20b#23#2F#C3#A9"},
		{Name(""), "/"},
		{Ref{12, 3}, "12 3 R"},
		{Array{Integer(1), Name("x"), nil}, "[1 /x null]"},
		{NewDict(DictEntry{"A", Integer(1)}, DictEntry{"B", Name("c")}, DictEntry{"C", Ref{1, 0}}), "<</A 1/B/c/C 1 0 R>>"},
	} {
		got, err := AppendObject(nil, tt.in)
		if err != nil || string(got) != tt.want {
			t.Errorf("%#v: %q, %v, want %q", tt.in, got, err, tt.want)
			continue
		}
		if back, err := parseObject(got); err != nil || written(back) != tt.want {
			t.Errorf("%s: read back as %#v, %v", got, back, err)
		}
	}
	deep := Object(Array{})
	for range maxNesting + 2 {
		deep = Array{deep}
	}
	for name, tt := range map[string]struct {
		in   Object
		want error
	}{
		"stream": {&Stream{}, ErrType}, "NaN": {Real(math.NaN()), ErrSyntax}, "infinite": {Array{Real(math.Inf(-1))}, ErrSyntax},
		"long name": {Name(strings.Repeat(" ", maxWordLen/2)), ErrLimit},
		"null byte": {NewDict(DictEntry{"a\x00", nil}), ErrSyntax}, "deep": {deep, ErrLimit},
	} {
		if got, err := AppendObject(nil, tt.in); !errors.Is(err, tt.want) {
			t.Errorf("%s: %q, %v, want %v", name, got, err, tt.want)
		}
	}
}

func TestDictWith(t *testing.T) {
	d := NewDict(DictEntry{"A", Integer(1)}, DictEntry{"B", Integer(2)}, DictEntry{"A", Integer(3)})
	got := written(d.With(DictEntry{"B", nil}, DictEntry{"C", Integer(4)}))
	if got != "<</A 3/C 4>>" {
		t.Error(got)
	}
	if d.Len() != 3 {
		t.Error("the original was changed")
	}
	if got := written((*Dict)(nil).With(DictEntry{"A", Bool(false)})); got != "<</A false>>" {
		t.Error(got)
	}
}

// updateInput is a small file with a table or a stream as cross-reference.
func updateInput(stream bool, trailer string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := []int{b.Len()}
	b.WriteString("1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
	at = append(at, b.Len())
	b.WriteString("2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n")
	xref := b.Len()
	if stream {
		rows := []byte{0, 0, 0}
		for _, o := range append(at, xref) {
			rows = append(rows, 1, byte(o>>8), byte(o))
		}
		fmt.Fprintf(&b, "3 0 obj\n<</Type/XRef/Size 4/W[1 2 0]/Root 1 0 R/Length %d%s>>\nstream\n%s\nendstream\nendobj\n", len(rows), trailer, rows)
	} else {
		fmt.Fprintf(&b, "xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size 4/Root 1 0 R%s>>\n", at[0], at[1], trailer)
	}
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF", xref)
	return b.Bytes()
}

func openUpdate(t *testing.T, b []byte) *Document {
	t.Helper()
	d, err := Open(bytes.NewReader(b), int64(len(b)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What an update says is what our reader then finds, in both forms, twice over.
func TestUpdate(t *testing.T) {
	for _, stream := range []bool{false, true} {
		file := updateInput(stream, "/ID[<0102><0304>]/Mine(x)/Info 2 0 R")
		for round := 1; round <= 2; round++ {
			u, err := NewUpdate(openUpdate(t, file))
			if err != nil {
				t.Fatal(err)
			}
			added, data, raw := u.NewRef(), u.NewRef(), u.NewRef()
			u.NewRef() // reserved, never written
			pages := NewDict(DictEntry{"Round", Integer(round)})
			if err := u.Put(Ref{2, 0}, pages); err != nil {
				t.Fatal(err)
			}
			if err := u.Put(added, Array{Ref{2, 0}}); err != nil {
				t.Fatal(err)
			}
			if err := u.PutStream(data, NewDict(DictEntry{"Length", Integer(99)}), []byte("endstream")); err != nil {
				t.Fatal(err)
			}
			u.PutRaw(raw, []byte("(raw)"))
			tail, err := u.Tail()
			if err != nil {
				t.Fatal(err)
			}
			if again, _ := u.Tail(); !bytes.Equal(tail.Bytes, again.Bytes) {
				t.Error("two tails of one update")
			}
			if at := tail.At(raw); !bytes.HasPrefix(tail.Bytes[at:], []byte("(raw)")) || tail.At(Ref{1, 0}) != -1 {
				t.Errorf("At: %d", at)
			}
			file = append(bytes.Clone(file), tail.Bytes...)

			d := openUpdate(t, file)
			if n := len(d.Revisions()); n != round+1 {
				t.Fatalf("%d revisions, want %d", n, round+1)
			}
			for ref, want := range map[Ref]string{{1, 0}: "<</Type/Catalog/Pages 2 0 R>>", {2, 0}: written(pages),
				added: "[2 0 R]", raw: "(raw)"} {
				if o, err := d.Last().Get(ref); err != nil || written(o) != want {
					t.Errorf("%v: %s, %v, want %s", ref, written(o), err, want)
				}
			}
			s, err := d.Last().Stream(data)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := s.Decode(100); err != nil || string(got) != "endstream" {
				t.Errorf("stream: %q, %v", got, err)
			}
			trailer := d.Last().Trailer()
			id, _ := trailer.Get("ID").(Array)
			if len(id) != 2 || id[0] != String("\x01\x02") || id[1] == String("\x03\x04") {
				t.Errorf("ID %v", id)
			}
			if trailer.Get("Mine") != String("x") || trailer.Get("Info") != (Ref{2, 0}) {
				t.Errorf("trailer %s", written(trailer))
			}
			if got := trailer.Get("Type") == Name("XRef"); got != stream {
				t.Errorf("cross-reference stream: %v, want %v", got, stream)
			}
			if w := d.Warnings(); len(w) > 0 {
				t.Errorf("our own update makes the reader lenient: %v", w)
			}
			if old, err := d.Revisions()[0].Get(Ref{2, 0}); err != nil || !strings.Contains(written(old), "/Kids") {
				t.Errorf("old revision: %s, %v", written(old), err)
			}
		}
	}
}

func TestUpdateErrors(t *testing.T) {
	good := updateInput(false, "")
	for name, tt := range map[string]struct {
		file []byte
		want error
	}{
		"encrypted":  {updateInput(false, "/Encrypt<</Filter/Standard/V 1/R 2/P 0/O()/U()>>"), ErrUpdateEncrypted},
		"front":      {append([]byte("junk\n"), good...), ErrUpdateUnsound},
		"no eof":     {bytes.TrimSuffix(good, []byte("%%EOF")), ErrUpdateUnsound},
		"size":       {bytes.Replace(good, []byte("/Size 4"), []byte("/Size 2"), 1), ErrUpdateUnsound},
		"huge size":  {bytes.Replace(good, []byte("/Size 4"), []byte("/Size 8388608"), 1), ErrUpdateSize},
		"duplicates": {updateInput(false, "/Root 1 0 R"), ErrUpdateUnsound},
	} {
		d, err := Open(bytes.NewReader(tt.file), int64(len(tt.file)), &Options{AllowLocked: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if u, err := NewUpdate(d); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v (update %v)", name, err, tt.want, u != nil)
		}
	}
}

func TestRuns(t *testing.T) {
	got := runs([]uint32{1, 2, 3, 5, 9, 10})
	if want := [][]uint32{{1, 2, 3}, {5}, {9, 10}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// FuzzAppendObject: what was read is written so that it reads the same.
func FuzzAppendObject(f *testing.F) {
	for _, s := range []string{"<</A[1 2 0 R(x\\051)<61>]/B#20 true/C null/D -.5>>", "[[[/a]]]", "(\\r\n)", "1e5", "<</A 1/A 2>>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		o, err := parseObject(in)
		if err != nil {
			return
		}
		out, err := AppendObject(nil, o)
		if err != nil {
			if !errors.Is(err, ErrSyntax) && !errors.Is(err, ErrLimit) {
				t.Fatalf("%q: %v", in, err)
			}
			return
		}
		back, err := parseObject(out)
		if err != nil || !sameObject(o, back) {
			t.Errorf("%q was written as %q, read as %q, %v", in, out, written(back), err)
		}
	})
}

// sameObject compares by value; of real numbers 15 digits count.
func sameObject(a, b Object) bool {
	switch a := a.(type) {
	case Real:
		if n, ok := b.(Integer); ok { // 2.0 is written as 2
			return float64(a) == float64(n)
		}
		n, ok := b.(Real)
		return ok && math.Abs(float64(a-n)) <= 1e-14*math.Abs(float64(a))
	case Array:
		b, ok := b.(Array)
		return ok && slices.EqualFunc(a, b, sameObject)
	case *Dict:
		b, ok := b.(*Dict)
		if !ok || len(a.Keys()) != len(b.Keys()) {
			return false
		}
		for key, value := range a.All() {
			if !b.Has(key) || !sameObject(value, b.Get(key)) {
				return false
			}
		}
		return true
	}
	return a == b
}
