package registry

import (
	"encoding/json"
	"fmt"

	"github.com/vidimus/vidimus"
)

// stored is a row of the table record. Two digests guard it: digest over what
// never changes, to which the leaf of the issue commits, and seal over the rest.
// An edit of the row alone is noticed wherever the row is read; an edit that
// also recomputes the digests is noticed by the audit, as the log still has the
// old ones.
type stored struct {
	n                     int64
	id                    vidimus.ID
	leaf                  int64
	recorded              int64
	validFrom, validUntil int64
	public, private       string
	salt, nonce           []byte
	url                   string
	request               []byte
	sha256                [32]byte
	size                  int64
	digest                [32]byte
	changes               string
	seal                  [32]byte
}

// storedColumns are read by scan and written by Record, in this order.
const storedColumns = `n, id, leaf, recorded, valid_from, valid_until, public, private,
 salt, nonce, url, request, sha256, size, digest, changes, seal`

func (s *stored) scan(r row) {
	*s = stored{
		n: r.int(0), leaf: r.int(2), recorded: r.int(3), validFrom: r.int(4), validUntil: r.int(5),
		public: r.text(6), private: r.text(7), salt: r.blob(8), nonce: r.blob(9), url: r.text(10), request: r.blob(11),
		sha256: r.hash(12), size: r.int(13), digest: r.hash(14), changes: r.text(15), seal: r.hash(16),
	}
	if b := r.blob(1); len(b) == len(s.id) {
		s.id = vidimus.ID(b)
	}
}

func (s *stored) computeDigest() [32]byte {
	d := newDigester("vidimus/row/1", len(s.public)+len(s.private)+len(s.url))
	d.bytes(s.nonce)
	d.bytes(s.id[:])
	d.int(s.validFrom)
	d.int(s.validUntil)
	d.text(s.public)
	d.text(s.private)
	d.bytes(s.salt)
	d.text(s.url)
	d.bytes(s.request)
	d.bytes(s.sha256[:])
	d.int(s.size)
	return d.sum()
}

func (s *stored) computeSeal() [32]byte {
	d := newDigester("vidimus/seal/1", len(s.changes))
	d.bytes(s.digest[:])
	d.int(s.leaf)
	d.int(s.recorded)
	d.text(s.changes)
	return d.sum()
}

// check reports a row that is not what was written.
func (s *stored) check() error {
	switch {
	case s.computeDigest() != s.digest:
		return &CorruptError{Table: "record", Record: s.id.String(), Detail: "digest does not match the row"}
	case s.computeSeal() != s.seal:
		return &CorruptError{Table: "record", Record: s.id.String(), Detail: "seal does not match the row"}
	}
	return nil
}

// decode turns a checked row into a Record without Changes and leaf hash.
func (s *stored) decode() (*Record, error) {
	rec := &Record{
		URL: s.url, DocumentSHA256: s.sha256, DocumentSize: s.size,
		Receipt: vidimus.Receipt{ID: s.id, LeafIndex: s.leaf, Recorded: fromMicros(s.recorded)},
	}
	if err := json.Unmarshal([]byte(s.public), &rec.Certificate); err != nil {
		return nil, &CorruptError{Table: "record", Record: s.id.String(), Detail: "public", Err: err}
	}
	if err := json.Unmarshal([]byte(s.private), &rec.Private); err != nil {
		return nil, &CorruptError{Table: "record", Record: s.id.String(), Detail: "private", Err: err}
	}
	if rec.Certificate.ID != s.id || len(s.salt) != len(rec.Salt) {
		return nil, &CorruptError{Table: "record", Record: s.id.String(), Detail: "ID or salt"}
	}
	rec.Salt = [16]byte(s.salt)
	return rec, nil
}

// publicChange is what a stranger may know of a change: not who made it, and
// not on what document, as both may name people.
type publicChange struct {
	Action     vidimus.Action `json:"action"`
	Effective  string         `json:"effective"`
	Recorded   string         `json:"recorded"`
	Reason     string         `json:"reason"`
	ReplacedBy vidimus.ID     `json:"replacedBy,omitzero"`
	LeafIndex  int64          `json:"leafIndex"`
}

const noChanges = "[]"

// publicChanges encodes the column changes from the events of a certificate.
func publicChanges(events []Event) (string, error) {
	list := []publicChange{}
	for _, ev := range events {
		if !ev.isChange() {
			continue
		}
		list = append(list, publicChange{
			Action: vidimus.Action(ev.Action), Effective: ev.Effective.Format(leafTime), Recorded: ev.At.Format(leafTime),
			Reason: ev.Reason, ReplacedBy: ev.ReplacedBy, LeafIndex: ev.LeafIndex,
		})
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("registry: encode changes: %w", err)
	}
	return string(b), nil
}
