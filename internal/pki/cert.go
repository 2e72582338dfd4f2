package pki

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// Certificate is an X.509 certificate (RFC 5280 §4.1). It refers to the bytes
// it was parsed from and must not be modified.
type Certificate struct {
	Raw, RawTBS           []byte
	RawIssuer, RawSubject []byte // Name elements

	Version            int    // 1, 2 or 3
	Serial             []byte // content octets of the INTEGER, two's complement
	SignatureAlgorithm AlgorithmIdentifier
	Signature          []byte
	Issuer, Subject    Name
	NotBefore          time.Time
	NotAfter           time.Time
	SPKI               SPKI

	Extensions          []Extension
	BasicConstraints    *BasicConstraints // nil: extension absent
	KeyUsage            KeyUsage          // 0: extension absent (an empty one is malformed)
	ExtKeyUsage         []OID
	ExtKeyUsageCritical bool
	KeyPeriod           KeyPeriod
	SubjectKeyID        []byte
	AuthorityKey        AuthorityKey
	OCSPServers         []string // AIA, id-ad-ocsp
	IssuerURLs          []string // AIA, id-ad-caIssuers
	CRLDistribution     []DistributionPoint
	SubjectAltName      []GeneralName
	NameConstraints     *NameConstraints
	Policies            []OID
	PolicyMappings      []PolicyMapping
	PolicyConstraints   PolicyConstraints
	OCSPNoCheck         bool // RFC 6960 §4.2.2.2.1
	NoRevocation        bool // RFC 9608 noRevAvail or EN 319 412-1 validity-assured short-term

	// UnknownCritical lists critical extensions that are not processed here.
	UnknownCritical []OID
	// Malformed lists extensions whose content could not be read.
	Malformed []OID
	// Warnings lists what the certificate does wrong but was understood.
	Warnings []Warning

	algorithmsDiffer bool // inner and outer AlgorithmIdentifier
}

// Extension is RFC 5280 §4.1.2.9.
type Extension struct {
	OID      OID
	Critical bool
	Value    []byte // content of the OCTET STRING
}

// Warning is a departure from the standard that does not stop reading.
type Warning struct {
	Code   WarningCode
	Detail string
}

func (w Warning) String() string { return string(w.Code) + ": " + w.Detail }

// WarningCode names a kind of departure. Codes are never reused.
type WarningCode string

// What parsers in this package forgive.
const (
	WarnBoolean        WarningCode = "boolean-not-ff"      // BOOLEAN TRUE not 0xFF (X.690 §11.1)
	WarnDefault        WarningCode = "default-encoded"     // DEFAULT value encoded (X.690 §11.5)
	WarnNameValue      WarningCode = "name-value-not-text" // RDN value that is no string (RFC 5280 §4.1.2.4)
	WarnNameText       WarningCode = "name-text-malformed" // string with characters its type does not have
	WarnSerial         WarningCode = "serial-not-positive" // RFC 5280 §4.1.2.2
	WarnSerialLong     WarningCode = "serial-too-long"     // more than 20 octets, same clause
	WarnInteger        WarningCode = "integer-not-minimal" // X.690 §8.3.2
	WarnTime           WarningCode = "time-form"           // RFC 5280 §4.1.2.5
	WarnLength         WarningCode = "length-not-minimal"  // X.690 §10.1
	WarnVersion        WarningCode = "version"             // extensions without version 3
	WarnExtension      WarningCode = "extension-malformed" // see Certificate.Malformed
	WarnAlgorithm      WarningCode = "algorithms-differ"   // RFC 5280 §4.1.1.2; fails verification
	WarnUnusedBits     WarningCode = "bit-string"          // unused bits set or a length not minimal
	WarnTrailing       WarningCode = "trailing-data"       // octets after the structure
	WarnCRLNextUpdate  WarningCode = "crl-no-next-update"  // RFC 5280 §5.1.2.5
	WarnKeyUsageAbsent WarningCode = "key-usage-absent"    // RFC 5280 §4.2.1.3
)

// ErrCertificate: not an X.509 certificate.
var ErrCertificate = errors.New("pki: malformed certificate")

// maxExtensions bounds a certificate's extensions; real ones have up to 20.
const maxExtensions = 100

// ParseCertificate reads one certificate; der must hold nothing else. The
// error is ErrCertificate with the field that could not be read.
func ParseCertificate(der []byte) (*Certificate, error) {
	c, rest, err := parseCertificate(der)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%w: %d octets after it", ErrCertificate, len(rest))
	}
	return c, nil
}

func parseCertificate(der []byte) (*Certificate, []byte, error) {
	cur := asn1x.NewCursor(der)
	outer := cur.Next("Certificate", asn1x.Sequence)
	in := cur.Inside(outer.Body)
	tbs := in.Next("tbsCertificate", asn1x.Sequence)
	alg := ParseAlgorithm(&in, "signatureAlgorithm")
	c := &Certificate{Raw: outer.Full, RawTBS: tbs.Full, SignatureAlgorithm: alg}
	c.Signature = bits(&in, "signatureValue")
	in.End("Certificate")
	t := cur.Inside(tbs.Body)
	c.parseTBS(&t)
	if err := cur.Err(); err != nil {
		return nil, der, fmt.Errorf("%w: %w", ErrCertificate, err)
	}
	return c, cur.Rest(), nil
}

func (c *Certificate) parseTBS(t *asn1x.Cursor) {
	c.Version = 1
	if t.Peek() == asn1x.ContextC(0) {
		v := t.Open("version", asn1x.ContextC(0))
		n, ok := smallInt(v.Next("version", asn1x.Integer).Body)
		v.End("version")
		if !ok || n > 2 {
			t.Fail("version", fmt.Errorf("version %d", n+1))
		}
		c.Version = n + 1
		if n == 0 {
			c.warn(WarnDefault, "version 1 written out")
		}
	}
	c.Serial = t.Next("serialNumber", asn1x.Integer).Body
	if t.Err() == nil && len(c.Serial) == 0 {
		t.Fail("serialNumber", asn1x.ErrSyntax)
	}
	inner := ParseAlgorithm(t, "signature")
	if !bytes.Equal(inner.Raw, c.SignatureAlgorithm.Raw) && t.Err() == nil {
		c.algorithmsDiffer = true
		c.warn(WarnAlgorithm, inner.OID.String()+" inside, "+c.SignatureAlgorithm.OID.String()+" outside")
	}
	c.RawIssuer = t.Next("issuer", asn1x.Sequence).Full
	validity := t.Open("validity", asn1x.Sequence)
	c.NotBefore = c.time(&validity, "notBefore")
	c.NotAfter = c.time(&validity, "notAfter")
	validity.End("validity")
	c.RawSubject = t.Next("subject", asn1x.Sequence).Full
	c.SPKI = parseSPKI(t)
	if t.Err() != nil {
		return
	}
	c.Issuer = parseName(c.RawIssuer, "issuer", &c.Warnings, t)
	c.Subject = parseName(c.RawSubject, "subject", &c.Warnings, t)
	c.checkSerial()
	t.Optional("issuerUniqueID", asn1x.Context(1))
	t.Optional("subjectUniqueID", asn1x.Context(2))
	if t.Peek() == asn1x.ContextC(3) {
		if c.Version != 3 {
			c.warn(WarnVersion, "extensions in a certificate that is not version 3")
		}
		x := t.Open("extensions", asn1x.ContextC(3))
		c.Extensions = parseExtensions(&x, &c.Warnings)
		x.End("extensions")
	}
	t.End("tbsCertificate")
	if t.Err() == nil {
		c.readExtensions()
	}
}

func parseSPKI(c *asn1x.Cursor) SPKI {
	v := c.Next("subjectPublicKeyInfo", asn1x.Sequence)
	in := c.Inside(v.Body)
	s := SPKI{Raw: v.Full, Algorithm: ParseAlgorithm(&in, "subjectPublicKeyInfo")}
	s.Key = bits(&in, "subjectPublicKey")
	in.End("subjectPublicKeyInfo")
	return s
}

// ParseSPKI reads a DER SubjectPublicKeyInfo. The error is ErrKey.
func ParseSPKI(der []byte) (SPKI, error) {
	c := asn1x.NewCursor(der)
	s := parseSPKI(&c)
	c.End("subjectPublicKeyInfo")
	if c.Err() != nil {
		return SPKI{}, fmt.Errorf("%w: %w", ErrKey, c.Err())
	}
	return s, nil
}

func parseExtensions(c *asn1x.Cursor, warnings *[]Warning) []Extension {
	list := c.Open("extensions", asn1x.Sequence)
	var out []Extension
	for list.More() {
		if len(out) == maxExtensions {
			list.Fail("extensions", errors.New("too many"))
			break
		}
		e := list.Open("extension", asn1x.Sequence)
		x := Extension{OID: e.OID("extnID")}
		if v, ok := e.Optional("critical", asn1x.Boolean); ok {
			x.Critical = boolean(&e, v, "critical", warnings)
			if !x.Critical {
				*warnings = append(*warnings, Warning{WarnDefault, "critical FALSE written out in " + x.OID.String()})
			}
		}
		x.Value = e.Next("extnValue", asn1x.OctetString).Body
		e.End("extension")
		for _, other := range out {
			if other.OID == x.OID {
				// RFC 5280 §4.2: which of the two counts would be a guess.
				list.Fail("extensions", errors.New("extension "+x.OID.String()+" twice"))
			}
		}
		out = append(out, x)
	}
	return out
}

// boolean reads a BOOLEAN; any non-zero octet is TRUE in BER (X.690 §8.2.2).
func boolean(c *asn1x.Cursor, v asn1x.Value, field string, warnings *[]Warning) bool {
	if len(v.Body) != 1 {
		c.Fail(field, asn1x.ErrSyntax)
		return false
	}
	if v.Body[0] != 0 && v.Body[0] != 0xff {
		*warnings = append(*warnings, Warning{WarnBoolean, fmt.Sprintf("%s TRUE as %#02x", field, v.Body[0])})
	}
	return v.Body[0] != 0
}

// bits reads a BIT STRING of whole octets.
func bits(c *asn1x.Cursor, field string) []byte {
	v := c.Next(field, asn1x.BitString)
	if c.Err() != nil {
		return nil
	}
	if len(v.Body) == 0 || v.Body[0] != 0 {
		c.Fail(field, errors.New("not whole octets"))
		return nil
	}
	return v.Body[1:]
}

func (c *Certificate) warn(code WarningCode, detail string) {
	c.Warnings = append(c.Warnings, Warning{code, detail})
}

func (c *Certificate) time(cur *asn1x.Cursor, field string) time.Time {
	return readTime(cur, field, &c.Warnings)
}

func (c *Certificate) checkSerial() {
	s := c.Serial
	switch {
	case s[0]&0x80 != 0:
		c.warn(WarnSerial, "negative")
	case len(trimSerial(s)) == 1 && s[len(s)-1] == 0:
		c.warn(WarnSerial, "zero")
	}
	if len(trimSerial(s)) != len(s) {
		c.warn(WarnInteger, "serialNumber")
	}
	if len(s) > 20 {
		c.warn(WarnSerialLong, fmt.Sprintf("%d octets", len(s)))
	}
}

// trimSerial drops octets that a minimal INTEGER would not have.
func trimSerial(s []byte) []byte {
	for len(s) > 1 && (s[0] == 0 && s[1]&0x80 == 0 || s[0] == 0xff && s[1]&0x80 != 0) {
		s = s[1:]
	}
	return s
}

// SerialEqual compares serial numbers as numbers.
func SerialEqual(a, b []byte) bool { return bytes.Equal(trimSerial(a), trimSerial(b)) }

// SerialString returns the serial number in decimal.
func (c *Certificate) SerialString() string {
	n := new(big.Int).SetBytes(c.Serial)
	if len(c.Serial) > 0 && c.Serial[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(c.Serial))))
	}
	return n.String()
}

// Extension returns the value of extension oid.
func (c *Certificate) Extension(oid OID) (Extension, bool) {
	for _, e := range c.Extensions {
		if e.OID == oid {
			return e, true
		}
	}
	return Extension{}, false
}

// Equal reports whether both are the same bytes.
func (c *Certificate) Equal(d *Certificate) bool { return bytes.Equal(c.Raw, d.Raw) }

// SelfIssued reports whether issuer and subject are one name (RFC 5280 §6.1).
func (c *Certificate) SelfIssued() bool { return NamesEqual(c.RawSubject, c.RawIssuer) }

// Fingerprint returns the SHA-256 of the certificate.
func (c *Certificate) Fingerprint() [32]byte { return sha256.Sum256(c.Raw) }

// KeyHash returns the SHA-1 of the public key's bits, the usual key identifier
// (RFC 5280 §4.2.1.2 (1)).
func (c *Certificate) KeyHash() []byte {
	h := sha1.Sum(c.SPKI.Key)
	return h[:]
}

// CheckSignatureFrom checks c's signature with issuer's key; it looks at
// nothing else. Errors are those of Suites.Verify.
func (c *Certificate) CheckSignatureFrom(issuer *Certificate, s *Suites) (Use, error) {
	if c.algorithmsDiffer {
		return Use{}, fmt.Errorf("%w: signature algorithms inside and outside differ", ErrSignature)
	}
	return s.Verify(issuer.SPKI, c.SignatureAlgorithm, "", Signed{Message: c.RawTBS}, c.Signature)
}
