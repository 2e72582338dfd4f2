package vidimus

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// FieldError says what is wrong with one field of a certificate. Its Code is
// stable and is the key of the catalogue of messages for users; Error is for
// developers. Private values are never repeated in it.
type FieldError struct {
	Field string // as in the JSON form, e.g. "holder.snils"
	Code  string // e.g. "ERR-SNILS"
	Got   string // the value, empty for private fields
	Want  string // what would be right, in English
}

func (e *FieldError) Error() string {
	s := fmt.Sprintf("%s: %s", e.Field, e.Code)
	if e.Got != "" {
		s += fmt.Sprintf(": got %q", clip(e.Got))
	}
	if e.Want != "" {
		s += ", want " + e.Want
	}
	return s
}

// FieldErrors are all the field errors of one certificate, in field order.
type FieldErrors []*FieldError

func (es FieldErrors) Error() string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = e.Error()
	}
	return "vidimus: " + strings.Join(parts, "; ")
}

// Is makes errors.Is(err, ErrInvalid) true for field errors.
func (es FieldErrors) Is(target error) bool { return target == ErrInvalid }

// ErrInvalid is what every [FieldErrors] is.
var ErrInvalid = errors.New("vidimus: certificate has invalid fields")

// Codes of field errors. A code is never given a second meaning.
const (
	CodeEmpty = "ERR-FIELD-EMPTY" // a required field is missing
	CodeLong  = "ERR-FIELD-LONG"  // more than the page can show
	CodeChars = "ERR-FIELD-CHARS" // control or combining characters, stray spaces, bad UTF-8
	CodeFIO   = "ERR-FIO"         // not a name: digits, mixed alphabets, bad hyphens
	CodeSNILS = "ERR-SNILS"
	CodeINN   = "ERR-INN"
	CodeOGRN  = "ERR-OGRN"
	CodeDate  = "ERR-DATE" // no such day, or days in the wrong order
	CodeKind  = "ERR-KIND" // no such kind
	CodeTerm  = "ERR-TERM" // longer than the kind allows, or an end where there is none
	CodePlace = "ERR-REGION"
)

const (
	maxName = 100 // runes in one part of a name; the longest known are under 60
	maxText = 300 // runes in any other field; what three lines of the page can hold
)

// Validate checks every field of c against the rules of its kind and returns
// nil or [FieldErrors] with all that is wrong, never only the first. ID, Number
// and IssuedAt are not checked: [Issuer.Issue] sets them.
func Validate(c *Certificate, kinds Kinds) error {
	v := validator{}
	kind, known := kinds.Get(c.Kind)
	if !known {
		v.add("kind", CodeKind, c.Kind, "a code of the configured kinds")
	}
	v.name("holder.surname", c.Holder.Surname, true)
	v.name("holder.name", c.Holder.Name, true)
	v.name("holder.patronymic", c.Holder.Patronymic, false)
	if s := c.Holder.SNILS; s != "" && !CheckSNILS(s) {
		v.add("holder.snils", CodeSNILS, "", "11 digits with right check digits")
	}
	if d := c.Holder.BirthDate; !d.IsZero() && (!d.Valid() || (!c.ValidFrom.IsZero() && d.Compare(c.ValidFrom) >= 0)) {
		v.add("holder.birthDate", CodeDate, "", "a day before the accreditation")
	}
	v.text("specialty.name", c.Specialty.Name, known && kind.Specialty)
	v.text("specialty.code", c.Specialty.Code, false)
	v.text("position", c.Position, false)
	v.text("region", c.Region, false)
	if known && kind.Region && c.Region == "" {
		v.add("region", CodePlace, "", "a subject of the Federation, as this kind is bound to one")
	}
	v.text("issuer.name", c.Issuer.Name, true)
	if !digits(c.Issuer.INN, 10, 10) || !CheckINN(c.Issuer.INN) {
		v.add("issuer.inn", CodeINN, c.Issuer.INN, "10 digits with right check digit")
	}
	if !digits(c.Issuer.OGRN, 13, 13) || !CheckOGRN(c.Issuer.OGRN) {
		v.add("issuer.ogrn", CodeOGRN, c.Issuer.OGRN, "13 digits with right check digit")
	}
	v.text("decision.number", c.Decision.Number, true)
	v.day("decision.date", c.Decision.Date)
	v.text("signatory.name", c.Signatory.Name, true)
	v.text("signatory.position", c.Signatory.Position, true)
	v.text("signatory.authority", c.Signatory.Authority, true)
	v.term(c, kind, known)
	if len(v.errs) == 0 {
		return nil
	}
	return v.errs
}

type validator struct{ errs FieldErrors }

func (v *validator) add(field, code, got, want string) {
	v.errs = append(v.errs, &FieldError{Field: field, Code: code, Got: got, Want: want})
}

func (v *validator) text(field, s string, required bool) bool {
	switch {
	case s == "" && required:
		v.add(field, CodeEmpty, "", "a value")
	case s == "":
		return true
	case !cleanText(s):
		v.add(field, CodeChars, strings.ToValidUTF8(s, "�"), "text in NFC without control characters and surplus spaces")
	case utf8.RuneCountInString(s) > maxText:
		v.add(field, CodeLong, s, fmt.Sprintf("at most %d characters", maxText))
	default:
		return true
	}
	return false
}

func (v *validator) name(field, s string, required bool) {
	if !v.text(field, s, required) || s == "" {
		return
	}
	switch {
	case utf8.RuneCountInString(s) > maxName:
		v.add(field, CodeLong, s, fmt.Sprintf("at most %d characters", maxName))
	case !personName(s):
		v.add(field, CodeFIO, s, "letters of one alphabet, with single hyphens, spaces or apostrophes between them")
	}
}

func (v *validator) day(field string, d Date) bool {
	switch {
	case d.IsZero():
		v.add(field, CodeEmpty, "", "a date")
	case !d.Valid():
		v.add(field, CodeDate, d.String(), "a day of the calendar")
	default:
		return true
	}
	return false
}

func (v *validator) term(c *Certificate, kind Kind, known bool) {
	from := v.day("validFrom", c.ValidFrom)
	if from && c.Decision.Date.Valid() && c.ValidFrom.Compare(c.Decision.Date) < 0 {
		v.add("validFrom", CodeDate, c.ValidFrom.String(), "a day not before the decision")
	}
	if c.ValidUntil.IsZero() {
		if known && !kind.Permanent {
			v.add("validUntil", CodeTerm, "", "a last day, as this kind is not permanent")
		}
		return
	}
	if !v.day("validUntil", c.ValidUntil) || !from || !known {
		return
	}
	switch {
	case c.ValidUntil.Compare(c.ValidFrom) < 0:
		v.add("validUntil", CodeDate, c.ValidUntil.String(), "a day not before validFrom")
	case kind.Permanent:
		v.add("validUntil", CodeTerm, c.ValidUntil.String(), "no last day, as this kind is permanent")
	case c.ValidUntil.Compare(kind.Until(c.ValidFrom)) > 0:
		v.add("validUntil", CodeTerm, c.ValidUntil.String(), "at the latest "+kind.Until(c.ValidFrom).String())
	}
}

// cleanText refuses what could make two texts look alike or one text look
// different on paper: control and format characters, combining marks (text must
// be composed, NFC), and spaces that paper does not show.
func cleanText(s string) bool {
	if !utf8.ValidString(s) || strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
		return false
	}
	for _, r := range s {
		if plainRune(r) {
			continue
		}
		if r != ' ' && unicode.IsSpace(r) || unicode.In(r, unicode.C, unicode.Mn, unicode.Me) || r == utf8.RuneError {
			return false
		}
	}
	return true
}

// plainRune knows what nearly all texts are made of without searching tables.
func plainRune(r rune) bool {
	return ' ' <= r && r <= '~' || 'А' <= r && r <= 'я' || r == 'ё' || r == 'Ё'
}

// personName accepts letters of one alphabet, joined by single separators.
func personName(s string) bool {
	var cyrillic, latin, separator bool
	separator = true // none may stand first
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic, separator = true, false
		case unicode.Is(unicode.Latin, r):
			latin, separator = true, false
		case r == '-' || r == ' ' || r == '\'' || r == '’' || r == '.':
			if separator && r != ' ' {
				return false
			}
			separator = r != '.'
		default:
			return false
		}
	}
	return !separator && cyrillic != latin
}
