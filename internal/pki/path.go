package pki

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// RevocationMode says what is asked about revocation. The zero value asks.
type RevocationMode uint8

// Modes of RevocationMode.
const (
	// RevocationRequire wants a good answer for every certificate below the
	// anchor; without one the outcome is unknown.
	RevocationRequire RevocationMode = iota
	// RevocationSkipUnsafe does not ask, and the result says so.
	RevocationSkipUnsafe
)

// PathOptions says what to validate against.
type PathOptions struct {
	Suites        *Suites // nil: DefaultSuites(), made anew on every call
	Anchors       *Pool   // trusted whatever they say; nil or empty: nothing is trusted
	Intermediates *Pool   // candidates only, never trusted for being here

	// At is the time the question is about: the proven signing time or, without
	// proof, the present. Zero is an error (ChainUnknown).
	At time.Time
	// Now is the present; evidence may be from any time up to it. Zero: At.
	Now time.Time

	KeyUsage    KeyUsage // one of these bits must be in the leaf's key usage, if it has one
	ExtKeyUsage []OID    // one of these must be in the leaf's EKU, if it has one
	// ExtKeyUsageUnder holds arcs: what lies under them is as good.
	ExtKeyUsageUnder []OID
	// RequireEKU makes the extension mandatory; anyExtendedKeyUsage doesn't count.
	RequireEKU bool

	Policies      []OID // acceptable certificate policies; none: any
	RequirePolicy bool  // initial-explicit-policy of RFC 5280 §6.1.1

	// Algorithms is the dated policy; nil: DefaultPolicy(). An empty one
	// accepts everything.
	Algorithms Policy

	Revocation RevocationMode
	CRLs       []*CRL
	OCSPs      []*OCSPResponse
	// Fetcher gets what is missing; nil: nothing leaves the machine.
	Fetcher Fetcher
	// Rand makes the nonces of OCSP requests; nil: crypto/rand.Reader.
	Rand io.Reader

	// Effort bounds this and other validations together; nil: one of its own.
	Effort *Effort

	// IgnoreAnchorValidity accepts anchors outside their own validity, as RFC
	// 5280 §6.1.1 (d) would: trust was put in a key, not in a period.
	IgnoreAnchorValidity bool
}

// PathResult is the outcome of Validate. The zero value says that nothing was
// checked.
type PathResult struct {
	Chain         ChainStatus
	Revocation    RevocationStatus
	SubIndication SubIndication // what stands in the way; "" if nothing does
	Reason        string        // the same for a reader
	// Path is the path that was judged, leaf first, anchor last; if no path
	// reaches an anchor, as far as it went.
	Path     []*Certificate
	Statuses []CertStatus // revocation of Path[i]; empty if not asked
	Policies []OID        // policies the path is valid under
	Uses     []Use        // algorithms of the signatures on the path
	Weak     []Weakness   // those that the dated policy objects to at At
}

// Valid reports whether the chain is trusted and nothing on it is revoked or
// of unknown status. A skipped revocation check counts as "not asked", which
// is for the caller to weigh.
func (r PathResult) Valid() bool {
	return r.Chain == ChainTrusted && r.SubIndication == "" &&
		(r.Revocation == RevocationGood || r.Revocation == RevocationNotAsked)
}

// Bounds on the search. Real paths have up to 5 certificates; bridge and
// cross-certified authorities need some tens of signature checks. A set of
// certificates made to explode the search stops here, with ChainUnknown.
const (
	maxPathLength      = 12
	maxSignatureChecks = 300
	maxSteps           = 2000 // certificates visited, with repetition
	maxPaths           = 50   // complete paths judged
	maxFetches         = 20
)

var errSearchLimit = errors.New("search for a path stopped at its limit")

// problem is why a path is not good.
type problem struct {
	chain  ChainStatus
	sub    SubIndication
	reason string
}

func untrusted(sub SubIndication, format string, args ...any) *problem {
	return &problem{ChainUntrusted, sub, fmt.Sprintf(format, args...)}
}

// validation is one call of Validate.
type validation struct {
	ctx       context.Context
	o         PathOptions
	checks    int
	paths     int
	steps     int
	fetches   int
	limit     bool
	now       time.Time
	fetched   *Pool
	fetchedBy map[string]bool
	lists     map[string]*CRL
	best      *PathResult
	bestRank  int
	depth     int // of revocation checks about revocation evidence
}

type edge struct {
	use Use
	err error
}

// Validate looks for a path from leaf to an anchor and validates it (RFC 5280
// §6), trying all candidates until a path passes. The best path found decides.
// It never returns an error: what could not be found out is in the result.
func Validate(ctx context.Context, leaf *Certificate, o PathOptions) PathResult {
	v := newValidation(ctx, o)
	return v.run(leaf)
}

func newValidation(ctx context.Context, o PathOptions) *validation {
	if o.Suites == nil {
		o.Suites = DefaultSuites()
	}
	if o.Algorithms == nil {
		o.Algorithms = DefaultPolicy()
	}
	if o.Effort == nil {
		o.Effort = NewEffort()
	}
	v := &validation{ctx: ctx, o: o, now: o.Now,
		fetched: NewPool(), fetchedBy: map[string]bool{}, lists: map[string]*CRL{}}
	if v.now.IsZero() {
		v.now = o.At
	}
	return v
}

func (v *validation) run(leaf *Certificate) PathResult {
	if v.o.At.IsZero() {
		return PathResult{Chain: ChainUnknown, SubIndication: NoPOE, Reason: "no validation time", Path: []*Certificate{leaf}}
	}
	v.bestRank = -1
	if v.o.Anchors.Len() == 0 {
		return PathResult{Chain: ChainUnknown, SubIndication: NoCertificateChainFound, Reason: "no trust anchors",
			Path: []*Certificate{leaf}, Revocation: v.unasked()}
	}
	v.extend([]*Certificate{leaf})
	if v.best == nil && v.limit {
		return PathResult{Chain: ChainUnknown, SubIndication: NoCertificateChainFound,
			Reason: errSearchLimit.Error(), Path: []*Certificate{leaf}, Revocation: v.unasked()}
	}
	if v.best == nil {
		return PathResult{Chain: ChainUntrusted, SubIndication: NoCertificateChainFound,
			Reason: "no path to a trust anchor", Path: []*Certificate{leaf}, Revocation: v.unasked()}
	}
	if v.limit && v.best.Chain == ChainUntrusted {
		v.best.Chain, v.best.Reason = ChainUnknown, errSearchLimit.Error()
	}
	return *v.best
}

// unasked is the revocation status where there is no path to ask along.
func (v *validation) unasked() RevocationStatus {
	if v.o.Revocation == RevocationSkipUnsafe {
		return RevocationNotAsked
	}
	return RevocationUnknown
}

// extend continues the path upwards from its last certificate; true ends the
// search.
func (v *validation) extend(path []*Certificate) bool {
	last := path[len(path)-1]
	if v.o.Anchors.Contains(last) {
		return v.judge(path)
	}
	v.steps++
	if v.ctx.Err() != nil || v.steps > maxSteps || v.checks >= maxSignatureChecks {
		v.limit = true
		return true
	}
	if len(path) == maxPathLength {
		v.limit = true
		return false
	}
	failure := untrusted(NoCertificateChainFound, "no issuer for %q", last.describe())
	tried := map[*Certificate]bool{}
	issued := false
	for round := range 2 {
		if round == 1 && (issued || !v.fetchIssuers(last)) {
			break
		}
		for _, c := range v.candidates(last) {
			if tried[c] || onPath(path, c) {
				continue
			}
			tried[c] = true
			e := v.edge(last, c)
			switch {
			case e.err == nil:
				issued = true
				if v.extend(append(slices.Clone(path), c)) {
					return true
				}
			case errors.Is(e.err, errSearchLimit):
				v.limit = true
				return true
			case errors.Is(e.err, ErrUnsupported):
				failure = &problem{ChainUnknown, CryptoConstraintsFailure, fmt.Sprintf("%q: %v", last.describe(), e.err)}
			case failure.chain != ChainUnknown:
				failure = untrusted(NoCertificateChainFound, "%q was not signed with the key of %q", last.describe(), c.describe())
			}
		}
	}
	if !issued {
		v.keep(path, failure)
	}
	return false
}

// onPath reports whether a certificate with the same subject and key is on the
// path, which would be a loop.
func onPath(path []*Certificate, c *Certificate) bool {
	for _, p := range path {
		if bytes.Equal(p.SPKI.Raw, c.SPKI.Raw) && NamesEqual(p.RawSubject, c.RawSubject) {
			return true
		}
	}
	return false
}

// edge checks, once, that c was signed with issuer's key.
func (v *validation) edge(c, issuer *Certificate) edge {
	return v.once(c, len(c.RawTBS), issuer, func() (Use, error) { return c.CheckSignatureFrom(issuer, v.o.Suites) })
}

// once is [Effort.once], and counts what this validation asks for the first time.
func (v *validation) once(it any, size int, by *Certificate, check func() (Use, error)) edge {
	return v.o.Effort.once(v.ctx, it, size, by, func() (Use, error) {
		v.checks++
		return check()
	})
}

// candidates returns every certificate whose subject is c's issuer: anchors
// and likely ones first. Key identifiers only order them (RFC 5280 §4.2.1.1 is
// a help for finding, not a condition).
func (v *validation) candidates(c *Certificate) []*Certificate {
	key := canonicalName(c.RawIssuer)
	type scored struct {
		cert  *Certificate
		score int
	}
	var list []scored
	seen := map[*Certificate]bool{}
	add := func(certs []*Certificate, anchor int) {
		for _, x := range certs {
			if !seen[x] {
				seen[x] = true
				list = append(list, scored{x, anchor + v.likely(c, x)})
			}
		}
	}
	add(v.o.Anchors.named(key), 1)
	add(v.o.Intermediates.named(key), 0)
	add(v.fetched.named(key), 0)
	slices.SortStableFunc(list, func(a, b scored) int { return b.score - a.score })
	out := make([]*Certificate, len(list))
	for i, s := range list {
		out[i] = s.cert
	}
	return out
}

// likely scores a candidate issuer.
func (v *validation) likely(c, issuer *Certificate) int {
	score := 0
	if a := c.AuthorityKey; a.KeyID != nil && issuer.SubjectKeyID != nil {
		if bytes.Equal(a.KeyID, issuer.SubjectKeyID) {
			score += 8
		} else {
			score -= 8
		}
	}
	if s := c.AuthorityKey.Serial; s != nil && SerialEqual(s, issuer.Serial) {
		score += 2
	}
	if !v.o.At.Before(issuer.NotBefore) && !v.o.At.After(issuer.NotAfter) {
		score += 4
	}
	return score
}

// describe names a certificate for a reader.
func (c *Certificate) describe() string {
	if name, ok := c.Subject.called(); ok {
		return name
	}
	return "serial " + c.SerialString()
}
