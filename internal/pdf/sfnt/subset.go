package sfnt

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
)

// ErrNoGlyph is wrapped by [MissingRune].
var ErrNoGlyph = errors.New("sfnt: font has no glyph")

// MissingRune is returned by [Font.Subset] when the font cannot draw a rune.
type MissingRune struct {
	Rune rune
	Font string
}

func (e *MissingRune) Error() string {
	return fmt.Sprintf("sfnt: %s has no glyph for %q (U+%04X)", e.Font, e.Rune, e.Rune)
}

// Unwrap makes errors.Is(err, ErrNoGlyph) true.
func (e *MissingRune) Unwrap() error { return ErrNoGlyph }

// Subset is a font program with few glyphs. Glyph 0 is .notdef, then come the
// runes in ascending order, one glyph each, then parts of composite glyphs.
// One rune never shares a glyph with another, so that text extracted through
// ToUnicode is exactly the text drawn.
type Subset struct {
	Program []byte // TrueType file
	Name    string // PostScript name with the tag that ISO 32000-2 §9.9.2 asks for
	Runes   []rune // rune of glyph i+1
	Widths  []int  // advance of glyph i in thousandths of an em, for all glyphs

	low [0x600]uint16 // Latin and Cyrillic, where almost all text is
}

// GID returns the new glyph number for r, or 0 if r is not in the subset.
func (s *Subset) GID(r rune) int {
	if r >= 0 && int(r) < len(s.low) {
		return int(s.low[r])
	}
	if i, ok := slices.BinarySearch(s.Runes, r); ok {
		return i + 1
	}
	return 0
}

// Subset cuts a subset for the given runes, in any order and with repetitions.
// Same font and runes give the same bytes. It fails with *[MissingRune] for
// the first (lowest) rune that the font lacks.
func (f *Font) Subset(runes []rune) (*Subset, error) {
	runes = slices.Clone(runes)
	slices.Sort(runes)
	runes = slices.Compact(runes)

	c := cutter{font: f, newGID: map[int]int{0: 0}, old: []int{0}, depth: map[int]int{}}
	s := &Subset{Runes: runes}
	for _, r := range runes {
		gid, ok := f.Glyph(r)
		if !ok {
			return nil, &MissingRune{Rune: r, Font: f.name}
		}
		if _, taken := c.newGID[gid]; !taken {
			c.newGID[gid] = len(c.old)
		}
		if int(r) < len(s.low) {
			s.low[r] = uint16(len(c.old))
		}
		c.old = append(c.old, gid)
	}
	for i := 0; i < len(c.old); i++ {
		if _, err := c.addComponents(c.old[i]); err != nil {
			return nil, err
		}
	}
	if len(c.old) > 0xFFFF {
		return nil, formatError("%d glyphs in a subset", len(c.old))
	}
	var err error
	if s.Program, err = c.program(); err != nil {
		return nil, err
	}
	for _, gid := range c.old {
		s.Widths = append(s.Widths, f.permille(f.advance(gid)))
	}
	s.Name = subsetTag(s.Program) + "+" + f.name
	return s, nil
}

// subsetTag derives six capital letters from the program: equal programs have
// equal tags, different ones differ (ISO 32000-2 §9.9.2).
func subsetTag(program []byte) string {
	sum := sha256.Sum256(program)
	var tag [6]byte
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag[:])
}
