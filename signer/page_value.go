package signer

import (
	"strings"
	"time"

	"github.com/vidimus/vidimus"
)

// valueRef names a value that the texts of a template can name.
type valueRef int

const (
	valueNone valueRef = iota
	valueID
	valueNumber
	valueKind
	valueHolder
	valueSurname
	valueName
	valuePatronymic
	valueSpecialtyCode
	valueSpecialtyName
	valuePosition
	valueRegion
	valueIssuerName
	valueIssuerINN
	valueIssuerOGRN
	valueDecisionNumber
	valueDecisionDate
	valueSignatoryName
	valueSignatoryPosition
	valueSignatoryAuthority
	valueValidFrom
	valueValidUntil
	valueIssuedAt
	valueHost
	// What follows is the same for all certificates of a page.
	valueSignerSubject
	valueSignerSerial
	valueSignerNotBefore
	valueSignerNotAfter
	valueSignerUnqualified
	valueDevelopment
)

// valueNames has the names; those of the certificate are as in its JSON form.
var valueNames = [...]string{
	valueID: "id", valueNumber: "number", valueKind: "kind",
	valueHolder: "holder", valueSurname: "holder.surname", valueName: "holder.name", valuePatronymic: "holder.patronymic",
	valueSpecialtyCode: "specialty.code", valueSpecialtyName: "specialty.name",
	valuePosition: "position", valueRegion: "region",
	valueIssuerName: "issuer.name", valueIssuerINN: "issuer.inn", valueIssuerOGRN: "issuer.ogrn",
	valueDecisionNumber: "decision.number", valueDecisionDate: "decision.date",
	valueSignatoryName: "signatory.name", valueSignatoryPosition: "signatory.position", valueSignatoryAuthority: "signatory.authority",
	valueValidFrom: "validFrom", valueValidUntil: "validUntil", valueIssuedAt: "issuedAt", valueHost: "host",
	valueSignerSubject: "signer.subject", valueSignerSerial: "signer.serial",
	valueSignerNotBefore: "signer.notBefore", valueSignerNotAfter: "signer.notAfter", valueSignerUnqualified: "signer.unqualified",
	valueDevelopment: "development",
}

func valueByName(name string) valueRef {
	for i, n := range valueNames {
		if n == name && n != "" {
			return valueRef(i)
		}
	}
	return valueNone
}

// perPage reports whether the value is the same on all pages.
func (f valueRef) perPage() bool { return f >= valueSignerSubject }

// values are where fields come from.
type values struct {
	page *Page
	cert *vidimus.Certificate
	kind vidimus.Kind
	host string
}

// append appends the value of f as the page shows it: dates in Russian form on
// a Russian page, in ISO form on an English one.
func (v *values) append(dst []byte, f valueRef) []byte {
	c := v.cert
	switch f {
	case valueID:
		return append(dst, c.ID.String()...)
	case valueNumber:
		return append(dst, c.Number.String()...)
	case valueKind:
		return append(dst, v.kindTitle()...)
	case valueHolder:
		dst = append(append(append(dst, c.Holder.Surname...), ' '), c.Holder.Name...)
		if c.Holder.Patronymic != "" {
			dst = append(append(dst, ' '), c.Holder.Patronymic...)
		}
		return dst
	case valueSurname:
		return append(dst, c.Holder.Surname...)
	case valueName:
		return append(dst, c.Holder.Name...)
	case valuePatronymic:
		return append(dst, c.Holder.Patronymic...)
	case valueSpecialtyCode:
		return append(dst, c.Specialty.Code...)
	case valueSpecialtyName:
		return append(dst, c.Specialty.Name...)
	case valuePosition:
		return append(dst, c.Position...)
	case valueRegion:
		return append(dst, c.Region...)
	case valueIssuerName:
		return append(dst, c.Issuer.Name...)
	case valueIssuerINN:
		return append(dst, c.Issuer.INN...)
	case valueIssuerOGRN:
		return append(dst, c.Issuer.OGRN...)
	case valueDecisionNumber:
		return append(dst, c.Decision.Number...)
	case valueDecisionDate:
		return v.date(dst, c.Decision.Date)
	case valueSignatoryName:
		return append(dst, c.Signatory.Name...)
	case valueSignatoryPosition:
		return append(dst, c.Signatory.Position...)
	case valueSignatoryAuthority:
		return append(dst, c.Signatory.Authority...)
	case valueValidFrom:
		return v.date(dst, c.ValidFrom)
	case valueValidUntil:
		return v.date(dst, c.ValidUntil)
	case valueIssuedAt:
		return v.day(dst, c.IssuedAt)
	case valueHost:
		return append(dst, v.host...)
	}
	return v.appendPage(dst, f)
}

// appendPage appends what does not depend on the certificate.
func (v *values) appendPage(dst []byte, f valueRef) []byte {
	o := &v.page.opt
	switch f {
	case valueSignerSubject:
		return append(dst, o.Signer.Subject...)
	case valueSignerSerial:
		return append(dst, o.Signer.Serial...)
	case valueSignerNotBefore:
		return v.day(dst, o.Signer.NotBefore)
	case valueSignerNotAfter:
		return v.day(dst, o.Signer.NotAfter)
	case valueSignerUnqualified:
		if o.Signer.Unqualified {
			return append(dst, "unqualified"...)
		}
	case valueDevelopment:
		if o.Development {
			return append(dst, "development"...)
		}
	}
	return dst
}

func (v *values) kindTitle() string {
	if t, ok := v.page.tmpl.Kinds[v.kind.Code]; ok {
		return t.In(v.page.opt.Lang)
	}
	return Text{v.kind.RU, v.kind.EN}.In(v.page.opt.Lang)
}

func (v *values) day(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		return dst
	}
	return v.date(dst, vidimus.DateOf(t.In(v.page.zone)))
}

func (v *values) date(dst []byte, d vidimus.Date) []byte {
	if d.IsZero() {
		return dst
	}
	if v.page.opt.Lang == "en" {
		dst = appendDigits(dst, d.Year, 4)
		dst = appendDigits(append(dst, '-'), int(d.Month), 2)
		return appendDigits(append(dst, '-'), d.Day, 2)
	}
	dst = appendDigits(dst, d.Day, 2)
	dst = appendDigits(append(dst, '.'), int(d.Month), 2)
	return appendDigits(append(dst, '.'), d.Year, 4)
}

func appendDigits(dst []byte, n, width int) []byte {
	if width > 1 || n > 9 {
		dst = appendDigits(dst, n/10, width-1)
	}
	return append(dst, byte('0'+n%10))
}

// condition is a compiled "when".
type condition struct {
	value  valueRef
	negate bool
}

func compileWhen(when string) condition {
	return condition{valueByName(whenName(when)), strings.HasPrefix(when, "!")}
}

// hides reports whether the condition keeps a block off the page.
func (c condition) hides(v *values) bool {
	if c.value == valueNone {
		return false
	}
	var room [64]byte
	empty := len(v.append(room[:0], c.value)) == 0
	return empty != c.negate
}

// constant reports whether the answer is the same on all pages.
func (c condition) constant() bool { return c.value == valueNone || c.value.perPage() }
