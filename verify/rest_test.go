package verify_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/verify"
)

// TestMoreInSignatureFile: what is not read is not said to be checked.
func TestMoreInSignatureFile(t *testing.T) {
	a := newAuthority(t)
	data := []byte("договор")
	der := a.signed(t, data, time.Time{}, cms.TemplateOptions{})
	block := pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der})
	other := pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: a.signed(t, []byte("другой"), time.Time{}, cms.TemplateOptions{})})
	bad := []byte("-----BEGIN CMS-----\n!!!!\n-----END CMS-----\n")
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	b64 := func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) }
	for name, v := range map[string]struct {
		sig  []byte
		want verify.Verdict
	}{
		"DER":                  {der, verify.Passed},
		"DER, zeros":           {join(der, make([]byte, 100)), verify.Passed},
		"DER, line end":        {join(der, []byte("\r\n")), verify.Passed},
		"PEM":                  {block, verify.Passed},
		"PEM, empty lines":     {join(block, []byte("\r\n\n")), verify.Passed},
		"base64":               {b64(der), verify.Passed},
		"DER twice":            {join(der, der), verify.Indeterminate},
		"DER, zeros, DER":      {join(der, make([]byte, 100), der), verify.Indeterminate},
		"DER, text":            {join(der, []byte("x")), verify.Indeterminate},
		"PEM twice":            {join(block, block), verify.Indeterminate},
		"PEM, that of another": {join(block, other), verify.Indeterminate},
		"PEM, a bad one":       {join(block, bad), verify.Indeterminate},
		"a bad PEM before":     {join(bad, block), verify.Indeterminate},
		"PEM, text":            {join(block, []byte("x")), verify.Indeterminate},
		"PEM of two":           {pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: join(der, der)}), verify.Indeterminate},
		"base64 of two":        {b64(join(der, der)), verify.Indeterminate},
	} {
		opts := a.options()
		opts.Signature = v.sig
		r := check(t, data, opts)
		if r.Verdict() != v.want {
			t.Errorf("%s: %s", name, show(r))
		}
		found := slices.ContainsFunc(r.Findings, func(f verify.Finding) bool { return f.Code == "WARN-SIG-MORE" && f.Message != "" && f.Hint != "" })
		if found != (v.want == verify.Indeterminate) {
			t.Errorf("%s: findings %v", name, r.Findings)
		}
	}
}
