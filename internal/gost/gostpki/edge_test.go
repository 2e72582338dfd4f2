package gostpki_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/hex"
	"errors"
	"io"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// forger is a key that answers with another signature value than it should.
type forger struct {
	crypto.Signer
	change func(value []byte) []byte
}

func (f forger) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	value, err := f.Signer.Sign(r, digest, o)
	if err != nil {
		return nil, err
	}
	return f.change(value), nil
}

// orders are the q of the two test curves (RFC 4357 §11.4, RFC 7836 A.1), big-endian.
var orders = map[string]string{
	curve256: "ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893",
	curve512: "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
}

// TestSignatureValues: the digest in the attributes is right, the value is not.
func TestSignatureValues(t *testing.T) {
	for _, curve := range bothCurves {
		w := newWorld(t, curve)
		q, err := hex.DecodeString(orders[curve])
		if err != nil {
			t.Fatal(err)
		}
		n := len(q)
		zero := make([]byte, n)
		ff := bytes.Repeat([]byte{0xff}, n)
		s := func(b []byte) []byte { return b[:n] }
		r := func(b []byte) []byte { return b[n:] }
		join := func(s, r []byte) []byte { return append(bytes.Clone(s), r...) }
		for name, change := range map[string]func(b []byte) []byte{
			"garbage":       func(b []byte) []byte { return bytes.Repeat([]byte{0x5a}, 2*n) },
			"one bit":       func(b []byte) []byte { b[n-1] ^= 1; return b },
			"halves":        func(b []byte) []byte { return join(r(b), s(b)) },
			"s = 0":         func(b []byte) []byte { return join(zero, r(b)) },
			"r = 0":         func(b []byte) []byte { return join(s(b), zero) },
			"both 0":        func(b []byte) []byte { return join(zero, zero) },
			"s = q":         func(b []byte) []byte { return join(q, r(b)) },
			"r = q":         func(b []byte) []byte { return join(s(b), q) },
			"both q":        func(b []byte) []byte { return join(q, q) },
			"s all ones":    func(b []byte) []byte { return join(ff, r(b)) },
			"r all ones":    func(b []byte) []byte { return join(s(b), ff) },
			"little-endian": func(b []byte) []byte { return join(reversed(s(b)), reversed(r(b))) },
			"short":         func(b []byte) []byte { return b[:2*n-1] },
			"one octet":     func(b []byte) []byte { return b[:1] },
			"ECDSA form": func(b []byte) []byte {
				return asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Integer, b[:8]), asn1x.TLV(asn1x.Integer, b[8:16]))
			},
		} {
			der := sign(t, w.leaf.Cert, forger{w.leaf.Key, change})
			res := verifyCMS(t, der)
			if res.Check(cms.CheckDigest) != pki.OK || res.Check(cms.CheckValue) != pki.Failed || res.Status() != pki.Failed {
				t.Errorf("%s, %s: %v", curve, name, res.Checks)
			}
			report := check(t, content, der, w.root.DER)
			if _, sub := report.Signatures[0].Indication(); report.Verdict() != verify.Failed || sub != verify.SubCrypto {
				t.Errorf("%s, %s: %s %s", curve, name, report.Verdict(), sub)
			}
		}
		good := sign(t, w.leaf.Cert, w.leaf.Key)
		if r := check(t, content, good, w.root.DER); r.Verdict() != verify.Passed {
			t.Errorf("%s: the good one is %s: %s", curve, r.Verdict(), ofReport(r).detail)
		}
	}
}

func reversed(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		out[len(b)-1-i] = c
	}
	return out
}

func check(t testing.TB, data, signature []byte, roots ...[]byte) *verify.Report {
	t.Helper()
	return checkOptions(t, data, verify.Options{Signature: signature}, roots...)
}

// checkWith checks a signature of content with certificates from elsewhere.
func checkWith(t testing.TB, signature []byte, certs [][]byte, roots ...[]byte) *verify.Report {
	t.Helper()
	return checkOptions(t, content, verify.Options{Signature: signature, Certificates: certs}, roots...)
}

func checkOptions(t testing.TB, data []byte, o verify.Options, roots ...[]byte) *verify.Report {
	t.Helper()
	var err error
	if o.Trust, err = verify.NewTrust(roots...); err != nil {
		t.Fatal(err)
	}
	o.At, o.RevocationNoneUnsafe = pkitest.Epoch, true
	r, err := verify.Bytes(context.Background(), "a", data, o)
	if err != nil || len(r.Signatures) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	return r
}

// TestWrongSize: identifiers of one size over a key of the other never pass.
func TestWrongSize(t *testing.T) {
	for _, c := range []struct {
		curve           string
		sig, otherSig   pki.OID
		hash, otherHash pki.OID
	}{
		{curve256, gostpki.OIDSignature256, gostpki.OIDSignature512, gostpki.OIDStreebog256, gostpki.OIDStreebog512},
		{curve512, gostpki.OIDSignature512, gostpki.OIDSignature256, gostpki.OIDStreebog512, gostpki.OIDStreebog256},
	} {
		w := newWorld(t, c.curve)
		der := sign(t, w.leaf.Cert, w.leaf.Key)
		both := swapOID(t, der, -1, c.sig, c.otherSig)
		for name, bad := range map[string][]byte{
			"signature algorithm": both,
			// 0: digestAlgorithms, 1: in the key of the certificate, 2: SignerInfo.digestAlgorithm
			"digest algorithm": swapOID(t, swapOID(t, der, 2, c.hash, c.otherHash), 0, c.hash, c.otherHash),
			"both":             swapOID(t, swapOID(t, both, 2, c.hash, c.otherHash), 0, c.hash, c.otherHash),
		} {
			if r := verifyCMS(t, bad); r.Status() != pki.Failed {
				t.Errorf("%s, %s: %s %v", c.curve, name, r.Status(), r.Checks)
			}
			if r := check(t, content, bad, w.root.DER); r.Verdict() != verify.Failed {
				t.Errorf("%s, %s: %s", c.curve, name, r.Verdict())
			}
		}
	}
	// The digests of GOST R 34.11-94 and Streebog-256 have one length: a key of one
	// standard is no key for the other, though point and curve are the same.
	w := newWorld(t, curve256)
	message := pki.Signed{Message: content}
	h, err := suites.Hash(gostpki.OIDStreebog256)
	if err != nil {
		t.Fatal(err)
	}
	value, err := w.leaf.Key.Sign(nil, digestOf(h, content), nil)
	if err != nil {
		t.Fatal(err)
	}
	alg := func(oid pki.OID) pki.AlgorithmIdentifier { return pki.AlgorithmIdentifier{OID: oid} }
	old := spki2001(t, w.leaf.Key.Public().(*gost3410.PublicKey))
	if _, err := suites.Verify(old, alg(gostpki.OIDSignature256), "", message, value); !errors.Is(err, pki.ErrKey) {
		t.Errorf("a key of 2001 for a signature of 2012: %v", err)
	}
	if _, err := suites.Verify(w.leaf.Cert.SPKI, alg(gostpki.OIDSignature2001), "", message, value); !errors.Is(err, pki.ErrKey) {
		t.Errorf("a key of 2012 for a signature of 2001: %v", err)
	}
	if _, err := suites.Verify(old, alg(gostpki.OIDSignature2001), "", message, value); !errors.Is(err, pki.ErrSignature) {
		t.Errorf("a Streebog digest for a key of 2001: %v", err)
	}
}

// spki2001 declares a key to be one of GOST R 34.10-2001.
func spki2001(t testing.TB, k *gost3410.PublicKey) pki.SPKI {
	t.Helper()
	params := asn1x.TLV(asn1x.Sequence, asn1x.MustOID("1.2.643.2.2.35.1").Encode(), asn1x.MustOID("1.2.643.2.2.30.1").Encode())
	der := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, gostpki.OIDKey2001.Encode(), params),
		pkitest.BitString(asn1x.TLV(asn1x.OctetString, k.Bytes())))
	s, err := pki.ParseSPKI(der)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestIdentifiers: a signature may be named with its digest or by the key alone,
// with parameters NULL or absent; other parameters are not guessed at.
func TestIdentifiers(t *testing.T) {
	null := []byte{asn1x.Null, 0}
	for _, c := range []struct {
		curve     string
		key, sig  pki.OID
		hash, bad pki.OID
	}{
		{curve256, gostpki.OIDKey256, gostpki.OIDSignature256, gostpki.OIDStreebog256, gostpki.OIDKey512},
		{curve512, gostpki.OIDKey512, gostpki.OIDSignature512, gostpki.OIDStreebog512, gostpki.OIDKey256},
	} {
		w := newWorld(t, c.curve)
		h, err := suites.Hash(c.hash)
		if err != nil {
			t.Fatal(err)
		}
		value, err := w.leaf.Key.Sign(nil, digestOf(h, content), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, oid := range []pki.OID{c.key, c.sig} {
			for name, params := range map[string][]byte{"absent": nil, "NULL": null} {
				use, err := suites.Verify(w.leaf.Cert.SPKI, pki.AlgorithmIdentifier{OID: oid, Params: params}, c.hash, pki.Signed{Message: content}, value)
				if err != nil || use.Signature != gostpki.Name2012 || use.Hash != h.Name || use.KeyBits != 8*h.Size {
					t.Errorf("%s, parameters %s: %v %+v", oid, name, err, use)
				}
			}
			if _, err := suites.Verify(w.leaf.Cert.SPKI, pki.AlgorithmIdentifier{OID: oid, Params: []byte{asn1x.Sequence, 0}}, c.hash, pki.Signed{Message: content}, value); !errors.Is(err, pki.ErrUnsupported) {
				t.Errorf("%s, parameters SEQUENCE: %v", oid, err)
			}
		}
		if _, err := suites.Verify(w.leaf.Cert.SPKI, pki.AlgorithmIdentifier{OID: c.bad}, c.hash, pki.Signed{Message: content}, value); !errors.Is(err, pki.ErrKey) {
			t.Errorf("%s over another key: %v", c.bad, err)
		}
		// In a CMS, the way OpenSSL and CryptoPro write it.
		der := sign(t, w.leaf.Cert, w.leaf.Key)
		if r := check(t, content, swapOID(t, der, -1, c.sig, c.key), w.root.DER); r.Verdict() != verify.Passed {
			t.Errorf("%s in SignerInfo: %s", c.key, r.Verdict())
		}
	}
}

// TestKeys: what is no key, and what can't be told.
func TestKeys(t *testing.T) {
	pub := newKey(t, curve256).PublicKey()
	spki := func(oid pki.OID, params, point []byte) pki.SPKI {
		der := asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, oid.Encode(), params), pkitest.BitString(asn1x.TLV(asn1x.OctetString, point)))
		s, err := pki.ParseSPKI(der)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	set := func(oid string) []byte { return asn1x.TLV(asn1x.Sequence, asn1x.MustOID(oid).Encode()) }
	a := set("1.2.643.2.2.35.1")
	off := pub.Bytes()
	off[0] ^= 1
	for name, c := range map[string]struct {
		spki pki.SPKI
		want error
	}{
		"good":              {spki(gostpki.OIDKey256, a, pub.Bytes()), nil},
		"off the curve":     {spki(gostpki.OIDKey256, a, off), pki.ErrKey},
		"short":             {spki(gostpki.OIDKey256, a, pub.Bytes()[1:]), pki.ErrKey},
		"zero":              {spki(gostpki.OIDKey256, a, make([]byte, 64)), pki.ErrKey},
		"all ones":          {spki(gostpki.OIDKey256, a, bytes.Repeat([]byte{0xff}, 64)), pki.ErrKey},
		"inherited":         {spki(gostpki.OIDKey256, nil, pub.Bytes()), pki.ErrUnsupported},
		"NULL":              {spki(gostpki.OIDKey256, []byte{5, 0}, pub.Bytes()), pki.ErrUnsupported},
		"unknown curve":     {spki(gostpki.OIDKey256, set("1.2.643.2.2.35.99"), pub.Bytes()), pki.ErrUnsupported},
		"curve of 512 bits": {spki(gostpki.OIDKey256, set("1.2.643.7.1.2.1.2.1"), pub.Bytes()), pki.ErrUnsupported},
		"test curve":        {spki(gostpki.OIDKey256, set("1.2.643.2.2.35.0"), testPoint(t)), pki.ErrUnsupported},
	} {
		key, err := suites.ParseKey(c.spki)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if err == nil && (key.Bits != 256 || key.Algorithm != gostpki.Name2012 || key.Curve != curve256) {
			t.Errorf("%s: %+v", name, key)
		}
	}
}

// testPoint is a key on the test curve of RFC 7091.
func testPoint(t testing.TB) []byte {
	t.Helper()
	for _, c := range gost3410.Curves() {
		if c.Test() && c.Size() == 32 {
			return newKey(t, c.Name()).PublicKey().Bytes()
		}
	}
	t.Fatal("no test curve")
	return nil
}

// TestWithdrawn: the policy knows the withdrawn algorithms by the names used here.
func TestWithdrawn(t *testing.T) {
	policy := pki.DefaultPolicy()
	last := pkitest.Epoch.AddDate(-5, 0, 0) // 2020
	for _, use := range []pki.Use{{Hash: gostpki.NameHash94}, {Key: gostpki.Name2001}, {Signature: gostpki.Name2001}} {
		if len(policy.Weak(use, last)) == 0 || len(policy.Weak(use, last.AddDate(-1, 0, 0))) > 0 {
			t.Errorf("%+v", use)
		}
	}
	for _, use := range []pki.Use{{Hash: gostpki.NameStreebog256}, {Hash: gostpki.NameStreebog512}, {Key: gostpki.Name2012, KeyBits: 256}} {
		if len(policy.Weak(use, pkitest.Epoch)) > 0 {
			t.Errorf("%+v is weak", use)
		}
	}
	// Nothing is signed with them.
	if _, _, err := suites.SchemeFor(spki2001(t, newKey(t, curve256).PublicKey()), ""); !errors.Is(err, pki.ErrUnsupported) {
		t.Errorf("a scheme for 2001: %v", err)
	}
}
