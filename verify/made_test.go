package verify_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// authority is a PKI in which anything can be made to go wrong.
type authority struct {
	root, signer, tsa *pkitest.Entity
	trust             *verify.Trust
}

var epoch = pkitest.Epoch

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{root: pkitest.Issue(t, pkitest.Spec{Name: "Root", CA: true, KeyUsage: pki.UsageCertSign | pki.UsageCRLSign,
		NotBefore: epoch.AddDate(-5, 0, 0), NotAfter: epoch.AddDate(20, 0, 0)})}
	a.signer = pkitest.Issue(t, pkitest.Spec{Name: "Signer", Issuer: a.root})
	a.tsa = pkitest.TSA(t, a.root)
	var err error
	if a.trust, err = verify.NewTrust(a.root.DER); err != nil {
		t.Fatal(err)
	}
	return a
}

// signed makes the CMS over data, with a time-stamp of its value unless the
// time is zero.
func (a *authority) signed(t testing.TB, data []byte, stamped time.Time, opts cms.TemplateOptions, chain ...*pki.Certificate) []byte {
	t.Helper()
	tmpl, err := cms.NewTemplate(a.signer.Cert, chain, opts)
	if err != nil {
		t.Fatal(err)
	}
	d := tmpl.Hash().New()
	d.Write(data)
	o := cms.SignOptions{}
	if !stamped.IsZero() {
		o.Timestamp = func(_ context.Context, value []byte) ([]byte, error) {
			return pkitest.Token(t, a.tsa, value, stamped), nil
		}
	}
	der, err := tmpl.Sign(context.Background(), a.signer.Key, d.Sum(nil), o)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// sigObject describes a signature that is written by hand, so that anything in
// it can be wrong.
type sigObject struct {
	field     string
	subFilter string
	kind      string // "" = Sig
	extra     string // further entries
	hole      int    // hexadecimal digits; 0 = 12,000
	sign      func(signed []byte) []byte
}

// addSignature writes the signature as an incremental update with objects num
// and num+1; all names the fields of the form.
func addSignature(t testing.TB, doc []byte, s sigObject, num int, all ...int) []byte {
	t.Helper()
	if s.kind == "" {
		s.kind = "Sig"
	}
	if s.hole == 0 {
		s.hole = 12000
	}
	var refs strings.Builder
	for _, n := range append(all, num) {
		fmt.Fprintf(&refs, "%d 0 R ", n)
	}
	dss := ""
	if m := regexp.MustCompile(`/DSS \d+ 0 R`).FindAll(doc, -1); m != nil {
		dss = string(m[len(m)-1])
	}
	const blank = "/ByteRange [0 ////////// ////////// //////////]"
	out := appendUpdate(doc, "1 0 R", map[int]string{
		1:   "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [" + refs.String() + "] >> " + dss + " >>",
		num: fmt.Sprintf("<< /Type /Annot /Subtype /Widget /FT /Sig /T (%s) /Rect [0 0 0 0] /F 132 /V %d 0 R >>", s.field, num+1),
		num + 1: fmt.Sprintf("<< /Type /%s /Filter /Adobe.PPKLite /SubFilter /%s %s\n%s /Contents <%s> >>",
			s.kind, s.subFilter, s.extra, blank, strings.Repeat("0", s.hole)),
	})
	at := bytes.LastIndex(out, []byte(blank))
	gap := at + len(blank) + len(" /Contents ")
	resume := gap + s.hole + 2
	copy(out[at:], fmt.Sprintf("/ByteRange [0 %-10d %-10d %-10d]", gap, resume, len(out)-resume))
	der := s.sign(append(bytes.Clone(out[:gap]), out[resume:]...))
	if len(der)*2 > s.hole {
		t.Fatalf("%d bytes of CMS", len(der))
	}
	hex.Encode(out[gap+1:], der)
	return out
}

func (a *authority) pdf(t testing.TB, s sigObject) []byte {
	if s.subFilter == "" {
		s.subFilter = "ETSI.CAdES.detached"
	}
	if s.sign == nil {
		s.sign = func(data []byte) []byte { return a.signed(t, data, time.Time{}, cms.TemplateOptions{}) }
	}
	s.field = "Sig1"
	return addSignature(t, plainPDF("one hundred"), s, 10)
}

func (a *authority) options() verify.Options {
	return verify.Options{Trust: a.trust, RevocationNoneUnsafe: true, Now: func() time.Time { return epoch.Add(time.Hour) }}
}

// replaceBytes replaces one run of bytes by another of the same length.
func replaceBytes(t testing.TB, b, old, other []byte) []byte {
	t.Helper()
	if bytes.Count(b, old) != 1 {
		t.Fatalf("%d times in the data", bytes.Count(b, old))
	}
	if len(old) != len(other) {
		t.Fatalf("lengths differ: %d and %d", len(old), len(other))
	}
	return bytes.Replace(b, old, other, 1)
}

// addStore adds a document security store (EN 319 142-1 §5.4.2) as an update;
// what an earlier one had stays.
func addStore(doc []byte, items map[string][]byte) []byte {
	catalog := regexp.MustCompile(`<< /Type /Catalog[^\n]*>>`).FindAll(doc, -1)
	last := string(catalog[len(catalog)-1])
	num := 100 + 20*len(catalog)
	old := map[string]string{}
	if m := regexp.MustCompile(`<< /Type /DSS[^\n]*>>`).FindAll(doc, -1); m != nil {
		for _, list := range regexp.MustCompile(`/(\w+) \[([^\]]*)\]`).FindAllSubmatch(m[len(m)-1], -1) {
			old[string(list[1])] = string(list[2])
		}
	}
	objects := map[int]string{}
	for i, key := range []string{"Certs", "CRLs", "OCSPs"} {
		if der, ok := items[key]; ok {
			objects[num+1+i] = fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(der), der)
			old[key] += fmt.Sprintf(" %d 0 R", num+1+i)
		}
	}
	store := "<< /Type /DSS"
	for _, key := range []string{"Certs", "CRLs", "OCSPs"} {
		if old[key] != "" {
			store += " /" + key + " [" + old[key] + "]"
		}
	}
	objects[num] = store + " >>"
	last = regexp.MustCompile(` /DSS \d+ 0 R`).ReplaceAllString(last, "")
	objects[1] = strings.TrimSuffix(last, ">>") + fmt.Sprintf("/DSS %d 0 R >>", num)
	return appendUpdate(doc, "1 0 R", objects)
}

// flipBit changes a digit of the last signature that part, a prefix of doc, has.
func flipBit(doc, part []byte, digit int) []byte {
	out := bytes.Clone(doc)
	at := bytes.LastIndex(part, []byte("/Contents <")) + len("/Contents <") + digit
	out[at] ^= 1
	return out
}
