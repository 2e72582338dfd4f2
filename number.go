package vidimus

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Number is what people read on a certificate, write in a contract and dictate
// over the telephone: a series of the issuer, the year, a running number and a
// check character, as in "VD77-2026-000042-K".
//
// The check character is ISO/IEC 7064 MOD 37,36 over the letters and digits
// before it: every single wrong character and every exchange of neighbours is
// noticed (but for the pair that the standard itself lets pass).
type Number struct {
	Series string // 1 to 8 of A–Z and 0–9
	Year   int    // four digits
	Seq    int64  // from 1, counted per series and year
}

// ErrNumber is returned by [ParseNumber] for text that has not the form of a
// number, and [ErrNumberCheck] where only the check character is wrong: a slip
// of the pen rather than something else.
var (
	ErrNumber      = errors.New("vidimus: not a certificate number")
	ErrNumberCheck = errors.New("vidimus: wrong check character in certificate number")
)

const (
	maxSeries    = 8  // more would not fit the line of the certificate
	maxSeqDigits = 12 // above any register of people
)

const checkAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// String returns the number with its check character, "" for the zero Number.
func (n Number) String() string {
	if n == (Number{}) {
		return ""
	}
	b := n.body()
	return b + "-" + string(checkChar(b))
}

func (n Number) body() string {
	if n.Year < 0 || n.Year > 9999 || n.Seq < 0 || n.Seq > 999_999 || len(n.Series) > maxSeries {
		return fmt.Sprintf("%s-%04d-%06d", n.Series, n.Year, n.Seq)
	}
	b := append(make([]byte, 0, maxSeries+len("-2026-000000-")), n.Series...)
	b = append(b, "-0000-000000"...)
	putDigits(b[len(b)-11:len(b)-7], n.Year)
	putDigits(b[len(b)-6:], int(n.Seq))
	return string(b)
}

// Valid reports whether the parts are in range.
func (n Number) Valid() bool {
	return ValidSeries(n.Series) && n.Year >= 1000 && n.Year <= 9999 &&
		n.Seq > 0 && len(strconv.FormatInt(n.Seq, 10)) <= maxSeqDigits
}

// ValidSeries reports whether s can be the series of an issuer.
func ValidSeries(s string) bool {
	if len(s) == 0 || len(s) > maxSeries {
		return false
	}
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(checkAlphabet, s[i]) < 0 {
			return false
		}
	}
	return true
}

// ParseNumber reads what a person typed: either case, Cyrillic letters that
// look like Latin ones, spaces or dashes of any kind between the parts.
// It returns [ErrNumber] or [ErrNumberCheck].
func ParseNumber(s string) (Number, error) {
	if len(s) > 4*(maxSeries+maxSeqDigits) {
		return Number{}, fmt.Errorf("%w: %q", ErrNumber, clip(s))
	}
	clean := strings.Map(latinLookAlike, strings.TrimSpace(s))
	part := strings.FieldsFunc(clean, func(r rune) bool { return r == '-' || r == ' ' })
	if len(part) != 4 || len(part[3]) != 1 || !digits(part[1], 4, 4) || !digits(part[2], 6, maxSeqDigits) {
		return Number{}, fmt.Errorf("%w: %q", ErrNumber, clip(s))
	}
	year, _ := strconv.Atoi(part[1])
	seq, _ := strconv.ParseInt(part[2], 10, 64)
	n := Number{Series: part[0], Year: year, Seq: seq}
	// One number, one spelling: surplus leading zeros are not ours.
	if !n.Valid() || n.body() != strings.Join(part[:3], "-") {
		return Number{}, fmt.Errorf("%w: %q", ErrNumber, clip(s))
	}
	if part[3][0] != checkChar(n.body()) {
		return Number{}, fmt.Errorf("%w: %q", ErrNumberCheck, clip(s))
	}
	return n, nil
}

// checkChar computes ISO/IEC 7064 MOD 37,36 over the letters and digits of s.
func checkChar(s string) byte {
	const m = 36
	p := m
	for i := 0; i < len(s); i++ {
		v := strings.IndexByte(checkAlphabet, s[i])
		if v < 0 {
			continue // separators do not count
		}
		if p = (p + v) % m; p == 0 {
			p = m
		}
		p = p * 2 % (m + 1)
	}
	return checkAlphabet[(m+1-p)%m]
}

func digits(s string, least, most int) bool {
	if len(s) < least || len(s) > most {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// latinLookAlike folds what a Russian keyboard puts in place of Latin capitals.
func latinLookAlike(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	switch r {
	case '–', '—', '‑', '−', '_', '/':
		return '-'
	case '\u00a0', '\t', '\u202f':
		return ' '
	case 'А', 'а':
		return 'A'
	case 'В', 'в':
		return 'B'
	case 'Е', 'е':
		return 'E'
	case 'К', 'к':
		return 'K'
	case 'М', 'м':
		return 'M'
	case 'Н', 'н':
		return 'H'
	case 'О', 'о':
		return 'O'
	case 'Р', 'р':
		return 'P'
	case 'С', 'с':
		return 'C'
	case 'Т', 'т':
		return 'T'
	case 'У', 'у':
		return 'Y'
	case 'Х', 'х':
		return 'X'
	}
	return r
}

// MarshalText implements encoding.TextMarshaler.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; empty text is the zero Number.
func (n *Number) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*n = Number{}
		return nil
	}
	v, err := ParseNumber(string(b))
	if err == nil {
		*n = v
	}
	return err
}
