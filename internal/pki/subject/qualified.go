package subject

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// Qualification names a certificate. The zero value: nobody asked.
type Qualification string

// Qualifications.
const (
	Qualified   Qualification = "qualified"
	Unqualified Qualification = "unqualified"
	TestCA      Qualification = "test"
	Unknown     Qualification = "unknown"
)

// Reason says why. Codes are never reused.
type Reason string

// Reasons.
const (
	ReasonAccredited    Reason = "accredited"     // qualified: by an authority accredited then, in the form prescribed
	ReasonTestName      Reason = "test-name"      // test: an authority over it calls itself so
	ReasonNotAccredited Reason = "not-accredited" // unqualified
	ReasonForm          Reason = "form"           // unqualified: a field that a qualified certificate must have is absent, empty or unreadable, or its key is no GOST key
	ReasonNotAsked      Reason = "not-asked"      // unknown: no list of accredited authorities at hand
	ReasonNoAnswer      Reason = "no-answer"      // unknown: the lists cannot tell
	ReasonNoIssuer      Reason = "no-issuer"      // unknown: no authority is proven to have issued it
)

// Evidence is what is known from elsewhere.
type Evidence struct {
	// Issued: the issuer's certificate is at hand and its key signed this one.
	Issued bool
	// Asked: a list of accredited authorities was asked about the issuer, on the
	// day the certificate was issued. Accredited and NotAccredited are its answer;
	// neither: it cannot tell.
	Asked, Accredited, NotAccredited bool
}

// Judge names a certificate; over are the certificates above it, issuer first,
// as far as they are known. Qualified takes everything: an issuer proven by its
// signature, accredited on that day, and the fields of 63-ФЗ ст. 17 ч. 2 and of
// приказ ФСБ № 795 that tell qualified certificates from others.
func Judge(c *pki.Certificate, over []*pki.Certificate, e Evidence) (Qualification, Reason) {
	switch {
	case e.Issued && e.Accredited && qualifiedForm(c):
		return Qualified, ReasonAccredited
	case test(c.Issuer) || slices.ContainsFunc(over, func(o *pki.Certificate) bool { return test(o.Subject) || test(o.Issuer) }):
		return TestCA, ReasonTestName
	case !e.Issued:
		return Unknown, ReasonNoIssuer
	case e.Accredited:
		return Unqualified, ReasonForm
	case e.NotAccredited:
		return Unqualified, ReasonNotAccredited
	case e.Asked:
		return Unknown, ReasonNoAnswer
	}
	return Unknown, ReasonNotAsked
}

// keyAlgorithms are those of the means that are certified for qualified
// signatures (63-ФЗ ст. 5 ч. 4 п. 2): GOST R 34.10-2012, and of 2001 before it.
var keyAlgorithms = []pki.OID{
	asn1x.MustOID("1.2.643.7.1.1.1.1"), asn1x.MustOID("1.2.643.7.1.1.1.2"), asn1x.MustOID("1.2.643.2.2.19"),
}

// qualifiedForm: the class and the means of the holder, those of the issuer, and
// a key that such means can hold.
func qualifiedForm(c *pki.Certificate) bool {
	s := Read(c)
	return s.Class != "" && s.Tool != "" && s.HasIssuerTools && slices.Contains(keyAlgorithms, c.SPKI.Algorithm.OID)
}

//go:embed testca.json
var testNames []byte

// testList is the parsed table; it is constant.
var testList = parseTestNames(testNames)

type nameTable struct{ Exact, Prefix []string }

func parseTestNames(data []byte) nameTable {
	var t nameTable
	if err := json.Unmarshal(data, &t); err != nil {
		panic("subject: testca.json: " + err.Error()) // embedded, and read by every test
	}
	for i := range t.Exact {
		t.Exact[i] = fold(t.Exact[i])
	}
	for i := range t.Prefix {
		t.Prefix[i] = fold(t.Prefix[i])
	}
	return t
}

// test reports whether a name says that it is a test authority's.
func test(n pki.Name) bool {
	for _, a := range n {
		if a.OID != oidCommonName && a.OID != oidOrganisation {
			continue
		}
		v := fold(a.Value)
		if slices.Contains(testList.Exact, v) ||
			slices.ContainsFunc(testList.Prefix, func(p string) bool { return v == p || strings.HasPrefix(v, p+" ") }) {
			return true
		}
	}
	return false
}

func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`"«»“”„'`, r) {
			return -1
		}
		return r
	}, strings.ToLower(s))
	return strings.Join(strings.Fields(s), " ")
}
