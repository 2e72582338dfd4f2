package pki

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// CertStatus is what is known about the revocation of one certificate.
type CertStatus struct {
	Status    RevocationStatus
	Source    string // "ocsp", "crl", "exempt"; "" if there is none
	RevokedAt time.Time
	Reason    int // CRLReason, if revoked; also when revoked after At
	// Later is set when the certificate was revoked, but after At.
	Later          bool
	InvalidityDate time.Time // as the issuer states it; zero: not stated
	ThisUpdate     time.Time
	NextUpdate     time.Time
	Evidence       []byte // the CRL or OCSP response that decided
	Fetched        bool   // the evidence came from the Fetcher
	Detail         string // why it is unknown
	Uses           []Use  // algorithms that the evidence relies on
}

// finding is what one piece of usable evidence says.
type finding struct {
	CertStatus
	revoked bool
}

// clockSkew is how far evidence may lie in the future: clocks of responders
// and of checkers differ.
const clockSkew = 5 * time.Minute

// maxEvidenceDepth bounds revocation checks of those who sign revocation
// evidence: a delegated responder may itself need one, its authority may not.
const maxEvidenceDepth = 2

// status asks all evidence about c, whose issuer is above[0], and fetches more
// only if what is at hand does not decide, or is old.
//
// A permanent revocation in any usable evidence counts. A hold, which may be
// lifted, counts if the latest evidence has it.
func (v *validation) status(c *Certificate, above []*Certificate) CertStatus {
	if c.exempt() {
		return CertStatus{Status: RevocationGood, Source: "exempt", Detail: "the certificate says that none is published"}
	}
	q := &query{v: v, cert: c, issuer: above[0], above: above}
	q.ocsp(v.o.OCSPs, false)
	q.crls(v.o.CRLs, false)
	if v.o.Fetcher != nil && !q.current() {
		q.fetch()
	}
	return q.conclude(v.o.At)
}

// maxHeldAge is how long before the time asked about evidence at hand may be
// from, for nothing newer to be fetched. What comes with a signature was chosen
// by who sent it: a list of last week lacks what was revoked since.
const maxHeldAge = 24 * time.Hour

// current reports whether fetching would tell nothing more.
func (q *query) current() bool {
	return slices.ContainsFunc(q.found, func(f finding) bool {
		return !f.ThisUpdate.Before(q.v.o.At.Add(-maxHeldAge)) || f.revoked && f.Reason != ReasonCertificateHold
	})
}

// exempt: nothing is published about the certificate's revocation. An authority
// cannot exempt another one (RFC 9608 §3: end-entity certificates only).
func (c *Certificate) exempt() bool {
	return c.NoRevocation && (c.BasicConstraints == nil || !c.BasicConstraints.CA)
}

// query collects findings about one certificate.
type query struct {
	v       *validation
	cert    *Certificate
	issuer  *Certificate
	above   []*Certificate
	found   []finding
	refused []string
	reasons uint16 // reasons covered by partitioned CRLs
	partial []finding
}

// maxRefusals bounds how many reasons are listed.
const maxRefusals = 5

func (q *query) refuse(format string, args ...any) {
	if len(q.refused) < maxRefusals {
		q.refused = append(q.refused, fmt.Sprintf(format, args...))
	}
}

func (q *query) conclude(at time.Time) CertStatus {
	if len(q.found) == 0 {
		detail := "no revocation evidence"
		if len(q.refused) > 0 {
			detail = "no usable revocation evidence: " + strings.Join(q.refused, "; ")
		}
		return CertStatus{Status: RevocationUnknown, Detail: detail}
	}
	latest := q.found[0]
	for _, f := range q.found[1:] {
		if f.ThisUpdate.After(latest.ThisUpdate) {
			latest = f
		}
	}
	out := latest
	for _, f := range q.found {
		if f.revoked && f.Reason != ReasonCertificateHold && (!out.revoked || f.RevokedAt.Before(out.RevokedAt)) {
			out = f
		}
	}
	s := out.CertStatus
	switch {
	case !out.revoked:
		s.Status = RevocationGood
	case s.RevokedAt.After(at):
		s.Status, s.Later = RevocationGood, true
	default:
		s.Status = RevocationRevoked
	}
	return s
}

// fresh reports whether evidence issued at this, to be renewed by next, says
// something about the time At (EN 319 102-1 §5.2.5): it was issued then or
// later, or its period covers it. Evidence from after the certificate's end
// counts only if it is said to keep expired ones (coversFrom).
func (q *query) fresh(this, next, coversFrom time.Time, revoked bool) error {
	at, now := q.v.o.At, q.v.now
	switch {
	case this.After(now.Add(clockSkew)):
		return fmt.Errorf("it is from the future (%s)", this.Format(time.RFC3339))
	case !next.IsZero() && next.Before(this):
		return fmt.Errorf("nextUpdate before thisUpdate")
	case !this.Before(at): // issued at or after the time asked about
	case next.IsZero():
		return fmt.Errorf("it is from %s and does not say until when", this.Format(time.RFC3339))
	case next.Before(at):
		return fmt.Errorf("it expired %s", next.Format(time.RFC3339))
	}
	if !revoked && this.After(q.cert.NotAfter) && (coversFrom.IsZero() || coversFrom.After(q.cert.NotAfter)) {
		return fmt.Errorf("it is from after the certificate's end and may have dropped it")
	}
	return nil
}

// weak reports evidence whose signature the dated policy objects to.
func (q *query) weak(use Use, this time.Time) error {
	at := q.v.o.At
	if this.After(at) {
		at = this
	}
	if w := q.v.o.Algorithms.Weak(use, at); len(w) > 0 {
		return fmt.Errorf("%s", w[0])
	}
	return nil
}

// sub returns a validation at another time with the same material, for those
// who sign evidence.
func (v *validation) sub(at time.Time, mode RevocationMode) *validation {
	o := v.o
	o.At, o.Now, o.Revocation = at, v.now, mode
	o.KeyUsage, o.ExtKeyUsage, o.ExtKeyUsageUnder, o.RequireEKU, o.Policies, o.RequirePolicy = 0, nil, nil, false, nil, false
	s := newValidation(v.ctx, o)
	s.fetched, s.fetchedBy, s.lists = v.fetched, v.fetchedBy, v.lists
	s.fetches, s.checks, s.depth = v.fetches, v.checks, v.depth+1
	return s
}

// absorb takes back what a sub-validation used up.
func (v *validation) absorb(s *validation) { v.fetches, v.checks = s.fetches, s.checks }
