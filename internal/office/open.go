package office

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// Purpose says what an office is opened for, and so which keys are read: a
// server that answers questions has no business with private keys.
type Purpose int

const (
	Reading  Purpose = iota // look up, verify, serve: public keys only
	Changing                // change statuses: the log key
	Issuing                 // issue: all keys
)

// Office is an open folder. Close it.
type Office struct {
	Dir      string
	Config   *Config
	Kinds    vidimus.Kinds
	Registry *registry.Registry
	QRKeys   qr.KeySet
	Trust    *verify.Trust
	CRLs     [][]byte

	now      func() time.Time
	issuer   *vidimus.Issuer
	identity *signer.Identity
	secret   []byte // of idempotency keys; set for [Issuing]
}

// Options change how an office is opened.
type Options struct {
	Now      func() time.Time // nil: time.Now
	Password string           // of an encrypted signer key
	NoFiles  bool             // issued documents stay in the registry; [Office.Export] writes them later
}

// Open reads the configuration, the keys that the purpose needs, and opens the
// registry. Each error names the file that is wrong.
func Open(ctx context.Context, dir string, purpose Purpose, opt Options) (*Office, error) {
	c, err := LoadConfig(dir)
	if err != nil {
		return nil, err
	}
	o := &Office{Dir: dir, Config: c, now: opt.Now}
	if o.now == nil {
		o.now = time.Now
	}
	if err := o.readPublic(); err != nil {
		return nil, err
	}
	ro := registry.Options{Now: opt.Now}
	if ro.LogPublicKey, err = readLogPublic(o.path(c.LogPublic)); err != nil {
		return nil, err
	}
	if purpose != Reading {
		if ro.LogKey, err = readKey(o.path(c.LogKey)); err != nil {
			return nil, err
		}
	}
	if c.Anchor != "" { // for readers too: an audit compares with it
		ro.Anchor = registry.FileAnchor{Path: o.path(c.Anchor)}
	}
	if _, err := os.Stat(o.path(c.Registry)); err != nil {
		return nil, fmt.Errorf("office: registry: %w", err)
	}
	if o.Registry, err = registry.Open(ctx, o.path(c.Registry), ro); err != nil {
		return nil, err
	}
	if purpose != Reading {
		if err := o.checkAnchored(ctx); err != nil {
			return nil, errors.Join(err, o.Registry.Close())
		}
	}
	if purpose == Issuing {
		if err := o.wire(opt); err != nil {
			return nil, errors.Join(err, o.Registry.Close())
		}
	}
	return o, nil
}

// ErrNoAnchor is returned instead of writing when the log has entries and the
// file of its last checkpoint is gone: without it a restored old database would
// not be noticed.
var ErrNoAnchor = errors.New("office: the anchor file is missing; if the registry is known to be the newest one, write it with `vidimus log checkpoint`")

func (o *Office) checkAnchored(ctx context.Context) error {
	path := o.path(o.Config.Anchor)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	checkpoint, err := o.Registry.Checkpoint(ctx)
	if err != nil {
		return err
	}
	// C2SP tlog-checkpoint: the second line is the size of the tree.
	if line := strings.SplitN(string(checkpoint), "\n", 3); len(line) == 3 && line[1] != "0" {
		return fmt.Errorf("%w (%s)", ErrNoAnchor, path)
	}
	return nil
}

// Close closes the registry.
func (o *Office) Close() error { return o.Registry.Close() }

func (o *Office) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(o.Dir, name)
}

func (o *Office) readPublic() error {
	jwks, err := readSmall(o.path(o.Config.QRKeys))
	if err != nil {
		return err
	}
	if o.QRKeys, err = qr.ParseJWKS(jwks); err != nil {
		return fmt.Errorf("office: %s: %w", o.Config.QRKeys, err)
	}
	var anchors [][]byte
	for _, name := range o.Config.Trust {
		data, err := readSmall(o.path(name))
		if err != nil {
			return err
		}
		anchors = append(anchors, data)
	}
	if o.Trust, err = verify.NewTrust(anchors...); err != nil {
		return fmt.Errorf("office: trust: %w", err)
	}
	for _, name := range o.Config.CRLs {
		data, err := readSmall(o.path(name))
		if err != nil {
			return err
		}
		o.CRLs = append(o.CRLs, data)
	}
	if o.Config.Kinds == "" {
		o.Kinds = vidimus.DefaultKinds()
		return nil
	}
	data, err := os.Open(o.path(o.Config.Kinds))
	if err != nil {
		return fmt.Errorf("office: kinds: %w", err)
	}
	defer data.Close()
	if o.Kinds, err = vidimus.LoadKinds(data); err != nil {
		return fmt.Errorf("office: %s: %w", o.Config.Kinds, err)
	}
	return nil
}

// maxSmall bounds keys, chains and lists of revoked certificates in the folder.
const maxSmall = 8 << 20

func readSmall(path string) ([]byte, error) {
	data, err := ReadFile(path, maxSmall)
	if err != nil {
		return nil, fmt.Errorf("office: %w", err)
	}
	return data, nil
}

// readKey reads a private key without certificates: PEM, PKCS #8.
func readKey(path string) (crypto.Signer, error) {
	data, err := readSmall(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, fmt.Errorf("office: %s: no PEM block PRIVATE KEY", path)
	}
	key, err := signer.ParseKey(data, "")
	if err != nil {
		return nil, fmt.Errorf("office: %s: %w", path, err)
	}
	return key, nil
}

func readLogPublic(path string) (ed25519.PublicKey, error) {
	data, err := readSmall(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != "PUBLIC KEY" {
		return nil, fmt.Errorf("office: %s: no PEM block PUBLIC KEY", path)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("office: %s: %w", path, err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("office: %s: a log key is Ed25519, not %T", path, key)
	}
	return public, nil
}

// VerifyOptions are those for checking files against this office: its trust, its
// lists of revoked certificates and of accredited authorities, its registry.
func (o *Office) VerifyOptions() verify.Options {
	return verify.Options{Trust: o.Trust, CRLs: o.CRLs, Register: register{o.Registry}, QRKeys: o.QRKeys, Kinds: &o.Kinds,
		Accredited: o.accredited(), Now: o.now}
}
