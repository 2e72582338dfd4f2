// Package xmltest signs XML documents for tests, rightly or with a knob turned.
package xmltest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/internal/pki/xmldsig"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/c14n"
)

// Identifiers of algorithms.
const (
	Enveloped = xmldsig.Namespace + "enveloped-signature"
	Inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	Exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
	cp        = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:"
)

// Algorithms of a signature.
type Algorithms struct{ Method, Digest string }

// What keys sign with.
var (
	RSA     = Algorithms{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"}
	ECDSA   = Algorithms{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"}
	GOST256 = Algorithms{cp + "gostr34102012-gostr34112012-256", cp + "gostr34112012-256"}
	GOST512 = Algorithms{cp + "gostr34102012-gostr34112012-512", cp + "gostr34112012-512"}
	RSA512  = Algorithms{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha512"}
)

// Options of Sign; the zero value is ECDSA with Canonical XML 1.0.
type Options struct {
	Algorithms Algorithms
	C14N       string   // of document and SignedInfo; "": Inclusive
	Transforms []string // instead of enveloped-signature and C14N
	URI        string
	Prefix     string // of the signature's elements; "": the default namespace
	NoCert     bool
	Object     string // inside ds:Object
	Before     string // where the signature goes, the last time it occurs; "": before the root's end tag
}

// Suites are all algorithms.
func Suites() *pki.Suites { return gostpki.Add(pki.DefaultSuites()) }

// Sign puts an enveloped signature before the end tag of the root.
func Sign(t testing.TB, doc string, by *pkitest.Entity, o Options) []byte {
	t.Helper()
	if o.Algorithms == (Algorithms{}) {
		o.Algorithms = ECDSA
	}
	if o.C14N == "" {
		o.C14N = Inclusive
	}
	if o.Transforms == nil {
		o.Transforms = []string{Enveloped, o.C14N}
	}
	if o.Before == "" {
		o.Before = "</"
	}
	at := strings.LastIndex(doc, o.Before)
	if at < 0 {
		t.Fatal("xmltest: no end tag")
	}
	p, ns := "", ` xmlns="`+xmldsig.Namespace+`"`
	if o.Prefix != "" {
		p, ns = o.Prefix+":", ` xmlns:`+o.Prefix+`="`+xmldsig.Namespace+`"`
	}
	el := func(name, attrs, content string) string {
		return "<" + p + name + attrs + ">" + content + "</" + p + name + ">"
	}
	alg := func(name, uri string) string { return el(name, ` Algorithm="`+uri+`"`, "") }
	var list string
	for _, uri := range o.Transforms {
		list += alg("Transform", uri)
	}
	info := el("SignedInfo", "", alg("CanonicalizationMethod", o.C14N)+alg("SignatureMethod", o.Algorithms.Method)+
		el("Reference", ` URI="`+o.URI+`"`, el("Transforms", "", list)+alg("DigestMethod", o.Algorithms.Digest)+el("DigestValue", "", "@digest@")))
	sig := info + el("SignatureValue", "", "@value@")
	if !o.NoCert {
		sig += el("KeyInfo", "", el("X509Data", "", el("X509Certificate", "", base64.StdEncoding.EncodeToString(by.DER))))
	}
	if o.Object != "" {
		sig += el("Object", "", o.Object)
	}
	whole := doc[:at] + el("Signature", ns, sig) + doc[at:]
	form := c14n.Options{Exclusive: o.C14N == Exclusive}
	digest := sum(t, o.Algorithms.Digest, selected(t, whole, at, o.URI, form))
	whole = strings.Replace(whole, "@digest@", base64.StdEncoding.EncodeToString(digest), 1)
	var message bytes.Buffer
	if err := c14n.Element(&message, []byte(whole), strings.LastIndex(whole, "<"+p+"SignedInfo"), form); err != nil {
		t.Fatal(err)
	}
	return []byte(strings.Replace(whole, "@value@", base64.StdEncoding.EncodeToString(value(t, by, o.Algorithms, message.Bytes())), 1))
}

// selected is what a reference selects: the document without the signature at
// skip, or the first element with an identifier.
func selected(t testing.TB, doc string, skip int, uri string, form c14n.Options) []byte {
	t.Helper()
	form.Skip = skip
	var b bytes.Buffer
	err := error(nil)
	if id := strings.Index(doc, ` Id="`+strings.TrimPrefix(uri, "#")+`"`); uri != "" && id >= 0 {
		err = c14n.Element(&b, []byte(doc), strings.LastIndex(doc[:id], "<"), form)
	} else {
		err = c14n.Document(&b, []byte(doc), form)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sum(t testing.TB, method string, data []byte) []byte {
	t.Helper()
	oid := map[string]pki.OID{RSA.Digest: pki.OIDSHA256, RSA512.Digest: pki.OIDSHA512,
		GOST256.Digest: gostpki.OIDStreebog256, GOST512.Digest: gostpki.OIDStreebog512}[method]
	h, err := Suites().Hash(oid)
	if err != nil {
		t.Fatal(err)
	}
	d := h.New()
	d.Write(data)
	return d.Sum(nil)
}

func value(t testing.TB, by *pkitest.Entity, a Algorithms, message []byte) []byte {
	t.Helper()
	opts := map[string]crypto.Hash{RSA.Digest: crypto.SHA256, RSA512.Digest: crypto.SHA512}[a.Digest]
	sig, err := by.Key.Sign(rand.Reader, sum(t, a.Digest, message), opts)
	if err != nil {
		t.Fatal(err)
	}
	if a != ECDSA {
		return sig
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(sig, &pair); err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, 64)
	pair.R.FillBytes(raw[:32])
	pair.S.FillBytes(raw[32:])
	return raw
}
