package verify_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// TestLooseCertificate: without signing-certificate a certificate can be
// exchanged for another one of the same key. The report says so.
func TestLooseCertificate(t *testing.T) {
	a := newAuthority(t)
	content := []byte("what was agreed")
	for _, c := range []struct {
		sig  []byte
		want string
	}{
		{a.signed(t, content, time.Time{}, cms.TemplateOptions{}), "the signature names this certificate"},
		{pkitest.Naked(t, a.signer, content, nil), "does not fix the certificate"},
	} {
		opts := a.options()
		opts.Signature = c.sig
		var text bytes.Buffer
		if err := check(t, content, opts).WriteText(&text, "en"); err != nil || !strings.Contains(text.String(), c.want) {
			t.Errorf("no %q: %v\n%s", c.want, err, text.String())
		}
	}
}
