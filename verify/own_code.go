package verify

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vidimus/vidimus/qr"
)

const (
	// minModules is how many rectangles make a filled path a QR code and not an
	// ornament: the smallest symbol that holds a token has over a thousand dark
	// modules in several hundred runs.
	minModules = 120
	// maxSide is the most modules of a side that are drawn: those of version 11 are 61.
	maxSide = 64
)

// drawing is a path of rectangles "x y w h re" in whole modules: maybe a QR code.
type drawing struct {
	count int  // of rectangles
	size  int  // of the square that holds them
	large bool // larger than any code
	other bool // not of rectangles in whole modules alone
	// Row by row from below, as PDF counts, the leftmost module in the lowest bit:
	// what is covered, and what is covered an odd number of times, which the
	// even-odd rule paints (ISO 32000-2 §8.5.3.3).
	covered, odd [maxSide]uint64
}

// code is a filled drawing with enough rectangles for a QR code.
type code struct {
	size  int
	large bool
	dark  [maxSide]uint64
}

func (d *drawing) add(x, y, w, h uint) {
	d.count++
	if x > maxSide || y > maxSide || w > maxSide-x || h > maxSide-y {
		d.large = true
		return
	}
	d.size = max(d.size, int(x+w), int(y+h))
	run := (uint64(1)<<w - 1) << x
	for ; h > 0; h-- {
		d.covered[y] |= run
		d.odd[y] ^= run
		y++
	}
}

func (d *drawing) reset() {
	if d.count > 0 || d.other {
		*d = drawing{}
	}
}

// draws reports whether the pages have one QR code and it says text, module by
// module, wherever on the page.
func (s *pageScan) draws(text string, enc *qr.Encoder) error {
	if n := len(s.codes); n != 1 {
		return fmt.Errorf("%d QR codes drawn, not one", n)
	}
	c := s.codes[0]
	if c.large {
		return fmt.Errorf("the QR code drawn is larger than %d modules", maxSide)
	}
	rows := c.dark[:c.size]
	slices.Reverse(rows)
	ok, err := enc.Says(text, rows)
	if err == nil && !ok {
		err = errors.New("the QR code drawn is another one")
	}
	return err
}

// lines reads the rectangles that are written as a page of ours writes them, one
// to a line with a space between two numbers, and returns the bytes taken. What
// is written otherwise is left to the lexer, which reads these lines, too, but
// takes ten times as long for hundreds of them.
func (d *drawing) lines(content []byte) (taken int) {
	for {
		rest := content[taken:]
		var n [4]uint
		at := 0
		for i := range n {
			if len(rest)-at < len("0 re\n") {
				return taken
			}
			c := rest[at] - '0'
			if c > 9 {
				return taken
			}
			n[i] = uint(c)
			at++
			if c = rest[at] - '0'; c <= 9 {
				n[i] = 10*n[i] + uint(c)
				at++
			}
			if rest[at] != ' ' {
				return taken
			}
			at++
		}
		if string(rest[at:min(at+3, len(rest))]) != "re\n" {
			return taken
		}
		d.add(n[0], n[1], n[2], n[3])
		taken += at + len("re\n")
	}
}
