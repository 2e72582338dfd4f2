// Package pdfa writes one-page documents that are PDF/A-3a (ISO 19005-3) and
// PDF/UA-1 (ISO 14289-1) at once: tagged, with embedded subset fonts, an sRGB
// output intent, XMP equal to the information dictionary, an attachment and a
// hole for a certification signature.
//
//	base, err := pdfa.NewBase(pdfa.Config{…})     // once per template
//	doc := base.NewDoc()                          // per document
//	p := doc.Add(pdfa.Root, "P", pdfa.Attr{})
//	doc.Begin(p); doc.Text(…); doc.End()
//	out, err := doc.Finish(pdfa.Info{…}, pdfa.Options{…})
//
// What all documents of a base share (fonts, colour profile, constant drawing)
// is written, deflated and hashed once and stands first in each file: see
// [Output.Digest]. Same input gives the same bytes; no clock is read.
//
// Finish checks its own product against the clauses it could break before it
// returns it; [Lint] does the same for bytes.
package pdfa

import (
	"crypto/sha256"
	"encoding"
	"errors"
	"fmt"
	"hash"
	"time"

	"github.com/vidimus/vidimus/internal/pdf/sfnt"
)

// Mode selects the conformance that a file claims and keeps.
type Mode int

const (
	// A3a is PDF/A-3a and PDF/UA-1, what is handed out.
	A3a Mode = iota
	// Test1b is PDF/A-1b: no attachment, with CIDSet. It exists because an
	// independent checker for it is freely available.
	Test1b
)

// Font is one font of the page, used by its index in [Config.Fonts].
type Font struct {
	Face   *sfnt.Font
	Subset *sfnt.Subset
	Bold   bool
}

// Config is what all documents of a [Base] share.
type Config struct {
	Mode          Mode
	Width, Height float64 // of the page, in points
	Lang          string  // of the document, e.g. "ru-RU" (RFC 5646)
	Fonts         []Font
	Producer      string // program that writes the file
	// Static draws what is the same on every page; nil for nothing. Elements
	// that it adds are children of [Root] and take their place in the reading
	// order by [Doc.Place], in which they are counted from 0.
	Static func(*Doc) error
	// Specimen draws a page as most will be and returns an attachment as most will
	// have. Streams are deflated in the way that suits these. nil: all bytes are
	// taken to be as likely.
	Specimen func(*Doc) (attachment []byte, err error)
	// NoLintUnsafe leaves out the check of each finished document.
	NoLintUnsafe bool
}

// Info is the description of one document, written both to the information
// dictionary and to XMP.
type Info struct {
	Title   string // required by PDF/UA-1 §7.1
	Author  string
	Subject string
	Creator string    // program that asked for the document
	Created time.Time // also the time of modification; whole seconds, UTC
}

// Attachment is a file carried inside the document (ISO 19005-3 §6.8).
type Attachment struct {
	Name        string // ASCII file name
	MIME        string
	Description string
	Data        []byte
	Modified    time.Time
}

// Signature asks for a certification signature's dictionary (ISO 32000-2
// §12.8) with a hole for the CMS. The field is invisible.
type Signature struct {
	Field    string // name of the field, ASCII
	Tooltip  string // what assistive software says of the field (PDF/UA-1 §7.18.1)
	Time     time.Time
	Name     string // of the signer; optional, as are the next two
	Reason   string
	Location string
	Size     int // room for the CMS in bytes; the hole has twice as many digits
}

// Options are the optional parts of one document.
type Options struct {
	Attachment *Attachment
	Signature  *Signature
}

// Span is a part of a file: Start up to, not including, End.
type Span struct{ Start, End int64 }

// Output is a finished document.
type Output struct {
	Bytes     []byte
	PrefixLen int      // Bytes[:PrefixLen] is the same for all documents of the base
	PrefixSum [32]byte // its SHA-256
	// Hole is the value of /Contents with its angle brackets, which stays
	// outside ByteRange; zero without a signature. The digits are zeros.
	Hole      Span
	ByteRange [4]int64

	state []byte
}

// PrefixState returns the state of crypto/sha256 after the prefix, in the form
// that its UnmarshalBinary takes. It is shared: don't change it.
func (o *Output) PrefixState() []byte { return o.state }

// Digest returns the SHA-256 of the bytes that ByteRange covers. It starts from
// the state after the prefix, so that only the rest is hashed.
func (o *Output) Digest() ([32]byte, error) {
	var sum [32]byte
	h := sha256.New()
	if err := restore(h, o.state); err != nil {
		return sum, err
	}
	if o.ByteRange == ([4]int64{}) {
		h.Write(o.Bytes[o.PrefixLen:])
	} else {
		h.Write(o.Bytes[o.PrefixLen:o.Hole.Start])
		h.Write(o.Bytes[o.Hole.End:])
	}
	h.Sum(sum[:0])
	return sum, nil
}

func restore(h hash.Hash, state []byte) error {
	u, ok := h.(encoding.BinaryUnmarshaler)
	if !ok {
		return errors.New("pdfa: sha256 state cannot be restored")
	}
	return u.UnmarshalBinary(state)
}

// ErrConfig is wrapped by errors about a [Config], [Info] or [Options] that
// cannot give a conforming file.
var ErrConfig = errors.New("pdfa: bad configuration")

func configError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrConfig, fmt.Sprintf(format, args...))
}
