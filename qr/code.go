package qr

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/bits"
	"slices"
	"strconv"
)

// Code is a finished symbol, without its quiet zone. It does not change.
type Code struct {
	version, mask, size int
	rows                [maxSize]uint64 // bit x of rows[y] is 1 where dark
}

// Size returns the number of modules on a side, quiet zone not counted.
func (c *Code) Size() int { return c.size }

// Version returns the symbol's version, 1 to [MaxVersion].
func (c *Code) Version() int { return c.version }

// Mask returns the data mask that was chosen, 0 to 7.
func (c *Code) Mask() int { return c.mask }

// Black reports whether the module in column x and row y, counted from the top
// left, is dark. All outside the symbol is light.
func (c *Code) Black(x, y int) bool {
	return 0 <= x && x < c.size && 0 <= y && y < c.size && c.rows[y]>>x&1 == 1
}

// MaxScale bounds the picture that [Code.PNG] makes: version 11 is then 4,416
// pixels a side, enough for a poster.
const MaxScale = 64

// ErrScale is returned by [Code.PNG] for a scale not within 1 to [MaxScale].
var ErrScale = errors.New("qr: scale out of range")

// PNG writes the symbol with its quiet zone as a PNG picture of two colours,
// scale pixels to a module.
func (c *Code) PNG(w io.Writer, scale int) error {
	if scale < 1 || scale > MaxScale {
		return fmt.Errorf("%w: %d (want 1 to %d)", ErrScale, scale, MaxScale)
	}
	side := (c.size + 2*QuietZone) * scale
	m := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range c.size {
		top := (y + QuietZone) * scale
		row := m.Pix[top*m.Stride : (top+1)*m.Stride]
		for x := range c.size {
			if c.rows[y]>>x&1 == 1 {
				for i := range scale {
					row[(x+QuietZone)*scale+i] = 1
				}
			}
		}
		for i := 1; i < scale; i++ {
			copy(m.Pix[(top+i)*m.Stride:], row)
		}
	}
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, m)
}

// SVG writes the symbol with its quiet zone as an SVG document: a white ground
// and one black path, one unit to a module. Its size on a page is the embedder's
// choice.
func (c *Code) SVG(w io.Writer) error {
	side := strconv.Itoa(c.size + 2*QuietZone)
	b := make([]byte, 0, 16<<10)
	b = append(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 `...)
	b = append(b, side+" "+side...)
	b = append(b, `" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h`...)
	b = append(b, side+"v"+side+"H0z"...)
	b = append(b, `"/><path d="`...)
	c.rectangles(func(x, y, w, h int) {
		b = append(appendSmall(append(b, 'M'), x+QuietZone), ' ')
		b = appendSmall(b, y+QuietZone)
		b = appendSmall(append(b, 'h'), w)
		b = appendSmall(append(b, 'v'), h)
		b = appendSmall(append(b, 'h', '-'), w)
		b = append(b, 'z')
	})
	b = append(b, "\"/></svg>\n"...)
	_, err := w.Write(b)
	return err
}

// AppendPDFPath appends PDF operators (ISO 32000-2 §8.5) that fill the symbol's
// dark modules as one path in the current colour. x and y are the lower left
// corner of the symbol in user space units, module the side of one module; the
// caller leaves [QuietZone] modules free around. The graphics state is restored.
func (c *Code) AppendPDFPath(dst []byte, x, y, module float64) []byte {
	// Modules are whole numbers in a space of their own: a third of the bytes,
	// and no seam between neighbours from rounding.
	dst = append(dst, "q "...)
	dst = appendReal(dst, module)
	dst = append(dst, " 0 0 "...)
	dst = appendReal(dst, module)
	dst = append(dst, ' ')
	dst = appendReal(dst, x)
	dst = append(dst, ' ')
	dst = appendReal(dst, y)
	dst = append(dst, " cm\n"...)

	// Rectangles of one shape follow each other: lines that end alike deflate
	// to two thirds.
	var all, sorted [maxSize * (maxSize + 1) / 2]rectangle // every other module of each row
	var next [64]int32                                     // by shape: first its rectangles, then their places
	n := 0
	rest := c.rows
	for y := range c.size { // as rectangles does, which calls for each of hundreds
		for row := rest[y]; row != 0; {
			x := bits.TrailingZeros64(row)
			w := bits.TrailingZeros64(^(row >> (x & 63)))
			run := (uint64(1)<<(w&63) - 1) << (x & 63)
			row &^= run
			h := 1
			for ; y+h < c.size && rest[y+h]&run == run; h++ {
				rest[y+h] &^= run
			}
			r := rectangle{uint8(x), uint8(c.size - y - h), uint8(w), uint8(h)} // PDF counts upwards
			all[n] = r
			next[r.shape()]++
			n++
		}
	}
	at := int32(0)
	for i, count := range next {
		next[i] = at
		at += count
	}
	for _, r := range all[:n] {
		i := &next[r.shape()]
		sorted[*i] = r
		*i++
	}

	// Whole words are written, of which what is too much is written over.
	const longest = len("60 60 61 61 re\n")
	dst = slices.Grow(dst, n*longest+8)
	b, end := dst[:cap(dst)], len(dst)
	for _, r := range sorted[:n] {
		x, y := &small[r.x&63], &small[r.y&63]
		binary.LittleEndian.PutUint64(b[end:], uint64(x.text)|uint64(y.text)<<(x.n*8&63))
		end += int(x.n + y.n)
		w, h := &small[r.w&63], &small[r.h&63]
		binary.LittleEndian.PutUint64(b[end:], uint64(w.text)|uint64(h.text)<<(w.n*8&63))
		end += int(w.n + h.n)
		binary.LittleEndian.PutUint32(b[end:], 'r'|'e'<<8|'\n'<<16)
		end += len("re\n")
	}
	return append(b[:end], "f Q\n"...)
}

// rectangle is one of dark modules, in units of modules.
type rectangle struct{ x, y, w, h uint8 }

func (r rectangle) shape() int { return int(min(r.w, 8)-1)&7<<3 | int(min(r.h, 8)-1)&7 }

// small has the numbers below 64 with a space after each, as bytes from the
// lowest on: no coordinate of a symbol is larger. Drawing is mostly these.
var small = func() (t [64]struct{ text, n uint32 }) {
	for i := range t {
		s := strconv.Itoa(i) + " "
		for k := range len(s) {
			t[i].text |= uint32(s[k]) << (8 * k)
		}
		t[i].n = uint32(len(s))
	}
	return t
}()

// appendSmall writes 0 ≤ n < 100.
func appendSmall(dst []byte, n int) []byte {
	if n < 10 {
		return append(dst, byte('0'+n))
	}
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}

// appendReal writes a number as PDF wants it: no exponent, here at most five
// decimals, a hundred-thousandth of a point.
func appendReal(dst []byte, v float64) []byte {
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', 5, 64)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	if dst[len(dst)-1] == '.' {
		dst = dst[:len(dst)-1]
	}
	if string(dst[start:]) == "-0" {
		dst = append(dst[:start], '0')
	}
	return dst
}

// rectangles calls draw for rectangles, in units of modules from the top left,
// that cover every dark module once: runs of a row, drawn on downwards as long
// as the rows below are dark there.
func (c *Code) rectangles(draw func(x, y, w, h int)) {
	rest := c.rows
	for y := range c.size {
		for rest[y] != 0 {
			x := bits.TrailingZeros64(rest[y])
			w := bits.TrailingZeros64(^(rest[y] >> x))
			run := (uint64(1)<<w - 1) << x
			h := 0
			for ; y+h < c.size && rest[y+h]&run == run; h++ {
				rest[y+h] &^= run
			}
			draw(x, y, w, h)
		}
	}
}
