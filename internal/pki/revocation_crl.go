package pki

import (
	"bytes"
	"errors"
	"fmt"
)

// allReasons are the reasons a CRL can be limited to (RFC 5280 §4.2.1.13):
// bits 1 to 8.
const allReasons = 0x1fe

// crls asks certificate lists (RFC 5280 §6.3).
func (q *query) crls(lists []*CRL, fetched bool) {
	for _, l := range lists {
		if l.BaseNumber != nil || !NamesEqual(l.RawIssuer, q.cert.RawIssuer) {
			continue // deltas are looked up for their base; other issuers say nothing here
		}
		f, mask, err := q.crl(l, lists)
		if err != nil {
			q.refuse("CRL of %s: %v", l.ThisUpdate.Format("2006-01-02"), err)
			continue
		}
		f.Fetched = fetched
		switch {
		case f.revoked || mask == allReasons:
			q.found = append(q.found, f)
		default:
			q.reasons |= mask
			q.partial = append(q.partial, f)
		}
	}
	if q.reasons == allReasons {
		// Lists that share out the reasons: good only if all of them are there;
		// the oldest says since when that is known.
		oldest := q.partial[0]
		for _, f := range q.partial[1:] {
			if f.ThisUpdate.Before(oldest.ThisUpdate) {
				oldest = f
			}
		}
		q.found = append(q.found, oldest)
	} else if q.reasons != 0 {
		q.refuse("CRLs cover only some reasons")
	}
}

// crl asks one complete list, with the best delta for it.
func (q *query) crl(l *CRL, lists []*CRL) (finding, uint16, error) {
	mask, err := q.usable(l)
	if err != nil {
		return finding{}, 0, err
	}
	use, err := q.listSigner(l)
	if err != nil {
		return finding{}, 0, err
	}
	f := finding{CertStatus: CertStatus{Source: "crl", ThisUpdate: l.ThisUpdate, NextUpdate: l.NextUpdate, Evidence: l.Raw, Uses: []Use{use}}}
	entry, listed, err := l.Find(q.cert.Serial)
	if err != nil {
		return finding{}, 0, err
	}
	if d := q.delta(l, lists); d != nil {
		e, ok, err := d.Find(q.cert.Serial)
		if err != nil {
			return finding{}, 0, err
		}
		if ok {
			entry, listed = e, e.Reason != ReasonRemoveFromCRL
		}
		f.ThisUpdate, f.NextUpdate, f.Evidence = d.ThisUpdate, d.NextUpdate, d.Raw
	}
	if err := q.fresh(f.ThisUpdate, f.NextUpdate, l.ExpiredCertsFrom, listed); err != nil {
		return finding{}, 0, err
	}
	if listed {
		f.revoked, f.RevokedAt, f.Reason, f.InvalidityDate = true, entry.At, entry.Reason, entry.InvalidityDate
	}
	return f, mask, nil
}

// usable checks scope and form (RFC 5280 §6.3.3 (b)) and returns the reasons
// the list covers.
func (q *query) usable(l *CRL) (uint16, error) {
	if len(l.UnknownCritical) > 0 {
		return 0, fmt.Errorf("critical extension %s is not supported", l.UnknownCritical[0])
	}
	if l.entryProblem != nil {
		return 0, l.entryProblem
	}
	s := l.Scope
	if s == nil {
		return allReasons, nil
	}
	isCA := q.cert.BasicConstraints != nil && q.cert.BasicConstraints.CA
	switch {
	case s.Indirect:
		return 0, fmt.Errorf("indirect CRLs are not supported")
	case s.OnlyAttributes:
		return 0, fmt.Errorf("it is about attribute certificates")
	case s.OnlyUsers && isCA:
		return 0, fmt.Errorf("it is about end-entity certificates only")
	case s.OnlyCAs && !isCA:
		return 0, fmt.Errorf("it is about authorities only")
	}
	mask := uint16(allReasons)
	if s.Reasons != nil {
		mask &= bitSet(s.Reasons)
	}
	if s.FullName == nil && s.Relative == nil {
		return mask, nil
	}
	for _, p := range q.cert.CRLDistribution {
		if p.Issuer == nil && samePoint(s, p) {
			if p.Reasons != nil {
				mask &= bitSet(p.Reasons)
			}
			return mask, nil
		}
	}
	return 0, fmt.Errorf("its distribution point is none of the certificate's")
}

func samePoint(s *IssuingDistributionPoint, p DistributionPoint) bool {
	if s.Relative != nil && bytes.Equal(s.Relative, p.Relative) {
		return true
	}
	for _, a := range s.FullName {
		for _, b := range p.FullName {
			if a.equal(b) {
				return true
			}
		}
	}
	return false
}

// listSigner checks the list's signature: with the key that signed the
// certificate, or with another key of the same authority whose own path ends
// in the same anchor (RFC 5280 §6.3.3 (f), (g)). The latter's own revocation
// is not asked: the list that would answer is this one.
func (q *query) listSigner(l *CRL) (Use, error) {
	signed := func(by *Certificate) (Use, error) {
		e := q.v.once(l, len(l.RawTBS), by, func() (Use, error) { return l.CheckSignatureFrom(by, q.v.o.Suites) })
		return e.use, e.err
	}
	use, err := signed(q.issuer)
	if err == nil {
		if q.issuer.KeyUsage != 0 && q.issuer.KeyUsage&UsageCRLSign == 0 {
			return use, fmt.Errorf("%q may not sign CRLs", q.issuer.describe())
		}
		return use, q.weak(use, l.ThisUpdate)
	}
	if q.v.depth >= maxEvidenceDepth {
		return use, err
	}
	key := canonicalName(l.RawIssuer)
	for _, pool := range []*Pool{q.v.o.Intermediates, q.v.o.Anchors, q.v.fetched} {
		for _, c := range pool.named(key) {
			if bytes.Equal(c.SPKI.Raw, q.issuer.SPKI.Raw) || !c.maySignLists() {
				continue
			}
			if q.v.checks >= maxSignatureChecks {
				return use, errSearchLimit
			}
			u, e := signed(c)
			if errors.Is(e, errSearchLimit) {
				return use, e
			}
			if e != nil {
				continue
			}
			s := q.v.sub(l.ThisUpdate, RevocationSkipUnsafe)
			r := s.run(c)
			q.v.absorb(s)
			if !r.Valid() {
				err = fmt.Errorf("signed by %q, whose own path is no good: %s", c.describe(), r.Reason)
				continue
			}
			if !r.Path[len(r.Path)-1].Equal(q.above[len(q.above)-1]) {
				err = fmt.Errorf("signed by %q, which leads to another anchor", c.describe())
				continue
			}
			return u, q.weak(u, l.ThisUpdate)
		}
	}
	return use, err
}

// maySignLists: cRLSign is needed where there is a key usage (RFC 5280 §4.2.1.3)
// and of everyone who is no authority: a person may have an authority's name.
func (c *Certificate) maySignLists() bool {
	if c.KeyUsage == 0 {
		return c.BasicConstraints != nil && c.BasicConstraints.CA
	}
	return c.KeyUsage&UsageCRLSign != 0
}

// delta returns the latest usable delta for base: same issuer, key and scope,
// made for a base no newer than this one, and itself newer (RFC 5280 §5.2.4,
// §6.3.3 (c)). Without one the base stands alone.
func (q *query) delta(base *CRL, lists []*CRL) *CRL {
	var best *CRL
	for _, d := range lists {
		if d.BaseNumber == nil || base.Number == nil || d.Number == nil || !NamesEqual(d.RawIssuer, base.RawIssuer) ||
			compareNumbers(base.Number, d.BaseNumber) < 0 || compareNumbers(d.Number, base.Number) < 0 ||
			!sameScope(base.Scope, d.Scope) || len(d.UnknownCritical) > 0 || d.entryProblem != nil ||
			!bytes.Equal(base.AuthorityKey.KeyID, d.AuthorityKey.KeyID) {
			continue
		}
		if best != nil && compareNumbers(d.Number, best.Number) <= 0 {
			continue
		}
		if _, err := q.listSigner(d); err != nil {
			q.refuse("delta CRL of %s: %v", d.ThisUpdate.Format("2006-01-02"), err)
			continue
		}
		if d.ThisUpdate.After(q.v.now.Add(clockSkew)) {
			q.refuse("delta CRL from the future")
			continue
		}
		best = d
	}
	return best
}

func sameScope(a, b *IssuingDistributionPoint) bool {
	if a == nil || b == nil {
		return a == b
	}
	return bytes.Equal(a.Raw, b.Raw)
}

// compareNumbers compares CRL numbers, which are not negative.
func compareNumbers(a, b []byte) int {
	a, b = trimSerial(a), trimSerial(b)
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return bytes.Compare(a, b)
}
