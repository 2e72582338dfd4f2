package verify

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pki"
)

// maxDictCerts bounds the certificates of a signature dictionary: its chain.
const maxDictCerts = 20

var oidSHA1WithRSA = asn1x.MustOID("1.2.840.113549.1.1.5")

// pkcs1Message makes a CMS of a signature of the kind adbe.x509.rsa_sha1, so that
// it is judged like one (ISO 32000-1 §12.8.3.2; ISO 32000-2 keeps it as
// deprecated): contents is a DER OCTET STRING with the PKCS #1 signature of the
// SHA-1 of the range, and /Cert in the dictionary has the signer's certificate
// first. The range covers /Cert, so that its order does mean something here.
func pkcs1Message(rev *pdf.Revision, value *pdf.Dict, contents []byte) ([]byte, error) {
	v, rest, err := asn1x.Read(contents)
	if err != nil || v.ID != asn1x.OctetString || len(bytes.Trim(rest, "\x00")) > 0 {
		return nil, errors.New("/Contents is no OCTET STRING with a PKCS #1 signature")
	}
	certs, err := dictCertificates(rev, value)
	if err != nil {
		return nil, err
	}
	leaf, err := pki.ParseCertificate(certs[0])
	if err != nil {
		return nil, fmt.Errorf("/Cert: %w", err)
	}
	null := []byte{asn1x.Null, 0}
	sha1 := asn1x.TLV(asn1x.Sequence, pki.OIDSHA1.Encode(), null)
	version := asn1x.TLV(asn1x.Integer, []byte{1})
	signer := asn1x.TLV(asn1x.Sequence, version, asn1x.TLV(asn1x.Sequence, leaf.RawIssuer, asn1x.TLV(asn1x.Integer, leaf.Serial)),
		sha1, asn1x.TLV(asn1x.Sequence, oidSHA1WithRSA.Encode(), null), asn1x.TLV(asn1x.OctetString, v.Body))
	signed := asn1x.TLV(asn1x.Sequence, version, asn1x.TLV(asn1x.Set, sha1), asn1x.TLV(asn1x.Sequence, cms.OIDData.Encode()),
		asn1x.TLV(asn1x.ContextC(0), certs...), asn1x.TLV(asn1x.Set, signer))
	return asn1x.TLV(asn1x.Sequence, cms.OIDSignedData.Encode(), asn1x.TLV(asn1x.ContextC(0), signed)), nil
}

// dictCertificates reads /Cert, a string or an array of strings (ISO 32000-2
// table 255); there is at least one.
func dictCertificates(rev *pdf.Revision, value *pdf.Dict) (list [][]byte, err error) {
	entry := value.Get("Cert")
	items, err := rev.Array(entry)
	if err != nil { // no array
		items = []pdf.Object{entry}
	}
	for i, item := range items {
		s, err := rev.Str(item)
		switch {
		case err != nil:
			return nil, fmt.Errorf("/Cert: %w", err)
		case i == maxDictCerts:
			return nil, errors.New("/Cert: more certificates than are looked at")
		case len(s) > 0:
			list = append(list, []byte(s))
		}
	}
	if len(list) == 0 {
		return nil, errors.New("no /Cert in the signature dictionary")
	}
	return list, nil
}
