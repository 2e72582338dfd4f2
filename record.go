package vidimus

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// RecordSchema names the machine-readable record attached to each certificate.
const RecordSchema = "vidimus.record/1"

// Record is the machine-readable twin of the page: attached to the PDF as
// "certificate.json", signed together with it. It has no private fields.
type Record struct {
	Schema string `json:"schema"`
	Certificate
	URL  string `json:"url"`  // what the QR code says
	Salt string `json:"salt"` // 32 hexadecimal digits, for [VisibleDigest]
}

// ErrRecord is returned by [ParseRecord] for anything but a well-formed record.
var ErrRecord = errors.New("vidimus: not a certificate record")

// maxRecord bounds what ParseRecord reads: twenty fields of maxText runes of
// four bytes, escaped, with room to spare.
const maxRecord = 256 << 10

// NewRecord makes the record of c without its private fields.
func NewRecord(c *Certificate, url string, salt [16]byte) *Record {
	r := &Record{Schema: RecordSchema, Certificate: c.Public(), URL: url, Salt: hex.EncodeToString(salt[:])}
	r.IssuedAt = r.IssuedAt.UTC().Truncate(time.Second)
	return r
}

// Public returns a copy without the holder's private data.
func (c *Certificate) Public() Certificate {
	p := *c
	p.Holder.SNILS, p.Holder.BirthDate = "", Date{}
	return p
}

// JSON returns the bytes that are attached. Same record, same bytes.
func (r *Record) JSON() ([]byte, error) {
	if b, ok := r.appendJSON(make([]byte, 0, 2<<10)); ok {
		return append(b, '\n'), nil
	}
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("vidimus: encode record: %w", err)
	}
	return append(b, '\n'), nil
}

// SaltBytes decodes the salt.
func (r *Record) SaltBytes() (salt [16]byte, err error) {
	b, err := hex.DecodeString(r.Salt)
	if err != nil || len(b) != len(salt) {
		return salt, fmt.Errorf("%w: salt is not 32 hexadecimal digits", ErrRecord)
	}
	return [16]byte(b), nil
}

// ParseRecord reads an attached record. It checks the form, not the truth, of
// what it says; anything malformed is [ErrRecord].
func ParseRecord(data []byte) (*Record, error) {
	if len(data) > maxRecord {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrRecord, maxRecord)
	}
	r := parseCanonical(data)
	if r == nil {
		r = new(Record)
		if err := json.Unmarshal(data, r); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrRecord, err)
		}
	}
	if r.Schema != RecordSchema {
		return nil, fmt.Errorf("%w: schema %q, want %q", ErrRecord, clip(r.Schema), RecordSchema)
	}
	if r.ID.IsZero() || r.Number == (Number{}) || r.URL == "" {
		return nil, fmt.Errorf("%w: id, number or url is missing", ErrRecord)
	}
	if _, err := r.SaltBytes(); err != nil {
		return nil, err
	}
	return r, nil
}
