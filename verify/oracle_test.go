package verify_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// TestOpenSSLSignatures checks what openssl cms signs, in every form in which it
// writes it and in the wrappings that people put around it.
func TestOpenSSLSignatures(t *testing.T) {
	oracle.Need(t, "openssl")
	for _, kind := range []signer.KeyKind{signer.KeyP256, signer.KeyRSA2048} {
		pki, err := signer.NewDevPKI(signer.DevPKIOptions{Key: kind})
		if err != nil {
			t.Fatal(err)
		}
		trust, err := verify.NewTrust(pemOf(pki.Root.Certificate))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		write := func(name string, data []byte) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		both, err := pki.Signer.PEM()
		if err != nil {
			t.Fatal(err)
		}
		id := write("id.pem", both)
		chain := write("chain.pem", pemOf(pki.Issuing.Certificate))
		content := []byte("договор № 5\r\nподписан\n")
		data := write("data", content)
		sign := func(args ...string) []byte {
			out := filepath.Join(dir, "out")
			args = append([]string{"cms", "-sign", "-binary", "-in", data, "-signer", id, "-inkey", id, "-certfile", chain, "-out", out}, args...)
			oracle.Run(t, "openssl", args...)
			b, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		type variant struct {
			name string
			args []string
		}
		variants := []variant{
			{"plain", nil}, {"key identifier", []string{"-keyid"}}, {"SHA-512", []string{"-md", "sha512"}},
			{"no attributes", []string{"-noattr"}}, {"CAdES", []string{"-cades"}},
		}
		if kind == signer.KeyRSA2048 {
			variants = append(variants, variant{"PSS", []string{"-keyopt", "rsa_padding_mode:pss"}})
		}
		for _, v := range variants {
			der := sign(append(v.args, "-outform", "DER")...)
			opts := verify.Options{Trust: trust, RevocationNoneUnsafe: true}
			streams := v.name != "PSS" // openssl cannot stream it
			forms := map[string][]byte{
				"DER": der, "PEM": sign(append(v.args, "-outform", "PEM")...),
				"base64":         []byte(base64.StdEncoding.EncodeToString(der)),
				"base64 in CRLF": []byte("\xef\xbb\xbf" + crlf(base64.StdEncoding.EncodeToString(der)) + "\r\n"),
				"PKCS7 label":    pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der}),
			}
			if streams {
				forms["BER"] = sign(append(v.args, "-outform", "DER", "-stream")...)
			}
			for form, sig := range forms {
				opts.Signature = sig
				r := check(t, content, opts)
				if r.Verdict() != verify.Passed {
					t.Errorf("%s, %s, %s: %s", kind, v.name, form, show(r))
				}
				if r := check(t, append(bytes.Clone(content), ' '), opts); r.Verdict() != verify.Failed {
					t.Errorf("%s, %s, %s, other content: %s", kind, v.name, form, r.Verdict())
				}
			}
			opts.Signature = nil
			for form, args := range map[string][]string{"DER": {"-outform", "DER"}, "BER": {"-outform", "DER", "-stream"}, "PEM": {"-outform", "PEM"}} {
				if form == "BER" && !streams {
					continue
				}
				file := sign(append(append(v.args, "-nodetach"), args...)...)
				if r := check(t, file, opts); r.Verdict() != verify.Passed || r.File.Type != "cms" {
					t.Errorf("%s, %s, enveloping %s: %s", kind, v.name, form, show(r))
				}
				if form == "PEM" {
					continue
				}
				at := bytes.Index(file, []byte("подписан"))
				file[at] ^= 1
				if r := check(t, file, opts); r.Verdict() != verify.Failed {
					t.Errorf("%s, %s, enveloping %s tampered: %s", kind, v.name, form, r.Verdict())
				}
			}
			if r := check(t, der, opts); r.Verdict() == verify.Passed {
				t.Errorf("%s, %s: a signature alone passes", kind, v.name)
			}
		}
	}
}

func crlf(s string) string {
	var b strings.Builder
	for len(s) > 64 {
		b.WriteString(s[:64] + "\r\n")
		s = s[64:]
	}
	return b.String() + s
}

// TestPdfsigAgrees holds our verdict on good and forged documents against that
// of poppler's pdfsig, which knows nothing of the anchors.
func TestPdfsigAgrees(t *testing.T) {
	oracle.Need(t, "pdfsig")
	iss := newIssuing()
	doc := iss.sign(t, plainPDF("one hundred"), signer.PDFOptions{Time: today})
	opts := verify.Options{Trust: iss.trust, Now: clock, RevocationNoneUnsafe: true}
	pdfsig := func(data []byte) string {
		path := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return oracle.Run(t, "pdfsig", "-nocert", path)
	}
	if out := pdfsig(doc); !strings.Contains(out, "Signature is Valid") || !strings.Contains(out, "Total document signed") ||
		check(t, doc, opts).Verdict() != verify.Passed {
		t.Errorf("pdfsig: %s", out)
	}
	bad := attacks["text replaced"](t, doc)
	if out := pdfsig(bad); strings.Contains(out, "Signature is Valid") || check(t, bad, opts).Verdict() != verify.Failed {
		t.Errorf("pdfsig: %s", out)
	}
}
