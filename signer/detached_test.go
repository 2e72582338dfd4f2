package signer

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
)

func TestSignDetached(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	long := bytes.Repeat([]byte("Протокол №7\r\n"), 30_000)
	for _, kind := range allKinds {
		p := testPKI(t, kind)
		for name, content := range map[string][]byte{"long": long, "empty": {}, "short": []byte("a")} {
			der, err := p.Signer.SignDetached(ctx, iotest.HalfReader(bytes.NewReader(content)), DetachedOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if len(der) > p.Signer.HoleSize()/2+cms.SigningTimeSize {
				t.Errorf("%s %s: %d octets", kind, name, len(der))
			}
			sd, err := cms.Parse(der)
			if err != nil {
				t.Fatal(err)
			}
			if at, err := sd.SignerInfos[0].SigningTime(); err != nil || !at.Equal(testTime) {
				t.Errorf("%s %s: signing time %v, %v", kind, name, at, err)
			}
			// OpenSSL takes an empty file for none.
			if name == "short" || name == "long" && kind == KeyP256 {
				checkCMS(t, p, der, content)
			}
		}
	}
}

// OpenSSL gets the content back out of an attached signature.
func TestSignAttached(t *testing.T) {
	content := []byte("Протокол №7\r\n\x00")
	for _, kind := range []KeyKind{KeyP256, KeyRSA2048} {
		p := testPKI(t, kind)
		der, err := p.Signer.SignDetached(context.Background(), bytes.NewReader(content), DetachedOptions{Attached: true})
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		path := func(name string) string { return filepath.Join(dir, name) }
		write(t, path("root.pem"), EncodeCertificates(p.Root.Certificate))
		write(t, path("in.p7m"), der)
		out, err := oracleOutput(t, "openssl", "cms", "-verify", "-inform", "DER", "-in", path("in.p7m"), "-binary", "-cades",
			"-CAfile", path("root.pem"), "-attime", fmt.Sprint(testTime.Unix()), "-out", path("out"))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if !bytes.Equal(read(t, path("out")), content) {
			t.Error("the content differs")
		}
	}
}

func TestSignDetachedErrors(t *testing.T) {
	p := testPKI(t, KeyP256)
	away, _ := NewIdentity(nil, p.Signer.Chain(), testOptions())
	faulty, _ := NewIdentity(faultyKey{p.Signer.key}, p.Signer.Chain(), testOptions())
	broken := errors.New("disk on fire")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, tt := range []struct {
		name string
		id   *Identity
		ctx  context.Context
		r    io.Reader
		opt  DetachedOptions
		want error
	}{
		{"no key", away, context.Background(), strings.NewReader("a"), DetachedOptions{}, ErrNoKey},
		{"reader", p.Signer, context.Background(), iotest.ErrReader(broken), DetachedOptions{}, broken},
		{"cancelled", p.Signer, cancelled, strings.NewReader("a"), DetachedOptions{}, context.Canceled},
		{"expired", p.Signer, context.Background(), strings.NewReader("a"), DetachedOptions{Time: testTime.AddDate(9, 0, 0)}, ErrExpired},
		{"early", p.Signer, context.Background(), strings.NewReader("a"), DetachedOptions{Time: testTime.Add(-time.Hour)}, ErrNotYetValid},
		{"key at fault", faulty, context.Background(), strings.NewReader("a"), DetachedOptions{}, ErrSignature},
		{"large", p.Signer, context.Background(), io.LimitReader(zeroReader{}, maxAttached+1), DetachedOptions{Attached: true}, ErrTooLarge},
	} {
		if der, err := tt.id.SignDetached(tt.ctx, tt.r, tt.opt); !errors.Is(err, tt.want) || der != nil {
			t.Errorf("%s: %v and %d octets, want %v", tt.name, err, len(der), tt.want)
		}
	}
}

// faultyKey makes mistakes in its computation.
type faultyKey struct{ crypto.Signer }

func (k faultyKey) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	sig, err := k.Signer.Sign(r, digest, opts)
	if err == nil {
		sig[len(sig)-1] ^= 1
	}
	return sig, err
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
