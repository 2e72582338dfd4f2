// Package subject reads who a certificate was issued to in Russian terms, with
// what means and how the person was identified:
//
//	s := subject.Read(cert)
//	// s.Kind, s.INN, s.Organisation, s.Position, s.Class, s.Problems
//	q := subject.Judge(cert, issuers, subject.Evidence{…}) // qualified, unqualified, test, unknown
//
// Приказ ФСБ России от 27.12.2011 № 795 (form of a qualified certificate),
// 63-ФЗ ст. 14, 17; RFC 9215 §5 names the identifiers.
package subject

import "github.com/vidimus/vidimus/internal/asn1x"

// Attributes of names.
var (
	OIDINN    = asn1x.MustOID("1.2.643.3.131.1.1")
	OIDINNLE  = asn1x.MustOID("1.2.643.100.4")
	OIDOGRN   = asn1x.MustOID("1.2.643.100.1")
	OIDOGRNIP = asn1x.MustOID("1.2.643.100.5")
	OIDSNILS  = asn1x.MustOID("1.2.643.100.3")

	oidCommonName   = asn1x.MustOID("2.5.4.3")
	oidSurname      = asn1x.MustOID("2.5.4.4")
	oidGivenName    = asn1x.MustOID("2.5.4.42")
	oidOrganisation = asn1x.MustOID("2.5.4.10")
	oidUnit         = asn1x.MustOID("2.5.4.11")
	oidTitle        = asn1x.MustOID("2.5.4.12")
)

// Extensions.
var (
	OIDSubjectSignTool    = asn1x.MustOID("1.2.643.100.111")
	OIDIssuerSignTool     = asn1x.MustOID("1.2.643.100.112")
	OIDIdentificationKind = asn1x.MustOID("1.2.643.100.114")
)
