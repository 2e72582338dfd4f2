// Package listtest makes lists of accredited authorities for tests, in the form
// of the public list, about authorities that do not exist.
package listtest

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
)

// List says what a list holds.
type List struct {
	Version     string
	Date        time.Time
	Authorities []Authority
}

// Authority is one entry.
type Authority struct {
	Name    string // "": a made-up one
	Current Status
	History []Status
	Certs   []*pki.Certificate
	More    [][]*pki.Certificate // those of further keys
	KeyID   []byte               // "": the first certificate's subject key identifier
	BareKey bool                 // leave the certificates out
}

// Status is a state from a day on; From is written as it is, and left out where
// it is empty.
type Status struct{ Word, From string }

// Empty is a status element with nothing in it.
var Empty = Status{From: " "}

// Active is an accreditation in force since a day, with its history.
func Active(from string, certs ...*pki.Certificate) Authority {
	s := Status{"Действует", from + "T00:00:00"}
	return Authority{Current: s, History: []Status{s}, Certs: certs}
}

// Ended is one that began and ended.
func Ended(from, until string, certs ...*pki.Certificate) Authority {
	s, e := Status{"Действует", from + "T00:00:00"}, Status{"Прекращена", until + "T00:00:00"}
	return Authority{Current: e, History: []Status{s, e}, Certs: certs}
}

// XML writes the list, unsigned.
func (l List) XML() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n")
	b.WriteString(`<АккредитованныеУдостоверяющиеЦентры xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="scheme.xsd">` + "\n")
	el(&b, "Версия", l.Version)
	el(&b, "Дата", l.Date.Format("2006-01-02T15:04:05Z07:00"))
	for i, a := range l.Authorities {
		a.write(&b, i)
	}
	b.WriteString("</АккредитованныеУдостоверяющиеЦентры>\n")
	return b.String()
}

func el(b *strings.Builder, name, text string) {
	fmt.Fprintf(b, "<%s>", name)
	_ = xml.EscapeText(b, []byte(text)) // a Builder takes everything
	fmt.Fprintf(b, "</%s>\n", name)
}

func (s Status) write(b *strings.Builder) {
	if s == (Status{}) {
		return
	}
	b.WriteString("<СтатусАккредитации>")
	el(b, "Статус", s.Word)
	if s.From != "" {
		el(b, "ДействуетС", s.From)
	}
	b.WriteString("</СтатусАккредитации>\n")
}

func (a Authority) write(b *strings.Builder, i int) {
	if a.Name == "" {
		a.Name = "Общество с ограниченной ответственностью «Образцовый УЦ»"
	}
	b.WriteString("<УдостоверяющийЦентр>\n")
	el(b, "Название", a.Name)
	el(b, "ЭлектроннаяПочта", "ca@example.org")
	el(b, "КраткоеНазвание", a.Name)
	b.WriteString("<Адрес><Страна>RU</Страна><Регион><Код>77</Код><Название>г. Москва</Название></Регион></Адрес>\n")
	b.WriteString("<ПрограммноАппаратныеКомплексы><ПрограммноАппаратныйКомплекс>\n")
	el(b, "Псевдоним", "Комплекс № 1")
	el(b, "КлассСредствЭП", "КС2")
	b.WriteString("<КлючиУполномоченныхЛиц>\n")
	a.writeKey(b, a.KeyID, a.Certs)
	for _, certs := range a.More {
		a.writeKey(b, nil, certs)
	}
	b.WriteString("</КлючиУполномоченныхЛиц></ПрограммноАппаратныйКомплекс></ПрограммноАппаратныеКомплексы>\n")
	el(b, "ИНН", "9901234561")
	el(b, "ОГРН", "1269900000017")
	el(b, "РеестровыйНомер", fmt.Sprint(100+i))
	a.Current.write(b)
	b.WriteString("<ИсторияСтатусовАккредитации>\n")
	for _, s := range a.History {
		s.write(b)
	}
	b.WriteString("</ИсторияСтатусовАккредитации>\n</УдостоверяющийЦентр>\n")
}

func (a Authority) writeKey(b *strings.Builder, id []byte, certs []*pki.Certificate) {
	b.WriteString("<Ключ>\n")
	if id == nil && len(certs) > 0 {
		id = certs[0].SubjectKeyID
	}
	el(b, "ИдентификаторКлюча", fmt.Sprintf("%X", id))
	b.WriteString("<АдресаСписковОтзыва><Адрес>http://ca.example.org/ca.crl</Адрес></АдресаСписковОтзыва>\n")
	if !a.BareKey {
		b.WriteString("<Сертификаты>\n")
		for _, c := range certs {
			sum := sha1.Sum(c.Raw)
			b.WriteString("<ДанныеСертификата>\n")
			el(b, "Отпечаток", fmt.Sprintf("%X", sum))
			el(b, "КемВыдан", c.Issuer.String())
			el(b, "КомуВыдан", c.Subject.String())
			el(b, "СерийныйНомер", fmt.Sprintf("%X", c.Serial))
			el(b, "ПериодДействияС", c.NotBefore.Format(time.RFC3339))
			el(b, "ПериодДействияДо", c.NotAfter.Format(time.RFC3339))
			el(b, "Данные", base64.StdEncoding.EncodeToString(c.Raw))
			b.WriteString("</ДанныеСертификата>\n")
		}
		b.WriteString("</Сертификаты>\n")
	}
	b.WriteString("</Ключ>\n")
}
