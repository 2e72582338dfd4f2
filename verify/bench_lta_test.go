package verify_test

import (
	"bytes"
	"testing"
	"time"

	pdfsign "github.com/digitorus/pdfsign/verify"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// BenchmarkLTA: PAdES-B-LTA in two updates, with CRL and both paths validated.
func BenchmarkLTA(b *testing.B) {
	a := newAuthority(b)
	bt := a.pdf(b, sigObject{sign: func(d []byte) []byte { return a.signed(b, d, epoch, cms.TemplateOptions{}) }})
	doc := addSignature(b, addStore(bt, map[string][]byte{"CRLs": a.crl(b, epoch.Add(time.Hour), time.Time{})}),
		sigObject{field: "TS1", kind: "DocTimeStamp", subFilter: "ETSI.RFC3161",
			sign: func(d []byte) []byte { return pkitest.Token(b, a.tsa, d, epoch.Add(2*time.Hour)) }}, 30, 10)
	opts := a.options()
	opts.RevocationNoneUnsafe, opts.At = false, epoch.Add(3*time.Hour)
	measure(b, func() {
		if r := check(b, doc, opts); r.Verdict() != verify.Passed || r.Signatures[0].Format != "PAdES-B-LTA" {
			b.Fatal(show(r))
		}
	})
}

// BenchmarkPdfsign is another Go verifier on the document of BenchmarkFile100k,
// for comparison; it builds no path to an anchor of ours.
func BenchmarkPdfsign(b *testing.B) {
	doc := padded(b, 100<<10)
	measure(b, func() {
		//lint:ignore SA1019 the plain way in
		if _, err := pdfsign.Verify(bytes.NewReader(doc), int64(len(doc))); err != nil {
			b.Fatal(err)
		}
	})
}
