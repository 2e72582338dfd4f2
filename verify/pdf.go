package verify

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"slices"

	"github.com/vidimus/vidimus/internal/gost/streebog"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pdf/diff"
	"github.com/vidimus/vidimus/internal/pki"
)

// pdfJob is the part of a job that reads a PDF.
type pdfJob struct {
	*job
	doc        *pdf.Document
	last       *pdf.Revision
	candidates []*candidate
	hashing    digester
	history    *diff.History
	demands    diff.Demands // of the signatures so far
}

// errAbort wraps an error of the reader or the context, which ends the job.
func fatal(err error) error {
	var read *pdf.ReadError
	if errors.As(err, &read) {
		return read
	}
	return nil
}

// pdfSignatures finds and judges the signatures of a PDF.
func (j *job) pdfSignatures(ctx context.Context) error {
	var r io.ReaderAt = j.src
	if j.src.data != nil {
		r = pdf.Memory(j.src.data)
	}
	options := &pdf.Options{Password: j.opts.Password, AllowLocked: true, Scratch: &j.scratch}
	if j.keep {
		options.Prefix = j.prefix.parsed()
	}
	doc, err := pdf.Open(r, j.src.size, options)
	if err != nil {
		if fatal(err) != nil {
			return err
		}
		j.find(Finding{Code: "ERR-PDF-BROKEN", Severity: Error, Got: err.Error(), Source: "ISO 32000-2 §7.5"})
		return j.hashOnly(ctx)
	}
	defer doc.Release()
	p := &pdfJob{job: j, doc: doc, last: doc.Last()}
	if j.keep {
		p.hashing.known = &j.prefix
	}
	p.collect()
	p.hashPrefixes()
	if err := j.hash(ctx, &p.hashing); err != nil {
		return err
	}
	j.evidence.document(doc)
	j.judge(ctx, p.candidates, p)
	if err := ctx.Err(); err != nil {
		return err
	}
	return p.ownCertificate(ctx)
}

// collect reads all signatures and says what has to be hashed for them.
func (p *pdfJob) collect() {
	walk := signatureFields(p.last)
	walk.removed()
	if walk.broken != "" {
		p.report.incomplete = true
		p.find(Finding{Code: "WARN-SIG-FIELDS", Severity: Warning, Got: walk.broken, Source: "ISO 32000-2 §12.7.4"})
	}
	for _, f := range walk.found {
		c := &candidate{field: f}
		c.sig.Field = f.name
		if p.doc.Locked() != nil { // names are ciphertext
			c.sig.Field = f.ref.String()
		}
		c.sig.Kind = KindSignature
		c.sig.Coverage = CoverageInvalid
		p.candidates = append(p.candidates, c)
		if f.value == nil {
			c.check(CheckStructure, StatusFailed, SubFormat, "%s", f.broken)
			continue
		}
		p.open(c)
	}
	slices.SortStableFunc(p.candidates, func(a, b *candidate) int { return int(a.br.end - b.br.end) })
}

func (p *pdfJob) open(c *candidate) {
	value := c.field.value
	c.br, c.brErr = readByteRange(p.doc, p.last, c.field)
	c.sig.Coverage = c.br.coverage
	p.structure(c)
	sub, err := p.last.Name(value.Get("SubFilter"))
	c.subFilter = sub
	if err != nil {
		c.subFilter = ""
	}
	if c.subFilter == subStamp {
		c.sig.Kind = KindTimestamp
	}
	if m, err := p.last.Str(value.Get("M")); err == nil {
		c.sig.ClaimedTime, _ = parseDate(textString(m))
	}
	switch c.subFilter {
	case subPKCS7, subSHA1, subCAdES, subStamp, subX509:
	default:
		c.cmsErr = &unsupportedError{"/SubFilter /" + string(c.subFilter)}
		return
	}
	if c.br.missing {
		c.cmsErr = errMissing
		return
	}
	if !c.br.hashable || c.br.contents == nil {
		return
	}
	contents, err := readContents(p.doc, c.br)
	if err == nil && c.subFilter == subX509 {
		contents, err = pkcs1Message(p.last, value, contents)
	}
	if err != nil {
		c.cmsErr = err
		return
	}
	c.sums = map[pki.OID]*rangeHash{}
	// PDFBox encrypts the padding of /Contents with the document, and writes the
	// CMS over its beginning. Nothing of the document stands there.
	c.encrypted = p.last.Trailer().Has("Encrypt")
	hashes := c.parse(contents, p.shared)
	if c.encrypted && c.sd != nil && c.sd.TrailingData {
		p.find(Finding{Code: "WARN-SIG-PADDING", Severity: Warning, Field: c.sig.Field, Source: "ISO 32000-2 §12.8.1"})
	}
	for _, h := range hashes {
		r, err := p.hashing.add(p.doc.Size(), h, c.br.gap, c.br.resume, c.br.end)
		if err != nil {
			c.cmsErr = &unsupportedError{err.Error()}
			return
		}
		c.sums[h.OID] = r
	}
}

var errMissing = errors.New("signed bytes are missing from the file")

// structure makes the checks CheckStructure and CheckByteRange.
func (p *pdfJob) structure(c *candidate) {
	kind, err := p.last.Name(c.field.value.Get("Type"))
	switch {
	case err != nil || kind != "" && kind != "Sig" && kind != "DocTimeStamp":
		c.check(CheckStructure, StatusFailed, SubFormat, "/Type /%s", kind)
	case c.field.gone:
		c.check(CheckStructure, StatusFailed, SubFormat, "a later revision removed the signature")
	case c.field.twin != "":
		c.check(CheckStructure, StatusFailed, SubFormat, "the field %q claims the same signature", c.field.twin)
	case c.field.unlisted:
		c.check(CheckStructure, StatusUnknown, SubGeneric, "the signature is not a field of the form")
	default:
		c.check(CheckStructure, StatusOK, "", "")
	}
	if c.brErr != nil {
		c.check(CheckByteRange, StatusFailed, SubFormat, "%v", c.brErr)
	} else {
		c.check(CheckByteRange, StatusOK, "", "")
	}
}

// unsupportedError is a form that is not checked here: unknown, not bad.
type unsupportedError struct{ what string }

func (e *unsupportedError) Error() string { return e.what + " is not supported" }

// hash runs the digests asked for together with those of the report, which that
// of a [Product] goes without: it is seen only when it fails.
func (j *job) hash(ctx context.Context, d *digester) error {
	if j.keep {
		return d.run(ctx, j.src)
	}
	size := j.src.size
	whole, err := d.add(size, sha256Alg, size, size, size)
	if err != nil {
		return err
	}
	var gost *rangeHash
	if j.opts.Streebog {
		alg := pki.Hash{OID: oidStreebog256, Name: "Streebog-256", Size: streebog.Size256, New: streebog.New256}
		if gost, err = d.add(size, alg, size, size, size); err != nil {
			return err
		}
	}
	if err := d.run(ctx, j.src); err != nil {
		return err
	}
	j.report.File.SHA256 = hex.EncodeToString(whole.sum)
	if gost != nil {
		j.report.File.Streebog256 = hex.EncodeToString(gost.sum)
	}
	return nil
}

// hashOnly is for files in which no signature is looked for.
func (j *job) hashOnly(ctx context.Context) error { return j.hash(ctx, &digester{}) }

// hashPrefixes asks for the digests of the signed revisions: a registry knows
// a certificate of ours by them, whatever was added later.
func (p *pdfJob) hashPrefixes() {
	if p.keep { // not registered yet
		return
	}
	for _, c := range p.candidates {
		if c.br.revision == nil {
			continue
		}
		if r, err := p.hashing.add(p.doc.Size(), sha256Alg, c.br.end, c.br.end, c.br.end); err == nil {
			p.prefixes = append(p.prefixes, r)
		}
	}
}
