package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// What this package writes is regular to the letter, in both forms.
func TestFlawsOfOwnUpdates(t *testing.T) {
	for _, stream := range []bool{false, true} {
		file := updateInput(stream, "/ID[<0102><0304>]")
		for range 3 {
			u, err := NewUpdate(openUpdate(t, file))
			if err != nil {
				t.Fatal(err)
			}
			if err := u.Put(u.NewRef(), NewDict(DictEntry{"A", String("(b) 4 0")})); err != nil {
				t.Fatal(err)
			}
			if err := u.PutStream(u.NewRef(), NewDict(), []byte("1 0 R obj endobject 4 0 o")); err != nil {
				t.Fatal(err)
			}
			tail, err := u.Tail()
			if err != nil {
				t.Fatal(err)
			}
			file = append(bytes.Clone(file), tail.Bytes...)
		}
		d := openUpdate(t, file)
		for _, r := range d.Revisions() {
			flaws, err := r.Flaws()
			// "endobject" begins like endobj, which is found.
			if r.Index > 0 && len(flaws) == 1 && strings.Contains(flaws[0].Detail, `"obj"`) {
				flaws = nil
			} else if r.Index > 0 {
				t.Errorf("endobj in a stream was not found: %v", flaws)
			}
			if len(flaws) > 0 || err != nil {
				t.Errorf("stream %v, revision %d: %v, %v", stream, r.Index, flaws, err)
			}
			if strays, err := r.Strays(0); len(strays) > 0 || err != nil {
				t.Errorf("stream %v, revision %d: strays %v, %v", stream, r.Index, strays, err)
			}
		}
	}
}

// Which words a searching reader takes for structure, and which are text.
func TestTakenFor(t *testing.T) {
	long := strings.Repeat(" ", 600)
	for _, tt := range []struct {
		in, word string
		want     bool
	}{
		{"x 4 0 obj", "obj", true}, {"x 4 0obj<<", "obj", true}, {"4\x000\fobjx", "obj", true}, {"x 12 %c\n0 obj", "obj", true},
		{"x 12 0 %c\r obj ", "obj", true}, {"4" + long + "0 obj", "obj", true}, {"4 0" + long + "obj", "obj", true}, {"xendobj", "obj", true},
		{"x 3\xff0\xffobj", "obj", true}, {"x 3\x800 obj", "obj", true}, {"[+3 +0 obj", "obj", true}, {"(3 -0 obj", "obj", true}, {"3\v0\vobj", "obj", true},
		{"the object", "obj", false}, {"a 4 objx", "obj", false}, {"a .4 obj", "obj", false}, {"100% of the\ngross object", "obj", false},
		{"x\ntrailer", "trailer", true}, {"x trailer <<", "trailer", true}, {"x trailer%", "trailer", true}, {"the trailer of a film", "trailer", false},
		{"x\nxref\n", "xref", true}, {"x xref 0 1", "xref", true}, {"startxref", "xref", true}, {"an xref in text", "xref", false}, {"/xrefs", "xref", false},
		{"x%%EOF", "%%EOF", true}, {"endstream", "endstream", true},
	} {
		b := []byte(tt.in + " tail")
		if strings.HasSuffix(tt.in, "obj") && tt.word == "obj" {
			b = []byte(tt.in + "\n")
		}
		d := &Document{src: source{mem: b, size: int64(len(b))}}
		got, err := d.takenFor(tt.word, int64(bytes.LastIndex(b, []byte(tt.word))))
		if err != nil || got != tt.want {
			t.Errorf("%.40q in %.40q: %v, %v, want %v", tt.word, tt.in, got, err, tt.want)
		}
	}
}

// A keyword is found wherever the windows of the search end.
func TestFlawsAtWindowEnds(t *testing.T) {
	for shift := 2*pageSize - 12; shift < 2*pageSize+4; shift++ {
		file := updateInput(false, "")
		u, err := NewUpdate(openUpdate(t, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := u.PutStream(u.NewRef(), NewDict(), fmt.Appendf(bytes.Repeat([]byte("x"), shift-60), "\n1 0 obj\n%s", strings.Repeat("y", 99))); err != nil {
			t.Fatal(err)
		}
		tail, err := u.Tail()
		if err != nil {
			t.Fatal(err)
		}
		flaws, err := openUpdate(t, append(file, tail.Bytes...)).Last().Flaws()
		if len(flaws) != 1 || err != nil {
			t.Errorf("shift %d: %v, %v", shift, flaws, err)
		}
	}
}
