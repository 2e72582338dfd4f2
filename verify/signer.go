package verify

import (
	"encoding/hex"
	"strings"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
	certsubject "github.com/vidimus/vidimus/internal/pki/subject"
)

// nameLabels are the short names of RFC 4514 §3 and of common use.
var nameLabels = map[pki.OID]string{
	asn1x.MustOID("2.5.4.3"):                    "CN",
	asn1x.MustOID("2.5.4.4"):                    "SN",
	asn1x.MustOID("2.5.4.5"):                    "serialNumber",
	asn1x.MustOID("2.5.4.6"):                    "C",
	asn1x.MustOID("2.5.4.7"):                    "L",
	asn1x.MustOID("2.5.4.8"):                    "ST",
	asn1x.MustOID("2.5.4.9"):                    "street",
	asn1x.MustOID("2.5.4.10"):                   "O",
	asn1x.MustOID("2.5.4.11"):                   "OU",
	asn1x.MustOID("2.5.4.12"):                   "T",
	asn1x.MustOID("2.5.4.42"):                   "GN",
	asn1x.MustOID("2.5.4.97"):                   "organizationIdentifier",
	asn1x.MustOID("1.2.840.113549.1.9.1"):       "E",
	asn1x.MustOID("0.9.2342.19200300.100.1.25"): "DC",
	asn1x.MustOID("0.9.2342.19200300.100.1.1"):  "UID",
	certsubject.OIDINN:                          "ИНН",
	certsubject.OIDINNLE:                        "ИННЮЛ",
	certsubject.OIDOGRN:                         "ОГРН",
	certsubject.OIDOGRNIP:                       "ОГРНИП",
	certsubject.OIDSNILS:                        "СНИЛС",
}

// nameString writes a name in the order of the certificate, separators escaped
// so that a value cannot pose as another attribute.
func nameString(n pki.Name) string {
	var b strings.Builder
	for i, a := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		label, ok := nameLabels[a.OID]
		if !ok {
			label = a.OID.String()
		}
		value := a.Value
		if a.OID == certsubject.OIDSNILS {
			value = certsubject.MaskSNILS(value)
		}
		b.WriteString(label + "=")
		for _, r := range value {
			if r == ',' || r == '+' || r == '=' || r == '\\' {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

func describeSigner(c *pki.Certificate) Signer {
	get := func(oid pki.OID) string {
		v, _ := c.Subject.Get(oid)
		return v
	}
	digest := c.Fingerprint()
	s := Signer{
		Subject: nameString(c.Subject), Issuer: nameString(c.Issuer), Serial: c.SerialString(),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(), Digest: hex.EncodeToString(digest[:]),
		INN: get(certsubject.OIDINN), INNLE: get(certsubject.OIDINNLE), OGRN: get(certsubject.OIDOGRN), OGRNIP: get(certsubject.OIDOGRNIP), SNILS: certsubject.MaskSNILS(get(certsubject.OIDSNILS)),
	}
	s.describe(c)
	return s
}
