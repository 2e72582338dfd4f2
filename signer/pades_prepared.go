package signer

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
)

var (
	// ErrSignature: the signature value does not fit what was to be signed, or
	// was made with another key.
	ErrSignature = errors.New("signer: signature value is wrong")
	// ErrChanged: the document is not the one that was prepared.
	ErrChanged = errors.New("signer: document has changed since it was prepared")
	// ErrPrepared: not a prepared signature.
	ErrPrepared = errors.New("signer: malformed prepared signature")
)

// Prepared is a signature on a PDF document that lacks only its value:
//
//	p, err := id.PreparePDF(ctx, file, size, signer.PDFOptions{})
//	value, err := remote.Sign(p.ToSign(), p.Opts())
//	err = p.Embed(ctx, out, file, value)
//
// Between the two it may be stored and sent as JSON. It contains no secret, and
// nobody can make it sign something else: Embed checks the value against the
// certificate and the document against the digest that was signed.
type Prepared struct {
	size   int64  // of the original
	tail   []byte // the incremental update
	hole   [2]int // digits of /Contents in tail
	digest []byte // of original and tail without the hole
	chain  []*x509.Certificate
	pss    bool

	template *profile
	cms      *cms.Prepared
}

func (p *Prepared) prepare() error {
	var err error
	p.cms, err = p.template.Prepare(p.digest, cms.PrepareOptions{})
	return err
}

// ToSign returns what crypto.Signer.Sign takes: the digest of
// [Prepared.SignedAttributes] under Opts().HashFunc(), for GOST under Streebog,
// which has no number in package crypto, or for Ed25519 these attributes
// themselves.
func (p *Prepared) ToSign() []byte { return bytes.Clone(p.cms.ToSign()) }

// Opts returns what crypto.Signer.Sign takes beside it: the digest algorithm,
// for RSASSA-PSS the salt length too.
func (p *Prepared) Opts() crypto.SignerOpts { return p.cms.Opts() }

// SignedAttributes returns the message that is signed, in DER (RFC 5652 §5.4),
// for services that hash it themselves.
func (p *Prepared) SignedAttributes() []byte { return bytes.Clone(p.cms.SignedAttrs()) }

// Certificate returns the certificate whose key has to sign.
func (p *Prepared) Certificate() *x509.Certificate { return p.chain[0] }

// Embed writes the signed document to w, given the original and the signature
// value. [ErrSignature] and [*HoleError] come before anything is written;
// [ErrChanged] comes before the signature is.
func (p *Prepared) Embed(ctx context.Context, w io.Writer, original io.ReaderAt, value []byte) error {
	tail, err := p.finish(value)
	if err != nil {
		return err
	}
	h := p.template.Hash().New()
	if err := copyOriginal(ctx, io.MultiWriter(w, h), original, p.size); err != nil {
		return err
	}
	p.hashTail(h)
	if !bytes.Equal(h.Sum(nil), p.digest) {
		return ErrChanged
	}
	_, err = w.Write(tail)
	return err
}

// finish checks the value and returns the update with the signature in its hole.
func (p *Prepared) finish(value []byte) ([]byte, error) {
	if need, have := p.template.MaxSize(0), (p.hole[1]-p.hole[0])/2; need > have {
		return nil, &HoleError{Need: need, Have: have}
	}
	der, err := p.cms.Finish(value, cms.FinishOptions{})
	if errors.Is(err, cms.ErrSignatureSize) {
		return nil, fmt.Errorf("%w: %v", ErrSignature, err)
	}
	if err != nil {
		return nil, err
	}
	if err := p.template.verify(p.cms.SignedAttrs(), value); err != nil {
		return nil, err
	}
	tail := bytes.Clone(p.tail)
	return tail, fill(tail[p.hole[0]:p.hole[1]], der)
}

// preparedSchema names the form of a stored Prepared.
const preparedSchema = "vidimus.prepared/1"

// maxTail bounds the update in a stored Prepared. One has some 10 kB, more only
// where a large page or form dictionary had to be rewritten.
const maxTail = 64 << 20

type preparedJSON struct {
	Schema       string   `json:"schema"`
	Size         int64    `json:"size"`   // of the original, in bytes
	Update       []byte   `json:"update"` // to be appended
	Digest       []byte   `json:"digest"`
	Certificates [][]byte `json:"certificates"`
	PSS          bool     `json:"pss,omitempty"`
}

// MarshalJSON writes the prepared signature for another process.
func (p *Prepared) MarshalJSON() ([]byte, error) {
	v := preparedJSON{Schema: preparedSchema, Size: p.size, Update: p.tail, Digest: p.digest, PSS: p.pss}
	for _, c := range p.chain {
		v.Certificates = append(v.Certificates, c.Raw)
	}
	return json.Marshal(v)
}

// UnmarshalJSON reads what MarshalJSON wrote; the error is [ErrPrepared] with
// what is wrong.
func (p *Prepared) UnmarshalJSON(data []byte) error {
	var v preparedJSON
	if err := json.Unmarshal(data, &v); err != nil {
		return fmt.Errorf("%w: %v", ErrPrepared, err)
	}
	if v.Schema != preparedSchema || v.Size < 0 || len(v.Update) > maxTail || len(v.Certificates) == 0 || len(v.Certificates) > maxChain {
		return fmt.Errorf("%w: schema %q, size %d, update of %d bytes, %d certificates", ErrPrepared, v.Schema, v.Size, len(v.Update), len(v.Certificates))
	}
	q := Prepared{size: v.Size, tail: v.Update, digest: v.Digest, pss: v.PSS}
	for _, der := range v.Certificates {
		c, err := parseCertificate(der)
		if err != nil {
			return fmt.Errorf("%w: %v", ErrPrepared, err)
		}
		q.chain = append(q.chain, c)
	}
	var err error
	if q.template, err = newProfile(q.chain, q.pss, gostpki.Add(pki.DefaultSuites())); err != nil {
		return fmt.Errorf("%w: %w", ErrPrepared, err)
	}
	if err := q.locate(); err != nil {
		return err
	}
	if err := q.prepare(); err != nil {
		return fmt.Errorf("%w: %v", ErrPrepared, err)
	}
	*p = q
	return nil
}

// locate finds the hole in the update: the ByteRange there has to be the one of
// the whole document but for one empty placeholder (ISO 32000-2 §12.8.1).
func (p *Prepared) locate() error {
	fail := func(what string) error { return fmt.Errorf("%w: %s", ErrPrepared, what) }
	at := bytes.Index(p.tail, []byte(contentsKey))
	if at < 0 || bytes.Count(p.tail, []byte(contentsKey)) != 1 {
		return fail("not one /Contents")
	}
	start := at + len(contentsKey)
	n := bytes.IndexByte(p.tail[start:], '>')
	if n < 0 || n%2 != 0 || !zeros(p.tail[start:start+n]) {
		return fail("no empty placeholder")
	}
	p.hole = [2]int{start, start + n}
	want := byteRange(p.size, len(p.tail), p.hole)
	if bytes.Count(p.tail, []byte(want)) != 1 {
		return fail("ByteRange is not " + want)
	}
	return nil
}

// byteRange writes the entry for an update of the given length after size
// bytes. Its own length does not depend on the numbers.
func byteRange(size int64, tail int, hole [2]int) string {
	before, after := size+int64(hole[0])-1, size+int64(hole[1])+1
	s := fmt.Sprintf("/ByteRange [0 %d %d %d]", before, after, size+int64(tail)-after)
	return fmt.Sprintf("%-*s", byteRangeLen, s)
}

// byteRangeLen has room for three numbers of 13 digits: 10 TB.
const byteRangeLen = len("/ByteRange [0 ]") + 3*13 + 2

// contentsKey is how the signature dictionary begins its hole. The white space
// makes it unlike anything that [pdf.AppendObject] writes.
const contentsKey = "/Contents\n<"
