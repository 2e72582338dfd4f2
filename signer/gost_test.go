package signer

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/gosttest"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/verify"
)

// gostCurves are those that the tests below sign with: Weierstrass and Edwards
// form, both sizes.
var gostCurves = []string{"CryptoPro-A", "TC26-256-A", "TC26-512-A", "TC26-512-C"}

func gostKey(t testing.TB, curve string) *gost3410.PrivateKey {
	t.Helper()
	for _, c := range gost3410.Curves() {
		if c.Name() == curve {
			k, err := gost3410.GenerateKey(c, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
	}
	t.Fatalf("no curve %s", curve)
	return nil
}

// gostPKI is a root and a signer below it, both with GOST keys on one curve.
type gostPKI struct {
	root, leaf *pkitest.Entity
	file       []byte // key and certificates as a PEM file
	identity   *Identity
}

func newGOSTPKI(t testing.TB, curve string) *gostPKI {
	t.Helper()
	spec := func(name string, issuer *pkitest.Entity, ca bool) *pkitest.Entity {
		return pkitest.Issue(t, pkitest.Spec{Name: name, Issuer: issuer, CA: ca, Key: gostKey(t, curve),
			NotBefore: testTime.AddDate(-1, 0, 0), NotAfter: testTime.AddDate(1, 0, 0)})
	}
	p := &gostPKI{root: spec("Образец УЦ", nil, true)}
	p.leaf = spec("Образцов Образец", p.root, false)
	p.file = gostFile(t, p.leaf, p.leaf, p.root)
	var err error
	if p.identity, err = LoadIdentity(testOptions(), p.file); err != nil {
		t.Fatal(err)
	}
	return p
}

func gostFile(t testing.TB, key *pkitest.Entity, certs ...*pkitest.Entity) []byte {
	t.Helper()
	der, err := gost3410.MarshalPKCS8PrivateKey(key.Key.(*gost3410.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	out := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	for _, c := range certs {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.DER})...)
	}
	return out
}

// checked is what our own verifier says, revocation not asked.
func checked(t testing.TB, name string, data, signature []byte, roots ...[]byte) *verify.Report {
	t.Helper()
	trust, err := verify.NewTrust(roots...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := verify.Bytes(context.Background(), name, data, verify.Options{Trust: trust, At: testTime, Signature: signature, RevocationNoneUnsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// opensslAccepts lets OpenSSL with the gost engine verify a CMS; content is nil
// when it is inside.
func opensslAccepts(t *testing.T, e *gosttest.Engine, root, der, content []byte) {
	t.Helper()
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		write(t, path, data)
		return path
	}
	args := []string{"cms", "-verify", "-binary", "-inform", "DER", "-in", file("sig", der), "-cades", "-attime", strconv.FormatInt(testTime.Unix(), 10),
		"-CAfile", file("root.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root})), "-out", filepath.Join(dir, "out")}
	if content != nil {
		args = append(args, "-content", file("content", content))
	}
	if _, messages, err := e.Try(nil, args...); err != nil {
		t.Errorf("openssl: %v\n%s", err, messages)
	}
}

func TestGOSTIdentity(t *testing.T) {
	t.Parallel()
	p := newGOSTPKI(t, "CryptoPro-A")
	if got, want := p.identity.Algorithm(), "GOST R 34.10-2012 256 bit, CryptoPro-A, GOST3410-2012-256 (software key, unqualified signature)"; got != want {
		t.Errorf("algorithm %q, want %q", got, want)
	}
	if !p.identity.Unqualified() || !p.identity.SignerInfo().Unqualified || testPKI(t, KeyP256).Signer.Unqualified() {
		t.Error("qualification")
	}
	if len(p.identity.Chain()) != 2 || len(p.identity.embedded()) != 1 {
		t.Errorf("%d certificates", len(p.identity.Chain()))
	}
	if err := p.identity.CheckAt(testTime.AddDate(2, 0, 0)); !errors.Is(err, ErrExpired) {
		t.Errorf("expired: %v", err)
	}

	// Certificates as crypto/x509 leaves them, without a key.
	var plain []*x509.Certificate
	for _, e := range []*pkitest.Entity{p.leaf, p.root} {
		c, err := x509.ParseCertificate(e.DER)
		if err != nil || c.PublicKey != nil {
			t.Fatalf("%v, key %v", err, c.PublicKey)
		}
		plain = append(plain, c)
	}
	id, err := NewIdentity(p.leaf.Key, plain, testOptions())
	if err != nil || id.Certificate().PublicKey == nil || plain[0].PublicKey != nil {
		t.Errorf("%v; the caller's certificate must stay as it was", err)
	}
	if _, err := NewIdentity(p.root.Key, plain, testOptions()); !errors.Is(err, ErrKeyMismatch) {
		t.Errorf("another key: %v", err)
	}
	if id, err := NewIdentity(nil, plain, testOptions()); err != nil || id.Unqualified() {
		t.Errorf("a key elsewhere: %v", err)
	}

	// Two roots of one name: the signature tells which it is.
	namesake := pkitest.Issue(t, pkitest.Spec{Name: "Образец УЦ", CA: true, Key: gostKey(t, "CryptoPro-A"), NotAfter: testTime.AddDate(1, 0, 0)})
	id, err = LoadIdentity(testOptions(), gostFile(t, p.leaf, namesake, p.leaf, p.root))
	if err != nil || !bytes.Equal(id.Chain()[1].Raw, p.root.DER) {
		t.Errorf("two roots: %v", err)
	}
	if _, err := LoadIdentity(testOptions(), gostFile(t, p.leaf, namesake, p.leaf)); !errors.Is(err, ErrChain) {
		t.Errorf("the wrong root alone: %v", err)
	}
	if _, err := LoadIdentity(testOptions(), gostFile(t, p.root, p.leaf)); !errors.Is(err, ErrKeyMismatch) {
		t.Errorf("another key: %v", err)
	}
	der, err := gost3410.MarshalPKIXPublicKey(p.leaf.Key.Public().(*gost3410.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	if pub, err := ParsePublicKey(der); err != nil || !sameKey(pub, p.leaf.Key.Public()) {
		t.Errorf("public key: %v", err)
	}
	file, err := p.identity.PEM()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := LoadIdentity(testOptions(), file); err != nil || !p.leaf.Key.(*gost3410.PrivateKey).Equal(again.key) {
		t.Errorf("written and read again: %v", err)
	}
	if key, err := ParseKey(p.file, ""); err != nil || !sameKey(key.Public(), p.leaf.Key.Public()) {
		t.Errorf("key file: %v", err)
	}
}

// TestLenientCertificates: certificates that crypto/x509 refuses and authorities
// issue can be signed under.
func TestLenientCertificates(t *testing.T) {
	t.Parallel()
	root := pkitest.Issue(t, pkitest.Spec{Name: "Образец УЦ", CA: true, Key: gostKey(t, "CryptoPro-A"), NotAfter: testTime.AddDate(1, 0, 0)})
	key := gostKey(t, "CryptoPro-A")
	leaf := pkitest.Issue(t, pkitest.Spec{Name: "Образцов", Issuer: root, Key: key, NotAfter: testTime.AddDate(1, 0, 0), NoUsage: true,
		// BOOLEAN TRUE of basicConstraints as 0x01, a key usage of digitalSignature.
		Ext: []pkitest.Ext{{OID: "2.5.29.19", Value: []byte{0x30, 3, 1, 1, 1}}, {OID: "2.5.29.15", Critical: true, Value: []byte{3, 2, 7, 0x80}}}})
	if _, err := x509.ParseCertificate(leaf.DER); err == nil {
		t.Fatal("crypto/x509 reads it: the test shows nothing")
	}
	id, err := LoadIdentity(testOptions(), gostFile(t, leaf, leaf, root))
	if err != nil {
		t.Fatal(err)
	}
	c := id.Certificate()
	if c.Subject.CommonName != "Образцов" || c.Issuer.CommonName != "Образец УЦ" || c.KeyUsage != x509.KeyUsageDigitalSignature || len(id.Chain()) != 2 ||
		SignerInfoOf(c).Serial == "" {
		t.Errorf("%+v", c)
	}
	sig, err := id.SignDetached(context.Background(), strings.NewReader("x"), DetachedOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if r := checked(t, "x", []byte("x"), sig, root.DER); r.Verdict() != verify.Passed {
		t.Errorf("%s: %+v", r.Verdict(), r.Signatures)
	}
}

func TestGOSTDetached(t *testing.T) {
	content := []byte("Решение комиссии.\n")
	for _, curve := range gostCurves {
		t.Run(curve, func(t *testing.T) {
			t.Parallel()
			p := newGOSTPKI(t, curve)
			sig, err := p.identity.SignDetached(context.Background(), bytes.NewReader(content), DetachedOptions{})
			if err != nil {
				t.Fatal(err)
			}
			r := checked(t, "a.txt", content, sig, p.root.DER)
			if r.Verdict() != verify.Passed || r.Signatures[0].Format != "CAdES-B-B" {
				t.Errorf("%s %+v", r.Verdict(), r.Signatures)
			}
			other := checked(t, "b.txt", []byte("Другое решение.\n"), sig, p.root.DER)
			if _, sub := other.Signatures[0].Indication(); other.Verdict() != verify.Failed || sub != verify.SubHash {
				t.Errorf("another file: %s %s", other.Verdict(), sub)
			}
			var out strings.Builder
			if err := other.WriteText(&out, "ru"); err != nil || !strings.Contains(out.String(), "принадлежит другому содержимому") {
				t.Errorf("another file is not called so:\n%s", out.String())
			}
			attached, err := p.identity.SignDetached(context.Background(), bytes.NewReader(content), DetachedOptions{Attached: true})
			if err != nil {
				t.Fatal(err)
			}
			if r := checked(t, "a.p7m", attached, nil, p.root.DER); r.Verdict() != verify.Passed {
				t.Errorf("attached: %s", r.Verdict())
			}
			e := gosttest.Find(t)
			opensslAccepts(t, e, p.root.DER, sig, content)
			opensslAccepts(t, e, p.root.DER, attached, nil)
		})
	}
}

func TestGOSTSignPDF(t *testing.T) {
	doc := vectors["annots-indirect"].build()
	for _, curve := range gostCurves {
		t.Run(curve, func(t *testing.T) {
			t.Parallel()
			p := newGOSTPKI(t, curve)
			signed, err := signBytes(p.identity, doc, PDFOptions{})
			if err != nil {
				t.Fatal(err)
			}
			r := checked(t, "a.pdf", signed, nil, p.root.DER)
			if r.Verdict() != verify.Passed || len(r.Signatures) != 1 || r.Signatures[0].Format != "PAdES-B-B" || r.Signatures[0].DocMDP != 2 {
				t.Errorf("%s %+v", r.Verdict(), r.Signatures)
			}
			signed2, err := prepareElsewhere(p, doc)
			if err != nil {
				t.Fatal(err)
			}
			if r := checked(t, "a.pdf", signed2, nil, p.root.DER); r.Verdict() != verify.Passed {
				t.Errorf("prepared: %s %+v", r.Verdict(), r.Signatures)
			}
			signed[len(doc)/2] ^= 1
			if r := checked(t, "a.pdf", signed, nil, p.root.DER); r.Verdict() == verify.Passed {
				t.Error("a flipped bit passes")
			}
			signed[len(doc)/2] ^= 1
			der, covered := lastSignature(t, signed)
			opensslAccepts(t, gosttest.Find(t), p.root.DER, der, covered)
		})
	}
}

// prepareElsewhere signs in two phases, stored as JSON between them.
func prepareElsewhere(p *gostPKI, doc []byte) ([]byte, error) {
	ctx := context.Background()
	id, err := NewIdentity(nil, p.identity.Chain(), testOptions())
	if err != nil {
		return nil, err
	}
	prepared, err := id.PreparePDF(ctx, bytes.NewReader(doc), int64(len(doc)), PDFOptions{})
	if err != nil {
		return nil, err
	}
	stored, err := json.Marshal(prepared)
	if err != nil {
		return nil, err
	}
	var again Prepared
	if err := json.Unmarshal(stored, &again); err != nil {
		return nil, err
	}
	value, err := p.leaf.Key.Sign(rand.Reader, again.ToSign(), again.Opts())
	if err != nil {
		return nil, err
	}
	value[3] ^= 1
	if err := again.Embed(ctx, new(bytes.Buffer), bytes.NewReader(doc), value); !errors.Is(err, ErrSignature) {
		return nil, errors.New("a wrong value was embedded")
	}
	value[3] ^= 1
	var out bytes.Buffer
	err = again.Embed(ctx, &out, bytes.NewReader(doc), value)
	return out.Bytes(), err
}

// lastSignature cuts the newest signature out of a document.
func lastSignature(t *testing.T, doc []byte) (der, covered []byte) {
	t.Helper()
	all := byteRangePattern.FindAllSubmatch(doc, -1)
	var r [4]int64
	for i := range 3 {
		r[i+1], _ = strconv.ParseInt(string(all[len(all)-1][i+1]), 10, 64)
	}
	return signatureOf(t, doc, r)
}

// TestGOSTPage: a certificate's page, with the mark and signed with GOST.
func TestGOSTPage(t *testing.T) {
	t.Parallel()
	for _, curve := range []string{"CryptoPro-A", "TC26-512-A"} {
		p := newGOSTPKI(t, curve)
		opt := sampleOptions()
		opt.Signer, opt.HoleSize = p.identity.SignerInfo(), p.identity.HoleSize()
		draft := render(t, opt)
		p.identity.opt.Now = func() time.Time { return draft.Time }
		at := draft.Time
		if at.After(p.leaf.Cert.NotAfter) {
			t.Fatalf("the page is of %s", at)
		}
		doc, err := p.identity.SignDraft(context.Background(), draft)
		if err != nil {
			t.Fatal(err)
		}
		trust, err := verify.NewTrust(p.root.DER)
		if err != nil {
			t.Fatal(err)
		}
		r, err := verify.Bytes(context.Background(), "a.pdf", doc, verify.Options{Trust: trust, At: at, RevocationNoneUnsafe: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Signatures) != 1 || r.Signatures[0].Verdict() != verify.Passed || !strings.Contains(r.Signatures[0].Algorithm, "GOST R 34.10-2012") {
			t.Errorf("%s: %+v", curve, r.Signatures)
		}
		der, covered := signatureOf(t, doc, draft.ByteRange)
		opensslAccepts(t, gosttest.Find(t), p.root.DER, der, covered)
		file := filepath.Join(t.TempDir(), "page.pdf")
		write(t, file, doc)
		out, _ := oracleOutput(t, "pdftotext", "-layout", file, "-")
		if !strings.Contains(out, "Подпись неквалифицированная") {
			t.Errorf("the mark does not say that the signature is unqualified:\n%s", out)
		}
	}
}

// TestOpenSSLKeys: keys and certificates made by OpenSSL's gost engine sign here,
// and what it signs passes here.
func TestOpenSSLKeys(t *testing.T) {
	for _, c := range []struct{ alg, set, digest string }{
		{"gost2012_256", "A", "md_gost12_256"}, {"gost2012_256", "TCA", "md_gost12_256"}, {"gost2012_512", "A", "md_gost12_512"},
	} {
		t.Run(c.alg+" "+c.set, func(t *testing.T) {
			t.Parallel()
			e := gosttest.Find(t)
			dir := t.TempDir()
			path := func(name string) string { return filepath.Join(dir, name) }
			write(t, path("cnf"), []byte("[req]\ndistinguished_name=d\nprompt=no\nx509_extensions=x\n[d]\nCN=Example\n[x]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature,keyCertSign\n"))
			e.OpenSSL(t, nil, "genpkey", "-algorithm", c.alg, "-pkeyopt", "paramset:"+c.set, "-out", path("key.pem"))
			e.OpenSSL(t, nil, "req", "-new", "-x509", "-key", path("key.pem"), "-"+c.digest, "-days", "30", "-config", path("cnf"), "-out", path("crt.pem"))
			e.OpenSSL(t, nil, "pkcs8", "-topk8", "-v2", "aes256", "-passout", "pass:secret", "-in", path("key.pem"), "-out", path("enc.pem"))
			id, err := LoadIdentity(IdentityOptions{}, read(t, path("key.pem")), read(t, path("crt.pem")))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := LoadIdentity(IdentityOptions{Password: "secret"}, read(t, path("enc.pem")), read(t, path("crt.pem"))); err != nil {
				t.Errorf("encrypted: %v", err)
			}
			if _, err := LoadIdentity(IdentityOptions{Password: "other"}, read(t, path("enc.pem")), read(t, path("crt.pem"))); !errors.Is(err, ErrPassword) {
				t.Errorf("wrong password: %v", err)
			}
			write(t, path("doc"), []byte("content"))
			sig, err := id.SignDetached(context.Background(), strings.NewReader("content"), DetachedOptions{})
			if err != nil {
				t.Fatal(err)
			}
			write(t, path("ours"), sig)
			e.OpenSSL(t, nil, "cms", "-verify", "-binary", "-inform", "DER", "-in", path("ours"), "-content", path("doc"), "-CAfile", path("crt.pem"), "-cades", "-out", path("out"))

			e.OpenSSL(t, nil, "cms", "-sign", "-binary", "-in", path("doc"), "-signer", path("crt.pem"), "-inkey", path("key.pem"), "-md", c.digest, "-outform", "DER", "-cades", "-out", path("theirs"))
			trust, err := verify.NewTrust(read(t, path("crt.pem")))
			if err != nil {
				t.Fatal(err)
			}
			r, err := verify.Bytes(context.Background(), "doc", []byte("content"), verify.Options{Trust: trust, Signature: read(t, path("theirs")), RevocationNoneUnsafe: true})
			if err != nil || r.Verdict() != verify.Passed {
				t.Errorf("OpenSSL's signature: %v %s %+v", err, r.Verdict(), r.Signatures)
			}
		})
	}
}
