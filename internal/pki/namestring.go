package pki

import (
	"strings"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// attributeNames are the short names of attribute types that names are shown
// with (RFC 4514 §3, X.520, PKCS #9).
var attributeNames = map[OID]string{
	asn1x.MustOID("2.5.4.3"): "CN", asn1x.MustOID("2.5.4.4"): "SN", asn1x.MustOID("2.5.4.5"): "serialNumber",
	asn1x.MustOID("2.5.4.6"): "C", asn1x.MustOID("2.5.4.7"): "L", asn1x.MustOID("2.5.4.8"): "ST",
	asn1x.MustOID("2.5.4.9"): "street", asn1x.MustOID("2.5.4.10"): "O", asn1x.MustOID("2.5.4.11"): "OU",
	asn1x.MustOID("2.5.4.12"): "title", asn1x.MustOID("2.5.4.42"): "GN",
	asn1x.MustOID("2.5.4.97"):                   "organizationIdentifier",
	asn1x.MustOID("1.2.840.113549.1.9.1"):       "emailAddress",
	asn1x.MustOID("0.9.2342.19200300.100.1.25"): "DC", asn1x.MustOID("0.9.2342.19200300.100.1.1"): "UID",
}

// String shows the name in the order written: "C=RU, O=Центр, CN=Иван". Types
// without a short name appear as dotted OIDs; special characters are escaped
// as in RFC 4514 §2.4 and control characters as \XX, so that a value can't pose
// as another attribute.
func (n Name) String() string {
	var b strings.Builder
	for i, a := range n {
		switch {
		case i == 0:
		case a.RDN == n[i-1].RDN:
			b.WriteByte('+')
		default:
			b.WriteString(", ")
		}
		if s, ok := attributeNames[a.OID]; ok {
			b.WriteString(s)
		} else {
			b.WriteString(a.OID.String())
		}
		b.WriteByte('=')
		for _, r := range a.Value {
			switch {
			case strings.ContainsRune(`,+"\<>;=`, r):
				b.WriteByte('\\')
				b.WriteRune(r)
			case r < 0x20 || r == 0x7f:
				const hexDigits = "0123456789ABCDEF"
				b.WriteByte('\\')
				b.WriteByte(hexDigits[r>>4])
				b.WriteByte(hexDigits[r&15])
			default:
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
