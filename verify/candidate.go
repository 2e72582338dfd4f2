package verify

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"hash"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/tsp"
)

// candidate is a signature on its way to a result.
type candidate struct {
	sig Signature

	// Of a signature in a PDF.
	field     *sigField
	br        byteRange
	brErr     error
	subFilter pdf.Name
	encrypted bool // the document is

	sd     *cms.SignedData
	si     *cms.SignerInfo
	cmsErr error
	result cms.Result
	leaf   *pki.Certificate

	sums map[pki.OID]*rangeHash // digests of the signed bytes

	attached  bool      // the CMS carries the content
	absent    bool      // the content is nowhere
	stamps    []*stamp  // signature time-stamps
	stampErrs []error   // those that cannot be read
	token     *stamp    // of a document time-stamp: the token itself
	proven    time.Time // proof that the signature existed

	contentStamps []*stamp
	archives      []*archive // newest first
	archiveErrs   []error
	archived      bool // an archive time-stamp holds and covers all it should
}

func (c *candidate) check(name CheckName, status Status, sub SubIndication, format string, args ...any) {
	if status == StatusOK || status == StatusNotApplicable || status != StatusFailed && sub.final() {
		sub = "" // what is not known is not final
	}
	if c.sig.Checks == nil {
		c.sig.Checks = make([]Check, 0, len(order))
	}
	detail := format
	if len(args) > 0 {
		detail = fmt.Sprintf(format, args...)
	}
	c.sig.Checks = append(c.sig.Checks, Check{Name: name, Status: status, Sub: sub, Detail: detail})
}

// The kinds of /SubFilter that can be checked (ISO 32000-2 §12.8.3, table 260,
// and EN 319 142-1 §5.3, §5.4).
const (
	subPKCS7  pdf.Name = "adbe.pkcs7.detached"
	subSHA1   pdf.Name = "adbe.pkcs7.sha1"
	subCAdES  pdf.Name = "ETSI.CAdES.detached"
	subStamp  pdf.Name = "ETSI.RFC3161"
	subX509   pdf.Name = "adbe.x509.rsa_sha1" // deprecated: PKCS #1, no CMS in it
	noSubName pdf.Name = ""
)

// parse reads the CMS and says what of the file has to be hashed for it.
func (c *candidate) parse(der []byte, s *shared) []pki.Hash {
	suites := s.suites
	c.sd, c.cmsErr = cms.ParseWith(der, s.certificate)
	if c.cmsErr != nil {
		return nil
	}
	switch {
	case len(c.sd.SignerInfos) == 0:
		c.cmsErr = errors.New("no SignerInfo")
		return nil
	case c.field != nil && len(c.sd.SignerInfos) > 1:
		// ISO 32000-2 §12.8.3.3.1: one signer only. Which one counts would be a guess.
		c.cmsErr = fmt.Errorf("%d SignerInfos, not one", len(c.sd.SignerInfos))
		return nil
	case c.sd.TrailingData && c.field != nil && !c.encrypted:
		c.cmsErr = errors.New("other data than padding after the CMS")
		return nil
	}
	c.si = c.sd.SignerInfos[0]
	switch {
	case c.sig.Kind == KindTimestamp:
		token, err := tsp.Parse(der)
		if err != nil {
			c.cmsErr = err
			return nil
		}
		c.token = &stamp{token: token}
		if h, err := suites.Hash(token.Info.Hash); err == nil {
			return []pki.Hash{h}
		}
	case c.subFilter == subSHA1:
		return []pki.Hash{sha1Alg}
	default:
		return wantedHashes(c.si, suites)
	}
	return nil
}

// wantedHashes returns the digests of the content that checking si may ask for:
// its own and those of time-stamps over the content.
func wantedHashes(si *cms.SignerInfo, suites *pki.Suites) (list []pki.Hash) {
	add := func(oid pki.OID) {
		if h, err := suites.Hash(oid); err == nil {
			list = append(list, h)
		}
	}
	add(si.DigestAlgorithm.OID)
	for _, attrs := range [][]cms.Attribute{si.SignedAttrs, si.UnsignedAttrs} {
		for _, a := range attrs {
			if a.OID != cms.OIDContentTimestamp && a.OID != cms.OIDArchiveTimestampV3 {
				continue
			}
			for i, der := range a.Values {
				if token, err := tsp.Parse(der); err == nil && i < maxStamps && token.Info.Hash != si.DigestAlgorithm.OID {
					add(token.Info.Hash)
				}
			}
		}
	}
	return list
}

var errNotHashed = errors.New("the content was not hashed with this algorithm")

// digest hands the precomputed digests to package cms.
func (c *candidate) digest(h pki.Hash) ([]byte, error) {
	if r := c.sums[h.OID]; r != nil && r.sum != nil {
		return r.sum, nil
	}
	return nil, errNotHashed
}

// sha1Alg is what adbe.pkcs7.sha1 digests the document with.
var sha1Alg = pki.Hash{OID: pki.OIDSHA1, Name: "SHA-1", Size: sha1.Size, New: func() hash.Hash { return sha1.New() }}
