package verify_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
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
	const blank = "/ByteRange [0 ////////// ////////// //////////]"
	out := appendUpdate(doc, "1 0 R", map[int]string{
		1:   "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [" + refs.String() + "] >> >>",
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
