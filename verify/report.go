package verify

import (
	"encoding/json"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/pki"
)

// Schema names the JSON form of a report.
const Schema = "vidimus.report/1"

// Report is everything that was found out about one file. Its verdict is not
// stored but derived: see [Report.Verdict].
type Report struct {
	File           FileInfo
	CheckedAt      time.Time
	ValidationTime time.Time // the time asked about: Options.At, or CheckedAt
	Findings       []Finding
	Signatures     []Signature
	Profile        string    // of document checks, as asked
	Registry       *Registry // nil unless the file is a certificate of ours and a registry was given

	// incomplete is set when there may be signatures that could not be read.
	incomplete bool
}

// FileInfo says what was checked.
type FileInfo struct {
	Name        string `json:"name"`
	Size        int64  `json:"size"`
	SHA256      string `json:"sha256"`                // lower-case hexadecimal
	Streebog256 string `json:"streebog256,omitempty"` // GOST R 34.11-2012, when asked for
	Type        string `json:"type"`                  // pdf, jpeg, png, cms or other
}

// Signature is what was found out about one signature or document time-stamp.
// The zero value is a signature nobody looked at; it does not pass.
type Signature struct {
	Field          string     `json:"field"`
	Kind           Kind       `json:"kind"`
	Format         string     `json:"format"` // such as PAdES-B-LT, CAdES-B-B, PKCS7-detached
	Integrity      Integrity  `json:"integrity"`
	Coverage       Coverage   `json:"coverage"`
	Changes        Changes    `json:"changes"`
	ChangesAllowed bool       `json:"changesAllowed"`
	DocMDP         int        `json:"docMDP,omitempty"` // 1 to 3; 0 = no certification signature
	Chain          Chain      `json:"chain"`
	Revocation     Revocation `json:"revocation"`
	ClaimedTime    time.Time  `json:"claimedTime,omitzero"` // what the signer says
	ProvenTime     time.Time  `json:"provenTime,omitzero"`  // the signature existed then
	ValidAt        time.Time  `json:"validAt,omitzero"`     // the moment the certificate was checked for
	ValidAtSource  TimeSource `json:"validAtSource,omitempty"`
	Signer         Signer     `json:"signer"`
	Algorithm      string     `json:"algorithm,omitempty"`
	Changed        []Change   `json:"changed,omitempty"`
	// Accreditation of the authority that issued the signer's certificate; nil:
	// nobody was asked.
	Accreditation *Accreditation `json:"accreditation,omitempty"`
	Checks        []Check        `json:"checks"`
	// Countersignatures are those on this signature; each may have its own. They
	// say nothing about this one, but the report passes only if they do.
	Countersignatures []Signature `json:"countersignatures,omitempty"`

	// For WriteXML: the signature value, the signer's certificate, and the chain
	// from it as far as it was found.
	value, certificate []byte
	path               []*pki.Certificate
}

// Signer is the certificate that made a signature: the one its SignerInfo names.
type Signer struct {
	Subject   string    `json:"subject"`
	INN       string    `json:"inn,omitempty"`
	INNLE     string    `json:"innle,omitempty"`
	OGRN      string    `json:"ogrn,omitempty"`
	OGRNIP    string    `json:"ogrnip,omitempty"`
	SNILS     string    `json:"snils,omitempty"` // masked: all but the last four digits
	Serial    string    `json:"serial"`
	NotBefore time.Time `json:"notBefore,omitzero"`
	NotAfter  time.Time `json:"notAfter,omitzero"`
	Issuer    string    `json:"issuer"`
	Digest    string    `json:"digest,omitempty"` // SHA-256 of the certificate
	Who
}

// Change is one change made to the document after signing.
type Change struct {
	Level    Changes `json:"level"`
	Page     int     `json:"page,omitempty"` // from 1
	Field    string  `json:"field,omitempty"`
	Kind     string  `json:"kind"` // stable code
	What     string  `json:"what"`
	Path     string  `json:"path,omitempty"` // of the object, from the trailer
	Revision int     `json:"revision"`       // that made it, from 1
}

// CheckName names a check; the set grows, a name never changes its meaning.
type CheckName string

// Checks, in the order in which they stand in a report.
const (
	CheckStructure      CheckName = "structure"       // field and dictionary
	CheckByteRange      CheckName = "byte-range"      // exactly the gap, exactly a revision
	CheckCMS            CheckName = "cms"             // the CMS can be read
	CheckDigest         CheckName = "digest"          // messageDigest is that of the content
	CheckSignatureValue CheckName = "signature-value" // the public-key operation
	CheckSigner         CheckName = "signer"          // sid and signing-certificate agree
	CheckAttributes     CheckName = "attributes"      // signed attributes that must or must not be there
	CheckAlgorithms     CheckName = "algorithms"      // still to be relied on at that time
	CheckTimestamp      CheckName = "timestamp"       // signature time-stamps
	CheckContentStamp   CheckName = "content-timestamp"
	CheckArchiveStamp   CheckName = "archive-timestamp"
	CheckChain          CheckName = "chain"
	CheckRevocation     CheckName = "revocation"
	CheckTime           CheckName = "time"
	CheckChanges        CheckName = "changes"
	CheckSeedValue      CheckName = "seed-value" // what the field demanded of its signature
)

// Check is one check and its outcome.
type Check struct {
	Name   CheckName     `json:"name"`
	Status Status        `json:"status"`
	Detail string        `json:"detail,omitempty"`
	Sub    SubIndication `json:"subIndication,omitempty"` // what its failure means
}

// Registry is what the registry says about a certificate of ours.
type Registry struct {
	ID     string         `json:"id"`
	Number string         `json:"number"`
	Status vidimus.Status `json:"status"`
	Match  Match          `json:"match"`
}

// Verdict is Passed only for a certificate in force that is byte for byte what
// was issued; a registry that could not be asked leaves it Indeterminate.
func (g *Registry) Verdict() Verdict {
	switch g.Match {
	case MatchNone, MatchMismatch:
		return Failed
	}
	switch g.Status {
	case vidimus.StatusActive:
		if g.Match == MatchBytes {
			return Passed
		}
		return Indeterminate
	case vidimus.StatusUnknown:
		return Indeterminate
	}
	return Failed
}

// MarshalJSON writes the report with its verdict in the form "vidimus.report/1".
func (r *Report) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Schema         string      `json:"schema"`
		File           FileInfo    `json:"file"`
		CheckedAt      time.Time   `json:"checkedAt"`
		ValidationTime time.Time   `json:"validationTime"`
		Profile        string      `json:"profile,omitempty"`
		Verdict        Verdict     `json:"verdict"`
		Findings       []Finding   `json:"findings"`
		Signatures     []Signature `json:"signatures"`
		Registry       *Registry   `json:"registry,omitempty"`
	}{Schema, r.File, r.CheckedAt, r.ValidationTime, r.Profile, r.Verdict(),
		append([]Finding{}, r.Findings...), append([]Signature{}, r.Signatures...), r.Registry})
}

// MarshalJSON writes the facts with the conclusion drawn from them.
func (s Signature) MarshalJSON() ([]byte, error) {
	type facts Signature
	indication, sub := s.Indication()
	s.Checks = append([]Check{}, s.Checks...)
	return json.Marshal(struct {
		facts
		Verdict       Verdict       `json:"verdict"`
		Indication    Indication    `json:"indication"`
		SubIndication SubIndication `json:"subIndication"`
	}{facts(s), s.Verdict(), indication, sub})
}
