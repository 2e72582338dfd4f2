package trustlist_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	. "github.com/vidimus/vidimus/internal/pki/trustlist"
	"github.com/vidimus/vidimus/internal/pki/trustlist/listtest"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/xmltest"
)

// BenchmarkList reads a list of the public one's size, 600 authorities with six
// certificates each, checks its signature and asks it; SHA-256 beside it.
func BenchmarkList(b *testing.B) {
	var pool []*pkitest.Entity
	for i := range 60 {
		pool = append(pool, ca(b, fmt.Sprintf("УЦ %d %s", i, strings.Repeat("длинное название ", 40))))
	}
	spec := listtest.List{Version: "1", Date: day("2025-06-02")}
	for i := range 600 {
		var certs []*pki.Certificate
		for j := range 6 {
			certs = append(certs, pool[(i+j)%len(pool)].Cert)
		}
		spec.Authorities = append(spec.Authorities, listtest.Active("2024-05-01", certs...))
	}
	data := xmltest.Sign(b, spec.XML(), pool[0], xmltest.Options{})
	l, err := Read(data)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Read(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("check", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if s := l.Check(context.Background(), CheckOptions{Anchors: pki.NewPool(pool[0].Cert), At: pkitest.Epoch}); s.Status == pki.Failed {
				b.Fatal(s.Reason)
			}
		}
	})
	l.Signature = Signature{Status: pki.OK}
	b.Run("ask", func(b *testing.B) {
		for b.Loop() {
			if a := (Lists{l}).Accredited(pool[7].Cert, day("2025-01-01")); a.Status != Accredited {
				b.Fatal(a)
			}
		}
	})
	b.Run("sha256", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			sha256.Sum256(data)
		}
	})
}
