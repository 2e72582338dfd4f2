package pki

import (
	"errors"
	"slices"
)

// policyNode is a node of the valid policy graph (RFC 5280 §6.1.2 (a) as
// RFC 9618 rewrites it): one node for a policy at each depth, several parents.
type policyNode struct {
	policy   OID
	expected []OID
	parents  []*policyNode
}

// policyState is the part of the path validation state that is about policies
// (RFC 5280 §6.1.2 (a), (d) to (f)).
type policyState struct {
	level                                []*policyNode // depth i-1; empty: the graph is NULL
	explicit, inhibitMapping, inhibitAny int
}

// maxPolicyNodes bounds one level of the graph. With one node for a policy it
// takes certificates with as many policies to get there.
const maxPolicyNodes = 2000

var (
	errPolicy        = errors.New("no valid policy where one is required")
	errPolicyMapping = errors.New("anyPolicy in policy mappings")
)

// newPolicyState starts a path of n certificates below the anchor.
func newPolicyState(n int, requirePolicy bool) *policyState {
	s := &policyState{
		level:    []*policyNode{{policy: oidAnyPolicy, expected: []OID{oidAnyPolicy}}},
		explicit: n + 1, inhibitMapping: n + 1, inhibitAny: n + 1,
	}
	if requirePolicy {
		s.explicit = 0
	}
	return s
}

func find(level []*policyNode, policy OID) *policyNode {
	for _, n := range level {
		if n.policy == policy {
			return n
		}
	}
	return nil
}

// certificate is RFC 5280 §6.1.3 (d) to (f).
func (s *policyState) certificate(c *Certificate, last bool) error {
	var next []*policyNode
	if c.Policies != nil && len(s.level) > 0 {
		byExpected := map[OID][]*policyNode{}
		for _, n := range s.level {
			for _, e := range n.expected {
				byExpected[e] = append(byExpected[e], n)
			}
		}
		anyParent := find(s.level, oidAnyPolicy)
		for _, p := range c.Policies { // (d)(1)
			if p == oidAnyPolicy {
				continue
			}
			parents := byExpected[p]
			if len(parents) == 0 && anyParent != nil {
				parents = []*policyNode{anyParent}
			}
			if len(parents) > 0 {
				next = append(next, &policyNode{policy: p, expected: []OID{p}, parents: parents})
			}
		}
		if slices.Contains(c.Policies, oidAnyPolicy) && (s.inhibitAny > 0 || !last && c.SelfIssued()) { // (d)(2)
			present := map[OID]bool{}
			for _, n := range next {
				present[n.policy] = true
			}
			for _, n := range s.level {
				for _, e := range n.expected {
					if !present[e] && len(next) < maxPolicyNodes {
						present[e] = true
						next = append(next, &policyNode{policy: e, expected: []OID{e}, parents: byExpected[e]})
					}
				}
			}
		}
	}
	s.level = next // (e), and (d)(3): nodes without children are never looked at again
	if s.explicit == 0 && len(s.level) == 0 {
		return errPolicy // (f)
	}
	return nil
}

// next is RFC 5280 §6.1.4 (a), (b), (h) to (j), after an intermediate.
func (s *policyState) next(c *Certificate) error {
	targets := map[OID][]OID{}
	var order []OID
	for _, m := range c.PolicyMappings {
		if m.Issuer == oidAnyPolicy || m.Subject == oidAnyPolicy {
			return errPolicyMapping
		}
		if targets[m.Issuer] == nil {
			order = append(order, m.Issuer)
		}
		targets[m.Issuer] = append(targets[m.Issuer], m.Subject)
	}
	for _, id := range order {
		n := find(s.level, id)
		switch {
		case s.inhibitMapping == 0:
			s.level = slices.DeleteFunc(s.level, func(n *policyNode) bool { return n.policy == id })
		case n != nil:
			n.expected = targets[id]
		default:
			if a := find(s.level, oidAnyPolicy); a != nil {
				s.level = append(s.level, &policyNode{policy: id, expected: targets[id], parents: a.parents})
			}
		}
	}
	if !c.SelfIssued() {
		s.explicit, s.inhibitMapping, s.inhibitAny = dec(s.explicit), dec(s.inhibitMapping), dec(s.inhibitAny)
	}
	pc := c.PolicyConstraints
	if pc.HasRequireExplicit {
		s.explicit = min(s.explicit, pc.RequireExplicit)
	}
	if pc.HasInhibitMapping {
		s.inhibitMapping = min(s.inhibitMapping, pc.InhibitMapping)
	}
	if pc.HasInhibitAny {
		s.inhibitAny = min(s.inhibitAny, pc.InhibitAny)
	}
	return nil
}

func dec(n int) int { return max(n-1, 0) }

// finish is RFC 5280 §6.1.5 (a), (b), (g): it returns the policies under which
// the path is valid, out of those the caller accepts; none accepted means any.
func (s *policyState) finish(c *Certificate, accepted []OID) ([]OID, error) {
	s.explicit = dec(s.explicit)
	if pc := c.PolicyConstraints; pc.HasRequireExplicit && pc.RequireExplicit == 0 {
		s.explicit = 0
	}
	var out []OID
	for _, n := range s.level {
		if !n.acceptable(accepted) {
			continue
		}
		if n.policy == oidAnyPolicy && len(accepted) > 0 {
			for _, a := range accepted {
				if !slices.Contains(out, a) {
					out = append(out, a)
				}
			}
			continue
		}
		if !slices.Contains(out, n.policy) {
			out = append(out, n.policy)
		}
	}
	if s.explicit == 0 && len(out) == 0 {
		return nil, errPolicy
	}
	return out, nil
}

// acceptable reports whether the node stems from a policy in the authority's
// own terms (a child of anyPolicy) that is accepted. The depth of recursion is
// the length of the path.
func (n *policyNode) acceptable(accepted []OID) bool {
	if len(accepted) == 0 || n.policy == oidAnyPolicy {
		return true
	}
	for _, p := range n.parents {
		if p.policy == oidAnyPolicy {
			if slices.Contains(accepted, n.policy) {
				return true
			}
		} else if p.acceptable(accepted) {
			return true
		}
	}
	return false
}
