package cms_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/cloudflare/circl/sign/ed448"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
)

var suites = pki.DefaultSuites()

var content = []byte("Свидетельство об аккредитации специалиста\n")

func digest(t testing.TB, h pki.Hash, b []byte) []byte {
	t.Helper()
	d := h.New()
	d.Write(b)
	return d.Sum(nil)
}

// signers returns one signer for every scheme that is worth telling apart.
func signers(t testing.TB) map[string]*pkitest.Entity {
	t.Helper()
	root := pkitest.Issue(t, pkitest.Spec{Name: "Root", CA: true})
	must := func(k crypto.Signer, err error) crypto.Signer {
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	keys := map[string]crypto.Signer{
		"ECDSA-SHA256":   must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)),
		"ECDSA-SHA384":   must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)),
		"ECDSA-SHA512":   must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader)),
		"RSA-SHA256":     must(rsa.GenerateKey(rand.Reader, 2048)),
		"RSA-PSS-SHA384": must(rsa.GenerateKey(rand.Reader, 2048)),
		"Ed25519":        must(ed, err),
		"RSA-SHA512":     must(rsa.GenerateKey(rand.Reader, 2048)),
		"RSA-PSS-SHA256": must(rsa.GenerateKey(rand.Reader, 3072)),
	}
	_, ed4, err := ed448.GenerateKey(rand.Reader)
	keys["Ed448"] = must(ed4, err)
	out := map[string]*pkitest.Entity{}
	for name, k := range keys {
		out[name] = pkitest.Issue(t, pkitest.Spec{Name: "Signer " + name, Key: k, Issuer: root,
			EKU: []pki.OID{pki.EKUEmailProtection}})
		out[name+" root"] = root
	}
	return out
}

// TestBuildVerify: what is built verifies here and, where it can, in openssl.
func TestBuildVerify(t *testing.T) {
	openssl := oracle.Need(t, "openssl")
	all := signers(t)
	for name, e := range all {
		root := all[name+" root"]
		if root == nil {
			continue
		}
		for _, keyID := range []bool{false, true} {
			for _, attached := range []bool{false, true} {
				tmpl, err := cms.NewTemplate(e.Cert, []*pki.Certificate{root.Cert},
					cms.TemplateOptions{Suites: suites, Scheme: name, KeyIdentifier: keyID})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				o := cms.SignOptions{}
				if attached {
					o.Content, o.SigningTime = content, time.Now()
				}
				der, err := tmpl.Sign(context.Background(), e.Key, digest(t, tmpl.Hash(), content), o)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if limit := tmpl.MaxSize(0); !attached && (len(der) > limit || len(der) < limit-8) {
					t.Errorf("%s: %d octets, MaxSize %d", name, len(der), limit)
				}
				sd, err := cms.Parse(der)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if len(sd.Warnings) > 0 {
					t.Errorf("%s: warnings about our own: %v", name, sd.Warnings)
				}
				vo := cms.VerifyOptions{Suites: suites, Content: content}
				r := sd.SignerInfos[0].Verify(vo)
				if r.Status() != pki.OK || !r.Signer.Equal(e.Cert) || r.Check(cms.CheckSigningCert) != pki.OK {
					t.Errorf("%s: %v", name, r.Checks)
				}
				if name == "Ed448" || name == "Ed25519" {
					// OpenSSL 3.0 has no CMS with EdDSA and signed attributes:
					// it is asked about the signature value alone.
					si := sd.SignerInfos[0]
					attrs := bytes.Clone(si.RawSignedAttrs)
					attrs[0] = 0x31
					oracle.Run(t, openssl, "pkeyutl", "-verify", "-rawin", "-certin", "-inkey", pkitest.PEM(t, "e", "CERTIFICATE", e.DER),
						"-in", pkitest.File(t, "a", attrs), "-sigfile", pkitest.File(t, "s", si.Signature))
					continue
				}
				args := []string{"cms", "-verify", "-binary", "-inform", "DER", "-in", pkitest.File(t, "s", der),
					"-CAfile", pkitest.PEM(t, "ca", "CERTIFICATE", root.DER), "-purpose", "any", "-no_check_time",
					"-content", pkitest.File(t, "c", content), "-out", os.DevNull}
				if out, err := exec.Command(openssl, args...).CombinedOutput(); err != nil {
					t.Errorf("%s keyid=%t: openssl: %v\n%s", name, keyID, err, out)
				}
			}
		}
	}
}

// TestOpenSSLSigns: what openssl cms makes, in every form it knows, verifies.
func TestOpenSSLSigns(t *testing.T) {
	oracle.Need(t, "openssl")
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(file("doc"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) { t.Helper(); oracle.Run(t, "openssl", args...) }
	gen := map[string][]string{
		"rsa":     {"-newkey", "rsa:2048"},
		"p256":    {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"},
		"p384":    {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"},
		"p521":    {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"},
		"p224":    {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-224"},
		"bp256":   {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"},
		"bp384":   {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"},
		"bp512":   {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP512r1"},
		"k256":    {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"},
		"ed25519": {"-newkey", "ed25519"},
	}
	for name, alg := range gen {
		run(append([]string{"req", "-x509", "-extensions", "v3_req", "-nodes", "-subj", "/CN=" + name, "-days", "30",
			"-keyout", file(name + ".key"), "-out", file(name + ".crt")}, alg...)...)
	}
	sign := func(key string, extra ...string) []string {
		return append([]string{"-signer", file(key + ".crt"), "-inkey", file(key + ".key")}, extra...)
	}
	pss := func(salt string) []string {
		return []string{"-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:" + salt}
	}
	cases := map[string][]string{
		"rsa": sign("rsa"), "p256": sign("p256"), "p384": sign("p384", "-md", "sha384"), "p521": sign("p521", "-md", "sha512"),
		"p224": sign("p224"), "bp256": sign("bp256"), "bp384": sign("bp384"), "bp512": sign("bp512"), "k256": sign("k256"),
		"bp256 sha512": sign("bp256", "-md", "sha512"),
		"keyid":        sign("p256", "-keyid"), "noattr": sign("rsa", "-noattr"), "noattr ec": sign("p256", "-noattr"),
		"sha1": sign("rsa", "-md", "sha1"), "md5": sign("rsa", "-md", "md5"),
		"cades": sign("rsa", "-cades"), "cades sha512": sign("p256", "-cades", "-md", "sha512"),
		"pss": sign("rsa", pss("-1")...), "pss 20": sign("rsa", pss("20")...), "pss 0": sign("rsa", pss("0")...),
		"pss max":    sign("rsa", pss("-3")...),
		"pss mgf":    sign("rsa", append(pss("32"), "-keyopt", "rsa_mgf1_md:sha512")...),
		"rsa sha224": sign("rsa", "-md", "sha224"), "stream": sign("p256", "-stream"), "two": append(sign("p256"), sign("rsa")...),
		"no certs": sign("p256", "-nocerts"),
	}
	for name, args := range cases {
		for _, attached := range []bool{false, true} {
			if name == "stream" && !attached {
				continue
			}
			out := file("out")
			args := append([]string{"cms", "-sign", "-binary", "-in", file("doc"), "-outform", "DER", "-out", out}, args...)
			if attached {
				args = append(args, "-nodetach")
			}
			run(args...)
			der, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			for _, pad := range []int{0, 1, 4000} {
				sd, err := cms.Parse(append(bytes.Clone(der), make([]byte, pad)...))
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if sd.Trailing != pad || sd.TrailingData || sd.Attached != attached || name == "stream" && !sd.BER {
					t.Errorf("%s: trailing %d, attached %t, BER %t", name, sd.Trailing, sd.Attached, sd.BER)
				}
				if (name == "two") != (len(sd.SignerInfos) == 2) {
					t.Errorf("%s: %d signers", name, len(sd.SignerInfos))
				}
				for _, si := range sd.SignerInfos {
					o := cms.VerifyOptions{Suites: suites, Content: content}
					r := si.Verify(o)
					want := pki.OK
					if name == "no certs" {
						want = pki.Unknown
					}
					if r.Status() != want {
						t.Errorf("%s attached=%t: %v", name, attached, r.Checks)
					}
					o.Content = append(bytes.Clone(content), 'x')
					o.Detached = true
					if r := si.Verify(o); r.Integrity() == pki.OK {
						t.Errorf("%s: changed content not noticed: %v", name, r.Checks)
					}
				}
			}
		}
	}
}
