package verify

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
)

// pathOptions are those of all questions about paths; At is missing.
func (j *job) pathOptions() pki.PathOptions {
	o := pki.PathOptions{
		Suites: j.suites, Anchors: j.opts.Trust.anchors(), Intermediates: j.evidence.intermediates(),
		Now: j.report.ValidationTime, Algorithms: j.policy,
		CRLs: j.evidence.crls, OCSPs: j.evidence.ocsps, Effort: j.effort,
	}
	if j.opts.Fetcher != nil {
		o.Fetcher = j.opts.Fetcher
	}
	if j.opts.RevocationNoneUnsafe {
		o.Revocation = pki.RevocationSkipUnsafe
	}
	return o
}

// validate asks about the certificate of a signature, for the time at which the
// signature is proven to have existed, else for the present. The same question
// is asked once.
func (j *job) validate(ctx context.Context, leaf *pki.Certificate, at time.Time, proven bool) pki.PathResult {
	key := pathKey{leaf.Fingerprint(), at.UnixNano()}
	if r, ok := j.paths[key]; ok {
		return r
	}
	question := j.question(leaf)
	if r, ok := j.chain(question, at); ok && !proven {
		return r
	}
	o := j.pathOptions()
	o.At = at
	// EN 319 102-1 leaves key usages to a policy; both bits are in use for documents.
	o.KeyUsage = pki.UsageDigitalSignature | pki.UsageContentCommitment
	o.ExtKeyUsage, o.ExtKeyUsageUnder = documentPurposes, documentArcs
	r := pki.Validate(ctx, leaf, o)
	if proven && r.Valid() && ended(r.Path, o.Now) {
		// What has ended since must have been provable while it lasted.
		past := pki.ValidatePast(ctx, leaf, o, &j.evidence.proofs)
		if past.Chain != pki.ChainTrusted || at.After(past.ControlTime) {
			r.Chain, r.SubIndication, r.Reason = pki.ChainUnknown, pki.NoPOE, past.Reason
			if past.Chain == pki.ChainTrusted {
				r.Reason = "the chain is not proven to have been valid after " + past.ControlTime.Format(time.RFC3339)
			}
		}
	}
	j.paths[key] = r
	if !proven {
		j.keepChain(question, at, r)
	}
	return r
}

// question names what decides about a chain from leaf: the certificate and those
// that came with it. A document whose own certificates are damaged must not pass
// because another one's were sound.
func (j *job) question(leaf *pki.Certificate) (key [32]byte) {
	if !j.keep {
		return key
	}
	h := sha256.New()
	add := func(c *pki.Certificate) {
		sum := c.Fingerprint()
		h.Write(sum[:])
	}
	add(leaf)
	for _, c := range j.evidence.certs {
		add(c)
	}
	h.Sum(key[:0])
	return key
}

// ended reports whether a certificate below the anchor is no longer valid.
func ended(path []*pki.Certificate, now time.Time) bool {
	for i := 0; i+1 < len(path); i++ {
		if now.After(path[i].NotAfter) {
			return true
		}
	}
	return false
}

type pathKey struct {
	leaf [32]byte
	at   int64
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

// chainFacts writes what path validation found into the signature.
func (c *candidate) chainFacts(r pki.PathResult) {
	sub := SubIndication(r.SubIndication)
	c.sig.path = r.Path
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
		detail := "not asked"
		if r.Chain == pki.ChainTrusted && len(r.Path) == 1 {
			detail += ": the certificate is itself a trust anchor"
		}
		c.check(CheckRevocation, StatusNotApplicable, "", "%s", detail)
	default:
		c.sig.Revocation = RevocationUnknown
		reason := SubTryLater
		if r.Chain != pki.ChainTrusted {
			reason = chainReason(sub)
		}
		c.check(CheckRevocation, StatusUnknown, reason, "%s", r.Reason)
	}
}
