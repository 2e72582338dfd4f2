package vidimus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Issuer turns checked data into a signed, registered certificate:
//
//	reserve ID and number → seal (QR) → render → lint → sign → verify own product → record → publish
//
// Nothing half-issued is ever visible: before Record returns, the registry
// holds only a reservation, afterwards the whole certificate, and Record is one
// transaction. After a crash, repeating Issue with the same key either finds
// the finished certificate or finishes it with the same ID and number.
//
// All fields but Linter, Publisher, Rand, Now and Kinds are required. An Issuer
// is safe for concurrent use if its parts are; many certificates are issued by
// calling Issue from many goroutines, and a registry may commit them together.
type Issuer struct {
	Series    string // of the certificate numbers; see [Number]
	Registry  Registrar
	Sealer    Sealer
	Renderer  Renderer
	Linter    Linter // nil: the renderer's product is signed as it is
	Signer    Signer
	Verifier  ProductVerifier
	Publisher Publisher // nil: the registry's copy is all there is

	Actor string           // who issues, for the registry's journal
	Kinds *Kinds           // nil: [DefaultKinds], parsed at each call
	Rand  io.Reader        // nil: crypto/rand.Reader
	Now   func() time.Time // nil: time.Now
}

// Registrar reserves numbers and keeps what was issued.
type Registrar interface {
	// Reserve binds key to an ID and a number. A repeated key returns the first
	// reservation. Other data under the same key is taken while the certificate
	// is unfinished, since nothing was published, and is [ErrKeyReused] after.
	Reserve(ctx context.Context, r ReserveRequest) (Reservation, error)
	// Record stores a finished certificate in one transaction and returns when
	// it is durable. A repeated key returns the first receipt.
	Record(ctx context.Context, e Entry) (Receipt, error)
}

// Sealer makes the text of the QR code.
type Sealer interface {
	SealCertificate(c *Certificate, kind Kind, visible [16]byte) (url string, err error)
}

// Renderer draws the page, with a hole where the signature will be.
type Renderer interface {
	Render(ctx context.Context, c *Certificate, kind Kind, url string, record []byte) (*Draft, error)
}

// Prechecker is a capability of a [Renderer] that can tell before a number is
// taken whether the page can be drawn: whether the font has every letter and the
// texts fit.
type Prechecker interface {
	Precheck(c *Certificate, kind Kind) error
}

// Linter checks a rendered document before it is signed.
type Linter interface {
	Lint(d *Draft) error
}

// Signer signs a draft and returns the finished document. It may do so in the
// memory of d.Bytes, so a draft is signed once. It must not keep d.
type Signer interface {
	SignDraft(ctx context.Context, d *Draft) ([]byte, error)
}

// ProductVerifier checks the finished document as any stranger would, and that
// it says what c says. An error keeps the document from being recorded.
type ProductVerifier interface {
	VerifyProduct(ctx context.Context, document []byte, c *Certificate) error
}

// Publisher hands out a recorded certificate: writes a file, sends a message.
// It may be called again for the same certificate.
type Publisher interface {
	Publish(ctx context.Context, issued *Issued) error
}

// Draft is a rendered document that lacks only its signature.
type Draft struct {
	Bytes     []byte
	ByteRange [4]int64 // offsets and lengths, as in the signature dictionary; the gap is the hole for /Contents
	PrefixLen int      // Bytes[:PrefixLen] is the same in every document of the template
	PrefixSum [32]byte // its SHA-256
	// PrefixState is the marshalled crypto/sha256 state after the prefix, so
	// that a signer need not hash it again. It may be nil.
	PrefixState []byte
	Time        time.Time // the time written into the signature dictionary
}

// ReserveRequest asks for an ID and a number.
type ReserveRequest struct {
	Key    string
	Digest [32]byte // of the data to be certified
	ID     ID       // a fresh candidate, used unless the key is known
	Salt   [16]byte // likewise
	Series string
	Year   int
	At     time.Time
}

// Reservation is what a key is bound to.
type Reservation struct {
	ID       ID
	Number   Number
	Salt     [16]byte
	At       time.Time // when it was first made: becomes IssuedAt
	Finished *Issued   // set when the certificate exists already
}

// Entry is a finished certificate on its way into the registry.
type Entry struct {
	Key         string
	Digest      [32]byte // as reserved
	Certificate Certificate
	Salt        [16]byte
	URL         string // of the QR code
	Document    []byte
	PrefixLen   int // Document[:PrefixLen] is shared by many documents and may be stored once
	PrefixSum   [32]byte
	Actor       string
}

// Receipt says where the registry put an entry.
type Receipt struct {
	ID        ID        `json:"id"`
	LeafIndex int64     `json:"leafIndex"` // position in the log, from 0
	LeafHash  [32]byte  `json:"-"`
	TreeSize  int64     `json:"treeSize"` // of the checkpoint that covers it
	Recorded  time.Time `json:"recorded"`
}

// Registered is what a registry knows of a certificate: the public side of an
// [Entry] and what became of it.
type Registered struct {
	Certificate    Certificate // without private data
	Salt           [16]byte
	URL            string
	DocumentSHA256 [32]byte
	Changes        []Change // in the order of recording
}

// Issued is a certificate with its document.
type Issued struct {
	Certificate Certificate
	URL         string
	Document    []byte
	Receipt     Receipt
	Repeated    bool // an earlier call with the same key had issued it
}

var (
	// ErrKey is returned by [Issuer.Issue] for an empty or overlong key.
	ErrKey = errors.New("vidimus: bad idempotency key")
	// ErrKeyReused is returned when a key comes back with other data.
	ErrKeyReused = errors.New("vidimus: idempotency key was used for other data")
	// ErrNotBlank is returned when the data already has an ID or a number.
	ErrNotBlank = errors.New("vidimus: ID, number and time of issue are set by the issuer")
)

// StepError says at which step issuing stopped. Unless the step is "publish",
// no certificate came into being.
type StepError struct {
	Step string // validate, reserve, seal, record-json, render, lint, sign, verify, record, publish
	Key  string
	Err  error
}

func (e *StepError) Error() string {
	return fmt.Sprintf("vidimus: issue %q: %s: %v", e.Key, e.Step, e.Err)
}

// Unwrap returns the cause.
func (e *StepError) Unwrap() error { return e.Err }

// Issue issues the certificate c under an idempotency key chosen by the caller:
// calling again with the same key and data returns the same certificate, with
// Repeated set, whoever is named as signatory this time. c must have no ID,
// number or time of issue; an absent ValidUntil becomes the default of the kind.
//
// Errors: [ErrKey], [ErrNotBlank]; [FieldErrors] and all else wrapped in
// [*StepError]. When only publishing failed, the issued certificate is returned
// together with the error.
func (is *Issuer) Issue(ctx context.Context, key string, c Certificate) (*Issued, error) {
	return is.Reserve(ctx, []Request{{Key: key, Certificate: c}})[0].Finish(ctx)
}

// Finish takes a reserved certificate through all further steps. It is called
// once; its errors are those of [Issuer.Issue].
func (p *Pending) Finish(ctx context.Context) (*Issued, error) {
	if p.err != nil {
		return nil, p.err
	}
	is, res := p.issuer, &p.reservation
	if res.Finished != nil {
		res.Finished.Repeated = true
		return is.publish(ctx, p.key, res.Finished)
	}
	c := p.certificate
	c.ID, c.Number, c.IssuedAt = res.ID, res.Number, res.At.UTC().Truncate(time.Second)
	step := "seal"
	fail := func(err error) (*Issued, error) { return nil, &StepError{Step: step, Key: p.key, Err: err} }

	url, err := is.Sealer.SealCertificate(&c, p.kind, VisibleDigest(res.Salt, c.VisibleFields()))
	if err != nil {
		return fail(err)
	}
	step = "record-json"
	record, err := NewRecord(&c, url, res.Salt).JSON()
	if err != nil {
		return fail(err)
	}
	step = "render"
	draft, err := is.Renderer.Render(ctx, &c, p.kind, url, record)
	if err != nil {
		return fail(err)
	}
	if is.Linter != nil {
		step = "lint"
		if err := is.Linter.Lint(draft); err != nil {
			return fail(err)
		}
	}
	step = "sign"
	doc, err := is.Signer.SignDraft(ctx, draft)
	if err != nil {
		return fail(err)
	}
	step = "verify"
	if err := is.Verifier.VerifyProduct(ctx, doc, &c); err != nil {
		return fail(err)
	}
	step = "record"
	receipt, err := is.Registry.Record(ctx, Entry{
		Key: p.key, Digest: p.request.Digest, Certificate: c, Salt: res.Salt, URL: url,
		Document: doc, PrefixLen: draft.PrefixLen, PrefixSum: draft.PrefixSum, Actor: is.Actor,
	})
	if err != nil {
		// Another call with this key may have been faster, or this one committed
		// without learning of it: then the certificate exists.
		if again, err := is.Registry.Reserve(ctx, p.request); err == nil && again.Finished != nil {
			again.Finished.Repeated = true
			return is.publish(ctx, p.key, again.Finished)
		}
		return fail(err)
	}
	return is.publish(ctx, p.key, &Issued{Certificate: c, URL: url, Document: doc, Receipt: receipt})
}

// publish runs after the point of no return: its failure must not hide that the
// certificate exists.
func (is *Issuer) publish(ctx context.Context, key string, issued *Issued) (*Issued, error) {
	if is.Publisher == nil {
		return issued, nil
	}
	if err := is.Publisher.Publish(ctx, issued); err != nil {
		return issued, &StepError{Step: "publish", Key: key, Err: err}
	}
	return issued, nil
}
