package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

// stamp is a time-stamp token (RFC 3161 §2.4.2).
type stamp struct {
	sd         *cms.SignedData
	si         *cms.SignerInfo
	imprintAlg pki.OID
	imprint    []byte
	genTime    time.Time

	result cms.Result
	path   pki.PathResult
	valid  Status // ok: the time is proven
	detail string
}

// openToken reads the token that the candidate's CMS is; nil with c.cmsErr set
// if it is none.
func (c *candidate) openToken(*pki.Suites) *stamp {
	s, err := newStamp(c.sd)
	if err != nil {
		c.cmsErr = err
	}
	return s
}

func parseStamp(der []byte) (*stamp, error) {
	sd, err := cms.Parse(der)
	if err != nil {
		return nil, err
	}
	return newStamp(sd)
}

// newStamp reads TSTInfo: version, policy, messageImprint, serialNumber and
// genTime; what follows is optional and says nothing that is asked here.
func newStamp(sd *cms.SignedData) (*stamp, error) {
	switch {
	case sd.ContentType != cms.OIDTSTInfo || !sd.Attached:
		return nil, fmt.Errorf("content type %s is no time-stamp", sd.ContentType)
	case len(sd.SignerInfos) != 1: // RFC 3161 §2.4.2
		return nil, fmt.Errorf("%d SignerInfos in a time-stamp, not one", len(sd.SignerInfos))
	}
	s := &stamp{sd: sd, si: sd.SignerInfos[0]}
	c := asn1x.NewCursor(sd.Content)
	info := c.Open("TSTInfo", asn1x.Sequence)
	c.End("TSTInfo")
	if v := info.Next("version", asn1x.Integer); c.Err() == nil && !bytes.Equal(v.Body, []byte{1}) {
		return nil, errors.New("time-stamp version is not 1")
	}
	info.OID("policy")
	imprint := info.Open("messageImprint", asn1x.Sequence)
	s.imprintAlg = pki.ParseAlgorithm(&imprint, "hashAlgorithm").OID
	s.imprint = imprint.Next("hashedMessage", asn1x.OctetString).Body
	imprint.End("messageImprint")
	info.Next("serialNumber", asn1x.Integer)
	v := info.Next("genTime", asn1x.GeneralizedTime)
	if err := c.Err(); err != nil {
		return nil, fmt.Errorf("time-stamp: %w", err)
	}
	t, _, err := pki.ParseTime(v)
	if err != nil {
		return nil, fmt.Errorf("time-stamp: genTime: %w", err)
	}
	s.genTime = t.UTC()
	return s, nil
}

// judgeStamp decides whether a token proves that the data with the given digest
// existed at its genTime: imprint, signature, and a path of its own that is
// valid at the time at, which is the present unless a later time-stamp proves
// that the token existed before (EN 319 102-1 §5.4, §5.6.2.2).
func (j *job) judgeStamp(ctx context.Context, s *stamp, digest func(pki.Hash) ([]byte, error), at time.Time) {
	s.result = s.si.Verify(cms.VerifyOptions{Suites: j.suites, Certificates: j.evidence.certs.All(), ContentType: cms.OIDTSTInfo})
	refuse := func(status Status, format string, args ...any) {
		s.valid, s.detail = status, fmt.Sprintf(format, args...)
	}
	h, err := j.suites.Hash(s.imprintAlg)
	if err != nil {
		refuse(StatusUnknown, "%v", err)
		return
	}
	got, err := digest(h)
	switch {
	case err != nil:
		refuse(StatusUnknown, "%v", err)
		return
	case !bytes.Equal(got, s.imprint):
		refuse(StatusFailed, "the time-stamp is of other data")
		return
	}
	if name, status := worstCheck(s.result); status != StatusOK {
		refuse(status, "%s", name)
		return
	}
	if s.genTime.After(j.report.ValidationTime) {
		refuse(StatusUnknown, "the time-stamp is from %s, after the time asked about", s.genTime.Format(time.RFC3339))
		return
	}
	uses := append([]pki.Use{{Hash: h.Name}}, s.result.Uses...)
	if weak := j.weak(uses, at); weak != "" {
		refuse(StatusUnknown, "%s", weak)
		return
	}
	s.path = j.validate(ctx, s.result.Signer, at, usageTimestamp)
	if !s.path.Valid() {
		refuse(StatusUnknown, "%s", s.path.Reason)
		return
	}
	refuse(StatusOK, "%s", s.genTime.Format(time.RFC3339))
}
