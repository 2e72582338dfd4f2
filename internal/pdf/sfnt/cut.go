package sfnt

import (
	"encoding/binary"
	"slices"
)

// cutter assembles one subset. old[i] is the source glyph of new glyph i;
// newGID is the reverse, naming the first when a source glyph is used twice.
type cutter struct {
	font   *Font
	old    []int
	newGID map[int]int
	depth  map[int]int
}

// addComponents appends the parts of composite glyphs that no rune has
// brought in, and returns how deep the glyph nests. Each glyph is walked once:
// parts that repeat cost nothing, and a glyph inside itself is an error.
func (c *cutter) addComponents(gid int) (depth int, err error) {
	const inProgress = -1
	if depth, ok := c.depth[gid]; ok {
		if depth == inProgress {
			return 0, formatError("composite glyph %d contains itself", gid)
		}
		return depth, nil
	}
	g, err := c.font.outline(gid)
	if err != nil {
		return 0, err
	}
	parts, err := components(g)
	if err != nil {
		return 0, err
	}
	c.depth[gid] = inProgress
	for _, part := range parts {
		if _, ok := c.newGID[part]; !ok {
			c.newGID[part] = len(c.old)
			c.old = append(c.old, part)
		}
		d, err := c.addComponents(part)
		if err != nil {
			return 0, err
		}
		depth = max(depth, d+1)
	}
	if depth > maxDepth {
		return 0, formatError("composite glyphs nested %d deep", depth)
	}
	c.depth[gid] = depth
	return depth, nil
}

// program writes the font file. Tables are in ascending order of their tags,
// as OpenType asks.
func (c *cutter) program() ([]byte, error) {
	glyf, offsets, err := c.glyphs()
	if err != nil {
		return nil, err
	}
	f := c.font
	n := len(c.old)

	var loca []byte
	short := len(glyf) <= 0xFFFF*2
	for _, off := range offsets {
		if short {
			loca = binary.BigEndian.AppendUint16(loca, uint16(off/2))
		} else {
			loca = binary.BigEndian.AppendUint32(loca, uint32(off))
		}
	}

	var hmtx []byte
	for _, gid := range c.old {
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(f.advance(gid)))
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(f.sideBearing(gid)))
	}

	head := slices.Clone(f.tables["head"][:54])
	binary.BigEndian.PutUint32(head[8:], 0) // checkSumAdjustment, set by assemble
	binary.BigEndian.PutUint16(head[50:], 0)
	if !short {
		binary.BigEndian.PutUint16(head[50:], 1)
	}
	hhea := slices.Clone(f.tables["hhea"][:36])
	binary.BigEndian.PutUint16(hhea[34:], uint16(n))

	maxp := slices.Clone(f.tables["maxp"][:32])
	binary.BigEndian.PutUint16(maxp[4:], uint16(n))
	// Without instructions: one zone, no storage, functions, stack or code.
	binary.BigEndian.PutUint16(maxp[14:], 1)
	for at := 16; at <= 26; at += 2 {
		binary.BigEndian.PutUint16(maxp[at:], 0)
	}
	// Aliases of equal outlines are composites one level above their source.
	binary.BigEndian.PutUint16(maxp[30:], uint16(u16(maxp, 30)+1))

	return assemble([]table{
		{"glyf", glyf}, {"head", head}, {"hhea", hhea},
		{"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp},
	}), nil
}

// glyphs writes table glyf and returns n+1 offsets into it. An outline equal
// to an earlier one (Latin A and Cyrillic А) becomes a 16-byte reference.
func (c *cutter) glyphs() (glyf []byte, offsets []int, err error) {
	seen := make(map[string]int)
	for i, gid := range c.old {
		offsets = append(offsets, len(glyf))
		g, err := c.font.outline(gid)
		if err != nil {
			return nil, nil, err
		}
		g, err = unhinted(g, func(part int) int { return c.newGID[part] })
		if err != nil {
			return nil, nil, err
		}
		const aliasSize = 16
		if first, ok := seen[string(g)]; ok && len(g) > aliasSize {
			g = alias(g, first)
		} else {
			seen[string(g)] = i
		}
		glyf = append(glyf, g...)
		if len(glyf)%2 == 1 {
			glyf = append(glyf, 0)
		}
	}
	return glyf, append(offsets, len(glyf)), nil
}

// alias is a composite glyph that shows another one unmoved. It takes its own
// advance from hmtx, not the other's, so useMyMetrics is not set.
func alias(g []byte, gid int) []byte {
	out := []byte{0xFF, 0xFF}
	out = append(out, g[2:10]...) // same bounding box
	out = binary.BigEndian.AppendUint16(out, argsAreXY)
	out = binary.BigEndian.AppendUint16(out, uint16(gid))
	return append(out, 0, 0) // dx, dy
}

type table struct {
	tag  string
	data []byte
}

// assemble writes directory and tables with their checksums (OpenType, "The
// OpenType Font File").
func assemble(tables []table) []byte {
	n := len(tables)
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, power * 16, log, (n - power) * 16} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at, headAt := len(out)+16*n, 0
	for _, t := range tables {
		if t.tag == "head" {
			headAt = at
		}
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(t.data))
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(b []byte) uint32 {
	var sum uint32
	for len(b) >= 4 {
		sum += binary.BigEndian.Uint32(b)
		b = b[4:]
	}
	var last [4]byte
	copy(last[:], b)
	return sum + binary.BigEndian.Uint32(last[:])
}
