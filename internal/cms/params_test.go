package cms_test

import (
	"bytes"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

// TestDigestParameters: parameters that are not known name another algorithm,
// about which nothing can be said.
func TestDigestParameters(t *testing.T) {
	s := newSigner(t)
	h, _ := suites.Hash(pki.OIDSHA256)
	attrs := [][]byte{cms.EncodeAttribute(cms.OIDContentType, cms.OIDData.Encode()),
		cms.EncodeAttribute(cms.OIDMessageDigest, asn1x.TLV(asn1x.OctetString, digest(t, h, content)))}
	for _, naked := range []bool{false, true} {
		if naked {
			attrs = nil
		}
		der := s.forged(t, 1, pki.OIDSHA256, attrs...)
		for name, v := range map[string]struct {
			params []byte
			want   pki.Status // for the content, and for another one
			other  pki.Status
		}{
			"absent":    {nil, pki.OK, pki.Failed},
			"NULL":      {[]byte{asn1x.Null, 0}, pki.OK, pki.Failed},
			"OID":       {asn1x.MustOID("1.2.643.2.2.30.0").Encode(), pki.Unknown, pki.Unknown},
			"long NULL": {[]byte{asn1x.Null, 1, 0}, pki.Unknown, pki.Unknown},
			"INTEGER":   {[]byte{asn1x.Integer, 1, 1}, pki.Unknown, pki.Unknown},
		} {
			sd, err := cms.Parse(der)
			if err != nil {
				t.Fatal(err)
			}
			si := sd.SignerInfos[0]
			raw := bytes.Replace(si.Raw, si.DigestAlgorithm.Raw, asn1x.TLV(asn1x.Sequence, si.DigestAlgorithm.OID.Encode(), v.params), 1)
			body, _, _ := asn1x.Read(si.Raw)
			raw = asn1x.TLV(asn1x.Sequence, raw[len(si.Raw)-len(body.Body):])
			sd, err = cms.Parse(rebuild(t, sd, s.leaf.DER, raw))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if r := sd.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Content: content}); r.Status() != v.want {
				t.Errorf("%s, without attributes %t: %v", name, naked, r.Checks)
			}
			if r := sd.SignerInfos[0].Verify(cms.VerifyOptions{Suites: suites, Content: []byte("x")}); r.Status() != v.other {
				t.Errorf("%s, without attributes %t, other content: %v", name, naked, r.Checks)
			}
		}
	}
}
