package pki

import (
	"errors"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// KeyUsage is a set of key usage bits (RFC 5280 §4.2.1.3).
type KeyUsage uint16

// Key usage bits.
const (
	UsageDigitalSignature KeyUsage = 1 << iota
	UsageContentCommitment
	UsageKeyEncipherment
	UsageDataEncipherment
	UsageKeyAgreement
	UsageCertSign
	UsageCRLSign
	UsageEncipherOnly
	UsageDecipherOnly
)

// KeyPeriod is privateKeyUsagePeriod (X.509 §9.2.2.5, RFC 3280 §4.2.1.4): when
// the private key may be used, which is less than the certificate's term. Zero
// times are no bounds.
type KeyPeriod struct{ NotBefore, NotAfter time.Time }

// BasicConstraints is RFC 5280 §4.2.1.9.
type BasicConstraints struct {
	CA      bool
	PathLen int // -1: no limit
}

// AuthorityKey is the AuthorityKeyIdentifier (RFC 5280 §4.2.1.1).
type AuthorityKey struct {
	KeyID  []byte
	Issuer []GeneralName
	Serial []byte
}

// DistributionPoint is RFC 5280 §4.2.1.13.
type DistributionPoint struct {
	FullName []GeneralName
	Relative []byte // body of nameRelativeToCRLIssuer: the RDN's attributes
	Reasons  []byte // bits; nil: all reasons
	Issuer   []GeneralName
}

// PolicyMapping is RFC 5280 §4.2.1.5.
type PolicyMapping struct{ Issuer, Subject OID }

// PolicyConstraints joins RFC 5280 §4.2.1.11 and §4.2.1.14. Set says which of
// the numbers are present.
type PolicyConstraints struct {
	RequireExplicit, InhibitMapping, InhibitAny          int
	HasRequireExplicit, HasInhibitMapping, HasInhibitAny bool
}

// NameConstraints is RFC 5280 §4.2.1.10.
type NameConstraints struct {
	Permitted, Excluded []GeneralName
}

// maxListed bounds any list inside an extension: names, points, policies.
const maxListed = 1000

var errTooMany = errors.New("too many elements")

// readExtensions reads the extensions that are processed here.
func (c *Certificate) readExtensions() {
	for _, x := range c.Extensions {
		cur := asn1x.NewCursor(x.Value)
		known := c.readExtension(x, &cur)
		if !known {
			if x.Critical {
				c.UnknownCritical = append(c.UnknownCritical, x.OID)
			}
			continue
		}
		cur.End("extension")
		if err := cur.Err(); err != nil {
			c.Malformed = append(c.Malformed, x.OID)
			c.warn(WarnExtension, x.OID.String()+": "+err.Error())
		}
	}
}

func (c *Certificate) readExtension(x Extension, cur *asn1x.Cursor) bool {
	switch x.OID {
	case oidExtBasicConstraints:
		c.BasicConstraints = readBasicConstraints(cur, &c.Warnings)
	case oidExtKeyUsage:
		c.KeyUsage = readKeyUsage(cur)
	case oidExtEKU:
		c.ExtKeyUsageCritical = x.Critical
		c.ExtKeyUsage = readOIDs(cur, "extKeyUsage")
	case oidExtKeyPeriod:
		c.KeyPeriod = c.readKeyPeriod(cur)
	case oidExtSKI:
		c.SubjectKeyID = cur.Next("subjectKeyIdentifier", asn1x.OctetString).Body
	case oidExtAKI:
		c.AuthorityKey = readAuthorityKey(cur)
	case oidExtAIA:
		c.readAIA(cur)
	case oidExtCRLDP, oidExtFreshestCRL:
		points := readDistributionPoints(cur)
		if x.OID == oidExtCRLDP {
			c.CRLDistribution = points
		}
	case oidExtSAN:
		seq := cur.Open("subjectAltName", asn1x.Sequence)
		c.SubjectAltName = readGeneralNames(&seq)
	case oidExtIAN:
		seq := cur.Open("issuerAltName", asn1x.Sequence)
		readGeneralNames(&seq)
	case oidExtNameConstraints:
		c.NameConstraints = readNameConstraints(cur)
	case oidExtPolicies:
		c.Policies = readPolicies(cur)
	case oidExtPolicyMappings:
		c.PolicyMappings = readPolicyMappings(cur)
	case oidExtPolicyConstraints:
		seq := cur.Open("policyConstraints", asn1x.Sequence)
		p := &c.PolicyConstraints
		p.RequireExplicit, p.HasRequireExplicit = readSkip(&seq, asn1x.Context(0))
		p.InhibitMapping, p.HasInhibitMapping = readSkip(&seq, asn1x.Context(1))
		seq.End("policyConstraints")
	case oidExtInhibitAnyPolicy:
		c.PolicyConstraints.InhibitAny, c.PolicyConstraints.HasInhibitAny = readSkip(cur, asn1x.Integer)
		if !c.PolicyConstraints.HasInhibitAny {
			cur.Fail("inhibitAnyPolicy", asn1x.ErrSyntax)
		}
	case oidExtOCSPNoCheck:
		cur.Next("ocspNoCheck", asn1x.Null)
		c.OCSPNoCheck = cur.Err() == nil
	case oidExtNoRevAvail, oidExtValidityAssured:
		cur.Next("noRevAvail", asn1x.Null)
		c.NoRevocation = c.NoRevocation || cur.Err() == nil
	default:
		return false
	}
	return true
}

func (c *Certificate) readKeyPeriod(cur *asn1x.Cursor) (p KeyPeriod) {
	seq := cur.Open("privateKeyUsagePeriod", asn1x.Sequence)
	for i, t := range []*time.Time{&p.NotBefore, &p.NotAfter} {
		v, ok := seq.Optional("privateKeyUsagePeriod", asn1x.Context(byte(i)))
		if !ok {
			continue
		}
		in := seq.Inside(asn1x.TLV(asn1x.GeneralizedTime, v.Body))
		*t = readTime(&in, "privateKeyUsagePeriod", &c.Warnings)
	}
	seq.End("privateKeyUsagePeriod")
	return p
}

func readBasicConstraints(cur *asn1x.Cursor, warnings *[]Warning) *BasicConstraints {
	b := &BasicConstraints{PathLen: -1}
	seq := cur.Open("basicConstraints", asn1x.Sequence)
	if v, ok := seq.Optional("cA", asn1x.Boolean); ok {
		b.CA = boolean(&seq, v, "cA", warnings)
	}
	if v, ok := seq.Optional("pathLenConstraint", asn1x.Integer); ok {
		n, ok := smallInt(v.Body)
		if !ok {
			seq.Fail("pathLenConstraint", asn1x.ErrSyntax)
		}
		b.PathLen = n
	}
	seq.End("basicConstraints")
	return b
}

func readKeyUsage(cur *asn1x.Cursor) KeyUsage {
	v := cur.Next("keyUsage", asn1x.BitString)
	if cur.Err() != nil {
		return 0
	}
	u := KeyUsage(bitSet(v.Body))
	if u == 0 {
		cur.Fail("keyUsage", errors.New("no bit set"))
	}
	return u
}

// bitSet returns the first 16 bits of a BIT STRING, bit 0 lowest.
func bitSet(body []byte) uint16 {
	var out uint16
	if len(body) == 0 {
		return 0
	}
	for i, b := range body[1:min(len(body), 3)] {
		for j := range 8 {
			if b&(0x80>>j) != 0 {
				out |= 1 << (8*i + j)
			}
		}
	}
	return out
}

func readOIDs(cur *asn1x.Cursor, field string) []OID {
	seq := cur.Open(field, asn1x.Sequence)
	var out []OID
	for seq.More() {
		if len(out) == maxListed {
			seq.Fail(field, errTooMany)
			break
		}
		out = append(out, seq.OID(field))
	}
	return out
}

func readAuthorityKey(cur *asn1x.Cursor) AuthorityKey {
	seq := cur.Open("authorityKeyIdentifier", asn1x.Sequence)
	var a AuthorityKey
	if v, ok := seq.Optional("keyIdentifier", asn1x.Context(0)); ok {
		a.KeyID = v.Body
	}
	if v, ok := seq.Optional("authorityCertIssuer", asn1x.ContextC(1)); ok {
		in := seq.Inside(v.Body)
		a.Issuer = readGeneralNames(&in)
	}
	if v, ok := seq.Optional("authorityCertSerialNumber", asn1x.Context(2)); ok {
		a.Serial = v.Body
	}
	seq.End("authorityKeyIdentifier")
	return a
}

func (c *Certificate) readAIA(cur *asn1x.Cursor) {
	seq := cur.Open("authorityInfoAccess", asn1x.Sequence)
	for n := 0; seq.More(); n++ {
		if n == maxListed {
			seq.Fail("authorityInfoAccess", errTooMany)
			return
		}
		d := seq.Open("accessDescription", asn1x.Sequence)
		method := d.OID("accessMethod")
		loc := d.Any("accessLocation")
		d.End("accessDescription")
		if loc.ID != nameURI || d.Err() != nil {
			continue
		}
		switch method {
		case oidAccessOCSP:
			c.OCSPServers = append(c.OCSPServers, string(loc.Body))
		case oidAccessIssuers:
			c.IssuerURLs = append(c.IssuerURLs, string(loc.Body))
		}
	}
}

func readDistributionPoints(cur *asn1x.Cursor) []DistributionPoint {
	seq := cur.Open("cRLDistributionPoints", asn1x.Sequence)
	var out []DistributionPoint
	for seq.More() {
		if len(out) == maxListed {
			seq.Fail("cRLDistributionPoints", errTooMany)
			break
		}
		in := seq.Open("distributionPoint", asn1x.Sequence)
		var p DistributionPoint
		if v, ok := in.Optional("distributionPoint", asn1x.ContextC(0)); ok {
			name := in.Inside(v.Body)
			readPointName(&name, &p.FullName, &p.Relative)
		}
		if v, ok := in.Optional("reasons", asn1x.Context(1)); ok {
			p.Reasons = v.Body
		}
		if v, ok := in.Optional("cRLIssuer", asn1x.ContextC(2)); ok {
			names := in.Inside(v.Body)
			p.Issuer = readGeneralNames(&names)
		}
		in.End("distributionPoint")
		out = append(out, p)
	}
	return out
}

// readPointName reads a DistributionPointName.
func readPointName(c *asn1x.Cursor, full *[]GeneralName, relative *[]byte) {
	v := c.Any("distributionPointName")
	switch v.ID {
	case asn1x.ContextC(0):
		in := c.Inside(v.Body)
		*full = readGeneralNames(&in)
	case asn1x.ContextC(1):
		*relative = v.Body
	default:
		c.Fail("distributionPointName", asn1x.ErrSyntax)
	}
	c.End("distributionPointName")
}

func readPolicies(cur *asn1x.Cursor) []OID {
	seq := cur.Open("certificatePolicies", asn1x.Sequence)
	var out []OID
	for seq.More() {
		if len(out) == maxListed {
			seq.Fail("certificatePolicies", errTooMany)
			break
		}
		in := seq.Open("policyInformation", asn1x.Sequence)
		oid := in.OID("policyIdentifier")
		for _, other := range out {
			if other == oid {
				in.Fail("certificatePolicies", errors.New("policy twice"))
			}
		}
		out = append(out, oid)
	}
	return out
}

func readPolicyMappings(cur *asn1x.Cursor) []PolicyMapping {
	seq := cur.Open("policyMappings", asn1x.Sequence)
	var out []PolicyMapping
	for seq.More() {
		if len(out) == maxListed {
			seq.Fail("policyMappings", errTooMany)
			break
		}
		in := seq.Open("policyMapping", asn1x.Sequence)
		m := PolicyMapping{Issuer: in.OID("issuerDomainPolicy"), Subject: in.OID("subjectDomainPolicy")}
		in.End("policyMapping")
		out = append(out, m)
	}
	return out
}

// readSkip reads a SkipCerts number.
func readSkip(c *asn1x.Cursor, id byte) (int, bool) {
	v, ok := c.Optional("skipCerts", id)
	if !ok {
		return 0, false
	}
	n, ok := smallInt(v.Body)
	if !ok {
		c.Fail("skipCerts", asn1x.ErrSyntax)
	}
	return n, true
}
