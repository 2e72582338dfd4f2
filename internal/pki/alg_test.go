package pki_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

func spkiOf(t *testing.T, key crypto.PublicKey) pki.SPKI {
	t.Helper()
	s, err := pki.ParseSPKI(pkitest.SPKI(t, key))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func algorithm(t *testing.T, der []byte) pki.AlgorithmIdentifier {
	t.Helper()
	c := asn1x.NewCursor(der)
	a := pki.ParseAlgorithm(&c, "algorithm")
	if c.Err() != nil {
		t.Fatal(c.Err())
	}
	return a
}

func pssParams(hash, mgf pki.OID, salt ...byte) []byte {
	h := asn1x.TLV(asn1x.Sequence, hash.Encode())
	m := asn1x.TLV(asn1x.Sequence, pki.OIDMGF1.Encode(), asn1x.TLV(asn1x.Sequence, mgf.Encode()))
	return asn1x.TLV(asn1x.Sequence, pki.OIDRSAPSS.Encode(), asn1x.TLV(asn1x.Sequence,
		asn1x.TLV(asn1x.ContextC(0), h), asn1x.TLV(asn1x.ContextC(1), m), asn1x.TLV(asn1x.ContextC(2), asn1x.TLV(asn1x.Integer, salt))))
}

// TestPSSSalt: a signature counts only with the salt length it declares, 0
// included, which crypto/rsa would take for "any".
func TestPSSSalt(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	spki, msg := spkiOf(t, key.Public()), []byte("message")
	sum := sha256.Sum256(msg)
	for _, real := range []int{1, 20, 32, 64} {
		sig, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: real, Hash: crypto.SHA256})
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range []int{0, 1, 20, 32, 64} {
			alg := algorithm(t, pssParams(pki.OIDSHA256, pki.OIDSHA256, byte(declared)))
			_, err := suites.Verify(spki, alg, "", pki.Signed{Message: msg}, sig)
			if (err == nil) != (real == declared) || err != nil && !errors.Is(err, pki.ErrSignature) {
				t.Errorf("salt %d declared as %d: %v", real, declared, err)
			}
		}
		alg := algorithm(t, pssParams(pki.OIDSHA256, pki.OIDSHA512, byte(real)))
		if _, err := suites.Verify(spki, alg, "", pki.Signed{Message: msg}, sig); !errors.Is(err, pki.ErrSignature) {
			t.Errorf("other mask generation hash: %v", err)
		}
	}
	for name, der := range map[string][]byte{
		"no parameters": asn1x.TLV(asn1x.Sequence, pki.OIDRSAPSS.Encode()),
		"negative salt": pssParams(pki.OIDSHA256, pki.OIDSHA256, 0xff), "huge salt": pssParams(pki.OIDSHA256, pki.OIDSHA256, 0x7f, 0xff, 0xff, 0xff),
	} {
		if _, err := suites.Verify(spki, algorithm(t, der), "", pki.Signed{Message: msg}, make([]byte, 256)); !errors.Is(err, pki.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestForeignCurves: keys and signatures of openssl on curves computed here;
// a changed value and a key off the curve are refused.
func TestForeignCurves(t *testing.T) {
	oracle.Need(t, "openssl")
	t.Parallel()
	for _, name := range []string{"brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "secp256k1"} {
		dir := t.TempDir()
		file := func(n string) string { return filepath.Join(dir, n) }
		read := func(n string) []byte {
			b, err := os.ReadFile(file(n))
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		msg := []byte("message")
		if err := os.WriteFile(file("m"), msg, 0o600); err != nil {
			t.Fatal(err)
		}
		oracle.Run(t, "openssl", "ecparam", "-name", name, "-genkey", "-noout", "-out", file("k"))
		oracle.Run(t, "openssl", "ec", "-in", file("k"), "-pubout", "-outform", "DER", "-out", file("p"))
		oracle.Run(t, "openssl", "dgst", "-sha512", "-sign", file("k"), "-out", file("s"), file("m"))
		spki, err := pki.ParseSPKI(read("p"))
		if err != nil {
			t.Fatal(err)
		}
		alg := algorithm(t, asn1x.TLV(asn1x.Sequence, pki.OIDECDSA512.Encode()))
		sig := read("s")
		if use, err := suites.Verify(spki, alg, "", pki.Signed{Message: msg}, sig); err != nil || use.Key != "ECDSA" {
			t.Errorf("%s: %v", name, err)
		}
		for i := 0; i < len(sig); i += 5 {
			bad := bytes.Clone(sig)
			bad[i] ^= 1 << (i % 8)
			if _, err := suites.Verify(spki, alg, "", pki.Signed{Message: msg}, bad); !errors.Is(err, pki.ErrSignature) {
				t.Errorf("%s: octet %d: %v", name, i, err)
			}
		}
		off := spki
		off.Key = bytes.Clone(spki.Key)
		off.Key[len(off.Key)-1] ^= 1
		if _, err := suites.Verify(off, alg, "", pki.Signed{Message: msg}, sig); !errors.Is(err, pki.ErrKey) {
			t.Errorf("%s: point off the curve: %v", name, err)
		}
		// r = 0 and s = 0 are refused before any arithmetic.
		zero := asn1x.TLV(asn1x.Sequence, []byte{2, 1, 0}, []byte{2, 1, 1})
		if _, err := suites.Verify(spki, alg, "", pki.Signed{Message: msg}, zero); !errors.Is(err, pki.ErrSignature) {
			t.Errorf("%s: r = 0: %v", name, err)
		}
	}
}

func TestUnsupported(t *testing.T) {
	key := pkitest.NewKey(t)
	spki := spkiOf(t, key.Public())
	explicit := spki
	explicit.Algorithm.Params = asn1x.TLV(asn1x.Sequence)
	curve := spki
	curve.Algorithm.Params = oid("1.2.3").Encode()
	other := spki
	other.Algorithm.OID = oid("1.2.3")
	alg := func(o pki.OID, params ...[]byte) pki.AlgorithmIdentifier {
		return algorithm(t, asn1x.TLV(asn1x.Sequence, append([][]byte{o.Encode()}, params...)...))
	}
	for name, c := range map[string]struct {
		spki pki.SPKI
		alg  pki.AlgorithmIdentifier
	}{
		"signature": {spki, alg(oid("1.2.3"))}, "explicit parameters": {explicit, alg(pki.OIDECDSA256)}, "curve": {curve, alg(pki.OIDECDSA256)},
		"key": {other, alg(pki.OIDECDSA256)}, "parameters": {spki, alg(pki.OIDECDSA256, []byte{4, 0})}, "no digest": {spki, alg(pki.OIDECPublic)},
	} {
		if _, err := suites.Verify(c.spki, c.alg, "", pki.Signed{Message: []byte("x")}, nil); !errors.Is(err, pki.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := suites.Verify(spki, alg(pki.OIDRSASHA256), "", pki.Signed{Message: []byte("x")}, nil); !errors.Is(err, pki.ErrKey) {
		t.Errorf("RSA algorithm with an EC key: %v", err)
	}
}

func TestNameString(t *testing.T) {
	n := pki.Name{{OID: oid("2.5.4.6"), Value: "RU"}, {OID: oid("2.5.4.10"), Value: "A, B=C\n", RDN: 1}, {OID: oid("2.5.4.3"), Value: "Я", RDN: 2}, {OID: oid("1.2.643.3.131.1.1"), Value: "77", RDN: 2}}
	if got, want := n.String(), `C=RU, O=A\, B\=C\0A, CN=Я+1.2.643.3.131.1.1=77`; got != want {
		t.Errorf("%s", got)
	}
}
