package signer

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/pdf/pdfa"
	"github.com/vidimus/vidimus/qr"
)

// RecordName is the file name of the record attached to each certificate.
const RecordName = "certificate.json"

// SignatureField is the name of the certification signature's form field.
const SignatureField = "Certification"

// DefaultHole is the room left for a CMS signature if [PageOptions] names none,
// in hexadecimal digits: enough for RSA-4096 with two certificates.
const DefaultHole = 10 << 10

// PageOptions shapes the pages of one issuer. The zero value gives a Russian
// page without a signature mark.
type PageOptions struct {
	Lang        string     // "ru" (also if empty) or "en": of the fixed texts; values stay as they are
	Signer      SignerInfo // who will sign, for the mark (ГОСТ Р 7.0.97-2016 §5.23)
	HoleSize    int        // room for the CMS in hexadecimal digits, see [Identity.HoleSize]; 0 means DefaultHole
	Development bool       // marks the page as a specimen without legal force
	// NoLintUnsafe leaves out the check of each rendered page.
	NoLintUnsafe bool

	mode pdfa.Mode // tests render PDF/A-1b
}

// SignerInfo is what the mark of the electronic signature says.
type SignerInfo struct {
	Subject   string // owner of the certificate
	Serial    string // of the certificate, as people compare it
	NotBefore time.Time
	NotAfter  time.Time
	// Unqualified: the mark says that the signature is not a qualified one; see
	// [Identity.Unqualified].
	Unqualified bool
}

// SignerInfoOf takes the mark's texts from the signer's certificate.
func SignerInfoOf(c *x509.Certificate) SignerInfo {
	s := SignerInfo{Subject: c.Subject.CommonName, NotBefore: c.NotBefore, NotAfter: c.NotAfter}
	if s.Subject == "" {
		s.Subject = strings.Join(c.Subject.Organization, ", ")
	}
	s.Serial = strings.ToUpper(fmt.Sprintf("%x", c.SerialNumber))
	if len(s.Serial)%2 == 1 {
		s.Serial = "0" + s.Serial
	}
	return s
}

// Page renders certificates by one template for one signer. It is safe for
// concurrent use, and is a [vidimus.Renderer], a [vidimus.Prechecker] and a
// [vidimus.Linter].
//
//	page, err := signer.NewPage(signer.DefaultTemplate(), signer.PageOptions{…})
//	draft, err := page.Render(ctx, &cert, kind, url, recordJSON)
type Page struct {
	tmpl   *Template
	opt    PageOptions
	zone   *time.Location
	blocks []*block
	title  []segment
	about  []segment
	fonts  fontSet
	main   *sheet
	codes  qr.Encoder

	canvases sync.Pool
	extra    sheetCache
}

var (
	_ vidimus.Renderer   = (*Page)(nil)
	_ vidimus.Prechecker = (*Page)(nil)
	_ vidimus.Linter     = (*Page)(nil)
)

// NewPage prepares everything that certificates of a template share. Errors:
// *[TemplateError], *[OverflowError] for fixed texts.
func NewPage(t *Template, opt PageOptions) (*Page, error) {
	if t == nil {
		return nil, errors.New("signer: no template")
	}
	switch opt.Lang {
	case "":
		opt.Lang = "ru"
	case "ru", "en":
	default:
		return nil, fmt.Errorf("signer: page language %q, want ru or en", opt.Lang)
	}
	if opt.HoleSize == 0 {
		opt.HoleSize = DefaultHole
	}
	if opt.HoleSize < 0 || opt.HoleSize%2 != 0 {
		return nil, fmt.Errorf("signer: hole of %d hexadecimal digits, want an even number", opt.HoleSize)
	}
	p := &Page{tmpl: t, opt: opt, zone: vidimus.Moscow()}
	p.canvases.New = func() any { return new(canvas) }
	var err error
	if p.title, err = t.compile(t.Title.In(opt.Lang), opt.Lang); err != nil {
		return nil, err
	}
	if p.about, err = t.compile(t.Subject.In(opt.Lang), opt.Lang); err != nil {
		return nil, err
	}
	if err := p.compileBlocks(); err != nil {
		return nil, err
	}
	if p.fonts, err = loadFonts(); err != nil {
		return nil, err
	}
	runes, err := p.repertoire()
	if err != nil {
		return nil, err
	}
	p.main, err = p.newSheet(runes)
	return p, err
}

// Render implements [vidimus.Renderer]: it draws the page of c with the QR code
// of url, attaches record, and leaves a hole for the signature. The signing
// time is c.IssuedAt, so the same input gives the same bytes.
//
// Errors: *[GlyphError], *[OverflowError], those of package qr, and a lint error
// if the product were not PDF/A.
func (p *Page) Render(ctx context.Context, c *vidimus.Certificate, kind vidimus.Kind, url string, record []byte) (*vidimus.Draft, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.IssuedAt.IsZero() {
		return nil, errors.New("signer: certificate without time of issue")
	}
	code, err := p.codes.Encode(url)
	if err != nil {
		return nil, err
	}
	cv := p.canvases.Get().(*canvas)
	defer p.canvases.Put(cv)
	v := values{page: p, cert: c, kind: kind, host: hostOf(url)}
	s, err := p.layOut(cv, &v)
	if err != nil {
		return nil, err
	}
	out, err := p.draw(cv, s, &v, code, record)
	if err != nil {
		return nil, err
	}
	return &vidimus.Draft{
		Bytes: out.Bytes, ByteRange: out.ByteRange,
		PrefixLen: out.PrefixLen, PrefixSum: out.PrefixSum, PrefixState: out.PrefixState(),
		Time: c.IssuedAt,
	}, nil
}

// Precheck implements [vidimus.Prechecker]: it fails as Render would for letters
// that the font lacks and texts that do not fit. ID and number may be missing.
func (p *Page) Precheck(c *vidimus.Certificate, kind vidimus.Kind) error {
	cv := p.canvases.Get().(*canvas)
	defer p.canvases.Put(cv)
	probe := *c
	if probe.Number == (vidimus.Number{}) {
		probe.Number = vidimus.Number{Series: "WWWWWWWW", Year: 2026, Seq: 1_000_000}
	}
	_, err := p.layOut(cv, &values{page: p, cert: &probe, kind: kind, host: "registry.example.org"})
	return err
}

// Lint implements [vidimus.Linter]: it checks the bytes of a draft against every
// clause of PDF/A-3a and PDF/UA-1 that the writer could break. Render has done
// so already, unless told not to; this pass is independent of the writer's
// memory, and dearer, since it inflates the content.
func (p *Page) Lint(d *vidimus.Draft) error {
	if s := p.sheetOf(d.PrefixSum); s != nil {
		return s.base.Lint(d.Bytes)
	}
	return pdfa.Lint(d.Bytes)
}

func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// draw turns the laid out page into a document.
func (p *Page) draw(cv *canvas, s *sheet, v *values, code *qr.Code, record []byte) (*pdfa.Output, error) {
	doc := s.base.NewDoc()
	cv.draw(doc, v, code)
	lang := p.opt.Lang
	cv.text, _ = expand(cv.text[:0], p.title, v)
	info := pdfa.Info{Title: string(cv.text), Author: v.cert.Issuer.Name, Creator: "vidimus", Created: v.cert.IssuedAt}
	cv.text, _ = expand(cv.text[:0], p.about, v)
	info.Subject = string(cv.text)

	var opt pdfa.Options
	if p.opt.mode == pdfa.A3a {
		opt.Attachment = &pdfa.Attachment{
			Name: RecordName, MIME: "application/json", Data: record, Modified: v.cert.IssuedAt,
			Description: p.tmpl.AttachmentNote.In(lang),
		}
		opt.Signature = &pdfa.Signature{
			Field: SignatureField, Tooltip: p.tmpl.Signature.Tooltip.In(lang), Time: v.cert.IssuedAt,
			Name: p.opt.Signer.Subject, Reason: p.tmpl.Signature.Reason.In(lang),
			Location: p.tmpl.Signature.Location.In(lang), Size: p.opt.HoleSize / 2,
		}
	}
	return doc.Finish(info, opt)
}
