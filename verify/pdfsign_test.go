package verify_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	pdfsign "github.com/digitorus/pdfsign/sign"

	"github.com/vidimus/vidimus/verify"
)

// TestPdfsignSignatures checks what another Go library signs.
func TestPdfsignSignatures(t *testing.T) {
	a := newAuthority(t)
	cert, err := x509.ParseCertificate(a.signer.DER)
	if err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(a.root.DER)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, plainPDF("one hundred"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []pdfsign.CertType{pdfsign.CertificationSignature, pdfsign.ApprovalSignature} {
		data := pdfsign.SignData{
			Signature: pdfsign.SignDataSignature{CertType: kind, DocMDPPerm: pdfsign.AllowFillingExistingFormFieldsAndSignaturesPerms,
				Info: pdfsign.SignDataSignatureInfo{Name: "Образцова", Date: epoch}},
			Signer: a.signer.Key, DigestAlgorithm: crypto.SHA256, Certificate: cert, CertificateChains: [][]*x509.Certificate{{cert, root}},
		}
		//lint:ignore SA1019 the other way in hides what is signed
		if err := pdfsign.SignFile(in, out, data); err != nil {
			t.Fatal(err)
		}
		doc, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		r := check(t, doc, a.options())
		if r.Verdict() != verify.Passed || len(r.Signatures) != 1 || r.Signatures[0].Coverage != verify.CoverageEntireFile {
			t.Errorf("%v: %s", kind, show(r))
		}
		at := bytes.Index(doc, []byte("one hundred"))
		doc[at] ^= 1
		if r := check(t, doc, a.options()); r.Verdict() != verify.Failed {
			t.Errorf("%v, tampered: %s", kind, r.Verdict())
		}
	}
}
