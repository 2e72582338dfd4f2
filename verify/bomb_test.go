package verify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/verify"
)

// TestBombs: small files that ask for a lot of work get an answer soon, and it
// is not "passed".
func TestBombs(t *testing.T) {
	form := func(fields string) string {
		return "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [" + fields + "] >> >>"
	}
	many := map[int]string{1: form(strings.Repeat("10 0 R ", 200_000)), 10: "<< /FT /Sig /T (a) /Kids [10 0 R 10 0 R] >>"}
	deep := map[int]string{}
	for i := 10; i < 900; i++ {
		deep[i] = fmt.Sprintf("<< /T (a) /FT /Sig /Kids [%d 0 R] >>", i+1)
	}
	deep[1], deep[900] = form("10 0 R"), "<< /T (z) /FT /Sig >>"
	wide := map[int]string{1: form(strings.Repeat("<< /T (a) /FT /Sig /V << /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> >> >> ", 3000))}
	tails := map[int]string{1: form(strings.Repeat("10 0 R ", 1)), 10: "<< /FT /Sig /T (a) /V 11 0 R >>",
		11: "<< /Type /Sig /SubFilter /adbe.pkcs7.sha1 /ByteRange [0 0 0 0] /Contents <" + strings.Repeat("30", 100_000) + "> >>"}
	store := map[int]string{1: "<< /Type /Catalog /Pages 2 0 R /DSS << /CRLs [" + strings.Repeat("20 0 R ", 100_000) + "] >> >>",
		20: "<< /Length 3 >>\nstream\nabc\nendstream"}
	loop := map[int]string{1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"}
	nested := map[int]string{1: form(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000))}
	for name, objects := range map[string]map[int]string{
		"one field 200,000 times": many, "fields 890 deep": deep, "3,000 signatures": wide, "CMS of 100,000 headers": tails,
		"100,000 CRLs": store, "page loop": loop, "arrays 100,000 deep": nested,
	} {
		t.Run(name, func(t *testing.T) {
			var r *verify.Report
			d := bounded.CPU(func() {
				r = check(t, appendUpdate(plainPDF("x"), "1 0 R", objects), verify.Options{Now: clock, RevocationNoneUnsafe: true})
			})
			if d > 4*time.Second { // of the processor, with the race detector on
				t.Errorf("took %s", d)
			}
			if r.ExitCode() == 0 {
				t.Errorf("%s: %v", r.Verdict(), codes(r))
			}
			t.Logf("%s, %d signatures, %v", r.Verdict(), len(r.Signatures), codes(r))
		})
	}
}
