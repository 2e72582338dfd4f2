package qr

import (
	"strconv"
	"time"
)

// Verdict is the answer to a question about a token.
type Verdict int

const (
	// NotChecked is the zero value: the question was not asked.
	NotChecked Verdict = iota
	// Passed is the only answer to rely on.
	Passed
	// Failed says that the token does not prove what it says.
	Failed
	// Indeterminate says that the key set or the clock did not suffice to decide.
	Indeterminate
)

func (v Verdict) String() string {
	names := [...]string{"not-checked", "passed", "failed", "indeterminate"}
	if 0 <= v && int(v) < len(names) {
		return names[v]
	}
	return "Verdict(" + strconv.Itoa(int(v)) + ")"
}

// Reason is why a verdict is not [Passed]. Its value is a stable code.
type Reason string

const (
	ReasonNone           Reason = ""
	ReasonAlgorithm      Reason = "algorithm-unsupported"
	ReasonKeyMissing     Reason = "key-not-in-set"
	ReasonSignature      Reason = "signature-wrong"
	ReasonKeyStatus      Reason = "key-status-unknown"
	ReasonKeyCompromised Reason = "key-compromised"
	ReasonKeyTerm        Reason = "issued-outside-key-term"
	ReasonClock          Reason = "no-time-given"
	ReasonFuture         Reason = "issued-in-the-future"
	ReasonExpired        Reason = "expired"
)

// MaxSkew is how far a checker's clock may be behind the issuer's: a phone or a
// server synchronises to better than that.
const MaxSkew = 5 * time.Minute

// Result is what [Token.Verify] found, as separate answers. The zero value says
// that nothing was checked.
type Result struct {
	// Signature: a key of the set made the signature.
	Signature Verdict
	// KeyTrust: that key signed in its term and is active or retired.
	KeyTrust Verdict
	// Term: the token was issued before the time asked for and has not expired.
	Term Verdict
	// Key made the signature; it is set when Signature is Passed.
	Key Key

	signatureReason, keyReason, termReason Reason
}

// Genuine says whether the issuer sealed the claims, whatever became of them
// since. A registry asks this before it looks the certificate up.
func (r Result) Genuine() Verdict {
	if r.Signature != Passed {
		return r.Signature
	}
	return r.KeyTrust
}

// Verdict says whether the token, all alone, proves a certificate in force: it
// is genuine and its term runs. Revocation is the registry's to tell.
func (r Result) Verdict() Verdict {
	if g := r.Genuine(); g != Passed {
		return g
	}
	return r.Term
}

// Reason says why Verdict is not Passed.
func (r Result) Reason() Reason {
	switch {
	case r.Signature != Passed:
		return r.signatureReason
	case r.KeyTrust != Passed:
		return r.keyReason
	default:
		return r.termReason
	}
}

// Verify checks the signature with the keys of the issuer, and the term at the
// given time. The keys must come from where the issuer publishes them, or from
// the checker's own configuration, and be those of [Token.Host]: a token does
// not bring its key along. The zero time leaves the term Indeterminate.
func (t *Token) Verify(keys KeySet, at time.Time) Result {
	var r Result
	r.Signature, r.signatureReason = Indeterminate, ReasonKeyMissing
	if suiteOf(t.alg) == nil {
		r.signatureReason = ReasonAlgorithm
		return r
	}
	// Key identifiers are short: all keys that match are tried. If the set has
	// one key twice with different status, the worse counts.
	message := t.message()
	for i := range keys {
		k := &keys[i]
		s := k.suite()
		if k.ID != t.keyID || k.Alg != t.alg || s == nil || r.Signature == Passed && k.Status <= r.Key.Status {
			continue
		}
		if len(t.signature) == s.size && s.verify(k.Public, message, t.signature) {
			r.Signature, r.signatureReason = Passed, ReasonNone
			r.Key = *k
		} else if r.Signature != Passed {
			r.Signature, r.signatureReason = Failed, ReasonSignature
		}
	}
	if r.Signature == Passed {
		r.KeyTrust, r.keyReason = keyTrust(&r.Key, t.claims.Issued)
		r.Term, r.termReason = term(&t.claims, at)
	}
	return r
}

func keyTrust(k *Key, issued time.Time) (Verdict, Reason) {
	switch k.Status {
	case KeyActive, KeyRetired:
	case KeyCompromised:
		// The time of issue is the signer's own claim: who holds the key can set
		// it back, so no part of the key's life is safe.
		return Indeterminate, ReasonKeyCompromised
	default:
		return Indeterminate, ReasonKeyStatus
	}
	if !k.signsAt(issued) {
		return Indeterminate, ReasonKeyTerm
	}
	return Passed, ReasonNone
}

func term(c *Claims, at time.Time) (Verdict, Reason) {
	switch {
	case at.IsZero():
		return Indeterminate, ReasonClock
	case c.Issued.After(at.Add(MaxSkew)):
		return Failed, ReasonFuture
	case !c.Expires.IsZero() && !at.Before(c.Expires):
		return Failed, ReasonExpired
	}
	return Passed, ReasonNone
}
