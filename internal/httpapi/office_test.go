package httpapi_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/httpapi"
	"github.com/vidimus/vidimus/internal/office"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/verify"
)

type uploads struct{ opt verify.Options }

func (u uploads) Verify(ctx context.Context, name string, r io.ReaderAt, size int64, lang string) (*verify.Report, error) {
	u.opt.Lang = lang
	return verify.File(ctx, name, r, size, u.opt)
}

// newOffice makes an office with three certificates, one of them revoked, and
// the values that the request scripts name.
func newOffice(t testing.TB) (http.Handler, *strings.Replacer) {
	t.Helper()
	o, issued := openOffice(t)
	revoked := issued[1].Certificate
	_, err := o.Registry.Change(t.Context(), revoked.ID, vidimus.Change{Action: vidimus.Revoke, Effective: time.Now().Add(-time.Second).UTC(),
		Reason: "court-decision", Actor: "секретарь", Basis: "решение № 4"})
	if err != nil {
		t.Fatal(err)
	}
	h, err := httpapi.New(o.Registry, httpapi.Options{Host: o.Config.Host, Keys: o.QRKeys, VerifierKey: o.Registry.VerifierKey(),
		Kinds: o.Kinds, Verifier: uploads{o.VerifyOptions()}, Development: true})
	if err != nil {
		t.Fatal(err)
	}
	c := issued[0].Certificate
	number := c.Number.String()
	slip := strings.Replace(number, "-000001-", "-000007-", 1)
	sum := sha256.Sum256(issued[0].Document)
	dir := t.TempDir()
	return h, strings.NewReplacer(
		"$ID", c.ID.String(), "$NUMBER", number, "$LOWERNUMBER", strings.ToLower(number), "$SLIP", slip,
		"$UNKNOWNNUMBER", vidimus.Number{Series: "ZZ", Year: 2026, Seq: 9}.String(),
		"$REVOKEDTOKEN", token(issued[1].URL), "$REVOKED", revoked.ID.String(), "$TOKEN", token(issued[0].URL),
		"$SHA256", hex.EncodeToString(sum[:]),
		"$FORGEDTOKEN", forged(t, o, c.ID), "$UNISSUEDTOKEN", unissued(t, o),
		"$PDF", o.DocumentPath(c.Number),
		"$LARGE", write(t, dir, "large", make([]byte, httpapi.DefaultMaxUpload+1)),
		"$FORM", write(t, dir, "form", form(issued[0].Document)),
	)
}

func openOffice(t testing.TB) (*office.Office, []*vidimus.Issued) {
	t.Helper()
	dir := t.TempDir()
	if _, err := office.Init(t.Context(), dir, office.InitOptions{}); err != nil {
		t.Fatal(err)
	}
	o, err := office.Open(t.Context(), dir, office.Issuing, office.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	table, err := office.NewTable(strings.NewReader(office.ExampleTable(time.Now())))
	if err != nil {
		t.Fatal(err)
	}
	var issued []*vidimus.Issued
	err = o.Batch(t.Context(), table, func(r *office.Result) error {
		issued = append(issued, r.Issued)
		return r.Err
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, issued
}

func token(url string) string {
	_, t, _ := strings.Cut(url, "/c/")
	return t
}

// forged is a code of ours with another last digit: the hint at the key is right,
// the signature is not.
func forged(t testing.TB, o *office.Office, id vidimus.ID) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(o.Dir, o.Config.QRKey))
	if err != nil || len(data) == 0 {
		t.Fatal(err)
	}
	real := sealWith(t, o, realKey(t, data), id)
	// Another digit in the signature's part of the number.
	last := real[len(real)-1]
	return real[:len(real)-1] + string('0'+(last-'0'+1)%10)
}

// unissued is a code signed with our key for a certificate that is not registered.
func unissued(t testing.TB, o *office.Office) string {
	data, err := os.ReadFile(filepath.Join(o.Dir, o.Config.QRKey))
	if err != nil {
		t.Fatal(err)
	}
	return sealWith(t, o, realKey(t, data), vidimus.ID{1, 2, 3})
}

func sealWith(t testing.TB, o *office.Office, key ed25519.PrivateKey, id vidimus.ID) string {
	t.Helper()
	s, err := qr.NewSigner(o.Config.Host, key)
	if err != nil {
		t.Fatal(err)
	}
	url, err := s.Seal(qr.Claims{ID: id, Kind: 3, Issued: time.Now(), Visible: [16]byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	return token(url)
}

func write(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func form(pdf []byte) []byte {
	var b bytes.Buffer
	b.WriteString("--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n")
	b.WriteString("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\docs\\\\a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n")
	b.Write(pdf)
	b.WriteString("\r\n--b--\r\n")
	return b.Bytes()
}

func realKey(t testing.TB, data []byte) ed25519.PrivateKey {
	t.Helper()
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(ed25519.PrivateKey)
}
