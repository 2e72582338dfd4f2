package signer

import (
	"fmt"

	"github.com/vidimus/vidimus/internal/pdf/pdfa"
)

// block is a [Block] compiled for one language.
type block struct {
	spec *Block
	path string
	when condition

	text  []segment
	rows  []row
	title string // names of the values in text
	alt   string
	font  int
	tag   string

	color, color2, fill, labelColor pdfa.Color

	static bool
	hidden bool    // static and not shown
	bottom float64 // of a static block, in points from the top
}

type row struct {
	path        string
	when        condition
	label, text []segment
	title       string
}

func mm(v float64) float64 { return v * 72 / 25.4 }

func (p *Page) compileBlocks() error {
	t, lang := p.tmpl, p.opt.Lang
	for i, spec := range t.Blocks {
		b := &block{
			spec: spec, path: fmt.Sprintf("blocks[%d]", i), when: compileWhen(spec.When),
			alt: spec.Alt.In(lang), tag: spec.Tag,
			color: t.color(spec.Color), color2: t.color(spec.Color2), fill: t.color(spec.Fill), labelColor: t.color(spec.LabelColor),
		}
		if b.tag == "" {
			b.tag = "P"
		}
		if spec.Font == "bold" {
			b.font = bold
		}
		var err error
		if b.text, err = t.compile(spec.Text.In(lang), lang); err != nil {
			return err
		}
		b.title = joinNames(b.text)
		for j, r := range spec.Rows {
			c := row{path: fmt.Sprintf("%s.rows[%d]", b.path, j), when: compileWhen(r.When)}
			if c.label, err = t.compile(r.Label.In(lang), lang); err != nil {
				return err
			}
			if c.text, err = t.compile(r.Text.In(lang), lang); err != nil {
				return err
			}
			c.title = joinNames(c.text)
			b.rows = append(b.rows, c)
		}
		b.static = b.isStatic()
		b.hidden = b.static && b.when.hides(&values{page: p})
		p.blocks = append(p.blocks, b)
	}
	return nil
}

// isStatic reports whether a block is the same on every page.
func (b *block) isStatic() bool {
	if !b.when.constant() {
		return false
	}
	switch b.spec.Type {
	case "frame", "rosette", "emblem":
		return true
	case "rule", "box":
		return b.spec.Y != nil
	case "text":
		return b.spec.Y != nil && constant(b.text)
	}
	return false
}

func joinNames(segs []segment) string {
	s := ""
	for _, name := range namesIn(nil, segs) {
		if s != "" {
			s += " "
		}
		s += name
	}
	return s
}

// size returns the type size, minimal size, line factor and limit of lines.
func (b *block) typography() (size, least, leading float64, lines int) {
	size, least, leading, lines = b.spec.Size, b.spec.MinSize, b.spec.Leading, b.spec.Lines
	if least == 0 {
		least = size
	}
	if leading == 0 {
		leading = 1.2
	}
	if lines == 0 {
		lines = 1
	}
	return size, least, leading, lines
}
