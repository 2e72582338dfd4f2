package registry

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/vidimus/vidimus"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The methods below have their final signatures and no bodies yet.

var errNotYet = errors.New("registry: not written yet")

type Registry struct{}

func Open(ctx context.Context, path string, o Options) (*Registry, error) { return nil, errNotYet }
func (r *Registry) Close() error                                          { return errNotYet }

func (r *Registry) Reserve(ctx context.Context, q vidimus.ReserveRequest) (vidimus.Reservation, error) {
	return vidimus.Reservation{}, errNotYet
}
func (r *Registry) Record(ctx context.Context, e vidimus.Entry) (vidimus.Receipt, error) {
	return vidimus.Receipt{}, errNotYet
}
func (r *Registry) Get(ctx context.Context, id vidimus.ID) (*Record, error) { return nil, errNotYet }
func (r *Registry) GetByNumber(ctx context.Context, n vidimus.Number) (*Record, error) {
	return nil, errNotYet
}

// Resolve finds the ID of an issued number.
func (r *Registry) Resolve(ctx context.Context, n vidimus.Number) (vidimus.ID, error) {
	return vidimus.ID{}, errNotYet
}

// FindByDocument finds the certificate whose document has this SHA-256.
func (r *Registry) FindByDocument(ctx context.Context, sha256 [32]byte) (*Record, error) {
	return nil, errNotYet
}

// Search ignores case and the difference of ё and е. The surname must match
// whole, or by its beginning if it ends in "*"; the name matches by its
// beginning, and an empty one always.
func (r *Registry) Search(ctx context.Context, surname, name string, limit int) ([]*Record, error) {
	return nil, errNotYet
}

// LookupJSON returns the public answer about a certificate:
// {"schema","status","certificate":{…},"document":{"sha256","size"},"recorded","leafIndex","changes":[…]}.
func (r *Registry) LookupJSON(ctx context.Context, id vidimus.ID) (body []byte, etag string, err error) {
	return nil, "", errNotYet
}

// Change records a change of status. Recorded is set by the registry.
func (r *Registry) Change(ctx context.Context, id vidimus.ID, ch vidimus.Change) (vidimus.Receipt, error) {
	return vidimus.Receipt{}, errNotYet
}

// Event is one line of the journal.
type Event struct {
	LeafIndex  int64      `json:"leafIndex"`
	At         time.Time  `json:"at"`
	Actor      string     `json:"actor"`
	Action     string     `json:"action"` // issue, erase, or a vidimus.Action
	ID         vidimus.ID `json:"id"`
	Effective  time.Time  `json:"effective,omitzero"`
	Reason     string     `json:"reason,omitempty"`
	Basis      string     `json:"basis,omitempty"`
	ReplacedBy vidimus.ID `json:"replacedBy,omitzero"`
}

// History returns all events of one certificate, the oldest first.
func (r *Registry) History(ctx context.Context, id vidimus.ID) ([]Event, error) {
	return nil, errNotYet
}

// Journal writes all events as CSV.
func (r *Registry) Journal(ctx context.Context, w io.Writer) error { return errNotYet }

// Document returns the bytes of the signed document.
func (r *Registry) Document(ctx context.Context, id vidimus.ID) ([]byte, error) {
	return nil, errNotYet
}

// Erase deletes personal data.
func (r *Registry) Erase(ctx context.Context, id vidimus.ID, actor, basis string) (vidimus.Receipt, error) {
	return vidimus.Receipt{}, errNotYet
}

func (r *Registry) Checkpoint(ctx context.Context) ([]byte, error) { return nil, errNotYet }
func (r *Registry) Inclusion(ctx context.Context, leafIndex, treeSize int64) (tlog.RecordProof, error) {
	return nil, errNotYet
}
func (r *Registry) Consistency(ctx context.Context, oldSize, newSize int64) (tlog.TreeProof, error) {
	return nil, errNotYet
}

// LeafData returns the bytes of a leaf.
func (r *Registry) LeafData(ctx context.Context, index int64) ([]byte, error) { return nil, errNotYet }

// Tile returns a tile by its C2SP path: "tile/0/000", "tile/0/000.p/5", "tile/entries/000".
func (r *Registry) Tile(ctx context.Context, path string) ([]byte, error) { return nil, errNotYet }

// Verifier checks the checkpoints of this log; VerifierKey is its text form ("vkey").
func (r *Registry) Verifier() note.Verifier { return nil }
func (r *Registry) VerifierKey() string     { return "" }

// Proof shows a stranger that a leaf is in the log.
type Proof struct {
	LeafIndex  int64       `json:"leafIndex"`
	Leaf       string      `json:"leaf"`
	TreeSize   int64       `json:"treeSize"`
	Hashes     []tlog.Hash `json:"hashes"`
	Checkpoint string      `json:"checkpoint"`
}

// Proof proves the leaves of a certificate, the issue first.
func (r *Registry) Proof(ctx context.Context, id vidimus.ID) ([]Proof, error) { return nil, errNotYet }

// AuditReport is what an audit found.
type AuditReport struct {
	TreeSize    int64     `json:"treeSize"`
	Root        tlog.Hash `json:"root"`
	Records     int64     `json:"records"`
	Changes     int64     `json:"changes"`
	Erased      int64     `json:"erased"`
	Documents   int64     `json:"documents"`
	Checkpoints int64     `json:"checkpoints"`
	KeyFrom     string    `json:"keyFrom"` // "options" or "database": what vouches for the log key
	Problems    []Problem `json:"problems"`
	Truncated   bool      `json:"truncated,omitempty"` // there are more problems than are listed
}

// OK reports whether rows, journal, log and checkpoints agree.
func (a *AuditReport) OK() bool { return len(a.Problems) == 0 && !a.Truncated }

// Problem is one disagreement.
type Problem struct {
	Code      string `json:"code"`
	Table     string `json:"table"`
	ID        string `json:"id,omitempty"`
	LeafIndex int64  `json:"leafIndex"` // -1 if none
	Detail    string `json:"detail"`
}

func (r *Registry) Audit(ctx context.Context, progress func(done, total int64)) (*AuditReport, error) {
	return nil, errNotYet
}

// All iterates over the issued certificates in the order of reservation.
func (r *Registry) All(ctx context.Context) iter.Seq2[*Record, error] { return nil }

// OpenReservation is a number that has no certificate yet.
type OpenReservation struct {
	Key    string
	ID     vidimus.ID
	Number vidimus.Number
	At     time.Time
}

func (r *Registry) OpenReservations(ctx context.Context) ([]OpenReservation, error) {
	return nil, errNotYet
}

// Backup writes a consistent copy of the database to a new file.
func (r *Registry) Backup(ctx context.Context, path string) error { return errNotYet }

// OpenFileAnchor keeps the checkpoint in a file.
type FileAnchor struct{ Path string }

func (f FileAnchor) Load(ctx context.Context) ([]byte, error)         { return nil, errNotYet }
func (f FileAnchor) Store(ctx context.Context, old, new []byte) error { return errNotYet }

var _ vidimus.Registrar = (*Registry)(nil)
