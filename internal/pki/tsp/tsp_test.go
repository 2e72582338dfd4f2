package tsp_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/internal/pki/tsp"
)

var (
	suites  = pki.DefaultSuites()
	message = []byte("signature value")
	epoch   = pkitest.Epoch
)

func options(root *pkitest.Entity) tsp.VerifyOptions {
	return tsp.VerifyOptions{Message: message, Path: pki.PathOptions{Suites: suites, Anchors: pki.NewPool(root.Cert), Now: epoch, Revocation: pki.RevocationSkipUnsafe}}
}

func TestVerify(t *testing.T) {
	root := pkitest.Issue(t, pkitest.Spec{Name: "Root", CA: true})
	stamping := []pki.OID{pki.EKUTimeStamping}
	tsa := func(s pkitest.Spec) *pkitest.Entity {
		s.Name, s.Issuer = "TSA", root
		return pkitest.Issue(t, s)
	}
	right := pkitest.TSA(t, root)
	cases := []struct {
		name   string
		tsa    *pkitest.Entity
		adjust func(o *tsp.VerifyOptions)
		want   pki.Status
		check  string
	}{
		{name: "good", tsa: right, want: pki.OK},
		{name: "other message", tsa: right, adjust: func(o *tsp.VerifyOptions) { o.Message = []byte("x") }, want: pki.Failed, check: tsp.CheckImprint},
		{name: "no message", tsa: right, adjust: func(o *tsp.VerifyOptions) { o.Message = nil }, want: pki.Unknown, check: tsp.CheckImprint},
		{name: "usage not critical", tsa: tsa(pkitest.Spec{EKU: stamping}), want: pki.Failed, check: tsp.CheckUsage},
		{name: "two usages", tsa: tsa(pkitest.Spec{EKU: append(stamping, pki.EKUEmailProtection), EKUCrit: true}), want: pki.Failed, check: tsp.CheckUsage},
		{name: "no usage", tsa: tsa(pkitest.Spec{}), want: pki.Failed, check: tsp.CheckUsage},
		{name: "any usage", tsa: tsa(pkitest.Spec{EKU: []pki.OID{pki.EKUAny}, EKUCrit: true}), want: pki.Failed, check: tsp.CheckUsage},
		{name: "no anchor", tsa: right, adjust: func(o *tsp.VerifyOptions) { o.Path.Anchors = nil }, want: pki.Unknown, check: tsp.CheckPath},
		{name: "expired by now", tsa: right, adjust: func(o *tsp.VerifyOptions) { o.Path.Now = epoch.AddDate(3, 0, 0) }, want: pki.Unknown, check: tsp.CheckPath},
		{name: "no revocation evidence", tsa: right, adjust: func(o *tsp.VerifyOptions) { o.Path.Revocation = pki.RevocationRequire }, want: pki.Unknown, check: tsp.CheckPath},
		{name: "revoked", tsa: right, adjust: func(o *tsp.VerifyOptions) {
			o.Path.Revocation = pki.RevocationRequire
			o.Path.CRLs = []*pki.CRL{pkitest.CRL(t, pkitest.CRLSpec{Issuer: root, Revoked: []pkitest.Revoked{{Serial: right.Cert.Serial, At: epoch.Add(-time.Hour)}}})}
		}, want: pki.Failed, check: tsp.CheckPath},
		{name: "weak by now", tsa: right, adjust: func(o *tsp.VerifyOptions) {
			o.Path.Algorithms = pki.Policy{{Algorithm: "SHA-256", Until: epoch}}
		}, want: pki.Unknown, check: tsp.CheckPath},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tok, err := tsp.Parse(pkitest.Token(t, c.tsa, message, epoch.Add(-time.Minute)))
			if err != nil {
				t.Fatal(err)
			}
			o := options(root)
			if c.adjust != nil {
				c.adjust(&o)
			}
			r := tok.Verify(context.Background(), o)
			if r.Status() != c.want || !r.Time.Equal(epoch.Add(-time.Minute)) {
				t.Errorf("%s, want %s: %v", r.Status(), c.want, r.Checks)
			}
			if c.check != "" && r.Check(c.check) == pki.OK && c.want == pki.Failed {
				t.Errorf("%s is ok: %v", c.check, r.Checks)
			}
		})
	}
	if (tsp.Result{}).Status() != pki.NotChecked {
		t.Error("zero result says something")
	}
}

// TestEveryBit: a token with any one bit changed is not OK. All octets of the
// token count, also the ones its signature does not cover.
func TestEveryBit(t *testing.T) {
	root := pkitest.Issue(t, pkitest.Spec{Name: "Root", CA: true})
	der := pkitest.Token(t, pkitest.TSA(t, root), message, epoch)
	o := options(root)
	for i := range der {
		for bit := range 8 {
			if i%3 != 0 && bit != i%8 { // one bit of every octet, all of every third
				continue
			}
			bad := bytes.Clone(der)
			bad[i] ^= 1 << bit
			tok, err := tsp.Parse(bad)
			if err != nil {
				continue
			}
			if r := tok.Verify(context.Background(), o); r.Status() == pki.OK && len(r.Warnings) == 0 {
				t.Errorf("octet %d bit %d of %d not noticed", i, bit, len(der))
			}
		}
	}
}

// TestOpenSSL: requests of ours are answered by openssl ts, its tokens verify
// here, and it verifies tokens made by the test authority.
func TestOpenSSL(t *testing.T) {
	oracle.Need(t, "openssl")
	root := pkitest.Issue(t, pkitest.Spec{Name: "Root", CA: true})
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
	const config = "[tsa]\ndefault_tsa=t\n[t]\nserial=SERIAL\ncrypto_device=builtin\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256,sha512\naccuracy=secs:1,millisecs:500\nordering=yes\nless_certs=yes\ness_cert_id_alg=sha256\n" +
		"[x]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n[req]\ndistinguished_name=d\n[d]\n"
	cnf := file("cnf", bytes.ReplaceAll([]byte(config), []byte("SERIAL"), []byte(filepath.Join(dir, "serial"))))
	file("serial", []byte("01\n"))
	oracle.Run(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=TSA", "-config", cnf, "-extensions", "x", "-days", "20",
		"-keyout", file("key", nil), "-out", file("crt", nil))
	for _, oid := range []pki.OID{pki.OIDSHA256, pki.OIDSHA512} {
		h, err := suites.Hash(oid)
		if err != nil {
			t.Fatal(err)
		}
		d := h.New()
		d.Write(message)
		nonce := []byte{0, 0x91, 2, 3}
		req, err := tsp.Request(h, d.Sum(nil), nonce, true)
		if err != nil {
			t.Fatal(err)
		}
		oracle.Run(t, "openssl", "ts", "-reply", "-config", cnf, "-queryfile", file("q", req), "-signer", file("crt", nil), "-inkey", file("key", nil), "-out", file("r", nil))
		resp, err := os.ReadFile(file("r", nil))
		if err != nil {
			t.Fatal(err)
		}
		tok, err := tsp.ParseResponse(resp)
		if err != nil {
			t.Fatal(err)
		}
		if err := tok.Answers(h, d.Sum(nil), nonce); err != nil {
			t.Error(err)
		}
		if tok.Answers(h, d.Sum(nil), []byte{1}) == nil || tok.Answers(h, make([]byte, h.Size), nonce) == nil {
			t.Error("token answers anything")
		}
		crt, err := os.ReadFile(file("crt", nil))
		if err != nil {
			t.Fatal(err)
		}
		o := tsp.VerifyOptions{Message: message, Path: pki.PathOptions{Suites: suites, Anchors: pki.NewPool(pki.ReadCertificates(crt)...), Now: time.Now(), Revocation: pki.RevocationSkipUnsafe}}
		r := tok.Verify(context.Background(), o)
		if r.Status() != pki.OK || tok.Info.Accuracy != 1500*time.Millisecond || !tok.Info.Ordering {
			t.Errorf("%v, accuracy %s", r.Checks, tok.Info.Accuracy)
		}
	}
	der := pkitest.Token(t, pkitest.TSA(t, root), message, epoch)
	oracle.Run(t, "openssl", "ts", "-verify", "-token_in", "-in", file("tok", der), "-data", file("m", message),
		"-CAfile", pkitest.PEM(t, "root", "CERTIFICATE", root.DER), "-attime", "1748779200")
	if _, err := tsp.ParseResponse([]byte{0x30, 5, 0x30, 3, 2, 1, 2}); err == nil {
		t.Error("rejection read as a token")
	}
	sd, err := cms.Parse(der)
	if err != nil || len(sd.Warnings) > 0 {
		t.Errorf("%v %v", err, sd.Warnings)
	}
}

func FuzzToken(f *testing.F) {
	root := pkitest.Issue(f, pkitest.Spec{Name: "Root", CA: true})
	f.Add(pkitest.Token(f, pkitest.TSA(f, root), message, epoch))
	o := options(root)
	f.Fuzz(func(t *testing.T, der []byte) {
		bounded.Run(t, der, func() {
			if _, err := tsp.ParseResponse(der); err == nil {
				return
			}
			tok, err := tsp.Parse(der)
			if err != nil {
				return
			}
			o := o
			o.Message = []byte("other content")
			if tok.Verify(context.Background(), o).Status() == pki.OK {
				t.Fatal("a stamp of other content")
			}
		})
	})
}
