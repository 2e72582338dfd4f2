package pki

import (
	"fmt"
	"slices"
	"time"
)

// Ranks order outcomes; the best one found is what Validate returns.
const (
	rankNoPath = iota
	rankUnknownAlgorithm
	rankBroken
	rankOutOfBounds
	rankRevokedCA
	rankWeak
	rankRevocationUnknown
	rankRevoked // of the leaf: final, another path does not undo it
	rankGood
)

// keep remembers the outcome of an incomplete path.
func (v *validation) keep(path []*Certificate, p *problem) {
	rank := rankNoPath
	if p.chain == ChainUnknown {
		rank = rankUnknownAlgorithm
	}
	// A longer attempt tells the reader more.
	if rank > v.bestRank || rank == v.bestRank && len(path) > len(v.best.Path) {
		v.set(rank, PathResult{Chain: p.chain, SubIndication: p.sub, Reason: p.reason, Path: path, Revocation: v.unasked()})
	}
}

func (v *validation) set(rank int, r PathResult) {
	r.Path = slices.Clone(r.Path)
	v.best, v.bestRank = &r, rank
}

// judge validates a complete path; true ends the search.
func (v *validation) judge(path []*Certificate) bool {
	v.paths++
	r := PathResult{Path: path, Revocation: v.unasked()}
	for i := 0; i+1 < len(path); i++ {
		r.Uses = append(r.Uses, v.edge(path[i], path[i+1]).use)
	}
	policies, p := v.rules(path)
	rank := rankBroken
	if p == nil {
		r.Policies = policies
		rank, p = v.evidence(&r)
	} else if p.sub == OutOfBoundsNoPOE || p.sub == NotYetValid {
		rank = rankOutOfBounds
	}
	r.Chain = ChainTrusted
	if p != nil {
		r.Chain, r.SubIndication, r.Reason = p.chain, p.sub, p.reason
	}
	if rank > v.bestRank {
		v.set(rank, r)
	}
	return rank >= rankRevoked || v.paths >= maxPaths
}

// evidence applies the dated policy and the revocation check to a path that
// passes the rules of RFC 5280.
func (v *validation) evidence(r *PathResult) (int, *problem) {
	for _, u := range r.Uses {
		r.Weak = append(r.Weak, v.o.Algorithms.Weak(u, v.o.At)...)
	}
	var revoked, unknown *problem
	caRevoked := false
	switch {
	case len(r.Path) == 1: // RFC 5280 §6.1: trust in an anchor is not asked about
		r.Revocation = RevocationNotAsked
	case v.o.Revocation == RevocationRequire:
		r.Revocation = RevocationGood
		for i := len(r.Path) - 2; i >= 0; i-- {
			s := v.status(r.Path[i], r.Path[i+1:])
			r.Statuses = append(r.Statuses, s)
			switch s.Status {
			case RevocationGood:
			case RevocationRevoked:
				sub := RevokedNoPOE
				if caRevoked = i > 0; caRevoked {
					sub = RevokedCANoPOE
				}
				revoked = &problem{ChainTrusted, sub, fmt.Sprintf("%q was revoked on %s", r.Path[i].describe(), s.RevokedAt.Format(time.RFC3339))}
			default:
				if unknown == nil {
					unknown = &problem{ChainTrusted, TryLater, fmt.Sprintf("%q: %s", r.Path[i].describe(), s.Detail)}
				}
			}
			if revoked != nil {
				break // what a revoked authority says about those below means nothing
			}
		}
		slices.Reverse(r.Statuses)
	}
	switch {
	case revoked != nil:
		r.Revocation = RevocationRevoked
		if caRevoked {
			return rankRevokedCA, revoked
		}
		return rankRevoked, revoked
	case len(r.Weak) > 0:
		if unknown != nil {
			r.Revocation = RevocationUnknown
		}
		return rankWeak, &problem{ChainUnknown, CryptoConstraintsFailureNoPOE, r.Weak[0].String()}
	case unknown != nil:
		r.Revocation = RevocationUnknown
		return rankRevocationUnknown, unknown
	}
	return rankGood, nil
}

// rules is RFC 5280 §6.1 without revocation, for a path leaf first whose
// signatures have been checked. The first rule broken, seen from the anchor,
// is returned.
func (v *validation) rules(path []*Certificate) ([]OID, *problem) {
	leaf, anchor := path[0], path[len(path)-1]
	if len(path) > 1 {
		if p := v.anchorRules(anchor); p != nil {
			return nil, p
		}
	}
	n := len(path) - 1
	if n == 0 {
		n = 1 // the leaf itself is an anchor: it is still held to its own words
	}
	policies := newPolicyState(n, v.o.RequirePolicy)
	maxPath := n
	if b := anchor.BasicConstraints; b != nil && b.PathLen >= 0 && len(path) > 1 {
		maxPath = min(maxPath, b.PathLen)
	}
	var constraints []*NameConstraints
	if len(path) > 1 && anchor.NameConstraints != nil {
		constraints = append(constraints, anchor.NameConstraints)
	}
	for i := n - 1; i >= 0; i-- {
		c := path[i]
		if p := v.inValidity(c); p != nil {
			return nil, p
		}
		if p := understood(c); p != nil {
			return nil, p
		}
		last := i == 0
		if last || !c.SelfIssued() { // §6.1.3 (b), (c)
			for _, nc := range constraints {
				if err := checkNameConstraints(nc, c); err != nil {
					return nil, untrusted(ChainConstraintsFailure, "%q: name constraints: %v", c.describe(), err)
				}
			}
		}
		if err := policies.certificate(c, last); err != nil {
			return nil, untrusted(ChainConstraintsFailure, "%q: %v", c.describe(), err)
		}
		if last {
			break
		}
		if p := mayIssue(c); p != nil {
			return nil, p
		}
		if !c.SelfIssued() { // §6.1.4 (l)
			if maxPath <= 0 {
				return nil, untrusted(ChainConstraintsFailure, "%q: longer than a path length constraint allows", c.describe())
			}
			maxPath--
		}
		if b := c.BasicConstraints; b.PathLen >= 0 { // (m)
			maxPath = min(maxPath, b.PathLen)
		}
		if c.NameConstraints != nil { // (g)
			constraints = append(constraints, c.NameConstraints)
		}
		if err := policies.next(c); err != nil {
			return nil, untrusted(ChainConstraintsFailure, "%q: %v", c.describe(), err)
		}
	}
	valid, err := policies.finish(leaf, v.o.Policies)
	if err != nil {
		return nil, untrusted(ChainConstraintsFailure, "%v", err)
	}
	if len(v.o.Policies) > 0 && len(valid) == 0 {
		return nil, untrusted(ChainConstraintsFailure, "none of the accepted certificate policies")
	}
	return valid, v.leafUsage(leaf)
}

// anchorRules holds an anchor to what it says itself. A version 1 certificate
// has no extensions and is taken as an authority for being an anchor.
func (v *validation) anchorRules(a *Certificate) *problem {
	if !v.o.IgnoreAnchorValidity {
		if p := v.inValidity(a); p != nil {
			return p
		}
	}
	if a.KeyUsage != 0 && a.KeyUsage&UsageCertSign == 0 {
		return untrusted(ChainConstraintsFailure, "%q: anchor's key usage excludes signing certificates", a.describe())
	}
	if b := a.BasicConstraints; b != nil && !b.CA || b == nil && a.Version == 3 && len(a.Extensions) > 0 {
		return untrusted(ChainConstraintsFailure, "%q: anchor is not an authority", a.describe())
	}
	return nil
}

func (v *validation) inValidity(c *Certificate) *problem {
	switch {
	case v.o.At.Before(c.NotBefore):
		return untrusted(NotYetValid, "%q is valid from %s", c.describe(), c.NotBefore.Format(time.RFC3339))
	case v.o.At.After(c.NotAfter):
		return untrusted(OutOfBoundsNoPOE, "%q was valid until %s", c.describe(), c.NotAfter.Format(time.RFC3339))
	}
	return nil
}

// understood is §6.1.4 (o), §6.1.5 (f): every critical extension is processed,
// and every extension that decides something could be read.
func understood(c *Certificate) *problem {
	if len(c.UnknownCritical) > 0 {
		return untrusted(ChainConstraintsFailure, "%q: critical extension %s is not supported", c.describe(), c.UnknownCritical[0])
	}
	for _, oid := range c.Malformed {
		x, _ := c.Extension(oid)
		if x.Critical || deciding[oid] {
			return untrusted(ChainConstraintsFailure, "%q: extension %s is malformed", c.describe(), oid)
		}
	}
	return nil
}

// deciding lists the extensions whose content decides over a path even if they
// are not critical.
var deciding = map[OID]bool{
	oidExtBasicConstraints: true, oidExtKeyUsage: true, oidExtEKU: true, oidExtNameConstraints: true,
	oidExtPolicies: true, oidExtPolicyMappings: true, oidExtPolicyConstraints: true, oidExtInhibitAnyPolicy: true,
	oidExtCRLDP: true, oidExtKeyPeriod: true,
}

// mayIssue is §6.1.4 (k), (n).
func mayIssue(c *Certificate) *problem {
	if c.BasicConstraints == nil || !c.BasicConstraints.CA {
		return untrusted(ChainConstraintsFailure, "%q is not an authority", c.describe())
	}
	if c.KeyUsage != 0 && c.KeyUsage&UsageCertSign == 0 {
		return untrusted(ChainConstraintsFailure, "%q may not sign certificates", c.describe())
	}
	return nil
}

// leafUsage checks what the caller asked of the leaf.
func (v *validation) leafUsage(c *Certificate) *problem {
	if v.o.KeyUsage != 0 && c.KeyUsage != 0 && c.KeyUsage&v.o.KeyUsage == 0 {
		return untrusted(ChainConstraintsFailure, "%q: key usage does not allow it", c.describe())
	}
	if len(v.o.ExtKeyUsage)+len(v.o.ExtKeyUsageUnder) == 0 {
		return nil
	}
	if c.ExtKeyUsage == nil {
		if v.o.RequireEKU {
			return untrusted(ChainConstraintsFailure, "%q has no extended key usage", c.describe())
		}
		return nil
	}
	for _, u := range c.ExtKeyUsage {
		if slices.Contains(v.o.ExtKeyUsage, u) || u == EKUAny && !v.o.RequireEKU || slices.ContainsFunc(v.o.ExtKeyUsageUnder, u.Under) {
			return nil
		}
	}
	return untrusted(ChainConstraintsFailure, "%q: extended key usage does not allow it", c.describe())
}
