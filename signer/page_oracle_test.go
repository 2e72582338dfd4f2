package signer

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pdf/pdfa"
)

func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestPageOracles shows one page to programs that we did not write.
func TestPageOracles(t *testing.T) {
	path := writeFile(t, "page.pdf", render(t, sampleOptions()).Bytes)
	for _, test := range []struct {
		name string
		args []string
		want []string
	}{
		{"qpdf", []string{"--check", path}, []string{"No syntax or stream encoding errors found"}},
		{"mutool", []string{"draw", "-q", "-r", "50", "-o", filepath.Join(t.TempDir(), "page.png"), path}, nil},
		{"pdfinfo", []string{"-struct-text", path}, []string{"Document", "H1", "СВИДЕТЕЛЬСТВО", "Table", "TH", "TD", "Figure", "Form", "Ёлкина-Заречная"}},
		{"pdfinfo", []string{path}, []string{"Tagged:          yes", "Pages:           1", "A4"}},
		{"pdfsig", []string{"-nocert", path}, []string{"Certification", "ETSI.CAdES.detached"}},
	} {
		got, err := oracleOutput(t, test.name, test.args...)
		if err != nil && test.name != "pdfsig" { // the hole is still empty
			t.Errorf("%s: %v", test.name, err)
		}
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is missing from:\n%s", test.name, want, got)
			}
		}
		got = strings.ReplaceAll(got, "warning: ICC support is not available", "")
		for _, bad := range []string{"warning", "Syntax Error", "error:"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s says:\n%s", test.name, got)
			}
		}
	}
	fonts := oracle.Run(t, "pdffonts", path)
	if n := len(regexp.MustCompile(`(?m)^[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes `).FindAllString(fonts, -1)); n != 2 {
		t.Errorf("%d fonts embedded, subset and with ToUnicode, want 2:\n%s", n, fonts)
	}
}

// TestPageText: the text that a program extracts has every visible field.
func TestPageText(t *testing.T) {
	for _, lang := range []string{"ru", "en"} {
		opt := sampleOptions()
		opt.Lang = lang
		c, kind := sampleCertificate()
		path := writeFile(t, "page.pdf", render(t, opt).Bytes)
		text := strings.Join(strings.Fields(oracle.Run(t, "pdftotext", "-raw", path, "-")), " ")
		for _, f := range c.VisibleFields() {
			want := f.Value
			switch {
			case f.Name == "kind":
				want = Text{kind.RU, kind.EN}.In(lang)
			case lang == "ru" && (f.Name == "validFrom" || f.Name == "validUntil" || f.Name == "decision.date"):
				d, err := vidimus.ParseDate(f.Value)
				if err != nil {
					t.Fatal(err)
				}
				want = d.Russian()
			}
			if !strings.Contains(text, want) {
				t.Errorf("%s: %s %q is not in the text:\n%s", lang, f.Name, want, text)
			}
		}
	}
}

// TestPageRecord: the attachment comes out as it went in.
func TestPageRecord(t *testing.T) {
	c, _ := sampleCertificate()
	path := writeFile(t, "page.pdf", render(t, sampleOptions()).Bytes)
	out := filepath.Join(t.TempDir(), "out.json")
	oracle.Run(t, "pdfdetach", "-save", "1", "-o", out, path)
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(sampleRecord(t, c)) {
		t.Errorf("attachment differs:\n%s", got)
	}
	if _, err := vidimus.ParseRecord(got); err != nil {
		t.Error(err)
	}
}

// TestPageQR reads the code from the page as a phone would, at 150 dpi.
func TestPageQR(t *testing.T) {
	path := writeFile(t, "page.pdf", render(t, sampleOptions()).Bytes)
	base := strings.TrimSuffix(path, ".pdf")
	oracle.Run(t, "pdftoppm", "-r", "150", "-png", "-singlefile", path, base)
	if got := oracle.QRCode(t, base+".png"); got != sampleURL {
		t.Errorf("zbarimg reads %q", got)
	}
}

// TestPagePreflight renders as PDF/A-1b, for which there is an independent
// checker.
func TestPagePreflight(t *testing.T) {
	opt := sampleOptions()
	opt.mode, opt.Development = pdfa.Test1b, true // the watermark, too
	path := writeFile(t, "page.pdf", render(t, opt).Bytes)
	java := oracle.Need(t, "java")
	var jars []string
	for _, name := range []string{"preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "jaxb-api", "javax.activation"} {
		jars = append(jars, oracle.File(t, filepath.Join("/usr/share/java", name+".jar"), name+".jar of Debian's libpdfbox2-java"))
	}
	program := filepath.Join("..", "internal", "pdf", "pdfa", "testdata", "Preflight.java")
	got := oracle.Run(t, java, "-cp", strings.Join(jars, ":"), program, path)
	if !strings.Contains(got, "\nvalid\n") && !strings.HasPrefix(got, "valid\n") {
		t.Errorf("Preflight:\n%s", got)
	}
}

// TestEveryKind renders every kind in both languages; Render lints each, and
// Lint looks at the bytes once more.
func TestEveryKind(t *testing.T) {
	kinds := vidimus.DefaultKinds()
	for _, lang := range []string{"ru", "en"} {
		opt := sampleOptions()
		opt.Lang = lang
		p := samplePage(t, opt)
		for _, kind := range kinds.All() {
			c, _ := sampleCertificate()
			c.Kind = kind.Code
			if kind.Permanent {
				c.ValidUntil = vidimus.Date{}
			}
			if kind.Region {
				c.Region = "Республика Адыгея (Адыгэ Республик)"
			}
			d, err := p.Render(context.Background(), c, kind, sampleURL, sampleRecord(t, c))
			if err != nil {
				t.Errorf("%s %s: %v", kind.Code, lang, err)
				continue
			}
			if err := p.Lint(d); err != nil {
				t.Errorf("%s %s: %v", kind.Code, lang, err)
			}
			if len(d.Bytes) > 40_000 {
				t.Errorf("%s %s: %d bytes", kind.Code, lang, len(d.Bytes))
			}
		}
	}
}
