package qr

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"testing"

	qrcode "github.com/skip2/go-qrcode"
)

func BenchmarkEncode(b *testing.B) {
	for _, host := range []int{14, 40, 80} {
		var e Encoder
		text := longURL(host, 331)
		c, err := e.Encode(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("version=%d", c.Version()), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Encode(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("go-qrcode", func(b *testing.B) { // another library, for comparison
		text := longURL(14, 331)
		b.ReportAllocs()
		for b.Loop() {
			q, err := qrcode.New(text, qrcode.Medium)
			if err != nil {
				b.Fatal(err)
			}
			q.Bitmap()
		}
	})
	b.Run("first", func(b *testing.B) { // with the layout made anew
		text := longURL(14, 331)
		for b.Loop() {
			if _, err := Encode(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	_, c := testCode(b)
	b.Run("pdf", func(b *testing.B) {
		dst := make([]byte, 0, 16<<10)
		b.ReportAllocs()
		for b.Loop() {
			dst = c.AppendPDFPath(dst[:0], 20, 30, 1.13386)
		}
	})
	b.Run("svg", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := c.SVG(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("png", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := c.PNG(io.Discard, 4); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// benchKeys are real keys: crypto/rand is used, as in service.
func benchKeys(b *testing.B) map[string]crypto.Signer {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	return map[string]crypto.Signer{"ed25519": ed, "p256": ec}
}

func BenchmarkSeal(b *testing.B) {
	claims := testClaims()
	message := make([]byte, 128)
	for name, key := range benchKeys(b) {
		b.Run(name+"/bare", func(b *testing.B) {
			for b.Loop() {
				var err error
				if name == "p256" {
					digest := sha256.Sum256(message)
					_, err = key.Sign(rand.Reader, digest[:], crypto.SHA256)
				} else {
					_, err = key.Sign(rand.Reader, message, crypto.Hash(0))
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
		s := newSigner(b, testHost, key)
		b.Run(name+"/seal", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Seal(claims); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	message := make([]byte, 128)
	for name, key := range benchKeys(b) {
		b.Run(name+"/bare", func(b *testing.B) {
			digest := sha256.Sum256(message)
			switch pub := key.Public().(type) {
			case ed25519.PublicKey:
				sig := ed25519.Sign(key.(ed25519.PrivateKey), message)
				for b.Loop() {
					if !ed25519.Verify(pub, message, sig) {
						b.Fatal("wrong")
					}
				}
			case *ecdsa.PublicKey:
				sig, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					digest := sha256.Sum256(message)
					if !ecdsa.VerifyASN1(pub, digest[:], sig) {
						b.Fatal("wrong")
					}
				}
			}
		})
		s := newSigner(b, testHost, key)
		keys := KeySet{s.Key()}
		url, err := s.Seal(testClaims())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/parse+verify", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				token, err := Parse(url)
				if err != nil {
					b.Fatal(err)
				}
				if r := token.Verify(keys, testNow); r.Verdict() != Passed {
					b.Fatal(r.Reason())
				}
			}
		})
		b.Run(name+"/parse", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(url); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
