package pki

import (
	"fmt"
	"time"
)

// Policy says until when an algorithm was to be relied on. It is data: the
// same signature is strong when made and weak when checked twenty years later,
// and a time-stamp decides which of the two counts.
type Policy []PolicyRule

// PolicyRule limits one algorithm, or keys below a size.
type PolicyRule struct {
	Algorithm string // name of a Hash, a Key or a Signature: "SHA-1", "RSA"
	BelowBits int    // 0: the algorithm whatever its size; else keys shorter than this
	Until     time.Time
	Source    string // where the date comes from
}

// Weakness is an algorithm used after its date.
type Weakness struct {
	Rule PolicyRule
	Use  Use
}

func (w Weakness) String() string {
	s := w.Rule.Algorithm
	if w.Rule.BelowBits > 0 {
		s = fmt.Sprintf("%s %d bit", s, w.Use.KeyBits)
	}
	return s + " was to be relied on until " + w.Rule.Until.Format(time.DateOnly)
}

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

// DefaultPolicy returns the dates this project works with, after the sources
// named in them. The caller owns the slice and may change it.
func DefaultPolicy() Policy {
	const (
		etsi = "ETSI TS 119 312"
		nist = "NIST SP 800-131A" // 112 bits of strength from 2014 on
		gost = "end of the transition to GOST R 34.10-2012"
	)
	return Policy{
		{"MD5", 0, day(2004, 8, 1), etsi},
		{"SHA-1", 0, day(2012, 8, 1), etsi},
		{"SHA-224", 0, day(2029, 1, 1), etsi},
		{"RSA", 2048, day(2014, 1, 1), nist},
		{"ECDSA", 224, day(2014, 1, 1), nist},
		{"DSA", 0, day(2023, 2, 3), "FIPS 186-5"}, // which dropped it
		{"GOST R 34.11-94", 0, day(2020, 1, 1), gost},
		{"GOST R 34.10-2001", 0, day(2020, 1, 1), gost},
	}
}

// Weak returns the rules that use breaks at time at.
func (p Policy) Weak(use Use, at time.Time) []Weakness {
	var out []Weakness
	for _, r := range p {
		if !at.Before(r.Until) && r.covers(use) {
			out = append(out, Weakness{r, use})
		}
	}
	return out
}

func (r PolicyRule) covers(u Use) bool {
	if r.BelowBits > 0 {
		return u.Key == r.Algorithm && u.KeyBits < r.BelowBits
	}
	return r.Algorithm == u.Hash || r.Algorithm == u.Key || r.Algorithm == u.Signature
}
