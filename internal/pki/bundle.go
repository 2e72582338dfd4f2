package pki

import (
	"bytes"
	"encoding/pem"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// maxBundle bounds the certificates read from one file; the largest public
// trust stores have a few hundred.
const maxBundle = 5000

// ReadCertificates reads certificates from whatever a file or a server gives:
// PEM blocks, one or several DER certificates, or a "certs-only" CMS. What
// can't be read is left out.
func ReadCertificates(data []byte) []*Certificate {
	var out []*Certificate
	if bytes.Contains(data, []byte("-----BEGIN")) {
		for rest := data; len(out) < maxBundle; {
			var b *pem.Block
			if b, rest = pem.Decode(rest); b == nil {
				return out
			}
			out = append(out, ReadCertificates(b.Bytes)...)
		}
		return out
	}
	for len(data) > 0 && len(out) < maxBundle {
		c, rest, err := parseCertificate(data)
		if err != nil {
			return append(out, certsOnly(data)...)
		}
		out, data = append(out, c), rest
	}
	return out
}

// certsOnly reads the certificates of a SignedData (RFC 5652 §5.1) without
// looking at anything else in it.
func certsOnly(data []byte) []*Certificate {
	der, _, err := asn1x.ToDER(data)
	if err != nil {
		return nil
	}
	c := asn1x.NewCursor(der)
	ci := c.Open("ContentInfo", asn1x.Sequence)
	ci.OID("contentType")
	explicit := ci.Open("content", asn1x.ContextC(0))
	sd := explicit.Open("SignedData", asn1x.Sequence)
	sd.Next("version", asn1x.Integer)
	sd.Next("digestAlgorithms", asn1x.Set)
	sd.Next("encapContentInfo", asn1x.Sequence)
	set := sd.Open("certificates", asn1x.ContextC(0))
	var out []*Certificate
	for set.More() && len(out) < maxBundle {
		if cert, err := ParseCertificate(set.Any("certificate").Full); err == nil {
			out = append(out, cert)
		}
	}
	return out
}

// unPEM returns the content of the first PEM block, or data if there is none.
func unPEM(data []byte) []byte {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("-----BEGIN")) {
		if b, _ := pem.Decode(data); b != nil {
			return b.Bytes
		}
	}
	return data
}

// ReadCRL reads a CRL in DER or PEM. The error is ErrCRL.
func ReadCRL(data []byte) (*CRL, error) { return ParseCRL(unPEM(data)) }
