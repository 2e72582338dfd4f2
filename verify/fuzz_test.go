package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// FuzzFile: whatever the bytes, there is a report and no error, it does not
// pass without an anchor, it can be written in every form, and it comes soon.
func FuzzFile(f *testing.F) {
	a := newAuthority(f)
	iss := newIssuing()
	own, _ := iss.issue(f, iss.sample(), forgery{})
	for _, seed := range [][]byte{
		nil, []byte("hello"), []byte("\xff\xd8\xff"), []byte("%PDF-1.7"), plainPDF("x"), own,
		iss.sign(f, plainPDF("x"), signer.PDFOptions{Time: today}),
		a.pdf(f, sigObject{}), a.pdf(f, sigObject{subFilter: "adbe.pkcs7.sha1"}),
		addStore(a.pdf(f, sigObject{}), map[string][]byte{"Certs": a.root.DER}),
		a.signed(f, []byte("x"), epoch, cms.TemplateOptions{}),
	} {
		f.Add(seed)
	}
	for _, g := range newGOSTSeeds(f) {
		f.Add(g.pdf)
		f.Add(g.attached)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r *verify.Report
		var err error
		bounded.Run(t, data, func() {
			r, err = verify.Bytes(context.Background(), "fuzz", data, verify.Options{Now: clock, QRKeys: iss.keys, Register: register{}})
		})
		if err != nil {
			t.Fatal(err)
		}
		if r.ExitCode() == 0 || r.Verdict() == verify.Passed {
			t.Errorf("passed without an anchor: %s", show(r))
		}
		var text bytes.Buffer
		if err := r.WriteText(&text, "ru"); err != nil || text.Len() == 0 {
			t.Errorf("text: %v", err)
		}
		b, err := json.Marshal(r)
		if err != nil || !json.Valid(b) {
			t.Errorf("JSON: %v", err)
		}
	})
}

// FuzzDetached does the same for signatures that come beside a file.
func FuzzDetached(f *testing.F) {
	a := newAuthority(f)
	content := []byte("what was agreed")
	f.Add(a.signed(f, content, epoch, cms.TemplateOptions{}))
	f.Add(a.signed(f, content, time.Time{}, cms.TemplateOptions{KeyIdentifier: true}))
	f.Add([]byte("-----BEGIN CMS-----\nMII=\n-----END CMS-----\n"))
	for _, g := range newGOSTSeeds(f) {
		f.Add(g.detached)
	}
	f.Fuzz(func(t *testing.T, sig []byte) {
		if sig == nil {
			sig = []byte{}
		}
		var r *verify.Report
		var err error
		bounded.Run(t, sig, func() {
			r, err = verify.Bytes(context.Background(), "fuzz", content, verify.Options{Now: clock, Signature: sig})
		})
		if err != nil {
			t.Fatal(err)
		}
		if r.ExitCode() == 0 {
			t.Errorf("passed without an anchor: %s", show(r))
		}
	})
}
