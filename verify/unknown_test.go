package verify_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/verify"
)

// TestZeroValues: what nobody looked at does not pass.
func TestZeroValues(t *testing.T) {
	var s verify.Signature
	if s.Verdict() == verify.Passed {
		t.Error("the zero Signature passes")
	}
	var r verify.Report
	if r.Verdict() != verify.NoSignature || r.ExitCode() == 0 {
		t.Errorf("the zero Report: %s, exit %d", r.Verdict(), r.ExitCode())
	}
	r.Signatures = make([]verify.Signature, 1)
	if r.Verdict() == verify.Passed || r.ExitCode() == 0 {
		t.Error("a report with a zero Signature passes")
	}
	if v := (&verify.Registry{}).Verdict(); v != verify.Indeterminate {
		t.Errorf("the zero Registry: %s", v)
	}
	r.Findings = []verify.Finding{{Code: "X"}}
	if r.Verdict() == verify.Passed {
		t.Error("a finding without severity passes")
	}
}

// TestEveryFactCounts: a signature passes, and with any one fact unknown it
// does not.
func TestEveryFactCounts(t *testing.T) {
	good := verify.Signature{
		Integrity: verify.IntegrityOK, Coverage: verify.CoverageEntireFile, Changes: verify.ChangesNone, ChangesAllowed: true,
		Chain: verify.ChainTrusted, Revocation: verify.RevocationGood, ValidAt: today, ValidAtSource: verify.TimeNow,
		Checks: []verify.Check{{Name: verify.CheckCMS, Status: verify.StatusOK}},
	}
	if i, sub := good.Indication(); i != verify.TotalPassed || sub != "" {
		t.Fatal(i, sub)
	}
	for name, spoil := range map[string]func(*verify.Signature){
		"integrity":         func(s *verify.Signature) { s.Integrity = "" },
		"integrity unknown": func(s *verify.Signature) { s.Integrity = verify.IntegrityUnknown },
		"integrity broken":  func(s *verify.Signature) { s.Integrity = verify.IntegrityBroken },
		"coverage":          func(s *verify.Signature) { s.Coverage = "" },
		"coverage partial":  func(s *verify.Signature) { s.Coverage = verify.CoveragePartial },
		"coverage invalid":  func(s *verify.Signature) { s.Coverage = verify.CoverageInvalid },
		"changes":           func(s *verify.Signature) { s.Changes = "" },
		"changes unknown":   func(s *verify.Signature) { s.Changes = verify.ChangesUnknown },
		"changes refused":   func(s *verify.Signature) { s.ChangesAllowed = false },
		"chain":             func(s *verify.Signature) { s.Chain = "" },
		"chain unknown":     func(s *verify.Signature) { s.Chain = verify.ChainUnknown },
		"chain untrusted":   func(s *verify.Signature) { s.Chain = verify.ChainUntrusted },
		"revocation":        func(s *verify.Signature) { s.Revocation = "" },
		"no answer":         func(s *verify.Signature) { s.Revocation = verify.RevocationUnknown },
		"revoked":           func(s *verify.Signature) { s.Revocation = verify.RevocationRevoked },
		"time":              func(s *verify.Signature) { s.ValidAt = time.Time{} },
		"time source":       func(s *verify.Signature) { s.ValidAtSource = "" },
		"check":             func(s *verify.Signature) { s.Checks[0].Status = "" },
		"check unknown":     func(s *verify.Signature) { s.Checks[0].Status = verify.StatusUnknown },
		"check failed":      func(s *verify.Signature) { s.Checks[0].Status = verify.StatusFailed },
		"any other value":   func(s *verify.Signature) { s.Chain = "yes" },
	} {
		s := good
		s.Checks = []verify.Check{good.Checks[0]}
		spoil(&s)
		if s.Verdict() == verify.Passed {
			t.Errorf("%s: passed", name)
		}
		if r := (verify.Report{Signatures: []verify.Signature{s}}); r.Verdict() == verify.Passed || r.ExitCode() == 0 {
			t.Errorf("%s: the report passes", name)
		}
	}
	asked := good
	asked.Revocation = verify.RevocationNotAsked
	if asked.Verdict() != verify.Passed {
		t.Error("a revocation check that was waived keeps a signature from passing")
	}
}

// TestUnknownNeverPasses has one file for each thing that cannot be found out.
func TestUnknownNeverPasses(t *testing.T) {
	a := newAuthority(t)
	doc := a.pdf(t, sigObject{})
	if r := check(t, doc, a.options()); r.Verdict() != verify.Passed {
		t.Fatal(show(r))
	}
	none, err := verify.NewTrust()
	if err != nil {
		t.Fatal(err)
	}
	emptyField := appendUpdate(plainPDF("x"), "1 0 R", map[int]string{
		1:  "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [10 0 R] >> >>",
		10: "<< /FT /Sig /T (Sig1) >>"})
	for name, v := range map[string]struct {
		doc  []byte
		opts func(*verify.Options)
		want verify.Verdict
		sub  verify.SubIndication
	}{
		"no anchor":               {doc, func(o *verify.Options) { o.Trust = none }, verify.Indeterminate, verify.SubNoChain},
		"no trust at all":         {doc, func(o *verify.Options) { o.Trust = nil }, verify.Indeterminate, verify.SubNoChain},
		"another anchor":          {doc, func(o *verify.Options) { o.Trust = newIssuing().trust }, verify.Indeterminate, verify.SubNoChain},
		"no revocation answer":    {doc, func(o *verify.Options) { o.RevocationNoneUnsafe = false }, verify.Indeterminate, verify.SubTryLater},
		"certificate expired":     {doc, func(o *verify.Options) { o.At = epoch.AddDate(2, 0, 0) }, verify.Indeterminate, verify.SubOutOfBoundsNoPOE},
		"certificate not yet":     {doc, func(o *verify.Options) { o.At = epoch.AddDate(-2, 0, 0) }, verify.Failed, verify.SubNotYetValid},
		"zero options":            {doc, func(o *verify.Options) { *o = verify.Options{} }, verify.Indeterminate, ""},
		"no signature":            {plainPDF("x"), nil, verify.NoSignature, ""},
		"field without a value":   {emptyField, nil, verify.NoSignature, ""},
		"empty file":              {nil, nil, verify.Failed, ""},
		"not a document":          {[]byte("hello"), nil, verify.NoSignature, ""},
		"a PDF that is none":      {[]byte("%PDF-1.7\nhello"), nil, verify.Failed, ""},
		"unreadable CMS":          {a.pdf(t, sigObject{sign: func([]byte) []byte { return []byte{0x30, 0x03, 1, 2, 3} }}), nil, verify.Failed, verify.SubFormat},
		"empty CMS":               {a.pdf(t, sigObject{sign: func([]byte) []byte { return nil }}), nil, verify.Failed, verify.SubFormat},
		"unknown SubFilter":       {a.pdf(t, sigObject{subFilter: "adbe.pkcs7.s9"}), nil, verify.Indeterminate, verify.SubGeneric},
		"CMS as PKCS #1":          {a.pdf(t, sigObject{subFilter: "adbe.x509.rsa_sha1"}), nil, verify.Failed, verify.SubFormat},
		"unsupported digest":      {a.pdf(t, sigObject{sign: a.swapOID(t, "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.99")}), nil, verify.Indeterminate, ""},
		"unsupported signature":   {a.pdf(t, sigObject{sign: a.swapOID(t, "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.99")}), nil, verify.Indeterminate, ""},
		"a time-stamp that isn't": {a.pdf(t, sigObject{subFilter: "ETSI.RFC3161", kind: "DocTimeStamp"}), nil, verify.Failed, verify.SubFormat},
		"PKCS7 with content":      {a.pdf(t, sigObject{sign: a.attached(t)}), nil, verify.Failed, verify.SubFormat},
	} {
		t.Run(name, func(t *testing.T) {
			opts := a.options()
			if v.opts != nil {
				v.opts(&opts)
			}
			r := check(t, v.doc, opts)
			if r.Verdict() != v.want || r.ExitCode() == 0 {
				t.Fatalf("%s, exit status %d, want %s\n%s", r.Verdict(), r.ExitCode(), v.want, show(r))
			}
			if len(r.Signatures) > 0 && v.sub != "" {
				if _, sub := r.Signatures[0].Indication(); sub != v.sub {
					t.Errorf("%s, want %s\n%s", sub, v.sub, show(r))
				}
			}
		})
	}
}

// swapOID signs and then names another algorithm wherever one is named.
func (a *authority) swapOID(t *testing.T, old, other string) func([]byte) []byte {
	return func(data []byte) []byte {
		from, to := asn1x.MustOID(old).Encode(), asn1x.MustOID(other).Encode()
		if len(from) != len(to) {
			t.Fatalf("%s and %s differ in length", old, other)
		}
		return bytes.ReplaceAll(a.signed(t, data, time.Time{}, cms.TemplateOptions{}), from, to)
	}
}

// attached signs the range but carries it too.
func (a *authority) attached(t *testing.T) func([]byte) []byte {
	return func(data []byte) []byte {
		tmpl, err := cms.NewTemplate(a.signer.Cert, nil, cms.TemplateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		d := tmpl.Hash().New()
		d.Write(data)
		der, err := tmpl.Sign(t.Context(), a.signer.Key, d.Sum(nil), cms.SignOptions{Content: data})
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
}

// TestProfileAccepts: a file without signature is no signature, and still what
// an upload may be.
func TestProfileAccepts(t *testing.T) {
	large := append([]byte("\xff\xd8\xff"), make([]byte, 5<<20)...)
	for _, v := range []struct {
		name string
		doc  []byte
		code string
		exit int
	}{
		{"good PDF", plainPDF("x"), "", 0},
		{"JPEG", []byte("\xff\xd8\xff\xe0 and so on"), "", 0},
		{"empty", nil, "ERR-EMPTY", 1},
		{"large", large, "ERR-SIZE", 1},
		{"text", []byte("hello"), "ERR-FORMAT", 1},
		{"shifted PDF", append([]byte("GIF89a"), plainPDF("x")...), "ERR-FORMAT", 1},
	} {
		r := check(t, v.doc, verify.Options{Profile: verify.ProfileUpload, Lang: "en"})
		if got := fmt.Sprint(codes(r)); r.ExitCode() != v.exit || v.code != "" && got != "["+v.code+"]" {
			t.Errorf("%s: exit status %d, findings %s", v.name, r.ExitCode(), got)
		}
	}
}
