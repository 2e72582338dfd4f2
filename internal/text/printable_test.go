package text_test

import (
	"testing"

	"github.com/vidimus/vidimus/internal/text"
)

func TestPrintable(t *testing.T) {
	for _, s := range []string{"", "Кедров Пётр Ильич", "ООО «Ромашка»", "naïve – ﬁn", "日本 עברית العربية", "e\u0301", "·", "a b\u00a0c", "\ufffd", "€☂😀"} {
		if got := text.Printable(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	for _, r := range "\x00\x07\x1b\n\r\t\x7f\u0080\u009b\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029" +
		"\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2064\u2066\u2067\u2068\u2069\u206a\u3164\ufe0f\ufeff\uffa0\ufff9\U000e0001\U000e0041\U000e0100" {
		if got := text.Printable("a" + string(r) + "b"); got != "a·b" {
			t.Errorf("%U: %q", r, got)
		}
	}
	if got := text.Printable("a\xffb"); got != "a\ufffdb" {
		t.Errorf("%q", got)
	}
}
