package cms

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/pki"
)

// Certificates the SignerInfo names in its sid (RFC 5652 §5.3), among those of
// the structure and more. Where they stand in a list means nothing. A key
// identifier stands for the extension or, where a certificate has none, for
// the SHA-1 of the key (RFC 5280 §4.2.1.2). all is false if there are more than
// are looked at.
func (si *SignerInfo) candidates(more []*pki.Certificate) (out []*pki.Certificate, all bool) {
	for _, list := range [][]*pki.Certificate{si.sd.Certificates, more} {
		for _, c := range list {
			if !si.names(c) {
				continue
			}
			known := false
			for _, o := range out {
				known = known || o.Equal(c)
			}
			switch {
			case known:
			case len(out) == maxCandidates:
				return out, false
			default:
				out = append(out, c)
			}
		}
	}
	return out, true
}

// names reports whether the sid names c.
func (si *SignerInfo) names(c *pki.Certificate) bool {
	if si.KeyID != nil {
		if c.SubjectKeyID != nil {
			return bytes.Equal(si.KeyID, c.SubjectKeyID)
		}
		return bytes.Equal(si.KeyID, c.KeyHash())
	}
	return pki.SerialEqual(si.Serial, c.Serial) && pki.NamesEqual(si.Issuer, c.RawIssuer)
}

// confirms reports whether the identifier is c's. The error is
// pki.ErrUnsupported for a digest that is not in the table.
func (id CertID) confirms(c *pki.Certificate, s *pki.Suites) (bool, error) {
	h, err := s.Hash(id.Hash)
	if err != nil {
		return false, err
	}
	d := h.New()
	d.Write(c.Raw)
	if !bytes.Equal(d.Sum(nil), id.Digest) {
		return false, nil
	}
	if id.Issuers == nil {
		return true, nil
	}
	// RFC 5035 §4: issuerSerial, if present, is of the same certificate.
	for _, n := range id.Issuers {
		if pki.NamesEqual(n, c.RawIssuer) && pki.SerialEqual(id.Serial, c.Serial) {
			return true, nil
		}
	}
	return false, nil
}

// bind narrows the candidates to those that the signing-certificate attributes
// confirm. The status is NotChecked when there is no such attribute.
func (si *SignerInfo) bind(candidates []*pki.Certificate, s *pki.Suites) ([]*pki.Certificate, pki.Status, string) {
	v1, v2, err := si.SigningCertificates()
	if err != nil {
		return candidates, pki.Failed, err.Error()
	}
	var first []CertID
	for _, ids := range [][]CertID{v1, v2} {
		if len(ids) > 0 {
			first = append(first, ids[0])
		}
	}
	if len(first) == 0 {
		return candidates, pki.NotChecked, "no signing-certificate attribute"
	}
	var confirmed []*pki.Certificate
	var unknown error
	for _, c := range candidates {
		all := true
		for _, id := range first {
			ok, err := id.confirms(c, s)
			if errors.Is(err, pki.ErrUnsupported) {
				unknown = err
			}
			all = all && ok
		}
		if all {
			confirmed = append(confirmed, c)
		}
	}
	switch {
	case len(confirmed) > 0:
		return confirmed, pki.OK, ""
	case unknown != nil:
		return candidates, pki.Unknown, unknown.Error()
	}
	return candidates, pki.Failed, fmt.Sprintf("none of %d certificates that the sid names is the one in signing-certificate", len(candidates))
}
