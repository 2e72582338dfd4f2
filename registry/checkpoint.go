package registry

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is the body of a C2SP tlog-checkpoint without extension lines.
type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

func (c checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.origin, c.size, base64.StdEncoding.EncodeToString(c.root[:]))
}

// openCheckpoint checks the signature of a checkpoint and its origin.
func openCheckpoint(signed []byte, v note.Verifier) (checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err == nil && c.origin != v.Name() {
		err = fmt.Errorf("checkpoint: origin %q, want %q", c.origin, v.Name())
	}
	return c, err
}

func parseCheckpoint(text string) (checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 {
		return checkpoint{}, fmt.Errorf("checkpoint: %d lines", len(lines)-1)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return checkpoint{}, fmt.Errorf("checkpoint: bad size %q", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return checkpoint{}, fmt.Errorf("checkpoint: bad root %q", lines[2])
	}
	return checkpoint{lines[0], size, tlog.Hash(root)}, nil
}

// logSigner makes a note.Signer of any Ed25519 key, also one in a device.
type logSigner struct {
	note.Verifier
	key crypto.Signer
}

func (s *logSigner) Sign(msg []byte) ([]byte, error) {
	return s.key.Sign(nil, msg, crypto.Hash(0))
}

// newLogSigner returns the signer of a log and the text form of its public key.
func newLogSigner(origin string, key crypto.Signer) (*logSigner, string, error) {
	pub, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return nil, "", fmt.Errorf("%w: it is a %T, want ed25519.PublicKey", ErrLogKey, key.Public())
	}
	v, vkey, err := newLogVerifier(origin, pub)
	if err != nil {
		return nil, "", err
	}
	return &logSigner{v, key}, vkey, nil
}

func newLogVerifier(origin string, pub ed25519.PublicKey) (note.Verifier, string, error) {
	vkey, err := note.NewEd25519VerifierKey(origin, pub)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrLogKey, err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil { // the origin cannot be a key name: empty, spaces or a plus sign
		return nil, "", fmt.Errorf("%w: %q: %w", ErrOrigin, origin, err)
	}
	return v, vkey, nil
}

const sqlLastCheckpoint = "SELECT note, size FROM checkpoint ORDER BY size DESC LIMIT 1"

// Checkpoint returns the last signed checkpoint (C2SP tlog-checkpoint).
func (r *Registry) Checkpoint(ctx context.Context) ([]byte, error) {
	var signed []byte
	err := r.store.lookup(ctx, func(q querier) (err error) {
		signed, err = lastCheckpoint(q)
		return err
	})
	return signed, err
}

func lastCheckpoint(q querier) ([]byte, error) {
	found, err := first(q, sqlLastCheckpoint)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, &CorruptError{Table: "checkpoint", Detail: "is empty"}
	}
	return []byte(found.text(0)), nil
}

// VerifierKey returns the log's public key in the text form of C2SP
// signed-note ("vkey"), as monitors and witnesses take it.
func (r *Registry) VerifierKey() string { return r.vkey }

// Verifier checks the log's checkpoints.
func (r *Registry) Verifier() note.Verifier { return r.verifier }
