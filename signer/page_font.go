package signer

import (
	_ "embed"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/vidimus/vidimus/internal/pdf/pdfa"
	"github.com/vidimus/vidimus/internal/pdf/sfnt"
)

// Liberation Serif has the metrics of Times New Roman; licence in fonts/OFL.txt.
var (
	//go:embed fonts/LiberationSerif-Regular.ttf
	regularTTF []byte
	//go:embed fonts/LiberationSerif-Bold.ttf
	boldTTF []byte
	//go:embed fonts/OFL.txt
	fontLicence string
)

// FontLicence returns the licence of the fonts that the program carries, which
// must come with them: the SIL Open Font License 1.1.
func FontLicence() string { return fontLicence }

// Indices of fonts.
const (
	regular = iota
	bold
	numFonts
)

type fontSet [numFonts]*sfnt.Font

// runeSets are the runes wanted of each font.
type runeSets [numFonts][]rune

func loadFonts() (fontSet, error) {
	var set fontSet
	for i, data := range [numFonts][]byte{regularTTF, boldTTF} {
		f, err := sfnt.Parse(data)
		if err != nil {
			return set, err
		}
		set[i] = f
	}
	return set, nil
}

// sheet is a page's constant part with fonts of a certain repertoire.
type sheet struct {
	base  *pdfa.Base
	fonts [numFonts]*sfnt.Subset
	runes runeSets
}

func (p *Page) newSheet(runes runeSets) (*sheet, error) {
	s := &sheet{runes: runes}
	cfg := pdfa.Config{
		Mode: p.opt.mode, Width: mm(p.tmpl.Page.Width), Height: mm(p.tmpl.Page.Height),
		Lang:     map[string]string{"ru": "ru-RU", "en": "en-GB"}[p.opt.Lang],
		Producer: "vidimus", NoLintUnsafe: p.opt.NoLintUnsafe,
	}
	for i, face := range p.fonts {
		sub, err := face.Subset(runes[i])
		if err != nil {
			return nil, err
		}
		s.fonts[i] = sub
		cfg.Fonts = append(cfg.Fonts, pdfa.Font{Face: face, Subset: sub, Bold: i == bold})
	}
	cfg.Static = func(d *pdfa.Doc) error { return p.drawStatic(d, s) }
	cfg.Specimen = func(d *pdfa.Doc) ([]byte, error) { return p.drawSpecimen(d, s) }
	var err error
	s.base, err = pdfa.NewBase(cfg)
	return s, err
}

// repertoire collects what every document carries: the template's list, and the
// letters of its own texts.
func (p *Page) repertoire() (runeSets, error) {
	var sets, rare runeSets
	v := values{page: p}
	check := func(into *runeSets, font int, path, s string) error {
		for _, r := range s {
			if _, ok := p.fonts[font].Glyph(r); !ok {
				return &TemplateError{Path: path, Err: &GlyphError{Rune: r, Field: path}}
			}
			into[font] = append(into[font], r)
		}
		return nil
	}
	add := func(font int, path, s string) error { return check(&sets, font, path, s) }
	var walk func(font int, path string, segs []segment) error
	walk = func(font int, path string, segs []segment) error {
		for _, s := range segs {
			text := s.literal
			if s.value.perPage() {
				text = string(v.appendPage(nil, s.value))
			}
			if err := add(font, path, text); err != nil {
				return err
			}
			if err := walk(font, path, s.group); err != nil {
				return err
			}
		}
		return nil
	}
	errs := []error{
		add(regular, "repertoire.regular", p.tmpl.Repertoire.Regular),
		add(bold, "repertoire.bold", p.tmpl.Repertoire.Bold),
		check(&rare, regular, "repertoire.rare", p.tmpl.Repertoire.Rare),
		check(&rare, bold, "repertoire.rare", p.tmpl.Repertoire.Rare),
	}
	for _, b := range p.blocks {
		errs = append(errs, walk(b.font, b.path+".text", b.text))
		for _, r := range b.rows {
			errs = append(errs, walk(regular, r.path, r.label), walk(b.font, r.path, r.text))
		}
	}
	for i := range sets {
		slices.Sort(sets[i])
		sets[i] = slices.Compact(sets[i])
	}
	return sets, errors.Join(errs...)
}

// maxSheets bounds the sheets kept for rare letters. Each has some 100 kB and
// takes about 20 ms to make.
const maxSheets = 32

// sheetCache keeps the sheets made for letters outside the repertoire, the
// oldest being dropped first.
type sheetCache struct {
	mu     sync.Mutex
	sheets map[string]*sheet
	order  []string
}

// extended returns a sheet that has the given runes besides the repertoire. The
// fonts must have them.
func (p *Page) extended(extra runeSets) (*sheet, error) {
	var key strings.Builder
	all := p.main.runes
	rare := p.tmpl.Repertoire.Rare
	for i := range extra {
		if slices.ContainsFunc(extra[i], func(r rune) bool { return strings.ContainsRune(rare, r) }) {
			extra[i] = append(extra[i], []rune(rare)...)
		}
		slices.Sort(extra[i])
		extra[i] = slices.Compact(extra[i])
		key.WriteString(string(extra[i]))
		key.WriteByte(0)
		all[i] = slices.Concat(all[i], extra[i])
	}
	k, c := key.String(), &p.extra
	c.mu.Lock()
	s := c.sheets[k]
	c.mu.Unlock()
	if s != nil {
		return s, nil
	}
	// Two callers may make the same sheet at once; the results are equal.
	s, err := p.newSheet(all)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sheets == nil {
		c.sheets = make(map[string]*sheet)
	}
	if _, ok := c.sheets[k]; !ok {
		if len(c.order) == maxSheets {
			delete(c.sheets, c.order[0])
			c.order = slices.Delete(c.order, 0, 1)
		}
		c.order = append(c.order, k)
	}
	c.sheets[k] = s
	return s, nil
}

// sheetOf finds the sheet with the given constant part, nil if there is none.
func (p *Page) sheetOf(sum [32]byte) *sheet {
	if p.main.base.Made(sum) {
		return p.main
	}
	p.extra.mu.Lock()
	defer p.extra.mu.Unlock()
	for _, s := range p.extra.sheets {
		if s.base.Made(sum) {
			return s
		}
	}
	return nil
}
