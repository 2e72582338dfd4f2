package signer

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gosttest"
)

// TestPFXVectors: the containers that the standards print (RFC 9548 App. A,
// Р 50.1.112-2016 App. А), with the ciphers and integrity codes that OpenSSL's
// engine does not write.
func TestPFXVectors(t *testing.T) {
	t.Parallel()
	for _, v := range []struct{ file, name, key string }{
		{"rfc9548-a2.p12", "ORIGINATOR: GOST 34.10-12 512-bit", "GOST R 34.10-2012 512 bit, TC26-512-A"}, // Kuznyechik-CTR-ACPKM-OMAC, certificate in the clear
		{"rfc9548-a3.p12", "ORIGINATOR: GOST 34.10-12 512-bit", "GOST R 34.10-2012 512 bit, TC26-512-A"}, // Magma-CTR-ACPKM-OMAC and Magma-CTR-ACPKM
		{"r50.1.112-2016-a.p12", "Test certificate 1 (PKCS#12 example)", "GOST R 34.10-2012 256 bit, CryptoPro-A"},
	} {
		file := read(t, filepath.Join("testdata", "pfx", v.file))
		opt := testOptions()
		opt.Password = "Пароль для PFX"
		id, err := LoadIdentity(opt, file)
		if err != nil {
			t.Errorf("%s: %v", v.file, err)
			continue
		}
		c := id.Certificate()
		if got := keyName(c.PublicKey, c.PublicKeyAlgorithm); c.Subject.CommonName != v.name || got != v.key || !sameKey(id.key.Public(), c.PublicKey) {
			t.Errorf("%s: %q, %s", v.file, c.Subject.CommonName, got)
		}
		opt.Password = "пароль для PFX"
		if _, err := LoadIdentity(opt, file); !errors.Is(err, ErrPassword) {
			t.Errorf("%s, wrong password: %v", v.file, err)
		}
		// No changed byte goes unnoticed where the integrity code reaches.
		opt.Password = "Пароль для PFX"
		for i := 60; i < len(file)-120; i += 499 {
			changed := bytes.Clone(file)
			changed[i] ^= 1
			if _, err := LoadIdentity(opt, changed); err == nil {
				t.Errorf("%s: byte %d changed and not noticed", v.file, i)
			}
		}
	}
}

// opensslGOST makes a key, and certificates of it and of its authority, with
// OpenSSL's engine. The names are long: some ciphers change the key after 1 kB.
func opensslGOST(t *testing.T, e *gosttest.Engine, alg, set, digest string) (path func(string) string) {
	dir := t.TempDir()
	path = func(name string) string { return filepath.Join(dir, name) }
	long := strings.Repeat("Образцовая улица, ", 40)
	write(t, path("cnf"), []byte("[req]\ndistinguished_name=d\nprompt=no\nstring_mask=utf8only\n[d]\nCN=Example\nO="+long[:60]+
		"\n[ca]\nbasicConstraints=critical,CA:TRUE\nnsComment="+strings.Repeat("long ", 400)+"\n[ee]\nkeyUsage=critical,digitalSignature\nnsComment="+strings.Repeat("long ", 400)+"\n"))
	for _, who := range []string{"ca", "ee"} {
		e.OpenSSL(t, nil, "genpkey", "-algorithm", alg, "-pkeyopt", "paramset:"+set, "-out", path(who+".key"))
	}
	e.OpenSSL(t, nil, "req", "-new", "-x509", "-utf8", "-key", path("ca.key"), "-"+digest, "-days", "30", "-subj", "/CN=Authority", "-extensions", "ca", "-config", path("cnf"), "-out", path("ca.crt"))
	e.OpenSSL(t, nil, "req", "-new", "-utf8", "-key", path("ee.key"), "-"+digest, "-subj", "/CN=Example", "-config", path("cnf"), "-out", path("ee.csr"))
	e.OpenSSL(t, nil, "x509", "-req", "-in", path("ee.csr"), "-CA", path("ca.crt"), "-CAkey", path("ca.key"), "-"+digest, "-days", "29", "-extfile", path("cnf"), "-extensions", "ee", "-set_serial", "7", "-out", path("ee.crt"))
	return path
}

// TestPKCS12OpenSSL: containers that OpenSSL's engine writes.
func TestPKCS12OpenSSL(t *testing.T) {
	for _, k := range []struct{ alg, set, digest string }{
		{"gost2012_256", "A", "md_gost12_256"}, {"gost2012_256", "TCA", "md_gost12_256"}, {"gost2012_512", "A", "md_gost12_512"},
	} {
		t.Run(k.alg+" "+k.set, func(t *testing.T) {
			t.Parallel()
			e := gosttest.Find(t)
			path := opensslGOST(t, e, k.alg, k.set, k.digest)
			for name, c := range map[string]struct {
				args string
				want error
				text string
			}{
				"default":          {args: "-iter 2048"},
				"gost89":           {args: "-keypbe gost89 -certpbe gost89 -macalg md_gost12_512"},
				"gost89, SHA-256":  {args: "-keypbe gost89 -certpbe gost89"},
				"kuznyechik":       {args: "-keypbe kuznyechik-ctr-acpkm -certpbe kuznyechik-ctr-acpkm -macalg md_gost12_512"},
				"magma":            {args: "-keypbe magma-ctr-acpkm -certpbe magma-ctr-acpkm -macalg md_gost12_256"},
				"open certificate": {args: "-keypbe gost89 -certpbe NONE -macalg md_gost12_256"},
				"AES, Streebog":    {args: "-macalg md_gost12_512"},
				"SHA-1":            {args: "-macalg sha1"},
				"SHA-512":          {args: "-macalg sha512"},
				"no MAC":           {args: "-nomac -keypbe gost89 -certpbe gost89"},
				"no MAC, CTR":      {args: "-nomac -keypbe magma-ctr-acpkm -certpbe magma-ctr-acpkm"},
				"GOST 94":          {args: "-macalg md_gost94", want: ErrEncryption, text: "GOST R 34.11-94"},
				"Triple DES":       {args: "-keypbe des-ede3-cbc", want: ErrEncryption, text: "Triple DES"},
			} {
				args := append([]string{"pkcs12", "-export", "-iter", "50", "-inkey", path("ee.key"), "-in", path("ee.crt"), "-certfile", path("ca.crt"),
					"-name", "Ключ", "-passout", "pass:пароль", "-out", path("p12")}, strings.Fields(c.args)...)
				e.OpenSSL(t, nil, args...)
				file := read(t, path("p12"))
				id, err := LoadIdentity(IdentityOptions{Password: "пароль"}, file)
				if c.want != nil {
					if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
						t.Errorf("%s: %v, want %v naming %s", name, err, c.want, c.text)
					}
					continue
				}
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				if got := EncodeCertificates(id.Chain()...); !bytes.Equal(got, append(read(t, path("ee.crt")), read(t, path("ca.crt"))...)) {
					t.Errorf("%s: other certificates", name)
				}
				if !sameKey(id.key.Public(), id.Certificate().PublicKey) {
					t.Errorf("%s: another key", name)
				}
				for _, wrong := range []string{"", "Пароль"} {
					if _, err := LoadIdentity(IdentityOptions{Password: wrong}, file); !errors.Is(err, ErrPassword) {
						t.Errorf("%s: password %q: %v", name, wrong, err)
					}
				}
			}
		})
	}
}

// TestPKCS8OpenSSL: encrypted keys that OpenSSL's engine writes.
func TestPKCS8OpenSSL(t *testing.T) {
	t.Parallel()
	e := gosttest.Find(t)
	path := opensslGOST(t, e, "gost2012_512", "C", "md_gost12_512")
	for _, args := range []string{"-v2 gost89", "-v2 kuznyechik-ctr-acpkm", "-v2 magma-ctr-acpkm", "-v2 aes256 -v2prf 1.2.643.7.1.1.4.2", "-v2 aes256 -v2prf 1.2.643.7.1.1.4.1"} {
		e.OpenSSL(t, nil, append([]string{"pkcs8", "-topk8", "-iter", "100", "-in", path("ee.key"), "-passout", "pass:пароль", "-out", path("p8")}, strings.Fields(args)...)...)
		if _, err := LoadIdentity(IdentityOptions{Password: "пароль"}, read(t, path("p8")), read(t, path("ee.crt"))); err != nil {
			t.Errorf("%s: %v", args, err)
		}
		if _, err := LoadIdentity(IdentityOptions{Password: "Пароль"}, read(t, path("p8")), read(t, path("ee.crt"))); !errors.Is(err, ErrPassword) {
			t.Errorf("%s, wrong password: %v", args, err)
		}
	}
}

// TestSchemesNamed: what is not read is called by its name.
func TestSchemesNamed(t *testing.T) {
	for oid, want := range map[string]asn1.ObjectIdentifier{
		"CryptoPro":         {1, 2, 840, 113549, 1, 12, 1, 80},
		"PBMAC1":            {1, 2, 840, 113549, 1, 5, 14},
		"1.2.3.4.5 ":        {1, 2, 3, 4, 5},
		"RC2-40 (1.2.840.1": {1, 2, 840, 113549, 1, 12, 1, 6},
	} {
		_, err := decryptPBES2(pkix.AlgorithmIdentifier{Algorithm: want}, "", nil)
		if !errors.Is(err, ErrEncryption) || !strings.Contains(err.Error()+" ", oid) {
			t.Errorf("%v: %v", want, err)
		}
	}
	if entries, err := os.ReadDir(filepath.Join("testdata", "pfx")); err != nil || len(entries) != 3 {
		t.Errorf("%d vectors, %v: TestPFXVectors reads three", len(entries), err)
	}
}
