package verify_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/verify"
)

func codes(r *verify.Report) (out []string) {
	for _, f := range r.Findings {
		out = append(out, f.Code)
	}
	return out
}

func show(r *verify.Report) string {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func TestOwnCertificatePasses(t *testing.T) {
	iss := newIssuing()
	doc, row := iss.issue(t, iss.sample(), forgery{})
	r := check(t, doc, iss.options(row))
	if r.Verdict() != verify.Passed || len(r.Findings) != 0 || r.Registry == nil || r.Registry.Match != verify.MatchBytes {
		t.Fatal(show(r))
	}
}

// TestOwnCertificateAltered: a file that begins with the document that was
// issued is not called that document when more was added than may be.
func TestOwnCertificateAltered(t *testing.T) {
	iss := newIssuing()
	doc, row := iss.issue(t, iss.sample(), forgery{})
	root := regexp.MustCompile(`/Root (\d+ 0 R)`).FindSubmatch(doc)
	if root == nil {
		t.Fatal("no root")
	}
	r := check(t, appendUpdate(doc, string(root[1]), map[int]string{4: "<< /Length 0 >>\nstream\n\nendstream"}), iss.options(row))
	if r.Verdict() != verify.Failed || r.Registry == nil || r.Registry.Match != verify.MatchMismatch {
		t.Error(show(r))
	}
}

// TestOwnCertificateForged: everything here is properly signed by the issuer's
// key, and still one statement contradicts another.
func TestOwnCertificateForged(t *testing.T) {
	iss := newIssuing()
	other := *iss.sample()
	other.ID[0]++
	_, otherRow := iss.issue(t, &other, forgery{})
	for name, v := range map[string]struct {
		f    forgery
		row  func(*vidimus.Registered)
		code string
	}{
		"another name in the record":      {f: forgery{recorded: func(r *vidimus.Record) { r.Holder.Surname = "Берёзкина" }}, code: "ERR-CERT-QR-DATA"},
		"another name on the page":        {f: forgery{drawn: func(c *vidimus.Certificate) { c.Holder.Surname = "Берёзкина" }}, code: "ERR-CERT-TEXT"},
		"another term on the page":        {f: forgery{drawn: func(c *vidimus.Certificate) { c.ValidUntil.Year++ }}, code: "ERR-CERT-TEXT"},
		"another kind on the page":        {f: forgery{drawn: func(c *vidimus.Certificate) { c.Specialty.Name = "Хирургия" }}, code: "ERR-CERT-TEXT"},
		"another QR code drawn":           {f: forgery{drawnURL: func(string) string { return otherRow.URL }}, code: "ERR-CERT-QR-DRAWN"},
		"QR code of another certificate":  {f: forgery{recorded: func(r *vidimus.Record) { r.URL = otherRow.URL }}, code: "ERR-CERT-QR-DATA"},
		"QR code sealed for another name": {f: forgery{sealed: func(c *vidimus.Certificate) { c.Holder.Name = "Анна" }}, code: "ERR-CERT-QR-DATA"},
		"salt of another certificate":     {f: forgery{recorded: func(r *vidimus.Record) { r.Salt = strings.Repeat("0", 32) }}, code: "ERR-CERT-QR-DATA"},
		"broken salt":                     {f: forgery{recorded: func(r *vidimus.Record) { r.Salt = "x" }}, code: "ERR-CERT-RECORD"},
		"a link to elsewhere":             {f: forgery{recorded: func(r *vidimus.Record) { r.URL = "https://example.com/c/1" }}, code: "ERR-CERT-QR"},
		"one digit of the seal":           {f: forgery{recorded: func(r *vidimus.Record) { r.URL = lastDigit(r.URL) }, drawnURL: lastDigit}, code: "ERR-CERT-QR"},
		"another name in the register":    {row: func(r *vidimus.Registered) { r.Certificate.Holder.Surname = "Берёзкина" }, code: "ERR-CERT-MISMATCH"},
		"another link in the register":    {row: func(r *vidimus.Registered) { r.URL = otherRow.URL }, code: "ERR-CERT-MISMATCH"},
		"unknown to the register":         {row: func(r *vidimus.Registered) { r.Certificate.ID[9]++ }, code: "ERR-CERT-UNREGISTERED"},
	} {
		t.Run(name, func(t *testing.T) {
			doc, row := iss.issue(t, iss.sample(), v.f)
			if v.row != nil {
				v.row(row)
			}
			r := check(t, doc, iss.options(row))
			if r.Verdict() != verify.Failed || !slices.Contains(codes(r), v.code) {
				t.Errorf("%s, findings %v, want %s", r.Verdict(), codes(r), v.code)
			}
		})
	}
}

// lastDigit changes the last digit, which is part of the signature.
func lastDigit(url string) string {
	last := url[len(url)-1]
	return url[:len(url)-1] + string('0'+(last-'0'+1)%10)
}

func TestOwnCertificateRegister(t *testing.T) {
	iss := newIssuing()
	c := iss.sample()
	doc, row := iss.issue(t, c, forgery{})
	act := func(a vidimus.Action) func(*verify.Options) {
		return func(o *verify.Options) {
			changed := *row
			changed.Changes = []vidimus.Change{{Action: a, Effective: today.Add(-time.Second), Recorded: today.Add(-time.Second)}}
			o.Register = register{row: &changed}
		}
	}
	for name, v := range map[string]struct {
		change func(*verify.Options)
		want   verify.Verdict
		code   string
	}{
		"revoked":     {act(vidimus.Revoke), verify.Failed, "ERR-CERT-REVOKED"},
		"suspended":   {act(vidimus.Suspend), verify.Failed, "ERR-CERT-SUSPENDED"},
		"annulled":    {act(vidimus.Annul), verify.Failed, "ERR-CERT-ANNULLED"},
		"replaced":    {act(vidimus.Replace), verify.Failed, "ERR-CERT-REPLACED"},
		"expired":     {func(o *verify.Options) { o.At = c.ValidUntil.End(vidimus.Moscow()) }, verify.Failed, "ERR-CERT-EXPIRED"},
		"unavailable": {func(o *verify.Options) { o.Register = register{err: errors.New("down")} }, verify.Indeterminate, "WARN-CERT-REGISTRY"},
		"other bytes": {func(o *verify.Options) {
			changed := *row
			changed.DocumentSHA256[0]++
			o.Register = register{row: &changed}
		}, verify.Indeterminate, "WARN-CERT-BYTES"},
		"other keys":  {func(o *verify.Options) { o.QRKeys[0].ID[0]++ }, verify.Indeterminate, "WARN-CERT-QR-KEY"},
		"no keys":     {func(o *verify.Options) { o.QRKeys = nil }, verify.Passed, "NOTE-CERT-QR-KEYS"},
		"no register": {func(o *verify.Options) { o.Register = nil }, verify.Passed, "NOTE-CERT-REGISTRY"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := iss.options(row)
			opts.QRKeys = slices.Clone(opts.QRKeys)
			v.change(&opts)
			r := check(t, doc, opts)
			if r.Verdict() != v.want || !slices.Contains(codes(r), v.code) {
				t.Errorf("%s, findings %v; want %s, %s", r.Verdict(), codes(r), v.want, v.code)
			}
		})
	}
}
