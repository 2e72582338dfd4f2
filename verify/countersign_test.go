package verify_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// TestCountersignatures: each is judged on its own and listed under what it
// signs; the report passes only if all do (RFC 5652 §11.4).
func TestCountersignatures(t *testing.T) {
	a := newAuthority(t)
	content := []byte("what was agreed")
	plain := takeApart(t, a.signed(t, content, time.Time{}, cms.TemplateOptions{}))
	head := pkitest.Issue(t, pkitest.Spec{Name: "Head of department", Issuer: a.root})
	stranger := pkitest.Issue(t, pkitest.Spec{Name: "Stranger", Issuer: newAuthority(t).root})
	plain.certs = append(plain.certs, head.DER, stranger.DER)
	good := countersignature(t, head, plain.value)
	spoilt := bytes.Clone(good)
	spoilt[len(spoilt)-1] ^= 1
	typed := countersignature(t, head, plain.value, cms.EncodeAttribute(cms.OIDContentType, cms.OIDData.Encode()))
	// on adds a countersignature to another one.
	on := func(si []byte, counter func(value []byte) []byte) []byte {
		v, _, err := asn1x.Read(si)
		if err != nil {
			t.Fatal(err)
		}
		var value []byte
		for c := asn1x.NewCursor(v.Body); c.More(); {
			value = c.Any("field").Body
		}
		return asn1x.TLV(asn1x.Sequence, v.Body, asn1x.TLV(asn1x.ContextC(1), cms.EncodeAttribute(cms.OIDCountersignature, counter(value))))
	}
	nested := on(good, func(value []byte) []byte { return countersignature(t, a.signer, value) })
	wrongly := on(good, func([]byte) []byte { return countersignature(t, a.signer, plain.value) })
	var deep func(value []byte, n int) []byte
	deep = func(value []byte, n int) []byte {
		si := countersignature(t, head, value)
		if n == 0 {
			return si
		}
		return on(si, func(value []byte) []byte { return deep(value, n-1) })
	}
	many := plain
	for range 21 {
		many = many.with(cms.OIDCountersignature, good)
	}
	stamped := func() []byte {
		v, _, _ := asn1x.Read(good)
		var value []byte
		for c := asn1x.NewCursor(v.Body); c.More(); {
			value = c.Any("field").Body
		}
		return asn1x.TLV(asn1x.Sequence, v.Body, asn1x.TLV(asn1x.ContextC(1), cms.EncodeAttribute(cms.OIDSignatureTimestamp, pkitest.Token(t, a.tsa, value, epoch))))
	}()

	for _, v := range []struct {
		name  string
		doc   signedParts
		want  verify.Verdict // of the report
		count int
		list  string // verdicts of the countersignatures, nested ones in brackets
	}{
		{"none", plain, verify.Passed, 0, ""},
		{"one", plain.with(cms.OIDCountersignature, good), verify.Passed, 1, "passed"},
		{"two", plain.with(cms.OIDCountersignature, good, countersignature(t, a.signer, plain.value)), verify.Passed, 2, "passed passed"},
		{"time-stamped", plain.with(cms.OIDCountersignature, stamped), verify.Passed, 1, "passed"},
		{"nested", plain.with(cms.OIDCountersignature, nested), verify.Passed, 1, "passed[passed]"},
		{"nested on something else", plain.with(cms.OIDCountersignature, wrongly), verify.Failed, 1, "passed[failed]"},
		{"of another signature", plain.with(cms.OIDCountersignature, countersignature(t, head, []byte("another value"))), verify.Failed, 1, "failed"},
		{"of the content", plain.with(cms.OIDCountersignature, countersignature(t, head, content)), verify.Failed, 1, "failed"},
		{"one bit changed", plain.with(cms.OIDCountersignature, spoilt), verify.Failed, 1, "failed"},
		{"with a content type", plain.with(cms.OIDCountersignature, typed), verify.Failed, 1, "failed"},
		{"of a stranger", plain.with(cms.OIDCountersignature, countersignature(t, stranger, plain.value)), verify.Indeterminate, 1, "indeterminate"},
		{"of nobody known", plain.with(cms.OIDCountersignature, countersignature(t, pkitest.Issue(t, pkitest.Spec{Name: "Unknown", Issuer: a.root}), plain.value)), verify.Indeterminate, 1, "indeterminate"},
		{"unreadable", plain.with(cms.OIDCountersignature, []byte{0x30, 0}), verify.Failed, 1, "failed"},
		{"one good, one unreadable", plain.with(cms.OIDCountersignature, good, []byte{0x30, 0}), verify.Failed, 2, "passed failed"},
		{"too deep", plain.with(cms.OIDCountersignature, deep(plain.value, 5)), verify.Indeterminate, 1, "passed[passed[passed[indeterminate]]]"},
		{"too many", many, verify.Failed, 21, ""},
	} {
		t.Run(v.name, func(t *testing.T) {
			opts := a.options()
			opts.Signature = v.doc.build()
			r := check(t, content, opts)
			if r.Verdict() != v.want || len(r.Signatures) != 1 || len(r.Signatures[0].Countersignatures) != v.count {
				t.Fatalf("%s, want %s: %s", r.Verdict(), v.want, show(r))
			}
			if s := r.Signatures[0]; s.Verdict() != verify.Passed {
				t.Errorf("the signature itself: %s", s.Verdict())
			}
			if got := verdicts(r.Signatures[0].Countersignatures); v.list != "" && got != v.list {
				t.Errorf("%s, want %s", got, v.list)
			}
			if v.name == "nested" {
				reportsNested(t, r)
			}
		})
	}
}

func verdicts(list []verify.Signature) string {
	var out []string
	for i := range list {
		word := string(list[i].Verdict())
		if inner := verdicts(list[i].Countersignatures); inner != "" {
			word += "[" + inner + "]"
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

// reportsNested: every form of the report shows who countersigned.
func reportsNested(t *testing.T, r *verify.Report) {
	var text, xml bytes.Buffer
	if err := r.WriteText(&text, "en"); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteXML(&xml); err != nil {
		t.Fatal(err)
	}
	for form, words := range map[string][]string{
		text.String(): {"Countersignature: 1", "Countersignature: 1.1", "CN=Head of department"},
		xml.String():  {`id="S-1"`, `id="S-1-1"`, `id="S-1-1-1"`, "CN=Head of department"},
		show(r):       {`"kind": "countersignature"`, `"countersignatures": [`, `"field": "1.1"`},
	} {
		for _, w := range words {
			if !strings.Contains(form, w) {
				t.Errorf("no %q in\n%s", w, form)
			}
		}
	}
}

// TestContentTimestamp: a time-stamp over the content that the signer signed
// too (EN 319 122-1 §5.2.8).
func TestContentTimestamp(t *testing.T) {
	a := newAuthority(t)
	content := []byte("what was agreed")
	before := epoch.Add(-time.Hour)
	signed := func(stamped time.Time, tokens ...[]byte) []byte {
		var attrs [][]byte
		for _, token := range tokens {
			attrs = append(attrs, cms.EncodeAttribute(cms.OIDContentTimestamp, token))
		}
		return a.signed(t, content, stamped, cms.TemplateOptions{Signed: attrs})
	}
	stranger := newAuthority(t)
	for _, v := range []struct {
		name string
		sig  []byte
		want verify.Verdict
		sub  verify.SubIndication
	}{
		{"good", signed(time.Time{}, pkitest.Token(t, a.tsa, content, before)), verify.Passed, ""},
		{"good, and one of the signature", signed(epoch, pkitest.Token(t, a.tsa, content, before)), verify.Passed, ""},
		{"of other content", signed(time.Time{}, pkitest.Token(t, a.tsa, []byte("other"), before)), verify.Indeterminate, verify.SubSigConstraints},
		{"of a stranger", signed(time.Time{}, pkitest.Token(t, stranger.tsa, content, before)), verify.Indeterminate, verify.SubSigConstraints},
		{"newer than the signature is proven to be", signed(epoch, pkitest.Token(t, a.tsa, content, epoch.Add(time.Minute))), verify.Indeterminate, verify.SubTimestampOrder},
		{"unreadable", signed(time.Time{}, []byte{0x30, 0}), verify.Indeterminate, verify.SubSigConstraints},
	} {
		opts := a.options()
		opts.Signature = v.sig
		r := check(t, content, opts)
		s := &r.Signatures[0]
		if _, sub := s.Indication(); r.Verdict() != v.want || sub != v.sub {
			t.Errorf("%s: %s %s, want %s %s: %v", v.name, r.Verdict(), sub, v.want, v.sub, failing(s))
		}
	}
}
