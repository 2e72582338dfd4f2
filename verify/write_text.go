package verify

import (
	"bufio"
	"io"
	"strconv"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/text"
)

// WriteText writes the report for a person, in Russian ("ru", "") or English
// ("en"). Control characters from the file are not passed on.
func (r *Report) WriteText(w io.Writer, lang string) error {
	p := printer{w: bufio.NewWriter(w), cat: text.Load(), lang: language(lang)}
	p.line(0, "verify.verdict."+string(r.Verdict()))
	p.field(0, "verify.file", r.File.Name+", "+strconv.FormatInt(r.File.Size, 10)+" B, "+r.File.Type)
	p.field(0, "verify.sha256", r.File.SHA256)
	p.field(0, "verify.streebog256", r.File.Streebog256)
	p.time(0, "verify.checked-at", r.CheckedAt)
	if !r.ValidationTime.Equal(r.CheckedAt) {
		p.time(0, "verify.validation-time", r.ValidationTime)
	}
	if g := r.Registry; g != nil {
		p.line(0, "verify.registry."+string(g.Match))
		p.field(1, "verify.number", g.Number+" ("+g.ID+")")
		if g.Status != vidimus.StatusUnknown {
			p.field(1, "verify.status", p.cat.Say(p.lang, "status."+string(g.Status)))
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		message := f.Message
		if f.Page > 0 {
			message += " (" + p.cat.Say(p.lang, "verify.page", "page", strconv.Itoa(f.Page)) + ")"
		}
		p.raw(0, f.Code+": "+message)
		if f.Hint != "" {
			p.raw(1, f.Hint)
		}
	}
	p.signatures(r.Signatures)
	if len(r.Signatures) > 0 {
		p.raw(0, "")
		p.line(0, "verify.technical")
	}
	return p.w.Flush()
}

// signatures writes each with the countersignatures on it.
func (p *printer) signatures(list []Signature) {
	for i := range list {
		p.signature(&list[i])
		p.signatures(list[i].Countersignatures)
	}
}

func (p *printer) signature(s *Signature) {
	p.raw(0, "")
	p.field(0, "verify.kind."+string(s.Kind), s.Field)
	indication, sub := s.Indication()
	conclusion := string(indication)
	if sub != "" {
		conclusion += ", " + string(sub)
	}
	p.raw(1, p.cat.Say(p.lang, "verify.signature."+string(s.Verdict()))+" ("+conclusion+")")
	p.field(1, "verify.format", s.Format)
	if s.check(CheckSignatureValue) == StatusOK {
		p.field(1, "verify.signer", s.Signer.Subject)
	} else { // anyone can name anyone
		p.field(1, "verify.signer-named", s.Signer.Subject)
	}
	p.field(1, "verify.issuer", s.Signer.Issuer)
	p.field(1, "verify.serial", s.Signer.Serial)
	p.who(s)
	p.fact("integrity", s.Integrity)
	p.outcome("value", s.check(CheckSignatureValue))
	p.binding(s)
	p.chain(s)
	p.accreditation(s)
	p.term(s)
	p.revocation(s)
	p.stamp(s)
	p.fact("coverage", s.Coverage)
	p.fact("changes", s.Changes)
	if !s.ChangesAllowed && s.Changes != "" && s.Changes != ChangesUnknown {
		p.line(2, "verify.changes-refused")
	}
	for _, c := range s.Changed {
		where := ""
		if c.Page > 0 {
			where = p.cat.Say(p.lang, "verify.page", "page", strconv.Itoa(c.Page)) + ", "
		}
		if c.Field != "" {
			where += c.Field + ", "
		}
		p.raw(2, where+c.What)
	}
	p.time(1, "verify.claimed-time", s.ClaimedTime)
	p.time(1, "verify.proven-time", s.ProvenTime)
	if s.ValidAtSource != "" {
		p.time(1, "verify.valid-at."+string(s.ValidAtSource), s.ValidAt)
	}
	for _, c := range s.Checks {
		if c.Status == StatusFailed || c.Status == StatusUnknown || c.Status == "" {
			detail := ""
			if c.Detail != "" {
				detail = ": " + c.Detail
			}
			p.raw(2, p.cat.Say(p.lang, "verify.check."+string(c.Name))+detail)
		}
	}
}

// printer writes lines; bufio keeps the first error for Flush.
type printer struct {
	w    *bufio.Writer
	cat  *text.Catalogue
	lang text.Lang
}

func (p *printer) line(indent int, key string) { p.raw(indent, p.cat.Say(p.lang, key)) }

func (p *printer) field(indent int, key, value string) {
	if value != "" {
		p.raw(indent, p.cat.Say(p.lang, key)+": "+value)
	}
}

func (p *printer) time(indent int, key string, t time.Time) {
	if !t.IsZero() {
		p.field(indent, key, t.UTC().Format(time.RFC3339))
	}
}

func (p *printer) fact(name string, value interface{ MarshalText() ([]byte, error) }) {
	word, err := value.MarshalText()
	if err != nil {
		word = []byte("unknown")
	}
	p.field(1, "verify."+name, p.cat.Say(p.lang, "verify."+name+"."+string(word)))
}

func (p *printer) raw(indent int, s string) {
	for range indent {
		p.w.WriteString("  ")
	}
	p.w.WriteString(text.Printable(s)) // a file's name or subject must not steer the terminal
	p.w.WriteByte('\n')
}
