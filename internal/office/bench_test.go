package office

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/signer"
)

func benchOffice(b testing.TB, key signer.KeyKind) *Office { return benchOfficeWith(b, key, Options{}) }

func benchOfficeWith(b testing.TB, key signer.KeyKind, opt Options) *Office {
	b.Helper()
	dir := b.TempDir()
	if _, err := Init(b.Context(), dir, InitOptions{Key: key}); err != nil {
		b.Fatal(err)
	}
	o, err := Open(b.Context(), dir, Issuing, opt)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { o.Close() })
	return o
}

func benchTable(n int) string {
	var t strings.Builder
	t.WriteString("kind,surname,name,patronymic,specialty_code,specialty,position,region,decision_number,decision_date,valid_from\n")
	today := time.Now().Format("2006-01-02")
	for i := range n {
		fmt.Fprintf(&t, "periodic,Берёзкина,Ульяна,Захаровна,31.08.49,Терапия,врач-терапевт,Тверская область,%d-А,%s,%s\n", i, today, today)
	}
	return t.String()
}

// BenchmarkBatch issues b.N certificates as the command does: each is rendered,
// linted, signed, verified, and durable in the registry when acknowledged; with
// "files" each is written to the folder, too. Beside it stand the bare signature
// on all processors and the bare making of a file of that size.
func BenchmarkBatch(b *testing.B) {
	for _, key := range []signer.KeyKind{signer.KeyP256, signer.KeyRSA2048} {
		for name, opt := range map[string]Options{"": {NoFiles: true}, "-files": {}} {
			b.Run(string(key)+name, func(b *testing.B) { benchBatch(b, benchOfficeWith(b, key, opt)) })
		}
		b.Run(string(key)+"-bare-sign", func(b *testing.B) { benchSign(b, benchOffice(b, key)) })
	}
	b.Run("bare-file", func(b *testing.B) {
		dir, data := b.TempDir(), make([]byte, 37_000)
		for i := 0; b.Loop(); i++ {
			if err := replaceFile(filepath.Join(dir, strconv.Itoa(i)), data); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchBatch(b *testing.B, o *Office) {
	table, err := NewTable(strings.NewReader(benchTable(b.N)))
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	used := bounded.CPU(func() { err = o.Batch(b.Context(), table, func(r *Result) error { return r.Err }) })
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "certs/s")
	b.ReportMetric(float64(used)/float64(b.N), "cpu-ns/op")
}

func benchSign(b *testing.B, o *Office) {
	digest := sha256.Sum256(nil)
	k, err := readSignerKey(o)
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := signDigest(k, digest[:]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "signs/s")
}

// BenchmarkIssue issues one certificate after the other.
func BenchmarkIssue(b *testing.B) {
	o := benchOffice(b, signer.KeyP256)
	table, err := NewTable(strings.NewReader(benchTable(b.N)))
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N {
		q, _, err := table.Next()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := o.Issue(b.Context(), &q); err != nil {
			b.Fatal(err)
		}
	}
}

func readSignerKey(o *Office) (crypto.Signer, error) {
	data, err := readSmall(o.path(o.Config.SignerKey))
	if err != nil {
		return nil, err
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "PRIVATE KEY" {
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			return key.(crypto.Signer), err
		}
	}
	return nil, errors.New("no key")
}

func signDigest(k crypto.Signer, digest []byte) error {
	_, err := k.Sign(rand.Reader, digest, crypto.SHA256)
	return err
}
