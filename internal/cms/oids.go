package cms

import "github.com/vidimus/vidimus/internal/asn1x"

// OID is an object identifier.
type OID = asn1x.OID

// Content types (RFC 5652 §4, §5.1; RFC 3161 §2.4.2).
var (
	OIDData       = asn1x.MustOID("1.2.840.113549.1.7.1")
	OIDSignedData = asn1x.MustOID("1.2.840.113549.1.7.2")
	OIDTSTInfo    = asn1x.MustOID("1.2.840.113549.1.9.16.1.4")
)

// Attributes (RFC 5652 §11, RFC 2634 §5.4, RFC 5035, RFC 6211, EN 319 122-1,
// ISO 32000-2 §12.8.3.3.2).
var (
	OIDContentType          = asn1x.MustOID("1.2.840.113549.1.9.3")
	OIDMessageDigest        = asn1x.MustOID("1.2.840.113549.1.9.4")
	OIDSigningTime          = asn1x.MustOID("1.2.840.113549.1.9.5")
	OIDCountersignature     = asn1x.MustOID("1.2.840.113549.1.9.6")
	OIDContentHints         = asn1x.MustOID("1.2.840.113549.1.9.16.2.4")
	OIDSigningCertificate   = asn1x.MustOID("1.2.840.113549.1.9.16.2.12")
	OIDSigningCertificateV2 = asn1x.MustOID("1.2.840.113549.1.9.16.2.47")
	OIDSignaturePolicy      = asn1x.MustOID("1.2.840.113549.1.9.16.2.15")
	OIDCommitmentType       = asn1x.MustOID("1.2.840.113549.1.9.16.2.16")
	OIDAlgorithmProtection  = asn1x.MustOID("1.2.840.113549.1.9.52")
	OIDContentTimestamp     = asn1x.MustOID("1.2.840.113549.1.9.16.2.20")
	OIDSignatureTimestamp   = asn1x.MustOID("1.2.840.113549.1.9.16.2.14")
	OIDCertificateValues    = asn1x.MustOID("1.2.840.113549.1.9.16.2.23")
	OIDRevocationValues     = asn1x.MustOID("1.2.840.113549.1.9.16.2.24")
	OIDArchiveTimestampV2   = asn1x.MustOID("1.2.840.113549.1.9.16.2.48")
	OIDArchiveTimestampV3   = asn1x.MustOID("0.4.0.1733.2.4")
	OIDATSHashIndexV3       = asn1x.MustOID("0.4.0.19122.1.5")
	OIDAdobeRevocation      = asn1x.MustOID("1.2.840.113583.1.1.8")
)

// Other revocation information (RFC 5940 §2).
var (
	oidOCSPResponse = asn1x.MustOID("1.3.6.1.5.5.7.16.2")
)
