package gostpki_test

import (
	"errors"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
)

// TestHashParameters: GOST R 34.11-94 is known with one set of parameters.
func TestHashParameters(t *testing.T) {
	set := func(s string) []byte { return asn1x.MustOID(s).Encode() }
	for name, v := range map[string]struct {
		oid    pki.OID
		params []byte
		known  bool
	}{
		"94":                  {gostpki.OIDHash94, nil, true},
		"94, NULL":            {gostpki.OIDHash94, []byte{asn1x.Null, 0}, true},
		"94, CryptoPro":       {gostpki.OIDHash94, set("1.2.643.2.2.30.1"), true},
		"94, test":            {gostpki.OIDHash94, set("1.2.643.2.2.30.0"), false},
		"Streebog":            {gostpki.OIDStreebog256, nil, true},
		"Streebog, CryptoPro": {gostpki.OIDStreebog256, set("1.2.643.2.2.30.1"), false},
		"SHAKE256, 512":       {pki.OIDSHAKE256Len, []byte{2, 2, 2, 0}, true},
		"SHAKE256, 256":       {pki.OIDSHAKE256Len, []byte{2, 2, 1, 0}, false},
	} {
		_, err := suites.HashFor(pki.AlgorithmIdentifier{OID: v.oid, Params: v.params})
		if (err == nil) != v.known || err != nil && !errors.Is(err, pki.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
