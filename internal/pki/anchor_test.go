package pki_test

import (
	"context"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

// TestAnchorIsNotAsked: above an anchor there is nobody to ask about revocation,
// and no answer is made up.
func TestAnchorIsNotAsked(t *testing.T) {
	root := pkitest.Issue(t, spec{Name: "Root", CA: true})
	leaf := pkitest.Issue(t, spec{Name: "Leaf", Issuer: root})
	revoked := pkitest.CRL(t, pkitest.CRLSpec{Issuer: root, Revoked: []pkitest.Revoked{{Serial: []byte{1}, At: pkitest.Epoch}}})
	for name, v := range map[string]struct {
		leaf, anchor *entity
		crls         []*pki.CRL
		want         pki.RevocationStatus
	}{
		"itself":              {leaf, leaf, nil, pki.RevocationNotAsked},
		"itself, self-signed": {root, root, nil, pki.RevocationNotAsked},
		"under it":            {leaf, root, nil, pki.RevocationUnknown},
		"under it, with CRL":  {leaf, root, []*pki.CRL{revoked}, pki.RevocationGood},
	} {
		o := pki.PathOptions{Suites: suites, Anchors: pki.NewPool(v.anchor.Cert), At: pkitest.Epoch, Now: pkitest.Epoch, CRLs: v.crls}
		if r := pki.Validate(context.Background(), v.leaf.Cert, o); r.Chain != pki.ChainTrusted || r.Revocation != v.want {
			t.Errorf("%s: %s, %s", name, r.Chain, r.Revocation)
		}
		past := pki.ValidatePast(context.Background(), v.leaf.Cert, o, nil)
		if past.Revocation != v.want {
			t.Errorf("%s, past: %s, %s", name, past.Chain, past.Revocation)
		}
	}
}

// TestReasonsNameNoNumbers: what is told of a certificate is its name, not the
// numbers of a person.
func TestReasonsNameNoNumbers(t *testing.T) {
	const number = "11223344595"
	name := func(attrs ...string) []byte {
		var b []byte
		for i := 0; i < len(attrs); i += 2 {
			b = append(b, asn1x.TLV(asn1x.Set, asn1x.TLV(asn1x.Sequence, oid(attrs[i]).Encode(), asn1x.TLV(asn1x.UTF8String, []byte(attrs[i+1]))))...)
		}
		return asn1x.TLV(asn1x.Sequence, b)
	}
	root := pkitest.Issue(t, spec{Name: "Root", CA: true})
	excluded := pkitest.Issue(t, spec{Name: "Constrained", CA: true, Ext: []pkitest.Ext{{OID: "2.5.29.30", Critical: true, Value: asn1x.TLV(asn1x.Sequence,
		asn1x.TLV(asn1x.ContextC(1), asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.ContextC(4), name("2.5.4.6", "RU")))))}}})
	for subject, want := range map[string]string{
		string(name("2.5.4.6", "RU", "1.2.643.100.3", number)):                              "serial",
		string(name("2.5.4.6", "RU", "2.5.4.10", "Ромашка", "1.2.643.100.3", number)):       "Ромашка",
		string(name("2.5.4.6", "RU", "2.5.4.3", "Кедров", "1.2.643.100.3", number)):         "Кедров",
		string(name("2.5.4.6", "RU", "1.2.643.100.3", number, "1.2.643.3.131.1.1", number)): "serial",
	} {
		for _, o := range []pki.PathOptions{
			{Anchors: pki.NewPool(root.Cert)},                                            // no revocation evidence
			{Anchors: pki.NewPool(root.Cert), At: pkitest.Epoch.AddDate(3, 0, 0)},        // over
			{Anchors: pki.NewPool(pkitest.Issue(t, spec{Name: "Other", CA: true}).Cert)}, // no path
			{Anchors: pki.NewPool(excluded.Cert)},                                        // name constraints
		} {
			issuer := root
			if o.Anchors.Contains(excluded.Cert) {
				issuer = excluded
			}
			leaf := pkitest.Issue(t, spec{NameDER: []byte(subject), Issuer: issuer})
			o.Suites, o.Now = suites, pkitest.Epoch
			if o.At.IsZero() {
				o.At = pkitest.Epoch
			}
			o.IgnoreAnchorValidity = true
			r := pki.Validate(context.Background(), leaf.Cert, o)
			if strings.Contains(r.Reason, number) || r.Reason == "" || !strings.Contains(r.Reason, want) && !strings.Contains(r.Reason, "of form") {
				t.Errorf("%q, want %q in it", r.Reason, want)
			}
		}
	}
}
