package signer

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/oracle"
)

// testDraft is a one-page document as a renderer would make it: certified,
// widget on the page, nothing but the signature missing. digits is the size of
// the hole, pad the number of bytes in a constant part at the front.
func testDraft(digits, pad int) *vidimus.Draft {
	var b bytes.Buffer
	var offsets []int
	obj := func(body string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	b.WriteString("%PDF-2.0\n%\xe2\xe3\xcf\xd3\n")
	obj(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", pad, strings.Repeat("x", pad)))
	prefix := b.Len()
	obj("<</Type/Catalog/Pages 3 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>/Perms<</DocMDP 6 0 R>>>>")
	obj("<</Type/Pages/Kids[4 0 R]/Count 1>>")
	obj("<</Type/Page/Parent 3 0 R/MediaBox[0 0 595 842]/Resources<<>>/Annots[5 0 R]>>")
	obj("<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/V 6 0 R/Rect[0 0 0 0]/F 132/P 4 0 R>>")
	const dict = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20260314092653Z)" +
		"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]" +
		"/ByteRange[0 0000000001 0000000002 0000000003]/Contents<"
	obj(dict + strings.Repeat("0", digits) + ">>>")
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 2 0 R/ID[<00><00>]>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)

	out := b.Bytes()
	start := int64(bytes.Index(out, []byte("/Contents<")) + len("/Contents"))
	d := &vidimus.Draft{Bytes: out, PrefixLen: prefix, PrefixSum: sha256.Sum256(out[:prefix]), Time: testTime}
	d.ByteRange = [4]int64{0, start, start + int64(digits) + 2, int64(len(out)) - start - int64(digits) - 2}
	for i, n := range d.ByteRange[1:] {
		placeholder := fmt.Sprintf("%010d", i+1)
		copy(out[bytes.Index(out, []byte(placeholder)):], fmt.Sprintf("%010d", n))
	}
	h := sha256.New()
	h.Write(out[:prefix])
	d.PrefixState, _ = h.(encoding.BinaryMarshaler).MarshalBinary()
	return d
}

// signatureOf cuts the CMS out of a signed document, and returns the bytes it covers.
func signatureOf(t testing.TB, doc []byte, r [4]int64) (der, covered []byte) {
	t.Helper()
	der, err := hex.DecodeString(string(doc[r[1]+1 : r[2]-1]))
	if err != nil {
		t.Fatal(err)
	}
	return der, append(append([]byte(nil), doc[:r[1]]...), doc[r[2]:]...)
}

func TestSignDraft(t *testing.T) {
	for _, kind := range allKinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			p := testPKI(t, kind)
			d := testDraft(p.Signer.HoleSize(), 300)
			before := bytes.Clone(d.Bytes)
			doc, err := p.Signer.SignDraft(context.Background(), d)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Signer.SignDraft(context.Background(), d); !errors.Is(err, ErrDraft) {
				t.Errorf("a draft signed twice: %v", err)
			}
			checkSignedPDF(t, p, doc)
			der, covered := signatureOf(t, doc, d.ByteRange)
			checkCMS(t, p, der, covered)
			checkHole(t, kind, der)

			d.Bytes, d.PrefixState = before, nil
			again, err := p.Signer.SignDraft(context.Background(), d)
			if err != nil {
				t.Fatal(err)
			}
			switch kind {
			case KeyP256, KeyP384: // random nonces
				_, coveredAgain := signatureOf(t, again, d.ByteRange)
				if !bytes.Equal(covered, coveredAgain) {
					t.Error("covered bytes differ")
				}
			default:
				if !bytes.Equal(doc, again) {
					t.Error("two documents from one draft")
				}
			}
		})
	}
}

// checkHole: the size asked for is the size used, but for the up to nine
// octets per number by which ECDSA signatures and their lengths vary.
func checkHole(t *testing.T, kind KeyKind, padded []byte) {
	t.Helper()
	// By its TLV: a signature may end in zeros of its own.
	var cms asn1.RawValue
	rest, err := asn1.Unmarshal(padded, &cms)
	if err != nil {
		t.Fatal(err)
	}
	used := len(padded) - len(rest)
	slack := 0
	if kind == KeyP256 || kind == KeyP384 {
		slack = 9
	}
	if len(padded)-used > slack {
		t.Errorf("hole of %d octets for %d", len(padded), used)
	}
}

// checkCMS lets OpenSSL verify a CMS in its hole, chain and all.
func checkCMS(t *testing.T, p *DevPKI, der, content []byte) {
	t.Helper()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write(t, path("root.pem"), EncodeCertificates(p.Root.Certificate))
	write(t, path("sig.der"), der)
	write(t, path("content"), content)
	if p.Signer.cms.Scheme().SignsMessage {
		checkEdCMS(t, p, der, content)
		return
	}
	out, err := oracleOutput(t, "openssl", "cms", "-verify", "-inform", "DER", "-in", path("sig.der"), "-binary",
		"-content", path("content"), "-CAfile", path("root.pem"), "-attime", fmt.Sprint(testTime.Unix()),
		"-cades", "-out", path("out"))
	if err != nil || !strings.Contains(out, "erification successful") {
		t.Errorf("openssl cms -verify: %v\n%s", err, out)
	}
}

// checkEdCMS stands in for `openssl cms`, which knows no EdDSA up to 3.0
// (RFC 8419): OpenSSL reads the structure, and checks the signature value over
// the signed attributes and the digest in them one by one.
func checkEdCMS(t *testing.T, p *DevPKI, der, content []byte) {
	t.Helper()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write(t, path("sig.der"), der)
	write(t, path("content"), content)
	write(t, path("leaf.pem"), EncodeCertificates(p.Signer.Certificate()))
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	si := sd.SignerInfos[0]
	attrs := bytes.Clone(si.RawSignedAttrs)
	attrs[0] = 0x31 // signed as SET OF, RFC 5652 §5.4
	write(t, path("attrs"), attrs)
	write(t, path("value"), si.Signature)
	oracle.Run(t, "openssl", "x509", "-in", path("leaf.pem"), "-pubkey", "-noout", "-out", path("key.pem"))
	oracle.Run(t, "openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", path("key.pem"),
		"-sigfile", path("value"), "-in", path("attrs"))
	sum := oracle.Run(t, "openssl", "dgst", "-sha512", "-r", path("content"))
	printed := oracle.Run(t, "openssl", "asn1parse", "-inform", "DER", "-in", path("attrs"))
	if !strings.Contains(strings.ToLower(printed), sum[:128]) {
		t.Errorf("message digest %s is not in\n%s", sum[:128], printed)
	}
}

// checkSignedPDF asks qpdf, pdfsig and mutool. The latter two know no Ed25519
// in CMS: of such a signature they only see what it covers.
func checkSignedPDF(t *testing.T, p *DevPKI, doc []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "signed.pdf")
	write(t, file, doc)
	out := oracle.Run(t, "qpdf", "--check", file)
	if !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Errorf("qpdf: %s", out)
	}
	edDSA := p.Signer.cms.Scheme().SignsMessage
	want := []string{"Total document signed", "ETSI.CAdES.detached", "(DEVELOPMENT)", "Signing Time: Mar 14 2026 09:26:53"}
	if !edDSA {
		want = append(want, "Signature is Valid.")
	}
	out, _ = oracleOutput(t, "pdfsig", "-nocert", file) // its exit status says whether the root is trusted
	for _, w := range want {
		if !strings.Contains(out, w) {
			t.Errorf("pdfsig does not say %q:\n%s", w, out)
		}
	}
	out, _ = oracleOutput(t, "mutool", "sign", "-v", file)
	if !edDSA && !strings.Contains(out, "The document is unchanged since signing.") {
		t.Errorf("mutool: %s", out)
	}
}

func TestSignDraftErrors(t *testing.T) {
	p := testPKI(t, KeyP256)
	size := p.Signer.HoleSize()
	elsewhere, err := NewIdentity(nil, p.Signer.Chain(), testOptions())
	if err != nil {
		t.Fatal(err)
	}
	late := testOptions()
	late.Now = func() time.Time { return testTime.AddDate(3, 0, 0) }
	expired, err := NewIdentity(p.Signer.key, p.Signer.Chain(), late)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the token was pulled out")
	failing, err := NewIdentity(failingKey{p.Signer.key, broken}, p.Signer.Chain(), testOptions())
	if err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		name   string
		id     *Identity
		ctx    context.Context
		mutate func(d *vidimus.Draft)
		want   error
	}{
		{"expired now", expired, nil, nil, ErrExpired},
		{"expired then", p.Signer, nil, func(d *vidimus.Draft) { d.Time = testTime.AddDate(10, 0, 0) }, ErrExpired},
		{"not yet valid", p.Signer, nil, func(d *vidimus.Draft) { d.Time = testTime.Add(-time.Second) }, ErrNotYetValid},
		{"no key", elsewhere, nil, nil, ErrNoKey},
		{"key fails", failing, nil, nil, broken},
		{"cancelled", p.Signer, cancelled, nil, context.Canceled},
		{"prefix too long", p.Signer, nil, func(d *vidimus.Draft) { d.PrefixLen = int(d.ByteRange[1]) + 1 }, ErrDraft},
		{"stale state", p.Signer, nil, func(d *vidimus.Draft) { d.PrefixSum[0] ^= 1 }, ErrDraft},
		{"broken state", p.Signer, nil, func(d *vidimus.Draft) { d.PrefixState = d.PrefixState[1:] }, ErrDraft},
		{"hole in use", p.Signer, nil, func(d *vidimus.Draft) { d.Bytes[d.ByteRange[1]+1] = '3' }, ErrDraft},
		{"no hole", p.Signer, nil, func(d *vidimus.Draft) { d.ByteRange[1]-- }, ErrDraft},
		{"short", p.Signer, nil, func(d *vidimus.Draft) { d.ByteRange[3]-- }, ErrDraft},
		{"overflow", p.Signer, nil, func(d *vidimus.Draft) { d.ByteRange[2] = 1<<63 - 1 }, ErrDraft},
		{"empty", p.Signer, nil, func(d *vidimus.Draft) { *d = vidimus.Draft{} }, ErrDraft},
	}
	for _, tt := range tests {
		d := testDraft(size, 10)
		if tt.mutate != nil {
			tt.mutate(d)
		}
		ctx := tt.ctx
		if ctx == nil {
			ctx = context.Background()
		}
		before := bytes.Clone(d.Bytes)
		if doc, err := tt.id.SignDraft(ctx, d); !errors.Is(err, tt.want) || doc != nil {
			t.Errorf("%s: %v and %d bytes, want %v", tt.name, err, len(doc), tt.want)
		}
		if !bytes.Equal(before, d.Bytes) {
			t.Errorf("%s: the draft was changed", tt.name)
		}
	}
}

// A hole that is one octet too small is refused for every key, with the size
// it should have.
func TestSignDraftHole(t *testing.T) {
	for _, kind := range allKinds {
		id := testPKI(t, kind).Signer
		doc, err := id.SignDraft(context.Background(), testDraft(id.HoleSize()-2, 10))
		var hole *HoleError
		if !errors.As(err, &hole) || !errors.Is(err, ErrHole) || doc != nil ||
			hole.Need != id.HoleSize()/2 || hole.Have != hole.Need-1 {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

type failingKey struct {
	crypto.Signer
	err error
}

func (k failingKey) Sign(_ io.Reader, _ []byte, _ crypto.SignerOpts) ([]byte, error) {
	return nil, k.err
}

// BenchmarkSignDraft signs a 30 kB document, two thirds of it constant prefix.
func BenchmarkSignDraft(b *testing.B) {
	for _, kind := range []KeyKind{KeyP256, KeyRSA2048, KeyEd25519} {
		id := testPKI(b, kind).Signer
		d := testDraft(id.HoleSize(), 20_000)
		hole := d.Bytes[d.ByteRange[1]+1 : d.ByteRange[2]-1]
		empty := bytes.Clone(hole)
		b.Run(string(kind)+"/document", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				copy(hole, empty)
				if _, err := id.SignDraft(context.Background(), d); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(string(kind)+"/bare", func(b *testing.B) {
			digest := sha256.Sum256(d.Bytes)
			var err error
			for b.Loop() {
				switch k := id.key.(type) {
				case *ecdsa.PrivateKey:
					_, err = ecdsa.SignASN1(rand.Reader, k, digest[:])
				case *rsa.PrivateKey:
					_, err = rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, digest[:])
				default:
					_, err = k.Sign(nil, digest[:], crypto.Hash(0))
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
