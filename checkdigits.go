package vidimus

// CheckSNILS reports whether s is a СНИЛС with right check digits, written as
// eleven digits or as XXX-XXX-XXX YY. Numbers up to 001-001-998 were issued
// without check digits (ПФР, постановление № 192п) and are accepted as they are.
func CheckSNILS(s string) bool {
	var d [11]int
	n := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if n == len(d) {
				return false
			}
			d[n] = int(c - '0')
			n++
		case c == '-' && (i == 3 || i == 7), c == ' ' && i == 11:
		default:
			return false
		}
	}
	if n != 11 || (len(s) != 11 && len(s) != 14) {
		return false
	}
	sum, number := 0, 0
	for i, v := range d[:9] {
		sum += v * (9 - i)
		number = number*10 + v
	}
	if number == 0 {
		return false
	}
	if number <= 1001998 {
		return true
	}
	return sum%101%100 == d[9]*10+d[10]
}

// CheckINN reports whether s is an ИНН with right check digits: ten digits for a
// legal entity, twelve for a person (приказ ФНС № ЕД-7-14/559@).
func CheckINN(s string) bool {
	switch {
	case digits(s, 10, 10):
		return zeroFree(s) && innDigit(s[:9], []int{2, 4, 10, 3, 5, 9, 4, 6, 8}) == s[9]
	case digits(s, 12, 12):
		return zeroFree(s) &&
			innDigit(s[:10], []int{7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) == s[10] &&
			innDigit(s[:11], []int{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) == s[11]
	}
	return false
}

func innDigit(s string, weights []int) byte {
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return byte('0' + sum%11%10)
}

// CheckOGRN reports whether s is an ОГРН (13 digits) or ОГРНИП (15 digits) with
// the right check digit: the number before it modulo 11 or 13, last digit
// (приказ Минфина № 165н).
func CheckOGRN(s string) bool {
	var mod int
	switch {
	case digits(s, 13, 13):
		mod = 11
	case digits(s, 15, 15):
		mod = 13
	default:
		return false
	}
	rest := 0
	for i := 0; i < len(s)-1; i++ {
		rest = (rest*10 + int(s[i]-'0')) % mod
	}
	return zeroFree(s) && byte('0'+rest%10) == s[len(s)-1]
}

// zeroFree refuses the all-zero number, whose check digits are right by accident.
func zeroFree(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != '0' {
			return true
		}
	}
	return false
}
