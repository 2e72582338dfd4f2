package httpapi_test

import (
	"bytes"
	"image"
	_ "image/png"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/oracle"
)

// TestPageInChromium opens the page behind a QR code in a real browser, in the
// width of a telephone: the verdict is there, in its colour, and nothing is wider
// than the screen. (Scripts stay on, as the browser needs them for its own dump;
// the page forbids them by its policy, and the request scripts test that.)
func TestPageInChromium(t *testing.T) {
	chromium := oracle.Need(t, "chromium")
	h, vars := newOffice(t)
	srv := httptest.NewServer(h)
	defer srv.Close()
	for name, c := range map[string]struct{ path, headline string }{
		"active":  {"/c/$TOKEN?lang=ru", "Действителен"},
		"revoked": {"/c/$REVOKEDTOKEN?lang=en", "Revoked"},
		"unknown": {"/c/1?lang=en", "The code was not recognised"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			shot := filepath.Join(dir, "page.png")
			run := func(args ...string) string {
				t.Helper()
				// Without the switches a browser talks to its maker at start.
				cmd := exec.Command(chromium, append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
					"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
					"--user-data-dir=" + filepath.Join(dir, "profile"), "--window-size=500,1000"}, args...)...)
				cmd.WaitDelay = time.Minute
				var out, errs bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &errs
				if err := cmd.Run(); err != nil {
					t.Fatalf("chromium: %v\n%s", err, errs.String())
				}
				return out.String()
			}
			url := srv.URL + vars.Replace(c.path)
			if dom := run("--dump-dom", url); !strings.Contains(dom, "<span>"+c.headline+"</span>") {
				t.Errorf("the page does not say %q:\n%s", c.headline, dom)
			}
			run("--screenshot="+shot, url)
			f, err := os.Open(shot)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			img, _, err := image.Decode(f)
			if err != nil {
				t.Fatal(err)
			}
			checkColours(t, img, name)
		})
	}
}

// checkColours wants the box of the verdict in its colour across the screen, and
// margins that nothing runs into.
func checkColours(t *testing.T, img image.Image, name string) {
	t.Helper()
	want := map[string][3]uint32{"active": {0x13, 0x6b, 0x37}, "revoked": {0xa4, 0x16, 0x1a}, "unknown": {0x44, 0x50, 0x5c}}[name]
	b := img.Bounds()
	rows := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		if at(img, b.Dx()-40, y) == want && at(img, 20, y) == want {
			rows++
		}
		if got := at(img, b.Max.X-1, y); y > 100 && got != at(img, b.Max.X-2, y) {
			t.Errorf("something runs into the right edge at row %d", y)
			break
		}
	}
	if rows < 60 {
		t.Errorf("the verdict has %d rows in its colour, want a box of 60 and more", rows)
	}
}

func at(img image.Image, x, y int) [3]uint32 {
	r, g, b, _ := img.At(x, y).RGBA()
	return [3]uint32{r >> 8, g >> 8, b >> 8}
}
