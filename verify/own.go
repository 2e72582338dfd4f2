package verify

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/qr"
)

// recordName is the file name under which a certificate's record is attached.
const recordName = "certificate.json"

// maxAttachments bounds the attachments looked at; a certificate of ours has one.
const maxAttachments = 100

// ownCertificate checks a certificate of ours beyond its signature: attached
// record = QR token = QR code drawn = visible text = row of the register, and
// the bytes are those that the register knows. Everything is read from the
// first signed revision: what came later is the signature's affair.
func (p *pdfJob) ownCertificate(ctx context.Context) error {
	rev := p.last
	signed := false
	for _, c := range p.candidates {
		if c.br.revision != nil && c.sig.Kind == KindSignature && !c.field.gone {
			rev, signed = c.br.revision, true
			break
		}
	}
	buf := p.scan.buffer()
	defer p.scan.buffers.Put(buf)
	data, err := attachedRecord(rev, *buf)
	if data == nil && err == nil || p.doc.Locked() != nil {
		if p.opts.Register != nil {
			// Whoever asks with a register must not take a good signature of
			// somebody for a certificate that the register vouches for.
			p.find(Finding{Code: "NOTE-CERT-NONE", Severity: Notice})
		}
		return nil
	}
	if err != nil {
		p.find(Finding{Code: "ERR-CERT-RECORD", Severity: Error, Got: err.Error(), Source: "vidimus.record/1"})
		return fatal(err)
	}
	rec, err := vidimus.ParseRecord(data)
	if err != nil {
		if !bytes.Contains(data, []byte(`"vidimus.record/`)) {
			return nil // an attachment that merely has the name
		}
		p.find(Finding{Code: "ERR-CERT-RECORD", Severity: Error, Got: err.Error(), Source: "vidimus.record/1"})
		return nil
	}
	if !signed {
		p.find(Finding{Code: "ERR-CERT-UNSIGNED", Severity: Error})
	}
	p.record = rec
	p.visible = rec.VisibleFields()
	o := &ownCheck{rec: rec, fields: p.visible, find: p.find, kinds: p.kinds(), keys: p.opts.QRKeys}
	o.token(p.report)
	o.page(rev, &p.scan, &p.encoder)
	return p.askRegister(ctx, rec)
}

// attachedRecord returns the attachment called recordName, in the memory of buf
// as far as it reaches: nil if there is none (ISO 32000-2 §7.11.4, §14.13).
func attachedRecord(rev *pdf.Revision, buf []byte) ([]byte, error) {
	catalog, err := rev.Catalog()
	if err != nil {
		return nil, fatal(err)
	}
	var specs []pdf.Object
	if list, err := rev.Array(catalog.Get("AF")); err == nil {
		specs = append(specs, list...)
	}
	if names, err := rev.Dict(catalog.Get("Names")); err == nil && names != nil {
		if tree, err := rev.Dict(names.Get("EmbeddedFiles")); err == nil && tree != nil {
			list, _ := rev.Array(tree.Get("Names"))
			for i := 1; i < len(list); i += 2 {
				if !slices.Contains(specs, list[i]) {
					specs = append(specs, list[i])
				}
			}
		}
	}
	var found []byte
	for i, o := range specs {
		spec, err := rev.Dict(o)
		if err != nil || spec == nil || i == maxAttachments {
			continue
		}
		name, _ := rev.Str(spec.Get("UF"))
		if name == "" {
			name, _ = rev.Str(spec.Get("F"))
		}
		if textString(name) != recordName {
			continue
		}
		files, err := rev.Dict(spec.Get("EF"))
		if err != nil {
			return nil, err
		}
		st, err := rev.Stream(files.Get("F"))
		if err != nil {
			return nil, err
		}
		if st == nil {
			return nil, errors.New("the attachment is empty")
		}
		if found != nil {
			return nil, errors.New("two attachments called " + recordName)
		}
		const limit = 1 << 20
		if found, err = st.DecodeTo(buf, limit); err != nil {
			return nil, err
		}
		if found == nil {
			found = []byte{}
		}
	}
	return found, nil
}

// ownCheck compares the statements of one certificate with each other.
type ownCheck struct {
	rec    *vidimus.Record
	fields []vidimus.VisibleField // of rec
	kinds  vidimus.Kinds
	keys   qr.KeySet
	find   func(Finding)
}

func (o *ownCheck) fail(f Finding) {
	f.Severity = Error
	o.find(f)
}

// token checks the seal in the QR code's text and that it speaks of the record.
func (o *ownCheck) token(r *Report) {
	token, err := qr.Parse(o.rec.URL)
	if err != nil {
		o.fail(Finding{Code: "ERR-CERT-QR", Field: "url", Got: err.Error()})
		return
	}
	claims, rec := token.Claims(), o.rec
	salt, err := rec.SaltBytes()
	if err != nil {
		o.fail(Finding{Code: "ERR-CERT-RECORD", Field: "salt", Got: err.Error()})
		return
	}
	disagree := func(field string) { o.fail(Finding{Code: "ERR-CERT-QR-DATA", Field: field}) }
	if claims.ID != rec.ID {
		disagree("id")
	}
	if kind, ok := o.kinds.Get(rec.Kind); ok && kind.Num != claims.Kind {
		disagree("kind")
	}
	if !claims.Issued.Equal(rec.IssuedAt) {
		disagree("issuedAt")
	}
	if rec.ValidUntil.IsZero() != claims.Expires.IsZero() ||
		!claims.Expires.IsZero() && !claims.Expires.Equal(rec.ValidUntil.End(vidimus.Moscow())) {
		disagree("validUntil")
	}
	if claims.Visible != vidimus.VisibleDigest(salt, o.fields) {
		disagree("visible")
	}
	if len(o.keys) == 0 {
		o.find(Finding{Code: "NOTE-CERT-QR-KEYS", Severity: Notice})
		return
	}
	result := token.Verify(o.keys, r.ValidationTime)
	switch result.Genuine() {
	case qr.Passed:
	case qr.Failed:
		o.fail(Finding{Code: "ERR-CERT-QR", Field: "url", Got: string(result.Reason())})
	default:
		r.incomplete = true
		o.find(Finding{Code: "WARN-CERT-QR-KEY", Severity: Warning, Got: string(result.Reason())})
	}
}

// page checks what people see against the record.
func (o *ownCheck) page(rev *pdf.Revision, cache *scanCache, enc *qr.Encoder) {
	scan, err := scanPages(rev, cache)
	if err != nil {
		o.fail(Finding{Code: "ERR-CERT-PAGE", Got: err.Error()})
		return
	}
	for _, odd := range scan.odd {
		o.fail(Finding{Code: "ERR-CERT-PAGE", Got: odd})
		return
	}
	if err := scan.draws(o.rec.URL, enc); err != nil {
		o.fail(Finding{Code: "ERR-CERT-QR-DRAWN", Got: err.Error()})
	}
	for _, f := range o.fields {
		if f.Value == "" || o.shown(f, scan) {
			continue
		}
		o.fail(Finding{Code: "ERR-CERT-TEXT", Field: f.Name, Want: f.Value})
	}
}

// shown reports whether the page shows a value in one of the ways in which it may
// be written: dates in Russian and ISO form, the kind by its title.
func (o *ownCheck) shown(f vidimus.VisibleField, scan *pageScan) bool {
	switch f.Name {
	case "kind":
		if kind, ok := o.kinds.Get(f.Value); ok && (scan.shows(kind.RU) || scan.shows(kind.EN)) {
			return true
		}
	case "decision.date", "validFrom", "validUntil":
		if d, err := vidimus.ParseDate(f.Value); err == nil {
			return scan.shows(d.Russian()) || scan.shows(d.String())
		}
	}
	return scan.shows(f.Value)
}

// askRegister compares the record with the register's row and its digest with
// those of the file and of its signed revisions.
func (p *pdfJob) askRegister(ctx context.Context, rec *vidimus.Record) error {
	switch {
	case p.keep:
		return nil // a product is not registered yet
	case p.opts.Register == nil:
		p.find(Finding{Code: "NOTE-CERT-REGISTRY", Severity: Notice})
		return nil
	}
	g := &Registry{ID: rec.ID.String(), Number: rec.Number.String()}
	p.report.Registry = g
	row, err := p.opts.Register.Registered(ctx, rec.ID)
	switch {
	case errors.Is(err, ErrNotRegistered):
		g.Match = MatchNone
		p.find(Finding{Code: "ERR-CERT-UNREGISTERED", Severity: Error, Got: g.Number})
		return nil
	case err != nil || row == nil:
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.find(Finding{Code: "WARN-CERT-REGISTRY", Severity: Warning})
		return nil
	}
	g.Status = vidimus.StatusNow(&row.Certificate, row.Changes, p.report.ValidationTime)
	if field := differs(rec, row); field != "" {
		g.Match = MatchMismatch
		p.find(Finding{Code: "ERR-CERT-MISMATCH", Severity: Error, Field: field})
		return nil
	}
	g.Match = MatchData
	want := hex.EncodeToString(row.DocumentSHA256[:])
	if p.report.File.SHA256 == want {
		g.Match = MatchBytes
	}
	for _, r := range p.prefixes {
		switch {
		case hex.EncodeToString(r.sum) != want:
		case p.altered():
			// It begins with the document that was issued, and shows another.
			g.Match = MatchMismatch
			return nil
		default:
			g.Match = MatchBytes
		}
	}
	if g.Match == MatchData {
		p.find(Finding{Code: "WARN-CERT-BYTES", Severity: Warning, Got: p.report.File.SHA256, Want: want})
	}
	if g.Status != vidimus.StatusActive {
		p.find(Finding{Code: "ERR-CERT-" + strings.ToUpper(string(g.Status)), Severity: Error, Got: g.Number})
	}
	return nil
}

// altered reports whether something was changed that a signature does not allow.
func (p *pdfJob) altered() bool {
	return slices.ContainsFunc(p.candidates, func(c *candidate) bool {
		known := c.sig.Changes != "" && c.sig.Changes != ChangesUnknown
		return c.sig.Kind == KindSignature && known && !c.sig.ChangesAllowed
	})
}

// differs names the first field in which record and row disagree, or "".
func differs(rec *vidimus.Record, row *vidimus.Registered) string {
	a, b := rec.VisibleFields(), row.Certificate.VisibleFields()
	for i := range a {
		if a[i] != b[i] {
			return a[i].Name
		}
	}
	salt, err := rec.SaltBytes()
	switch {
	case rec.URL != row.URL:
		return "url"
	case err != nil || salt != row.Salt:
		return "salt"
	case !rec.IssuedAt.Equal(row.Certificate.IssuedAt):
		return "issuedAt"
	}
	return ""
}
