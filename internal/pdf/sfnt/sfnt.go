// Package sfnt reads TrueType fonts and cuts subsets for embedding in PDF.
//
//	font, err := sfnt.Parse(ttf)
//	sub, err := font.Subset([]rune("Сертификат № 1"))
//	// sub.Program is a TrueType file; sub.GID maps a rune to its new glyph.
//
// It supports what a PDF CIDFontType2 needs (ISO 32000-2 §9.9, tables glyf,
// head, hhea, hmtx, loca and maxp) and nothing else: outlines are TrueType,
// hinting is dropped, and layout tables (GPOS, GSUB) are not read.
package sfnt

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Limits on input, so that no number read from a font sizes memory.
const (
	maxFile   = 32 << 20 // larger than any text font; CJK collections are not for this package
	maxTables = 64       // OpenType registers fewer than 60 tags
	maxDepth  = 8        // nesting of composite glyphs; real fonts use 1 or 2
	maxParts  = 64       // components in one composite glyph; real fonts use 2 to 5
)

// ErrFormat is wrapped by every error of [Parse] and by errors about broken
// glyph data in [Font.Subset].
var ErrFormat = errors.New("sfnt: not a usable TrueType font")

func formatError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}

// Font is a parsed font. It keeps the bytes given to [Parse], never writes to
// them, and is safe for concurrent use.
type Font struct {
	tables map[string][]byte

	name       string
	unitsPerEm int
	bbox       [4]int
	ascent     int
	descent    int
	capHeight  int
	italic     float64
	numGlyphs  int
	numHMetric int
	longLoca   bool
	cmap       cmap
}

// Parse reads the table directory and the tables that every method relies on.
func Parse(data []byte) (*Font, error) {
	if len(data) > maxFile {
		return nil, formatError("%d bytes, limit %d", len(data), maxFile)
	}
	f := &Font{tables: make(map[string][]byte)}
	if err := f.readDirectory(data); err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		f.readHead, f.readHhea, f.readMaxp, f.readOS2, f.readPost, f.readName, f.readCmap,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if _, ok := f.tables["glyf"]; !ok {
		return nil, formatError("no table glyf (CFF outlines are not supported)")
	}
	want := (f.numGlyphs + 1) * 2
	if f.longLoca {
		want *= 2
	}
	if len(f.tables["loca"]) < want {
		return nil, formatError("table loca has %d bytes, %d glyphs need %d", len(f.tables["loca"]), f.numGlyphs, want)
	}
	if need := 4*f.numHMetric + 2*(f.numGlyphs-f.numHMetric); len(f.tables["hmtx"]) < need {
		return nil, formatError("table hmtx has %d bytes, need %d", len(f.tables["hmtx"]), need)
	}
	return f, nil
}

func (f *Font) readDirectory(data []byte) error {
	if len(data) < 12 {
		return formatError("%d bytes", len(data))
	}
	if v := u32(data, 0); v != 0x00010000 && v != 0x74727565 {
		return formatError("version %#08x", v)
	}
	n := u16(data, 4)
	if n > maxTables || len(data) < 12+16*n {
		return formatError("%d tables", n)
	}
	for i := range n {
		rec := data[12+16*i:]
		tag := string(rec[:4])
		off, length := uint64(u32(rec, 8)), uint64(u32(rec, 12))
		if off+length > uint64(len(data)) {
			return formatError("table %q ends at %d, file at %d", tag, off+length, len(data))
		}
		f.tables[tag] = data[off : off+length : off+length]
	}
	return nil
}

// table returns a table of at least min bytes.
func (f *Font) table(tag string, min int) ([]byte, error) {
	t, ok := f.tables[tag]
	if !ok || len(t) < min {
		return nil, formatError("table %s missing or shorter than %d bytes", tag, min)
	}
	return t, nil
}

func (f *Font) readHead() error {
	t, err := f.table("head", 54)
	if err != nil {
		return err
	}
	if u32(t, 12) != 0x5F0F3CF5 {
		return formatError("bad magic in table head")
	}
	f.unitsPerEm = u16(t, 18)
	if f.unitsPerEm < 16 || f.unitsPerEm > 16384 {
		return formatError("unitsPerEm %d", f.unitsPerEm)
	}
	for i := range f.bbox {
		f.bbox[i] = i16(t, 36+2*i)
	}
	f.longLoca = i16(t, 50) == 1
	return nil
}

func (f *Font) readHhea() error {
	t, err := f.table("hhea", 36)
	if err != nil {
		return err
	}
	f.ascent, f.descent = i16(t, 4), i16(t, 6)
	f.numHMetric = u16(t, 34)
	return nil
}

func (f *Font) readMaxp() error {
	t, err := f.table("maxp", 32)
	if err != nil {
		return err
	}
	f.numGlyphs = u16(t, 4)
	if f.numGlyphs == 0 || f.numHMetric == 0 || f.numHMetric > f.numGlyphs {
		return formatError("%d glyphs, %d metrics", f.numGlyphs, f.numHMetric)
	}
	return nil
}

// readOS2 takes the capital height, which FontDescriptor needs, and refuses a
// font whose licence bits forbid embedding (fsType bit 1, OpenType OS/2).
func (f *Font) readOS2() error {
	t, err := f.table("OS/2", 78)
	if err != nil {
		return err
	}
	if u16(t, 8)&0x000F == 0x0002 {
		return formatError("the font's licence bits (OS/2 fsType) forbid embedding")
	}
	f.capHeight = f.ascent
	if u16(t, 0) >= 2 && len(t) >= 90 {
		f.capHeight = i16(t, 88)
	}
	return nil
}

func (f *Font) readPost() error {
	t, err := f.table("post", 32)
	if err != nil {
		return err
	}
	f.italic = float64(int32(u32(t, 4))) / 65536
	return nil
}

// readName takes name ID 6, the PostScript name.
func (f *Font) readName() error {
	t, err := f.table("name", 6)
	if err != nil {
		return err
	}
	store := u16(t, 4)
	for i := range u16(t, 2) {
		if len(t) < 6+12*(i+1) {
			break
		}
		rec := t[6+12*i:]
		if u16(rec, 6) != 6 {
			continue
		}
		off, length := store+u16(rec, 10), u16(rec, 8)
		if off+length > len(t) {
			continue
		}
		// Platform 1 stores bytes, platforms 0 and 3 UTF-16; a PostScript name
		// is printable ASCII in either.
		var name []byte
		for _, c := range t[off : off+length] {
			if c > 0x20 && c < 0x7F && !isDelimiter(c) {
				name = append(name, c)
			}
		}
		if len(name) > 0 && len(name) <= 63 {
			f.name = string(name)
			return nil
		}
	}
	return formatError("no PostScript name")
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%', '#':
		return true
	}
	return false
}

func u16(b []byte, i int) int    { return int(binary.BigEndian.Uint16(b[i:])) }
func i16(b []byte, i int) int    { return int(int16(binary.BigEndian.Uint16(b[i:]))) }
func u32(b []byte, i int) uint32 { return binary.BigEndian.Uint32(b[i:]) }
