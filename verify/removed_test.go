package verify_test

import (
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// TestRemoved: a signature that a later revision no longer shows is reported and
// fails the file, whatever stands in its place.
func TestRemoved(t *testing.T) {
	a := newAuthority(t)
	signed := a.pdf(t, sigObject{extra: "/Reference [<< /TransformMethod /DocMDP /TransformParams << /V /1.2 /P 1 >> >>]"})
	other := plainPDF("one million")
	stamp := func(data []byte) []byte { return pkitest.Token(t, a.tsa, data, epoch) }
	sign := func(data []byte) []byte { return a.signed(t, data, time.Time{}, cms.TemplateOptions{}) }
	changed := appendUpdate(signed, "1 0 R", map[int]string{
		4: "<< /Length 44 >>\nstream\nBT /F1 24 Tf 72 720 Td (one million) Tj ET   \nendstream"})
	const catalog = "<< /Type /Catalog /Pages 2 0 R "
	for name, v := range map[string]struct {
		doc     []byte
		want    verify.Verdict
		entries int
	}{
		"none removed": {addSignature(t, signed, sigObject{field: "Sig2", subFilter: "ETSI.CAdES.detached", sign: sign}, 20, 10), verify.Failed, 2}, // P=1
		"form without the field, and a time-stamp": {addSignature(t, changed, sigObject{field: "TS", kind: "DocTimeStamp",
			subFilter: "ETSI.RFC3161", sign: stamp}, 20), verify.Failed, 2},
		"form without the field, and another signer": {addSignature(t, changed, sigObject{field: "Sig2",
			subFilter: "ETSI.CAdES.detached", sign: sign}, 20), verify.Failed, 2},
		"field without its value": {appendUpdate(changed, "1 0 R", map[int]string{
			10: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig1) /Rect [0 0 0 0] /F 132 >>"}), verify.Failed, 1},
		"no form, then another signature in the same object": {addSignature(t, appendUpdate(changed, "1 0 R", map[int]string{1: catalog + ">>"}),
			sigObject{field: "Sig1", subFilter: "ETSI.CAdES.detached", sign: sign}, 10), verify.Failed, 2},
		"two revisions ago": {addSignature(t, appendUpdate(appendUpdate(changed, "1 0 R", map[int]string{1: catalog + ">>"}), "1 0 R", map[int]string{1: catalog + "/Lang (ru) >>"}),
			sigObject{field: "Sig2", subFilter: "ETSI.CAdES.detached", sign: sign}, 20), verify.Failed, 2},
		"never there": {addSignature(t, other, sigObject{field: "Sig2", subFilter: "ETSI.CAdES.detached", sign: sign}, 20), verify.Passed, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := check(t, v.doc, a.options())
			if r.Verdict() != v.want || len(r.Signatures) != v.entries {
				t.Errorf("%s with %d signatures: %s", r.Verdict(), len(r.Signatures), show(r))
			}
		})
	}
}

// TestStampAlone: a time-stamp shows that the file existed, and nobody's signature.
func TestStampAlone(t *testing.T) {
	a := newAuthority(t)
	for _, kind := range []string{"DocTimeStamp", "Sig"} {
		r := check(t, a.pdf(t, sigObject{kind: kind, subFilter: "ETSI.RFC3161",
			sign: func(data []byte) []byte { return pkitest.Token(t, a.tsa, data, epoch) }}), a.options())
		if r.Signatures[0].Verdict() != verify.Passed || r.Verdict() != verify.NoSignature || r.ExitCode() != 3 {
			t.Errorf("%s: %s, exit status %d: %s", kind, r.Verdict(), r.ExitCode(), show(r))
		}
	}
}

// TestSharedValue: a signature belongs to one field. Another that claims it, or
// a widget that only its page lists and that inherits it, is not passed over.
func TestSharedValue(t *testing.T) {
	a := newAuthority(t)
	widget := func(entries string) string {
		return "<< /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 " + entries + " >>"
	}
	page := "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [30 0 R] >>"
	shared := appendUpdate(plainPDF("one hundred"), "1 0 R", map[int]string{3: page, 30: widget("/FT /Sig /T (Twin) /V 11 0 R")})
	shared = addSignature(t, shared, sigObject{field: "Sig1", subFilter: "ETSI.CAdES.detached",
		sign: func(data []byte) []byte { return a.signed(t, data, time.Time{}, cms.TemplateOptions{}) }}, 10)
	if r := check(t, shared, a.options()); r.Verdict() != verify.Failed {
		t.Errorf("shared: %s", show(r))
	}
	hidden := appendUpdate(plainPDF("one hundred"), "1 0 R", map[int]string{3: page, 30: widget("/Parent 31 0 R"),
		31: "<< /FT /Sig /T (Hidden) /V 32 0 R /Kids [30 0 R] >>", 32: "<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> >>"})
	if r := check(t, hidden, a.options()); len(r.Signatures) != 1 || r.Signatures[0].Field != "Hidden" || r.Verdict() != verify.Failed {
		t.Errorf("hidden: %s", show(r))
	}
}
