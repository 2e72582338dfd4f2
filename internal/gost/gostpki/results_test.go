package gostpki_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/tsp"
	"github.com/vidimus/vidimus/verify"
)

var suites = gostpki.Add(pki.DefaultSuites())

// samples is the folder of files that OpenSSL's gost engine made.
type samples struct {
	testing.TB
	dir string
	at  time.Time // when all that should be valid is
}

func openSamples(t testing.TB) *samples {
	t.Helper()
	s := &samples{TB: t, dir: oracle.Corpus(t, "gost", "samples")}
	l, err := pki.ReadCRL(s.read("ca256.crl"))
	if err != nil {
		t.Fatal(err)
	}
	s.at = l.ThisUpdate.Add(time.Hour)
	return s
}

func (s *samples) read(name string) []byte {
	s.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.Fatal(err)
	}
	return b
}

func (s *samples) cert(name string) *pki.Certificate {
	s.Helper()
	list := pki.ReadCertificates(s.read(name))
	if len(list) != 1 {
		s.Fatalf("%s: %d certificates", name, len(list))
	}
	return list[0]
}

// path validates a certificate against one root; without evidence revocation is
// not asked.
func (s *samples) path(leaf, root string, adjust func(o *pki.PathOptions)) pki.PathResult {
	s.Helper()
	o := pki.PathOptions{Suites: suites, Anchors: pki.NewPool(s.cert(root)), Now: s.at, At: s.at, Revocation: pki.RevocationSkipUnsafe}
	if adjust != nil {
		adjust(&o)
		o.Revocation = pki.RevocationRequire
	}
	return pki.Validate(context.Background(), s.cert(leaf), o)
}

func (s *samples) withCRL(name string) func(o *pki.PathOptions) {
	l, err := pki.ReadCRL(s.read(name))
	if err != nil {
		s.Fatal(err)
	}
	return func(o *pki.PathOptions) { o.CRLs = []*pki.CRL{l} }
}

func (s *samples) withOCSP(name string) func(o *pki.PathOptions) {
	r, err := pki.ParseOCSP(s.read(name))
	if err != nil {
		s.Fatal(err)
	}
	return func(o *pki.PathOptions) { o.OCSPs = []*pki.OCSPResponse{r} }
}

// check asks the public API about a file; sig is "" for a signature inside it.
func (s *samples) check(file, sig string, root string, adjust func(o *verify.Options)) *verify.Report {
	s.Helper()
	trust, err := verify.NewTrust(s.read(root))
	if err != nil {
		s.Fatal(err)
	}
	o := verify.Options{Trust: trust, At: s.at, RevocationNoneUnsafe: true}
	if sig != "" {
		o.Signature = s.read(sig)
	}
	if adjust != nil {
		adjust(&o)
	}
	r, err := verify.Bytes(context.Background(), file, s.read(file), o)
	if err != nil {
		s.Fatal(err)
	}
	return r
}

// outcome is whether we accept, and why not.
type outcome struct {
	accepted bool
	detail   string
}

func ofPath(r pki.PathResult) outcome {
	return outcome{r.Valid(), fmt.Sprintf("%s %s %s", r.Chain, r.SubIndication, r.Reason)}
}

func ofReport(r *verify.Report) outcome {
	var detail strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&detail, "%s %s; ", f.Code, f.Got)
	}
	for i := range r.Signatures {
		for _, c := range r.Signatures[i].Checks {
			if c.Status != verify.StatusOK && c.Status != verify.StatusNotApplicable {
				fmt.Fprintf(&detail, "%s %s %s %s; ", c.Name, c.Status, c.Sub, c.Detail)
			}
		}
	}
	return outcome{r.Verdict() == verify.Passed, detail.String()}
}

// row is how we check what one line of the table is about.
type row struct {
	name  *regexp.Regexp
	check func(s *samples, m []string) outcome
}

// rows are tried in order.
var rows = []row{
	{re(`chain(256|512)`), func(s *samples, m []string) outcome {
		return ofPath(s.path("leaf"+m[1]+".crt", "ca"+m[1]+".crt", nil))
	}},
	{re(`chain-tca`), func(s *samples, _ []string) outcome { return ofPath(s.path("leafip.cer", "ca256.cer", nil)) }},
	{re(`chain-crl-good`), func(s *samples, _ []string) outcome {
		return ofPath(s.path("leaf256.crt", "ca256.crt", s.withCRL("ca256.crl")))
	}},
	{re(`chain-crl-revoked`), func(s *samples, _ []string) outcome {
		return ofPath(s.path("revoked.crt", "ca256.crt", s.withCRL("ca256.crl.der")))
	}},
	{re(`chain-(expired|future)`), func(s *samples, m []string) outcome { return ofPath(s.path(m[1]+".crt", "ca256.crt", nil)) }},
	{re(`chain-wrong-ca`), func(s *samples, _ []string) outcome { return ofPath(s.path("leaf256.crt", "ca512.crt", nil)) }},
	{re(`crl(256|512)-sig`), func(s *samples, m []string) outcome {
		l, err := pki.ReadCRL(s.read("ca" + m[1] + ".crl"))
		if err != nil {
			s.Fatal(err)
		}
		_, err = l.CheckSignatureFrom(s.cert("ca"+m[1]+".crt"), suites)
		return outcome{err == nil, fmt.Sprint(err)}
	}},
	{re(`ocsp(256|512)-good`), func(s *samples, m []string) outcome {
		return ofPath(s.path("leaf"+m[1]+".crt", "ca"+m[1]+".crt", s.withOCSP("leaf"+m[1]+".ocsp.resp")))
	}},
	{re(`ocsp256-revoked`), func(s *samples, _ []string) outcome { // accepted: the answer is taken, and says revoked
		r := s.path("revoked.crt", "ca256.crt", s.withOCSP("revoked.ocsp.resp"))
		return outcome{r.Chain == pki.ChainTrusted && r.Revocation == pki.RevocationRevoked, r.Reason}
	}},
	{re(`tsr(256|512)(-wrong)?`), func(s *samples, m []string) outcome {
		tok, err := tsp.ParseResponse(s.read("doc" + m[1] + ".tsr"))
		if err != nil {
			s.Fatal(err)
		}
		data := "doc.txt"
		if m[2] != "" {
			data = "doc-100k.bin"
		}
		r := tok.Verify(context.Background(), tsp.VerifyOptions{Message: s.read(data), Path: pki.PathOptions{Suites: suites,
			Anchors: pki.NewPool(s.cert("ca" + m[1] + ".crt")), Now: s.at, Revocation: pki.RevocationSkipUnsafe}})
		return outcome{r.Status() == pki.OK, fmt.Sprint(r.Checks)}
	}},
	{re(`cms256-ber`), func(s *samples, _ []string) outcome {
		return ofReport(s.check("attached256-ber.p7s", "", "ca256.crt", nil))
	}},
	{re(`cms(256|512)-attached`), func(s *samples, m []string) outcome {
		return ofReport(s.check("attached"+m[1]+".p7s", "", "ca"+m[1]+".crt", nil))
	}},
	{re(`cms(256|512)-big`), func(s *samples, m []string) outcome {
		return ofReport(s.check("doc-100k.bin", "detached"+m[1]+"-big.sig", "ca"+m[1]+".crt", nil))
	}},
	{re(`cms(256|512)-pem`), func(s *samples, m []string) outcome {
		return ofReport(s.check("doc.txt", "detached"+m[1]+"-cades.sig.pem", "ca"+m[1]+".crt", nil))
	}},
	{re(`cms(256|512)-nocerts`), func(s *samples, m []string) outcome {
		return ofReport(s.check("doc.txt", "detached"+m[1]+"-nocerts.sig", "ca"+m[1]+".crt", func(o *verify.Options) {
			o.Certificates = [][]byte{s.read("leaf" + m[1] + ".crt")}
		}))
	}},
	{re(`cms(256|512)-cades-t`), func(s *samples, m []string) outcome {
		return ofReport(s.check("doc.txt", "detached"+m[1]+"-cadest.sig", "ca"+m[1]+".crt", nil))
	}},
	{re(`cms(256|512)(-\w+)?`), func(s *samples, m []string) outcome {
		return ofReport(s.check("doc.txt", "detached"+m[1]+m[2]+".sig", "ca"+m[1]+".crt", nil))
	}},
	{re(`cms-two-signers`), func(s *samples, _ []string) outcome {
		r := s.check("doc.txt", "detached-two-signers.sig", "ca256.crt", nil)
		if len(r.Signatures) != 2 {
			return outcome{false, fmt.Sprintf("%d signatures", len(r.Signatures))}
		}
		return ofReport(r)
	}},
	{re(`neg-tampered-doc`), func(s *samples, _ []string) outcome {
		return ofReport(s.check("doc-tampered.txt", "detached256-cades.sig", "ca256.crt", nil))
	}},
	{re(`neg-md-mismatch`), func(s *samples, _ []string) outcome {
		return ofReport(s.check("doc.txt", "detached256-big.sig", "ca256.crt", nil))
	}},
	{re(`neg-untrusted`), func(s *samples, _ []string) outcome {
		return ofReport(s.check("doc.txt", "detached256.sig", "ca512.crt", nil))
	}},
	{re(`neg-revoked-signer`), func(s *samples, m []string) outcome {
		return ofReport(s.check("doc.txt", m[0]+".sig", "ca256.crt", func(o *verify.Options) {
			o.CRLs, o.RevocationNoneUnsafe = [][]byte{s.read("ca256.crl")}, false
		}))
	}},
	{re(`neg-(bad-sigvalue|truncated|expired-signer)`), func(s *samples, m []string) outcome {
		return ofReport(s.check("doc.txt", m[0]+".sig", "ca256.crt", nil))
	}},
	{re(`curve-(g\w+-\w+)-raw`), func(s *samples, m []string) outcome {
		return s.raw(filepath.Join("curves", m[1]))
	}},
	{re(`curve-(g2001-\w+)-cms`), func(s *samples, m []string) outcome { return s.withdrawn(filepath.Join("curves", m[1])) }},
	{re(`curve-(g\w+-\w+)-cms`), func(s *samples, m []string) outcome {
		name := filepath.Join("curves", m[1])
		return ofReport(s.check("doc.txt", name+".sig", name+".crt", nil))
	}},
	{re(`pdf(256|512)(-extract)?`), func(s *samples, m []string) outcome {
		if m[2] != "" { // the signed bytes and the CMS, taken out of the PDF
			return ofReport(s.check("signed"+m[1]+".pdf.range", "signed"+m[1]+".pdf.sig", "ca"+m[1]+".crt", nil))
		}
		return ofReport(s.check("signed"+m[1]+".pdf", "", "ca"+m[1]+".crt", nil))
	}},
}

func re(s string) *regexp.Regexp { return regexp.MustCompile("^" + s + "$") }

// raw checks a bare signature over doc.txt with a key in PEM.
func (s *samples) raw(name string) outcome {
	block, _ := pem.Decode(s.read(name + ".pub"))
	if block == nil {
		s.Fatal("no PEM")
	}
	spki, err := pki.ParseSPKI(block.Bytes)
	if err != nil {
		s.Fatal(err)
	}
	pub, err := gost3410.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return outcome{false, err.Error()}
	}
	oid := map[gost3410.Algorithm]pki.OID{gost3410.R34102012_256: gostpki.OIDSignature256,
		gost3410.R34102012_512: gostpki.OIDSignature512, gost3410.R34102001: gostpki.OIDSignature2001}[pub.Algorithm()]
	_, err = suites.Verify(spki, pki.AlgorithmIdentifier{OID: oid}, "", pki.Signed{Message: s.read("doc.txt")}, s.read(name+".rawsig"))
	return outcome{err == nil, fmt.Sprint(err)}
}

// withdrawn checks a signature with GOST R 34.10-2001: it is sound, and the
// dated policy keeps it from passing today, and nothing else does.
func (s *samples) withdrawn(name string) outcome {
	r := s.check("doc.txt", name+".sig", name+".crt", nil)
	out := ofReport(r)
	if len(r.Signatures) != 1 || out.accepted {
		return outcome{false, fmt.Sprintf("verdict %s, %d signatures", r.Verdict(), len(r.Signatures))}
	}
	sig := &r.Signatures[0]
	_, sub := sig.Indication()
	out.accepted = sig.Integrity == verify.IntegrityOK && sig.Chain == verify.ChainTrusted &&
		sig.Verdict() == verify.Indeterminate && sub == verify.SubCryptoNoPOE
	for _, c := range sig.Checks {
		if c.Status == verify.StatusFailed && c.Name != verify.CheckAlgorithms {
			out.accepted = false
		}
	}
	return out
}

// TestResults holds every line of the table of what OpenSSL accepts and rejects
// against what we do.
func TestResults(t *testing.T) {
	s := openSamples(t)
	sc := bufio.NewScanner(bytes.NewReader(s.read("RESULTS.tsv")))
	total, agree := 0, 0
	for sc.Scan() {
		cells := strings.Split(sc.Text(), "\t")
		if len(cells) != 3 || cells[0] != "PASS" {
			t.Fatalf("line %q", sc.Text())
		}
		total++
		name, want := cells[1], cells[2] != "rejects" // "made" by OpenSSL: to be accepted
		checked := false
		for _, r := range rows {
			m := r.name.FindStringSubmatch(name)
			if m == nil {
				continue
			}
			checked = true
			got := r.check(s, m)
			if got.accepted != want {
				t.Errorf("%s: OpenSSL %s, we accept: %t: %s", name, cells[2], got.accepted, got.detail)
			} else {
				agree++
			}
			break
		}
		if !checked {
			t.Errorf("%s: nothing here checks it", name)
		}
	}
	if total < 82 {
		t.Errorf("%d lines", total)
	}
	t.Logf("%d of %d lines agree", agree, total)
}

// TestNegativeReasons: what is rejected is rejected for the right reason.
func TestNegativeReasons(t *testing.T) {
	s := openSamples(t)
	for _, c := range []struct {
		file, sig, root string
		crl             bool
		verdict         verify.Verdict
		sub             verify.SubIndication
		integrity       verify.Integrity
	}{
		{file: "doc-tampered.txt", sig: "detached256-cades.sig", verdict: verify.Failed, sub: verify.SubHash, integrity: verify.IntegrityBroken},
		{file: "doc-tampered.txt", sig: "detached256-noattr.sig", verdict: verify.Failed, sub: verify.SubCrypto, integrity: verify.IntegrityBroken},
		{file: "doc.txt", sig: "detached512-big.sig", root: "ca512.crt", verdict: verify.Failed, sub: verify.SubHash, integrity: verify.IntegrityBroken},
		{file: "doc.txt", sig: "neg-bad-sigvalue.sig", verdict: verify.Failed, sub: verify.SubCrypto, integrity: verify.IntegrityBroken},
		{file: "doc.txt", sig: "detached256.sig", root: "ca512.crt", verdict: verify.Indeterminate, sub: verify.SubNoChain, integrity: verify.IntegrityOK},
		{file: "doc.txt", sig: "neg-expired-signer.sig", verdict: verify.Indeterminate, sub: verify.SubOutOfBoundsNoPOE, integrity: verify.IntegrityOK},
		{file: "doc.txt", sig: "neg-revoked-signer.sig", crl: true, verdict: verify.Indeterminate, sub: verify.SubRevokedNoPOE, integrity: verify.IntegrityOK},
		{file: "doc.txt", sig: "detached256-nocerts.sig", verdict: verify.Indeterminate, sub: verify.SubNoSigner, integrity: verify.IntegrityUnknown},
		{file: "doc.txt", sig: "neg-wrong-timestamp.sig", verdict: verify.Indeterminate, sub: verify.SubSigConstraints, integrity: verify.IntegrityOK},
		{file: "neg-tampered-signed256.pdf", verdict: verify.Failed, sub: verify.SubHash, integrity: verify.IntegrityBroken},
		{file: "neg-tampered-signed512.pdf", root: "ca512.crt", verdict: verify.Failed, sub: verify.SubHash, integrity: verify.IntegrityBroken},
	} {
		if c.root == "" {
			c.root = "ca256.crt"
		}
		r := s.check(c.file, c.sig, c.root, func(o *verify.Options) {
			if c.crl {
				o.CRLs, o.RevocationNoneUnsafe = [][]byte{s.read("ca256.crl")}, false
			}
		})
		if len(r.Signatures) != 1 {
			t.Errorf("%s %s: %d signatures", c.file, c.sig, len(r.Signatures))
			continue
		}
		sig := &r.Signatures[0]
		if _, sub := sig.Indication(); r.Verdict() != c.verdict || sub != c.sub || sig.Integrity != c.integrity {
			t.Errorf("%s %s: %s %s %s, want %s %s %s: %s", c.file, c.sig, r.Verdict(), sub, sig.Integrity, c.verdict, c.sub, c.integrity, ofReport(r).detail)
		}
	}
	for _, name := range []string{"neg-appended-signed256.pdf", "neg-appended-signed512.pdf", "neg-expired-signer-t.sig"} {
		sig, file, root := "", name, "ca256.crt"
		if strings.HasSuffix(name, ".sig") {
			sig, file = name, "doc.txt"
		}
		if strings.Contains(name, "512") {
			root = "ca512.crt"
		}
		if r := s.check(file, sig, root, nil); r.Verdict() == verify.Passed {
			t.Errorf("%s passes", name)
		}
	}
}

// TestForms: one signature in every wrapping that people send it in.
func TestForms(t *testing.T) {
	s := openSamples(t)
	for _, bits := range []string{"256", "512"} {
		base := "detached" + bits + "-cades.sig"
		der := s.read(base)
		line := s.read(base + ".b64line")
		crlf := bytes.ReplaceAll(s.read(base+".b64"), []byte("\n"), []byte("\r\n"))
		utf16 := []byte{0xff, 0xfe}
		for _, c := range line {
			utf16 = append(utf16, c, 0)
		}
		forms := map[string][]byte{
			"DER": der, "PEM CMS": s.read(base + ".pem"), "PEM PKCS7": s.read(base + ".p7pem"), "base64": s.read(base + ".b64"),
			"base64 line": line, "base64 CRLF": crlf, "BOM base64": append([]byte("\xef\xbb\xbf"), line...),
			"BOM CRLF": append([]byte("\xef\xbb\xbf"), crlf...), "UTF-16": utf16, "zero padding": append(bytes.Clone(der), make([]byte, 500)...),
			"BOM PEM": append([]byte("\xef\xbb\xbf"), s.read(base+".pem")...),
		}
		for name, form := range forms {
			adjust := func(o *verify.Options) { o.Signature = form }
			if r := s.check("doc.txt", base, "ca"+bits+".crt", adjust); r.Verdict() != verify.Passed {
				t.Errorf("%s %s: %s %s", bits, name, r.Verdict(), ofReport(r).detail)
			} else if r.Signatures[0].Format != "CAdES-B-B" {
				t.Errorf("%s %s: format %s", bits, name, r.Signatures[0].Format)
			}
			if r := s.check("doc-tampered.txt", base, "ca"+bits+".crt", adjust); r.Verdict() != verify.Failed {
				t.Errorf("%s %s of another file: %s", bits, name, r.Verdict())
			}
		}
	}
}
