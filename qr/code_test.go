package qr

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
)

// longURL makes a text like ours: a host and a decimal of the given lengths.
func longURL(host, digits int) string {
	r := rand.New(rand.NewPCG(uint64(host), uint64(digits)))
	b := []byte("https://" + strings.Repeat("a", host) + "/c/")
	for range digits {
		b = append(b, byte('0'+r.IntN(10)))
	}
	return string(b)
}

func readPNG(t *testing.T, c *Code, scale int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "code.png")
	var buf bytes.Buffer
	if err := c.PNG(&buf, scale); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(oracle.Need(t, "zbarimg"), "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path).Output()
	if err != nil {
		t.Errorf("zbarimg found nothing: %v", err)
	}
	return strings.TrimSuffix(string(out), "\n")
}

// Every version we draw is read by zbar, with each kind of segment and at the
// lengths where the version or the padding changes.
func TestZbarReadsEveryVersion(t *testing.T) {
	var e Encoder
	seen := make(map[int]bool)
	for _, host := range []int{1, 10, 29} {
		for digits := 0; digits <= 500; digits += 31 {
			text := longURL(host, digits)
			c, err := e.Encode(text)
			if err != nil {
				t.Fatalf("host %d, digits %d: %v", host, digits, err)
			}
			seen[c.Version()] = true
			if got := readPNG(t, c, 3); got != text {
				t.Errorf("host %d, digits %d, version %d: zbarimg read %q", host, digits, c.Version(), got)
			}
		}
	}
	for _, text := range []string{"7", "A", "12345678901234567890"} {
		c, err := e.Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		seen[c.Version()] = true
		if got := readPNG(t, c, 4); got != text {
			t.Errorf("zbarimg read %q, want %q", got, text)
		}
	}
	for v := 1; v <= MaxVersion; v++ {
		if !seen[v] {
			t.Errorf("no text of version %d was tried", v)
		}
	}
}
