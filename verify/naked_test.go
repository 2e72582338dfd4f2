package verify_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// TestOtherSignaturesAsDocuments: a value that a key made over something else is
// put beside the same octets as a file, in a CMS without signed attributes.
func TestOtherSignaturesAsDocuments(t *testing.T) {
	a := newAuthority(t)
	report := func(data, sig []byte) *verify.Report {
		opts := a.options()
		opts.Signature = sig
		return check(t, data, opts)
	}
	sd, err := cms.Parse(a.signed(t, []byte("договор"), time.Time{}, cms.TemplateOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	attrs := bytes.Clone(sd.SignerInfos[0].RawSignedAttrs)
	attrs[0] = asn1x.Set
	crl := pkitest.CRL(t, pkitest.CRLSpec{Issuer: a.root})
	list := asn1x.NewCursor(crl.Raw)
	in := list.Open("CertificateList", asn1x.Sequence)
	tbsList := in.Any("tbsCertList").Full
	in.Any("signatureAlgorithm")
	listValue := in.Next("signature", asn1x.BitString).Body[1:]
	for name, v := range map[string]struct {
		signer  *pkitest.Entity
		content []byte
		value   []byte
		want    verify.Verdict
	}{
		"signed attributes":     {a.signer, attrs, sd.SignerInfos[0].Signature, verify.Failed},
		"certificate":           {a.root, a.signer.Cert.RawTBS, a.signer.Cert.Signature, verify.Failed},
		"CRL":                   {a.root, tbsList, listValue, verify.Failed},
		"text, by an authority": {a.root, []byte("договор"), nil, verify.Indeterminate},
		"text":                  {a.signer, []byte("договор"), nil, verify.Passed},
		"nothing":               {a.signer, []byte{}, nil, verify.Passed},
		"a PDF's first line":    {a.signer, []byte("%PDF-1.7\n"), nil, verify.Passed},
	} {
		r := report(v.content, pkitest.Naked(t, v.signer, v.content, v.value))
		if len(r.Signatures) != 1 || r.Signatures[0].Verdict() != v.want {
			t.Errorf("%s: %s", name, show(r))
			continue
		}
		for _, c := range r.Signatures[0].Checks {
			if c.Name == verify.CheckSignatureValue && c.Status != verify.StatusOK {
				t.Errorf("%s: no attack, the value is wrong", name)
			}
		}
	}
	doc := a.pdf(t, sigObject{subFilter: "adbe.pkcs7.detached", sign: func(data []byte) []byte { return pkitest.Naked(t, a.signer, data, nil) }})
	if r := check(t, doc, a.options()); r.Verdict() != verify.Passed {
		t.Errorf("PDF without signed attributes: %s", show(r))
	}
}

// TestPurpose: the extended key usage of the signer's certificate holds
// (RFC 5280 §4.2.1.12).
func TestPurpose(t *testing.T) {
	a := newAuthority(t)
	oid := asn1x.MustOID
	for name, v := range map[string]struct {
		eku  []pki.OID
		want verify.Verdict
	}{
		"none":                      {nil, verify.Passed},
		"any":                       {[]pki.OID{pki.EKUAny}, verify.Passed},
		"mail":                      {[]pki.OID{pki.EKUEmailProtection}, verify.Passed},
		"client":                    {[]pki.OID{oid("1.3.6.1.5.5.7.3.2")}, verify.Passed},
		"documents":                 {[]pki.OID{pki.EKUDocumentSigning}, verify.Passed},
		"Adobe's":                   {[]pki.OID{oid("1.2.840.113583.1.1.5")}, verify.Passed},
		"Microsoft's":               {[]pki.OID{oid("1.3.6.1.4.1.311.10.3.12")}, verify.Passed},
		"Russian":                   {[]pki.OID{oid("1.2.643.2.2.34.6")}, verify.Passed},
		"server and documents":      {[]pki.OID{oid("1.3.6.1.5.5.7.3.1"), pki.EKUDocumentSigning}, verify.Passed},
		"time-stamps":               {[]pki.OID{pki.EKUTimeStamping}, verify.Indeterminate},
		"OCSP answers":              {[]pki.OID{pki.EKUOCSPSigning}, verify.Indeterminate},
		"both":                      {[]pki.OID{pki.EKUOCSPSigning, pki.EKUTimeStamping}, verify.Indeterminate},
		"server":                    {[]pki.OID{oid("1.3.6.1.5.5.7.3.1")}, verify.Indeterminate},
		"code":                      {[]pki.OID{oid("1.3.6.1.5.5.7.3.3")}, verify.Indeterminate},
		"unknown":                   {[]pki.OID{oid("1.3.6.1.4.1.99999.1")}, verify.Indeterminate},
		"almost in the Russian arc": {[]pki.OID{oid("1.2.644.2.2.34.6")}, verify.Indeterminate},
	} {
		for _, critical := range []bool{false, true} {
			a.signer = pkitest.Issue(t, pkitest.Spec{Name: "Signer", Issuer: a.root, EKU: v.eku, EKUCrit: critical})
			r := a.detached(t, a.options())
			if got := r.Signatures[0].Verdict(); got != v.want {
				t.Errorf("%s, critical %t: %s", name, critical, show(r))
			}
			if v.want != verify.Passed && r.Signatures[0].Chain != verify.ChainUntrusted {
				t.Errorf("%s: chain %s", name, r.Signatures[0].Chain)
			}
		}
	}
}
