package signer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/oracle"
)

func signBytes(id *Identity, doc []byte, opt PDFOptions) ([]byte, error) {
	var out bytes.Buffer
	err := id.SignPDF(context.Background(), &out, bytes.NewReader(doc), int64(len(doc)), opt)
	return out.Bytes(), err
}

// Every vector is signed or refused, and a refusal leaves nothing behind.
func TestSignPDFVectors(t *testing.T) {
	p := testPKI(t, KeyP256)
	for name, v := range vectors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := read(t, filepath.Join("testdata/pdf", name+".pdf"))
			signed, err := signBytes(p.Signer, doc, v.opt)
			if !errors.Is(err, v.want) || err != nil && v.want == nil {
				t.Fatalf("got %v, want %v", err, v.want)
			}
			if v.want != nil {
				if len(signed) > 0 {
					t.Errorf("%d bytes written in spite of %v", len(signed), err)
				}
				return
			}
			if !bytes.HasPrefix(signed, doc) {
				t.Fatal("the original was changed")
			}
			for _, want := range v.contain {
				if !bytes.Contains(signed[len(doc):], []byte(want)) {
					t.Errorf("update does not contain %q:\n%s", want, hexRun.ReplaceAll(signed[len(doc):], []byte("…")))
				}
			}
			if strings.HasSuffix(name, "-before") {
				return // the older signature is none, so tools complain
			}
			checkSignedPDF(t, p, signed)
			checkLastCMS(t, p, signed)
		})
	}
}

var hexRun = regexp.MustCompile("[0-9a-f]{100,}")

var byteRangePattern = regexp.MustCompile(`/ByteRange \[0 (\d+) (\d+) (\d+)\]`)

// checkLastCMS lets OpenSSL verify the newest signature, which covers the file.
func checkLastCMS(t *testing.T, p *DevPKI, doc []byte) {
	t.Helper()
	all := byteRangePattern.FindAllSubmatch(doc, -1)
	if all == nil {
		t.Fatal("no ByteRange")
	}
	var r [4]int64
	for i := range 3 {
		r[i+1], _ = strconv.ParseInt(string(all[len(all)-1][i+1]), 10, 64)
	}
	if r[2]+r[3] != int64(len(doc)) {
		t.Fatalf("ByteRange %v of %d bytes", r, len(doc))
	}
	der, covered := signatureOf(t, doc, r)
	checkCMS(t, p, der, covered)
}

// Every kind of key signs an existing document.
func TestSignPDFKeys(t *testing.T) {
	doc := vectors["annots-indirect"].build()
	for _, kind := range allKinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			p := testPKI(t, kind)
			signed, err := signBytes(p.Signer, doc, PDFOptions{})
			if err != nil {
				t.Fatal(err)
			}
			checkSignedPDF(t, p, signed)
			checkLastCMS(t, p, signed)
			again, err := signBytes(p.Signer, doc, PDFOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if kind != KeyP256 && kind != KeyP384 && !bytes.Equal(signed, again) {
				t.Error("two documents from one")
			}
		})
	}
	t.Run("PSS", func(t *testing.T) {
		p := testPKI(t, KeyRSA2048)
		opt := testOptions()
		opt.PSS = true
		id, err := NewIdentity(p.Signer.key, p.Signer.Chain(), opt)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := signBytes(id, doc, PDFOptions{})
		if err != nil {
			t.Fatal(err)
		}
		checkLastCMS(t, p, signed) // NSS 3.87, behind pdfsig, knows no PSS in CMS
	})
}

// qpdf rewrites a document in all the ways it knows.
func TestSignPDFForms(t *testing.T) {
	p := testPKI(t, KeyP256)
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write(t, path("in.pdf"), vectors["annots-indirect"].build())
	for name, args := range map[string][]string{
		"xref-stream":    {"--object-streams=generate"},
		"linearized":     {"--linearize"},
		"linearized-xrs": {"--linearize", "--object-streams=generate"},
		"qdf":            {"--qdf", "--object-streams=disable"},
		"encrypted":      {"--encrypt", "", "owner", "256", "--"},
		"encrypted-user": {"--encrypt", "user", "owner", "128", "--use-aes=y", "--"},
	} {
		t.Run(name, func(t *testing.T) {
			out := path(name + ".pdf")
			oracle.Run(t, "qpdf", append(args, path("in.pdf"), out)...)
			doc := read(t, out)
			signed, err := signBytes(p.Signer, doc, PDFOptions{})
			if strings.HasPrefix(name, "encrypted") {
				if !errors.Is(err, ErrEncrypted) || len(signed) > 0 {
					t.Fatalf("got %v and %d bytes, want ErrEncrypted", err, len(signed))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			isStream := strings.HasPrefix(name, "xref") || strings.HasSuffix(name, "xrs")
			if got := bytes.Contains(signed[len(doc):], []byte("/Type/XRef")); got != isStream {
				t.Errorf("cross-reference stream: %v, want %v", got, isStream)
			}
			checkSignedPDF(t, p, signed)
			checkLastCMS(t, p, signed)
		})
	}
}

// A certified document takes more signatures, and all stay valid.
func TestSignPDFAgain(t *testing.T) {
	p := testPKI(t, KeyP256)
	doc := vectors["plain"].build()
	var err error
	const rounds = 3
	for range rounds {
		if doc, err = signBytes(p.Signer, doc, PDFOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	checkSignedPDF(t, p, doc)
	checkLastCMS(t, p, doc)
	file := filepath.Join(t.TempDir(), "thrice.pdf")
	write(t, file, doc)
	out, _ := oracleOutput(t, "pdfsig", "-nocert", file)
	if n := strings.Count(out, "Signature is Valid."); n != rounds {
		t.Errorf("%d of %d signatures are valid:\n%s", n, rounds, out)
	}
	if n := bytes.Count(doc, []byte("/TransformMethod/DocMDP")); n != 1 {
		t.Errorf("%d certifications", n)
	}
	if _, err := signBytes(p.Signer, doc, PDFOptions{Kind: Certify}); !errors.Is(err, ErrSigned) {
		t.Errorf("second certification: %v", err)
	}
	final, err := signBytes(p.Signer, vectors["plain"].build(), PDFOptions{Permissions: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := signBytes(p.Signer, final, PDFOptions{}); !errors.Is(err, ErrNotPermitted) {
		t.Errorf("signature after P=1: %v", err)
	}
}

// The two phases happen in different processes, with the key in a third.
func TestTwoPhases(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	doc := vectors["form-direct"].build()
	file := bytes.NewReader(doc)
	for _, kind := range allKinds {
		p := testPKI(t, kind)
		away, err := NewIdentity(nil, p.Signer.Chain(), testOptions())
		if err != nil {
			t.Fatal(err)
		}
		prepared, err := away.PreparePDF(ctx, file, int64(len(doc)), PDFOptions{})
		if err != nil {
			t.Fatal(err)
		}
		stored, err := json.Marshal(prepared)
		if err != nil {
			t.Fatal(err)
		}
		value, err := p.Signer.key.Sign(nil, prepared.ToSign(), prepared.Opts())
		if err != nil {
			t.Fatal(err)
		}
		var loaded Prepared
		if err := json.Unmarshal(stored, &loaded); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(loaded.ToSign(), prepared.ToSign()) || !bytes.Equal(loaded.SignedAttributes(), prepared.SignedAttributes()) ||
			!loaded.Certificate().Equal(p.Signer.Certificate()) {
			t.Errorf("%s: another signature after storing", kind)
		}
		var out bytes.Buffer
		if err := loaded.Embed(ctx, &out, file, value); err != nil {
			t.Fatal(err)
		}
		checkSignedPDF(t, p, out.Bytes())
		checkLastCMS(t, p, out.Bytes())

		bad := bytes.Clone(value)
		bad[len(bad)-1] ^= 1
		for _, v := range [][]byte{bad, nil, make([]byte, 10_000)} {
			out.Reset()
			if err := loaded.Embed(ctx, &out, file, v); !errors.Is(err, ErrSignature) || out.Len() > 0 {
				t.Errorf("%s: wrong value: %v and %d bytes", kind, err, out.Len())
			}
		}
		changed := bytes.Clone(doc)
		changed[100] ^= 1
		out.Reset()
		if err := loaded.Embed(ctx, &out, bytes.NewReader(changed), value); !errors.Is(err, ErrChanged) || out.Len() > len(doc) {
			t.Errorf("%s: changed document: %v and %d bytes", kind, err, out.Len())
		}
	}
}

func TestPreparedErrors(t *testing.T) {
	p := testPKI(t, KeyP256)
	doc := vectors["plain"].build()
	prepared, err := p.Signer.PreparePDF(context.Background(), bytes.NewReader(doc), int64(len(doc)), PDFOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, mutate := range map[string]func(v *preparedJSON){
		"schema":      func(v *preparedJSON) { v.Schema = "vidimus.prepared/9" },
		"size":        func(v *preparedJSON) { v.Size-- },
		"negative":    func(v *preparedJSON) { v.Size = -1 },
		"digest":      func(v *preparedJSON) { v.Digest = v.Digest[1:] },
		"no chain":    func(v *preparedJSON) { v.Certificates = nil },
		"certificate": func(v *preparedJSON) { v.Certificates[0] = v.Certificates[0][1:] },
		"tail":        func(v *preparedJSON) { v.Update = v.Update[:len(v.Update)-1] },
		"hole":        func(v *preparedJSON) { v.Update = bytes.Replace(v.Update, []byte("<0"), []byte("<1"), 1) },
		"two holes":   func(v *preparedJSON) { v.Update = append(v.Update, contentsKey...) },
	} {
		var v preparedJSON
		stored, _ := json.Marshal(prepared)
		if err := json.Unmarshal(stored, &v); err != nil {
			t.Fatal(err)
		}
		mutate(&v)
		stored, _ = json.Marshal(v)
		if err := json.Unmarshal(stored, new(Prepared)); !errors.Is(err, ErrPrepared) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A hole that is too small is refused before a byte is written.
func TestEmbedHole(t *testing.T) {
	p := testPKI(t, KeyRSA2048)
	doc := vectors["plain"].build()
	prepared, err := p.Signer.PreparePDF(context.Background(), bytes.NewReader(doc), int64(len(doc)), PDFOptions{})
	if err != nil {
		t.Fatal(err)
	}
	value, _ := p.Signer.key.Sign(nil, prepared.ToSign(), prepared.Opts())
	prepared.hole[1] -= 2
	var out bytes.Buffer
	err = prepared.Embed(context.Background(), &out, bytes.NewReader(doc), value)
	var hole *HoleError
	if !errors.As(err, &hole) || hole.Need != hole.Have+1 || out.Len() > 0 {
		t.Errorf("%v and %d bytes", err, out.Len())
	}
}

func TestSignPDFErrors(t *testing.T) {
	p := testPKI(t, KeyP256)
	doc := vectors["plain"].build()
	broken := errors.New("the token was pulled out")
	failing, _ := NewIdentity(failingKey{p.Signer.key, broken}, p.Signer.Chain(), testOptions())
	wrong, _ := NewIdentity(lyingKey{failingKey{p.Signer.key, nil}}, p.Signer.Chain(), testOptions())
	away, _ := NewIdentity(nil, p.Signer.Chain(), testOptions())
	for _, tt := range []struct {
		name string
		id   *Identity
		opt  PDFOptions
		want error
	}{
		{"no key", away, PDFOptions{}, ErrNoKey},
		{"key fails", failing, PDFOptions{}, broken},
		{"key lies", wrong, PDFOptions{}, ErrSignature},
		{"expired", p.Signer, PDFOptions{Time: testTime.AddDate(3, 0, 0)}, ErrExpired},
		{"not yet valid", p.Signer, PDFOptions{Time: testTime.Add(-time.Minute)}, ErrNotYetValid},
	} {
		out, err := signBytes(tt.id, doc, tt.opt)
		if !errors.Is(err, tt.want) || len(out) > len(doc) {
			t.Errorf("%s: %v and %d bytes, want %v", tt.name, err, len(out), tt.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	if err := p.Signer.SignPDF(ctx, &out, bytes.NewReader(doc), int64(len(doc)), PDFOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	// A reader that ends early, after the document was read once.
	short := &shrinking{doc, 0}
	err := p.Signer.SignPDF(context.Background(), &out, short, int64(len(doc)), PDFOptions{})
	if err == nil {
		t.Error("a document that shrinks was signed")
	}
}
