package vidimus

import "time"

// Certificate is everything an accreditation certificate says, and the little
// that it keeps to itself ([Holder.SNILS], [Holder.BirthDate]).
type Certificate struct {
	ID     ID     `json:"id,omitzero"`
	Number Number `json:"number,omitzero"`

	Kind      string       `json:"kind"` // a code of [Kinds]
	Holder    Holder       `json:"holder"`
	Specialty Specialty    `json:"specialty"`
	Position  string       `json:"position,omitempty"`
	Region    string       `json:"region,omitempty"` // subject of the Federation, or scope
	Issuer    Organization `json:"issuer"`
	Decision  Decision     `json:"decision"`
	Signatory Signatory    `json:"signatory"`

	ValidFrom  Date `json:"validFrom,omitzero"`
	ValidUntil Date `json:"validUntil,omitzero"` // last day in force; zero = permanent

	IssuedAt time.Time `json:"issuedAt,omitzero"` // set by [Issuer.Issue], UTC, whole seconds
}

// Holder is the accredited person.
type Holder struct {
	Surname    string `json:"surname"`
	Name       string `json:"name"`
	Patronymic string `json:"patronymic,omitempty"`

	// Private: kept by the registry, never drawn, embedded, logged or published.
	SNILS     string `json:"snils,omitempty"`
	BirthDate Date   `json:"birthDate,omitzero"`
}

// FullName returns surname, name and patronymic with one space between them.
func (h Holder) FullName() string {
	s := h.Surname
	for _, part := range []string{h.Name, h.Patronymic} {
		if part != "" {
			s += " " + part
		}
	}
	return s
}

// Specialty is what the holder is accredited in.
type Specialty struct {
	Code string `json:"code,omitempty"` // as in the official list, e.g. 31.08.49
	Name string `json:"name"`
}

// Organization is a legal entity that issues certificates.
type Organization struct {
	Name string `json:"name"`
	INN  string `json:"inn"`
	OGRN string `json:"ogrn"`
}

// Decision is the protocol by which accreditation was granted.
type Decision struct {
	Number string `json:"number"`
	Date   Date   `json:"date,omitzero"`
}

// Signatory is the official in whose name the certificate is signed.
type Signatory struct {
	Name      string `json:"name"`
	Position  string `json:"position"`
	Authority string `json:"authority"` // the document that empowers them
}
