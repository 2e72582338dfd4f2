package pdfa

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
)

func writeSample(t *testing.T, mode Mode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample.pdf")
	if err := os.WriteFile(path, sample(t, mode).Bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOracles(t *testing.T) {
	path := writeSample(t, A3a)
	for _, test := range []struct {
		name string
		args []string
		want []string
	}{
		{"qpdf", []string{"--check", path}, []string{"No syntax or stream encoding errors found"}},
		{"pdffonts", []string{path}, []string{"LiberationSerif-Bold", "CID TrueType      Identity-H       yes yes yes"}},
		{"pdftotext", []string{"-layout", path, "-"}, []string{"СВИДЕТЕЛЬСТВО", "Ёлкина Ӏəә №", "A-1 (1)", "checked"}},
		{"pdfdetach", []string{"-list", path}, []string{"1 embedded files", "certificate.json"}},
		{"pdfinfo", []string{"-struct-text", path}, []string{"Document", "H1", "Table", "TH", "Figure", "Form", "Ёлкина"}},
		{"pdfinfo", []string{path}, []string{"Свидетельство № 1 <&>", "Tagged:          yes", "PDF version:     1.7"}},
		{"mutool", []string{"info", path}, []string{"Pages: 1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := oracle.Run(t, test.name, test.args...)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing from:\n%s", want, got)
				}
			}
			for _, bad := range []string{"warning", "Syntax Error", "error:"} {
				if strings.Contains(got, bad) {
					t.Errorf("%q in:\n%s", bad, got)
				}
			}
		})
	}
}

// TestPreflight has PDFBox Preflight judge the 1b test mode.
func TestPreflight(t *testing.T) {
	got := preflight(t, writeSample(t, Test1b))
	if got != "valid\n" {
		t.Errorf("Preflight:\n%s", got)
	}
	// The oracle itself must be able to say no: A-3a files are not A-1b.
	if got := preflight(t, writeSample(t, A3a)); !strings.HasPrefix(got, "invalid") {
		t.Errorf("Preflight passes a file that is not PDF/A-1b: %s", got)
	}
}

func preflight(t *testing.T, path string) string {
	t.Helper()
	java := oracle.Need(t, "java")
	var jars []string
	for _, name := range []string{"preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "jaxb-api", "javax.activation"} {
		jars = append(jars, oracle.File(t, filepath.Join("/usr/share/java", name+".jar"), name+".jar of Debian's libpdfbox2-java"))
	}
	cmd := exec.Command(java, "-cp", strings.Join(jars, ":"), filepath.Join("testdata", "Preflight.java"), path)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return string(out)
}
