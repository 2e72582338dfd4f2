package verify

import (
	"github.com/vidimus/vidimus/internal/pki"
	certsubject "github.com/vidimus/vidimus/internal/pki/subject"
	"github.com/vidimus/vidimus/internal/pki/trustlist"
)

// Who is what a certificate in Russian terms says of its holder, and what kind of
// certificate it is. What is absent is empty.
type Who struct {
	Kind         string `json:"kind,omitempty"` // legal-entity, entrepreneur, person
	Name         string `json:"name,omitempty"` // common name
	Surname      string `json:"surname,omitempty"`
	GivenName    string `json:"givenName,omitempty"` // and patronymic
	Organisation string `json:"organisation,omitempty"`
	Position     string `json:"position,omitempty"`
	// Tool is the holder's means of signing, IssuerTool and IssuerCATool the
	// authority's; Class is that of the holder's means: KC1, KC2, KC3, KB1, KB2, KA1.
	Tool         string `json:"tool,omitempty"`
	IssuerTool   string `json:"issuerTool,omitempty"`
	IssuerCATool string `json:"issuerCATool,omitempty"`
	Class        string `json:"class,omitempty"`
	// Identification says how the holder was identified: in-person,
	// qualified-signature, passport, system.
	Identification string `json:"identification,omitempty"`
	// Doubts are codes of fields that are malformed or whose check digits are
	// wrong: inn, innle, ogrn, ogrnip, snils, subject-sign-tool, …
	Doubts string `json:"doubts,omitempty"` // separated by spaces

	Qualification Qualification `json:"qualification,omitempty"`
	// QualificationReason is a stable code: accredited, test-name, not-accredited,
	// form, not-asked, no-answer, no-issuer.
	QualificationReason string `json:"qualificationReason,omitempty"`
}

// Qualification names a certificate (63-ФЗ ст. 5, 17). The zero value means that
// nobody looked. It is a fact beside the verdict: see [Options.RequireQualified].
type Qualification string

// Qualifications.
const (
	Qualified            Qualification = "qualified"   // by an authority accredited on the day of issue, in the form prescribed
	Unqualified          Qualification = "unqualified" // known not to be
	QualificationTest    Qualification = "test"        // an authority over it says that it is for tests
	QualificationUnknown Qualification = "unknown"
)

// CheckQualified is made only with [Options.RequireQualified].
const CheckQualified CheckName = "qualified"

// describe fills in what the certificate itself says.
func (s *Signer) describe(c *pki.Certificate) {
	w := certsubject.Read(c)
	s.INN, s.INNLE = w.INN, w.INNLE // an old ИНН of a legal entity is moved to its place
	s.Who = Who{
		Kind: string(w.Kind), Name: w.CommonName, Surname: w.Surname, GivenName: w.GivenName,
		Organisation: w.Organisation, Position: w.Position, Tool: w.Tool,
		IssuerTool: w.IssuerTools.SignTool, IssuerCATool: w.IssuerTools.CATool,
		Class: string(w.Class), Identification: string(w.Identification),
	}
	for _, p := range w.Problems {
		if s.Doubts != "" {
			s.Doubts += " "
		}
		s.Doubts += string(p)
	}
}

// qualify asks about the issuer's accreditation on the day of issue and names the
// certificate.
func (j *job) qualify(c *candidate, path pki.PathResult) {
	issuer, over := j.issuer(c.leaf, path)
	// Where nobody is asked about the issuer, nobody looks for it either: that is
	// then the reason.
	e := certsubject.Evidence{Issued: issuer != nil || j.opts.Accredited == nil}
	if a := j.opts.Accredited; a != nil {
		answer := Accreditation{Status: AccreditationUnknown, Reason: "no-issuer"}
		if issuer != nil {
			answer = a.Accredited(issuer.Raw, c.leaf.NotBefore)
		}
		c.sig.Accreditation = &answer
		e.Asked = answer.Reason != string(trustlist.ReasonNoList)
		e.Accredited, e.NotAccredited = answer.Status == AccreditationHeld, answer.Status == AccreditationNotHeld
	}
	q, why := certsubject.Judge(c.leaf, over, e)
	c.sig.Signer.Qualification, c.sig.Signer.QualificationReason = Qualification(q), string(why)
	if !j.opts.RequireQualified {
		return
	}
	switch q {
	case certsubject.Qualified:
		c.check(CheckQualified, StatusOK, "", "")
	case certsubject.Unknown:
		c.check(CheckQualified, StatusUnknown, SubChainConstraints, "%s", why)
	default:
		c.check(CheckQualified, StatusFailed, SubChainConstraints, "%s: %s", q, why)
	}
}

// maxIssuers bounds the signatures checked in search of the issuer.
const maxIssuers = 8

// issuer returns the certificate whose key made leaf's signature, and what
// stands over leaf as far as it is known.
func (j *job) issuer(leaf *pki.Certificate, path pki.PathResult) (issuer *pki.Certificate, over []*pki.Certificate) {
	if len(path.Path) > 1 {
		over = path.Path[1:]
		if path.Chain == pki.ChainTrusted {
			return over[0], over // path validation checked it
		}
	}
	candidates := append([]*pki.Certificate(nil), over[:min(len(over), 1)]...)
	if l, ok := j.opts.Accredited.(interface {
		named(rawSubject []byte) []*pki.Certificate
	}); ok {
		candidates = append(candidates, l.named(leaf.RawIssuer)...)
	} else if j.opts.Accredited == nil {
		return nil, over // nobody would be asked: not worth a public-key operation
	}
	for _, c := range j.evidence.certs {
		if len(candidates) < maxIssuers && pki.NamesEqual(c.RawSubject, leaf.RawIssuer) {
			candidates = append(candidates, c)
		}
	}
	for _, c := range candidates[:min(len(candidates), maxIssuers)] {
		if c.Equal(leaf) {
			continue
		}
		if _, err := leaf.CheckSignatureFrom(c, j.suites); err == nil {
			if len(over) == 0 {
				over = []*pki.Certificate{c}
			}
			return c, over
		}
	}
	return nil, over
}
