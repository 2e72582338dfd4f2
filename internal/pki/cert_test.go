package pki_test

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

var update = flag.Bool("update", false, "make the vectors under testdata/lenient again")

// lenient makes certificates that break a rule. A name starts with the warning
// that must be raised, or with "clean" or "error".
func lenient(t *testing.T) map[string][]byte {
	root := pkitest.Issue(t, spec{Name: "Root", CA: true})
	name := func(tag byte, value []byte) []byte {
		return asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Set, asn1x.TLV(asn1x.Sequence, oid("2.5.4.3").Encode(), asn1x.TLV(tag, value))))
	}
	raw := func(s spec) []byte { s.Issuer = root; return pkitest.Issue(t, s).DER }
	swap := func(der []byte, old, new string) []byte { // the last occurrence
		a, _ := hex.DecodeString(old)
		b, _ := hex.DecodeString(new)
		at := bytes.LastIndex(der, a)
		if at < 0 || len(a) != len(b) {
			t.Fatalf("no %s", old)
		}
		return append(append(bytes.Clone(der[:at]), b...), der[at+len(a):]...)
	}
	plain := raw(spec{Name: "Plain"})
	algorithm := func(o pki.OID) string { return hex.EncodeToString(o.Encode()) }
	return map[string][]byte{
		"clean":                        plain,
		"clean-bmp":                    raw(spec{NameDER: name(asn1x.BMPString, []byte{0x04, 0x18, 0x04, 0x41})}),
		"clean-numeric":                raw(spec{NameDER: name(asn1x.NumericString, []byte("7707083893"))}),
		"boolean-not-ff":               swap(raw(spec{Name: "B", CA: true}), "30030101ff", "3003010101"),
		"boolean-not-ff-critical":      swap(plain, "0603551d0f0101ff", "0603551d0f010101"),
		"default-encoded":              swap(plain, "0603551d0f0101ff", "0603551d0f010100"),
		"name-value-not-text":          raw(spec{NameDER: name(asn1x.Sequence, []byte{0x0c, 1, 'x'})}),
		"name-text-malformed":          raw(spec{NameDER: name(asn1x.PrintableString, []byte{0xd0, 0x98})}),
		"serial-not-positive-negative": raw(spec{Name: "S", Serial: []byte{0xf0, 0x10}}),
		"serial-not-positive-zero":     raw(spec{Name: "S", Serial: []byte{0}}),
		"serial-too-long":              raw(spec{Name: "S", Serial: bytes.Repeat([]byte{0x11}, 21)}),
		"integer-not-minimal":          raw(spec{Name: "S", Serial: []byte{0, 0x11}}),
		"extension-malformed":          raw(spec{Name: "K", Ext: []pkitest.Ext{{OID: "2.5.29.15", Value: []byte{3, 2, 7, 0}}}}),
		"algorithms-differ":            swap(plain, algorithm(pki.OIDECDSA256), algorithm(pki.OIDECDSA384)),
		"error-extension-twice":        swap(raw(spec{Name: "T", Ext: []pkitest.Ext{pkitest.NoCheck, {OID: "1.3.6.1.5.5.7.48.1.4", Value: []byte{5, 0}}}}), "2b0601050507300104", "2b0601050507300105"),
		"error-truncated":              plain[:200],
		"error-trailing":               append(bytes.Clone(plain), 0),
		"error-unused-bits":            swap(plain, "03420004", "03420104"),
		"error-time":                   swap(plain, "170d323430363031", "170d323431333031"),
	}
}

// TestLenient: the vectors give the warning they are named after and no other.
func TestLenient(t *testing.T) {
	dir := filepath.Join("testdata", "lenient")
	if *update {
		for name, der := range lenient(t) {
			if err := os.WriteFile(filepath.Join(dir, name+".der"), der, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.der"))
	if err != nil || len(files) < 15 {
		t.Fatalf("%d vectors: %v", len(files), err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".der")
		der, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		c, err := pki.ParseCertificate(der)
		if strings.HasPrefix(name, "error-") {
			if !errors.Is(err, pki.ErrCertificate) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.HasPrefix(name, "clean") {
			if len(c.Warnings) > 0 || len(c.Subject) != 1 || c.Subject[0].Value == "" {
				t.Errorf("%s: %v %v", name, c.Warnings, c.Subject)
			}
			continue
		}
		if len(c.Warnings) != 1 || !strings.HasPrefix(name, string(c.Warnings[0].Code)) {
			t.Errorf("%s: %v", name, c.Warnings)
		}
	}
}

// TestAgainstStandardLibrary: where crypto/x509 reads a certificate, it reads
// the same.
func TestAgainstStandardLibrary(t *testing.T) {
	dir := oracle.Corpus(t, "pdf-signatures", "trust")
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range pki.ReadCertificates(data) {
			std, err := x509.ParseCertificate(c.Raw)
			if err != nil {
				continue
			}
			n++
			usage := 0
			if c.KeyUsage != 0 {
				usage = int(c.KeyUsage)
			}
			urls := strings.Join(c.OCSPServers, " ") + strings.Join(c.IssuerURLs, " ")
			if !c.NotBefore.Equal(std.NotBefore) || !c.NotAfter.Equal(std.NotAfter) || c.SerialString() != std.SerialNumber.String() ||
				!bytes.Equal(c.RawSubject, std.RawSubject) || !bytes.Equal(c.SPKI.Raw, std.RawSubjectPublicKeyInfo) ||
				!bytes.Equal(c.SubjectKeyID, std.SubjectKeyId) || !bytes.Equal(c.AuthorityKey.KeyID, std.AuthorityKeyId) ||
				usage != int(std.KeyUsage) || len(c.ExtKeyUsage) != len(std.ExtKeyUsage)+len(std.UnknownExtKeyUsage) ||
				(c.BasicConstraints != nil && c.BasicConstraints.CA) != std.IsCA || len(c.Policies) != len(std.PolicyIdentifiers) ||
				urls != strings.Join(std.OCSPServer, " ")+strings.Join(std.IssuingCertificateURL, " ") {
				t.Errorf("%s: %q differs", filepath.Base(f), c.Subject)
			}
		}
	}
	if n < 3 {
		t.Errorf("only %d certificates compared", n)
	}
}
