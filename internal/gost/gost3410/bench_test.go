package gost3410

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus/internal/gost/gosttest"
)

// The curves whose speed is of interest: the real ones.
func benchCurves() (out []*Curve) {
	for _, c := range curves {
		if !c.Test() {
			out = append(out, c)
		}
	}
	return out
}

// BenchmarkVerify shows ours beside the gost engine, curve by curve, and
// crypto/ecdsa as a measure of the machine.
func BenchmarkVerify(b *testing.B) {
	engine := gosttest.NewBencher(b)
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		digest := make([]byte, 32)
		sig, err := ecdsa.SignASN1(rand.Reader, key, digest)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("ecdsa/"+curve.Params().Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !ecdsa.VerifyASN1(&key.PublicKey, digest, sig) {
					b.Fatal("refused")
				}
			}
		})
	}
	for _, c := range benchCurves() {
		key, digest := testKey(b, c), testDigest(c)
		sig, err := key.Sign(rand.Reader, digest, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("ours/"+c.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if key.PublicKey().Verify(digest, sig) != nil {
					b.Fatal("refused")
				}
			}
		})
		file := benchKey(b, key)
		b.Run("engine/"+c.Name(), func(b *testing.B) { engine.Run(b, "verify", file) })
	}
}

func BenchmarkSign(b *testing.B) {
	engine := gosttest.NewBencher(b)
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		digest := make([]byte, 32)
		b.Run("ecdsa/"+curve.Params().Name, func(b *testing.B) {
			for b.Loop() {
				if _, err := ecdsa.SignASN1(rand.Reader, key, digest); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for _, c := range benchCurves() {
		key, digest := testKey(b, c), testDigest(c)
		b.Run("ours/"+c.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := key.Sign(rand.Reader, digest, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		file := benchKey(b, key)
		b.Run("engine/"+c.Name(), func(b *testing.B) { engine.Run(b, "sign", file) })
	}
}

// BenchmarkParse shows what the check of a public key costs: on the curves with
// four times q points it includes a multiplication.
func BenchmarkParse(b *testing.B) {
	for _, c := range benchCurves() {
		spki, err := MarshalPKIXPublicKey(testKey(b, c).PublicKey())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParsePKIXPublicKey(spki); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkField(b *testing.B) {
	b.Run("256a/mul", func(b *testing.B) { benchField[fe256a](b, (*fe256a).mul) })
	b.Run("256a/add", func(b *testing.B) { benchField[fe256a](b, (*fe256a).add) })
	b.Run("256a/sub", func(b *testing.B) { benchField[fe256a](b, (*fe256a).sub) })
	b.Run("256b/mul", func(b *testing.B) { benchField[fe256b](b, (*fe256b).mul) })
	b.Run("256c/mul", func(b *testing.B) { benchField[fe256c](b, (*fe256c).mul) })
	b.Run("512a/mul", func(b *testing.B) { benchField[fe512a](b, (*fe512a).mul) })
	b.Run("512b/mul", func(b *testing.B) { benchField[fe512b](b, (*fe512b).mul) })
	b.Run("256a/sqr", func(b *testing.B) { benchField[fe256a](b, func(z, x, _ *fe256a) { z.sqr(x) }) })
	b.Run("256a/inv", func(b *testing.B) { benchField[fe256a](b, func(z, x, _ *fe256a) { z.inv(x) }) })
	b.Run("512a/sqr", func(b *testing.B) { benchField[fe512a](b, func(z, x, _ *fe512a) { z.sqr(x) }) })
	b.Run("512a/inv", func(b *testing.B) { benchField[fe512a](b, func(z, x, _ *fe512a) { z.inv(x) }) })
}

func benchField[T any, E element[T]](b *testing.B, op func(z, x, y *T)) {
	var x, y T
	E(&x).setWords(&words{3, 1 << 63, 5, 7})
	E(&y).setWords(&words{1 << 60, 2, 3, 4})
	for b.Loop() {
		op(&x, &x, &y)
	}
}

func benchKey(b *testing.B, key *PrivateKey) string {
	b.Helper()
	der, err := MarshalPKCS8PrivateKey(key)
	if err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(b.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		b.Fatal(err)
	}
	return file
}

func BenchmarkInverse(b *testing.B) {
	for _, c := range []*Curve{&curveCryptoProA, &curveTC26512A} {
		x := words{}
		x.setLE(testDigest(c))
		x = c.params.q.toMont(&x)
		b.Run(c.Name(), func(b *testing.B) {
			for b.Loop() {
				x = c.params.q.inverse(&x)
			}
		})
	}
}
