package pdf

import "math"

// number turns a keyword token into a number if it is one by ISO 32000-2
// §7.3.3: an optional sign, digits, at most one point. Anything else, such as
// 1e5 or 1-2, stays a keyword.
func number(t *Token) {
	b := t.Bytes
	i, neg := 0, false
	if b[0] == '+' || b[0] == '-' {
		neg = b[0] == '-'
		i = 1
	}
	var n uint64
	var f float64
	digits, overflow := 0, false
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		d := b[i] - '0'
		digits++
		if !overflow && n > (math.MaxInt64-uint64(d))/10 {
			overflow = true
			f = float64(n)
		}
		if overflow {
			f = f*10 + float64(d)
		} else {
			n = n*10 + uint64(d)
		}
	}
	if i == len(b) {
		if digits == 0 {
			return
		}
		if overflow {
			t.setReal(f, neg)
			return
		}
		t.Kind, t.Int = TokInteger, int64(n)
		if neg {
			t.Int = -t.Int
		}
		return
	}
	if b[i] != '.' {
		return
	}
	if !overflow {
		f = float64(n)
	}
	var frac uint64
	scale := 1.0
	for i++; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		digits++
		if frac < math.MaxInt64/100 { // further digits are below float64's precision
			frac = frac*10 + uint64(b[i]-'0')
			scale *= 10
		}
	}
	if i < len(b) || digits == 0 {
		return
	}
	t.setReal(f+float64(frac)/scale, neg)
}

func (t *Token) setReal(f float64, neg bool) {
	if neg {
		f = -f
	}
	t.Kind, t.Real = TokReal, f
}
