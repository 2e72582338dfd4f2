package verify

import (
	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

var oidStreebog256 = asn1x.MustOID("1.2.643.7.1.1.2.2")

// singleAttributes are the signed attributes of which one instance with one
// value is allowed (RFC 5652 §11, RFC 5035 §3, EN 319 122-1 §5.2).
var singleAttributes = []pki.OID{
	cms.OIDContentType, cms.OIDMessageDigest, cms.OIDSigningTime, cms.OIDSigningCertificate, cms.OIDSigningCertificateV2,
	cms.OIDSignaturePolicy, cms.OIDContentHints, cms.OIDAlgorithmProtection,
	asn1x.MustOID("1.2.840.113549.1.9.16.2.17"), // signer-location
	asn1x.MustOID("1.2.840.113549.1.9.16.2.18"), // signer-attr
	asn1x.MustOID("0.4.0.19122.1.1"),            // signer-attrs-v2
	asn1x.MustOID("1.2.840.113549.1.9.16.2.10"), // content-reference
	asn1x.MustOID("1.2.840.113549.1.9.16.2.7"),  // content-identifier
	asn1x.MustOID("0.4.0.1733.2.1"),             // mime-type
}

// format names the format and its level by what is there (EN 319 142-1 §6,
// EN 319 122-1 §6), not by whether it holds; but CAdES-B-LTA takes an archive
// time-stamp that does.
func (c *candidate) format(j *job, later []*candidate) string {
	if c.si == nil {
		return string(c.subFilter)
	}
	if c.sig.Kind == KindTimestamp {
		return "RFC3161"
	}
	if c.field == nil {
		return c.cadesFormat()
	}
	family := "PKCS7-"
	switch c.subFilter {
	case subCAdES:
		family = "PAdES-B-"
	case subSHA1:
		return "PKCS7-SHA1"
	case subX509:
		return "PKCS1-SHA1"
	}
	stamped := len(c.stamps) > 0
	archived := false
	for _, l := range later {
		if l.sig.Kind == KindTimestamp && l.token != nil && l.br.gap >= c.br.end {
			stamped = true
			archived = archived || j.evidence.dss && j.evidence.dssEnd <= l.br.end
		}
	}
	switch {
	case stamped && archived:
		return family + "LTA"
	case stamped && j.evidence.dss:
		return family + "LT"
	case stamped:
		return family + "T"
	}
	return family + "B"
}

func (c *candidate) cadesFormat() string {
	v1, v2, err := c.si.SigningCertificates()
	if err != nil || len(v1)+len(v2) == 0 {
		return "CMS"
	}
	has := func(oid pki.OID) bool { return len(c.si.Unsigned(oid)) > 0 }
	values := has(cms.OIDCertificateValues) && has(cms.OIDRevocationValues) || len(c.sd.CRLs)+len(c.sd.OCSPs) > 0
	switch {
	case len(c.stamps) > 0 && c.archived:
		return "CAdES-B-LTA"
	case len(c.stamps) > 0 && values:
		return "CAdES-B-LT"
	case len(c.stamps) > 0:
		return "CAdES-B-T"
	}
	return "CAdES-B-B"
}
