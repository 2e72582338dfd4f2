package vidimus

import (
	"fmt"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// TestTextOfDatesAndNumbers: what is written digit by digit is what fmt writes.
func TestTextOfDatesAndNumbers(t *testing.T) {
	for _, y := range []int{-1, 0, 1, 999, 1000, 2026, 9999, 10000} {
		for _, m := range []int{-1, 0, 1, 9, 12, 99, 100} {
			for _, d := range []int{-1, 0, 1, 31, 99, 100} {
				v := Date{y, time.Month(m), d}
				if v.IsZero() {
					continue
				}
				if got, want := v.String(), fmt.Sprintf("%04d-%02d-%02d", y, m, d); got != want {
					t.Errorf("%+v: %s, want %s", v, got, want)
				}
				if got, want := v.Russian(), fmt.Sprintf("%02d.%02d.%04d", d, m, y); got != want {
					t.Errorf("%+v: %s, want %s", v, got, want)
				}
			}
		}
		for _, seq := range []int64{-1, 0, 1, 42, 999_999, 1_000_000, 999_999_999_999} {
			for _, series := range []string{"", "A", "VD77", "ABCDEFGH", "TOOLONGASERIES"} {
				if got, want := (Number{series, y, seq}).body(), fmt.Sprintf("%s-%04d-%06d", series, y, seq); got != want {
					t.Errorf("%s, want %s", got, want)
				}
			}
		}
	}
}

// TestPlainRune: what is known without a table passes it.
func TestPlainRune(t *testing.T) {
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !plainRune(r) {
			continue
		}
		n++
		if r != ' ' && unicode.IsSpace(r) || unicode.In(r, unicode.C, unicode.Mn, unicode.Me) || r == utf8.RuneError {
			t.Errorf("%U is no plain rune", r)
		}
	}
	if n != 95+64+2 {
		t.Errorf("%d plain runes", n)
	}
}
