package gostpki_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// TestInherited: a key that takes its parameters from its issuer (RFC 4491
// §2.3.2) is refused by name, wherever on the path it is: the outcome is unknown,
// neither good nor bad, and the report says why.
func TestInherited(t *testing.T) {
	w := newWorld(t, curve256)
	for name, params := range map[string][]byte{"absent": nil, "NULL": {asn1x.Null, 0}} {
		bare := func(key interface{ Bytes() []byte }) []byte {
			return asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, gostpki.OIDKey256.Encode(), params),
				pkitest.BitString(asn1x.TLV(asn1x.OctetString, key.Bytes())))
		}
		var unsupported *pki.UnsupportedError
		key := newKey(t, curve256)
		spki, err := pki.ParseSPKI(bare(key.PublicKey()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := suites.ParseKey(spki); !errors.As(err, &unsupported) || !strings.Contains(err.Error(), "inherited from its issuer (RFC 4491 §2.3.2)") {
			t.Errorf("%s: %v", name, err)
		}

		// The signer's own key: the signature cannot be checked.
		named := w.issue(t, pkitest.Spec{Name: "Signer", Key: key, Serial: []byte{7}})
		leaf := w.issue(t, pkitest.Spec{Name: "Signer", Key: key, Serial: []byte{7}, SPKI: bare(key.PublicKey())})
		der := withoutCertificates(t, sign(t, named.Cert, key))
		inheritedIs(t, name+", signer", checkWith(t, der, [][]byte{leaf.DER}, w.root.DER), verify.IntegrityUnknown)

		// An authority's: the certificate below it cannot be checked.
		middleKey := newKey(t, curve256)
		middle := w.issue(t, pkitest.Spec{Name: "Middle", Key: middleKey, CA: true, SPKI: bare(middleKey.PublicKey())})
		signing := pkitest.Entity{Cert: w.issue(t, pkitest.Spec{Name: "Middle", Key: middleKey, CA: true}).Cert, Key: middleKey}
		below := pkitest.Issue(t, pkitest.Spec{Name: "Below", Key: newKey(t, curve256), Issuer: &signing})
		inheritedIs(t, name+", authority", checkWith(t, sign(t, below.Cert, below.Key), [][]byte{middle.DER}, w.root.DER), verify.IntegrityOK)
	}
}

func inheritedIs(t *testing.T, name string, r *verify.Report, integrity verify.Integrity) {
	t.Helper()
	s := &r.Signatures[0]
	named := false
	for _, c := range s.Checks {
		named = named || strings.Contains(c.Detail, "RFC 4491 §2.3.2")
	}
	if r.Verdict() != verify.Indeterminate || s.Integrity != integrity || !named {
		t.Errorf("%s: %s, integrity %s, named %t: %+v", name, r.Verdict(), s.Integrity, named, s.Checks)
	}
}
