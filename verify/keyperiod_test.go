package verify_test

import (
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

func keyPeriod(from, until time.Time) []pkitest.Ext {
	var body []byte
	for i, at := range []time.Time{from, until} {
		if !at.IsZero() {
			body = append(body, asn1x.TLV(asn1x.Context(byte(i)), []byte(at.UTC().Format("20060102150405Z")))...)
		}
	}
	return []pkitest.Ext{{OID: "2.5.29.16", Value: asn1x.TLV(asn1x.Sequence, body)}}
}

// TestKeyPeriod: a private key has a term of its own within the certificate's.
func TestKeyPeriod(t *testing.T) {
	before, after, now := epoch.AddDate(0, -2, 0), epoch.AddDate(0, 2, 0), epoch.Add(time.Hour)
	for name, v := range map[string]struct {
		signer, tsa []pkitest.Ext
		stamped     time.Time
		at          time.Time
		want        verify.Verdict
		sub         verify.SubIndication
	}{
		"none":                       {nil, nil, time.Time{}, now, verify.Passed, ""},
		"within":                     {keyPeriod(before, after), nil, time.Time{}, now, verify.Passed, ""},
		"from":                       {keyPeriod(before, time.Time{}), nil, time.Time{}, now, verify.Passed, ""},
		"over":                       {keyPeriod(before, epoch), nil, time.Time{}, now, verify.Indeterminate, verify.SubOutOfBoundsNoPOE},
		"over, without a beginning":  {keyPeriod(time.Time{}, epoch), nil, time.Time{}, now, verify.Indeterminate, verify.SubOutOfBoundsNoPOE},
		"over, stamped in time":      {keyPeriod(before, epoch), nil, epoch.Add(-time.Hour), now, verify.Passed, ""},
		"over, stamped too late":     {keyPeriod(before, epoch.Add(-2*time.Hour)), nil, epoch.Add(-time.Hour), now, verify.Indeterminate, verify.SubOutOfBoundsNoPOE},
		"not begun":                  {keyPeriod(after, time.Time{}), nil, time.Time{}, now, verify.Indeterminate, verify.SubChainConstraints},
		"malformed":                  {[]pkitest.Ext{{OID: "2.5.29.16", Value: asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Context(1), []byte("soon")))}}, nil, time.Time{}, now, verify.Indeterminate, verify.SubChainConstraints},
		"of the TSA, within":         {nil, keyPeriod(before, epoch), epoch.Add(-time.Hour), now, verify.Passed, ""},
		"of the TSA, over":           {nil, keyPeriod(before, epoch.Add(-2*time.Hour)), epoch.Add(-time.Hour), now, verify.Indeterminate, verify.SubSigConstraints},
		"of the TSA, over, not that": {keyPeriod(before, epoch), keyPeriod(before, epoch.Add(-2*time.Hour)), epoch.Add(-time.Hour), now, verify.Indeterminate, verify.SubSigConstraints},
	} {
		a := newAuthority(t)
		a.signer = pkitest.Issue(t, pkitest.Spec{Name: "Signer", Issuer: a.root, Ext: v.signer})
		a.tsa = pkitest.Issue(t, pkitest.Spec{Name: "TSA", Issuer: a.root, EKU: []pki.OID{pki.EKUTimeStamping}, EKUCrit: true, Ext: v.tsa})
		data := []byte("договор")
		opts := a.options()
		opts.Signature, opts.At = a.signed(t, data, v.stamped, cms.TemplateOptions{}), v.at
		r := check(t, data, opts)
		if _, sub := r.Signatures[0].Indication(); r.Verdict() != v.want || sub != v.sub {
			t.Errorf("%s: %s, %s: %v", name, r.Verdict(), sub, failing(&r.Signatures[0]))
		}
	}
}
