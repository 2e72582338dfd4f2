package verify

import (
	"context"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

// usage is what a certificate must be allowed to do.
type usage int

const (
	usageSign usage = iota
	usageTimestamp
)

// validate asks package pki about a certificate at a time. The same question is
// asked once.
func (j *job) validate(ctx context.Context, leaf *pki.Certificate, at time.Time, u usage) pki.PathResult {
	key := pathKey{leaf.Fingerprint(), at.UnixNano(), u}
	if r, ok := j.paths[key]; ok {
		return r
	}
	o := pki.PathOptions{
		Suites: j.suites, Anchors: j.opts.Trust.anchors(), Intermediates: j.evidence.certs,
		At: at, Now: j.report.ValidationTime, Algorithms: j.policy,
		CRLs: j.evidence.crls, OCSPs: j.evidence.ocsps,
	}
	if j.opts.Fetcher != nil {
		o.Fetcher = j.opts.Fetcher
	}
	if j.opts.RevocationNoneUnsafe {
		o.Revocation = pki.RevocationSkipUnsafe
	}
	switch u {
	case usageTimestamp: // RFC 3161 §2.3
		o.ExtKeyUsage, o.RequireEKU = []pki.OID{pki.EKUTimeStamping}, true
		o.KeyUsage = pki.UsageDigitalSignature | pki.UsageContentCommitment
	default:
		// EN 319 102-1 leaves it to a policy; both bits are in use for documents.
		o.KeyUsage = pki.UsageDigitalSignature | pki.UsageContentCommitment
	}
	r := pki.Validate(ctx, leaf, o)
	j.paths[key] = r
	return r
}

type pathKey struct {
	leaf [32]byte
	at   int64
	use  usage
}

// weak names the first algorithm not to be relied on at a time, or "".
func (j *job) weak(uses []pki.Use, at time.Time) string {
	for _, u := range uses {
		if list := j.policy.Weak(u, at); len(list) > 0 {
			return list[0].String()
		}
	}
	return ""
}

// worstCheck returns the first failed check of a CMS, else the first unknown.
func worstCheck(r cms.Result) (string, Status) {
	name, status := "not checked", StatusUnknown
	if r.Status() == pki.OK && r.Signer != nil {
		return "", StatusOK
	}
	for _, c := range r.Checks {
		switch c.Status {
		case pki.Failed:
			return c.Name + ": " + c.Detail, StatusFailed
		case pki.Unknown:
			name = c.Name + ": " + c.Detail
		}
	}
	return name, status
}

// chainFacts writes what path validation found into the signature.
func (c *candidate) chainFacts(r pki.PathResult) {
	sub := SubIndication(r.SubIndication)
	switch r.Chain {
	case pki.ChainTrusted:
		c.sig.Chain = ChainTrusted
		c.check(CheckChain, StatusOK, "", "")
	case pki.ChainUntrusted:
		c.sig.Chain = ChainUntrusted
		c.check(CheckChain, StatusFailed, chainReason(sub), "%s", r.Reason)
	default:
		c.sig.Chain = ChainUnknown
		c.check(CheckChain, StatusUnknown, chainReason(sub), "%s", r.Reason)
	}
	c.revocationFacts(r, sub)
}

// chainReason makes sure that a chain that fails is never taken for final by
// its reason alone: without proof of the time nothing about it is (EN 319 102-1
// table 6).
func chainReason(sub SubIndication) SubIndication {
	switch sub {
	case "":
		return SubNoChain
	case SubExpired:
		return SubOutOfBoundsNoPOE
	}
	return sub
}

func (c *candidate) revocationFacts(r pki.PathResult, sub SubIndication) {
	switch r.Revocation {
	case pki.RevocationGood:
		c.sig.Revocation = RevocationGood
		c.check(CheckRevocation, StatusOK, "", "")
	case pki.RevocationRevoked:
		c.sig.Revocation = RevocationRevoked
		// Revoked before the proven time: nothing can mend it. Without proof the
		// signature may have been made before.
		if !c.proven.IsZero() && sub == SubRevokedNoPOE {
			sub = SubRevoked
		}
		c.check(CheckRevocation, StatusFailed, sub, "%s", r.Reason)
	case pki.RevocationNotAsked:
		c.sig.Revocation = RevocationNotAsked
		c.check(CheckRevocation, StatusNotApplicable, "", "not asked")
	default:
		c.sig.Revocation = RevocationUnknown
		reason := SubTryLater
		if r.Chain != pki.ChainTrusted {
			reason = chainReason(sub)
		}
		c.check(CheckRevocation, StatusUnknown, reason, "%s", r.Reason)
	}
}
