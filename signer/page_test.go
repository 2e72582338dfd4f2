package signer

import (
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
)

// sampleCertificate is about a person who does not exist.
func sampleCertificate() (*vidimus.Certificate, vidimus.Kind) {
	kinds := vidimus.DefaultKinds()
	kind, _ := kinds.Get("primary-specialised")
	c := &vidimus.Certificate{
		ID:        vidimus.ID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		Number:    vidimus.Number{Series: "VD77", Year: 2026, Seq: 42},
		Kind:      kind.Code,
		Holder:    vidimus.Holder{Surname: "Ёлкина-Заречная", Name: "Аксинья", Patronymic: "Феодосьевна"},
		Specialty: vidimus.Specialty{Code: "31.08.49", Name: "Терапия"},
		Position:  "врач-терапевт участковый",
		Issuer: vidimus.Organization{
			Name: "Автономная некоммерческая организация «Центр аккредитации “Образец”»",
			INN:  "7712345671", OGRN: "1157712345670",
		},
		Decision:  vidimus.Decision{Number: "17/4-А", Date: vidimus.Date{Year: 2026, Month: 11, Day: 20}},
		Signatory: vidimus.Signatory{Name: "Примеров Пётр Образцович", Position: "председатель аккредитационной комиссии", Authority: "приказ от 12.01.2026 № 3-ак"},
		ValidFrom: vidimus.Date{Year: 2026, Month: 11, Day: 22}, ValidUntil: vidimus.Date{Year: 2031, Month: 11, Day: 22},
		IssuedAt: time.Date(2026, 11, 22, 9, 30, 15, 0, time.UTC),
	}
	return c, kind
}

const sampleURL = "https://reestr.example.org/c/1" + sampleDigits

// sampleDigits stand for a sealed token: as many digits as one has.
const sampleDigits = "80231746509127364501928374650918273645091827364509182736450918273645091827364509182736450918273645" +
	"09182736450918273645091827364509182736450918273645091827364509182736450918273645091827364509182736450918273645" +
	"09182736450918273645091827364509182736450918273645091827364509182736450918273645091827364509182736450918273645"

func sampleOptions() PageOptions {
	return PageOptions{
		Signer: SignerInfo{
			Subject: "АНО «Центр аккредитации “Образец”»", Serial: "01D9A4C37B22E5F08A6C51D2",
			NotBefore: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC),
		},
		HoleSize: 4 << 10,
	}
}

func sampleRecord(t testing.TB, c *vidimus.Certificate) []byte {
	t.Helper()
	record, err := vidimus.NewRecord(c, sampleURL, [16]byte{1, 2, 3}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	return record
}

func samplePage(t testing.TB, opt PageOptions) *Page {
	t.Helper()
	p, err := NewPage(DefaultTemplate(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func render(t testing.TB, opt PageOptions) *vidimus.Draft {
	t.Helper()
	c, kind := sampleCertificate()
	d, err := samplePage(t, opt).Render(context.Background(), c, kind, sampleURL, sampleRecord(t, c))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func BenchmarkRender(b *testing.B) {
	c, kind := sampleCertificate()
	record := sampleRecord(b, c)
	p := samplePage(b, sampleOptions())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Render(context.Background(), c, kind, sampleURL, record); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRenderOnly leaves the lint out.
func BenchmarkRenderOnly(b *testing.B) {
	c, kind := sampleCertificate()
	record := sampleRecord(b, c)
	opt := sampleOptions()
	opt.NoLintUnsafe = true
	p := samplePage(b, opt)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Render(context.Background(), c, kind, sampleURL, record); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPageLint(b *testing.B) {
	c, kind := sampleCertificate()
	p := samplePage(b, sampleOptions())
	d, err := p.Render(context.Background(), c, kind, sampleURL, sampleRecord(b, c))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Lint(d); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHash is the bare cost beside which rendering stands.
func BenchmarkHash(b *testing.B) {
	d := render(b, sampleOptions())
	b.SetBytes(int64(len(d.Bytes)))
	for b.Loop() {
		sha256.Sum256(d.Bytes)
	}
}
