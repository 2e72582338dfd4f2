package pdfa

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrContent is wrapped by errors of [Doc.Finish] about drawing that was
// unbalanced, unmarked or used what is not there.
var ErrContent = errors.New("pdfa: bad page content")

// Doc is one document being drawn. It is not safe for concurrent use; after
// Finish it must not be touched. Drawing methods do not fail: the first mistake
// is kept and returned by Finish.
type Doc struct {
	base     *Base
	deflater deflater

	content  []byte
	path     int // where the drawing by Raw begins in content; 0 if there is none
	elems    []elem
	placed   int
	drawn    []Elem // by marked-content identifier, counted after the static ones
	nextMCID int
	open     bool // inside a marked-content sequence
	depth    int  // of q
	err      error

	shape   *shape
	out     []byte // the part after the shape
	offsets []int  // of the objects in it
	next    int
	scratch []byte
	lint    file
}

// NewDoc starts a document.
func (b *Base) NewDoc() *Doc {
	d := b.docs.Get().(*Doc)
	d.reset()
	return d
}

// Discard gives up a document that will not be finished.
func (d *Doc) Discard() { d.base.docs.Put(d) }

func (d *Doc) reset() {
	d.content, d.path = d.content[:0], 0
	d.elems = append(d.elems[:0], elem{tag: "Document", parent: -1, mcid: -1, num: objDocument})
	d.placed, d.drawn = 0, d.drawn[:0]
	d.nextMCID = d.base.staticMCIDs
	d.open, d.depth, d.err = false, 0, nil
	d.out, d.offsets, d.next = d.out[:0], d.offsets[:0], d.base.next
}

func (d *Doc) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", ErrContent, fmt.Sprintf(format, args...))
	}
}

// parts divides the content: text and other drawing from what Raw drew.
func (d *Doc) parts() (text, path []byte) {
	if d.path == 0 {
		return d.content, nil
	}
	return d.content[:d.path], d.content[d.path:]
}

// closed says whether all that was opened has been closed.
func (d *Doc) closed() error {
	if d.open {
		d.fail("marked content left open")
	}
	if d.depth != 0 {
		d.fail("%d Save without Restore", d.depth)
	}
	return d.err
}

// Begin opens the marked content of e, a leaf of the structure tree. Each
// element has at most one such sequence (ISO 32000-2 §14.7.5.2).
func (d *Doc) Begin(e Elem) {
	if d.open {
		d.fail("marked content inside marked content")
	}
	el := &d.elems[e]
	if el.mcid >= 0 {
		d.fail("element %s drawn twice", el.tag)
	}
	el.mcid = d.nextMCID
	d.nextMCID++
	d.drawn = append(d.drawn, e)
	d.open = true
	d.content = append(append(d.content, '/'), el.tag...)
	d.content = append(d.content, "<</MCID "...)
	d.content = appendInt(d.content, el.mcid)
	d.content = append(d.content, ">>BDC\n"...)
}

// Artifact opens content that says nothing: frames, rules, backgrounds.
func (d *Doc) Artifact() {
	if d.open {
		d.fail("artifact inside marked content")
	}
	d.open = true
	d.content = append(d.content, "/Artifact BMC\n"...)
}

// End closes what Begin or Artifact opened.
func (d *Doc) End() {
	if !d.open {
		d.fail("End without Begin")
	}
	d.open = false
	d.content = append(d.content, "EMC\n"...)
}

// Text draws one line with its left end at x, y (points from the page's lower
// left corner) in the current fill colour, with spacing points added after each
// glyph. A rune that the font lacks is an error.
func (d *Doc) Text(font int, size, spacing, x, y float64, s []byte) {
	if !d.open {
		d.fail("text outside marked content")
	}
	f := &d.base.fonts[font]
	b := append(d.content, "BT/F"...)
	b = append(b, byte('0'+font), ' ')
	b = append(appendReal(b, size), " Tf "...)
	if spacing != 0 {
		b = append(appendReal(b, spacing), " Tc "...)
	}
	b = appendReals(b, x, y)
	b = append(b, "Td("...)
	eachRune(s, func(r rune) {
		gid := f.Subset.GID(r)
		if gid == 0 {
			d.fail("%s has no glyph for %q (U+%04X)", f.Subset.Name, r, r)
		}
		b = appendEscaped(appendEscaped(b, byte(gid>>8)), byte(gid))
	})
	if spacing != 0 {
		b = append(b, ")Tj 0 Tc ET\n"...)
	} else {
		b = append(b, ")Tj ET\n"...)
	}
	d.content = b
}

func eachRune(s []byte, visit func(rune)) {
	for len(s) > 0 {
		r, n := rune(s[0]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(s)
		}
		visit(r)
		s = s[n:]
	}
}
