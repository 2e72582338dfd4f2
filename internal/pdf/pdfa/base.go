package pdfa

import (
	"github.com/klauspost/compress/zlib"
	"sync"
	"sync/atomic"
)

// Base is the constant part of a family of documents. It is safe for
// concurrent use.
type Base struct {
	cfg   Config
	fonts []font
	sizes []int // glyphs of each font

	prefix []byte
	sum    [32]byte
	state  []byte
	xref   []byte // entries of the prefix's objects
	next   int    // first object number after the prefix
	objs   []object

	intent, resources, staticContent int

	static      []int // object numbers of static elements, in the order they were added
	staticRefs  []int // the same by marked-content identifier
	staticMCIDs int

	// linted is set once a whole document of this base passed every rule; then
	// the rules that only look at the prefix are left out.
	linted atomic.Bool
	docs   sync.Pool
}

// NewBase draws, writes and hashes the constant part. It takes some 20 ms,
// nearly all of it deflating fonts.
func NewBase(cfg Config) (*Base, error) {
	switch {
	case cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > 14400 || cfg.Height > 14400:
		return nil, configError("page of %g × %g points", cfg.Width, cfg.Height)
	case cfg.Lang == "":
		return nil, configError("no language")
	case len(cfg.Fonts) == 0 || len(cfg.Fonts) > maxFonts:
		return nil, configError("%d fonts, want 1 to %d", len(cfg.Fonts), maxFonts)
	case cfg.Mode != A3a && cfg.Mode != Test1b:
		return nil, configError("mode %d", cfg.Mode)
	}
	b := &Base{cfg: cfg}
	for _, f := range cfg.Fonts {
		if f.Face == nil || f.Subset == nil {
			return nil, configError("font without face or subset")
		}
		b.fonts = append(b.fonts, font{f, f.Subset.Widths})
		b.sizes = append(b.sizes, len(f.Subset.Widths))
	}
	static := b.newDoc()
	if cfg.Static != nil {
		if err := cfg.Static(static); err != nil {
			return nil, err
		}
	}
	if err := static.closed(); err != nil {
		return nil, err
	}
	if err := b.write(static); err != nil {
		return nil, err
	}
	b.docs.New = func() any { return b.newDoc() }
	return b, nil
}

// PrefixSum returns the SHA-256 of the constant prefix: it names the base.
func (b *Base) PrefixSum() [32]byte { return b.sum }

// Has reports whether font can draw r.
func (b *Base) Has(font int, r rune) bool { return b.fonts[font].Subset.GID(r) != 0 }

// Width returns the width of s at 1 point in the given font, without letter
// spacing. A rune that the font lacks counts nothing.
func (b *Base) Width(font int, s []byte) float64 {
	f := &b.fonts[font]
	n := 0
	eachRune(s, func(r rune) {
		if gid := f.Subset.GID(r); gid != 0 {
			n += f.widths[gid]
		}
	})
	return float64(n) / 1000
}

func (b *Base) newDoc() *Doc {
	d := &Doc{base: b, deflater: newDeflater()}
	d.reset()
	return d
}

// deflater is a reusable zlib writer that appends to a slice.
type deflater struct {
	zw  *zlib.Writer
	out []byte
}

func newDeflater() *deflater {
	d := &deflater{}
	// The level is a constant in range: no error is possible.
	d.zw, _ = zlib.NewWriterLevel(d, zlib.BestSpeed)
	return d
}

// Write implements io.Writer.
func (d *deflater) Write(p []byte) (int, error) {
	d.out = append(d.out, p...)
	return len(p), nil
}

// append appends data, deflated, to dst.
func (d *deflater) append(dst, data []byte) ([]byte, error) {
	d.out = dst
	d.zw.Reset(d)
	if _, err := d.zw.Write(data); err != nil {
		return dst, err
	}
	err := d.zw.Close()
	dst, d.out = d.out, nil
	return dst, err
}
