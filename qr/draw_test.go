package qr

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
)

// painted counts how often each module is covered.
type painted map[[2]int]int

func (p painted) fill(x, y, w, h int) {
	for dy := range h {
		for dx := range w {
			p[[2]int{x + dx, y + dy}]++
		}
	}
}

// check asks that every dark module is covered once and nothing else is.
func (p painted) check(t *testing.T, c *Code) {
	t.Helper()
	for y := -QuietZone; y < c.Size()+QuietZone; y++ {
		for x := -QuietZone; x < c.Size()+QuietZone; x++ {
			want := 0
			if c.Black(x, y) {
				want = 1
			}
			if p[[2]int{x, y}] != want {
				t.Fatalf("module %d,%d is covered %d times, want %d", x, y, p[[2]int{x, y}], want)
			}
			delete(p, [2]int{x, y})
		}
	}
	if len(p) > 0 {
		t.Fatalf("%d modules outside the symbol are covered", len(p))
	}
}

func testCode(t testing.TB) (string, *Code) {
	t.Helper()
	url, err := newSigner(t, testHost, edKey("active")).Seal(testClaims())
	if err != nil {
		t.Fatal(err)
	}
	c, err := Encode(url)
	if err != nil {
		t.Fatal(err)
	}
	return url, c
}

func TestPDFPath(t *testing.T) {
	_, c := testCode(t)
	out := string(c.AppendPDFPath([]byte("before\n"), 20, 30.5, 1.13386))
	body, ok := strings.CutPrefix(out, "before\nq 1.13386 0 0 1.13386 20 30.5 cm\n")
	if !ok {
		t.Fatalf("starts with %.60q", out)
	}
	if body, ok = strings.CutSuffix(body, "f Q\n"); !ok {
		t.Fatal("does not end with one fill")
	}
	p := make(painted)
	lines := strings.SplitAfter(body, "\n")
	for _, line := range lines[:len(lines)-1] {
		var x, y, w, h int
		if n, err := fmt.Sscanf(line, "%d %d %d %d re\n", &x, &y, &w, &h); n != 4 || err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		p.fill(x, c.Size()-y-h, w, h)
	}
	p.check(t, c)
	t.Logf("%d rectangles, %d bytes", len(lines)-1, len(body))
	if again := string(c.AppendPDFPath([]byte("before\n"), 20, 30.5, 1.13386)); again != out {
		t.Error("two drawings differ")
	}
}

func TestAppendReal(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", -2.5: "-2.5", 100: "100", 1.0 / 3: "0.33333", -0.0000001: "0", 1e7: "10000000", 0.00001: "0.00001",
	} {
		if got := string(appendReal(nil, v)); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

func TestSVG(t *testing.T) {
	_, c := testCode(t)
	var out bytes.Buffer
	if err := c.SVG(&out); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		ViewBox string `xml:"viewBox,attr"`
		Path    []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	side := c.Size() + 2*QuietZone
	if want := fmt.Sprintf("0 0 %d %d", side, side); doc.ViewBox != want || len(doc.Path) != 2 {
		t.Fatalf("viewBox %q, want %q; %d paths", doc.ViewBox, want, len(doc.Path))
	}
	p := make(painted)
	for part := range strings.SplitSeq(strings.TrimSuffix(doc.Path[1].D, "z"), "z") {
		var x, y, w, h, back int
		if n, err := fmt.Sscanf(part, "M%d %dh%dv%dh%d", &x, &y, &w, &h, &back); n != 5 || err != nil || back != -w {
			t.Fatalf("part %q: %v", part, err)
		}
		p.fill(x-QuietZone, y-QuietZone, w, h)
	}
	p.check(t, c)
}

func TestPNGScale(t *testing.T) {
	_, c := testCode(t)
	for _, scale := range []int{-1, 0, MaxScale + 1} {
		if err := c.PNG(&bytes.Buffer{}, scale); err == nil {
			t.Errorf("scale %d accepted", scale)
		}
	}
	var a, b bytes.Buffer
	if err := c.PNG(&a, 5); err != nil {
		t.Fatal(err)
	}
	if err := c.PNG(&b, 5); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("two pictures differ: %v", err)
	}
}

// What is drawn is read again by programs we did not write: both algorithms, as
// picture of several scales, as SVG, and in a PDF at the resolutions of a fax, a
// screen and a scanner.
func TestDrawnIsRead(t *testing.T) {
	var e Encoder
	for _, s := range []*Signer{newSigner(t, testHost, edKey("active")), newSigner(t, testHost, ecKey(t, "active"))} {
		url, err := s.Seal(testClaims())
		if err != nil {
			t.Fatal(err)
		}
		c, err := e.Encode(url)
		if err != nil {
			t.Fatal(err)
		}
		for _, scale := range []int{2, 3, 4, 7, 12} {
			if got := readPNG(t, c, scale); got != url {
				t.Errorf("%v, scale %d: read %.40q…", s.Key().Alg, scale, got)
			}
		}
		dir := t.TempDir()
		svg, err := os.Create(filepath.Join(dir, "code.svg"))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SVG(svg); err != nil {
			t.Fatal(err)
		}
		if err := svg.Close(); err != nil {
			t.Fatal(err)
		}
		picture := filepath.Join(dir, "code.png")
		oracle.Run(t, "mutool", "draw", "-q", "-r", "288", "-o", picture, svg.Name())
		if got := oracle.QRCode(t, picture); got != url {
			t.Errorf("%v: SVG read as %.40q…", s.Key().Alg, got)
		}

		pdf := filepath.Join(dir, "code.pdf")
		const module = 0.4 * 72 / 25.4 // 0.4 mm
		page := c.AppendPDFPath([]byte("0 g\n"), 50, 55, module)
		if err := os.WriteFile(pdf, onePage(page), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, dpi := range []string{"150", "200", "300", "600"} {
			oracle.Run(t, "pdftoppm", "-png", "-singlefile", "-r", dpi, pdf, strings.TrimSuffix(picture, ".png"))
			if got := oracle.QRCode(t, picture); got != url {
				t.Errorf("%v: PDF at %s dpi by poppler read as %.40q…", s.Key().Alg, dpi, got)
			}
			oracle.Run(t, "mutool", "draw", "-q", "-r", dpi, "-o", picture, pdf)
			if got := oracle.QRCode(t, picture); got != url {
				t.Errorf("%v: PDF at %s dpi by mutool read as %.40q…", s.Key().Alg, dpi, got)
			}
		}
	}
}

// onePage wraps page content into the least PDF file.
func onePage(content []byte) []byte {
	var b bytes.Buffer
	var offsets []int
	b.WriteString("%PDF-1.7\n")
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
	} {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	b.WriteString("xref\n0 5\n0000000000 65535 f \n")
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}
