package pki

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// CRL is a certificate revocation list (RFC 5280 §5). It refers to the bytes
// it was parsed from; entries are looked up in them, so that a list of a
// million entries costs no more memory than its bytes.
type CRL struct {
	Raw, RawTBS, RawIssuer []byte
	Issuer                 Name
	SignatureAlgorithm     AlgorithmIdentifier
	Signature              []byte
	ThisUpdate             time.Time
	NextUpdate             time.Time // zero: absent
	Extensions             []Extension
	AuthorityKey           AuthorityKey
	Number                 []byte // cRLNumber; nil: absent
	BaseNumber             []byte // deltaCRLIndicator; nil: not a delta
	Scope                  *IssuingDistributionPoint
	ExpiredCertsFrom       time.Time // expiredCertsOnCRL (X.509 §9.5.2.8); zero: absent
	Entries                int
	UnknownCritical        []OID
	Warnings               []Warning

	entries          []byte
	algorithmsDiffer bool
	// entryProblem is why entries of this list can't be trusted to be complete.
	entryProblem error
}

// IssuingDistributionPoint is RFC 5280 §5.2.5.
type IssuingDistributionPoint struct {
	Raw            []byte
	FullName       []GeneralName
	Relative       []byte
	OnlyUsers      bool
	OnlyCAs        bool
	OnlyAttributes bool
	Reasons        []byte // content of the BIT STRING; nil: all reasons
	Indirect       bool
}

// Revocation is an entry of a CRL or the revoked state of an OCSP response.
type Revocation struct {
	Serial         []byte
	At             time.Time
	Reason         int // CRLReason (RFC 5280 §5.3.1); 0: unspecified or absent
	InvalidityDate time.Time
}

// Reason codes that mean something to the rules here.
const (
	ReasonCertificateHold = 6
	ReasonRemoveFromCRL   = 8
)

// ErrCRL: not a certificate list.
var ErrCRL = errors.New("pki: malformed CRL")

// ParseCRL reads one CRL; der must hold nothing else. Every entry is read
// once for its form. The error is ErrCRL.
func ParseCRL(der []byte) (*CRL, error) {
	cur := asn1x.NewCursor(der)
	outer := cur.Next("CertificateList", asn1x.Sequence)
	in := cur.Inside(outer.Body)
	tbs := in.Next("tbsCertList", asn1x.Sequence)
	l := &CRL{Raw: outer.Full, RawTBS: tbs.Full, SignatureAlgorithm: ParseAlgorithm(&in, "signatureAlgorithm")}
	l.Signature = bits(&in, "signatureValue")
	in.End("CertificateList")
	cur.End("CertificateList")
	t := cur.Inside(tbs.Body)
	l.parseTBS(&t)
	if err := cur.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCRL, err)
	}
	return l, nil
}

func (l *CRL) parseTBS(t *asn1x.Cursor) {
	if v, ok := t.Optional("version", asn1x.Integer); ok && !bytes.Equal(v.Body, []byte{1}) {
		t.Fail("version", errors.New("not version 2"))
	}
	inner := ParseAlgorithm(t, "signature")
	l.algorithmsDiffer = !bytes.Equal(inner.Raw, l.SignatureAlgorithm.Raw)
	l.RawIssuer = t.Next("issuer", asn1x.Sequence).Full
	l.ThisUpdate = readTime(t, "thisUpdate", &l.Warnings)
	if id := t.Peek(); id == asn1x.UTCTime || id == asn1x.GeneralizedTime {
		l.NextUpdate = readTime(t, "nextUpdate", &l.Warnings)
	} else {
		l.Warnings = append(l.Warnings, Warning{WarnCRLNextUpdate, "absent"})
	}
	if v, ok := t.Optional("revokedCertificates", asn1x.Sequence); ok {
		l.entries = v.Body
		l.checkEntries(t)
	}
	if t.Err() != nil {
		return
	}
	l.Issuer = parseName(l.RawIssuer, "issuer", &l.Warnings, t)
	if t.Peek() == asn1x.ContextC(0) {
		x := t.Open("crlExtensions", asn1x.ContextC(0))
		l.Extensions = parseExtensions(&x, &l.Warnings)
		x.End("crlExtensions")
	}
	t.End("tbsCertList")
	for _, x := range l.Extensions {
		l.readExtension(t, x)
	}
}

func (l *CRL) readExtension(t *asn1x.Cursor, x Extension) {
	c := t.Inside(x.Value)
	switch x.OID {
	case oidExtAKI:
		l.AuthorityKey = readAuthorityKey(&c)
	case oidExtCRLNumber:
		l.Number = c.Next("cRLNumber", asn1x.Integer).Body
	case oidExtDeltaCRL:
		l.BaseNumber = c.Next("deltaCRLIndicator", asn1x.Integer).Body
		if len(l.BaseNumber) == 0 {
			c.Fail("deltaCRLIndicator", asn1x.ErrSyntax)
		}
	case oidExtIDP:
		l.Scope = l.readScope(&c)
		l.Scope.Raw = x.Value
	case oidExtExpiredCertsOnCRL:
		l.ExpiredCertsFrom = readTime(&c, "expiredCertsOnCRL", &l.Warnings)
	case oidExtFreshestCRL, oidExtAIA, oidExtIAN:
		return
	default:
		if x.Critical {
			l.UnknownCritical = append(l.UnknownCritical, x.OID)
		}
		return
	}
	c.End("extension " + x.OID.String())
}

func (l *CRL) readScope(c *asn1x.Cursor) *IssuingDistributionPoint {
	p := &IssuingDistributionPoint{}
	seq := c.Open("issuingDistributionPoint", asn1x.Sequence)
	if v, ok := seq.Optional("distributionPoint", asn1x.ContextC(0)); ok {
		name := seq.Inside(v.Body)
		readPointName(&name, &p.FullName, &p.Relative)
	}
	flag := func(n byte, name string) bool {
		v, ok := seq.Optional(name, asn1x.Context(n))
		return ok && boolean(&seq, v, name, &l.Warnings)
	}
	p.OnlyUsers = flag(1, "onlyContainsUserCerts")
	p.OnlyCAs = flag(2, "onlyContainsCACerts")
	if v, ok := seq.Optional("onlySomeReasons", asn1x.Context(3)); ok {
		p.Reasons = v.Body
	}
	p.Indirect = flag(4, "indirectCRL")
	p.OnlyAttributes = flag(5, "onlyContainsAttributeCerts")
	seq.End("issuingDistributionPoint")
	return p
}

// checkEntries reads every entry once. A critical entry extension that is not
// understood spoils the list (RFC 5280 §5.3); so does certificateIssuer, which
// belongs to indirect lists.
func (l *CRL) checkEntries(t *asn1x.Cursor) {
	c := t.Inside(l.entries)
	for c.More() {
		v := c.Next("revokedCertificate", asn1x.Sequence)
		e := c.Inside(v.Body)
		e.Next("userCertificate", asn1x.Integer)
		e.Any("revocationDate")
		if exts, ok := e.Optional("crlEntryExtensions", asn1x.Sequence); ok {
			in := e.Inside(exts.Body)
			for in.More() {
				x := in.Open("extension", asn1x.Sequence)
				oid := x.Next("extnID", asn1x.ObjectID)
				if crit, ok := x.Optional("critical", asn1x.Boolean); ok && len(crit.Body) == 1 && crit.Body[0] != 0 {
					switch OID(oid.Body) {
					case oidExtReason, oidExtInvalidityDate:
					default:
						l.entryProblem = fmt.Errorf("critical entry extension %s is not supported", OID(oid.Body))
					}
				}
				x.Next("extnValue", asn1x.OctetString)
				x.End("extension")
			}
		}
		e.End("revokedCertificate")
		l.Entries++
	}
}

// Find returns the entry for a serial number.
func (l *CRL) Find(serial []byte) (Revocation, bool, error) {
	serial = trimSerial(serial)
	for rest := l.entries; len(rest) > 0; {
		entry, next, err := asn1x.Read(rest)
		if err != nil {
			return Revocation{}, false, fmt.Errorf("%w: %w", ErrCRL, err)
		}
		rest = next
		s, _, err := asn1x.Read(entry.Body)
		if err != nil || !bytes.Equal(trimSerial(s.Body), serial) {
			continue
		}
		r, err := readEntry(entry)
		return r, err == nil, err
	}
	return Revocation{}, false, nil
}

func readEntry(entry asn1x.Value) (Revocation, error) {
	c := asn1x.NewCursor(entry.Body)
	var w []Warning
	r := Revocation{Serial: c.Next("userCertificate", asn1x.Integer).Body}
	r.At = readTime(&c, "revocationDate", nil)
	if c.More() {
		in := c
		for _, x := range parseExtensions(&in, &w) {
			v := c.Inside(x.Value)
			switch x.OID {
			case oidExtReason:
				n, ok := smallInt(v.Next("reasonCode", asn1x.Enumerated).Body)
				if !ok {
					c.Fail("reasonCode", asn1x.ErrSyntax)
				}
				r.Reason = n
			case oidExtInvalidityDate:
				r.InvalidityDate = readTime(&v, "invalidityDate", nil)
			}
		}
	}
	if c.Err() != nil {
		return Revocation{}, fmt.Errorf("%w: %w", ErrCRL, c.Err())
	}
	return r, nil
}

// CheckSignatureFrom checks the list's signature with issuer's key and nothing
// else. Errors are those of Suites.Verify.
func (l *CRL) CheckSignatureFrom(issuer *Certificate, s *Suites) (Use, error) {
	if l.algorithmsDiffer {
		return Use{}, fmt.Errorf("%w: signature algorithms inside and outside differ", ErrSignature)
	}
	return s.Verify(issuer.SPKI, l.SignatureAlgorithm, "", Signed{Message: l.RawTBS}, l.Signature)
}
