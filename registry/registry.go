package registry

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"io"
	"time"

	"github.com/vidimus/vidimus"
)

// Options configure [Open]. With the zero value an existing registry can be
// read and audited; whatever writes returns [ErrNoLogKey].
type Options struct {
	// Origin names the log in its checkpoints, e.g. "example.org/vidimus". It is
	// required when the database is made; later it must be empty or the same.
	Origin string
	// LogKey signs checkpoints. Its public key must be an ed25519.PublicKey and
	// stay the same for the life of the log.
	LogKey crypto.Signer
	// LogPublicKey is what an audit without LogKey trusts. If both are absent,
	// the audit trusts the key that stands in the database, and says so.
	LogPublicKey ed25519.PublicKey
	// Anchor keeps the last checkpoint outside the database, so that a restored
	// old copy is noticed before it signs a second history. See [FileAnchor].
	Anchor Anchor

	Now         func() time.Time // nil: time.Now
	Rand        io.Reader        // nil: crypto/rand.Reader; used by one goroutine at a time
	BusyTimeout time.Duration    // how long to wait for another process that writes; 0: 5 s
	Readers     int              // connections for reading; 0: one per processor, at least 4
}

// Record is a registered certificate.
type Record struct {
	Certificate    vidimus.Certificate // without the holder's private data
	Private        Private
	Salt           [16]byte // of [vidimus.VisibleDigest]
	URL            string   // of the QR code
	DocumentSHA256 [32]byte
	DocumentSize   int64 // bytes
	Receipt        vidimus.Receipt
	Changes        []vidimus.Change // in the order of recording
}

// Private is the part of a certificate that is never published.
type Private struct {
	SNILS     string       `json:"snils,omitempty"`
	BirthDate vidimus.Date `json:"birthDate,omitzero"`
}

// Status answers for one moment as known on another; see [vidimus.StatusAt].
func (r *Record) Status(asOf, knownOn time.Time) vidimus.Status {
	return vidimus.StatusAt(&r.Certificate, r.Changes, asOf, knownOn)
}

// Full returns the certificate as it was issued, private data included.
func (r *Record) Full() vidimus.Certificate {
	c := r.Certificate
	c.Holder.SNILS, c.Holder.BirthDate = r.Private.SNILS, r.Private.BirthDate
	return c
}

// Anchor remembers the last checkpoint in a place that is not restored together
// with the database.
type Anchor interface {
	// Load returns the last stored checkpoint, nil if there is none yet.
	Load(ctx context.Context) ([]byte, error)
	// Store replaces old by new if old is still what is stored, and returns
	// [ErrAnchorConflict] if it is not.
	Store(ctx context.Context, old, new []byte) error
}
