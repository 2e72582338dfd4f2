package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/tsp"
)

// archive is an archive-time-stamp-v3 (EN 319 122-1 §5.5.3) and what its hash
// index says it covers.
type archive struct {
	stamp
	index   cms.HashIndex
	indexed cms.Indexed
	void    error // why the index is worth nothing
}

var errArchiveV2 = errors.New("archive-time-stamp-v2 is known by name only")

// openArchives reads the time-stamps over the content and the archive
// time-stamps.
func (c *candidate) openArchives(e *evidence) {
	read := func(values [][]byte, take func(token *tsp.Token, der []byte)) {
		for i, der := range values {
			token, err := tsp.Parse(der)
			switch {
			case i == maxStamps:
				c.archiveErrs = append(c.archiveErrs, errors.New("more time-stamps than are looked at"))
				return
			case err != nil:
				c.archiveErrs = append(c.archiveErrs, err)
			default:
				take(token, der)
				e.message(token.CMS, c.br.end)
			}
		}
	}
	for _, a := range c.si.SignedAttrs {
		if a.OID == cms.OIDContentTimestamp {
			read(a.Values, func(token *tsp.Token, der []byte) {
				c.contentStamps = append(c.contentStamps, &stamp{token: token, value: der})
			})
		}
	}
	if len(c.si.UnsignedAttrs) == 0 {
		return
	}
	read(c.si.ArchiveTimestamps(), func(token *tsp.Token, der []byte) {
		c.archives = append(c.archives, &archive{stamp: stamp{token: token, value: der}})
	})
	slices.SortStableFunc(c.archives, func(a, b *archive) int { return b.time().Compare(a.time()) })
}

// proveArchives judges the archive time-stamps from the newest, which is judged
// at the time at, to the oldest: each proves that what its index names existed,
// older time-stamps with their certificates included (EN 319 102-1 §5.6.2.3.4).
func (c *candidate) proveArchives(ctx context.Context, j *job, at time.Time) {
	for _, a := range c.archives {
		a.read(c.si, j.suites)
		j.judgeStamp(ctx, &a.stamp, func(h pki.Hash) ([]byte, error) {
			if a.void != nil {
				return nil, a.void
			}
			content, err := c.contentDigest(h)
			if err != nil {
				return nil, err
			}
			d := h.New()
			d.Write(c.si.ArchiveMessage(content, a.index))
			return d.Sum(nil), nil
		}, c.keptSince(a.value, at))
		if a.void != nil && !errors.Is(a.void, pki.ErrUnsupported) {
			a.valid, a.detail = StatusFailed, a.void.Error()
		}
		if a.valid == StatusOK {
			a.prove(&j.evidence.proofs)
		}
	}
}

// read reads the hash index and finds what it names.
func (a *archive) read(si *cms.SignerInfo, suites *pki.Suites) {
	if len(a.token.CMS.SignerInfos) == 0 {
		a.void = errors.New("nobody signed the token")
		return
	}
	if a.index, a.void = a.token.CMS.SignerInfos[0].HashIndex(); a.void != nil {
		return
	}
	if a.index.Hash != a.token.Info.Hash { // §5.5.2: one hash for both
		a.void = fmt.Errorf("%w: made with %s, the imprint with %s", cms.ErrHashIndex, a.index.Hash, a.token.Info.Hash)
		return
	}
	a.indexed, a.void = si.Indexed(a.index, suites)
}

// prove records what the time-stamp shows to have existed.
func (a *archive) prove(proofs *pki.Proofs) {
	found := newEvidence()
	for _, der := range a.indexed.Certificates {
		proofs.Add(der, a.time())
	}
	for _, der := range a.indexed.CRLs {
		proofs.Add(der, a.time())
		c := asn1x.NewCursor(der)
		if other, ok := c.Optional("other", asn1x.ContextC(1)); ok { // RFC 5940: an OCSP answer
			in := c.Inside(other.Body)
			in.OID("otherRevInfoFormat")
			proofs.Add(in.Any("otherRevInfo").Full, a.time())
		}
	}
	for _, attr := range a.indexed.Attributes {
		for _, value := range attr.Values {
			switch attr.OID {
			case cms.OIDCertificateValues:
				found.certificateValues(value)
			case cms.OIDRevocationValues:
				found.revocationInfo(value)
			case cms.OIDSignatureTimestamp, cms.OIDArchiveTimestampV3:
				if token, err := tsp.Parse(value); err == nil {
					found.message(token.CMS, 0)
				}
			}
		}
	}
	for sum := range found.seen {
		proofs.AddDigest(sum, a.time())
	}
}

// covers reports whether the index names the attribute value.
func (a *archive) covers(value []byte) bool {
	for _, attr := range a.indexed.Attributes {
		if slices.ContainsFunc(attr.Values, func(v []byte) bool { return bytes.Equal(v, value) }) {
			return true
		}
	}
	return false
}

// keptSince returns the time for which an attribute value is to be judged: that
// of the oldest archive time-stamp that holds and covers it, else the time at.
func (c *candidate) keptSince(value []byte, at time.Time) time.Time {
	for _, a := range c.archives {
		if a.valid == StatusOK && a.covers(value) && a.time().Before(at) {
			at = a.time()
		}
	}
	return at
}

// contentDigest is the digest of what was signed.
func (c *candidate) contentDigest(h pki.Hash) ([]byte, error) {
	if c.attached {
		d := h.New()
		d.Write(c.sd.Content)
		return d.Sum(nil), nil
	}
	return c.digest(h)
}

// archiveCheck reports on the archive time-stamps, and says whether they keep
// the signature: its certificate and its time-stamps have to be covered.
func (c *candidate) archiveCheck() {
	if c.si == nil {
		return
	}
	status, sub, details := StatusOK, SubSigConstraints, []string(nil)
	worse := func(s Status, format string, args ...any) {
		details = append(details, fmt.Sprintf(format, args...))
		if s == StatusFailed || status == StatusOK {
			status = s
		}
	}
	for _, err := range c.archiveErrs {
		worse(StatusFailed, "%v", err)
	}
	inside := c.leaf != nil && slices.ContainsFunc(c.sd.Certificates, c.leaf.Equal)
	for _, a := range c.archives {
		for _, older := range c.olderStamps(a) {
			if a.covers(older.value) && older.time().After(a.time()) {
				sub = SubTimestampOrder
				worse(StatusFailed, "%s covers a time-stamp of %s", a.time().Format(time.RFC3339), older.time().Format(time.RFC3339))
			}
		}
		switch named := slices.ContainsFunc(a.indexed.Certificates, func(der []byte) bool { return c.leaf != nil && bytes.Equal(der, c.leaf.Raw) }); {
		case a.valid == StatusFailed:
			worse(StatusFailed, "%s", a.detail)
		case a.valid != StatusOK:
			worse(StatusUnknown, "%s", a.detail)
		case inside && !named:
			worse(StatusUnknown, "%s does not cover the signer's certificate", a.detail)
		default:
			details = append(details, a.detail)
		}
	}
	for _, s := range c.stamps {
		if len(c.archives) > 0 && !slices.ContainsFunc(c.archives, func(a *archive) bool { return a.valid == StatusOK && a.covers(s.value) }) {
			worse(StatusUnknown, "the time-stamp of %s is not covered", s.time().Format(time.RFC3339))
		}
	}
	c.archived = len(c.archives) > 0 && status == StatusOK
	if len(c.si.UnsignedAttrs) > 0 && len(c.si.Unsigned(cms.OIDArchiveTimestampV2)) > 0 {
		details = append(details, errArchiveV2.Error())
		if len(c.archives)+len(c.archiveErrs) == 0 {
			status = StatusNotApplicable
		}
	}
	if len(details) > 0 {
		c.check(CheckArchiveStamp, status, sub, "%s", strings.Join(details, "; "))
	}
}

// olderStamps are the time-stamps that a must not be older than if it covers
// them.
func (c *candidate) olderStamps(a *archive) []*stamp {
	list := slices.Clone(c.stamps)
	for _, other := range c.archives {
		if other != a {
			list = append(list, &other.stamp)
		}
	}
	return list
}

// contentCheck judges the time-stamps over the content that the signer signed
// too (EN 319 122-1 §5.2.8): the content existed before the signature. They say
// nothing about when the signature was made, except that it was not earlier.
func (c *candidate) contentCheck(ctx context.Context, j *job, at time.Time) {
	status, sub, details := StatusOK, SubSigConstraints, []string(nil)
	for _, s := range c.contentStamps {
		j.judgeStamp(ctx, s, c.contentDigest, at)
		details = append(details, s.detail)
		switch {
		case s.valid == StatusFailed:
			status = StatusFailed
		case s.valid != StatusOK && status == StatusOK:
			status = s.valid
		}
		if !c.proven.IsZero() && s.time().After(c.proven) {
			status, sub = StatusFailed, SubTimestampOrder
			details = append(details, "the signature is proven to be older: "+c.proven.Format(time.RFC3339))
		}
	}
	if len(details) > 0 {
		c.check(CheckContentStamp, status, sub, "%s", strings.Join(details, "; "))
	}
}
