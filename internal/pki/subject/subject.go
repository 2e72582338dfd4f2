package subject

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// Kind says what kind of holder a certificate names. The zero value: it cannot
// be told.
type Kind string

// Kinds of holder.
const (
	LegalEntity  Kind = "legal-entity" // with or without a person acting for it
	Entrepreneur Kind = "entrepreneur" // индивидуальный предприниматель
	Person       Kind = "person"
)

// Class is that of the holder's signing means (ФСБ № 796). The zero value: none
// is named.
type Class string

// classes in ascending order; certificates name their own and all below it.
var classes = []struct {
	policy pki.OID
	class  Class
}{
	{asn1x.MustOID("1.2.643.100.113.1"), "KC1"}, {asn1x.MustOID("1.2.643.100.113.2"), "KC2"},
	{asn1x.MustOID("1.2.643.100.113.3"), "KC3"}, {asn1x.MustOID("1.2.643.100.113.4"), "KB1"},
	{asn1x.MustOID("1.2.643.100.113.5"), "KB2"}, {asn1x.MustOID("1.2.643.100.113.6"), "KA1"},
}

// Identification says how the holder was identified when the certificate was
// issued (identificationKind). The zero value: it is not said.
type Identification string

// identifications by their number in the extension.
var identifications = []Identification{
	"in-person",           // 0: personal presence
	"qualified-signature", // 1: without, by a qualified signature
	"passport",            // 2: without, by the chip of a passport for travel abroad
	"system",              // 3: without, by the state's identification systems and biometrics
}

// IssuerTools are the issuer's means and what they were certified by
// (issuerSignTool).
type IssuerTools struct {
	SignTool            string `json:"signTool"`
	CATool              string `json:"caTool"`
	SignToolCertificate string `json:"signToolCertificate"`
	CAToolCertificate   string `json:"caToolCertificate"`
}

// Problem is something in the certificate that is not as it must be. Codes are
// never reused.
type Problem string

// Problems.
const (
	ProblemINN            Problem = "inn"    // check digits or length
	ProblemINNLE          Problem = "innle"  // the same
	ProblemOGRN           Problem = "ogrn"   // the same
	ProblemOGRNIP         Problem = "ogrnip" // the same
	ProblemSNILS          Problem = "snils"  // the same
	ProblemSubjectTool    Problem = "subject-sign-tool"
	ProblemIssuerTool     Problem = "issuer-sign-tool"
	ProblemIdentification Problem = "identification-kind"

	// The certificate names several and so none; the first is in Subject.
	ProblemSeveralINN    Problem = "inn-several"
	ProblemSeveralINNLE  Problem = "innle-several"
	ProblemSeveralOGRN   Problem = "ogrn-several"
	ProblemSeveralOGRNIP Problem = "ogrnip-several"
	ProblemSeveralSNILS  Problem = "snils-several"
)

// numberAttributes identify the holder; each stands once in a certificate.
var numberAttributes = []struct {
	oid     pki.OID
	several Problem
}{
	{OIDINN, ProblemSeveralINN}, {OIDINNLE, ProblemSeveralINNLE}, {OIDOGRN, ProblemSeveralOGRN},
	{OIDOGRNIP, ProblemSeveralOGRNIP}, {OIDSNILS, ProblemSeveralSNILS},
}

// Subject is whom a certificate names. What is absent is empty.
type Subject struct {
	Kind           Kind
	CommonName     string
	Surname        string
	GivenName      string // and patronymic
	Organisation   string
	Unit           string
	Position       string
	INN            string // of the person, or of who is named where nothing else is
	INNLE          string
	OGRN           string
	OGRNIP         string
	SNILS          string // in full: see MaskSNILS before it is shown
	Tool           string // subjectSignTool
	IssuerTools    IssuerTools
	HasIssuerTools bool
	Class          Class
	Identification Identification
	Problems       []Problem
}

// Read reads a certificate. It cannot fail: what can't be read is in Problems.
func Read(c *pki.Certificate) Subject {
	get := func(oid pki.OID) string {
		v, _ := c.Subject.Get(oid)
		return strings.TrimSpace(v)
	}
	s := Subject{
		CommonName: get(oidCommonName), Surname: get(oidSurname), GivenName: get(oidGivenName),
		Organisation: get(oidOrganisation), Unit: get(oidUnit), Position: get(oidTitle),
		INN: get(OIDINN), INNLE: get(OIDINNLE), OGRN: get(OIDOGRN), OGRNIP: get(OIDOGRNIP), SNILS: get(OIDSNILS),
	}
	s.numbers()
	for _, n := range numberAttributes {
		first := get(n.oid)
		if slices.ContainsFunc(c.Subject, func(a pki.Attribute) bool { return a.OID == n.oid && strings.TrimSpace(a.Value) != first }) {
			s.Problems = append(s.Problems, n.several)
		}
	}
	s.kind()
	s.extensions(c)
	return s
}

// numbers sorts out the ИНН: before ИННЮЛ there was (2021) a legal entity's ten
// digits stood in the attribute for twelve, with two zeros before them.
func (s *Subject) numbers() {
	if ten, ok := strings.CutPrefix(s.INN, "00"); ok && s.INNLE == "" && len(ten) == 10 && vidimus.CheckINN(ten) {
		s.INN, s.INNLE = "", ten
	}
	check := func(v string, ok bool, p Problem) {
		if v != "" && !ok {
			s.Problems = append(s.Problems, p)
		}
	}
	check(s.INN, vidimus.CheckINN(s.INN), ProblemINN)
	check(s.INNLE, len(s.INNLE) == 10 && vidimus.CheckINN(s.INNLE), ProblemINNLE)
	check(s.OGRN, len(s.OGRN) == 13 && vidimus.CheckOGRN(s.OGRN), ProblemOGRN)
	check(s.OGRNIP, len(s.OGRNIP) == 15 && vidimus.CheckOGRN(s.OGRNIP), ProblemOGRNIP)
	check(s.SNILS, vidimus.CheckSNILS(s.SNILS), ProblemSNILS)
}

func (s *Subject) kind() {
	switch {
	case s.OGRN != "" || s.INNLE != "":
		s.Kind = LegalEntity
	case s.OGRNIP != "":
		s.Kind = Entrepreneur
	case s.Surname != "" && (s.SNILS != "" || len(s.INN) == 12), s.SNILS != "" && s.Organisation == "":
		s.Kind = Person
	}
}

func (s *Subject) extensions(c *pki.Certificate) {
	for _, k := range classes {
		for _, p := range c.Policies {
			if p == k.policy {
				s.Class = k.class
			}
		}
	}
	problem := func(p Problem) { s.Problems = append(s.Problems, p) }
	if x, ok := c.Extension(OIDSubjectSignTool); ok {
		cur := asn1x.NewCursor(x.Value)
		s.Tool = text(&cur, "subjectSignTool")
		cur.End("subjectSignTool")
		if cur.Err() != nil || blank(s.Tool) {
			s.Tool = ""
			problem(ProblemSubjectTool)
		}
	}
	if x, ok := c.Extension(OIDIssuerSignTool); ok {
		cur := asn1x.NewCursor(x.Value)
		in := cur.Open("issuerSignTool", asn1x.Sequence)
		t := IssuerTools{text(&in, "signTool"), text(&in, "cATool"), text(&in, "signToolCert"), text(&in, "cAToolCert")}
		in.End("issuerSignTool")
		cur.End("issuerSignTool")
		if cur.Err() != nil || blank(t.SignTool) || blank(t.CATool) || blank(t.SignToolCertificate) || blank(t.CAToolCertificate) {
			problem(ProblemIssuerTool)
		} else {
			s.IssuerTools, s.HasIssuerTools = t, true
		}
	}
	if x, ok := c.Extension(OIDIdentificationKind); ok {
		cur := asn1x.NewCursor(x.Value)
		n := cur.Next("identificationKind", asn1x.Integer).Body
		cur.End("identificationKind")
		if cur.Err() != nil || len(n) != 1 || int(n[0]) >= len(identifications) {
			problem(ProblemIdentification)
		} else {
			s.Identification = identifications[n[0]]
		}
	}
}

// maxToolName is what the order allows for a name of means (200 characters), and
// some more for those who did not count.
const maxToolName = 500

// text reads a UTF8String; some software writes other types of string.
func text(c *asn1x.Cursor, field string) string {
	v := c.Any(field)
	switch {
	case c.Err() != nil:
	case v.ID != asn1x.UTF8String && v.ID != asn1x.PrintableString && v.ID != asn1x.IA5String,
		!utf8.Valid(v.Body), utf8.RuneCount(v.Body) > maxToolName:
		c.Fail(field, asn1x.ErrSyntax)
	default:
		return string(v.Body)
	}
	return ""
}

// blank reports that a name names nothing: it has no letter and no digit.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// MaskSNILS leaves the last four digits: enough to tell two people apart, not
// enough to look one up. Digits of any script count.
func MaskSNILS(s string) string {
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsDigit(r) {
			return r
		}
		if digits--; digits < 4 {
			return r
		}
		return '*'
	}, s)
}
