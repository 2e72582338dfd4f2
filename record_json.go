package vidimus

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// AppendJSON appends the bytes that [json.Marshal] returns for c, which a
// registry keeps by the thousand, in a tenth of the time.
func (c *Certificate) AppendJSON(b []byte) ([]byte, error) {
	w := jsonWriter{b: b}
	w.open()
	w.certificate(c)
	w.close()
	if !w.odd {
		return w.b, nil
	}
	data, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("vidimus: encode certificate: %w", err)
	}
	return append(b, data...), nil
}

// appendJSON appends the bytes of json.MarshalIndent with two spaces, and reports
// whether it could: what has to be escaped is left to package json.
func (r *Record) appendJSON(b []byte) ([]byte, bool) {
	w := jsonWriter{b: b, indented: true}
	w.open()
	w.text("schema", r.Schema)
	w.certificate(&r.Certificate)
	w.text("url", r.URL)
	w.text("salt", r.Salt)
	w.close()
	return w.b, !w.odd
}

// jsonWriter writes objects of strings and objects.
type jsonWriter struct {
	b        []byte
	indented bool
	depth    int
	more     bool // the object has a member already
	odd      bool // something has to be written in another way
}

func (w *jsonWriter) open() {
	w.b = append(w.b, '{')
	w.depth, w.more = w.depth+1, false
}

func (w *jsonWriter) close() {
	w.depth--
	w.line()
	w.b = append(w.b, '}')
	w.more = true
}

const spaces = "\n        "

func (w *jsonWriter) line() {
	if w.indented {
		w.b = append(w.b, spaces[:1+2*w.depth]...)
	}
}

// key begins a member; keys need no escaping.
func (w *jsonWriter) key(name string) {
	if w.more {
		w.b = append(w.b, ',')
	}
	w.more = true
	w.line()
	w.b = append(append(append(w.b, '"'), name...), '"', ':')
	if w.indented {
		w.b = append(w.b, ' ')
	}
}

func (w *jsonWriter) text(name, s string) {
	w.key(name)
	w.odd = w.odd || !plainJSON(s)
	w.b = append(append(append(w.b, '"'), s...), '"')
}

// optional leaves out the empty text, as omitempty and omitzero do for the types
// whose zero value alone has it.
func (w *jsonWriter) optional(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

func (w *jsonWriter) certificate(c *Certificate) {
	if !c.ID.IsZero() {
		w.text("id", c.ID.String())
	}
	w.optional("number", c.Number.String())
	w.text("kind", c.Kind)
	w.key("holder")
	w.open()
	w.text("surname", c.Holder.Surname)
	w.text("name", c.Holder.Name)
	w.optional("patronymic", c.Holder.Patronymic)
	w.optional("snils", c.Holder.SNILS)
	w.optional("birthDate", c.Holder.BirthDate.String())
	w.close()
	w.key("specialty")
	w.open()
	w.optional("code", c.Specialty.Code)
	w.text("name", c.Specialty.Name)
	w.close()
	w.optional("position", c.Position)
	w.optional("region", c.Region)
	w.key("issuer")
	w.open()
	w.text("name", c.Issuer.Name)
	w.text("inn", c.Issuer.INN)
	w.text("ogrn", c.Issuer.OGRN)
	w.close()
	w.key("decision")
	w.open()
	w.text("number", c.Decision.Number)
	w.optional("date", c.Decision.Date.String())
	w.close()
	w.key("signatory")
	w.open()
	w.text("name", c.Signatory.Name)
	w.text("position", c.Signatory.Position)
	w.text("authority", c.Signatory.Authority)
	w.close()
	w.optional("validFrom", c.ValidFrom.String())
	w.optional("validUntil", c.ValidUntil.String())
	if !c.IssuedAt.IsZero() {
		_, offset := c.IssuedAt.Zone()
		year := c.IssuedAt.Year()
		w.odd = w.odd || offset != 0 || year < 0 || year > 9999
		w.text("issuedAt", c.IssuedAt.Format(time.RFC3339Nano))
	}
}

// plainJSON reports whether package json writes s as it is. It escapes, beside
// what it must, what HTML or JavaScript would take for their own.
func plainJSON(s string) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&':
			return false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return ascii || utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
}

// recordReader reads what appendJSON writes, byte for byte, and nothing else.
type recordReader struct {
	rest string
	more bool // the object has a member already
	odd  bool // it is something else
}

// parseCanonical reads a record in the form in which it is written. It returns
// nil for all other forms, which package json reads; what both read is the same.
func parseCanonical(data []byte) *Record {
	p, r := recordReader{rest: string(data)}, new(Record)
	p.open("{")
	r.Schema = p.text("\n  \"schema\": \"")
	c := &r.Certificate
	p.value("\n  \"id\": \"", &c.ID)
	p.value("\n  \"number\": \"", &c.Number)
	c.Kind = p.text("\n  \"kind\": \"")
	p.open(",\n  \"holder\": {")
	c.Holder.Surname = p.text("\n    \"surname\": \"")
	c.Holder.Name = p.text("\n    \"name\": \"")
	c.Holder.Patronymic = p.optional("\n    \"patronymic\": \"")
	p.close("\n  }")
	p.open(",\n  \"specialty\": {")
	c.Specialty.Code = p.optional("\n    \"code\": \"")
	c.Specialty.Name = p.text("\n    \"name\": \"")
	p.close("\n  }")
	c.Position = p.optional("\n  \"position\": \"")
	c.Region = p.optional("\n  \"region\": \"")
	p.open(",\n  \"issuer\": {")
	c.Issuer.Name = p.text("\n    \"name\": \"")
	c.Issuer.INN = p.text("\n    \"inn\": \"")
	c.Issuer.OGRN = p.text("\n    \"ogrn\": \"")
	p.close("\n  }")
	p.open(",\n  \"decision\": {")
	c.Decision.Number = p.text("\n    \"number\": \"")
	p.value("\n    \"date\": \"", &c.Decision.Date)
	p.close("\n  }")
	p.open(",\n  \"signatory\": {")
	c.Signatory.Name = p.text("\n    \"name\": \"")
	c.Signatory.Position = p.text("\n    \"position\": \"")
	c.Signatory.Authority = p.text("\n    \"authority\": \"")
	p.close("\n  }")
	p.value("\n  \"validFrom\": \"", &c.ValidFrom)
	p.value("\n  \"validUntil\": \"", &c.ValidUntil)
	p.value("\n  \"issuedAt\": \"", &c.IssuedAt)
	r.URL = p.text("\n  \"url\": \"")
	r.Salt = p.text("\n  \"salt\": \"")
	p.close("\n}\n")
	if p.odd || p.rest != "" {
		return nil
	}
	return r
}

func (p *recordReader) open(s string) {
	p.skip(s)
	p.more = false
}

func (p *recordReader) close(s string) {
	p.skip(s)
	p.more = true
}

// skip takes what has to stand next.
func (p *recordReader) skip(s string) {
	rest, ok := strings.CutPrefix(p.rest, s)
	p.rest, p.odd = rest, p.odd || !ok
}

// member takes a text that is not escaped, after its key and the comma before
// that, and returns false if another member stands there.
func (p *recordReader) member(key string) (s string, ok bool) {
	rest := p.rest
	if p.more {
		if rest, ok = strings.CutPrefix(rest, ","); !ok {
			return "", false
		}
	}
	if rest, ok = strings.CutPrefix(rest, key); !ok {
		return "", false
	}
	n := strings.IndexByte(rest, '"')
	if n < 0 || !plainJSON(rest[:n]) {
		p.odd = true
		return "", false
	}
	p.rest, p.more = rest[n+1:], true
	return rest[:n], true
}

func (p *recordReader) text(key string) string {
	s, ok := p.member(key)
	p.odd = p.odd || !ok
	return s
}

func (p *recordReader) optional(key string) string {
	s, ok := p.member(key)
	p.odd = p.odd || ok && s == "" // which would have been left out
	return s
}

// value takes an optional member of another type.
func (p *recordReader) value(key string, v interface{ UnmarshalText([]byte) error }) {
	if s := p.optional(key); s != "" && v.UnmarshalText([]byte(s)) != nil {
		p.odd = true
	}
}
