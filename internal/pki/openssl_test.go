package pki_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
)

const caConfig = `
[ca]
default_ca = c
[c]
dir = .
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
default_md = sha256
default_crl_days = 7
policy = p
[p]
commonName = supplied
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid,issuer
[ocsp]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
authorityKeyIdentifier = keyid
`

// TestOpenSSLAuthority runs an authority with openssl: root, leaves good and
// revoked, CRL, OCSP by the authority and by a delegate, with every kind of key.
func TestOpenSSLAuthority(t *testing.T) {
	oracle.Need(t, "openssl")
	kinds := map[string][]string{
		"p256":      {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"},
		"brainpool": {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"},
		"rsa":       {"-newkey", "rsa:2048"},
		"pss":       {"-newkey", "rsa:2048", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"},
		"pss key":   {"-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"},
		"ed25519":   {"-newkey", "ed25519"},
		"ed448":     {"-newkey", "ed448"},
		"sha3":      {"-newkey", "rsa:2048", "-sha3-256"},
		"ec sha3":   {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha3-512"},
		"v1 sha512": {"-newkey", "rsa:3072", "-sha512"},
	}
	for kind, key := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := func(name string) string { return filepath.Join(dir, name) }
			write := func(name, s string) {
				if err := os.WriteFile(file(name), []byte(s), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			read := func(name string) []byte {
				b, err := os.ReadFile(file(name))
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			run := func(args ...string) { t.Helper(); oracle.Run(t, "openssl", args...) }
			write("cnf", caConfig)
			write("index.txt", "")
			write("serial", "1000\n")
			write("crlnumber", "01\n")
			run(append([]string{"req", "-x509", "-nodes", "-subj", "/CN=Root", "-days", "30", "-config", file("cnf"), "-extensions", "root",
				"-keyout", file("root.key"), "-out", file("root.crt")}, key...)...)
			issue := func(name, section, serial string) {
				run("req", "-new", "-nodes", "-subj", "/CN="+name, "-config", file("cnf"), "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
					"-keyout", file(name+".key"), "-out", file(name+".csr"))
				run("x509", "-req", "-in", file(name+".csr"), "-CA", file("root.crt"), "-CAkey", file("root.key"), "-set_serial", serial,
					"-days", "20", "-extfile", file("cnf"), "-extensions", section, "-out", file(name+".crt"))
			}
			issue("good", "leaf", "0x1001")
			issue("bad", "leaf", "0x1002")
			issue("ocsp", "ocsp", "0x1003")
			now := time.Now().UTC()
			end := now.AddDate(0, 0, 20).Format("060102150405Z")
			write("index.txt", "V\t"+end+"\t\t1001\tunknown\t/CN=good\nR\t"+end+"\t"+now.Add(-time.Hour).Format("060102150405Z")+",keyCompromise\t1002\tunknown\t/CN=bad\n")
			root := pki.ReadCertificates(read("root.crt"))[0]
			o := pki.PathOptions{Suites: suites, Anchors: pki.NewPool(root), At: time.Now(), Now: time.Now()}
			check := func(how string) {
				t.Helper()
				for name, want := range map[string]pki.RevocationStatus{"good": good, "bad": revoked} {
					leaf := pki.ReadCertificates(read(name + ".crt"))[0]
					if r := pki.Validate(context.Background(), leaf, o); r.Chain != trusted || r.Revocation != want {
						t.Errorf("%s, %s: %s %s %s", how, name, r.Chain, r.Revocation, r.Reason)
					}
				}
			}
			for _, delegate := range []bool{false, true} {
				o.OCSPs, o.CRLs = nil, nil
				signer := []string{"-rsigner", file("root.crt"), "-rkey", file("root.key")}
				if delegate {
					signer = []string{"-rsigner", file("ocsp.crt"), "-rkey", file("ocsp.key")}
				} else if kind == "ed25519" || kind == "ed448" {
					continue // openssl ocsp insists on a digest
				}
				for _, name := range []string{"good", "bad"} {
					run(append([]string{"ocsp", "-index", file("index.txt"), "-CA", file("root.crt"), "-issuer", file("root.crt"), "-cert", file(name + ".crt"),
						"-ndays", "1", "-respout", file("resp")}, signer...)...)
					r, err := pki.ParseOCSP(read("resp"))
					if err != nil {
						t.Fatal(err)
					}
					o.OCSPs = append(o.OCSPs, r)
				}
				if delegate { // its certificate has no no-check extension here
					leaf := pki.ReadCertificates(read("good.crt"))[0]
					if r := pki.Validate(context.Background(), leaf, o); r.Revocation != nobody {
						t.Errorf("delegate without status: %s", r.Revocation)
					}
					continue
				}
				check("ocsp")
			}
			// openssl ca resolves its files against the working directory.
			o.OCSPs = nil
			cmd := oracle.Need(t, "openssl")
			runIn(t, dir, cmd, "ca", "-gencrl", "-config", "cnf", "-cert", "root.crt", "-keyfile", "root.key", "-out", "crl.pem")
			l, err := pki.ReadCRL(read("crl.pem"))
			if err != nil {
				t.Fatal(err)
			}
			o.CRLs = []*pki.CRL{l}
			check("crl")
		})
	}
}
