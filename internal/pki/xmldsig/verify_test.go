package xmldsig_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	. "github.com/vidimus/vidimus/internal/pki/xmldsig"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/xmltest"
)

const doc = `<?xml version="1.0" encoding="UTF-8"?>
<!-- outside --><Список xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:x="y" Id="r">
  <Версия>7</Версия><!-- inside --><Дата>2026-01-01T00:00:00</Дата>
</Список>
`

func entity(t testing.TB, key crypto.Signer) *pkitest.Entity {
	return pkitest.Issue(t, pkitest.Spec{Name: "Составитель списка", Key: key})
}

func gostKey(t testing.TB, size int) crypto.Signer {
	for _, c := range gost3410.Curves() {
		if c.Size() == size && !c.Test() {
			k, err := gost3410.GenerateKey(c, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
	}
	t.Fatal("no curve")
	return nil
}

func rsaKey(t testing.TB) *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func verify(t testing.TB, doc []byte) *Result {
	t.Helper()
	r, err := Verify(doc, Options{Suites: xmltest.Suites()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSignedForms(t *testing.T) {
	rs := entity(t, rsaKey(t))
	for name, test := range map[string]struct {
		by *pkitest.Entity
		o  xmltest.Options
	}{
		"ecdsa":             {entity(t, nil), xmltest.Options{}},
		"rsa exclusive":     {rs, xmltest.Options{Algorithms: xmltest.RSA, C14N: xmltest.Exclusive, Prefix: "ds"}},
		"rsa sha512":        {rs, xmltest.Options{Algorithms: xmltest.RSA512, URI: "#r"}},
		"gost 256":          {entity(t, gostKey(t, 32)), xmltest.Options{Algorithms: xmltest.GOST256}},
		"gost 512":          {entity(t, gostKey(t, 64)), xmltest.Options{Algorithms: xmltest.GOST512, C14N: xmltest.Exclusive}},
		"default transform": {rs, xmltest.Options{Algorithms: xmltest.RSA, Transforms: []string{xmltest.Enveloped}}},
	} {
		signed := xmltest.Sign(t, doc, test.by, test.o)
		r := verify(t, signed)
		if r.Status != pki.OK || !r.Signer.Equal(test.by.Cert) || len(r.Uses) != 2 {
			t.Errorf("%s: %v, %s\n%s", name, r.Status, r.Reason, signed)
		}
		// The prologue of a signed root alone and comments are no part of it.
		for _, bad := range []string{
			strings.Replace(string(signed), ">7<", ">8<", 1),
			strings.Replace(string(signed), `xsi:x="y"`, `xsi:x="z"`, 1),
			strings.Replace(string(signed), "</Дата>", "</Дата><x/>", 1),
		} {
			if r := verify(t, []byte(bad)); r.Status != pki.Failed || r.Signer != nil {
				t.Errorf("%s: changed document: %v, %s", name, r.Status, r.Reason)
			}
		}
	}
}

// Every flipped bit that leaves XML is noticed, or changes nothing that is read.
func TestFlippedBits(t *testing.T) {
	signed := xmltest.Sign(t, doc, entity(t, nil), xmltest.Options{})
	from, to := bytes.Index(signed, []byte("<Версия")), bytes.Index(signed, []byte("<KeyInfo"))
	noticed := 0
	for i := from; i < to; i++ {
		for _, bit := range []int{i % 8, (i + 3) % 8} {
			bad := bytes.Clone(signed)
			bad[i] ^= 1 << bit
			r, err := Verify(bad, Options{Suites: xmltest.Suites()})
			comment := bytes.Index(signed, []byte(" inside "))
			if err == nil && r.Status == pki.OK && (i < comment || i >= comment+len(" inside ")) {
				t.Errorf("octet %d %q to %q: not noticed", i, signed[i], bad[i])
			}
			noticed++
		}
	}
	t.Logf("%d flips", noticed)
}

func TestForgeries(t *testing.T) {
	by, other := entity(t, nil), entity(t, nil)
	good := string(xmltest.Sign(t, doc, by, xmltest.Options{}))
	sigStart := strings.Index(good, "<Signature ")
	sigEnd := strings.Index(good, "</Signature>") + len("</Signature>")
	signature := good[sigStart:sigEnd]
	cut := func(s, from, to string) string {
		a := strings.Index(s, from)
		b := strings.Index(s, to) + len(to)
		return s[:a] + s[b:]
	}
	for name, test := range map[string]struct {
		doc  string
		want pki.Status
	}{
		"none":              {doc, pki.NotChecked},
		"two":               {strings.Replace(good, "</Список>", signature+"</Список>", 1), pki.Failed},
		"wrapped":           {`<Список><Версия>8</Версия>` + strings.TrimPrefix(good, `<?xml version="1.0" encoding="UTF-8"?>`) + `</Список>`, pki.Failed},
		"countersigned":     {string(xmltest.Sign(t, good, other, xmltest.Options{})), pki.Failed},
		"deep":              {string(xmltest.Sign(t, strings.Replace(doc, "<Дата>", "<b></b><Дата>", 1), by, xmltest.Options{Before: "</b>"})), pki.Failed},
		"nested":            {strings.Replace(good, "</SignatureValue>", "</SignatureValue><Object>"+signature+"</Object>", 1), pki.Failed},
		"root is signature": {signature, pki.Failed},
		"part":              {string(xmltest.Sign(t, strings.Replace(doc, "<Версия>", `<Версия Id="v">`, 1), by, xmltest.Options{URI: "#v"})), pki.Failed},
		"other file":        {string(xmltest.Sign(t, doc, by, xmltest.Options{URI: "http://example.org/list.xml"})), pki.Failed},
		"xpointer":          {string(xmltest.Sign(t, doc, by, xmltest.Options{URI: "#xpointer(/)"})), pki.Failed},
		"only the object":   {string(xmltest.Sign(t, doc, by, xmltest.Options{URI: "#o", Transforms: []string{xmltest.Inclusive}, Object: `<x Id="o"/>`})), pki.Failed},
		"not enveloped":     {string(xmltest.Sign(t, doc, by, xmltest.Options{Transforms: []string{xmltest.Inclusive}})), pki.Failed},
		"xslt":              {string(xmltest.Sign(t, doc, by, xmltest.Options{Transforms: []string{xmltest.Enveloped, "http://www.w3.org/TR/1999/REC-xslt-19991116"}})), pki.Unknown},
		"three transforms":  {string(xmltest.Sign(t, doc, by, xmltest.Options{Transforms: []string{xmltest.Enveloped, xmltest.Inclusive, xmltest.Exclusive}})), pki.Failed},
		"hmac":              {strings.Replace(good, xmltest.ECDSA.Method, "http://www.w3.org/2000/09/xmldsig#hmac-sha1", 1), pki.Unknown},
		"other digest name": {strings.Replace(good, xmltest.ECDSA.Digest, "http://www.w3.org/2001/04/xmldsig-more#md5", 1), pki.Unknown},
		"no certificate":    {string(xmltest.Sign(t, doc, by, xmltest.Options{NoCert: true})), pki.Unknown},
		"other certificate": {strings.Replace(good, base64.StdEncoding.EncodeToString(by.DER), base64.StdEncoding.EncodeToString(other.DER), 1), pki.Failed},
		"no value":          {cut(good, "<SignatureValue>", "</SignatureValue>"), pki.Failed},
		"no references":     {cut(good, "<Reference ", "</Reference>"), pki.Failed},
		"no signed info":    {cut(good, "<SignedInfo>", "</SignedInfo>"), pki.Failed},
		"two signed infos":  {strings.Replace(good, "<SignedInfo>", "<SignedInfo></SignedInfo><SignedInfo>", 1), pki.Failed},
		"digest not base64": {strings.Replace(good, "<DigestValue>", "<DigestValue>*", 1), pki.Failed},
		"doubled identifier": {strings.Replace(string(xmltest.Sign(t, doc, by, xmltest.Options{URI: "#r"})),
			"<Версия>", `<Версия Id="r">`, 1), pki.Failed},
	} {
		if r := verify(t, []byte(test.doc)); r.Status != test.want || r.Reason == "" || r.Signer != nil {
			t.Errorf("%s: %v (%s), want %v", name, r.Status, r.Reason, test.want)
		}
	}
	r, err := Verify(xmltest.Sign(t, doc, by, xmltest.Options{NoCert: true}), Options{Certificates: []*pki.Certificate{other.Cert, by.Cert}})
	if err != nil || r.Status != pki.OK || !r.Signer.Equal(by.Cert) {
		t.Errorf("certificate from elsewhere: %v %v", r, err)
	}
	if _, err := Verify([]byte("<!DOCTYPE a><a/>"), Options{}); err == nil {
		t.Error("a DOCTYPE was read")
	}
}

// xmlsec1 accepts what we sign, and signs what we accept.
func TestAgreesWithXmlsec(t *testing.T) {
	oracle.Need(t, "xmlsec1")
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key := rsaKey(t)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	rs := entity(t, key)
	ec := entity(t, nil)
	keyFile := write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	certFile := write("cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rs.DER}))
	spki, err := x509.MarshalPKIXPublicKey(ec.Key.Public().(*ecdsa.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	rsaPub, ecPub := publicPEM(t, dir, key.Public()), write("ec.pub", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	for i, test := range []struct {
		by  *pkitest.Entity
		pub string
		o   xmltest.Options
	}{
		{rs, rsaPub, xmltest.Options{Algorithms: xmltest.RSA}},
		{rs, rsaPub, xmltest.Options{Algorithms: xmltest.RSA512, C14N: xmltest.Exclusive, Prefix: "ds"}},
		{ec, ecPub, xmltest.Options{NoCert: true}},
	} {
		file := write("ours.xml", xmltest.Sign(t, doc, test.by, test.o))
		out := oracle.Run(t, "xmlsec1", "--verify", "--pubkey-pem", test.pub, file)
		if !strings.Contains(out, "OK") {
			t.Errorf("%d: %s", i, out)
		}
	}
	for _, form := range []string{xmltest.Inclusive, xmltest.Exclusive, xmltest.Inclusive + "#WithComments"} {
		template := xmltest.Sign(t, doc, rs, xmltest.Options{Algorithms: xmltest.RSA, C14N: form, Prefix: "ds"})
		for _, el := range []string{"DigestValue", "SignatureValue", "X509Data"} {
			a, b := bytes.Index(template, []byte("<ds:"+el+">"))+len("<ds:>")+len(el), bytes.Index(template, []byte("</ds:"+el+">"))
			template = append(template[:a:a], template[b:]...)
		}
		out := filepath.Join(dir, "theirs.xml")
		oracle.Run(t, "xmlsec1", "--sign", "--output", out, "--privkey-pem", keyFile+","+certFile, write("template.xml", template))
		signed, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if r := verify(t, signed); r.Status != pki.OK || !r.Signer.Equal(rs.Cert) {
			t.Errorf("%s: %v %s\n%s", form, r.Status, r.Reason, signed)
		}
	}
}

func publicPEM(t testing.TB, dir string, key crypto.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "rsa.pub")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func FuzzVerify(f *testing.F) {
	by := entity(f, nil)
	f.Add(xmltest.Sign(f, doc, by, xmltest.Options{}))
	f.Add(xmltest.Sign(f, doc, by, xmltest.Options{C14N: xmltest.Exclusive, URI: "#r", Prefix: "ds"}))
	f.Add([]byte(doc))
	suites := xmltest.Suites()
	f.Fuzz(func(t *testing.T, doc []byte) {
		r, err := Verify(doc, Options{Suites: suites})
		if (r == nil) == (err == nil) {
			t.Fatalf("%v and %v", r, err)
		}
		if r != nil && (r.Status == pki.OK) != (r.Signer != nil) {
			t.Fatalf("%+v", r)
		}
	})
}
