package pki_test

import (
	"context"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

var suites = pki.DefaultSuites()

type entity = pkitest.Entity
type spec = pkitest.Spec

// pathCase is a set of certificates and what must come out. openssl verify is
// asked the same question; "same" means that it must agree.
type pathCase struct {
	name    string
	make    func(t *testing.T) (leaf *entity, anchors, inter []*entity)
	adjust  func(o *pki.PathOptions)
	chain   pki.ChainStatus
	sub     pki.SubIndication
	length  int // of the path, 0: not looked at
	openssl string
	args    []string // further arguments for openssl
}

const (
	same    = "same"
	differs = "differs" // see the case's comment
)

func oid(s string) pki.OID { return asn1x.MustOID(s) }

func policies(list ...string) pkitest.Ext {
	var b []byte
	for _, p := range list {
		b = append(b, asn1x.TLV(asn1x.Sequence, oid(p).Encode())...)
	}
	return pkitest.Ext{OID: "2.5.29.32", Value: asn1x.TLV(asn1x.Sequence, b)}
}

func requireExplicit(n byte) pkitest.Ext {
	return pkitest.Ext{OID: "2.5.29.36", Critical: true, Value: asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Context(0), []byte{n}))}
}

func inhibitMapping(n byte) pkitest.Ext {
	return pkitest.Ext{OID: "2.5.29.36", Critical: true, Value: asn1x.TLV(asn1x.Sequence,
		asn1x.TLV(asn1x.Context(0), []byte{0}), asn1x.TLV(asn1x.Context(1), []byte{n}))}
}

func inhibitAny(n byte) pkitest.Ext {
	return pkitest.Ext{OID: "2.5.29.54", Critical: true, Value: asn1x.TLV(asn1x.Integer, []byte{n})}
}

func mapping(pairs ...string) pkitest.Ext {
	var b []byte
	for i := 0; i < len(pairs); i += 2 {
		b = append(b, asn1x.TLV(asn1x.Sequence, oid(pairs[i]).Encode(), oid(pairs[i+1]).Encode())...)
	}
	return pkitest.Ext{OID: "2.5.29.33", Critical: true, Value: asn1x.TLV(asn1x.Sequence, b)}
}

// nc returns name constraints; each name is a GeneralName element.
func nc(permitted, excluded []byte) pkitest.Ext {
	var body []byte
	if permitted != nil {
		body = append(body, asn1x.TLV(asn1x.ContextC(0), asn1x.TLV(asn1x.Sequence, permitted))...)
	}
	if excluded != nil {
		body = append(body, asn1x.TLV(asn1x.ContextC(1), asn1x.TLV(asn1x.Sequence, excluded))...)
	}
	return pkitest.Ext{OID: "2.5.29.30", Critical: true, Value: asn1x.TLV(asn1x.Sequence, body)}
}

func dns(s string) []byte   { return asn1x.TLV(asn1x.Context(2), []byte(s)) }
func email(s string) []byte { return asn1x.TLV(asn1x.Context(1), []byte(s)) }
func ip(b ...byte) []byte   { return asn1x.TLV(asn1x.Context(7), b) }
func dir(cn string) []byte  { return asn1x.TLV(asn1x.ContextC(4), pkitest.CommonName(cn)) }
func uri(s string) []byte   { return asn1x.TLV(asn1x.Context(6), []byte(s)) }

func san(names ...[]byte) pkitest.Ext {
	return pkitest.Ext{OID: "2.5.29.17", Value: asn1x.TLV(asn1x.Sequence, names...)}
}

// line makes root → the given authorities → leaf.
func line(leaf spec, cas ...spec) func(t *testing.T) (*entity, []*entity, []*entity) {
	return func(t *testing.T) (*entity, []*entity, []*entity) {
		root := pkitest.Issue(t, spec{Name: "Root", CA: true})
		above, inter := root, []*entity(nil)
		for i, s := range cas {
			if s.Name == "" && s.NameDER == nil {
				s.Name = "CA " + strconv.Itoa(i)
			}
			s.Issuer = above
			above = pkitest.Issue(t, s)
			inter = append(inter, above)
		}
		leaf.Issuer = above
		if leaf.Name == "" {
			leaf.Name = "Leaf"
		}
		return pkitest.Issue(t, leaf), []*entity{root}, inter
	}
}

var ca = spec{CA: true}

func caWith(x ...pkitest.Ext) spec   { return spec{CA: true, Ext: x} }
func leafWith(x ...pkitest.Ext) spec { return spec{Ext: x} }

const trusted, untrusted, unknown = pki.ChainTrusted, pki.ChainUntrusted, pki.ChainUnknown

func pathCases() []pathCase {
	constraint := pki.ChainConstraintsFailure
	explicitArgs := []string{"-policy_check", "-explicit_policy"}
	policyArgs := append(explicitArgs[:2:2], "-policy", "2.5.29.32.0")
	explicit := func(o *pki.PathOptions) { o.RequirePolicy = true }
	expired := pkitest.Epoch.AddDate(0, -1, 0)
	return []pathCase{
		{name: "straight", make: line(spec{}, ca, ca), chain: trusted, length: 4, openssl: same},
		{name: "no intermediates", make: line(spec{}), chain: trusted, length: 2, openssl: same},
		{name: "leaf expired", make: line(spec{NotAfter: expired}, ca), chain: untrusted, sub: pki.OutOfBoundsNoPOE, openssl: same},
		{name: "leaf not yet valid", make: line(spec{NotBefore: pkitest.Epoch.AddDate(0, 1, 0)}, ca), chain: untrusted, sub: pki.NotYetValid, openssl: same},
		{name: "authority expired", make: line(spec{}, spec{CA: true, NotAfter: expired}), chain: untrusted, sub: pki.OutOfBoundsNoPOE, openssl: same},
		{name: "authority is no authority", make: line(spec{}, spec{}), chain: untrusted, sub: constraint, openssl: same},
		{name: "authority without basic constraints", make: line(spec{}, spec{NoBC: true, KeyUsage: pki.UsageCertSign}), chain: untrusted, sub: constraint,
			openssl: same},
		{name: "authority may not sign certificates", make: line(spec{}, spec{CA: true, KeyUsage: pki.UsageCRLSign}), chain: untrusted, sub: constraint, openssl: same},
		{name: "path length respected", make: line(spec{}, spec{CA: true, PathLen: 1}, ca), chain: trusted, openssl: same},
		{name: "path length exceeded", make: line(spec{}, spec{CA: true, PathLen: pkitest.PathLenZero}, ca), chain: untrusted, sub: constraint, openssl: same},
		{name: "path length exceeded below", make: line(spec{}, spec{CA: true, PathLen: 1}, ca, ca), chain: untrusted, sub: constraint, openssl: same},
		{name: "path length ignores self-issued", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			root := pkitest.Issue(t, spec{Name: "Root", CA: true})
			a := pkitest.Issue(t, spec{Name: "A", CA: true, PathLen: pkitest.PathLenZero, Issuer: root})
			b := pkitest.Issue(t, spec{Name: "A", CA: true, Issuer: a})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: b}), []*entity{root}, []*entity{a, b}
		}, chain: trusted, length: 4, openssl: same},
		{name: "unknown critical extension", make: line(leafWith(pkitest.Ext{OID: "1.2.3.4.5", Critical: true, Value: []byte{5, 0}})), chain: untrusted, sub: constraint, openssl: same},
		{name: "unknown critical extension in authority", make: line(spec{}, caWith(pkitest.Ext{OID: "1.2.3.4.5", Critical: true, Value: []byte{5, 0}})), chain: untrusted, sub: constraint, openssl: same},
		{name: "unknown extension", make: line(leafWith(pkitest.Ext{OID: "1.2.3.4.5", Value: []byte{5, 0}})), chain: trusted, openssl: same},
		{name: "wrong signer of the right name", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			root, other := pkitest.Issue(t, spec{Name: "Root", CA: true}), pkitest.Issue(t, spec{Name: "Root", CA: true})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: other}), []*entity{root}, nil
		}, chain: untrusted, sub: pki.NoCertificateChainFound, openssl: same},
		{name: "two roots of one name", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			a, b := pkitest.Issue(t, spec{Name: "Root", CA: true, NoIDs: true}), pkitest.Issue(t, spec{Name: "Root", CA: true, NoIDs: true})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: b, NoIDs: true}), []*entity{a, b}, nil
		}, chain: trusted, openssl: differs}, // openssl stops at the first of the name
		{name: "key identifier leads astray", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			a, b := pkitest.Issue(t, spec{Name: "Root", CA: true}), pkitest.Issue(t, spec{Name: "Root", CA: true})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: b, AKI: a.Cert.SubjectKeyID}), []*entity{a, b}, nil
		}, chain: trusted, openssl: differs},
		{name: "cross-certified", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			old, young := pkitest.Issue(t, spec{Name: "Old", CA: true}), pkitest.Issue(t, spec{Name: "Young", CA: true})
			cross := pkitest.Issue(t, spec{Name: "Young", CA: true, Key: young.Key, Issuer: old})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: young}), []*entity{old}, []*entity{young, cross}
		}, chain: trusted, length: 3, openssl: differs}, // openssl takes the self-signed one and does not come back
		{name: "one of two ways expired", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			root := pkitest.Issue(t, spec{Name: "Root", CA: true})
			key := pkitest.NewKey(t)
			dead := pkitest.Issue(t, spec{Name: "A", CA: true, Key: key, Issuer: root, NotAfter: expired})
			live := pkitest.Issue(t, spec{Name: "A", CA: true, Key: key, Issuer: root})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: live}), []*entity{root}, []*entity{dead, live}
		}, chain: trusted, openssl: same},
		{name: "one of two ways constrained", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			root := pkitest.Issue(t, spec{Name: "Root", CA: true})
			key := pkitest.NewKey(t)
			narrow := pkitest.Issue(t, spec{Name: "A", CA: true, Key: key, Issuer: root, Ext: []pkitest.Ext{nc(nil, dir("Leaf"))}})
			wide := pkitest.Issue(t, spec{Name: "A", CA: true, Key: key, Issuer: root})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: wide}), []*entity{root}, []*entity{narrow, wide}
		}, chain: trusted, openssl: differs}, // openssl builds one path and does not come back
		{name: "loop", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			root := pkitest.Issue(t, spec{Name: "Root", CA: true})
			a, b := pkitest.Issue(t, spec{Name: "A", CA: true}), pkitest.Issue(t, spec{Name: "B", CA: true})
			ab := pkitest.Issue(t, spec{Name: "A", CA: true, Key: a.Key, Issuer: b})
			ba := pkitest.Issue(t, spec{Name: "B", CA: true, Key: b.Key, Issuer: a})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: a}), []*entity{root}, []*entity{ab, ba}
		}, chain: untrusted, sub: pki.NoCertificateChainFound, openssl: same},
		{name: "embedded root is no anchor", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			leaf, roots, _ := line(spec{})(t)
			return leaf, []*entity{pkitest.Issue(t, spec{Name: "Other", CA: true})}, roots
		}, chain: untrusted, sub: pki.NoCertificateChainFound, openssl: same},
		{name: "leaf is the anchor", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			leaf, _, _ := line(spec{})(t)
			return leaf, []*entity{leaf}, nil
		}, chain: trusted, length: 1, openssl: same},
		{name: "authority in the middle is the anchor", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			leaf, _, inter := line(spec{}, ca, ca)(t)
			return leaf, inter[:1], inter[1:]
		}, chain: trusted, length: 3, openssl: same},
		{name: "anchor expired", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			root := pkitest.Issue(t, spec{Name: "Root", CA: true, NotAfter: expired})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: root}), []*entity{root}, nil
		}, chain: untrusted, sub: pki.OutOfBoundsNoPOE, openssl: same},
		{name: "anchor expired, ignored", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			root := pkitest.Issue(t, spec{Name: "Root", CA: true, NotAfter: expired})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: root}), []*entity{root}, nil
		}, adjust: func(o *pki.PathOptions) { o.IgnoreAnchorValidity = true }, chain: trusted},
		{name: "version 1 anchor", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			root := pkitest.Issue(t, spec{Name: "Root", NoExt: true})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: root}), []*entity{root}, nil
		}, chain: trusted, openssl: same},
		{name: "leaf as anchor for another", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			leaf, _, _ := line(spec{})(t)
			return pkitest.Issue(t, spec{Name: "Below", Issuer: leaf}), []*entity{leaf}, nil
		}, chain: untrusted, sub: constraint, openssl: same},

		{name: "usage allowed", make: line(spec{}), adjust: func(o *pki.PathOptions) { o.KeyUsage = pki.UsageContentCommitment }, chain: trusted},
		{name: "usage refused", make: line(spec{KeyUsage: pki.UsageKeyAgreement}), adjust: func(o *pki.PathOptions) { o.KeyUsage = pki.UsageContentCommitment }, chain: untrusted, sub: constraint},
		{name: "extended usage refused", make: line(spec{EKU: []pki.OID{pki.EKUOCSPSigning}}), adjust: func(o *pki.PathOptions) { o.ExtKeyUsage = []pki.OID{pki.EKUTimeStamping} }, chain: untrusted, sub: constraint},
		{name: "extended usage absent", make: line(spec{}), adjust: func(o *pki.PathOptions) { o.ExtKeyUsage = []pki.OID{pki.EKUTimeStamping} }, chain: trusted},
		{name: "extended usage required", make: line(spec{}), adjust: func(o *pki.PathOptions) { o.ExtKeyUsage, o.RequireEKU = []pki.OID{pki.EKUTimeStamping}, true }, chain: untrusted, sub: constraint},

		{name: "dns permitted", make: line(leafWith(san(dns("a.example.org"))), caWith(nc(dns("example.org"), nil))), chain: trusted, openssl: same},
		{name: "dns not permitted", make: line(leafWith(san(dns("a.example.net"))), caWith(nc(dns("example.org"), nil))), chain: untrusted, sub: constraint, openssl: same},
		{name: "dns suffix without dot", make: line(leafWith(san(dns("badexample.org"))), caWith(nc(dns("example.org"), nil))), chain: untrusted, sub: constraint, openssl: same},
		{name: "dns excluded", make: line(leafWith(san(dns("a.example.org"))), caWith(nc(nil, dns("example.org")))), chain: untrusted, sub: constraint, openssl: same},
		{name: "constraint inherited", make: line(leafWith(san(dns("a.example.net"))), caWith(nc(dns("example.org"), nil)), ca), chain: untrusted, sub: constraint, openssl: same},
		{name: "email permitted", make: line(leafWith(san(email("x@example.org"))), caWith(nc(email("example.org"), nil))), chain: trusted, openssl: same},
		{name: "email of another host", make: line(leafWith(san(email("x@sub.example.org"))), caWith(nc(email("example.org"), nil))), chain: untrusted, sub: constraint, openssl: same},
		{name: "email in subject", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			name := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Set, asn1x.TLV(asn1x.Sequence,
				oid("1.2.840.113549.1.9.1").Encode(), asn1x.TLV(asn1x.IA5String, []byte("x@example.net")))))
			return line(spec{NameDER: name}, caWith(nc(email("example.org"), nil)))(t)
		}, chain: untrusted, sub: constraint, openssl: same},
		{name: "ip permitted", make: line(leafWith(san(ip(10, 1, 2, 3))), caWith(nc(ip(10, 1, 0, 0, 255, 255, 0, 0), nil))), chain: trusted, openssl: same},
		{name: "ip not permitted", make: line(leafWith(san(ip(10, 2, 2, 3))), caWith(nc(ip(10, 1, 0, 0, 255, 255, 0, 0), nil))), chain: untrusted, sub: constraint, openssl: same},
		{name: "uri permitted", make: line(leafWith(san(uri("https://www.example.org/x"))), caWith(nc(uri(".example.org"), nil))), chain: trusted, openssl: same},
		{name: "uri with user part", make: line(leafWith(san(uri("https://www.example.org@evil.net/x"))), caWith(nc(uri(".example.org"), nil))), chain: untrusted, sub: constraint,
			openssl: same},
		{name: "directory permitted", make: line(spec{}, caWith(nc(dir("Leaf"), nil))), chain: trusted, openssl: same},
		{name: "directory case", make: line(spec{Name: "LEAF  "}, caWith(nc(nil, dir("leaf")))), chain: untrusted, sub: constraint, openssl: same},
		{name: "directory not permitted", make: line(spec{}, caWith(nc(dir("Other"), nil))), chain: untrusted, sub: constraint, openssl: same},
		{name: "constraint of unknown form", make: line(leafWith(san(asn1x.TLV(asn1x.Context(8), []byte{0x2a, 3}))), caWith(nc(asn1x.TLV(asn1x.Context(8), []byte{0x2a}), nil))), chain: untrusted, sub: constraint, openssl: same},
		{name: "constraint spares self-issued", make: func(t *testing.T) (*entity, []*entity, []*entity) {
			root := pkitest.Issue(t, spec{Name: "Root", CA: true})
			a := pkitest.Issue(t, spec{Name: "A", CA: true, Issuer: root, Ext: []pkitest.Ext{nc(dir("Leaf"), nil)}})
			b := pkitest.Issue(t, spec{Name: "A", CA: true, Issuer: a})
			return pkitest.Issue(t, spec{Name: "Leaf", Issuer: b}), []*entity{root}, []*entity{a, b}
		}, chain: trusted, openssl: same},

		{name: "policy required and there", make: line(leafWith(policies("1.2.3.1")), caWith(policies("1.2.3.1"))), adjust: explicit, chain: trusted, openssl: same, args: policyArgs},
		{name: "policy required and absent", make: line(spec{}, caWith(policies("1.2.3.1"))), adjust: explicit, chain: untrusted, sub: constraint, openssl: same, args: policyArgs},
		{name: "policies differ", make: line(leafWith(policies("1.2.3.2")), caWith(policies("1.2.3.1"))), adjust: explicit, chain: untrusted, sub: constraint, openssl: same, args: policyArgs},
		{name: "any policy above", make: line(leafWith(policies("1.2.3.2")), caWith(policies("2.5.29.32.0"))), adjust: explicit, chain: trusted, openssl: same, args: policyArgs},
		{name: "any policy below", make: line(leafWith(policies("2.5.29.32.0")), caWith(policies("1.2.3.1"))), adjust: explicit, chain: trusted, openssl: same, args: policyArgs},
		{name: "any policy inhibited", make: line(leafWith(policies("2.5.29.32.0")), caWith(policies("1.2.3.1"), inhibitAny(0))), adjust: explicit, chain: untrusted, sub: constraint, openssl: same, args: policyArgs},
		{name: "policy required by authority", make: line(spec{}, caWith(policies("1.2.3.1"), requireExplicit(0))), chain: untrusted, sub: constraint, openssl: same, args: []string{"-policy_check"}},
		{name: "policy mapped", make: line(leafWith(policies("1.2.3.2")), caWith(policies("1.2.3.1"), mapping("1.2.3.1", "1.2.3.2"))), adjust: explicit, chain: trusted, openssl: same, args: policyArgs},
		{name: "mapping inhibited", make: line(leafWith(policies("1.2.3.2")), caWith(policies("1.2.3.1"), inhibitMapping(0)), caWith(policies("1.2.3.1"), mapping("1.2.3.1", "1.2.3.2"))), adjust: explicit, chain: untrusted, sub: constraint, openssl: same, args: policyArgs},
		{name: "mapping of any policy", make: line(leafWith(policies("1.2.3.2")), caWith(policies("1.2.3.1"), mapping("2.5.29.32.0", "1.2.3.2"))), adjust: explicit, chain: untrusted, sub: constraint, openssl: same, args: policyArgs},
		{name: "mapped from accepted policy", make: line(leafWith(policies("1.2.3.2")), caWith(policies("1.2.3.1"), mapping("1.2.3.1", "1.2.3.2"))),
			adjust: func(o *pki.PathOptions) { o.Policies, o.RequirePolicy = []pki.OID{oid("1.2.3.1")}, true }, chain: trusted, openssl: same, args: append(explicitArgs[:2:2], "-policy", "1.2.3.1")},
		{name: "mapped to accepted policy only", make: line(leafWith(policies("1.2.3.2")), caWith(policies("1.2.3.1"), mapping("1.2.3.1", "1.2.3.2"))),
			adjust: func(o *pki.PathOptions) { o.Policies, o.RequirePolicy = []pki.OID{oid("1.2.3.2")}, true }, chain: untrusted, sub: constraint, openssl: same, args: append(explicitArgs[:2:2], "-policy", "1.2.3.2")},
		{name: "policy not accepted", make: line(leafWith(policies("1.2.3.1")), caWith(policies("1.2.3.1"))),
			adjust: func(o *pki.PathOptions) { o.Policies = []pki.OID{oid("1.2.3.9")} }, chain: untrusted, sub: constraint, openssl: same, args: append(explicitArgs[:2:2], "-policy", "1.2.3.9")},
	}
}

func pool(list []*entity) *pki.Pool {
	p := pki.NewPool()
	for _, e := range list {
		p.Add(e.Cert)
	}
	return p
}

func TestPaths(t *testing.T) {
	openssl := oracle.Need(t, "openssl")
	for _, c := range pathCases() {
		t.Run(c.name, func(t *testing.T) {
			leaf, anchors, inter := c.make(t)
			o := pki.PathOptions{Suites: suites, Anchors: pool(anchors), Intermediates: pool(inter), At: pkitest.Epoch, Revocation: pki.RevocationSkipUnsafe}
			if c.adjust != nil {
				c.adjust(&o)
			}
			r := pki.Validate(context.Background(), leaf.Cert, o)
			if r.Chain != c.chain || r.SubIndication != c.sub || c.length > 0 && len(r.Path) != c.length {
				t.Errorf("%s %s %q, path of %d; want %s %s", r.Chain, r.SubIndication, r.Reason, len(r.Path), c.chain, c.sub)
			}
			if r.Valid() != (c.chain == trusted) || r.Revocation != pki.RevocationNotAsked {
				t.Errorf("Valid %t, revocation %s", r.Valid(), r.Revocation)
			}
			if c.openssl == "" {
				return
			}
			var roots, between [][]byte
			for _, e := range anchors {
				roots = append(roots, e.DER)
			}
			for _, e := range inter {
				between = append(between, e.DER)
			}
			args := append([]string{"verify", "-partial_chain", "-attime", strconv.FormatInt(pkitest.Epoch.Unix(), 10),
				"-CAfile", pkitest.PEM(t, "roots", "CERTIFICATE", roots...)}, c.args...)
			if between != nil {
				args = append(args, "-untrusted", pkitest.PEM(t, "between", "CERTIFICATE", between...))
			}
			out, err := exec.Command(openssl, append(args, pkitest.PEM(t, "leaf", "CERTIFICATE", leaf.DER))...).CombinedOutput()
			agree := (err == nil) == (c.chain == trusted)
			if agree != (c.openssl == same) {
				t.Errorf("openssl: %v (%s)\n%s", err, c.openssl, out)
			}
		})
	}
}

func TestNoTimeNoAnchors(t *testing.T) {
	leaf, anchors, inter := line(spec{}, ca)(t)
	for name, o := range map[string]pki.PathOptions{
		"no options": {}, "no time": {Anchors: pool(anchors), Intermediates: pool(inter)},
		"no anchors": {Intermediates: pool(append(inter, anchors...)), At: pkitest.Epoch},
	} {
		r := pki.Validate(context.Background(), leaf.Cert, o)
		if r.Valid() || r.Chain != unknown || r.Revocation == pki.RevocationGood {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if (pki.PathResult{}).Valid() {
		t.Error("zero result is valid")
	}
}

// TestSearchIsBounded: certificates that all certify each other end the search
// in time and as unknown, not as a verdict.
func TestSearchIsBounded(t *testing.T) {
	const n = 12
	root := pkitest.Issue(t, spec{Name: "Root", CA: true})
	var keys []*entity
	for i := range n {
		keys = append(keys, pkitest.Issue(t, spec{Name: "M" + strconv.Itoa(i), CA: true}))
	}
	var inter []*entity
	for i := range n {
		for j := range n {
			if i != j {
				inter = append(inter, pkitest.Issue(t, spec{Name: "M" + strconv.Itoa(i), CA: true, Key: keys[i].Key, Issuer: keys[j]}))
			}
		}
	}
	leaf := pkitest.Issue(t, spec{Name: "Leaf", Issuer: keys[0]})
	start := time.Now()
	r := pki.Validate(context.Background(), leaf.Cert, pki.PathOptions{Suites: suites, Anchors: pool([]*entity{root}), Intermediates: pool(inter), At: pkitest.Epoch})
	if r.Chain != unknown {
		t.Errorf("%s %s", r.Chain, r.Reason)
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %s", d)
	}
}

func TestWeakByDate(t *testing.T) {
	leaf, anchors, _ := line(spec{})(t)
	o := pki.PathOptions{Suites: suites, Anchors: pool(anchors), At: pkitest.Epoch, Revocation: pki.RevocationSkipUnsafe,
		Algorithms: pki.Policy{{Algorithm: "SHA-256", Until: pkitest.Epoch.AddDate(0, 0, 1)}}}
	if r := pki.Validate(context.Background(), leaf.Cert, o); !r.Valid() {
		t.Errorf("before the date: %s", r.Reason)
	}
	o.At = pkitest.Epoch.AddDate(0, 0, 2)
	r := pki.Validate(context.Background(), leaf.Cert, o)
	if r.Valid() || r.Chain != unknown || r.SubIndication != pki.CryptoConstraintsFailureNoPOE || len(r.Weak) == 0 {
		t.Errorf("after the date: %+v", r)
	}
}
