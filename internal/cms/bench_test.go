package cms_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"testing"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
)

func BenchmarkVerify(b *testing.B) {
	s := newSigner(b)
	der := s.sign(b, cms.TemplateOptions{}, cms.SignOptions{}, s.root.Cert)
	sum := sha256.Sum256(content)
	key := s.leaf.Key.(*ecdsa.PrivateKey)
	sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	b.Run("bare-ecdsa-p256", func(b *testing.B) {
		for b.Loop() {
			if !ecdsa.VerifyASN1(&key.PublicKey, sum[:], sig) {
				b.Fatal("bad")
			}
		}
	})
	o := cms.VerifyOptions{Suites: suites, Detached: true, Digest: func(pki.Hash) ([]byte, error) { return sum[:], nil }}
	b.Run("parse+verify", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sd, err := cms.Parse(der)
			if err != nil {
				b.Fatal(err)
			}
			if r := sd.SignerInfos[0].Verify(o); r.Status() != pki.OK {
				b.Fatal(r.Checks)
			}
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := cms.Parse(der); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkSign(b *testing.B) {
	s := newSigner(b)
	sum := sha256.Sum256(content)
	key := s.leaf.Key.(*ecdsa.PrivateKey)
	b.Run("bare-ecdsa-p256", func(b *testing.B) {
		for b.Loop() {
			if _, err := key.Sign(rand.Reader, sum[:], crypto.SHA256); err != nil {
				b.Fatal(err)
			}
		}
	})
	tmpl, err := cms.NewTemplate(s.leaf.Cert, []*pki.Certificate{s.root.Cert}, cms.TemplateOptions{Suites: suites})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("template", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := tmpl.Sign(context.Background(), key, sum[:], cms.SignOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("around-the-signature", func(b *testing.B) {
		b.ReportAllocs()
		sig := make([]byte, 71)
		for b.Loop() {
			p, err := tmpl.Prepare(sum[:], cms.PrepareOptions{})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := p.Finish(sig, cms.FinishOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
