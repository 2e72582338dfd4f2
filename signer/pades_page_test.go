package signer

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pdf/pdfa"
)

// A rendered page is certified, then approved: both signatures are valid.
func TestSignRenderedPage(t *testing.T) {
	t.Parallel()
	opt := sampleOptions()
	at := render(t, opt).Time
	p, err := NewDevPKI(DevPKIOptions{Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	opt.HoleSize = p.Signer.HoleSize()
	draft := render(t, opt)
	doc, err := p.Signer.SignDraft(context.Background(), draft)
	if err != nil {
		t.Fatal(err)
	}
	if doc, err = signBytes(p.Signer, doc, PDFOptions{Reason: "Утверждаю"}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "page.pdf")
	write(t, file, doc)
	oracle.Run(t, "qpdf", "--check", file)
	out, _ := oracleOutput(t, "pdfsig", "-nocert", file)
	if strings.Count(out, "Signature is Valid.") != 2 || strings.Count(out, "- Total document signed") != 1 {
		t.Errorf("pdfsig:\n%s", out)
	}
}

// Signing an archival document leaves it one: Preflight knows PDF/A-1b.
func TestSignKeepsPDFA(t *testing.T) {
	t.Parallel()
	opt := sampleOptions()
	opt.mode = pdfa.Test1b
	p := testPKI(t, KeyP256)
	doc, err := signBytes(p.Signer, render(t, opt).Bytes, PDFOptions{})
	if err != nil {
		t.Fatal(err)
	}
	checkSignedPDF(t, p, doc)
	file := filepath.Join(t.TempDir(), "page.pdf")
	write(t, file, doc)
	if got := preflight(t, file); !strings.HasPrefix(got, "valid\n") && !strings.Contains(got, "\nvalid\n") {
		t.Errorf("Preflight:\n%s", got)
	}
}

func preflight(t *testing.T, file string) string {
	t.Helper()
	var jars []string
	for _, name := range []string{"preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "jaxb-api", "javax.activation"} {
		jars = append(jars, oracle.File(t, filepath.Join("/usr/share/java", name+".jar"), name+".jar of Debian's libpdfbox2-java"))
	}
	return oracle.Run(t, "java", "-cp", strings.Join(jars, ":"), filepath.Join("..", "internal", "pdf", "pdfa", "testdata", "Preflight.java"), file)
}
