package signer

import (
	"unicode/utf8"

	"github.com/vidimus/vidimus/internal/pdf/pdfa"
	"github.com/vidimus/vidimus/internal/pdf/sfnt"
)

// canvas is the scratch memory of one rendering.
type canvas struct {
	table, tableRow pdfa.Elem // being drawn
	figure          figure
	text            []byte
	words           []word
	lines           []line
	items           []item

	lacking []lack
}

// word is text up to and including a possible break; widths are in thousandths
// of the type size.
type word struct {
	start, end int // in canvas.text, the trailing space included
	width      int // with the space
	space      int // of the trailing space
	glyphs     int // without the space
}

// line is text to be drawn at once.
type line struct {
	start, end int
	width      float64 // in points, without a trailing space
}

// lack is a rune that a sheet has no glyph for, and where it was wanted.
type lack struct {
	r    rune
	font int
	path string
	segs []segment
}

// measure splits text[start:] into words.
func (cv *canvas) measure(sub *sfnt.Subset, start int, miss func(rune)) {
	cv.words = cv.words[:0]
	w := word{start: start}
	for i := start; i < len(cv.text); {
		r, n := utf8.DecodeRune(cv.text[i:])
		i += n
		gid := sub.GID(r)
		if gid == 0 {
			miss(r)
		}
		adv := sub.Widths[gid]
		w.width += adv
		if r == ' ' {
			w.space = adv
		} else {
			w.glyphs++
			if r != '-' && r != '—' || i == len(cv.text) {
				continue
			}
			// A hyphen ends a word, unless digits follow, as in dates and numbers.
			if c := cv.text[i]; c == ' ' || c >= '0' && c <= '9' {
				continue
			}
		}
		w.end = i
		cv.words = append(cv.words, w)
		w = word{start: i}
	}
	if w.start < len(cv.text) {
		w.end = len(cv.text)
		cv.words = append(cv.words, w)
	}
}

// fit breaks the measured words into at most most lines of the given width,
// with the largest size from size down to least that allows it. It appends the
// lines and returns the size; ok is false if there is none.
func (cv *canvas) fit(width, size, least, tracking float64, most int) (fitted float64, ok bool) {
	const step = 0.5 // points
	mark := len(cv.lines)
	for s := size; ; s = max(s-step, least) {
		if cv.breakLines(width, s, tracking) && len(cv.lines)-mark <= most {
			return s, true
		}
		cv.lines = cv.lines[:mark]
		if s <= least {
			return 0, false
		}
	}
}

// breakLines fills lines greedily. It fails when a word is wider than a line.
func (cv *canvas) breakLines(width, size, tracking float64) bool {
	open := false
	var l line
	var used float64 // with trailing space
	for _, w := range cv.words {
		full := float64(w.width)*size/1000 + tracking*float64(w.glyphs)
		bare := full - float64(w.space)*size/1000
		if bare > width {
			return false
		}
		if open && used+bare > width {
			cv.lines = append(cv.lines, l)
			open = false
		}
		if !open {
			l, used, open = line{start: w.start}, 0, true
		}
		if w.space != 0 {
			full += tracking
		}
		l.end, l.width = w.end, used+bare
		used += full
	}
	if open {
		cv.lines = append(cv.lines, l)
	}
	return true
}
