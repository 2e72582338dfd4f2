package verify

// The facts about one signature are orthogonal: each is found out on its own,
// and the zero value of each means that nobody looked. Only
// [Signature.Indication] draws the conclusion.

// Integrity says whether the signed bytes are the bytes that were signed.
type Integrity string

const (
	IntegrityUnknown Integrity = "unknown" // an algorithm or a form that cannot be checked
	IntegrityOK      Integrity = "ok"      // digest and signature value hold
	IntegrityBroken  Integrity = "broken"  // one of them does not
)

// Coverage says what part of the file the signature speaks of.
type Coverage string

const (
	CoverageEntireFile     Coverage = "entire-file"
	CoverageEntireRevision Coverage = "entire-revision" // all of an earlier revision
	CoveragePartial        Coverage = "partial"         // starts at 0, but ends at no revision
	CoverageInvalid        Coverage = "invalid"         // ByteRange breaks a rule
)

// Changes is the gravest kind of change made after signing.
type Changes string

const (
	ChangesNone        Changes = "none"
	ChangesLTV         Changes = "ltv" // DSS, VRI, document time-stamps
	ChangesFormFill    Changes = "form-fill"
	ChangesAnnotations Changes = "annotations"
	ChangesOther       Changes = "other"
	ChangesUnknown     Changes = "unknown" // could not be compared
)

// Chain says whether the signer's certificate leads to a trust anchor.
type Chain string

const (
	ChainTrusted   Chain = "trusted"
	ChainUntrusted Chain = "untrusted" // no path, or each path breaks a rule
	ChainUnknown   Chain = "unknown"   // no anchors, or something on the path cannot be checked
)

// Revocation says whether a certificate on the path was revoked.
type Revocation string

const (
	RevocationGood     Revocation = "good"
	RevocationRevoked  Revocation = "revoked"
	RevocationUnknown  Revocation = "unknown"   // no usable answer
	RevocationNotAsked Revocation = "not-asked" // by [Options.RevocationNoneUnsafe], or because the certificate is itself trusted
)

// Kind tells signatures of people from time-stamps of documents.
type Kind string

const (
	KindSignature Kind = "signature"
	KindTimestamp Kind = "timestamp" // a document time-stamp (ISO 32000-2 §12.8.5)
	// KindCountersignature signs the value of another signature (RFC 5652 §11.4).
	KindCountersignature Kind = "countersignature"
)

// TimeSource says where the moment of validity came from.
type TimeSource string

const (
	TimeFromTimestamp TimeSource = "timestamp" // proven
	TimeGiven         TimeSource = "given"     // Options.At
	TimeNow           TimeSource = "now"
)

// Status is the outcome of one check.
type Status string

const (
	StatusOK            Status = "ok"
	StatusFailed        Status = "failed"
	StatusUnknown       Status = "unknown"
	StatusNotApplicable Status = "not-applicable"
)

// Match says how a certificate of ours compares with its registry.
type Match string

const (
	MatchBytes    Match = "bytes"    // the very document that was issued
	MatchData     Match = "data"     // the data agree, the bytes are others
	MatchNone     Match = "none"     // the registry does not know it
	MatchMismatch Match = "mismatch" // the registry says something else
)

// In JSON a fact that was not looked at reads as unknown; never as good.

func orUnknown[T ~string](v T) ([]byte, error) {
	if v == "" {
		v = "unknown"
	}
	return []byte(v), nil
}

// MarshalText writes the zero value as "unknown".
func (v Integrity) MarshalText() ([]byte, error) { return orUnknown(v) }

// MarshalText writes the zero value as "unknown".
func (v Changes) MarshalText() ([]byte, error) { return orUnknown(v) }

// MarshalText writes the zero value as "unknown".
func (v Chain) MarshalText() ([]byte, error) { return orUnknown(v) }

// MarshalText writes the zero value as "unknown".
func (v Revocation) MarshalText() ([]byte, error) { return orUnknown(v) }

// MarshalText writes the zero value as "unknown".
func (v Status) MarshalText() ([]byte, error) { return orUnknown(v) }

// MarshalText writes the zero value as "invalid": a range nobody looked at
// covers nothing.
func (v Coverage) MarshalText() ([]byte, error) {
	if v == "" {
		v = CoverageInvalid
	}
	return []byte(v), nil
}
