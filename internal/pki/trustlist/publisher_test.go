package trustlist_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	. "github.com/vidimus/vidimus/internal/pki/trustlist"
	"github.com/vidimus/vidimus/internal/pki/trustlist/listtest"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/xmltest"
)

func publisher(t testing.TB, marks ...string) Publisher {
	t.Helper()
	p, err := ParsePublisher(marks...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// subjectName builds a name of OIDs and values.
func subjectName(pairs ...string) []byte {
	var rdns []byte
	for i := 0; i < len(pairs); i += 2 {
		tag := byte(asn1x.UTF8String)
		if strings.HasPrefix(pairs[i], "1.2.643") {
			tag = asn1x.NumericString
		}
		rdns = append(rdns, asn1x.TLV(asn1x.Set, asn1x.TLV(asn1x.Sequence, asn1x.MustOID(pairs[i]).Encode(), asn1x.TLV(tag, []byte(pairs[i+1]))))...)
	}
	return asn1x.TLV(asn1x.Sequence, rdns)
}

const (
	cn, org, ogrn, snils = "2.5.4.3", "2.5.4.10", "1.2.643.100.1", "1.2.643.100.3"
	number               = "1269900000017" // ОГРН, made up
)

// Of those who hold a certificate under the authority, only the publisher signs
// lists, in last year's certificate and in this year's.
func TestPublisher(t *testing.T) {
	root := ca(t, "Головной")
	issue := func(pairs ...string) *pkitest.Entity {
		return pkitest.Issue(t, pkitest.Spec{NameDER: subjectName(pairs...), Issuer: root})
	}
	last := issue(cn, "Ведомство", org, "Ведомство", ogrn, number)
	next := issue(cn, "Ведомство", org, "Ведомство", ogrn, number)
	clerk := issue(cn, "Кедров Пётр", org, "Ведомство", ogrn, number)
	leaf := issue(cn, "Ведомство", ogrn, "1027700132195")
	twice := issue(cn, "Ведомство", ogrn, "1027700132195", ogrn, number)
	sum := last.Cert.Fingerprint()
	print := hex.EncodeToString(sum[:])
	under, both := pki.NewPool(root.Cert), pki.NewPool(root.Cert, last.Cert)
	doc := listtest.List{Version: "1", Date: day("2025-05-01"), Authorities: []listtest.Authority{listtest.Active("2024-05-01", root.Cert)}}.XML()
	for name, v := range map[string]struct {
		by      *pkitest.Entity
		anchors *pki.Pool
		marks   []string
		want    pki.Status
	}{
		"under the authority, nobody named": {last, under, nil, pki.Unknown},
		"trusted itself":                    {last, both, nil, pki.OK},
		"another under it":                  {leaf, both, nil, pki.Unknown},
		"ОГРН":                              {last, under, []string{number}, pki.OK},
		"ОГРН, next year":                   {next, under, []string{number}, pki.OK},
		"another ОГРН":                      {leaf, under, []string{number}, pki.Unknown},
		"two ОГРН":                          {twice, under, []string{number}, pki.Unknown},
		"trusted itself, another named":     {last, both, []string{"1027700132195"}, pki.Unknown},
		"name":                              {next, under, []string{"Ведомство"}, pki.OK},
		"part of the name":                  {next, under, []string{"Ведом"}, pki.Unknown},
		"clerk with the ОГРН":               {clerk, under, []string{number, "Ведомство"}, pki.Unknown},
		"ОГРН and name":                     {next, under, []string{number, "Ведомство"}, pki.OK},
		"certificate":                       {last, under, []string{print}, pki.OK},
		"certificate as openssl shows it":   {last, under, []string{strings.ToUpper(print[:2] + ":" + print[2:])}, pki.OK},
		"next certificate":                  {next, under, []string{print}, pki.Unknown},
		"authority not trusted":             {last, pki.NewPool(), []string{number}, pki.Unknown},
	} {
		l, err := Read(xmltest.Sign(t, doc, v.by, xmltest.Options{}))
		if err != nil {
			t.Fatal(err)
		}
		s := l.Check(context.Background(), CheckOptions{Anchors: v.anchors, Publisher: publisher(t, v.marks...), At: pkitest.Epoch, RevocationNoneUnsafe: true})
		if s.Status != v.want || s.Signer == nil || !s.Signer.Equal(v.by.Cert) {
			t.Errorf("%s: %v (%s), want %v", name, s.Status, s.Reason, v.want)
		}
		if who := Describe(v.by.Cert); s.Status != pki.OK && !strings.Contains(s.Reason, who) {
			t.Errorf("%s: %q does not name the signer %s", name, s.Reason, who)
		}
	}
	for _, bad := range []string{"", " ", "12699000000170", "126990000001", print[:62], "1269 9000"} {
		if _, err := ParsePublisher(bad); !errors.Is(err, ErrPublisher) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// What the store writes of a signer is no more than names an organisation.
func TestStoreWritesNoSNILS(t *testing.T) {
	signer := pkitest.Issue(t, pkitest.Spec{NameDER: subjectName(cn, "Ведомство", "2.5.4.4", "Кедров", snils, "11223344595", ogrn, number, "1.2.643.3.131.1.1", "500100732259")})
	doc := listtest.List{Version: "1", Date: day("2025-05-01"), Authorities: []listtest.Authority{listtest.Active("2024-05-01", signer.Cert)}}.XML()
	l, err := Read(xmltest.Sign(t, doc, signer, xmltest.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	l.Signature = l.Check(context.Background(), CheckOptions{Anchors: pki.NewPool(signer.Cert), At: pkitest.Epoch})
	s := Store{Dir: t.TempDir()}
	e, err := s.Import(l, pkitest.Epoch)
	if err != nil {
		t.Fatal(err)
	}
	if want := "CN=Ведомство, ОГРН=" + number; e.Signer != want {
		t.Errorf("%q, want %q", e.Signer, want)
	}
	record, err := os.ReadFile(filepath.Join(s.Dir, e.Name+".json"))
	if err != nil || !json.Valid(record) || strings.Contains(string(record), "11223344595") || strings.Contains(string(record), "500100732259") {
		t.Errorf("%s %v", record, err)
	}
}
