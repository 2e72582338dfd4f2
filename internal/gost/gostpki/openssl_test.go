package gostpki_test

import (
	"context"
	"encoding/pem"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/gost/gosttest"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/internal/pki/tsp"
	"github.com/vidimus/vidimus/verify"
)

// dir is a folder for files that OpenSSL reads and writes.
type dir struct {
	testing.TB
	path string
}

func (d dir) file(name string) string { return filepath.Join(d.path, name) }

func (d dir) write(name string, data []byte) string {
	d.Helper()
	if err := os.WriteFile(d.file(name), data, 0o600); err != nil {
		d.Fatal(err)
	}
	return d.file(name)
}

func (d dir) pem(name, kind string, der []byte) string {
	return d.write(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func (d dir) read(name string) []byte {
	d.Helper()
	b, err := os.ReadFile(d.file(name))
	if err != nil {
		d.Fatal(err)
	}
	return b
}

// TestOpenSSLAccepts: certificates, CRLs, OCSP answers, time-stamps and
// signatures made with our code pass OpenSSL with the gost engine.
func TestOpenSSLAccepts(t *testing.T) {
	for _, curve := range []string{"CryptoPro-A", "TC26-256-A", "TC26-512-A", "TC26-512-C"} {
		t.Run(curve, func(t *testing.T) {
			t.Parallel()
			e := gosttest.Find(t)
			d := dir{t, t.TempDir()}
			w := newWorld(t, curve)
			at := strconv.FormatInt(pkitest.Epoch.Unix(), 10)
			root := d.pem("root.pem", "CERTIFICATE", w.root.DER)
			leaf := d.pem("leaf.pem", "CERTIFICATE", w.leaf.DER)
			content := d.write("content", content)

			crl := d.pem("crl.pem", "X509 CRL", pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.root}).Raw)
			chain := []string{"verify", "-attime", at, "-CAfile", root, "-crl_check", "-CRLfile"}
			e.OpenSSL(t, nil, append(chain, crl, leaf)...)
			revoked := d.pem("revoked.pem", "X509 CRL", pkitest.CRL(t, pkitest.CRLSpec{Issuer: w.root,
				Revoked: []pkitest.Revoked{{Serial: w.leaf.Cert.Serial, At: pkitest.Epoch.Add(-time.Hour)}}}).Raw)
			if _, messages, err := e.Try(nil, append(chain, revoked, leaf)...); err == nil || !strings.Contains(messages, "certificate revoked") {
				t.Errorf("revoked: %v %s", err, messages)
			}
			if _, _, err := e.Try(nil, "verify", "-attime", at, "-CAfile", d.pem("other.pem", "CERTIFICATE", newWorld(t, curve).root.DER), leaf); err == nil {
				t.Error("OpenSSL accepts another root: the test shows nothing")
			}

			responder := w.issue(t, pkitest.Spec{Name: "OCSP", EKU: []pki.OID{pki.EKUOCSPSigning}, Ext: []pkitest.Ext{pkitest.NoCheck}})
			answer := d.write("ocsp", pkitest.OCSPDER(t, pkitest.OCSPSpec{Cert: w.leaf, Issuer: w.root, Signer: responder, Hash: gostpki.OIDStreebog256}))
			out, messages, err := e.Try(nil, "ocsp", "-respin", answer, "-issuer", root, "-md_gost12_256", "-cert", leaf, "-CAfile", root, "-no_nonce", "-attime", at, "-validity_period", "999999999")
			if err != nil || !strings.Contains(messages+string(out), "Response verify OK") || !strings.Contains(string(out), ": good") {
				t.Errorf("OCSP: %v\n%s%s", err, out, messages)
			}

			tsa := w.issue(t, pkitest.Spec{Name: "TSA", EKU: []pki.OID{pki.EKUTimeStamping}, EKUCrit: true})
			token := d.write("token", pkitest.Token(t, tsa, d.read("content"), pkitest.Epoch))
			e.OpenSSL(t, nil, "ts", "-verify", "-token_in", "-in", token, "-data", content, "-CAfile", root, "-attime", at)

			sig := d.write("sig", sign(t, w.leaf.Cert, w.leaf.Key))
			args := []string{"cms", "-verify", "-binary", "-cades", "-inform", "DER", "-content", content, "-CAfile", root, "-attime", at, "-out", d.file("out"), "-in"}
			e.OpenSSL(t, nil, append(args, sig)...)
			bad := d.write("bad", sign(t, w.leaf.Cert, forger{w.leaf.Key, func(b []byte) []byte { b[5] ^= 1; return b }}))
			if _, _, err := e.Try(nil, append(args, bad)...); err == nil {
				t.Error("OpenSSL accepts a wrong value: the test shows nothing")
			}
		})
	}
}

const opensslConfig = `[req]
distinguished_name = d
prompt = no
[d]
CN = Example
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
keyUsage = critical,digitalSignature,nonRepudiation
authorityKeyIdentifier = keyid
[tsa]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[stamp]
serial = SERIAL
crypto_device = builtin
signer_digest = DIGEST
default_policy = 1.2.3.4
digests = md_gost12_256, md_gost12_512
ess_cert_id_alg = sha256
`

// TestOpenSSLMakes: what OpenSSL makes here and now with the gost engine, passes.
func TestOpenSSLMakes(t *testing.T) {
	for _, c := range []struct{ alg, set, digest string }{
		{"gost2012_256", "A", "md_gost12_256"}, {"gost2012_256", "TCA", "md_gost12_256"}, {"gost2012_512", "A", "md_gost12_512"}, {"gost2012_512", "C", "md_gost12_512"},
	} {
		t.Run(c.alg+" "+c.set, func(t *testing.T) {
			t.Parallel()
			e := gosttest.Find(t)
			d := dir{t, t.TempDir()}
			cnf := d.write("cnf", []byte(strings.NewReplacer("SERIAL", d.file("serial"), "DIGEST", c.digest).Replace(opensslConfig)))
			doc := d.write("doc", content)
			key := func(name string) string {
				e.OpenSSL(t, nil, "genpkey", "-algorithm", c.alg, "-pkeyopt", "paramset:"+c.set, "-out", d.file(name+".key"))
				return d.file(name + ".key")
			}
			e.OpenSSL(t, nil, "req", "-new", "-x509", "-key", key("ca"), "-"+c.digest, "-days", "30", "-config", cnf, "-extensions", "ca", "-subj", "/CN=CA", "-out", d.file("ca.pem"))
			for _, name := range []string{"leaf", "tsa"} {
				e.OpenSSL(t, nil, "req", "-new", "-key", key(name), "-"+c.digest, "-config", cnf, "-subj", "/CN="+name, "-out", d.file("csr"))
				e.OpenSSL(t, nil, "x509", "-req", "-in", d.file("csr"), "-CA", d.file("ca.pem"), "-CAkey", d.file("ca.key"), "-CAcreateserial", "-"+c.digest,
					"-days", "20", "-extfile", cnf, "-extensions", name, "-out", d.file(name+".pem"))
			}
			trust, err := verify.NewTrust(d.read("ca.pem"))
			if err != nil {
				t.Fatal(err)
			}
			for name, extra := range map[string][]string{"CMS": nil, "CAdES": {"-cades"}, "no attributes": {"-noattr"}, "attached": {"-nodetach"}, "BER": {"-nodetach", "-stream"}} {
				args := append([]string{"cms", "-sign", "-binary", "-in", doc, "-signer", d.file("leaf.pem"), "-inkey", d.file("leaf.key"),
					"-md", c.digest, "-outform", "DER", "-out", d.file("sig")}, extra...)
				e.OpenSSL(t, nil, args...)
				o := verify.Options{Trust: trust, RevocationNoneUnsafe: true}
				data := content
				if len(extra) > 0 && extra[0] == "-nodetach" {
					data = d.read("sig")
				} else {
					o.Signature = d.read("sig")
				}
				r, err := verify.Bytes(context.Background(), "a", data, o)
				if err != nil || r.Verdict() != verify.Passed {
					t.Errorf("%s: %v %s", name, err, ofReport(r).detail)
				}
			}
			d.write("serial", []byte("01\n"))
			h, err := suites.Hash(map[string]pki.OID{"md_gost12_256": gostpki.OIDStreebog256, "md_gost12_512": gostpki.OIDStreebog512}[c.digest])
			if err != nil {
				t.Fatal(err)
			}
			request, err := tsp.Request(h, digestOf(h, content), []byte{1, 2, 3}, true)
			if err != nil {
				t.Fatal(err)
			}
			e.OpenSSL(t, nil, "ts", "-reply", "-config", cnf, "-section", "stamp", "-queryfile", d.write("query", request), "-signer", d.file("tsa.pem"),
				"-inkey", d.file("tsa.key"), "-out", d.file("response"))
			token, err := tsp.ParseResponse(d.read("response"))
			if err != nil {
				t.Fatal(err)
			}
			if err := token.Answers(h, digestOf(h, content), []byte{1, 2, 3}); err != nil {
				t.Error(err)
			}
			r := token.Verify(context.Background(), tsp.VerifyOptions{Message: content, Path: pki.PathOptions{Suites: suites,
				Anchors: pki.NewPool(pki.ReadCertificates(d.read("ca.pem"))...), Now: time.Now(), Revocation: pki.RevocationSkipUnsafe}})
			if r.Status() != pki.OK {
				t.Errorf("time-stamp: %v", r.Checks)
			}
		})
	}
}
