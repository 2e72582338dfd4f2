package pki

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"
)

// Proofs says since when objects are proven to exist (EN 319 102-1 §5.6.2.3):
// signatures, certificates, CRLs, OCSP responses, by their bytes. Everything
// exists now, so an object without a proof counts from the present. A nil
// *Proofs is empty.
type Proofs struct {
	since map[[sha256.Size]byte]time.Time
}

// Add records that object existed at t. Only a time-stamp that was itself
// validated proves anything.
func (p *Proofs) Add(object []byte, t time.Time) { p.AddDigest(sha256.Sum256(object), t) }

// AddDigest is Add for an object of which the SHA-256 is known.
func (p *Proofs) AddDigest(sum [sha256.Size]byte, t time.Time) {
	if p.since == nil {
		p.since = map[[sha256.Size]byte]time.Time{}
	}
	if old, ok := p.since[sum]; !ok || t.Before(old) {
		p.since[sum] = t
	}
}

// Since returns the earliest proven time.
func (p *Proofs) Since(object []byte) (time.Time, bool) {
	if p == nil {
		return time.Time{}, false
	}
	t, ok := p.since[sha256.Sum256(object)]
	return t, ok
}

// by returns the earliest time the object is known to have existed, the
// present if there is no proof.
func (p *Proofs) by(object []byte, now time.Time) time.Time {
	if t, ok := p.Since(object); ok && t.Before(now) {
		return t
	}
	return now
}

// PastResult is the outcome of ValidatePast.
type PastResult struct {
	PathResult
	// ControlTime is the latest time for which the chain's validity is
	// ascertained. A signature proven to exist by then may be relied on.
	ControlTime time.Time
}

// ValidatePast is past certificate validation with time sliding (EN 319 102-1
// §5.6.2.1, §5.6.2.2): could the certificate be relied on at some time in the
// past, given proofs of existence for it and its revocation evidence? o.Now is
// required, o.At is ignored.
//
// Chain is ChainTrusted if a control time was found; then the signature is good
// if its own proof of existence is not after ControlTime. NO_POE means that
// proofs are missing.
func ValidatePast(ctx context.Context, leaf *Certificate, o PathOptions, proofs *Proofs) PastResult {
	if o.Now.IsZero() {
		return PastResult{PathResult: PathResult{Chain: ChainUnknown, SubIndication: NoPOE, Reason: "no present time"}}
	}
	// A time at which the whole chain is inside its validity: the latest there
	// is. The chain itself does not depend on it.
	o.At = o.Now
	if leaf.NotAfter.Before(o.At) {
		o.At = leaf.NotAfter
	}
	policy := o.Algorithms
	if policy == nil {
		policy = DefaultPolicy()
	}
	mode := o.Revocation
	o.Algorithms, o.Revocation = Policy{}, RevocationSkipUnsafe // both are judged while sliding
	r := PastResult{PathResult: Validate(ctx, leaf, o)}
	if r.SubIndication == OutOfBoundsNoPOE { // an authority that ended before the leaf
		for _, c := range r.Path {
			if c.NotAfter.Before(o.At) {
				o.At = c.NotAfter
			}
		}
		r = PastResult{PathResult: Validate(ctx, leaf, o)}
	}
	if r.Chain != ChainTrusted {
		return r
	}
	o.Algorithms, o.Revocation = policy, mode
	v := newValidation(ctx, o)
	control, p := v.slide(&r.PathResult, proofs)
	if p != nil {
		r.Chain, r.SubIndication, r.Reason = p.chain, p.sub, p.reason
		return r
	}
	r.ControlTime = control
	return r
}

// slide is §5.6.2.2.4: from the anchor down to the leaf, the control time moves
// back to where revocation, freshness and algorithms stop being in doubt.
func (v *validation) slide(r *PathResult, proofs *Proofs) (time.Time, *problem) {
	control := v.o.Now
	asked := v.o.Revocation == RevocationRequire && len(r.Path) > 1
	if asked {
		r.Revocation = RevocationGood
		r.Statuses = make([]CertStatus, len(r.Path)-1)
	}
	for i := len(r.Path) - 2; i >= 0; i-- {
		c := r.Path[i]
		if proofs.by(c.Raw, v.now).After(control) {
			return control, &problem{ChainUnknown, NoPOE, fmt.Sprintf("no proof that %q existed by %s", c.describe(), control.Format(time.RFC3339))}
		}
		if asked {
			s := v.pastStatus(c, r.Path[i+1:], control, proofs)
			r.Statuses[i] = s
			switch {
			case s.Status == RevocationUnknown:
				r.Revocation = RevocationUnknown
				return control, &problem{ChainUnknown, NoPOE, fmt.Sprintf("%q: %s", c.describe(), s.Detail)}
			case s.Status == RevocationRevoked || s.Later:
				if s.RevokedAt.Before(control) {
					control = s.RevokedAt
				}
			case s.Source != "exempt" && (s.NextUpdate.IsZero() || s.NextUpdate.Before(control)) && s.ThisUpdate.Before(control):
				control = s.ThisUpdate
			}
		}
		for _, w := range v.o.Algorithms.Weak(r.Uses[i], control) {
			if w.Rule.Until.Before(control) || w.Rule.Until.Equal(control) {
				control = w.Rule.Until.Add(-time.Second)
				r.Weak = append(r.Weak, w)
			}
		}
		if c.NotAfter.Before(control) {
			control = c.NotAfter
		}
		if control.Before(c.NotBefore) {
			return control, untrusted(NotYetValid, "%q was not valid yet at the control time %s", c.describe(), control.Format(time.RFC3339))
		}
	}
	return control, nil
}

// pastStatus finds revocation evidence about c that is proven to have existed
// by the control time. Evidence issued before the certificate's end counts for
// the time it was issued (§5.6.2.2.4 step 2 a).
func (v *validation) pastStatus(c *Certificate, above []*Certificate, control time.Time, proofs *Proofs) CertStatus {
	if c.exempt() {
		return CertStatus{Status: RevocationGood, Source: "exempt"}
	}
	best := CertStatus{Status: RevocationUnknown, Detail: "no revocation evidence proven to exist by " + control.Format(time.RFC3339)}
	ask := func(raw []byte, this time.Time, crls []*CRL, ocsps []*OCSPResponse) {
		if this.After(control) || proofs.by(raw, v.now).After(control) {
			return
		}
		o := v.o
		o.At, o.CRLs, o.OCSPs, o.Fetcher = this, crls, ocsps, nil
		s := newValidation(v.ctx, o)
		s.now = v.now
		got := s.status(c, above)
		switch {
		case got.Status == RevocationUnknown:
			if best.Status == RevocationUnknown && best.Evidence == nil {
				best.Detail = got.Detail
			}
		case best.Status == RevocationRevoked:
		case got.Status == RevocationRevoked, best.Status == RevocationUnknown, got.ThisUpdate.After(best.ThisUpdate):
			best = got
		}
	}
	for _, l := range v.o.CRLs {
		if l.BaseNumber == nil {
			ask(l.Raw, l.ThisUpdate, append([]*CRL{l}, deltas(v.o.CRLs)...), nil)
		}
	}
	for _, r := range v.o.OCSPs {
		for _, s := range r.Responses {
			if ok, err := s.ID.Matches(c, above[0], v.o.Suites); ok && err == nil {
				ask(r.Raw, s.ThisUpdate, v.o.CRLs, []*OCSPResponse{r})
			}
		}
	}
	return best
}

func deltas(lists []*CRL) []*CRL {
	var out []*CRL
	for _, l := range lists {
		if l.BaseNumber != nil {
			out = append(out, l)
		}
	}
	return out
}
