package verify

import (
	"slices"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/qr"
)

// drawn reports whether a page of this content has one QR code, and it says text.
func drawn(text, content string) error {
	s := &pageScan{cache: &scanCache{}}
	if _, err := s.scan([]byte(content), &pdf.Dict{}, 0); err != nil {
		return err
	}
	return s.draws(text, new(qr.Encoder))
}

// TestDrawn: a QR code is the same whether its lines are read by themselves or,
// written otherwise, token by token; and a module more or less, wherever,
// makes it another code.
func TestDrawn(t *testing.T) {
	text := "https://reg.example.org/c/1" + strings.Repeat("0123456789", 20)
	code, err := qr.Encode(text)
	if err != nil {
		t.Fatal(err)
	}
	path := string(code.AppendPDFPath([]byte("0 g\n"), 100.5, 20, 1.2))
	lines := strings.SplitAfter(path, "\n")
	if err := drawn(text, path); err != nil {
		t.Fatal(err)
	}
	for name, same := range map[string]string{
		"two spaces":     strings.ReplaceAll(path, " re\n", "  re\n"),
		"spaces only":    strings.ReplaceAll(path, "re\n", "re "),
		"CR LF":          strings.ReplaceAll(path, "\n", "\r\n"),
		"three digits":   strings.ReplaceAll(path, " re\n", " re\n0"),
		"signs":          strings.ReplaceAll(path, "re\n", "re\n+"),
		"a comment":      lines[0] + lines[1] + lines[2] + "% 1 1 1 1 re\n" + strings.Join(lines[3:], ""),
		"an empty one":   lines[0] + lines[1] + lines[2] + "1 1 0 0 re\n" + strings.Join(lines[3:], ""),
		"two operations": strings.Replace(path, "f Q", "f* Q", 1),
	} {
		same = strings.NewReplacer("+f", "f", "0f", "f").Replace(same)
		if err := drawn(text, same); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, other := range map[string]string{
		"operator without operands": strings.Replace(path, "f Q", "re f Q", 1),
		"matrix within the path":    lines[0] + lines[1] + lines[2] + "1 0 0 1 0 0 cm\n" + strings.Join(lines[3:], ""),
	} {
		if drawn(text, other) == nil {
			t.Errorf("%s: it passes", name)
		}
	}
	for i := 2; i < len(lines)-2; i++ {
		other := slices.Concat(lines[:i], lines[i+1:])
		if drawn(text, strings.Join(other, "")) == nil {
			t.Errorf("without rectangle %d it passes", i)
		}
		for _, more := range []string{"0 0 53 53 re\n", "8 8 1 1 re\n", "60 60 1 1 re\n", "99 99 9 9 re\n", "1 1 1 1 l\n", "1 1 1 1.5 re\n"} {
			other := slices.Concat(lines[:i], []string{more}, lines[i:])
			if drawn(text, strings.Join(other, "")) == nil && !within(code, more) {
				t.Errorf("with %q before rectangle %d it passes", more, i)
			}
		}
	}
	if drawn(text, path+path) == nil || drawn(text, "") == nil {
		t.Error("two codes, or none, pass")
	}
}

// within reports whether a rectangle of one module is dark in code anyway.
func within(code *qr.Code, line string) bool {
	return line == "8 8 1 1 re\n" && code.Black(8, code.Size()-1-8)
}
