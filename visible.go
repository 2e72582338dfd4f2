package vidimus

import (
	"crypto/sha256"
	"strconv"
)

// VisibleField is one statement that stands readable on the certificate.
type VisibleField struct {
	Name  string // as in the JSON form, e.g. "holder.surname"
	Value string
}

// VisibleFields returns what the page of c shows, in the canonical order that
// [VisibleDigest] hashes. Dates are in ISO form here; the page may show them in
// Russian form. Optional fields without a value are present and empty.
func (c *Certificate) VisibleFields() []VisibleField {
	return []VisibleField{
		{"id", c.ID.String()},
		{"number", c.Number.String()},
		{"kind", c.Kind},
		{"holder.surname", c.Holder.Surname},
		{"holder.name", c.Holder.Name},
		{"holder.patronymic", c.Holder.Patronymic},
		{"specialty.code", c.Specialty.Code},
		{"specialty.name", c.Specialty.Name},
		{"position", c.Position},
		{"region", c.Region},
		{"issuer.name", c.Issuer.Name},
		{"issuer.inn", c.Issuer.INN},
		{"issuer.ogrn", c.Issuer.OGRN},
		{"decision.number", c.Decision.Number},
		{"decision.date", c.Decision.Date.String()},
		{"signatory.name", c.Signatory.Name},
		{"signatory.position", c.Signatory.Position},
		{"signatory.authority", c.Signatory.Authority},
		{"validFrom", c.ValidFrom.String()},
		{"validUntil", c.ValidUntil.String()},
	}
}

// VisibleDigest binds the QR code to what the page says without putting a name
// into it: the first 16 bytes of SHA-256 over "vidimus/visible/1", the salt and
// the fields, each name and value preceded by its length in decimal and a colon
// and followed by a comma, so that no two lists of fields hash alike.
func VisibleDigest(salt [16]byte, fields []VisibleField) [16]byte {
	b := make([]byte, 0, 1024)
	b = append(b, "vidimus/visible/1"...)
	b = append(b, salt[:]...)
	for _, f := range fields {
		for _, s := range [2]string{f.Name, f.Value} {
			b = strconv.AppendInt(b, int64(len(s)), 10)
			b = append(append(append(b, ':'), s...), ',')
		}
	}
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}
