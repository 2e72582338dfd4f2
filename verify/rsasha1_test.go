package verify_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// TestPKCS1Signature: adbe.x509.rsa_sha1 is checked, and named weak: SHA-1 was to
// be relied on until 2012-08-01.
func TestPKCS1Signature(t *testing.T) {
	a := newAuthority(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	old := time.Date(2005, 1, 1, 0, 0, 0, 0, time.UTC)
	root := pkitest.Issue(t, pkitest.Spec{Name: "Old root", CA: true, NotBefore: old, NotAfter: epoch.AddDate(10, 0, 0)})
	e := pkitest.Issue(t, pkitest.Spec{Name: "Old signer", Issuer: root, Key: key, NotBefore: old, NotAfter: epoch.AddDate(1, 0, 0)})
	trust, err := verify.NewTrust(root.DER)
	if err != nil {
		t.Fatal(err)
	}
	var signed, value []byte
	made := func(cert string, contents func(value []byte) []byte) []byte {
		return a.pdf(t, sigObject{subFilter: "adbe.x509.rsa_sha1", extra: cert, sign: func(data []byte) []byte {
			sum := sha1.Sum(data)
			sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA1, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			signed, value = data, sig
			return contents(sig)
		}})
	}
	octets := func(v []byte) []byte { return asn1x.TLV(asn1x.OctetString, v) }
	cert, list := fmt.Sprintf("/Cert <%x>", e.DER), fmt.Sprintf("/Cert [<%x> <%x>]", e.DER, root.DER)
	good := made(list, octets)
	tampered := bytes.Replace(good, []byte("one hundred"), []byte("one million"), 1)
	t.Run("openssl agrees", func(t *testing.T) {
		der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		pub := pkitest.File(t, "pub.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		args := []string{"dgst", "-sha1", "-verify", pub, "-signature", pkitest.File(t, "sig", value)}
		if out := oracle.Run(t, "openssl", append(args, pkitest.File(t, "data", signed))...); !strings.Contains(out, "Verified OK") {
			t.Error(out)
		}
		if err := exec.Command("openssl", append(args, pkitest.File(t, "data", signed[1:]))...).Run(); err == nil {
			t.Error("openssl takes other content")
		}
	})

	var failed, weak = verify.Failed, verify.Indeterminate
	for _, v := range []struct {
		name      string
		doc       []byte
		at        time.Time
		want      verify.Verdict
		sub       verify.SubIndication
		integrity verify.Integrity
		exit      int
	}{
		{"today", good, epoch, weak, verify.SubCryptoNoPOE, verify.IntegrityOK, 3},
		{"one certificate", made(cert, octets), epoch, weak, verify.SubCryptoNoPOE, verify.IntegrityOK, 3},
		{"while SHA-1 was good", good, time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC), verify.Passed, "", verify.IntegrityOK, 0},
		{"content changed", tampered, epoch, failed, verify.SubCrypto, verify.IntegrityBroken, 1},
		{"one bit of the value", made(list, func(v []byte) []byte { v = bytes.Clone(v); v[9] ^= 1; return octets(v) }), epoch, failed, verify.SubCrypto, verify.IntegrityBroken, 1},
		{"certificates the other way round", made(fmt.Sprintf("/Cert [<%x> <%x>]", root.DER, e.DER), octets), epoch, failed, verify.SubCrypto, verify.IntegrityBroken, 1},
		{"no certificate", made("", octets), epoch, failed, verify.SubFormat, verify.IntegrityUnknown, 1},
		{"no certificate in the list", made("/Cert []", octets), epoch, failed, verify.SubFormat, verify.IntegrityUnknown, 1},
		{"not a certificate", made("/Cert (hello)", octets), epoch, failed, verify.SubFormat, verify.IntegrityUnknown, 1},
		{"not a string", made("/Cert /Name", octets), epoch, failed, verify.SubFormat, verify.IntegrityUnknown, 1},
		{"value without its wrapping", made(list, func(v []byte) []byte { return v }), epoch, failed, verify.SubFormat, verify.IntegrityUnknown, 1},
		{"data behind the value", made(list, func(v []byte) []byte { return append(octets(v), 7) }), epoch, failed, verify.SubFormat, verify.IntegrityUnknown, 1},
		{"empty value", made(list, func([]byte) []byte { return octets(nil) }), epoch, failed, verify.SubCrypto, verify.IntegrityBroken, 1},
	} {
		r := check(t, v.doc, verify.Options{Trust: trust, At: v.at, RevocationNoneUnsafe: true})
		s := &r.Signatures[0]
		if _, sub := s.Indication(); s.Verdict() != v.want || sub != v.sub || s.Integrity != v.integrity || r.ExitCode() != v.exit {
			t.Errorf("%s: %s %s, %s, exit status %d; want %s %s, %s, %d: %v", v.name, s.Verdict(), sub, s.Integrity, r.ExitCode(), v.want, v.sub, v.integrity, v.exit, failing(s))
		}
		if v.want == verify.Indeterminate && (s.Format != "PKCS1-SHA1" || !strings.Contains(failing(s)[0].Detail, "SHA-1")) {
			t.Errorf("%s: format %s, %v", v.name, s.Format, failing(s))
		}
	}
}
