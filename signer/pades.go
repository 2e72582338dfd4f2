package signer

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/vidimus/vidimus/internal/pdf"
)

// SignatureKind says what a signature on a PDF document stands for.
type SignatureKind string

const (
	// Auto certifies a document that bears no signature yet and approves one
	// that does.
	Auto SignatureKind = ""
	// Certify makes the author's signature, which says what may change later
	// (DocMDP, ISO 32000-2 §12.8.2.2). It has to be the first.
	Certify SignatureKind = "certify"
	// Approve makes an ordinary signature.
	Approve SignatureKind = "approve"
)

// PDFOptions shapes a signature on an existing document. The zero value
// certifies an unsigned document, so that forms can still be filled in and
// signatures added, and approves a signed one.
type PDFOptions struct {
	Kind        SignatureKind
	Permissions int       // DocMDP /P of a certification: 1 nothing, 2 forms and signatures, 3 annotations too; 0 is 2
	Field       string    // full name of a signature field, an empty or a new one; "" is a new Signature1, Signature2, …
	Page        int       // of a new field, counted from 0
	Time        time.Time // claimed time of signing (/M), in whole seconds; zero is now

	Name, Reason, Location, Contact string // optional, for readers to show
}

// What can be wrong with a document to be signed. All are wrapped with details.
var (
	// ErrDocument: not a PDF, damaged, or such that two readers may see two documents.
	ErrDocument = errors.New("signer: document cannot be signed")
	// ErrEncrypted: the document is encrypted.
	ErrEncrypted = errors.New("signer: document is encrypted")
	// ErrSigned: to be certified, but already signed or certified.
	ErrSigned = errors.New("signer: document is signed already")
	// ErrNotPermitted: an earlier signature forbids another one (DocMDP, FieldMDP).
	ErrNotPermitted = errors.New("signer: an earlier signature permits no further one")
	// ErrField: the field named is no signature field, is signed, or cannot be signed as it demands.
	ErrField = errors.New("signer: bad signature field")
	// ErrPage: the document has no such page.
	ErrPage = errors.New("signer: no such page")
	// ErrOptions: options that contradict themselves.
	ErrOptions = errors.New("signer: bad options")
)

// SignPDF writes the document of the given size to w with a signature added:
// PAdES-B-B (EN 319 142-1 §6.3) in an incremental update. The original is
// copied and hashed in one pass and never held in memory. No signature is
// written unless it verifies; after an error discard what w received.
//
// Errors: [ErrDocument], [ErrEncrypted], [ErrSigned], [ErrNotPermitted],
// [ErrField], [ErrPage], [ErrOptions], [*ValidityError], [ErrNoKey], all before
// anything is written; ctx's, and what key, r and w return.
func (id *Identity) SignPDF(ctx context.Context, w io.Writer, r io.ReaderAt, size int64, opt PDFOptions) error {
	if id.key == nil {
		return ErrNoKey
	}
	p, err := id.plan(r, size, opt)
	if err != nil {
		return err
	}
	h := id.cms.Hash().New()
	if err := copyOriginal(ctx, io.MultiWriter(w, h), r, size); err != nil {
		return err
	}
	p.hashTail(h)
	p.digest = h.Sum(nil)
	if err := p.prepare(); err != nil {
		return err
	}
	value, err := id.key.Sign(randOr(id.opt.Rand), p.ToSign(), p.Opts())
	if err != nil {
		return fmt.Errorf("signer: sign: %w", err)
	}
	tail, err := p.finish(value)
	if err != nil {
		return err
	}
	_, err = w.Write(tail)
	return err
}

// PreparePDF is the first phase of a signature whose key is elsewhere: in an
// HSM, with a remote service, with a person. It reads the document once and
// returns what has to be signed; [Prepared.Embed] is the second phase. Both
// may happen in different processes: a Prepared marshals to JSON.
//
// Errors are those of [Identity.SignPDF].
func (id *Identity) PreparePDF(ctx context.Context, r io.ReaderAt, size int64, opt PDFOptions) (*Prepared, error) {
	p, err := id.plan(r, size, opt)
	if err != nil {
		return nil, err
	}
	h := id.cms.Hash().New()
	if err := copyOriginal(ctx, h, r, size); err != nil {
		return nil, err
	}
	p.hashTail(h)
	p.digest = h.Sum(nil)
	return p, p.prepare()
}

// plan makes the incremental update with its hole; nothing is hashed yet.
func (id *Identity) plan(r io.ReaderAt, size int64, opt PDFOptions) (*Prepared, error) {
	now := id.now()
	if opt.Time.IsZero() {
		opt.Time = now
	}
	if opt.Permissions < 0 || opt.Permissions > 3 || opt.Page < 0 {
		return nil, fmt.Errorf("%w: permissions %d, page %d", ErrOptions, opt.Permissions, opt.Page)
	}
	for _, at := range []time.Time{opt.Time, now} {
		if err := id.CheckAt(at); err != nil {
			return nil, err
		}
	}
	doc, err := pdf.Open(r, size, &pdf.Options{AllowLocked: true})
	if err != nil {
		return nil, documentError(err)
	}
	s, err := survey(doc)
	if err != nil {
		return nil, documentError(err)
	}
	if err := s.decide(&opt); err != nil {
		return nil, err
	}
	tail, err := s.write(opt, id.HoleSize())
	if err != nil {
		return nil, documentError(err)
	}
	p := &Prepared{size: size, tail: tail, chain: id.embedded(), pss: id.opt.PSS, template: id.cms}
	return p, p.locate()
}

// documentError makes our sentinels out of those of package pdf, and leaves
// ours and failures of the reader alone.
func documentError(err error) error {
	switch {
	case errors.Is(err, pdf.ErrUpdateEncrypted):
		return ErrEncrypted
	case errors.Is(err, ErrDocument), errors.Is(err, ErrPage), errors.Is(err, ErrField):
		return err
	case isPDFError(err):
		return fmt.Errorf("%w: %w", ErrDocument, err)
	}
	return err
}

func isPDFError(err error) bool {
	for _, sentinel := range []error{
		pdf.ErrNotPDF, pdf.ErrSyntax, pdf.ErrXRef, pdf.ErrCycle, pdf.ErrLimit, pdf.ErrObjectHeader,
		pdf.ErrGeneration, pdf.ErrBeyondRevision, pdf.ErrObjectStream, pdf.ErrType, pdf.ErrStream,
		pdf.ErrFilter, pdf.ErrDecode, pdf.ErrExternal, pdf.ErrUpdateUnsound, pdf.ErrUpdateSize,
	} {
		if errors.Is(err, sentinel) {
			return true
		}
	}
	return false
}

// copyBuffer: large enough that system calls do not count, small enough that
// memory does not.
const copyBuffer = 256 << 10

// copyOriginal copies size bytes from r, and stops when ctx ends.
func copyOriginal(ctx context.Context, w io.Writer, r io.ReaderAt, size int64) error {
	buf := make([]byte, min(copyBuffer, size))
	for off := int64(0); off < size; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-off)], off)
		if n == 0 {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("signer: read document at %d: %w", off, err)
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return err
		}
		off += int64(n)
	}
	return nil
}

// hashTail adds the update to h, its hole left out.
func (p *Prepared) hashTail(h hash.Hash) {
	h.Write(p.tail[:p.hole[0]-1])
	h.Write(p.tail[p.hole[1]+1:])
}
