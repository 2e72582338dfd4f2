package cms

import (
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

var (
	// ErrMalformed: the bytes are no SignedData.
	ErrMalformed = errors.New("cms: malformed")
	// ErrContentType: CMS, but not SignedData.
	ErrContentType = errors.New("cms: not SignedData")
)

// SignedData is RFC 5652 §5.1. It refers to the bytes it was parsed from.
type SignedData struct {
	Raw              []byte // ContentInfo in DER, without padding
	Version          int
	DigestAlgorithms []pki.AlgorithmIdentifier
	ContentType      OID    // eContentType
	Content          []byte // nil when detached
	Attached         bool
	Certificates     []*pki.Certificate // in the order found, which means nothing
	CRLs             [][]byte
	OCSPs            [][]byte // OCSPResponse (RFC 5940)
	SignerInfos      []*SignerInfo
	// BER: the input had indefinite lengths or segmented strings.
	BER bool
	// Trailing counts the octets after the structure; TrailingData says that
	// they were not all zero.
	Trailing     int
	TrailingData bool
	Warnings     []pki.Warning

	certificate  func(der []byte) (*pki.Certificate, error)
	otherFormats bool // members of certificates or crls that are not X.509

	rawCertificates, rawCRLs []byte // contents of the two fields
}

// SignerInfo is RFC 5652 §5.3. Either Issuer and Serial or KeyID name the
// signer's certificate.
type SignerInfo struct {
	Raw                []byte
	Version            int
	Issuer             []byte // Name element
	Serial             []byte
	KeyID              []byte
	DigestAlgorithm    pki.AlgorithmIdentifier
	SignedAttrs        []Attribute
	SignatureAlgorithm pki.AlgorithmIdentifier
	Signature          []byte
	UnsignedAttrs      []Attribute
	// RawSignedAttrs is the [0] element as read, nil when absent.
	RawSignedAttrs []byte

	sd    *SignedData
	fixed []byte // the fields up to signature
	over  []byte // of a countersignature: the value it signs; nil: the content
}

// Attribute is RFC 5652 §5.3; each value is a whole element.
type Attribute struct {
	OID    OID
	Raw    []byte
	Values [][]byte
}

// Warning codes of this package; see pki.WarningCode.
const (
	WarnVersion     pki.WarningCode = "cms-version"          // not the version RFC 5652 §5.1, §5.3 prescribe
	WarnTrailing    pki.WarningCode = "cms-trailing-data"    // octets other than zero after the structure
	WarnContent     pki.WarningCode = "cms-content"          // eContent that is no OCTET STRING, as in PKCS #7
	WarnSignerName  pki.WarningCode = "cms-signer-name"      // the sid writes the issuer's name in another way
	WarnCertificate pki.WarningCode = "cms-certificate"      // a member of certificates that can't be read
	WarnDigestAlgs  pki.WarningCode = "cms-digest-algorithm" // RFC 5652 §5.1: not listed in digestAlgorithms
)

// Bounds on what is kept from one structure. A signature has one signer as a
// rule and a chain of a handful; a list beyond these is an attack.
const (
	maxCertificates = 500
	maxSigners      = 100
	maxAttributes   = 200
	maxValues       = 200
)

var errTooMany = errors.New("too many elements")

// Parse reads a ContentInfo with SignedData in DER or BER from the start of b.
// What follows the structure is counted, not read: signatures in PDF are
// padded. Errors are ErrMalformed and ErrContentType.
func Parse(b []byte) (*SignedData, error) { return ParseWith(b, pki.ParseCertificate) }

// ParseWith is [Parse] for who has seen most certificates before: it asks
// certificate for those in the structure, given in DER, instead of
// [pki.ParseCertificate]. An error from it is a warning.
func ParseWith(b []byte, certificate func(der []byte) (*pki.Certificate, error)) (*SignedData, error) {
	der, rest, err := asn1x.ToDER(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	sd := &SignedData{Raw: der, Trailing: len(rest), certificate: certificate}
	sd.BER = len(der) > 0 && &der[0] != &b[0]
	for _, o := range rest {
		if o != 0 {
			sd.TrailingData = true
			sd.warn(WarnTrailing, fmt.Sprintf("%d octets", len(rest)))
			break
		}
	}
	c := asn1x.NewCursor(der)
	ci := c.Open("ContentInfo", asn1x.Sequence)
	contentType := ci.OID("contentType")
	if c.Err() == nil && contentType != OIDSignedData {
		return nil, fmt.Errorf("%w: content type %s", ErrContentType, contentType)
	}
	explicit := ci.Open("content", asn1x.ContextC(0))
	ci.End("ContentInfo")
	body := explicit.Open("SignedData", asn1x.Sequence)
	explicit.End("SignedData")
	sd.read(&body)
	if err := c.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	sd.checkVersions()
	return sd, nil
}

func (sd *SignedData) warn(code pki.WarningCode, detail string) {
	sd.Warnings = append(sd.Warnings, pki.Warning{Code: code, Detail: detail})
}

func (sd *SignedData) read(c *asn1x.Cursor) {
	sd.Version = version(c)
	algs := c.Open("digestAlgorithms", asn1x.Set)
	for algs.More() {
		if len(sd.DigestAlgorithms) == maxSigners {
			algs.Fail("digestAlgorithms", errTooMany)
			return
		}
		sd.DigestAlgorithms = append(sd.DigestAlgorithms, pki.ParseAlgorithm(&algs, "digestAlgorithm"))
	}
	encap := c.Open("encapContentInfo", asn1x.Sequence)
	sd.ContentType = encap.OID("eContentType")
	if encap.Peek() == asn1x.ContextC(0) {
		explicit := encap.Open("eContent", asn1x.ContextC(0))
		// PKCS #7 allowed any type here; its octets without identifier and
		// length are what is digested (RFC 5652 §5.2.1).
		v := explicit.Any("eContent")
		if v.ID != asn1x.OctetString && c.Err() == nil {
			sd.warn(WarnContent, fmt.Sprintf("eContent has tag %#02x", v.ID))
		}
		explicit.End("eContent")
		sd.Content, sd.Attached = v.Body, true
	}
	encap.End("encapContentInfo")
	if v, ok := c.Optional("certificates", asn1x.ContextC(0)); ok {
		in := c.Inside(v.Body)
		sd.rawCertificates = v.Body
		sd.readCertificates(&in)
	}
	if v, ok := c.Optional("crls", asn1x.ContextC(1)); ok {
		in := c.Inside(v.Body)
		sd.rawCRLs = v.Body
		sd.readRevocation(&in)
	}
	signers := c.Open("signerInfos", asn1x.Set)
	for signers.More() {
		if len(sd.SignerInfos) == maxSigners {
			signers.Fail("signerInfos", errTooMany)
			return
		}
		sd.SignerInfos = append(sd.SignerInfos, sd.readSigner(&signers))
	}
	c.End("SignedData")
}

// version reads a CMSVersion; 0 to 5 are defined (RFC 5652 §10.2.5).
func version(c *asn1x.Cursor) int {
	v := c.Next("version", asn1x.Integer)
	if c.Err() != nil {
		return 0
	}
	if len(v.Body) != 1 || v.Body[0] > 5 {
		c.Fail("version", errors.New("not a CMS version"))
		return 0
	}
	return int(v.Body[0])
}

func (sd *SignedData) readCertificates(c *asn1x.Cursor) {
	for n := 0; c.More(); n++ {
		if n == maxCertificates {
			c.Fail("certificates", errTooMany)
			return
		}
		v := c.Any("certificate")
		if c.Err() != nil {
			return
		}
		if v.ID != asn1x.Sequence { // attribute certificates and other formats
			sd.otherFormats = true
			sd.warn(WarnCertificate, fmt.Sprintf("member %d is of another format (tag %#02x)", n, v.ID))
			continue
		}
		cert, err := sd.certificate(v.Full)
		if err != nil {
			sd.warn(WarnCertificate, fmt.Sprintf("member %d: %v", n, err))
			continue
		}
		sd.Certificates = append(sd.Certificates, cert)
	}
}

// readRevocation reads RevocationInfoChoices (RFC 5652 §10.2.1).
func (sd *SignedData) readRevocation(c *asn1x.Cursor) {
	for n := 0; c.More(); n++ {
		if n == maxCertificates {
			c.Fail("crls", errTooMany)
			return
		}
		v := c.Any("crl")
		switch v.ID {
		case asn1x.Sequence:
			sd.CRLs = append(sd.CRLs, v.Full)
		case asn1x.ContextC(1):
			sd.otherFormats = true
			in := c.Inside(v.Body)
			format := in.OID("otherRevInfoFormat")
			info := in.Any("otherRevInfo")
			if format == oidOCSPResponse {
				sd.OCSPs = append(sd.OCSPs, info.Full)
			}
		}
	}
}

func (sd *SignedData) readSigner(c *asn1x.Cursor) *SignerInfo {
	v := c.Next("SignerInfo", asn1x.Sequence)
	in := c.Inside(v.Body)
	si := &SignerInfo{Raw: v.Full, sd: sd, Version: version(&in)}
	switch in.Peek() {
	case asn1x.Sequence:
		sid := in.Open("issuerAndSerialNumber", asn1x.Sequence)
		si.Issuer = sid.Next("issuer", asn1x.Sequence).Full
		si.Serial = sid.Next("serialNumber", asn1x.Integer).Body
		sid.End("issuerAndSerialNumber")
	default:
		si.KeyID = in.Next("subjectKeyIdentifier", asn1x.Context(0)).Body
	}
	si.DigestAlgorithm = pki.ParseAlgorithm(&in, "digestAlgorithm")
	if v, ok := in.Optional("signedAttrs", asn1x.ContextC(0)); ok {
		si.RawSignedAttrs = v.Full
		attrs := in.Inside(v.Body)
		si.SignedAttrs = readAttributes(&attrs, "signedAttrs")
	}
	si.SignatureAlgorithm = pki.ParseAlgorithm(&in, "signatureAlgorithm")
	si.Signature = in.Next("signature", asn1x.OctetString).Body
	si.fixed = v.Body[:len(v.Body)-len(in.Rest())]
	if v, ok := in.Optional("unsignedAttrs", asn1x.ContextC(1)); ok {
		attrs := in.Inside(v.Body)
		si.UnsignedAttrs = readAttributes(&attrs, "unsignedAttrs")
	}
	in.End("SignerInfo")
	return si
}

func readAttributes(c *asn1x.Cursor, field string) []Attribute {
	var out []Attribute
	for c.More() {
		if len(out) == maxAttributes {
			c.Fail(field, errTooMany)
			break
		}
		v := c.Next(field, asn1x.Sequence)
		in := c.Inside(v.Body)
		a := Attribute{Raw: v.Full, OID: in.OID(field)}
		set := in.Open(field, asn1x.Set)
		for set.More() {
			if len(a.Values) == maxValues {
				set.Fail(field, errTooMany)
				break
			}
			a.Values = append(a.Values, set.Any(field).Full)
		}
		in.End(field)
		out = append(out, a)
	}
	return out
}

// checkVersions compares with RFC 5652 §5.1 and §5.3.
func (sd *SignedData) checkVersions() {
	want := 1
	if sd.ContentType != OIDData {
		want = 3
	}
	for i, si := range sd.SignerInfos {
		expect := 1
		if si.KeyID != nil {
			expect, want = 3, 3
		}
		if si.Version != expect {
			sd.warn(WarnVersion, fmt.Sprintf("SignerInfo %d: version %d, not %d", i, si.Version, expect))
		}
		listed := false
		for _, a := range sd.DigestAlgorithms {
			listed = listed || a.OID == si.DigestAlgorithm.OID
		}
		if !listed {
			sd.warn(WarnDigestAlgs, fmt.Sprintf("SignerInfo %d: %s", i, si.DigestAlgorithm.OID))
		}
	}
	// Certificates and CRLs of other formats raise the version to 3, 4 or 5.
	if sd.Version < want || sd.Version > want && !sd.otherFormats {
		sd.warn(WarnVersion, fmt.Sprintf("SignedData: version %d, not %d", sd.Version, want))
	}
}
