package trustlist_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/bounded"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	. "github.com/vidimus/vidimus/internal/pki/trustlist"
	"github.com/vidimus/vidimus/internal/pki/trustlist/listtest"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/c14n"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/xmltest"
)

func day(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02", s, time.FixedZone("MSK", 3*3600))
	if err != nil {
		panic(err)
	}
	return t
}

func ca(t testing.TB, name string) *pkitest.Entity {
	return pkitest.Issue(t, pkitest.Spec{Name: name, CA: true})
}

// read reads a list and vouches for it.
func read(t testing.TB, spec listtest.List) *List {
	t.Helper()
	l, err := Read([]byte(spec.XML()))
	if err != nil {
		t.Fatal(err)
	}
	l.Signature = Signature{Status: pki.OK}
	return l
}

func TestRead(t *testing.T) {
	a, b := ca(t, "УЦ А"), ca(t, "УЦ Б")
	l := read(t, listtest.List{Version: "16326", Date: day("2025-06-02"), Authorities: []listtest.Authority{
		listtest.Active("2024-05-01", a.Cert), listtest.Ended("2020-01-01", "2022-02-02", b.Cert, a.Cert)}})
	if l.Version != "16326" || !l.Date.Equal(day("2025-06-02")) || len(l.Authorities) != 2 || len(l.Certificates()) != 3 {
		t.Fatalf("%+v", l)
	}
	x := l.Authorities[1]
	if len(x.Keys) != 1 || x.Keys[0].Class != "КС2" || x.Keys[0].Complex != "Комплекс № 1" || !bytes.Equal(x.Keys[0].ID, b.Cert.SubjectKeyID) ||
		len(x.Keys[0].CRLs) != 1 || len(x.History) != 2 || x.Current.Word != "Прекращена" || !x.Current.From.Equal(day("2022-02-02")) || x.Number != "101" {
		t.Errorf("%+v", x)
	}
	if !vidimus.CheckINN(x.INN) || !vidimus.CheckOGRN(x.OGRN) {
		t.Errorf("made-up numbers with wrong check digits: %s %s", x.INN, x.OGRN)
	}
	if len(l.Warnings) != 1 || !strings.Contains(l.Warnings[0], "stands under") {
		t.Errorf("a key under two authorities: %q", l.Warnings)
	}
}

func TestReadRefusesAndForgives(t *testing.T) {
	a := ca(t, "УЦ")
	good := listtest.List{Version: "1", Date: day("2025-06-02"), Authorities: []listtest.Authority{listtest.Active("2024-05-01", a.Cert)}}.XML()
	for name, test := range map[string]struct {
		from, to string
		err      error
		warning  string
	}{
		"root":          {"АккредитованныеУдостоверяющиеЦентры", "Список", ErrFormat, ""},
		"namespace":     {"<АккредитованныеУдостоверяющиеЦентры", `<АккредитованныеУдостоверяющиеЦентры xmlns="urn:x"`, ErrFormat, ""},
		"version":       {"<Версия>1</Версия>", "", ErrFormat, ""},
		"date":          {"2025-06-02T", "02.06.2025 ", ErrFormat, ""},
		"doctype":       {"<АккредитованныеУдостоверяющиеЦентры", "<!DOCTYPE x><АккредитованныеУдостоверяющиеЦентры", c14n.ErrDoctype, ""},
		"truncated":     {"</АккредитованныеУдостоверяющиеЦентры>", "", c14n.ErrSyntax, ""},
		"long name":     {"<Название>", "<Название>" + strings.Repeat("ы", 5000), ErrLimit, ""},
		"markup inside": {"<ОГРН>", "<ОГРН><b/>", ErrFormat, ""},
		"status date":   {"<ДействуетС>", "<ДействуетС>с ", nil, "is no date"},
		"thumbprint":    {"<Отпечаток>", "<Отпечаток>00", nil, "another thumbprint"},
		"certificate":   {"<Данные>MII", "<Данные>MIJ", nil, "certificate"},
		"base64":        {"<Данные>", "<Данные>!", nil, "not base64"},
		"key id":        {"<ИдентификаторКлюча>", "<ИдентификаторКлюча>z", nil, "not hexadecimal"},
	} {
		data := strings.ReplaceAll(good, test.from, test.to)
		if test.err == nil && data == good {
			t.Fatalf("%s changes nothing", name)
		}
		l, err := Read([]byte(data))
		if !errors.Is(err, test.err) {
			t.Errorf("%s: %v, want %v", name, err, test.err)
			continue
		}
		if test.warning != "" && (len(l.Warnings) == 0 || !strings.Contains(strings.Join(l.Warnings, "\n"), test.warning)) {
			t.Errorf("%s: warnings %q", name, l.Warnings)
		}
	}
}

func TestAccredited(t *testing.T) {
	a, b, stranger := ca(t, "УЦ А"), ca(t, "УЦ Б"), ca(t, "Чужой")
	// The same key under another certificate, and another key under A's identifier.
	renewed := pkitest.Issue(t, pkitest.Spec{Name: "УЦ А", CA: true, Key: a.Key})
	thief := pkitest.Issue(t, pkitest.Spec{Name: "УЦ А", CA: true, Ext: []pkitest.Ext{{OID: "2.5.29.14", Value: append([]byte{4, 20}, a.Cert.SubjectKeyID...)}}})
	if !bytes.Equal(thief.Cert.SubjectKeyID, a.Cert.SubjectKeyID) {
		t.Fatal("the identifier was not copied")
	}
	ended := listtest.Ended("2024-05-01", "2025-03-01", b.Cert)
	suspended := listtest.Authority{Certs: []*pki.Certificate{b.Cert}, Current: listtest.Status{Word: "Действует", From: "2025-03-01T10:00:00"}, History: []listtest.Status{
		{Word: "Действует", From: "2024-01-01"}, {Word: "Приостановлена", From: "2025-02-01T12:00:00+03:00"}, {Word: "Действует", From: "2025-03-01T10:00:00"}}}
	odd := listtest.Authority{Certs: []*pki.Certificate{b.Cert}, History: []listtest.Status{{Word: "Действует", From: "2024-01-01"}, {Word: "Пересматривается", From: "2025-02-01"}}}
	current := listtest.Authority{Certs: []*pki.Certificate{b.Cert}, Current: listtest.Status{Word: "Действует", From: "2025-02-01"}}
	undated := listtest.Authority{Certs: []*pki.Certificate{b.Cert}, History: []listtest.Status{{Word: "Действует"}, {Word: "Действует", From: "2025-02-01"}}}
	borrowed := listtest.Active("2024-05-01", b.Cert)
	borrowed.KeyID = stranger.Cert.KeyHash()
	bare := listtest.Authority{Certs: []*pki.Certificate{b.Cert}, BareKey: true, History: []listtest.Status{{Word: "Действует", From: "2024-01-01"}}}
	list := func(date string, entries ...listtest.Authority) *List {
		return read(t, listtest.List{Version: date, Date: day(date), Authorities: entries})
	}
	unsigned := list("2025-06-01", ended)
	unsigned.Signature = Signature{Status: pki.Unknown, Reason: "no signature"}
	vouched := list("2025-06-01", ended)
	vouched.Signature = Signature{Status: pki.Unknown, AcceptedUnsafe: true}
	forged := list("2025-06-01", ended)
	forged.Signature = Signature{Status: pki.Failed, AcceptedUnsafe: true}
	active := listtest.Active("2024-05-01", a.Cert)
	for name, test := range map[string]struct {
		lists  Lists
		issuer *pkitest.Entity
		at     string
		status Accreditation
		reason Reason
	}{
		"in force":           {Lists{list("2025-06-01", active)}, a, "2025-01-01", Accredited, ReasonInForce},
		"first day":          {Lists{list("2025-06-01", active)}, a, "2024-05-01", Accredited, ReasonInForce},
		"day of the list":    {Lists{list("2025-06-01", active)}, a, "2025-06-01", Accredited, ReasonInForce},
		"not yet":            {Lists{list("2025-06-01", active)}, a, "2024-04-30", NotAccredited, ReasonNotYet},
		"renewed":            {Lists{list("2025-06-01", active)}, renewed, "2025-01-01", Accredited, ReasonInForce},
		"identifier only":    {Lists{list("2025-06-01", active)}, thief, "2025-01-01", Unknown, ReasonKeyIDOnly},
		"before the end":     {Lists{list("2025-06-01", ended)}, b, "2025-02-28", Accredited, ReasonInForce},
		"on the last day":    {Lists{list("2025-06-01", ended)}, b, "2025-03-01", NotAccredited, ReasonEnded},
		"after the end":      {Lists{list("2025-06-01", ended)}, b, "2025-05-05", NotAccredited, ReasonEnded},
		"suspended":          {Lists{list("2025-06-01", suspended)}, b, "2025-02-10", NotAccredited, ReasonSuspended},
		"resumed":            {Lists{list("2025-06-01", suspended)}, b, "2025-03-01", Accredited, ReasonInForce},
		"strange word":       {Lists{list("2025-06-01", odd)}, b, "2025-02-10", Unknown, ReasonStatusWord},
		"no history":         {Lists{list("2025-06-01", current)}, b, "2025-01-10", Unknown, ReasonNoHistory},
		"history elsewhere":  {Lists{list("2025-05-01", ended), list("2025-06-01", current)}, b, "2025-01-10", Accredited, ReasonInForce},
		"current alone":      {Lists{list("2025-06-01", current)}, b, "2025-02-10", Accredited, ReasonInForce},
		"bare key":           {Lists{list("2025-06-01", bare)}, b, "2025-02-10", Accredited, ReasonInForce},
		"undated history":    {Lists{list("2025-06-01", undated)}, b, "2025-01-10", Unknown, ReasonNoHistory},
		"another key's ID":   {Lists{list("2025-06-01", borrowed)}, stranger, "2025-01-10", Unknown, ReasonKeyIDOnly},
		"stranger":           {Lists{list("2025-06-01", active, ended)}, stranger, "2025-01-01", NotAccredited, ReasonNotListed},
		"older list":         {Lists{list("2025-01-01", active)}, a, "2025-01-02", Unknown, ReasonListOlder},
		"older, stranger":    {Lists{list("2025-01-01", active)}, stranger, "2025-01-02", Unknown, ReasonListOlder},
		"no list":            {nil, a, "2025-01-02", Unknown, ReasonNoList},
		"unsigned":           {Lists{unsigned}, b, "2025-01-02", Unknown, ReasonListUnknown},
		"unsigned, stranger": {Lists{unsigned}, stranger, "2025-01-02", Unknown, ReasonListUnknown},
		"vouched for":        {Lists{vouched}, b, "2025-01-02", Accredited, ReasonInForce},
		"forged":             {Lists{forged}, b, "2025-01-02", Unknown, ReasonListUnknown},
		"newest decides":     {Lists{list("2025-05-01", listtest.Active("2024-05-01", b.Cert)), list("2025-06-01", ended)}, b, "2025-04-01", NotAccredited, ReasonEnded},
		"dropped from newer": {Lists{list("2025-05-01", active), list("2025-06-01", ended)}, a, "2025-01-01", Unknown, ReasonDropped},
	} {
		got := test.lists.Accredited(test.issuer.Cert, day(test.at))
		if got.Status != test.status || got.Reason != test.reason {
			t.Errorf("%s: %v, %s; want %v, %s", name, got.Status, got.Reason, test.status, test.reason)
		}
		if (got.Status == Accredited) && (got.Authority == nil || got.List == nil || got.Since.IsZero()) {
			t.Errorf("%s: an answer without its grounds: %+v", name, got)
		}
	}
	if (Answer{}).Status != NotAsked {
		t.Error("the zero answer says something")
	}
}

func TestCheck(t *testing.T) {
	root := ca(t, "Головной")
	signer := pkitest.Issue(t, pkitest.Spec{Name: "Составитель", Issuer: root})
	expired := pkitest.Issue(t, pkitest.Spec{Name: "Бывший", Issuer: root, NotAfter: pkitest.Epoch.AddDate(0, 0, -1)})
	doc := listtest.List{Version: "1", Date: day("2025-05-01"), Authorities: []listtest.Authority{listtest.Active("2024-05-01", root.Cert)}}.XML()
	signed := xmltest.Sign(t, doc, signer, xmltest.Options{})
	crl := pkitest.CRL(t, pkitest.CRLSpec{Issuer: root})
	revoked := pkitest.CRL(t, pkitest.CRLSpec{Issuer: root, Revoked: []pkitest.Revoked{{Serial: signer.Cert.Serial, At: pkitest.Epoch.AddDate(0, -1, 0)}}})
	anchors := pki.NewPool(root.Cert)
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak := pkitest.Issue(t, pkitest.Spec{Name: "Слабый", Key: short})
	gostKey, err := gost3410.GenerateKey(gostCurve(t), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	gost := pkitest.Issue(t, pkitest.Spec{Name: "ГОСТ", Key: gostKey})
	named := publisher(t, "Составитель")
	for name, test := range map[string]struct {
		data []byte
		o    CheckOptions
		want pki.Status
	}{
		"with revocation list":             {signed, CheckOptions{Anchors: anchors, Publisher: named, CRLs: []*pki.CRL{crl}}, pki.OK},
		"revocation not asked":             {signed, CheckOptions{Anchors: anchors, Publisher: named, RevocationNoneUnsafe: true}, pki.OK},
		"no revocation answer":             {signed, CheckOptions{Anchors: anchors, Publisher: named}, pki.Unknown},
		"revoked":                          {signed, CheckOptions{Anchors: anchors, Publisher: named, CRLs: []*pki.CRL{revoked}}, pki.Unknown},
		"signer is anchor":                 {signed, CheckOptions{Anchors: pki.NewPool(signer.Cert)}, pki.OK},
		"signer not enclosed":              {xmltest.Sign(t, doc, signer, xmltest.Options{NoCert: true}), CheckOptions{Anchors: pki.NewPool(signer.Cert)}, pki.OK},
		"gost":                             {xmltest.Sign(t, doc, gost, xmltest.Options{Algorithms: xmltest.GOST256}), CheckOptions{Anchors: pki.NewPool(gost.Cert)}, pki.OK},
		"weak key":                         {xmltest.Sign(t, doc, weak, xmltest.Options{Algorithms: xmltest.RSA}), CheckOptions{Anchors: pki.NewPool(weak.Cert)}, pki.Unknown},
		"no anchors":                       {signed, CheckOptions{RevocationNoneUnsafe: true}, pki.Unknown},
		"other anchor":                     {signed, CheckOptions{Anchors: pki.NewPool(ca(t, "Чужой").Cert), Publisher: named, RevocationNoneUnsafe: true}, pki.Unknown},
		"expired signer":                   {xmltest.Sign(t, doc, expired, xmltest.Options{}), CheckOptions{Anchors: anchors, Publisher: publisher(t, "Бывший"), RevocationNoneUnsafe: true}, pki.Unknown},
		"unsigned":                         {[]byte(doc), CheckOptions{Anchors: anchors}, pki.Unknown},
		"changed":                          {bytes.Replace(signed, []byte("Действует"), []byte("Прекращена"), 1), CheckOptions{Anchors: anchors, RevocationNoneUnsafe: true}, pki.Failed},
		"the list cannot vouch for itself": {xmltest.Sign(t, doc, root, xmltest.Options{}), CheckOptions{Anchors: pki.NewPool(signer.Cert)}, pki.Unknown},
	} {
		l, err := Read(test.data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		test.o.At = pkitest.Epoch
		s := l.Check(context.Background(), test.o)
		if s.Status != test.want || s.Usable() != (test.want == pki.OK) || s.Status != pki.OK && s.Reason == "" {
			t.Errorf("%s: %v (%s), want %v", name, s.Status, s.Reason, test.want)
		}
	}
}

func gostCurve(t testing.TB) *gost3410.Curve {
	for _, c := range gost3410.Curves() {
		if c.Size() == 32 && !c.Test() {
			return c
		}
	}
	t.Fatal("no curve")
	return nil
}

func TestStore(t *testing.T) {
	signer := pkitest.Issue(t, pkitest.Spec{Name: "Составитель"})
	s := Store{Dir: filepath.Join(t.TempDir(), "trust-lists")}
	if list, err := s.Entries(); err != nil || len(list) != 0 {
		t.Fatalf("absent store: %v %v", list, err)
	}
	add := func(version, date string, sign, accept bool) (Entry, error) {
		doc := listtest.List{Version: version, Date: day(date), Authorities: []listtest.Authority{listtest.Active("2024-05-01", signer.Cert)}}.XML()
		data := []byte(doc)
		if sign {
			data = xmltest.Sign(t, doc, signer, xmltest.Options{})
		}
		l, err := Read(data)
		if err != nil {
			t.Fatal(err)
		}
		l.Signature = l.Check(context.Background(), CheckOptions{Anchors: pki.NewPool(signer.Cert), At: pkitest.Epoch})
		l.Signature.AcceptedUnsafe = accept
		return s.Import(l, pkitest.Epoch)
	}
	if _, err := add("9", "2025-05-01", false, false); !errors.Is(err, ErrUntrusted) {
		t.Errorf("unsigned: %v", err)
	}
	first, err := add("10", "2025-05-01", true, false)
	if err != nil || first.Signature != SignatureVerified || first.SignerSHA256 == "" {
		t.Fatalf("%+v %v", first, err)
	}
	if again, err := add("../11", "2025-05-02", false, true); err != nil || again.Signature != SignatureAcceptedUnsafe || strings.ContainsAny(again.Name, "/") {
		t.Fatalf("%+v %v", again, err)
	}
	list, err := s.Entries()
	if err != nil || len(list) != 2 || list[0].Version != "../11" {
		t.Fatalf("%+v %v", list, err)
	}
	all, err := s.Lists()
	if err != nil || len(all) != 2 || !all[0].Signature.Usable() || !all[1].Signature.Usable() {
		t.Fatalf("%v %v", all, err)
	}
	if e, err := s.Find("10"); err != nil || e != first {
		t.Errorf("by version: %+v %v", e, err)
	}
	if _, err := s.Find("12"); !errors.Is(err, ErrNotFound) {
		t.Errorf("absent: %v", err)
	}
	if _, err := add("10", "2025-05-03", true, false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Find("10"); !errors.Is(err, ErrAmbiguous) {
		t.Errorf("twice: %v", err)
	}
	path := filepath.Join(s.Dir, first.Name+".xml")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(data, []byte("Действует"), []byte("Прекращена"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(first); !errors.Is(err, ErrDamaged) {
		t.Errorf("edited: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	a := ca(f, "УЦ")
	spec := listtest.List{Version: "1", Date: day("2025-06-02"), Authorities: []listtest.Authority{listtest.Active("2024-05-01", a.Cert), listtest.Ended("2020-01-01", "2021-01-01")}}
	f.Add([]byte(spec.XML()))
	f.Add(xmltest.Sign(f, spec.XML(), a, xmltest.Options{}))
	f.Add([]byte("<АккредитованныеУдостоверяющиеЦентры><Версия>1</Версия><Дата>2026-01-01</Дата><УдостоверяющийЦентр/></АккредитованныеУдостоверяющиеЦентры>"))
	anchors := pki.NewPool(a.Cert)
	f.Fuzz(func(t *testing.T, data []byte) {
		bounded.Run(t, data, func() {
			l, err := Read(data)
			if err != nil {
				return
			}
			l.Signature = Signature{Status: pki.OK}
			if got := (Lists{l}).Accredited(a.Cert, day("2025-01-01")); got.Status == NotAsked || got.Status == Accredited && got.Authority == nil {
				t.Fatalf("%+v", got)
			}
			if s := l.Check(context.Background(), CheckOptions{Anchors: anchors, At: pkitest.Epoch}); s.Status == pki.NotChecked {
				t.Fatalf("%+v", s)
			}
		})
	})
}
