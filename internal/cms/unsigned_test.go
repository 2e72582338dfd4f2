package cms_test

import (
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

// indexOf makes a hash index, with one digest in each list.
func indexOf(alg []byte) []byte {
	list := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.OctetString, make([]byte, 32)))
	return asn1x.TLV(asn1x.Sequence, alg, list, list, list)
}

// unsignedWith signs something and adds an unsigned attribute.
func unsignedWith(t testing.TB, attrs ...[]byte) *cms.SignerInfo {
	t.Helper()
	s := newSigner(t)
	tmpl, err := cms.NewTemplate(s.leaf.Cert, nil, cms.TemplateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := tmpl.Prepare(make([]byte, tmpl.Hash().Size), cms.PrepareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	der, err := p.Finish([]byte{1}, cms.FinishOptions{Unsigned: attrs})
	if err != nil {
		t.Fatal(err)
	}
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return sd.SignerInfos[0]
}

// FuzzUnsigned reads hostile hash indexes and countersignatures: neither panics,
// an index is never longer than it may be, and what was not signed never holds.
func FuzzUnsigned(f *testing.F) {
	f.Add(indexOf(asn1x.TLV(asn1x.Sequence, pki.OIDSHA256.Encode())))
	f.Add(indexOf(nil))
	f.Add([]byte{0x30, 0})
	si := unsignedWith(f)
	f.Add(si.Raw)
	suites := pki.DefaultSuites()
	f.Fuzz(func(t *testing.T, value []byte) {
		if _, rest, err := asn1x.Read(value); err != nil || len(rest) > 0 {
			return // no attribute value
		}
		si := *si
		for _, oid := range []cms.OID{cms.OIDATSHashIndexV3, cms.OIDCountersignature} {
			si.UnsignedAttrs = append(si.UnsignedAttrs, cms.Attribute{OID: oid, Values: [][]byte{value}})
		}
		if x, err := si.HashIndex(); err == nil {
			if len(x.Certificates) > 500 || len(x.CRLs) > 500 || len(x.Attributes) > 500 {
				t.Error("a long index")
			}
			if _, err := si.Indexed(x, suites); err == nil && len(x.Certificates)+len(x.CRLs) > 1 {
				t.Error("an index of what is not there")
			}
		}
		list, _ := si.Countersignatures()
		for _, c := range list {
			if r := c.Verify(cms.VerifyOptions{Suites: suites}); r.Integrity() == pki.OK {
				t.Error("a countersignature that nobody made")
			}
		}
	})
}
