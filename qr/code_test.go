package qr

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	qrcode "github.com/skip2/go-qrcode"
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
	return oracle.QRCode(t, path)
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

// A text that go-qrcode draws reads the same as ours: the reader, not just our
// own picture, is sound at these lengths.
func TestAgreesWithAnotherEncoder(t *testing.T) {
	for _, host := range []int{4, 15, 60} {
		text := longURL(host, 331)
		theirs := filepath.Join(t.TempDir(), "theirs.png")
		if err := qrcode.WriteFile(text, qrcode.Medium, -4, theirs); err != nil {
			t.Fatal(err)
		}
		c, err := Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := oracle.QRCode(t, theirs), readPNG(t, c, 4); a != text || b != text {
			t.Errorf("host %d: theirs %.30q…, ours %.30q…", host, a, b)
		}
		other, err := qrcode.New(text, qrcode.Medium)
		if err != nil {
			t.Fatal(err)
		}
		if other.VersionNumber < c.Version() {
			t.Errorf("host %d: version %d, go-qrcode needs %d", host, c.Version(), other.VersionNumber)
		}
	}
}

// Level M restores damage. Where the error correction is wrong, a clean symbol
// may still be read, a damaged one is not.
func TestDamagedIsRead(t *testing.T) {
	var e Encoder
	r := rand.New(rand.NewPCG(3, 4))
	for digits := 20; digits <= 500; digits += 40 {
		text := longURL(10, digits)
		c, err := e.Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		l := e.layouts[c.version].layout
		damaged := *c
		// One codeword in twenty-five: level M restores about one in seven, but
		// they need not fall evenly on the blocks.
		for range len(l.place) / 8 / 25 {
			codeword := r.IntN(len(l.place) / 8)
			for _, p := range l.place[8*codeword : 8*codeword+8] {
				damaged.rows[p.y] ^= 1 << p.x
			}
		}
		if got := readPNG(t, &damaged, 4); got != text {
			t.Errorf("version %d: read %.40q…", c.version, got)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for text, want := range map[string]error{
		"": ErrCharacter, "реестр": ErrCharacter, "a\n": ErrCharacter, "a\x7f": ErrCharacter,
		longURL(10, 549): ErrTooLong, strings.Repeat("a", 252): ErrTooLong, strings.Repeat("7", 605): ErrTooLong,
	} {
		if c, err := Encode(text); !errors.Is(err, want) || c != nil {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	for _, text := range []string{longURL(10, 548), strings.Repeat("a", 251), strings.Repeat("7", 604)} { // the most that fits
		c, err := Encode(text)
		if err != nil {
			t.Fatalf("%.20q: %v", text, err)
		}
		if got := readPNG(t, c, 4); got != text {
			t.Errorf("%.20q: read %.40q…", text, got)
		}
	}
}

// The smallest version that holds the text is taken: a digit more than fills one
// version moves on to the next.
func TestVersionsOfHosts(t *testing.T) {
	for _, s := range []struct{ host, version int }{{4, 9}, {15, 9}, {25, 9}, {40, 10}, {60, 10}, {MaxHost, 11}} {
		host := strings.Repeat("a.", s.host/2-1) + strings.Repeat("b", 2+s.host%2)
		for _, signer := range []*Signer{newSigner(t, host, edKey("active")), newSigner(t, host, ecKey(t, "active"))} {
			url, err := signer.Seal(testClaims())
			if err != nil {
				t.Fatal(err)
			}
			c, err := Encode(url)
			if err != nil {
				t.Fatal(err)
			}
			if c.Version() != s.version {
				t.Errorf("host of %d, %d characters: version %d, want %d", s.host, len(url), c.Version(), s.version)
			}
			if got := readPNG(t, c, 3); got != url {
				t.Errorf("host of %d: read %.40q…", s.host, got)
			}
		}
		largest := testClaims()
		largest.Kind, largest.Issued, largest.Expires = MaxKind, time.Unix(maxTime-1, 0), time.Unix(maxTime, 0)
		url, err := newSigner(t, host, edKey("active")).Seal(largest)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Encode(url); err != nil {
			t.Errorf("host of %d, largest claims: %v", s.host, err)
		}
	}
}

// An Encoder is shared: run with -race.
func TestEncoderIsSafeForConcurrentUse(t *testing.T) {
	var e Encoder
	want, err := Encode(longURL(10, 331))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for digits := range 40 {
				if _, err := e.Encode(longURL(10, 10*digits)); err != nil {
					t.Error(err)
				}
			}
			if c, err := e.Encode(longURL(10, 331)); err != nil || *c != *want {
				t.Errorf("another symbol than when alone: %v", err)
			}
		})
	}
	wg.Wait()
}

// TestSays: a symbol says its text under each of the eight masks, and with one
// module changed no longer.
func TestSays(t *testing.T) {
	var e Encoder
	for _, digits := range []int{20, 300, 548} {
		text := longURL(10, digits)
		c, err := e.Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		l := e.layouts[c.version].layout
		for m := range numMasks {
			rows := c.rows
			for y := range c.size { // the mask undone, and another one laid on
				rows[y] ^= l.base[c.mask][y] ^ l.base[m][y]
			}
			says := func() bool {
				ok, err := e.Says(text, rows[:c.size])
				return ok && err == nil
			}
			if !says() {
				t.Errorf("version %d, mask %d: not recognised", c.version, m)
			}
			for y := range c.size {
				for x := range c.size {
					rows[y] ^= 1 << x
					if says() {
						t.Errorf("version %d, mask %d: passes with module %d, %d changed", c.version, m, x, y)
					}
					rows[y] ^= 1 << x
				}
			}
			rows[0] ^= 1 << c.size
			if says() {
				t.Errorf("version %d, mask %d: passes with a module beyond its edge", c.version, m)
			}
		}
		for _, other := range []string{text[:len(text)-1] + "x", text + "0", "x" + text[1:]} {
			if ok, _ := e.Says(other, c.rows[:c.size]); ok {
				t.Errorf("version %d: passes for %.20q…", c.version, other)
			}
		}
		if ok, _ := e.Says(text, c.rows[:c.size-1]); ok {
			t.Errorf("version %d: passes with a row missing", c.version)
		}
	}
	if ok, err := e.Says("реестр", make([]uint64, 21)); ok || !errors.Is(err, ErrCharacter) {
		t.Errorf("%v, %v for a text that no symbol of ours holds", ok, err)
	}
}
