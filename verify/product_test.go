package verify_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/verify"
)

func (iss *issuing) product() *verify.Product {
	return &verify.Product{Trust: iss.trust, Keys: iss.keys, Now: clock}
}

func TestProduct(t *testing.T) {
	iss := newIssuing()
	c := iss.sample()
	doc, _ := iss.issue(t, c, forgery{})
	p := iss.product()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := p.VerifyProduct(context.Background(), doc, c); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()

	other := *c
	other.Holder.Name = "Анна"
	late := *c
	late.IssuedAt = late.IssuedAt.Add(time.Second)
	flipped := append([]byte(nil), doc...)
	flipped[len(flipped)/3] ^= 1
	forged, _ := iss.issue(t, c, forgery{drawn: func(c *vidimus.Certificate) { c.Holder.Surname = "Берёзкина" }})
	for name, v := range map[string]struct {
		doc  []byte
		cert *vidimus.Certificate
	}{
		"another certificate": {doc, &other},
		"another time":        {doc, &late},
		"one bit":             {flipped, c},
		"another page":        {forged, c},
		"a byte more":         {append(append([]byte(nil), doc...), '\n'), c},
		"no PDF":              {[]byte("%PDF-1.7"), c},
		"nothing":             {nil, c},
	} {
		var refused *verify.ProductError
		if err := p.VerifyProduct(context.Background(), v.doc, v.cert); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (&verify.Product{}).VerifyProduct(context.Background(), doc, c); !errors.Is(err, verify.ErrProductSetup) {
		t.Errorf("without anchors and keys: %v", err)
	}
}

// TestProductForgetsChains: what was verified is not good for longer than the
// certificates are.
func TestProductForgetsChains(t *testing.T) {
	iss := newIssuing()
	c := iss.sample()
	doc, _ := iss.issue(t, c, forgery{})
	now := today
	p := iss.product()
	p.Now = func() time.Time { return now }
	for _, step := range []struct {
		at time.Time
		ok bool
	}{
		{today, true}, {today.Add(time.Minute), true},
		{iss.pki.Signer.Certificate().NotAfter.Add(time.Second), false},
		{today, true}, {today.AddDate(-1, 0, 0), false},
	} {
		now = step.at
		if err := p.VerifyProduct(context.Background(), doc, c); (err == nil) != step.ok {
			t.Errorf("at %s: %v", step.at, err)
		}
	}
}

// BenchmarkProduct has the bare costs beside it: what cannot be saved is SHA-256
// over the file, one P-256 verification for the document and one Ed25519 for
// the seal.
func BenchmarkProduct(b *testing.B) {
	iss := newIssuing()
	// Many certificates in turn, as an issuer makes them: what one verification
	// learns must be of use for the next person's certificate.
	var certs [64]*vidimus.Certificate
	var docs [64][]byte
	for i := range docs {
		certs[i] = iss.sample()
		certs[i].ID[3], certs[i].Number.Seq = byte(i), int64(100+i)
		certs[i].Holder.Surname += strings.Repeat("а", i%7)
		docs[i], _ = iss.issue(b, certs[i], forgery{})
	}
	doc := docs[0]
	p := iss.product()
	bare := newBare(b, doc)
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	message := doc[:160]
	sig := ed25519.Sign(private, message)
	b.Run("bare", func(b *testing.B) {
		measure(b, func() {
			bare.run(b)
			if !ed25519.Verify(public, message, sig) {
				b.Fatal("no")
			}
		})
	})
	b.Run("product", func(b *testing.B) {
		i := 0
		measure(b, func() {
			i = (i + 1) % len(docs)
			if err := p.VerifyProduct(context.Background(), docs[i], certs[i]); err != nil {
				b.Fatal(err)
			}
		})
	})
}
