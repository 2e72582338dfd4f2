package verify

import "slices"

// Verdict is what a report or a signature comes down to. The zero value means
// "not checked".
type Verdict string

const (
	Passed        Verdict = "passed"
	Failed        Verdict = "failed"
	Indeterminate Verdict = "indeterminate"
	NoSignature   Verdict = "no-signature" // of a report only: nothing to rely on, nothing wrong
)

// Indication is the main status of ETSI EN 319 102-1 §5.1.3.
type Indication string

const (
	TotalPassed   Indication = "TOTAL-PASSED"
	TotalFailed   Indication = "TOTAL-FAILED"
	NotDetermined Indication = "INDETERMINATE"
)

// SubIndication says why (ETSI EN 319 102-1 §5.1.3, tables 5 and 6).
type SubIndication string

const (
	SubFormat            SubIndication = "FORMAT_FAILURE"
	SubHash              SubIndication = "HASH_FAILURE"
	SubCrypto            SubIndication = "SIG_CRYPTO_FAILURE"
	SubRevoked           SubIndication = "REVOKED"
	SubExpired           SubIndication = "EXPIRED"
	SubNotYetValid       SubIndication = "NOT_YET_VALID"
	SubSigConstraints    SubIndication = "SIG_CONSTRAINTS_FAILURE"
	SubChainConstraints  SubIndication = "CHAIN_CONSTRAINTS_FAILURE"
	SubChainGeneral      SubIndication = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
	SubCryptoConstraints SubIndication = "CRYPTO_CONSTRAINTS_FAILURE"
	SubCryptoNoPOE       SubIndication = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
	SubPolicy            SubIndication = "POLICY_PROCESSING_ERROR"
	SubTimestampOrder    SubIndication = "TIMESTAMP_ORDER_FAILURE"
	SubNoSigner          SubIndication = "NO_SIGNING_CERTIFICATE_FOUND"
	SubNoChain           SubIndication = "NO_CERTIFICATE_CHAIN_FOUND"
	SubRevokedNoPOE      SubIndication = "REVOKED_NO_POE"
	SubRevokedCANoPOE    SubIndication = "REVOKED_CA_NO_POE"
	SubOutOfBounds       SubIndication = "OUT_OF_BOUNDS_NOT_REVOKED"
	SubOutOfBoundsNoPOE  SubIndication = "OUT_OF_BOUNDS_NO_POE"
	SubNoPOE             SubIndication = "NO_POE"
	SubTryLater          SubIndication = "TRY_LATER"
	SubSignedDataMissing SubIndication = "SIGNED_DATA_NOT_FOUND"
	SubGeneric           SubIndication = "GENERIC"
)

// final reports whether a sub-indication is one of TOTAL-FAILED (table 5): no
// later evidence can mend it.
func (s SubIndication) final() bool {
	switch s {
	case SubFormat, SubHash, SubCrypto, SubRevoked, SubExpired, SubNotYetValid:
		return true
	}
	return false
}

// Verdict is the short form of [Signature.Indication].
func (s *Signature) Verdict() Verdict {
	switch i, _ := s.Indication(); i {
	case TotalPassed:
		return Passed
	case TotalFailed:
		return Failed
	}
	return Indeterminate
}

// Indication derives the conclusion from the facts: what is final decides
// first, then what is missing, and only a signature of which every fact is
// known and good passes.
func (s *Signature) Indication() (Indication, SubIndication) {
	reasons := s.reasons()
	for _, sub := range reasons {
		if sub.final() {
			return TotalFailed, sub
		}
	}
	if len(reasons) > 0 {
		return NotDetermined, reasons[0]
	}
	return TotalPassed, ""
}

// reasons lists why s does not pass, in order of precedence.
func (s *Signature) reasons() []SubIndication {
	var why []SubIndication
	add := func(bad bool, sub SubIndication) {
		if bad {
			why = append(why, sub)
		}
	}
	// A range that covers no whole revision lets others write into the document.
	add(s.Coverage != CoverageEntireFile && s.Coverage != CoverageEntireRevision, SubFormat)
	add(s.Integrity == IntegrityBroken, s.sub(CheckDigest, SubCrypto))
	for _, c := range s.Checks {
		if c.Status == StatusFailed {
			why = append(why, c.reason())
		}
	}
	known := s.Changes != "" && s.Changes != ChangesUnknown
	add(known && !s.ChangesAllowed, SubFormat)
	add(s.Revocation == RevocationRevoked, s.sub(CheckRevocation, SubRevokedNoPOE))
	add(s.Integrity != IntegrityOK && s.Integrity != IntegrityBroken, s.sub(CheckSignatureValue, SubGeneric))
	add(!known, SubGeneric)
	add(s.Chain != ChainTrusted, s.sub(CheckChain, SubNoChain))
	add(s.Revocation != RevocationGood && s.Revocation != RevocationNotAsked && s.Revocation != RevocationRevoked,
		s.sub(CheckRevocation, SubTryLater))
	add(s.ValidAtSource == "" || s.ValidAt.IsZero(), SubNoPOE)
	for _, c := range s.Checks {
		if c.Status != StatusFailed && c.Status != StatusOK && c.Status != StatusNotApplicable {
			why = append(why, c.reason())
		}
	}
	return why
}

// sub returns the reason that the named check gave, or otherwise.
func (s *Signature) sub(name CheckName, otherwise SubIndication) SubIndication {
	for _, c := range s.Checks {
		if c.Name == name && c.Sub != "" && c.Status != StatusOK && (c.Status == StatusFailed || !c.Sub.final()) {
			return c.Sub
		}
	}
	return otherwise
}

func (c *Check) reason() SubIndication {
	switch {
	case c.Sub != "" && (c.Status == StatusFailed || !c.Sub.final()):
		return c.Sub
	case c.Status == StatusFailed:
		return SubFormat
	}
	return SubGeneric
}

// Verdict sums the report up. Passed takes at least one signature that is no
// mere time-stamp, all of them passed, no finding that is an error and, for a certificate of ours whose
// registry was asked, that the registry says it is in force and is this file.
func (r *Report) Verdict() Verdict {
	doubt := false
	for i := range r.Findings {
		switch r.Findings[i].Severity {
		case Error:
			return Failed
		case Warning, Notice:
		default:
			doubt = true
		}
	}
	switch allOf(r.Signatures) {
	case Passed, NoSignature:
	case Failed:
		return Failed
	default:
		doubt = true
	}
	if r.Registry != nil {
		switch v := r.Registry.Verdict(); v {
		case Passed:
		case Failed:
			return Failed
		default:
			doubt = true
		}
	}
	switch {
	case doubt || r.incomplete:
		return Indeterminate
	case !r.signed():
		return NoSignature
	}
	return Passed
}

// signed reports whether somebody signed. A time-stamp alone says that the file
// existed, not that anyone stands for it.
func (r *Report) signed() bool {
	return slices.ContainsFunc(r.Signatures, func(s Signature) bool { return s.Kind != KindTimestamp })
}

// allOf is the worst verdict of the signatures and the countersignatures on them.
func allOf(list []Signature) Verdict {
	all := NoSignature
	for i := range list {
		for _, v := range []Verdict{list[i].Verdict(), allOf(list[i].Countersignatures)} {
			switch {
			case v == Failed:
				return Failed
			case v == Indeterminate, v == Passed && all == NoSignature:
				all = v
			}
		}
	}
	return all
}

// ExitCode is the exit status of the command line for this report: 0 passed, 1
// failed, 3 neither. A file without a signature did not pass, but a profile of
// document checks accepts it (0) when it found no error.
func (r *Report) ExitCode() int {
	switch v := r.Verdict(); {
	case v == Passed, v == NoSignature && r.Profile != "":
		return 0
	case v == Failed:
		return 1
	}
	return 3
}
