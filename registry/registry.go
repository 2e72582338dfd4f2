package registry

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vidimus/vidimus"
	"golang.org/x/mod/sumdb/note"
)

// Registry is an open registry. It is safe for concurrent use, and several
// processes may have the same database open.
type Registry struct {
	store    store
	signer   *logSigner // nil without a log key
	verifier note.Verifier
	vkey     string
	keyFrom  string // "options" or "database"
	anchor   Anchor
	clock    func() time.Time

	randMu sync.Mutex
	rand   io.Reader

	prefixes prefixCache
	rows     rowCache

	queue   chan *request
	quit    chan struct{}
	stopped chan struct{}
	closing sync.Once

	// Only the writer's goroutine uses what follows.
	known    logState // checked or made by this process
	note     []byte   // its checkpoint
	anchored []byte   // what the anchor held last
	room     []byte   // for documents on their way to the file
}

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

// StatusNow answers for one moment with all that is recorded; see
// [vidimus.StatusNow].
func (r *Record) StatusNow(asOf time.Time) vidimus.Status {
	return vidimus.StatusNow(&r.Certificate, r.Changes, asOf)
}

// Full returns the certificate as it was issued, private data included.
func (r *Record) Full() vidimus.Certificate {
	c := r.Certificate
	c.Holder.SNILS, c.Holder.BirthDate = r.Private.SNILS, r.Private.BirthDate
	return c
}

// Open opens the registry in the SQLite file at path. A file that does not
// exist is made if both Origin and LogKey are given.
//
// Errors: [ErrSchema], [ErrOrigin], [ErrLogKey], [ErrCorrupt], [ErrBusy], and
// fs.ErrNotExist where there is nothing to open.
func Open(ctx context.Context, path string, o Options) (*Registry, error) {
	s, err := openSQLite(ctx, path, &o)
	if err != nil {
		return nil, err
	}
	r, err := newRegistry(ctx, s, &o)
	if err != nil {
		s.close()
		return nil, fmt.Errorf("registry: open %s: %w", path, err)
	}
	return r, nil
}

func newRegistry(ctx context.Context, s store, o *Options) (*Registry, error) {
	r := &Registry{
		store: s, anchor: o.Anchor, clock: o.Now, rand: o.Rand, rows: newRowCache(),
		queue: make(chan *request, maxBatch), quit: make(chan struct{}), stopped: make(chan struct{}),
	}
	if r.clock == nil {
		r.clock = time.Now
	}
	if r.rand == nil {
		r.rand = rand.Reader
	}
	origin, vkey, err := r.logIdentity(ctx)
	if err != nil {
		return nil, err
	}
	if origin == "" { // a new database
		if o.LogKey == nil || o.Origin == "" {
			return nil, fmt.Errorf("%w: the registry has no log yet, and making one needs Origin and LogKey", ErrNoLogKey)
		}
		if origin, vkey, err = r.startLog(ctx, o.Origin, o.LogKey); err != nil {
			return nil, err
		}
	}
	if o.Origin != "" && o.Origin != origin {
		return nil, fmt.Errorf("%w: log is %q, not %q", ErrOrigin, origin, o.Origin)
	}
	if err := r.setKeys(origin, vkey, o); err != nil {
		return nil, err
	}
	if r.signer != nil {
		if err := r.wipe(ctx); err != nil {
			return nil, err
		}
	}
	go r.writeLoop()
	go r.fillRows()
	return r, nil
}

const sqlIdentity = "SELECT origin, vkey FROM log"

func (r *Registry) logIdentity(ctx context.Context) (origin, vkey string, err error) {
	err = r.store.lookup(ctx, func(q querier) error {
		return q.query(sqlIdentity, func(found row) error {
			origin, vkey = found.text(0), found.text(1)
			return nil
		})
	})
	return origin, vkey, err
}

const sqlInsertLog = "INSERT INTO log (one, origin, vkey, size, edge, last) VALUES (1, $1, $2, 0, $3, 0)"

// startLog signs the empty log, so that there always is a checkpoint.
func (r *Registry) startLog(ctx context.Context, origin string, key crypto.Signer) (string, string, error) {
	signer, vkey, err := newLogSigner(origin, key)
	if err != nil {
		return "", "", err
	}
	r.signer = signer
	err = r.store.write(ctx, func(tx transaction) error {
		found, err := first(tx, sqlIdentity)
		if err != nil {
			return err
		}
		if found != nil { // another process was faster
			origin, vkey = found.text(0), found.text(1)
			return nil
		}
		signed, err := r.sign(logState{0, new(tree).root()})
		if err != nil {
			return err
		}
		if err := tx.exec(sqlInsertLog, origin, vkey, []byte{}); err != nil {
			return err
		}
		return tx.exec(sqlInsertPoint, int64(0), string(signed))
	})
	return origin, vkey, err
}

// setKeys takes the log's key from the options if it is there, and compares it
// with the one that began the log.
func (r *Registry) setKeys(origin, vkey string, o *Options) (err error) {
	r.keyFrom = "options"
	switch {
	case o.LogKey != nil:
		if r.signer, r.vkey, err = newLogSigner(origin, o.LogKey); err != nil {
			return err
		}
		r.verifier = r.signer.Verifier
	case o.LogPublicKey != nil:
		if r.verifier, r.vkey, err = newLogVerifier(origin, o.LogPublicKey); err != nil {
			return err
		}
	default:
		r.keyFrom, r.vkey = "database", vkey
		if r.verifier, err = note.NewVerifier(vkey); err != nil {
			return &CorruptError{Table: "log", Detail: "verifier key", Err: err}
		}
	}
	if r.vkey != vkey {
		return fmt.Errorf("%w: the log was begun with %s", ErrLogKey, vkey)
	}
	return nil
}

// Close finishes what was handed in, and closes the database.
func (r *Registry) Close() error {
	err := ErrClosed
	r.closing.Do(func() {
		close(r.quit)
		<-r.stopped
		err = r.store.close()
	})
	return err
}

func (r *Registry) now() time.Time { return r.clock().UTC() }

// nonceSize makes guessing what a commitment hides hopeless.
const nonceSize = 32

func (r *Registry) newNonce() ([]byte, error) {
	r.randMu.Lock()
	defer r.randMu.Unlock()
	b := make([]byte, nonceSize)
	if _, err := io.ReadFull(r.rand, b); err != nil {
		return nil, fmt.Errorf("registry: draw a nonce: %w", err)
	}
	return b, nil
}
