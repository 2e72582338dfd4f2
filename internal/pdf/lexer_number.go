package pdf

import (
	"math"
	"strconv"
)

// number turns a keyword token into a number if it is one by ISO 32000-2
// §7.3.3: an optional sign, digits, at most one point. Anything else, such as
// 1e5 or 1-2, stays a keyword.
func number(t *Token) {
	b := t.Bytes
	neg := b[0] == '-'
	if neg || b[0] == '+' {
		b = b[1:]
	}
	var n uint64 // all digits as one number, as long as they fit
	digits, point, fits := 0, -1, true
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9':
			d := uint64(c - '0')
			if digits++; n > (math.MaxInt64-d)/10 {
				fits = false
				break
			}
			n = n*10 + d
		case c == '.' && point < 0:
			point = i
		default:
			return
		}
	}
	if digits == 0 {
		return
	}
	if point < 0 && fits {
		t.Kind, t.Int = TokInteger, int64(n)
		if neg {
			t.Int = -t.Int
		}
		return
	}
	t.Kind = TokReal
	decimals := 0
	if point >= 0 {
		decimals = len(b) - point - 1
	}
	if fits && n < 1<<53 && decimals < len(powersOfTen) {
		// Both are exact, so the quotient is rounded once, hence rightly.
		t.Real = float64(n) / powersOfTen[decimals]
	} else {
		// The syntax is a subset; out of range, which gives infinity, is only
		// possible for more digits than a token may have with some sense.
		t.Real, _ = strconv.ParseFloat(string(b), 64)
	}
	if neg {
		t.Real = -t.Real
	}
}

// powersOfTen that a float64 holds exactly.
var powersOfTen = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}
