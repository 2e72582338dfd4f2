package sfnt

import (
	"encoding/binary"
	"testing"
)

// readProgram reads a subset, which has no cmap, name, OS/2 and post.
func readProgram(t testing.TB, data []byte) *Font {
	t.Helper()
	f := &Font{tables: make(map[string][]byte)}
	for _, err := range []error{f.readDirectory(data), f.readHead(), f.readHhea(), f.readMaxp()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// miniature is a small but complete font: a subset with the source's other
// tables and a cmap of format 4 for a few runes.
func miniature(t testing.TB, src *Font, runes string) []byte {
	t.Helper()
	s, err := src.Subset([]rune(runes))
	if err != nil {
		t.Fatal(err)
	}
	sub := readProgram(t, s.Program)
	var segs []rune
	segs = append(segs, s.Runes...)
	segs = append(segs, 0xFFFF)
	n := len(segs)
	put := func(b []byte, v int) []byte { return binary.BigEndian.AppendUint16(b, uint16(v)) }
	cm := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12}
	for _, v := range []int{4, 16 + 8*n, 0, 2 * n, 0, 0, 0} {
		cm = put(cm, v)
	}
	for _, r := range segs {
		cm = put(cm, int(r))
	}
	cm = put(cm, 0)
	for _, r := range segs {
		cm = put(cm, int(r))
	}
	for i, r := range segs {
		cm = put(cm, i+1-int(r))
	}
	for range segs {
		cm = put(cm, 0)
	}
	tables := []table{{"OS/2", src.tables["OS/2"]}, {"cmap", cm}}
	for _, tag := range []string{"glyf", "head", "hhea", "hmtx", "loca", "maxp"} {
		tables = append(tables, table{tag, sub.tables[tag]})
	}
	name := []byte{0, 0, 0, 1, 0, 18, 0, 1, 0, 0, 0, 0, 0, 6, 0, 1, 0, 0, 'F'}
	tables = append(tables, table{"name", name}, table{"post", src.tables["post"][:32]})
	return assemble(tables)
}

func TestMiniatureParses(t *testing.T) {
	src := load(t, "LiberationSerif-Regular.ttf")
	f, err := Parse(miniature(t, src, "AЖё№"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range "AЖё№" {
		if _, ok := f.Glyph(r); !ok {
			t.Errorf("no glyph for %q", r)
		}
	}
}

func tableOffset(data []byte, tag string) int {
	for i := range u16(data, 4) {
		if rec := data[12+16*i:]; string(rec[:4]) == tag {
			return int(u32(rec, 8))
		}
	}
	return -1
}

// points flattens a glyph to a list of x, y, on-curve values, following
// components. It is written apart from the code under test.
func points(t testing.TB, f *Font, gid, depth int) []int {
	t.Helper()
	g, err := f.outline(gid)
	if err != nil || depth > 5 {
		t.Fatalf("glyph %d: %v", gid, err)
	}
	if len(g) == 0 {
		return nil
	}
	if i16(g, 0) >= 0 {
		return simplePoints(g)
	}
	var out []int
	for at, more := 10, true; more; {
		flags, part := u16(g, at), u16(g, at+2)
		at += 4
		var dx, dy int
		if flags&1 != 0 {
			dx, dy = i16(g, at), i16(g, at+2)
			at += 4
		} else {
			dx, dy = int(int8(g[at])), int(int8(g[at+1]))
			at += 2
		}
		if flags&(8|64|128) != 0 {
			t.Fatalf("glyph %d: scaled component", gid)
		}
		sub := points(t, f, part, depth+1)
		for i := 0; i < len(sub); i += 3 {
			out = append(out, sub[i]+dx, sub[i+1]+dy, sub[i+2])
		}
		more = flags&0x20 != 0
	}
	return out
}

func simplePoints(g []byte) []int {
	contours := i16(g, 0)
	if contours == 0 {
		return nil
	}
	n := u16(g, 8+2*contours) + 1
	at := 10 + 2*contours
	at += 2 + u16(g, at)
	var flags []byte
	for len(flags) < n {
		flag := g[at]
		at++
		flags = append(flags, flag)
		if flag&8 != 0 {
			for range int(g[at]) {
				flags = append(flags, flag)
			}
			at++
		}
	}
	out := make([]int, 3*n)
	for axis := range 2 {
		short, same := byte(2<<axis), byte(16<<axis)
		v := 0
		for i, flag := range flags {
			switch {
			case flag&short != 0 && flag&same != 0:
				v += int(g[at])
				at++
			case flag&short != 0:
				v -= int(g[at])
				at++
			case flag&same == 0:
				v += i16(g, at)
				at += 2
			}
			out[3*i+axis] = v
			out[3*i+2] = int(flag & 1)
		}
	}
	return out
}
