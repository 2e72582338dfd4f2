package signer

import (
	"fmt"
	"math"

	"github.com/vidimus/vidimus/internal/pdf/pdfa"
)

// Bounds of numbers in a template: outside them a mistake is certain.
const (
	minPage, maxPage = 50, 1000 // mm
	minType, maxType = 4, 200   // points
)

// check finds everything that would otherwise show only when a certificate is
// rendered.
func (t *Template) check() error {
	if t.Schema != TemplateSchema {
		return templateError("schema", "%q, want %q", t.Schema, TemplateSchema)
	}
	for _, v := range []struct {
		path string
		n    float64
	}{{"page.width", t.Page.Width}, {"page.height", t.Page.Height}} {
		if !(v.n >= minPage && v.n <= maxPage) {
			return templateError(v.path, "%g mm, want %d to %d", v.n, minPage, maxPage)
		}
	}
	if !(t.Page.Bottom > 0 && t.Page.Bottom <= t.Page.Height) {
		return templateError("page.bottom", "%g mm is not on the page", t.Page.Bottom)
	}
	for name, c := range t.Colors {
		if _, err := parseColor(c); err != nil {
			return templateError("colors."+name, "%w", err)
		}
	}
	texts := []struct {
		path string
		text Text
	}{
		{"title", t.Title}, {"subject", t.Subject},
		{"signature.tooltip", t.Signature.Tooltip}, {"signature.reason", t.Signature.Reason},
		{"signature.location", t.Signature.Location}, {"attachmentNote", t.AttachmentNote},
	}
	for _, x := range texts {
		if err := t.checkText(x.path, x.text); err != nil {
			return err
		}
	}
	for _, x := range texts[:3] {
		if x.text.RU == "" || x.text.EN == "" {
			return templateError(x.path, "missing in one language")
		}
	}
	if err := t.checkEmblem(); err != nil {
		return err
	}
	qr := 0
	for i, b := range t.Blocks {
		path := fmt.Sprintf("blocks[%d]", i)
		if err := t.checkBlock(path, b); err != nil {
			return err
		}
		if b.Type == "qr" {
			qr++
		}
	}
	if qr != 1 {
		return templateError("blocks", "%d blocks of type qr, want one", qr)
	}
	return nil
}

func (t *Template) checkEmblem() error {
	e := t.Emblem
	if e == nil {
		return nil
	}
	if !(e.Width > 0 && e.Height > 0 && e.Width <= 1e5 && e.Height <= 1e5) {
		return templateError("emblem.width", "%g × %g", e.Width, e.Height)
	}
	if e.Alt.RU == "" || e.Alt.EN == "" {
		return templateError("emblem.alt", "missing in one language")
	}
	for i, p := range e.Paths {
		path := fmt.Sprintf("emblem.paths[%d]", i)
		if err := t.checkColor(path+".color", p.Color); err != nil {
			return err
		}
		if p.Repeat < 0 || p.Repeat > maxRepeat || !(p.Step >= -360 && p.Step <= 360) {
			return templateError(path+".repeat", "%d times %g degrees", p.Repeat, p.Step)
		}
		if err := walkPath(p.D, func(byte, [6]float64) {}); err != nil {
			return templateError(path+".d", "%w", err)
		}
	}
	return nil
}

func (t *Template) checkBlock(path string, b *Block) error {
	for name, v := range map[string]float64{
		"x": b.X, "gap": b.Gap, "width": b.Width, "height": b.Height, "margin": b.Margin, "radius": b.Radius,
		"weight": b.Weight, "module": b.Module, "leading": b.Leading, "tracking": b.Tracking,
		"labelWidth": b.LabelWidth, "rowGap": b.RowGap,
	} {
		if math.Abs(v) > maxPage || v < 0 && name != "tracking" {
			return templateError(path+"."+name, "%g is out of range", v)
		}
	}
	for name, c := range map[string]string{"color": b.Color, "color2": b.Color2, "fill": b.Fill, "labelColor": b.LabelColor} {
		if c != "" {
			if err := t.checkColor(path+"."+name, c); err != nil {
				return err
			}
		}
	}
	if err := t.checkWhen(path+".when", b.When); err != nil {
		return err
	}
	switch b.Type {
	case "frame", "rule", "box":
		return nil
	case "rosette", "emblem", "qr":
		if b.Y == nil {
			return templateError(path+".y", "missing")
		}
	}
	switch b.Type {
	case "rosette":
		return nil
	case "emblem":
		if t.Emblem == nil {
			return templateError(path, "the template has no emblem")
		}
		if b.Width == 0 {
			return templateError(path+".width", "missing")
		}
		return nil
	case "qr":
		if b.Module < 0.25 || b.Module > 2 {
			return templateError(path+".module", "%g mm, want 0.25 to 2", b.Module)
		}
		if b.Alt.RU == "" || b.Alt.EN == "" {
			return templateError(path+".alt", "missing in one language")
		}
		return nil
	case "text":
		if err := t.checkType(path, b); err != nil {
			return err
		}
		return t.checkText(path+".text", b.Text)
	case "table":
		return t.checkTable(path, b)
	}
	return templateError(path+".type", "unknown type %q", b.Type)
}

func (t *Template) checkTable(path string, b *Block) error {
	if err := t.checkType(path, b); err != nil {
		return err
	}
	if len(b.Rows) == 0 || len(b.Rows) > maxRows {
		return templateError(path+".rows", "%d of them, want 1 to %d", len(b.Rows), maxRows)
	}
	if b.LabelWidth <= 0 || b.LabelWidth >= b.Width {
		return templateError(path+".labelWidth", "%g mm of %g", b.LabelWidth, b.Width)
	}
	if b.LabelSize != 0 && (b.LabelSize < minType || b.LabelSize > maxType) {
		return templateError(path+".labelSize", "%g pt", b.LabelSize)
	}
	for i, r := range b.Rows {
		at := fmt.Sprintf("%s.rows[%d]", path, i)
		if err := t.checkWhen(at+".when", r.When); err != nil {
			return err
		}
		if err := t.checkText(at+".label", r.Label); err != nil {
			return err
		}
		if err := t.checkText(at+".text", r.Text); err != nil {
			return err
		}
	}
	return nil
}

// checkType checks the fields of type.
func (t *Template) checkType(path string, b *Block) error {
	switch {
	case !(b.Size >= minType && b.Size <= maxType):
		return templateError(path+".size", "%g pt, want %d to %d", b.Size, minType, maxType)
	case b.MinSize != 0 && !(b.MinSize >= minType && b.MinSize <= b.Size):
		return templateError(path+".minSize", "%g pt, want %d to size", b.MinSize, minType)
	case b.Font != "" && b.Font != "regular" && b.Font != "bold":
		return templateError(path+".font", "%q, want regular or bold", b.Font)
	case b.Align != "" && b.Align != "left" && b.Align != "center" && b.Align != "right":
		return templateError(path+".align", "%q, want left, center or right", b.Align)
	case b.Width <= 0:
		return templateError(path+".width", "missing")
	case b.Lines < 0 || b.Lines > 20:
		return templateError(path+".lines", "%d, want 1 to 20", b.Lines)
	}
	switch b.Tag {
	case "", "P", "H1", "H2", "H3", "Artifact":
		return nil
	}
	return templateError(path+".tag", "%q, want P, H1, H2, H3 or Artifact", b.Tag)
}

func (t *Template) checkText(path string, text Text) error {
	for lang, s := range map[string]string{"ru": text.RU, "en": text.EN} {
		if _, err := t.compile(s, lang); err != nil {
			return templateError(path+"."+lang, "%w", err)
		}
	}
	return nil
}

func (t *Template) checkWhen(path, when string) error {
	if when == "" {
		return nil
	}
	if name := whenName(when); valueByName(name) == valueNone {
		return templateError(path, "no value %q", name)
	}
	return nil
}

func (t *Template) checkColor(path, name string) error {
	if _, ok := t.Colors[name]; !ok {
		if _, err := parseColor(name); err != nil {
			return templateError(path, "%q is neither a color of the template nor #rrggbb", name)
		}
	}
	return nil
}

// color looks a checked name up; "" is black.
func (t *Template) color(name string) pdfa.Color {
	if named, ok := t.Colors[name]; ok {
		name = named
	}
	c, err := parseColor(name)
	if err != nil {
		return pdfa.Color{}
	}
	return c
}

func parseColor(s string) (pdfa.Color, error) {
	var c pdfa.Color
	if n, err := fmt.Sscanf(s, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil || n != 3 || len(s) != 7 {
		return pdfa.Color{}, fmt.Errorf("%q is not #rrggbb", s)
	}
	return c, nil
}
