package office

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// issueExample issues the example table and returns the certificates in order.
func issueExample(t testing.TB, o *Office) []*vidimus.Issued {
	t.Helper()
	table, err := NewTable(strings.NewReader(ExampleTable(time.Now())))
	if err != nil {
		t.Fatal(err)
	}
	var issued []*vidimus.Issued
	if err := o.Batch(t.Context(), table, func(r *Result) error {
		issued = append(issued, r.Issued)
		return r.Err
	}); err != nil {
		t.Fatal(err)
	}
	return issued
}

func verdictOf(t testing.TB, o *Office, doc []byte) *verify.Report {
	t.Helper()
	report, err := verify.Bytes(t.Context(), "a.pdf", doc, o.VerifyOptions())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// One flipped bit in each of 200 random places of an issued document: every one
// is noticed. The seed is printed, so that a failure can be repeated.
func TestFlippedBitsAreNoticed(t *testing.T) {
	o := benchOffice(t, "")
	doc := issueExample(t, o)[0].Document
	if r := verdictOf(t, o, doc); r.Verdict() != verify.Passed {
		t.Fatalf("the document itself: %s", r.Verdict())
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d bytes", seed, len(doc))
	r := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		at, bit := r.IntN(len(doc)), r.IntN(8)
		bad := bytes.Clone(doc)
		bad[at] ^= 1 << bit
		report := verdictOf(t, o, bad)
		if report.Verdict() == verify.Passed || report.ExitCode() == 0 {
			t.Errorf("byte %d bit %d: %s", at, bit, report.Verdict())
		}
	}
}

// A page with the QR code of another certificate, rendered and signed by our own
// keys: the worst case, an insider or a bug. The product check and the verifier
// both notice.
func TestForeignQRCodeIsNoticed(t *testing.T) {
	o := benchOffice(t, "")
	issued := issueExample(t, o)
	c, other := issued[0].Certificate, issued[2]
	kind, _ := o.Kinds.Get(c.Kind)
	rec, err := o.Registry.Get(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, urls := range map[string][2]string{
		"page and record": {other.URL, other.URL},
		"page only":       {other.URL, issued[0].URL},
		"record only":     {issued[0].URL, other.URL},
	} {
		record, err := vidimus.NewRecord(&c, urls[1], rec.Salt).JSON()
		if err != nil {
			t.Fatal(err)
		}
		draft, err := o.issuer.Renderer.Render(t.Context(), &c, kind, urls[0], record)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := o.identity.SignDraft(t.Context(), draft)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.issuer.Verifier.VerifyProduct(t.Context(), doc, &c); err == nil {
			t.Errorf("%s: the product check let it pass", name)
		}
		if r := verdictOf(t, o, doc); r.Verdict() != verify.Failed {
			t.Errorf("%s: %s", name, r.Verdict())
		}
	}
}

// A true document of ours that the registry has replaced by another: the same
// data, signed again. It is genuine by its signature, and not what was issued.
func TestSecondDocumentOfOneCertificate(t *testing.T) {
	o := benchOffice(t, "")
	issued := issueExample(t, o)[0]
	c := issued.Certificate
	kind, _ := o.Kinds.Get(c.Kind)
	rec, err := o.Registry.Get(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	record, err := vidimus.NewRecord(&c, issued.URL, rec.Salt).JSON()
	if err != nil {
		t.Fatal(err)
	}
	draft, err := o.issuer.Renderer.Render(t.Context(), &c, kind, issued.URL, record)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := o.identity.SignDraft(t.Context(), draft)
	if err != nil || bytes.Equal(doc, issued.Document) {
		t.Fatal("the second signature is the first one", err)
	}
	r := verdictOf(t, o, doc)
	if r.Verdict() == verify.Passed || r.Registry == nil || r.Registry.Match != verify.MatchData {
		t.Errorf("%s, %+v", r.Verdict(), r.Registry)
	}
}

// A document signed by a key that our anchors vouch for, but without a record: its
// signature holds, and the report says that it is no certificate of ours.
func TestSignedDocumentIsNoCertificate(t *testing.T) {
	o := benchOffice(t, "")
	var plain bytes.Buffer
	offsets := []int{}
	for i, obj := range []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"} {
		if i == 0 {
			plain.WriteString("%PDF-1.7\n")
		}
		offsets = append(offsets, plain.Len())
		fmt.Fprintf(&plain, "%d 0 obj\n%s\nendobj\n", i+1, obj)
	}
	start := plain.Len()
	plain.WriteString("xref\n0 4\n0000000000 65535 f \n")
	for _, at := range offsets {
		fmt.Fprintf(&plain, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&plain, "trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", start)
	var signed bytes.Buffer
	if err := o.identity.SignPDF(t.Context(), &signed, bytes.NewReader(plain.Bytes()), int64(plain.Len()), signer.PDFOptions{}); err != nil {
		t.Fatal(err)
	}
	r := verdictOf(t, o, signed.Bytes())
	if r.Verdict() != verify.Passed || r.Registry != nil || !slices.ContainsFunc(r.Findings, func(f verify.Finding) bool { return f.Code == "NOTE-CERT-NONE" }) {
		t.Errorf("%s, %+v, %+v", r.Verdict(), r.Registry, r.Findings)
	}
}

// maxIssued is what a certificate may weigh, with any kind of key.
const maxIssued = 40_000

// Every issued file, of every kind of key, passes the programs of others.
func TestIssuedFilesPassOthers(t *testing.T) {
	for _, key := range []string{"P-256", "P-384", "Ed25519", "RSA-2048", "RSA-3072", "RSA-4096"} {
		t.Run(key, func(t *testing.T) {
			o := benchOffice(t, keyKind(key))
			for _, issued := range issueExample(t, o) {
				if len(issued.Document) > maxIssued {
					t.Errorf("%d bytes, want at most %d", len(issued.Document), maxIssued)
				}
				checkWithOthers(t, o.DocumentPath(issued.Certificate.Number), issued, key)
			}
		})
	}
}

func checkWithOthers(t *testing.T, path string, issued *vidimus.Issued, key string) {
	t.Helper()
	want := func(out, what string) {
		t.Helper()
		if !strings.Contains(out, what) {
			t.Errorf("lacks %q:\n%s", what, out)
		}
	}
	c := &issued.Certificate
	want(oracle.Run(t, "qpdf", "--check", path), "No syntax or stream encoding errors")
	sig, _ := exec.Command(oracle.Need(t, "pdfsig"), path).CombinedOutput() // its status is that of the chain
	want(string(sig), "Total document signed")
	if key != "Ed25519" { // NSS before 3.99 has no Ed25519
		want(string(sig), "Signature is Valid.")
	}
	fonts := strings.Split(strings.TrimSpace(oracle.Run(t, "pdffonts", path)), "\n")
	if len(fonts) < 3 {
		t.Errorf("no fonts:\n%s", strings.Join(fonts, "\n"))
	}
	for _, line := range fonts[2:] {
		if f := strings.Fields(line); len(f) < 5 || strings.Join(f[len(f)-5:len(f)-2], " ") != "yes yes yes" {
			t.Errorf("not embedded, subset and with ToUnicode: %s", line)
		}
	}
	text := oracle.Run(t, "pdftotext", "-layout", path, "-")
	want(text, c.Number.String())
	want(text, c.Holder.Surname)
	want(text, c.Holder.Patronymic)
	dir := t.TempDir()
	oracle.Run(t, "pdfdetach", "-saveall", "-o", dir, path)
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) != 1 {
		t.Fatalf("attachments: %v", files)
	}
	rec, err := vidimus.ParseRecord(readFile(t, files[0]))
	if err != nil || rec.ID != c.ID || rec.URL != issued.URL {
		t.Errorf("attached record: %+v, %v", rec, err)
	}
	want(oracle.Run(t, "mutool", "info", path), "Pages: 1")
	picture := filepath.Join(dir, "page")
	oracle.Run(t, "pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", path, picture)
	if code := oracle.QRCode(t, picture+".png"); code != issued.URL {
		t.Errorf("QR code says %q", code)
	}
}
