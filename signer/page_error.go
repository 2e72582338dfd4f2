package signer

import (
	"errors"
	"fmt"
)

// GlyphError is returned when the page's font has no glyph for a rune.
type GlyphError struct {
	Rune  rune
	Field string // of the certificate, e.g. "holder.surname"; or a path in the template
}

func (e *GlyphError) Error() string {
	return fmt.Sprintf("signer: %s: the font has no glyph for %q (U+%04X)", e.Field, e.Rune, e.Rune)
}

// OverflowError is returned when a text does not fit its place even at the
// smallest size that the template allows.
type OverflowError struct {
	Field string // values in the text, e.g. "specialty.name"; "" for fixed text
	Path  string // of the text in the template, e.g. "blocks[7]"
	Page  bool   // the text fits its lines, but the page is full
}

func (e *OverflowError) Error() string {
	what := "does not fit its place"
	if e.Page {
		what = "does not fit the page any more"
	}
	if e.Field == "" {
		return fmt.Sprintf("signer: text at %s %s", e.Path, what)
	}
	return fmt.Sprintf("signer: %s %s (%s of the template)", e.Field, what, e.Path)
}

// errEmptyText: a fixed text without content would leave an empty element.
var errEmptyText = errors.New("empty text")
