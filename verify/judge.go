package verify

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/tsp"
)

// judge turns candidates, oldest first, into results. p is nil for signatures
// that are no part of a PDF.
func (j *job) judge(ctx context.Context, list []*candidate, p *pdfJob) {
	for _, c := range list {
		if c.sd != nil {
			j.evidence.message(c.sd, c.br.end)
		}
		c.openStamps(j.evidence)
	}
	// Document time-stamps from the newest to the oldest: each proves that what
	// lies before it existed, older time-stamps with their certificates included
	// (EN 319 102-1 §5.6.2).
	poe := j.report.ValidationTime
	for _, c := range slices.Backward(list) {
		if ctx.Err() != nil {
			return
		}
		c.sig.ValidAtSource, c.sig.ValidAt = j.now()
		if c.token != nil {
			j.judgeStamp(ctx, c.token, c.digest, poe)
			if c.proves() {
				poe = c.token.time()
				j.evidence.provenBefore(c.br.gap, poe)
			}
		}
		j.verifyCMS(c)
	}
	for i, c := range list {
		if ctx.Err() != nil {
			return
		}
		j.conclude(ctx, c, list[i+1:], p)
		c.arrange()
		j.countersignatures(ctx, c, list[i+1:], 1)
		j.report.Signatures = append(j.report.Signatures, c.sig)
	}
}

// now is the moment to judge for where nothing is proven.
func (j *job) now() (TimeSource, time.Time) {
	if j.opts.At.IsZero() {
		return TimeNow, j.report.ValidationTime
	}
	return TimeGiven, j.report.ValidationTime
}

// conclude fills in the facts about one signature, given those made later.
func (j *job) conclude(ctx context.Context, c *candidate, later []*candidate, p *pdfJob) {
	c.prove(j, ctx, later)
	if !c.proven.IsZero() {
		c.sig.ProvenTime, c.sig.ValidAt, c.sig.ValidAtSource = c.proven, c.proven, TimeFromTimestamp
	}
	var path pki.PathResult
	if c.leaf != nil {
		if c.token != nil {
			path = c.token.result.Path
		} else {
			if !c.proven.IsZero() {
				// signing-certificate is signed: with the signature it existed.
				j.evidence.proofs.Add(c.leaf.Raw, c.proven)
			}
			path = j.validate(ctx, c.leaf, c.sig.ValidAt, !c.proven.IsZero())
		}
		c.chainFacts(path)
		c.keyPeriod()
		j.forgiven(c, path.Path)
		j.qualify(c, path)
		if weak := j.weak(c.result.Uses, c.sig.ValidAt); weak != "" {
			c.check(CheckAlgorithms, StatusFailed, SubCryptoNoPOE, "%s", weak)
		} else {
			c.check(CheckAlgorithms, StatusOK, "", "")
		}
	} else {
		c.check(CheckChain, StatusUnknown, SubNoSigner, "no certificate of the signer")
	}
	if p != nil && c.field.value != nil {
		perms := p.changes(ctx, c)
		if rev := c.br.revision; rev != nil {
			(&seedCheck{rev: rev, c: c, perms: perms, path: path.Path, suites: j.suites}).run()
		}
	} else if p == nil {
		c.sig.Changes, c.sig.ChangesAllowed = ChangesNone, true
	}
	c.sig.Format = c.format(j, later)
}

// verifyCMS makes the checks on the cryptographic message.
func (j *job) verifyCMS(c *candidate) {
	if c.cmsErr != nil || c.sd == nil {
		status, sub := StatusFailed, SubFormat
		var unsupported *unsupportedError
		if errors.As(c.cmsErr, &unsupported) {
			status, sub = StatusUnknown, SubGeneric
		}
		if c.cmsErr == nil {
			c.cmsErr = errors.New("no signature could be read")
		}
		c.sig.Integrity = IntegrityUnknown
		if errors.Is(c.cmsErr, errMissing) {
			c.sig.Integrity = IntegrityBroken
			c.check(CheckDigest, StatusFailed, SubHash, "%v", errMissing)
			return
		}
		c.check(CheckCMS, status, sub, "%v", c.cmsErr)
		return
	}
	c.framing()
	c.sig.value = c.si.Signature
	if t, err := c.si.SigningTime(); err == nil {
		c.sig.ClaimedTime = t.UTC()
	}
	o := cms.VerifyOptions{Suites: j.suites, Certificates: j.evidence.certs, Digest: c.digest, Detached: true, Tries: &j.tries}
	if c.si.RawSignedAttrs == nil {
		o.Head, o.Size = j.signedHead(c)
	}
	switch {
	case c.sig.Kind == KindTimestamp:
		c.sig.ClaimedTime = c.token.time()
		c.result = c.token.asCMS()
	case c.subFilter == subSHA1:
		o.Digest, o.Detached = nil, false
	case c.field == nil && c.attached:
		o.Digest, o.Detached = nil, false
	case c.field != nil && c.sd.Attached:
		c.check(CheckCMS, StatusFailed, SubFormat, "a detached signature with content of its own")
	}
	if c.token == nil {
		c.result = c.si.Verify(o)
	}
	if c.subFilter == subSHA1 { // the document itself is digested with it
		c.result.Uses = append(c.result.Uses, pki.Use{Hash: sha1Alg.Name})
	}
	c.leaf = c.result.Signer
	if c.leaf != nil {
		c.sig.Signer, c.sig.certificate = j.describe(c.leaf), c.leaf.Raw
	}
	c.integrity(j)
	c.attributes()
}

// signedHead returns the beginning of what c signs, and its length.
func (j *job) signedHead(c *candidate) (head []byte, size int64) {
	size = j.src.size
	if c.field != nil {
		size = max(0, c.br.gap+c.br.end-c.br.resume)
	}
	head, err := j.src.head()
	if err != nil {
		return nil, 0 // the source keeps the error
	}
	return head[:min(int64(len(head)), size)], size
}

// framing makes the check CheckCMS. Nobody signs the frame of a CMS, so that what
// it lists must agree with what is signed (RFC 5652 §5.1).
func (c *candidate) framing() {
	for _, w := range c.sd.Warnings {
		if w.Code == cms.WarnDigestAlgs {
			c.check(CheckCMS, StatusUnknown, SubSigConstraints, "%s", w)
			return
		}
	}
	c.check(CheckCMS, StatusOK, "", "")
}

// integrity maps the checks of package cms to those of the report. A signature
// that is sound in itself but of other content is told from one that is broken.
func (c *candidate) integrity(j *job) {
	digest := c.result.Check(cms.CheckDigest)
	detail := c.detail(cms.CheckDigest)
	if c.subFilter == subSHA1 || c.sig.Kind == KindTimestamp {
		if s, d := c.innerDigest(); s != pki.OK {
			digest, detail = s, d
		}
	}
	value := c.result.Check(cms.CheckValue)
	sub := SubHash
	switch {
	case c.absent:
		sub, detail = SubSignedDataMissing, "the signed content is not at hand"
	case digest == pki.Failed && value == pki.OK:
		detail = j.say("verify.other-content") + ": " + detail
	}
	valueSub := SubCrypto
	if c.leaf == nil {
		valueSub = SubNoSigner
	}
	c.check(CheckDigest, status(digest), sub, "%s", detail)
	c.check(CheckSignatureValue, status(value), valueSub, "%s", c.detail(cms.CheckValue))
	attrs := c.result.Check(cms.CheckAttributes)
	attrsSub := SubFormat
	if attrs != pki.Failed {
		attrsSub = SubSigConstraints
	}
	c.check(CheckAttributes, status(attrs), attrsSub, "%s", c.detail(cms.CheckAttributes))
	switch {
	case digest == pki.Failed || value == pki.Failed || attrs == pki.Failed:
		c.sig.Integrity = IntegrityBroken
	case digest == pki.OK && value == pki.OK && attrs == pki.OK:
		c.sig.Integrity = IntegrityOK
	default:
		c.sig.Integrity = IntegrityUnknown
	}
	if mixed := c.result.Check(cms.CheckAlgorithms); mixed != pki.OK && mixed != pki.NotChecked {
		c.check(CheckAlgorithms, status(mixed), SubCryptoConstraints, "%s", c.detail(cms.CheckAlgorithms))
	}
	c.signerCheck()
	for _, u := range c.result.Uses {
		if u.Signature != "" {
			c.sig.Algorithm = u.Signature
			if u.Hash != "" {
				c.sig.Algorithm += " with " + u.Hash
			}
		}
	}
}

// signerCheck: the certificate is the one that sid names and, if the attribute
// is there, signing-certificate confirms (RFC 5652 §5.3, RFC 5035 §4).
func (c *candidate) signerCheck() {
	named, bound := c.result.Check(cms.CheckSigner), c.result.Check(cms.CheckSigningCert)
	switch {
	case named != pki.OK || c.leaf == nil:
		c.check(CheckSigner, StatusUnknown, SubNoSigner, "%s", c.detail(cms.CheckSigner))
	case bound == pki.Failed:
		c.check(CheckSigner, StatusFailed, SubSigConstraints, "%s", c.detail(cms.CheckSigningCert))
	case bound == pki.Unknown:
		c.check(CheckSigner, StatusUnknown, SubSigConstraints, "%s", c.detail(cms.CheckSigningCert))
	case bound == pki.NotChecked && (c.subFilter == subCAdES || c.sig.Kind == KindTimestamp):
		// EN 319 142-1 §6.3 and RFC 3161 §2.4.2 demand the attribute.
		c.check(CheckSigner, StatusFailed, SubSigConstraints, "%s", c.detail(cms.CheckSigningCert))
	case bound == pki.NotChecked:
		// Nothing signed says which certificate of the key was meant.
		c.check(CheckSigner, StatusOK, "", "%s", unboundCertificate)
	default:
		c.check(CheckSigner, StatusOK, "", "%s", c.detail(cms.CheckSigningCert))
	}
}

const unboundCertificate = "the signature does not fix the certificate: another one with the same key would fit it as well"

// innerDigest compares what the CMS itself holds about the document:
// messageImprint of a time-stamp, or the SHA-1 that adbe.pkcs7.sha1 signs.
func (c *candidate) innerDigest() (pki.Status, string) {
	alg, want := sha1Alg, c.sd.Content
	if c.token != nil {
		return c.result.Check(tsp.CheckImprint), c.detail(tsp.CheckImprint)
	}
	got, err := c.digest(alg)
	switch {
	case err != nil:
		return pki.Unknown, err.Error()
	case !slices.Equal(got, want):
		return pki.Failed, "the content is not what was signed"
	}
	return pki.OK, ""
}

func (c *candidate) detail(name string) string {
	for _, k := range c.result.Checks {
		if k.Name == name {
			return k.Detail
		}
	}
	return ""
}

func status(s pki.Status) Status {
	switch s {
	case pki.OK:
		return StatusOK
	case pki.Failed:
		return StatusFailed
	}
	return StatusUnknown
}

// order is that of the checks in a report.
var order = []CheckName{CheckStructure, CheckByteRange, CheckCMS, CheckDigest, CheckSignatureValue, CheckSigner,
	CheckAttributes, CheckAlgorithms, CheckTimestamp, CheckContentStamp, CheckArchiveStamp, CheckChain, CheckRevocation, CheckTime, CheckQualified, CheckChanges, CheckSeedValue}

func (c *candidate) arrange() {
	slices.SortStableFunc(c.sig.Checks, func(a, b Check) int {
		return slices.Index(order, a.Name) - slices.Index(order, b.Name)
	})
}

// changes compares the document with what was signed.
func (p *pdfJob) changes(ctx context.Context, c *candidate) permissions {
	rev := c.br.revision
	if rev == nil {
		c.sig.Changes = ChangesUnknown
		c.check(CheckChanges, StatusUnknown, SubFormat, "no revision is covered")
		return permissions{}
	}
	perms, err := readPermissions(rev, c.field)
	opts := p.inForce(perms.Demands)
	if err != nil {
		c.sig.Changes = ChangesUnknown
		c.check(CheckChanges, StatusUnknown, SubFormat, "%v", err)
		return perms
	}
	if perms.certify {
		c.sig.DocMDP = perms.DocMDP
	}
	p.difference(ctx, c, rev, opts)
	return perms
}
