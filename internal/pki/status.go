package pki

// Status is the outcome of one check. The zero value means that the check was
// not made.
type Status uint8

// Outcomes of a check.
const (
	NotChecked Status = iota
	OK
	Failed
	Unknown // could not be decided: unsupported algorithm, missing evidence
)

func (s Status) String() string {
	switch s {
	case OK:
		return "ok"
	case Failed:
		return "failed"
	case Unknown:
		return "unknown"
	}
	return "not-checked"
}

// ChainStatus says whether a certificate leads to a trust anchor.
type ChainStatus uint8

// Values of ChainStatus; the zero value means that nobody looked.
const (
	ChainNotChecked ChainStatus = iota
	ChainTrusted                // a path to an anchor passes every rule at the validation time
	ChainUntrusted              // no path to an anchor, or every path breaks a rule
	ChainUnknown                // the only obstacle is something that could not be checked
)

func (s ChainStatus) String() string {
	switch s {
	case ChainTrusted:
		return "trusted"
	case ChainUntrusted:
		return "untrusted"
	case ChainUnknown:
		return "unknown"
	}
	return "not-checked"
}

// RevocationStatus says what is known about revocation.
type RevocationStatus uint8

// Values of RevocationStatus; the zero value means that it was not asked.
const (
	RevocationNotAsked RevocationStatus = iota // nobody wanted to know, or the certificate is itself an anchor
	RevocationGood                             // usable evidence says: not revoked at the validation time
	RevocationRevoked                          // usable evidence says: revoked at or before it
	RevocationUnknown                          // no usable evidence
)

func (s RevocationStatus) String() string {
	switch s {
	case RevocationGood:
		return "good"
	case RevocationRevoked:
		return "revoked"
	case RevocationUnknown:
		return "unknown"
	}
	return "not-asked"
}

// SubIndication is a sub-indication of ETSI EN 319 102-1 §5.1.3, Table 6; ""
// when there is nothing to qualify.
type SubIndication string

// Sub-indications that certificate validation can give.
const (
	NoCertificateChainFound       SubIndication = "NO_CERTIFICATE_CHAIN_FOUND"
	NoCertificateChainFoundNoPOE  SubIndication = "NO_CERTIFICATE_CHAIN_FOUND_NO_POE"
	CertificateChainGeneralFail   SubIndication = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
	ChainConstraintsFailure       SubIndication = "CHAIN_CONSTRAINTS_FAILURE"
	OutOfBoundsNoPOE              SubIndication = "OUT_OF_BOUNDS_NO_POE"
	OutOfBoundsNotRevoked         SubIndication = "OUT_OF_BOUNDS_NOT_REVOKED"
	NotYetValid                   SubIndication = "NOT_YET_VALID"
	Expired                       SubIndication = "EXPIRED"
	Revoked                       SubIndication = "REVOKED"
	RevokedNoPOE                  SubIndication = "REVOKED_NO_POE"
	RevokedCANoPOE                SubIndication = "REVOKED_CA_NO_POE"
	CryptoConstraintsFailure      SubIndication = "CRYPTO_CONSTRAINTS_FAILURE"
	CryptoConstraintsFailureNoPOE SubIndication = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
	NoPOE                         SubIndication = "NO_POE"
	TryLater                      SubIndication = "TRY_LATER"
)
