package qr

import (
	"errors"
	"fmt"
	"math/bits"
	"sync"

	"rsc.io/qr/coding"
)

const (
	// MaxVersion is the largest symbol we draw: 61 modules a side, about 28 mm
	// with its quiet zone at 0.4 mm a module. Larger ones are hard to read from a
	// printed page with a phone, and 61 columns are the most that one row held in a
	// uint64 allows for.
	MaxVersion = 11

	// QuietZone is the width of the white border, in modules, that a symbol needs
	// on each side (ISO/IEC 18004 §6.3.8).
	QuietZone = 4

	// minNumeric is the fewest digits after a byte segment whose own segment is
	// the shorter: its header takes 14 or 16 bits, a digit saves 14/3.
	minNumeric = 4

	maxSize  = 17 + 4*MaxVersion
	numMasks = 8 // ISO/IEC 18004 §7.8.2
)

// ErrTooLong is returned when a text does not fit a symbol of [MaxVersion].
var ErrTooLong = errors.New("qr: text does not fit version 11 at level M")

// ErrCharacter is returned for a text with a byte outside printable ASCII:
// readers guess its character set, so what they show can't be relied on.
var ErrCharacter = errors.New("qr: not printable ASCII")

// Encode draws one text. It prepares the layout of the symbol anew each time:
// who draws many keeps an [Encoder].
func Encode(text string) (*Code, error) {
	return new(Encoder).Encode(text)
}

// Encoder draws texts as QR codes (ISO/IEC 18004) of error correction level M.
// It keeps the layouts of the versions it has met. The zero value is ready; an
// Encoder may be used by several goroutines and must not be copied.
type Encoder struct {
	layouts [MaxVersion + 1]lazyLayout
}

type lazyLayout struct {
	once   sync.Once
	layout *layout
	err    error
}

// Encode draws text in the smallest version that holds it and with the mask of
// least penalty. Digits at the end of the text become a numeric segment (10 bits
// for three of them), all that precedes them a byte segment. It returns
// [ErrCharacter] or [ErrTooLong]; the empty text is [ErrCharacter].
func (e *Encoder) Encode(text string) (*Code, error) {
	l, modules, err := e.fit(text)
	if err != nil {
		return nil, err
	}
	return l.mask(&modules), nil
}

// Says reports whether modules are a symbol of text in the version and with the
// segments that [Encoder.Encode] takes, whatever its mask. Each element is a row,
// from the top, with the leftmost module in the lowest bit; dark is 1. The errors
// are those of Encode.
func (e *Encoder) Says(text string, modules []uint64) (bool, error) {
	l, placed, err := e.fit(text)
	if err != nil || len(modules) != l.size {
		return false, err
	}
	for m := range numMasks {
		y := 0
		for y < l.size && placed[y]^l.base[m][y] == modules[y] {
			y++
		}
		if y == l.size {
			return true, nil
		}
	}
	return false, nil
}

// fit picks the segments and the version, and places the codewords without a mask.
func (e *Encoder) fit(text string) (*layout, [maxSize]uint64, error) {
	var none [maxSize]uint64
	if text == "" {
		return nil, none, fmt.Errorf("%w: empty text", ErrCharacter)
	}
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			return nil, none, fmt.Errorf("%w: byte %#02x at %d", ErrCharacter, c, i)
		}
	}
	digits := len(text)
	for digits > 0 && '0' <= text[digits-1] && text[digits-1] <= '9' {
		digits--
	}
	if digits > 0 && len(text)-digits < minNumeric {
		digits = len(text)
	}
	head, tail := coding.String(text[:digits]), coding.Num(text[digits:])
	need := 0
	for v := coding.Version(1); v <= MaxVersion; v++ {
		if need = segmentBits(head, tail, v); need <= 8*v.DataBytes(coding.M) {
			l, err := e.layout(v)
			if err != nil {
				return nil, none, err
			}
			return l, l.fill(head, tail), nil
		}
	}
	return nil, none, fmt.Errorf("%w: %d bits of %d", ErrTooLong, need,
		8*coding.Version(MaxVersion).DataBytes(coding.M))
}

// segmentBits returns how many bits the two segments take in version v; an
// empty one is left out.
func segmentBits(head coding.String, tail coding.Num, v coding.Version) (n int) {
	if head != "" {
		n += head.Bits(v)
	}
	if tail != "" {
		n += tail.Bits(v)
	}
	return n
}

// layout is what all symbols of one version share: the function patterns with
// each mask already applied, and where each bit of the codewords goes.
type layout struct {
	version coding.Version
	size    int
	base    [numMasks][maxSize]uint64
	place   []point // one for each bit of data, then of error correction
	divider *divider
}

type point struct{ x, y uint8 }

func (e *Encoder) layout(v coding.Version) (*layout, error) {
	lazy := &e.layouts[v]
	lazy.once.Do(func() { lazy.layout, lazy.err = newLayout(v) })
	return lazy.layout, lazy.err
}

func newLayout(v coding.Version) (*layout, error) {
	l := &layout{version: v, size: 17 + 4*int(v), divider: newDivider(correctionM[v].check)}
	for m := range numMasks {
		plan, err := coding.NewPlan(v, coding.M, coding.Mask(m))
		if err != nil {
			return nil, fmt.Errorf("qr: version %d: %w", v, err)
		}
		if l.place == nil {
			l.place = make([]point, 8*(plan.DataBytes+plan.CheckBytes))
		}
		for y, row := range plan.Pixel {
			for x, pixel := range row {
				if pixel&coding.Black != 0 {
					l.base[m][y] |= 1 << x
				}
				if r := pixel.Role(); r == coding.Data || r == coding.Check {
					l.place[pixel.Offset()] = point{uint8(x), uint8(y)}
				}
			}
		}
	}
	return l, nil
}

// fill places the codewords of the segments.
func (l *layout) fill(head coding.String, tail coding.Num) (data [maxSize]uint64) {
	var b coding.Bits
	b.Append(make([]byte, len(l.place)/8)) // room for all codewords at once
	b.Reset()
	if head != "" {
		head.Encode(&b, l.version)
	}
	if tail != "" {
		tail.Encode(&b, l.version)
	}
	b.Pad(8*l.version.DataBytes(coding.M) - b.Bits())

	for i, codeword := range l.correct(b.Bytes()) {
		for codeword != 0 {
			k := bits.LeadingZeros8(codeword)
			codeword &^= 0x80 >> k
			p := l.place[8*i+k]
			data[p.y] |= 1 << (p.x & 63)
		}
	}
	return data
}

// mask picks the mask (ISO/IEC 18004 §7.8.3: all eight are tried, the least
// penalty wins, the first of equals).
func (l *layout) mask(data *[maxSize]uint64) *Code {
	best := &Code{version: int(l.version), size: l.size}
	least := -1
	for m := range numMasks {
		var rows [maxSize]uint64
		for y := range l.size {
			rows[y] = data[y] ^ l.base[m][y]
		}
		if p := penalty(&rows, l.size); least < 0 || p < least {
			least, best.mask, best.rows = p, m, rows
		}
	}
	return best
}
