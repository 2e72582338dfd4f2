package xmldsig

import (
	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// digests are DigestMethod identifiers: RFC 6931 §2.1, XML Encryption §5.8, and
// those that Russian software uses (draft-chudov-cryptopro-cpxmldsig and its
// continuation for the algorithms of 2012).
var digests = map[string]pki.OID{
	"http://www.w3.org/2000/09/xmldsig#sha1":                       asn1x.MustOID("1.3.14.3.2.26"),
	"http://www.w3.org/2001/04/xmlenc#sha256":                      asn1x.MustOID("2.16.840.1.101.3.4.2.1"),
	"http://www.w3.org/2001/04/xmldsig-more#sha384":                asn1x.MustOID("2.16.840.1.101.3.4.2.2"),
	"http://www.w3.org/2001/04/xmlenc#sha512":                      asn1x.MustOID("2.16.840.1.101.3.4.2.3"),
	"http://www.w3.org/2001/04/xmldsig-more#gostr3411":             asn1x.MustOID("1.2.643.2.2.9"),
	"urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr3411":         asn1x.MustOID("1.2.643.2.2.9"),
	"urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-256": asn1x.MustOID("1.2.643.7.1.1.2.2"),
	"urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-512": asn1x.MustOID("1.2.643.7.1.1.2.3"),
}

// method is a SignatureMethod.
type method struct {
	oid pki.OID
	raw bool // the value is r‖s where X.509 has SEQUENCE{r, s} (RFC 6931 §2.3.6)
}

var methods = map[string]method{
	"http://www.w3.org/2000/09/xmldsig#rsa-sha1":                                 {asn1x.MustOID("1.2.840.113549.1.1.5"), false},
	"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256":                          {asn1x.MustOID("1.2.840.113549.1.1.11"), false},
	"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384":                          {asn1x.MustOID("1.2.840.113549.1.1.12"), false},
	"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512":                          {asn1x.MustOID("1.2.840.113549.1.1.13"), false},
	"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256":                        {asn1x.MustOID("1.2.840.10045.4.3.2"), true},
	"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384":                        {asn1x.MustOID("1.2.840.10045.4.3.3"), true},
	"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512":                        {asn1x.MustOID("1.2.840.10045.4.3.4"), true},
	"http://www.w3.org/2001/04/xmldsig-more#gostr34102001-gostr3411":             {asn1x.MustOID("1.2.643.2.2.3"), false},
	"urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102001-gostr3411":         {asn1x.MustOID("1.2.643.2.2.3"), false},
	"urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-256": {asn1x.MustOID("1.2.643.7.1.1.3.2"), false},
	"urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-512": {asn1x.MustOID("1.2.643.7.1.1.3.3"), false},
}

// transform is what a Transform or CanonicalizationMethod asks for.
type transform struct{ enveloped, exclusive, comments bool }

// excNamespace is that of InclusiveNamespaces.
const excNamespace = "http://www.w3.org/2001/10/xml-exc-c14n#"

var transforms = map[string]transform{
	"http://www.w3.org/2000/09/xmldsig#enveloped-signature":        {enveloped: true},
	"http://www.w3.org/TR/2001/REC-xml-c14n-20010315":              {},
	"http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments": {comments: true},
	excNamespace:                  {exclusive: true},
	excNamespace + "WithComments": {exclusive: true, comments: true},
}

// derECDSA makes SEQUENCE{r, s} of r‖s; nil if the length is odd.
func derECDSA(raw []byte) []byte {
	if len(raw) == 0 || len(raw)%2 != 0 {
		return nil
	}
	integer := func(b []byte) []byte {
		for len(b) > 1 && b[0] == 0 {
			b = b[1:]
		}
		if b[0]&0x80 != 0 {
			b = append([]byte{0}, b...)
		}
		return asn1x.TLV(asn1x.Integer, b)
	}
	return asn1x.TLV(asn1x.Sequence, integer(raw[:len(raw)/2]), integer(raw[len(raw)/2:]))
}
