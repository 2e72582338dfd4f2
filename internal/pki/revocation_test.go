package pki_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// world is a root, an authority, a leaf, and other authorities.
type world struct {
	root, ca, leaf, other *entity
	rootCRL               *pki.CRL // says that the authority is good
}

func newWorld(t testing.TB) world {
	t.Helper()
	w := world{root: pkitest.Issue(t, spec{Name: "Root", CA: true})}
	w.ca = pkitest.Issue(t, spec{Name: "CA", CA: true, Issuer: w.root})
	w.leaf = pkitest.Issue(t, spec{Name: "Leaf", Issuer: w.ca, Ext: []pkitest.Ext{pkitest.CRLDP("http://crl.example.org/a.crl")}})
	w.other = pkitest.Issue(t, spec{Name: "Other", CA: true})
	w.rootCRL = pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.root, ThisUpdate: epoch.AddDate(-2, 0, 0), NextUpdate: epoch.AddDate(5, 0, 0)})
	return w
}

var epoch = pkitest.Epoch

const (
	good, revoked, unasked = pki.RevocationGood, pki.RevocationRevoked, pki.RevocationNotAsked
	nobody                 = pki.RevocationUnknown
)

func (w world) options() pki.PathOptions {
	return pki.PathOptions{Suites: suites, Anchors: pki.NewPool(w.root.Cert), Intermediates: pki.NewPool(w.ca.Cert), At: epoch, Now: epoch.AddDate(0, 0, 3)}
}

func point(flags ...byte) []byte {
	return asn1x.TLV(asn1x.Sequence, flags)
}

func TestRevocation(t *testing.T) {
	w := newWorld(t)
	list := func(s pkitest.CRLSpec) []*pki.CRL {
		if s.Issuer == nil {
			s.Issuer = w.ca
		}
		return []*pki.CRL{pkitest.CRL(t, s)}
	}
	revokedAt := func(at time.Time, reason int) []pkitest.Revoked {
		return []pkitest.Revoked{{Serial: []byte{0x55}, At: at}, {Serial: w.leaf.Cert.Serial, At: at, Reason: reason}}
	}
	ocsp := func(s pkitest.OCSPSpec) []*pki.OCSPResponse {
		s.Cert = w.leaf
		if s.Issuer == nil {
			s.Issuer = w.ca
		}
		return []*pki.OCSPResponse{pkitest.OCSP(t, s)}
	}
	before, after := epoch.Add(-time.Hour), epoch.Add(time.Hour)
	responder := func(s spec) *entity {
		s.Name = "Responder"
		if s.Issuer == nil {
			s.Issuer = w.ca
		}
		if s.EKU == nil {
			s.EKU = []pki.OID{pki.EKUOCSPSigning}
		}
		return pkitest.Issue(t, s)
	}
	noCheck := responder(spec{Ext: []pkitest.Ext{pkitest.NoCheck}})
	newKey := pkitest.Issue(t, spec{Name: "CA", CA: true, Issuer: w.root})
	foreignKey := pkitest.Issue(t, spec{Name: "CA", CA: true, Issuer: w.other})
	noSign := pkitest.Issue(t, spec{Name: "CA", CA: true, Issuer: w.root, Key: w.ca.Key, KeyUsage: pki.UsageCertSign})
	critical := pkitest.Ext{OID: "1.2.3.4", Critical: true, Value: []byte{5, 0}}
	dp := asn1x.TLV(asn1x.Sequence, pkitest.URIPoint("http://crl.example.org/a.crl"))
	wrongDP := asn1x.TLV(asn1x.Sequence, pkitest.URIPoint("http://crl.example.org/b.crl"))
	partOne := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Context(3), []byte{4, 0x70}))       // bits 1-3
	partTwo := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Context(3), []byte{7, 0x0f, 0x80})) // bits 4-8

	cases := []struct {
		name   string
		crls   []*pki.CRL
		ocsps  []*pki.OCSPResponse
		adjust func(o *pki.PathOptions)
		want   pki.RevocationStatus
		detail string // in the reason
	}{
		{name: "no evidence", want: nobody, detail: "no revocation evidence"},
		{name: "clean list", crls: list(pkitest.CRLSpec{}), want: good},
		{name: "revoked before", crls: list(pkitest.CRLSpec{Revoked: revokedAt(before, 1)}), want: revoked},
		{name: "revoked at the very moment", crls: list(pkitest.CRLSpec{Revoked: revokedAt(epoch, 1)}), want: revoked},
		{name: "revoked after", crls: list(pkitest.CRLSpec{ThisUpdate: epoch.AddDate(0, 0, 1), Revoked: revokedAt(after, 1)}), want: good},
		{name: "list of before, in force", crls: list(pkitest.CRLSpec{ThisUpdate: epoch.AddDate(0, 0, -3)}), want: good},
		{name: "list ran out", crls: list(pkitest.CRLSpec{ThisUpdate: epoch.AddDate(0, 0, -9)}), want: nobody, detail: "expired"},
		{name: "list without end, older", crls: list(pkitest.CRLSpec{ThisUpdate: before, NoNextUpdate: true}), want: nobody, detail: "until when"},
		{name: "list without end, later", crls: list(pkitest.CRLSpec{ThisUpdate: after, NoNextUpdate: true}), want: good},
		{name: "list from the future", crls: list(pkitest.CRLSpec{ThisUpdate: epoch.AddDate(0, 0, 4)}), want: nobody, detail: "future"},
		{name: "list of another authority", crls: list(pkitest.CRLSpec{Issuer: w.other}), want: nobody, detail: "no revocation evidence"},
		{name: "list signed by another authority", crls: list(pkitest.CRLSpec{Signer: w.other}), want: nobody, detail: "signature"},
		{name: "list signed by a new key", crls: list(pkitest.CRLSpec{Signer: newKey}),
			adjust: func(o *pki.PathOptions) { o.Intermediates.Add(newKey.Cert) }, want: good},
		{name: "list signed by a key from elsewhere", crls: list(pkitest.CRLSpec{Signer: foreignKey}),
			adjust: func(o *pki.PathOptions) { o.Intermediates.Add(foreignKey.Cert) }, want: nobody, detail: "own path"},
		{name: "list from a key of another anchor", crls: list(pkitest.CRLSpec{Signer: foreignKey}),
			adjust: func(o *pki.PathOptions) { o.Intermediates.Add(foreignKey.Cert); o.Anchors.Add(w.other.Cert) }, want: nobody, detail: "another anchor"},
		{name: "authority may not sign lists", crls: list(pkitest.CRLSpec{}),
			adjust: func(o *pki.PathOptions) { o.Intermediates = pki.NewPool(noSign.Cert) }, want: nobody, detail: "may not sign CRLs"},
		{name: "indirect list", crls: list(pkitest.CRLSpec{IDP: point(0x84, 1, 0xff)}), want: nobody, detail: "indirect"},
		{name: "list about authorities", crls: list(pkitest.CRLSpec{IDP: point(0x82, 1, 0xff)}), want: nobody, detail: "authorities only"},
		{name: "list about attributes", crls: list(pkitest.CRLSpec{IDP: point(0x85, 1, 0xff)}), want: nobody, detail: "attribute"},
		{name: "list about users", crls: list(pkitest.CRLSpec{IDP: point(0x81, 1, 0xff)}), want: good},
		{name: "list of the point", crls: list(pkitest.CRLSpec{IDP: dp}), want: good},
		{name: "list of another point", crls: list(pkitest.CRLSpec{IDP: wrongDP}), want: nobody, detail: "distribution point"},
		{name: "some reasons", crls: list(pkitest.CRLSpec{IDP: partOne}), want: nobody, detail: "some reasons"},
		{name: "all reasons in two lists", crls: append(list(pkitest.CRLSpec{IDP: partOne}), list(pkitest.CRLSpec{IDP: partTwo})...), want: good},
		{name: "revoked in a partial list", crls: list(pkitest.CRLSpec{IDP: partOne, Revoked: revokedAt(before, 1)}), want: revoked},
		{name: "critical list extension", crls: list(pkitest.CRLSpec{Ext: []pkitest.Ext{critical}}), want: nobody, detail: "critical"},
		{name: "critical entry extension", crls: list(pkitest.CRLSpec{Revoked: []pkitest.Revoked{{Serial: []byte{9}, At: before, Ext: []pkitest.Ext{critical}}}}), want: nobody, detail: "critical"},
		{name: "delta adds", crls: append(list(pkitest.CRLSpec{}), list(pkitest.CRLSpec{Number: 2, Base: 1, ThisUpdate: after, Revoked: revokedAt(before, 1)})...), want: revoked},
		{name: "delta removes", crls: append(list(pkitest.CRLSpec{Revoked: revokedAt(before, 6)}), list(pkitest.CRLSpec{Number: 2, Base: 1, ThisUpdate: after, Revoked: revokedAt(before, 8)})...), want: good},
		{name: "delta of a later base", crls: append(list(pkitest.CRLSpec{}), list(pkitest.CRLSpec{Number: 4, Base: 3, ThisUpdate: after, Revoked: revokedAt(before, 1)})...), want: good},
		{name: "delta alone", crls: list(pkitest.CRLSpec{Number: 2, Base: 1}), want: nobody},
		{name: "forged delta", crls: append(list(pkitest.CRLSpec{Revoked: revokedAt(before, 6)}), list(pkitest.CRLSpec{Number: 2, Base: 1, ThisUpdate: after, Signer: w.other, Revoked: revokedAt(before, 8)})...), want: revoked},
		{name: "held", crls: list(pkitest.CRLSpec{Revoked: revokedAt(before, 6)}), want: revoked},
		{name: "hold lifted", crls: append(list(pkitest.CRLSpec{Revoked: revokedAt(before, 6)}), list(pkitest.CRLSpec{Number: 2, ThisUpdate: after})...), want: good},
		{name: "revoked in one, dropped in the next", crls: append(list(pkitest.CRLSpec{Revoked: revokedAt(before, 1)}), list(pkitest.CRLSpec{Number: 2, ThisUpdate: after})...), want: revoked},
		{name: "stale clean list does not hide", crls: append(list(pkitest.CRLSpec{ThisUpdate: epoch.AddDate(0, 0, -9)}), list(pkitest.CRLSpec{Revoked: revokedAt(before, 1)})...), want: revoked},

		{name: "ocsp good", ocsps: ocsp(pkitest.OCSPSpec{}), want: good},
		{name: "ocsp by name", ocsps: ocsp(pkitest.OCSPSpec{ByName: true}), want: good},
		{name: "ocsp sha256", ocsps: ocsp(pkitest.OCSPSpec{Hash: pki.OIDSHA256}), want: good},
		{name: "ocsp sha3", ocsps: ocsp(pkitest.OCSPSpec{Hash: pki.OIDSHA3_512}), want: good},
		{name: "ocsp revoked", ocsps: ocsp(pkitest.OCSPSpec{Revoked: before, Reason: 1}), want: revoked},
		{name: "ocsp revoked after", ocsps: ocsp(pkitest.OCSPSpec{Revoked: after, Reason: 1, ThisUpdate: epoch.AddDate(0, 0, 1)}), want: good},
		{name: "ocsp unknown", ocsps: ocsp(pkitest.OCSPSpec{Unknown: true}), want: nobody, detail: "does not know"},
		{name: "ocsp ran out", ocsps: ocsp(pkitest.OCSPSpec{ThisUpdate: epoch.AddDate(0, 0, -9)}), want: nobody, detail: "expired"},
		{name: "ocsp without end, older", ocsps: ocsp(pkitest.OCSPSpec{ThisUpdate: before, NoNext: true}), want: nobody, detail: "until when"},
		{name: "ocsp from the future", ocsps: ocsp(pkitest.OCSPSpec{ThisUpdate: epoch.AddDate(0, 0, 5)}), want: nobody, detail: "future"},
		{name: "ocsp about another", ocsps: ocsp(pkitest.OCSPSpec{Serial: []byte{0x77}}), want: nobody},
		{name: "ocsp critical extension", ocsps: ocsp(pkitest.OCSPSpec{Ext: []pkitest.Ext{critical}}), want: nobody, detail: "critical"},
		{name: "ocsp delegated", ocsps: ocsp(pkitest.OCSPSpec{Signer: noCheck}), want: good},
		{name: "ocsp delegated by name", ocsps: ocsp(pkitest.OCSPSpec{Signer: noCheck, ByName: true}), want: good},
		{name: "ocsp delegated, certificate elsewhere", ocsps: ocsp(pkitest.OCSPSpec{Signer: noCheck, ByName: true, NoCerts: true}),
			adjust: func(o *pki.PathOptions) { o.Intermediates.Add(noCheck.Cert) }, want: good},
		{name: "ocsp delegated, no certificate", ocsps: ocsp(pkitest.OCSPSpec{Signer: noCheck, NoCerts: true}), want: nobody, detail: "no certificate"},
		{name: "ocsp delegated, own status unknown", ocsps: ocsp(pkitest.OCSPSpec{Signer: responder(spec{})}), want: nobody, detail: "own revocation"},
		{name: "ocsp delegated, own status in a list", ocsps: ocsp(pkitest.OCSPSpec{Signer: responder(spec{})}), crls: list(pkitest.CRLSpec{}), want: good},
		{name: "ocsp without the usage", ocsps: ocsp(pkitest.OCSPSpec{Signer: responder(spec{EKU: []pki.OID{pki.EKUEmailProtection}, Ext: []pkitest.Ext{pkitest.NoCheck}})}), want: nobody, detail: "id-kp-OCSPSigning"},
		{name: "ocsp with any usage", ocsps: ocsp(pkitest.OCSPSpec{Signer: responder(spec{EKU: []pki.OID{pki.EKUAny}, Ext: []pkitest.Ext{pkitest.NoCheck}})}), want: nobody, detail: "id-kp-OCSPSigning"},
		{name: "ocsp responder of another authority", ocsps: ocsp(pkitest.OCSPSpec{Signer: responder(spec{Issuer: w.other, Ext: []pkitest.Ext{pkitest.NoCheck}})}), want: nobody, detail: "not certified"},
		{name: "ocsp responder of the root", ocsps: ocsp(pkitest.OCSPSpec{Signer: responder(spec{Issuer: w.root, Ext: []pkitest.Ext{pkitest.NoCheck}})}), want: nobody, detail: "not certified"},
		{name: "ocsp responder expired", ocsps: ocsp(pkitest.OCSPSpec{Signer: responder(spec{NotAfter: before, Ext: []pkitest.Ext{pkitest.NoCheck}})}), want: nobody, detail: "not valid when"},
		{name: "ocsp by the leaf itself", ocsps: ocsp(pkitest.OCSPSpec{Signer: w.leaf}), want: nobody, detail: "id-kp-OCSPSigning"},
		{name: "ocsp good, list revoked", ocsps: ocsp(pkitest.OCSPSpec{ThisUpdate: after}), crls: list(pkitest.CRLSpec{Revoked: revokedAt(before, 1)}), want: revoked},
		{name: "unusable ocsp, usable list", ocsps: ocsp(pkitest.OCSPSpec{Signer: w.other}), crls: list(pkitest.CRLSpec{}), want: good},

		{name: "not asked", adjust: func(o *pki.PathOptions) { o.Revocation = pki.RevocationSkipUnsafe }, crls: list(pkitest.CRLSpec{Revoked: revokedAt(before, 1)}), want: unasked},
		{name: "list signed with a weak algorithm", crls: list(pkitest.CRLSpec{}), adjust: func(o *pki.PathOptions) {
			o.Algorithms = pki.Policy{{Algorithm: "SHA-256", Until: epoch.Add(-time.Minute)}}
		}, want: nobody, detail: "relied on"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := w.options()
			o.CRLs, o.OCSPs = append([]*pki.CRL{w.rootCRL}, c.crls...), c.ocsps
			if c.adjust != nil {
				c.adjust(&o)
			}
			r := pki.Validate(context.Background(), w.leaf.Cert, o)
			if r.Revocation != c.want {
				t.Errorf("%s, want %s: %s (chain %s)", r.Revocation, c.want, r.Reason, r.Chain)
			}
			if r.Valid() != (c.want == good || c.want == unasked) {
				t.Errorf("Valid is %t", r.Valid())
			}
			all := r.Reason
			for _, s := range r.Statuses {
				all += " " + s.Detail
			}
			if !strings.Contains(all, c.detail) {
				t.Errorf("reason %q does not say %q", all, c.detail)
			}
			if c.want == revoked && r.SubIndication != pki.RevokedNoPOE || c.want == nobody && r.SubIndication == "" {
				t.Errorf("sub-indication %q", r.SubIndication)
			}
		})
	}
}

// TestRevokedAuthority: the leaf's clean list means nothing then.
func TestRevokedAuthority(t *testing.T) {
	w := newWorld(t)
	o := w.options()
	o.CRLs = []*pki.CRL{pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca}),
		pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.root, Revoked: []pkitest.Revoked{{Serial: w.ca.Cert.Serial, At: epoch.Add(-time.Hour)}}})}
	r := pki.Validate(context.Background(), w.leaf.Cert, o)
	if r.Revocation != revoked || r.SubIndication != pki.RevokedCANoPOE || r.Valid() {
		t.Errorf("%s %s", r.Revocation, r.SubIndication)
	}
}

// TestEvidenceAfterExpiry: evidence from after a certificate's end says
// nothing, since authorities drop expired certificates, unless it says it does.
func TestEvidenceAfterExpiry(t *testing.T) {
	w := newWorld(t)
	o := w.options()
	o.Now = epoch.AddDate(2, 0, 0)
	late := epoch.AddDate(1, 6, 0)
	general := func(at time.Time) []byte {
		return asn1x.TLV(asn1x.GeneralizedTime, []byte(at.Format("20060102150405Z")))
	}
	keep := []pkitest.Ext{{OID: "2.5.29.60", Value: general(epoch.AddDate(-5, 0, 0))}}
	cutoff := []pkitest.Ext{{OID: "1.3.6.1.5.5.7.48.1.6", Value: general(epoch.AddDate(-5, 0, 0))}}
	for name, c := range map[string]struct {
		crl  *pki.CRL
		ocsp *pki.OCSPResponse
		want pki.RevocationStatus
	}{
		"list":            {crl: pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca, ThisUpdate: late}), want: nobody},
		"list that keeps": {crl: pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca, ThisUpdate: late, Ext: keep}), want: good},
		"list, revoked": {crl: pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.ca, ThisUpdate: late,
			Revoked: []pkitest.Revoked{{Serial: w.leaf.Cert.Serial, At: epoch.Add(-time.Hour)}}}), want: revoked},
		"ocsp":            {ocsp: pkitest.OCSP(t, pkitest.OCSPSpec{Cert: w.leaf, Issuer: w.ca, ThisUpdate: late}), want: nobody},
		"ocsp that keeps": {ocsp: pkitest.OCSP(t, pkitest.OCSPSpec{Cert: w.leaf, Issuer: w.ca, ThisUpdate: late, Single: cutoff}), want: good},
	} {
		o.CRLs, o.OCSPs = []*pki.CRL{w.rootCRL}, nil
		if c.crl != nil {
			o.CRLs = append(o.CRLs, c.crl)
		} else {
			o.OCSPs = []*pki.OCSPResponse{c.ocsp}
		}
		if r := pki.Validate(context.Background(), w.leaf.Cert, o); r.Revocation != c.want {
			t.Errorf("%s: %s, want %s: %s", name, r.Revocation, c.want, r.Reason)
		}
	}
}
