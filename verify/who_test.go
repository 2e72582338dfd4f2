package verify_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/internal/pki/trustlist"
	"github.com/vidimus/vidimus/internal/pki/trustlist/listtest"
	"github.com/vidimus/vidimus/internal/pki/xmldsig/xmltest"
	"github.com/vidimus/vidimus/internal/text"
	"github.com/vidimus/vidimus/verify"
)

// russianName is the subject of a legal entity with a person acting for it.
func russianName() []byte {
	var rdns []byte
	add := func(oid string, tag byte, value string) {
		rdns = append(rdns, asn1x.TLV(asn1x.Set, asn1x.TLV(asn1x.Sequence, asn1x.MustOID(oid).Encode(), asn1x.TLV(tag, []byte(value))))...)
	}
	add("2.5.4.3", asn1x.UTF8String, "ООО «Ромашка»")
	add("2.5.4.10", asn1x.UTF8String, "Общество с ограниченной ответственностью «Ромашка»")
	add("2.5.4.12", asn1x.UTF8String, "Директор")
	add("2.5.4.4", asn1x.UTF8String, "Кедров")
	add("2.5.4.42", asn1x.UTF8String, "Пётр Ильич")
	add("1.2.643.3.131.1.1", asn1x.NumericString, "500100732259")
	add("1.2.643.100.4", asn1x.NumericString, "9901234561")
	add("1.2.643.100.1", asn1x.NumericString, "1269900000017")
	add("1.2.643.100.3", asn1x.NumericString, "11223344595")
	return asn1x.TLV(asn1x.Sequence, rdns)
}

func russianExtensions() []pkitest.Ext {
	utf8 := func(s string) []byte { return asn1x.TLV(asn1x.UTF8String, []byte(s)) }
	return []pkitest.Ext{
		{OID: "2.5.29.32", Value: asn1x.TLV(asn1x.Sequence, asn1x.TLV(asn1x.Sequence, asn1x.MustOID("1.2.643.100.113.1").Encode()))},
		{OID: "1.2.643.100.111", Value: utf8("СКЗИ «Образец»")},
		{OID: "1.2.643.100.112", Value: asn1x.TLV(asn1x.Sequence, utf8("СКЗИ УЦ"), utf8("УЦ «Образец»"), utf8("1"), utf8("2"))},
		{OID: "1.2.643.100.114", Value: asn1x.TLV(asn1x.Integer, []byte{0})},
	}
}

// gostKey is a key such as qualified certificates have.
func gostKey(t testing.TB) *gost3410.PrivateKey {
	t.Helper()
	for _, c := range gost3410.Curves() {
		if c.Size() == 32 && !c.Test() {
			return must(gost3410.GenerateKey(c, rand.Reader))
		}
	}
	t.Fatal("no curve")
	return nil
}

// accreditedAuthority is an authority, a signer under it and a list that says so.
func accreditedAuthority(t testing.TB, state listtest.Authority) (a *authority, lists *verify.TrustLists) {
	a = newAuthority(t)
	a.signer = pkitest.Issue(t, pkitest.Spec{NameDER: russianName(), Issuer: a.root, Key: gostKey(t), Ext: russianExtensions()})
	state.Certs = []*pki.Certificate{a.root.Cert}
	publisher := pkitest.Issue(t, pkitest.Spec{Name: "Составитель перечня"})
	trust, err := verify.NewTrust(publisher.DER)
	if err != nil {
		t.Fatal(err)
	}
	doc := listtest.List{Version: "77", Date: epoch.AddDate(0, 0, -1), Authorities: []listtest.Authority{state}}.XML()
	lists, err = verify.NewTrustLists(context.Background(), verify.TrustListOptions{Trust: trust, At: epoch},
		xmltest.Sign(t, doc, publisher, xmltest.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	return a, lists
}

func (a *authority) detached(t testing.TB, opts verify.Options) *verify.Report {
	t.Helper()
	data := []byte("договор")
	opts.Signature = a.signed(t, data, time.Time{}, cms.TemplateOptions{Suites: gostpki.Add(pki.DefaultSuites())})
	return check(t, data, opts)
}

func TestWhoSigned(t *testing.T) {
	a, lists := accreditedAuthority(t, listtest.Active("2020-01-01"))
	opts := a.options()
	opts.Accredited, opts.RequireQualified = lists, true
	r := a.detached(t, opts)
	if r.Verdict() != verify.Passed {
		t.Fatalf("%s", must(json.Marshal(r)))
	}
	s := r.Signatures[0]
	w := s.Signer
	if w.INN != "500100732259" || w.INNLE != "9901234561" || w.OGRN != "1269900000017" || w.SNILS != "*******4595" || w.Kind != "legal-entity" ||
		w.Position != "Директор" || w.Class != "KC1" || w.Tool != "СКЗИ «Образец»" || w.IssuerCATool != "УЦ «Образец»" || w.Identification != "in-person" ||
		w.Qualification != verify.Qualified || w.QualificationReason != "accredited" || w.Doubts != "" {
		t.Errorf("%+v", w)
	}
	if strings.Contains(string(must(json.Marshal(r))), "11223344595") {
		t.Error("the whole СНИЛС is in the report")
	}
	acc := s.Accreditation
	if acc == nil || acc.Status != verify.AccreditationHeld || acc.INN != "9901234561" || acc.ListVersion != "77" || !acc.ListVerified || acc.Since.IsZero() {
		t.Errorf("%+v", acc)
	}
	var b bytes.Buffer
	if err := r.WriteText(&b, "ru"); err != nil {
		t.Fatal(err)
	}
	last := -1
	for _, line := range []string{"Должность: Директор", "Вид сертификата: квалифицированный", "Целостность:", "Значение подписи: верно", "Привязка сертификата:",
		"Цепочка", "Аккредитация УЦ на дату выдачи: была", "версия 77", "Срок действия сертификата: не нарушен", "Отзыв", "Штамп времени: нет",
		"Охват документа", "Действительность проверена на текущее время", "63-ФЗ, ст. 11"} {
		at := strings.Index(b.String(), line)
		if at < last || at < 0 {
			t.Errorf("%q is not in its place in\n%s", line, b.String())
		}
		last = at
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestQualification(t *testing.T) {
	held, heldLists := accreditedAuthority(t, listtest.Active("2020-01-01"))
	ended, endedLists := accreditedAuthority(t, listtest.Ended("2020-01-01", "2021-01-01"))
	plain, plainLists := accreditedAuthority(t, listtest.Active("2020-01-01"))
	plain.signer = pkitest.Issue(t, pkitest.Spec{Name: "Без полей", Issuer: plain.root})
	western, _ := accreditedAuthority(t, listtest.Active("2020-01-01"))
	western.root, western.trust = held.root, held.trust
	western.signer = pkitest.Issue(t, pkitest.Spec{NameDER: russianName(), Issuer: held.root, Ext: russianExtensions()})
	test := newAuthority(t)
	test.root = pkitest.Issue(t, pkitest.Spec{Name: "Тестовый УЦ", CA: true})
	test.signer = pkitest.Issue(t, pkitest.Spec{Name: "x", Issuer: test.root})
	test.trust, _ = verify.NewTrust(test.root.DER)
	// Another key under the accredited authority's name and key identifier.
	forged, _ := accreditedAuthority(t, listtest.Active("2020-01-01"))
	forged.root = pkitest.Issue(t, pkitest.Spec{NameDER: held.root.Cert.RawSubject, CA: true, Ext: []pkitest.Ext{{OID: "2.5.29.14", Value: append([]byte{4, 20}, held.root.Cert.SubjectKeyID...)}}})
	forged.signer = pkitest.Issue(t, pkitest.Spec{NameDER: russianName(), Issuer: forged.root, Key: gostKey(t), Ext: russianExtensions()})
	forged.trust, _ = verify.NewTrust(forged.root.DER)
	stranger := *held
	stranger.trust, _ = verify.NewTrust()
	namesake := *ended // its root has the listed one's name, and not its key
	namesake.trust, _ = verify.NewTrust()
	none, err := verify.NewTrustLists(context.Background(), verify.TrustListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]struct {
		a     *authority
		lists verify.Accredited
		want  verify.Qualification
		why   string
		acc   string
		pass  verify.Verdict // with RequireQualified
	}{
		"qualified":             {held, heldLists, verify.Qualified, "accredited", "accredited in-force", verify.Passed},
		"ended":                 {ended, endedLists, verify.Unqualified, "not-accredited", "not-accredited ended", verify.Indeterminate},
		"without fields":        {plain, plainLists, verify.Unqualified, "form", "accredited in-force", verify.Indeterminate},
		"key is no GOST key":    {western, heldLists, verify.Unqualified, "form", "accredited in-force", verify.Indeterminate},
		"nobody asked":          {held, nil, verify.QualificationUnknown, "not-asked", "", verify.Indeterminate},
		"no lists":              {held, none, verify.QualificationUnknown, "not-asked", "unknown no-list", verify.Indeterminate},
		"absent folder":         {held, &verify.TrustFolder{Dir: filepath.Join(t.TempDir(), "none")}, verify.QualificationUnknown, "not-asked", "unknown no-list", verify.Indeterminate},
		"other list":            {held, endedLists, verify.Unqualified, "not-accredited", "not-accredited not-listed", verify.Indeterminate},
		"test":                  {test, heldLists, verify.QualificationTest, "test-name", "not-accredited not-listed", verify.Indeterminate},
		"forged identifier":     {forged, heldLists, verify.QualificationUnknown, "no-answer", "unknown key-id-only", verify.Indeterminate},
		"listed, but no anchor": {&stranger, heldLists, verify.Qualified, "accredited", "accredited in-force", verify.Indeterminate},
		"another's name":        {&namesake, heldLists, verify.QualificationUnknown, "no-issuer", "unknown no-issuer", verify.Indeterminate},
		"nobody asked about":    {&stranger, nil, verify.QualificationUnknown, "not-asked", "", verify.Indeterminate},
		"nobody known":          {&stranger, none, verify.QualificationUnknown, "no-issuer", "unknown no-issuer", verify.Indeterminate},
	} {
		opts := v.a.options()
		opts.Accredited = v.lists
		r := v.a.detached(t, opts)
		s := r.Signatures[0]
		acc := ""
		if s.Accreditation != nil {
			acc = string(s.Accreditation.Status) + " " + s.Accreditation.Reason
		}
		if s.Signer.Qualification != v.want || s.Signer.QualificationReason != v.why || acc != v.acc {
			t.Errorf("%s: %s, %s; %q", name, s.Signer.Qualification, s.Signer.QualificationReason, acc)
		}
		if chain := s.Verdict(); (chain == verify.Passed) != (s.Chain == verify.ChainTrusted) {
			t.Errorf("%s: the qualification changes the verdict: %s", name, chain)
		}
		opts.RequireQualified = true
		if got := v.a.detached(t, opts).Verdict(); got != v.pass {
			t.Errorf("%s: required: %s, want %s", name, got, v.pass)
		}
	}
}

func TestTrustListsAreBelievedOrNot(t *testing.T) {
	a, _ := accreditedAuthority(t, listtest.Active("2020-01-01"))
	made := epoch.Truncate(24 * time.Hour).Add(21*time.Hour + 30*time.Minute)
	listDay := made.AddDate(0, 0, 1).Format(time.DateOnly)
	doc := []byte(listtest.List{Version: "1", Date: made, Authorities: []listtest.Authority{listtest.Active("2020-01-01", a.root.Cert)}}.XML())
	signed := xmltest.Sign(t, string(doc), a.signer, xmltest.Options{Algorithms: xmltest.GOST256})
	changed := bytes.Replace(signed, []byte("Действует"), []byte("действует"), 1)
	future := []byte(listtest.List{Version: "1", Date: epoch.AddDate(1, 0, 0), Authorities: []listtest.Authority{listtest.Active("2020-01-01", a.root.Cert)}}.XML())
	for name, v := range map[string]struct {
		data   []byte
		o      verify.TrustListOptions
		usable bool
	}{
		"unsigned":           {doc, verify.TrustListOptions{}, false},
		"unsigned, accepted": {doc, verify.TrustListOptions{UnsignedUnsafe: true}, true},
		"signer unknown":     {signed, verify.TrustListOptions{}, false},
		"signer not named":   {signed, verify.TrustListOptions{Trust: a.trust, RevocationNoneUnsafe: true}, false},
		"signer known":       {signed, verify.TrustListOptions{Trust: a.trust, Publisher: []string{"1269900000017"}, RevocationNoneUnsafe: true}, true},
		"another publisher":  {signed, verify.TrustListOptions{Trust: a.trust, Publisher: []string{"1027700132195"}, RevocationNoneUnsafe: true}, false},
		"no publisher":       {signed, verify.TrustListOptions{Trust: a.trust, Publisher: []string{""}, UnsignedUnsafe: true}, false},
		"of the future":      {future, verify.TrustListOptions{UnsignedUnsafe: true}, false},
		"revocation unknown": {signed, verify.TrustListOptions{Trust: a.trust}, false},
		"changed":            {changed, verify.TrustListOptions{Trust: a.trust}, false},
		"changed, accepted":  {changed, verify.TrustListOptions{Trust: a.trust, UnsignedUnsafe: true}, false},
		"no list":            {[]byte("<a/>"), verify.TrustListOptions{UnsignedUnsafe: true}, false},
	} {
		v.o.Now = func() time.Time { return epoch }
		l, err := verify.NewTrustLists(context.Background(), v.o, v.data)
		if (err == nil) != v.usable || err != nil && !errors.Is(err, verify.ErrTrustList) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		// 21:00 UTC is the next day in Moscow, where the list is made.
		if got := l.Accredited(a.root.DER, epoch); got.Status != verify.AccreditationHeld || got.ListDate.Format(time.DateOnly) != listDay {
			t.Errorf("%s: not used, or of another day: %+v", name, got)
		}
	}
}

func TestTrustFolderNoticesChanges(t *testing.T) {
	a, _ := accreditedAuthority(t, listtest.Active("2020-01-01"))
	f := &verify.TrustFolder{Dir: filepath.Join(t.TempDir(), "trust-lists")}
	if got := f.Accredited(a.root.DER, epoch); got.Reason != "no-list" {
		t.Errorf("%+v", got)
	}
	l, err := trustlist.Read([]byte(listtest.List{Version: "1", Date: epoch, Authorities: []listtest.Authority{listtest.Active("2020-01-01", a.root.Cert)}}.XML()))
	if err != nil {
		t.Fatal(err)
	}
	l.Signature.AcceptedUnsafe = true
	e, err := trustlist.Store{Dir: f.Dir}.Import(l, epoch)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Accredited(a.root.DER, epoch); got.Status != verify.AccreditationHeld || got.ListVerified {
		t.Errorf("%+v", got)
	}
	if err := os.Remove(filepath.Join(f.Dir, e.Name+".xml")); err != nil {
		t.Fatal(err)
	}
	if got := f.Accredited(a.root.DER, epoch); got.Reason != "lists-unreadable" || got.Status != verify.AccreditationUnknown {
		t.Errorf("%+v", got)
	}
}

// Every code that a report may hold has a text.
func TestWhoCatalogue(t *testing.T) {
	cat := text.Load()
	for file, prefix := range map[string]string{"trustlist/accredited.go": "verify.accreditation.why.", "subject/qualified.go": "verify.qualification.why."} {
		src := must(os.ReadFile(filepath.Join("..", "internal", "pki", file)))
		found := regexp.MustCompile(`Reason\w+\s+Reason\s+= "([a-z-]+)"`).FindAllSubmatch(src, -1)
		if len(found) < 5 {
			t.Errorf("%s: %d reasons", file, len(found))
		}
		for _, m := range found {
			if key := prefix + string(m[1]); !cat.Has(key) {
				t.Errorf("no text for %s", key)
			}
		}
	}
	src := must(os.ReadFile("who.go"))
	for _, m := range regexp.MustCompile(`Qualification\s+= "([a-z-]+)"`).FindAllSubmatch(src, -1) {
		if key := "verify.qualification." + string(m[1]); !cat.Has(key) {
			t.Errorf("no text for %s", key)
		}
	}
	for line, words := range map[string]string{"holder": "legal-entity entrepreneur person", "identification": "in-person qualified-signature passport system",
		"accreditation": "accredited not-accredited unknown not-asked why.no-issuer why.lists-unreadable", "term": "within over not-yet unknown", "stamp": "proven none failed unknown",
		"value": "ok failed unknown", "binding": "ok failed unknown"} {
		for _, w := range strings.Fields(words) {
			if key := "verify." + line + "." + w; !cat.Has(key) {
				t.Errorf("no text for %s", key)
			}
		}
	}
}
