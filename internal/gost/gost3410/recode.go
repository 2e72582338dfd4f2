package gost3410

// Window widths of the verification's joint ladder: the base point's table is
// kept, the key's is made each time.
const (
	baseWindow = 8
	keyWindow  = 5
)

// A naf is a number in non-adjacent form: Σ digit[i]·2ⁱ, every digit zero or
// odd, with at least window−1 zeros after each that is not zero. For public
// numbers only.
type naf struct {
	digit [8*64 + 1]int8
	len   int
}

// recode sets the digits of k, which has n words.
func (f *naf) recode(k *words, n int, window uint) {
	carry := uint64(0)
	for i := uint(0); i < uint(64*n); {
		if k[i/64]>>(i%64)&1 == carry {
			i++
			continue
		}
		w := k[i/64] >> (i % 64)
		if i%64 != 0 && i/64+1 < uint(n) {
			w |= k[i/64+1] << (64 - i%64)
		}
		w = w&(1<<window-1) + carry
		carry = w >> (window - 1) & 1
		f.digit[i] = int8(int64(w) - int64(carry<<window))
		f.len = int(i) + 1
		i += window
	}
	if carry == 1 {
		f.digit[64*n] = 1
		f.len = 64*n + 1
	}
}

func abs(d int8) int {
	if d < 0 {
		return -int(d)
	}
	return int(d)
}

// signedDigits writes k = Σ out[i]·16ⁱ with digits from −8 to 7, in time that
// depends only on the length. The last digit is the carry.
func signedDigits(out []int8, k *words) {
	carry := uint64(0)
	last := len(out) - 1
	for i := range last {
		d := k[i/16]>>(i%16*4)&15 + carry
		carry = (d + 8) >> 4
		out[i] = int8(d - carry<<4)
	}
	out[last] = int8(carry)
}

// digitParts splits a digit into its size and a mask that is all ones if it is
// negative, without branches.
func digitParts(d int8) (size, negative uint64) {
	m := d >> 7
	return uint64(uint8((d ^ m) - m)), uint64(int64(m))
}

// maskEqual returns all ones if a = b and zero if not, for a and b below 2⁶³,
// without branches.
func maskEqual(a, b uint64) uint64 {
	return -(((a ^ b) - 1) >> 63)
}
