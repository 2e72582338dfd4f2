package pkitest

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

// TSA issues a plain time-stamping certificate.
func TSA(t testing.TB, issuer *Entity) *Entity {
	t.Helper()
	return Issue(t, Spec{Name: "Time-stamping", Issuer: issuer, EKU: []pki.OID{pki.EKUTimeStamping}, EKUCrit: true})
}

// Token makes a time-stamp token over message, with unsigned attributes, each a
// whole element.
func Token(t testing.TB, tsa *Entity, message []byte, at time.Time, unsigned ...[]byte) []byte {
	t.Helper()
	tmpl, err := cms.NewTemplate(tsa.Cert, nil, cms.TemplateOptions{Suites: suites, ContentType: cms.OIDTSTInfo})
	if err != nil {
		t.Fatal(err)
	}
	h := tmpl.Hash()
	sum := func(b []byte) []byte {
		d := h.New()
		d.Write(b)
		return d.Sum(nil)
	}
	imprint := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, h.OID.Encode()), asn1x.TLV(asn1x.OctetString, sum(message)))
	info := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, []byte{1}), asn1x.MustOID("1.2.3.4").Encode(), imprint,
		asn1x.TLV(asn1x.Integer, []byte{7}), asn1x.TLV(asn1x.GeneralizedTime, []byte(at.UTC().Format("20060102150405Z"))))
	p, err := tmpl.Prepare(sum(info), cms.PrepareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	value, err := tsa.Key.Sign(rand.Reader, p.ToSign(), p.Opts())
	if err != nil {
		t.Fatal(err)
	}
	der, err := p.Finish(value, cms.FinishOptions{Content: info, Unsigned: unsigned})
	if err != nil {
		t.Fatal(err)
	}
	return der
}
