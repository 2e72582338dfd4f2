package pdfa

import (
	"slices"
	"sync"
)

// Base is the constant part of a family of documents. It is safe for
// concurrent use.
type Base struct {
	cfg   Config
	fonts []font
	sizes []int // glyphs of each font

	prefix []byte
	xref   []byte // entries of the prefix's objects
	next   int    // first object number after the prefix

	codes streamCodes

	intent, resources, staticContent int

	static      []int // object numbers of static elements, in the order they were added
	staticRefs  []int // the same by marked-content identifier
	staticMCIDs int

	shapes shapes
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
	if err := b.learn(); err != nil {
		return nil, err
	}
	b.docs.New = func() any { return b.newDoc() }
	return b, nil
}

// Made reports whether the base, as far as it remembers, made a document whose
// prefix has this digest.
func (b *Base) Made(prefixSum [32]byte) bool {
	return slices.ContainsFunc(b.shapes.all(), func(s *shape) bool { return s.sum == prefixSum })
}

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
	d := &Doc{base: b}
	d.reset()
	return d
}

// streamCodes are the codes that streams of documents are deflated with.
type streamCodes struct{ text, path, data *blockCode }

// learn makes the codes that suit the configured specimen.
func (b *Base) learn() error {
	var data []byte
	d := b.newDoc()
	if b.cfg.Specimen != nil {
		var err error
		if data, err = b.cfg.Specimen(d); err != nil {
			return err
		}
	}
	text, path := d.parts()
	b.codes = streamCodes{newBlockCode(text, false), newBlockCode(path, true), newBlockCode(data, false)}
	return nil
}
