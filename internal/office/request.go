package office

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/vidimus/vidimus"
)

// Request is one certificate to be issued, as a clerk writes it: in a JSON file,
// as flags, or as a row of a table. Its columns are [Columns].
type Request struct {
	Key            string `json:"key,omitempty"` // idempotency key; empty: made from the data
	Kind           string `json:"kind"`
	Surname        string `json:"surname"`
	Name           string `json:"name"`
	Patronymic     string `json:"patronymic,omitempty"`
	SNILS          string `json:"snils,omitempty"`
	BirthDate      string `json:"birth_date,omitempty"`
	SpecialtyCode  string `json:"specialty_code,omitempty"`
	Specialty      string `json:"specialty,omitempty"`
	Position       string `json:"position,omitempty"`
	Region         string `json:"region,omitempty"`
	DecisionNumber string `json:"decision_number"`
	DecisionDate   string `json:"decision_date"`
	ValidFrom      string `json:"valid_from"`
	ValidUntil     string `json:"valid_until,omitempty"` // empty: the longest term of the kind
}

// column binds the name of a column to its place in a Request.
type column struct {
	name     string
	required bool
	of       func(*Request) *string
}

func columns() []column {
	return []column{
		{"key", false, func(r *Request) *string { return &r.Key }},
		{"kind", true, func(r *Request) *string { return &r.Kind }},
		{"surname", true, func(r *Request) *string { return &r.Surname }},
		{"name", true, func(r *Request) *string { return &r.Name }},
		{"patronymic", false, func(r *Request) *string { return &r.Patronymic }},
		{"snils", false, func(r *Request) *string { return &r.SNILS }},
		{"birth_date", false, func(r *Request) *string { return &r.BirthDate }},
		{"specialty_code", false, func(r *Request) *string { return &r.SpecialtyCode }},
		{"specialty", false, func(r *Request) *string { return &r.Specialty }},
		{"position", false, func(r *Request) *string { return &r.Position }},
		{"region", false, func(r *Request) *string { return &r.Region }},
		{"decision_number", true, func(r *Request) *string { return &r.DecisionNumber }},
		{"decision_date", true, func(r *Request) *string { return &r.DecisionDate }},
		{"valid_from", true, func(r *Request) *string { return &r.ValidFrom }},
		{"valid_until", false, func(r *Request) *string { return &r.ValidUntil }},
	}
}

// Columns returns the names of the columns of a table of requests, in order.
func Columns() []string {
	var names []string
	for _, c := range columns() {
		names = append(names, c.name)
	}
	return names
}

// Field returns the field of that column, so that flags can be bound to it.
func (r *Request) Field(name string) *string {
	for _, c := range columns() {
		if c.name == name {
			return c.of(r)
		}
	}
	return nil
}

// certificate turns what was written into a certificate of this office. Dates
// that cannot be read are [vidimus.FieldErrors], as all else that is wrong.
func (o *Office) certificate(r *Request) (vidimus.Certificate, error) {
	c := vidimus.Certificate{
		Kind:      r.Kind,
		Holder:    vidimus.Holder{Surname: r.Surname, Name: r.Name, Patronymic: r.Patronymic, SNILS: r.SNILS},
		Specialty: vidimus.Specialty{Code: r.SpecialtyCode, Name: r.Specialty},
		Position:  r.Position, Region: r.Region,
		Issuer: o.Config.Issuer, Signatory: o.Config.Signatory,
		Decision: vidimus.Decision{Number: r.DecisionNumber},
	}
	var errs vidimus.FieldErrors
	date := func(field, s string, private bool) vidimus.Date {
		if s == "" {
			return vidimus.Date{}
		}
		d, err := vidimus.ParseDate(s)
		if err != nil {
			e := &vidimus.FieldError{Field: field, Code: vidimus.CodeDate, Got: s, Want: "YYYY-MM-DD or DD.MM.YYYY"}
			if private {
				e.Got = ""
			}
			errs = append(errs, e)
		}
		return d
	}
	c.Holder.BirthDate = date("holder.birthDate", r.BirthDate, true)
	c.Decision.Date = date("decision.date", r.DecisionDate, false)
	c.ValidFrom = date("validFrom", r.ValidFrom, false)
	c.ValidUntil = date("validUntil", r.ValidUntil, false)
	if len(errs) > 0 {
		// What else is wrong is said at once, save what follows from the dates.
		var more vidimus.FieldErrors
		if errors.As(vidimus.Validate(&c, o.Kinds), &more) {
			for _, e := range more {
				if !strings.Contains(strings.ToLower(e.Field), "date") && !strings.HasPrefix(e.Field, "valid") {
					errs = append(errs, e)
				}
			}
		}
		return c, errs
	}
	return c, nil
}

// key returns the idempotency key: the given one, or a keyed digest of the data,
// so that the same row twice is one certificate. Keys stand in messages and in
// the registry; without the office's secret nobody can try which СНИЛС one hides.
func (o *Office) key(r *Request) string {
	if r.Key != "" {
		return r.Key
	}
	b := []byte("vidimus/request/1")
	for _, c := range columns() {
		v := *c.of(r)
		b = append(append(strconv.AppendInt(b, int64(len(v)), 10), ':'), v...)
	}
	mac := hmac.New(sha256.New, o.secret)
	mac.Write(b)
	return "data:" + hex.EncodeToString(mac.Sum(nil)[:16])
}
