package trustlist_test

import (
	"crypto/rand"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	. "github.com/vidimus/vidimus/internal/pki/trustlist"
	"github.com/vidimus/vidimus/internal/pki/trustlist/listtest"
)

// The size of the public list: one authority in ten with ten keys, the others
// with five, all with GOST certificates of their own that an upper authority
// issued; two in three have lost their accreditation.
const (
	largeAuthorities = 600
	largeKeys        = 60*10 + 540*5
)

// largeList makes the list once; it takes a second.
var largeList = sync.OnceValues(func() (string, []listtest.Authority) {
	t := &quiet{}
	key := func() *gost3410.PrivateKey {
		k, err := gost3410.GenerateKey(gost3410.Curves()[1], rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	root := pkitest.Issue(t, pkitest.Spec{Name: "Головной УЦ", CA: true, Key: key(), NotBefore: day("2015-01-01"), NotAfter: day("2045-01-01")})
	// What real certificates say about their means and policies.
	padding := pkitest.Ext{OID: "1.2.643.100.112", Value: make([]byte, 2700)}
	spec := listtest.List{Version: "777", Date: day("2025-06-02")}
	for i := range largeAuthorities {
		keys := 5
		if i%10 == 0 {
			keys = 10
		}
		var certs [][]*pki.Certificate
		for j := range keys {
			c := pkitest.Issue(t, pkitest.Spec{Name: fmt.Sprintf("УЦ № %d, ключ %d %s", i, j, strings.Repeat("Общество ", 12)), CA: true, Key: key(),
				Issuer: root, NotBefore: day("2018-01-01"), NotAfter: day("2035-01-01"), Ext: []pkitest.Ext{padding}})
			certs = append(certs, []*pki.Certificate{c.Cert})
		}
		a := listtest.Active("2020-01-01", certs[0]...)
		if i%3 != 0 {
			a = listtest.Ended("2019-02-03", "2022-03-04", certs[0]...)
		}
		a.Name, a.More = fmt.Sprintf("Удостоверяющий центр № %d", i), certs[1:]
		spec.Authorities = append(spec.Authorities, a)
	}
	return spec.XML(), spec.Authorities
})

// quiet is what largeList fails with: it belongs to no test.
type quiet struct{ testing.TB }

func (*quiet) Helper()         {}
func (*quiet) Fatal(a ...any)  { panic(fmt.Sprint(a...)) }
func (*quiet) Cleanup(func())  {}
func (*quiet) TempDir() string { panic("no folder") }

// TestLarge: a list of the public one's size is read in little more memory than
// it has octets, and every key of it finds its authority.
func TestLarge(t *testing.T) {
	text, authorities := largeList()
	data := []byte(text)
	if len(data) < 15<<20 || len(data) > 30<<20 {
		t.Errorf("%d octets, meant to be about 20 MB", len(data))
	}
	var before, after, kept runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	l, err := Read(data)
	took := time.Since(began)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	runtime.GC()
	runtime.ReadMemStats(&kept)
	allocated, live := after.TotalAlloc-before.TotalAlloc, int64(kept.HeapAlloc)-int64(before.HeapAlloc)
	t.Logf("%.1f MB, %d authorities, %d keys: read in %s, %.1f MB allocated, %.1f MB kept besides the text",
		float64(len(data))/1e6, len(l.Authorities), largeKeys, took.Round(time.Millisecond), float64(allocated)/1e6, float64(live)/1e6)
	if allocated > 4*uint64(len(data)) || live > 2*int64(len(data)) {
		t.Errorf("%d octets allocated, %d kept, for %d of text", allocated, live, len(data))
	}
	if len(l.Authorities) != largeAuthorities || len(l.Certificates()) != largeKeys || len(l.Warnings) > 0 {
		t.Errorf("%d authorities, %d certificates, warnings %q", len(l.Authorities), len(l.Certificates()), l.Warnings)
	}

	l.Signature = Signature{Status: pki.OK}
	lists := Lists{l}
	for i, a := range authorities {
		for _, certs := range append([][]*pki.Certificate{a.Certs}, a.More...) {
			on, want := day("2021-05-06"), Accredited
			if i%3 != 0 {
				on, want = day("2023-05-06"), NotAccredited
			}
			if got := lists.Accredited(certs[0], on); got.Status != want || got.Authority == nil || got.Authority.Name != a.Name {
				t.Fatalf("%s: %s %s", a.Name, got.Status, got.Reason)
			}
		}
	}
	stranger := pkitest.Issue(t, pkitest.Spec{Name: "УЦ № 7", CA: true})
	if got := lists.Accredited(stranger.Cert, day("2021-05-06")); got.Reason != ReasonNotListed {
		t.Errorf("a stranger: %s %s", got.Status, got.Reason)
	}
}

// BenchmarkLarge reads that list and asks it; TestLarge says how large it is.
func BenchmarkLarge(b *testing.B) {
	text, authorities := largeList()
	data := []byte(text)
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Read(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	l, err := Read(data)
	if err != nil {
		b.Fatal(err)
	}
	l.Signature = Signature{Status: pki.OK}
	last := authorities[largeAuthorities-1].More[3][0]
	b.Run("ask", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if a := (Lists{l}).Accredited(last, day("2020-05-06")); a.Authority == nil {
				b.Fatal(a)
			}
		}
	})
}
