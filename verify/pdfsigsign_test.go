package verify_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// TestPdfsigSignatures checks what poppler signs: with a new field and in an
// existing one, and with a second signature after the first. Its option -etsi
// makes no ETSI.CAdES.detached in version 22.12.
func TestPdfsigSignatures(t *testing.T) {
	for _, program := range []string{"pdfsig", "openssl", "certutil", "pk12util"} {
		oracle.Need(t, program)
	}
	pki, err := signer.NewDevPKI(signer.DevPKIOptions{Key: signer.KeyRSA2048})
	if err != nil {
		t.Fatal(err)
	}
	trust, err := verify.NewTrust(pemOf(pki.Root.Certificate))
	if err != nil {
		t.Fatal(err)
	}
	id, err := pki.Signer.PEM()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if data != nil {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return path
	}
	// Poppler takes keys from a database of NSS.
	db := "sql:" + t.TempDir()
	oracle.Run(t, "certutil", "-N", "-d", db, "--empty-password")
	oracle.Run(t, "openssl", "pkcs12", "-export", "-in", file("id.pem", id), "-inkey", file("id.pem", nil),
		"-certfile", file("chain.pem", pemOf(pki.Issuing.Certificate)), "-name", "signer", "-passout", "pass:x", "-out", file("id.p12", nil))
	oracle.Run(t, "pk12util", "-i", file("id.p12", nil), "-d", db, "-W", "x", "-K", "")
	oracle.Run(t, "certutil", "-A", "-d", db, "-n", "root", "-t", "CT,C,C", "-a", "-i", file("root.pem", pemOf(pki.Root.Certificate)))

	plain := file("plain.pdf", plainPDF("one hundred"))
	field := file("field.pdf", appendUpdate(plainPDF("one hundred"), "1 0 R", map[int]string{
		1:  "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [10 0 R] >> >>",
		3:  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [10 0 R] >>",
		10: "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Empty) /Rect [0 0 0 0] /F 132 /P 3 0 R >>"}))
	once := file("once.pdf", nil)
	opts := verify.Options{Trust: trust, RevocationNoneUnsafe: true, Now: func() time.Time { return time.Now().Add(time.Second) }}
	for _, v := range []struct {
		name, in, out string
		args          []string
		signatures    int
		subFilter     string
	}{
		{"new field", plain, once, []string{"-add-signature"}, 1, "/adbe.pkcs7.detached"},
		{"existing field", field, file("field-signed.pdf", nil), []string{"-sign", "Empty"}, 1, "/adbe.pkcs7.detached"},
		{"SHA-512", field, file("sha512.pdf", nil), []string{"-sign", "Empty", "-digest", "SHA512", "-reason", "согласен"}, 1, "/adbe.pkcs7.detached"},
		{"second signature", once, file("twice.pdf", nil), []string{"-add-signature"}, 2, "/adbe.pkcs7.detached"},
	} {
		args := append([]string{"-nssdir", db, "-nick", "signer"}, v.args...)
		oracle.Run(t, "pdfsig", append(args, v.in, v.out)...)
		doc, err := os.ReadFile(v.out)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(doc, []byte(v.subFilter)) {
			t.Errorf("%s: no %s in the file", v.name, v.subFilter)
		}
		r := check(t, doc, opts)
		if r.Verdict() != verify.Passed || len(r.Signatures) != v.signatures {
			t.Errorf("%s: %s", v.name, show(r))
		}
		doc[bytes.Index(doc, []byte("one hundred"))] ^= 1
		if r := check(t, doc, opts); r.Verdict() != verify.Failed {
			t.Errorf("%s, tampered: %s", v.name, r.Verdict())
		}
	}
}
