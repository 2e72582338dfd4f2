package signer

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/gost/gosttest"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/verify"
)

// TestHybrid: two signatures of one document, for readers that know only one of
// the two worlds.
func TestHybrid(t *testing.T) {
	t.Parallel()
	doc := vectors["annots-indirect"].build()
	gost, ecdsa := newGOSTPKI(t, "CryptoPro-A"), testPKI(t, KeyP256)
	for name, order := range map[string][2]*Identity{"GOST, ECDSA": {gost.identity, ecdsa.Signer}, "ECDSA, GOST": {ecdsa.Signer, gost.identity}} {
		first, err := signBytes(order[0], doc, PDFOptions{Kind: Certify, Permissions: 2})
		if err != nil {
			t.Fatal(err)
		}
		both, err := signBytes(order[1], first, PDFOptions{Kind: Approve})
		if err != nil {
			t.Fatal(err)
		}
		r := checked(t, "a.pdf", both, nil, gost.root.DER, ecdsa.Root.Certificate.Raw)
		if r.Verdict() != verify.Passed || len(r.Signatures) != 2 || r.Signatures[0].DocMDP != 2 || !r.Signatures[0].ChangesAllowed ||
			r.Signatures[1].Coverage != verify.CoverageEntireFile {
			t.Errorf("%s: %s %+v", name, r.Verdict(), r.Signatures)
		}
		// Who trusts one of the two authorities sees one signature passed.
		r = checked(t, "a.pdf", both, nil, gost.root.DER)
		passed := 0
		for i := range r.Signatures {
			if r.Signatures[i].Verdict() == verify.Passed {
				passed++
			}
		}
		if passed != 1 || r.Verdict() != verify.Indeterminate {
			t.Errorf("%s, one root: %d passed, %s", name, passed, r.Verdict())
		}
		// OpenSSL says the same of both.
		der, covered := lastSignature(t, both)
		firstDER, firstCovered := lastSignature(t, first)
		if order[0] == gost.identity {
			der, covered, firstDER, firstCovered = firstDER, firstCovered, der, covered
		}
		opensslAccepts(t, gosttest.Find(t), gost.root.DER, der, covered)
		checkCMS(t, ecdsa, firstDER, firstCovered)

		closed, err := signBytes(order[0], doc, PDFOptions{Kind: Certify, Permissions: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := signBytes(order[1], closed, PDFOptions{}); !errors.Is(err, ErrNotPermitted) {
			t.Errorf("%s: a second signature under P=1: %v", name, err)
		}
	}
}

// TestHybridPage: a rendered certificate, issued with both.
func TestHybridPage(t *testing.T) {
	t.Parallel()
	gost, opt := newGOSTPKI(t, "CryptoPro-A"), sampleOptions()
	at := render(t, opt).Time
	now := func() time.Time { return at }
	ecdsa, err := NewDevPKI(DevPKIOptions{Now: now, Identity: IdentityOptions{Now: now}})
	if err != nil {
		t.Fatal(err)
	}
	gost.identity.opt.Now = now
	for name, h := range map[string]*Hybrid{"GOST first": {Certify: gost.identity, Approve: ecdsa.Signer}, "ECDSA first": {Certify: ecdsa.Signer, Approve: gost.identity}} {
		opt.Signer, opt.HoleSize = h.Certify.SignerInfo(), h.Certify.HoleSize()
		doc, err := h.SignDraft(context.Background(), render(t, opt))
		if err != nil {
			t.Fatal(err)
		}
		trust, err := verify.NewTrust(gost.root.DER, ecdsa.Root.Certificate.Raw)
		if err != nil {
			t.Fatal(err)
		}
		r, err := verify.Bytes(context.Background(), "a.pdf", doc, verify.Options{Trust: trust, At: at, RevocationNoneUnsafe: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Signatures) != 2 {
			t.Fatalf("%s: %d signatures", name, len(r.Signatures))
		}
		for i := range r.Signatures {
			if s := &r.Signatures[i]; s.Verdict() != verify.Passed {
				t.Errorf("%s: signature %d: %s %+v", name, i+1, s.Verdict(), s.Checks)
			}
		}
		if r.Signatures[0].DocMDP != 2 || r.Signatures[0].Changes == verify.ChangesNone || r.Signatures[1].Coverage != verify.CoverageEntireFile {
			t.Errorf("%s: %+v", name, r.Signatures)
		}
		file := filepath.Join(t.TempDir(), "page.pdf")
		write(t, file, doc)
		oracle.Run(t, "qpdf", "--check", file)
		for _, f := range r.Findings {
			// The sample's URL is made up, and no registry is asked.
			if f.Code != "ERR-CERT-QR" && f.Code != "NOTE-CERT-REGISTRY" {
				t.Errorf("%s: finding %+v", name, f)
			}
		}
	}
}
