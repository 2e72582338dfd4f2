package sfnt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func load(t testing.TB, name string) *Font {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "signer", "fonts", name))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const sample = "Свидетельство № 12-АБ «Ёж» — Adygea, ӀəәҢ éÄ"

func TestMetrics(t *testing.T) {
	f := load(t, "LiberationSerif-Regular.ttf")
	if f.Name() != "LiberationSerif" || f.UnitsPerEm() != 2048 {
		t.Errorf("name %q, %d units", f.Name(), f.UnitsPerEm())
	}
	// The metrics of Times: capital height 662 ± 10, ascender about 891.
	m := f.Metrics()
	if m.Ascent != 891 || m.Descent != -216 || m.CapHeight < 640 || m.CapHeight > 670 {
		t.Errorf("metrics %+v", m)
	}
	s, err := f.Subset([]rune("nA "))
	if err != nil {
		t.Fatal(err)
	}
	for r, want := range map[rune]int{'n': 500, 'A': 722, ' ': 250} {
		if got := s.Widths[s.GID(r)]; got != want {
			t.Errorf("width of %q = %d, Times has %d", r, got, want)
		}
	}
}

// TestSubsetKeepsOutlines draws every rune from the source and from the subset
// and compares the points.
func TestSubsetKeepsOutlines(t *testing.T) {
	for _, name := range []string{"LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"} {
		f := load(t, name)
		s, err := f.Subset([]rune(sample + sample))
		if err != nil {
			t.Fatal(err)
		}
		sub := readProgram(t, s.Program)
		for i, r := range s.Runes {
			if s.GID(r) != i+1 {
				t.Fatalf("%q is glyph %d, want %d", r, s.GID(r), i+1)
			}
			old, _ := f.Glyph(r)
			if want, got := points(t, f, old, 0), points(t, sub, i+1, 0); !slices.Equal(want, got) {
				t.Errorf("%s %q: outline differs: %d points, want %d", name, r, len(got), len(want))
			}
			if f.advance(old) != sub.advance(i+1) || f.sideBearing(old) != sub.sideBearing(i+1) {
				t.Errorf("%s %q: metrics differ", name, r)
			}
		}
		if s.GID('Ж') != 0 || s.GID('漢') != 0 || s.GID(-1) != 0 {
			t.Error("a rune outside the subset has a glyph")
		}
		if checksum(s.Program) != 0xB1B0AFBA {
			t.Errorf("checksum of the file is %#x", checksum(s.Program))
		}
	}
}

// TestSubsetDeterministic also checks that order and repetition don't matter.
func TestSubsetDeterministic(t *testing.T) {
	f := load(t, "LiberationSerif-Bold.ttf")
	runes := []rune(sample)
	a, err := f.Subset(runes)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(runes)
	b, err := f.Subset(append(runes, runes...))
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != b.Name || !bytes.Equal(a.Program, b.Program) {
		t.Error("same runes, different subsets")
	}
	c, err := f.Subset(runes[1:])
	if err != nil {
		t.Fatal(err)
	}
	if c.Name == a.Name {
		t.Error("different subsets share a tag")
	}
}

func TestMissingRune(t *testing.T) {
	f := load(t, "LiberationSerif-Regular.ttf")
	_, err := f.Subset([]rune("А漢Б"))
	var missing *MissingRune
	if !errors.As(err, &missing) || missing.Rune != '漢' || !errors.Is(err, ErrNoGlyph) {
		t.Errorf("error %v", err)
	}
}

func TestParseBroken(t *testing.T) {
	data, err := os.ReadFile("../../../signer/fonts/LiberationSerif-Regular.ttf")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 11, 12, 100, 299, 1000, len(data) / 2, len(data) - 1} {
		if _, err := Parse(data[:n]); !errors.Is(err, ErrFormat) {
			t.Errorf("%d bytes of a font: %v", n, err)
		}
	}
	// A licence that forbids embedding.
	forbidden := bytes.Clone(data)
	os2 := tableOffset(forbidden, "OS/2")
	binary.BigEndian.PutUint16(forbidden[os2+8:], 2)
	if _, err := Parse(forbidden); !errors.Is(err, ErrFormat) {
		t.Errorf("restricted font: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	src := load(f, "LiberationSerif-Regular.ttf")
	f.Add(miniature(f, src, "AЖё№"))
	f.Add(miniature(f, src, ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		font, err := Parse(data)
		if err != nil {
			return
		}
		var runes []rune
		for r := rune(0); r < 0x500; r++ {
			if _, ok := font.Glyph(r); ok {
				runes = append(runes, r)
			}
		}
		s, err := font.Subset(runes)
		if err == nil && len(s.Widths) < len(s.Runes) {
			t.Error("glyphs without widths")
		}
	})
}
