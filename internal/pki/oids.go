package pki

import "github.com/vidimus/vidimus/internal/asn1x"

// Digest algorithms (RFC 8017 B.1, FIPS 202, RFC 8702).
var (
	OIDMD5         = asn1x.MustOID("1.2.840.113549.2.5")
	OIDSHA1        = asn1x.MustOID("1.3.14.3.2.26")
	OIDSHA224      = asn1x.MustOID("2.16.840.1.101.3.4.2.4")
	OIDSHA256      = asn1x.MustOID("2.16.840.1.101.3.4.2.1")
	OIDSHA384      = asn1x.MustOID("2.16.840.1.101.3.4.2.2")
	OIDSHA512      = asn1x.MustOID("2.16.840.1.101.3.4.2.3")
	OIDSHA512_256  = asn1x.MustOID("2.16.840.1.101.3.4.2.6")
	OIDSHA3_224    = asn1x.MustOID("2.16.840.1.101.3.4.2.7")
	OIDSHA3_256    = asn1x.MustOID("2.16.840.1.101.3.4.2.8")
	OIDSHA3_384    = asn1x.MustOID("2.16.840.1.101.3.4.2.9")
	OIDSHA3_512    = asn1x.MustOID("2.16.840.1.101.3.4.2.10")
	OIDSHAKE256    = asn1x.MustOID("2.16.840.1.101.3.4.2.12")
	OIDSHAKE256Len = asn1x.MustOID("2.16.840.1.101.3.4.2.18")
)

// Keys and signatures (RFC 8017, RFC 3279, RFC 5758, RFC 8410, NIST CSOR).
var (
	OIDRSA       = asn1x.MustOID("1.2.840.113549.1.1.1")
	OIDRSAPSS    = asn1x.MustOID("1.2.840.113549.1.1.10")
	OIDMGF1      = asn1x.MustOID("1.2.840.113549.1.1.8")
	OIDECPublic  = asn1x.MustOID("1.2.840.10045.2.1")
	OIDEd25519   = asn1x.MustOID("1.3.101.112")
	OIDEd448     = asn1x.MustOID("1.3.101.113")
	OIDECDSA256  = asn1x.MustOID("1.2.840.10045.4.3.2")
	OIDECDSA384  = asn1x.MustOID("1.2.840.10045.4.3.3")
	OIDECDSA512  = asn1x.MustOID("1.2.840.10045.4.3.4")
	OIDRSASHA256 = asn1x.MustOID("1.2.840.113549.1.1.11")
	OIDRSASHA384 = asn1x.MustOID("1.2.840.113549.1.1.12")
	OIDRSASHA512 = asn1x.MustOID("1.2.840.113549.1.1.13")
)

// Certificate, CRL and OCSP extensions (RFC 5280 §4.2, §5.2; RFC 6960 §4.4).
var (
	oidExtSKI               = asn1x.MustOID("2.5.29.14")
	oidExtKeyUsage          = asn1x.MustOID("2.5.29.15")
	oidExtKeyPeriod         = asn1x.MustOID("2.5.29.16")
	oidExtSAN               = asn1x.MustOID("2.5.29.17")
	oidExtIAN               = asn1x.MustOID("2.5.29.18")
	oidExtBasicConstraints  = asn1x.MustOID("2.5.29.19")
	oidExtCRLNumber         = asn1x.MustOID("2.5.29.20")
	oidExtReason            = asn1x.MustOID("2.5.29.21")
	oidExtInvalidityDate    = asn1x.MustOID("2.5.29.24")
	oidExtDeltaCRL          = asn1x.MustOID("2.5.29.27")
	oidExtIDP               = asn1x.MustOID("2.5.29.28")
	oidExtNameConstraints   = asn1x.MustOID("2.5.29.30")
	oidExtCRLDP             = asn1x.MustOID("2.5.29.31")
	oidExtPolicies          = asn1x.MustOID("2.5.29.32")
	oidExtPolicyMappings    = asn1x.MustOID("2.5.29.33")
	oidExtAKI               = asn1x.MustOID("2.5.29.35")
	oidExtPolicyConstraints = asn1x.MustOID("2.5.29.36")
	oidExtEKU               = asn1x.MustOID("2.5.29.37")
	oidExtFreshestCRL       = asn1x.MustOID("2.5.29.46")
	oidExtInhibitAnyPolicy  = asn1x.MustOID("2.5.29.54")
	oidExtNoRevAvail        = asn1x.MustOID("2.5.29.56")
	oidExtExpiredCertsOnCRL = asn1x.MustOID("2.5.29.60")
	oidExtAIA               = asn1x.MustOID("1.3.6.1.5.5.7.1.1")
	oidExtOCSPNoCheck       = asn1x.MustOID("1.3.6.1.5.5.7.48.1.5")
	oidExtOCSPNonce         = asn1x.MustOID("1.3.6.1.5.5.7.48.1.2")
	oidExtOCSPArchiveCutoff = asn1x.MustOID("1.3.6.1.5.5.7.48.1.6")
	oidExtValidityAssured   = asn1x.MustOID("0.4.0.194121.2.1") // EN 319 412-1 §5.2
	oidAccessOCSP           = asn1x.MustOID("1.3.6.1.5.5.7.48.1")
	oidAccessIssuers        = asn1x.MustOID("1.3.6.1.5.5.7.48.2")
	oidOCSPBasic            = asn1x.MustOID("1.3.6.1.5.5.7.48.1.1")
	oidAnyPolicy            = asn1x.MustOID("2.5.29.32.0")
	oidAttrEmail            = asn1x.MustOID("1.2.840.113549.1.9.1")
	oidAttrCommonName       = asn1x.MustOID("2.5.4.3")
	oidAttrOrganisation     = asn1x.MustOID("2.5.4.10")
)

// Extended key usages (RFC 5280 §4.2.1.12, RFC 9336).
var (
	EKUAny             = asn1x.MustOID("2.5.29.37.0")
	EKUTimeStamping    = asn1x.MustOID("1.3.6.1.5.5.7.3.8")
	EKUOCSPSigning     = asn1x.MustOID("1.3.6.1.5.5.7.3.9")
	EKUEmailProtection = asn1x.MustOID("1.3.6.1.5.5.7.3.4")
	EKUDocumentSigning = asn1x.MustOID("1.3.6.1.5.5.7.3.36")
)
