package office

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/signer"
)

// InitOptions say what [Init] puts into a new folder. The zero value makes an
// office for trying things out.
type InitOptions struct {
	Host      string               // "": registry.example.org
	Listen    string               // "": 127.0.0.1:8440
	Series    string               // "": VD77
	Language  string               // "": ru
	Key       signer.KeyKind       // of the document signer; "": ECDSA P-256
	Issuer    vidimus.Organization // zero: a made-up one
	Signatory vidimus.Signatory    // zero: a made-up one
	Now       func() time.Time     // nil: time.Now
}

func (o *InitOptions) defaults() {
	set := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	set(&o.Host, "registry.example.org")
	set(&o.Listen, "127.0.0.1:8440")
	set(&o.Series, "VD77")
	set(&o.Language, "ru")
	if o.Issuer == (vidimus.Organization{}) {
		o.Issuer = vidimus.Organization{Name: "Аккредитационный центр «Образец»", INN: "9901234561", OGRN: "1269900000017"}
	}
	if o.Signatory == (vidimus.Signatory{}) {
		o.Signatory = vidimus.Signatory{Name: "Кедров Пётр Ильич", Position: "Председатель аккредитационной комиссии", Authority: "приказ № 4 от 12.01.2026"}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

// Init makes a folder with keys for development, marked as such, and an empty
// registry. It never overwrites: a folder that has a configuration is
// [ErrExists]. If it fails half-way, the configuration, written last, is absent
// and the message names what is in the way.
func Init(ctx context.Context, dir string, opt InitOptions) (*Config, error) {
	opt.defaults()
	if _, err := os.Stat(filepath.Join(dir, ConfigFile)); !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(ErrExists, err)
	}
	if !vidimus.CheckINN(opt.Issuer.INN) || len(opt.Issuer.INN) != 10 || !vidimus.CheckOGRN(opt.Issuer.OGRN) || len(opt.Issuer.OGRN) != 13 {
		return nil, fmt.Errorf("%w: organisation with ИНН %q and ОГРН %q: want 10 and 13 digits with right check digits", ErrConfig, opt.Issuer.INN, opt.Issuer.OGRN)
	}
	host, err := qr.NormalizeHost(opt.Host)
	if err != nil {
		return nil, fmt.Errorf("office: host %q: %w", opt.Host, err)
	}
	c := &Config{
		Schema: ConfigSchema, Development: true, Host: host, Listen: opt.Listen, Series: opt.Series, Language: opt.Language,
		Issuer: opt.Issuer, Signatory: opt.Signatory,
		SignerKey: "keys/signer.pem", QRKey: "keys/qr.pem", QRKeys: "keys/qr.jwks", LogKey: "keys/log.pem", LogPublic: "keys/log.pub",
		Trust: []string{"trust/root.pem"}, CRLs: []string{"trust/issuing.crl", "trust/root.crl"},
		Registry: "registry.db", Anchor: "anchor/checkpoint", Documents: "certificates",
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if err := c.makeKeys(dir, opt); err != nil {
		return nil, err
	}
	if err := c.makeRegistry(ctx, dir, opt); err != nil {
		return nil, err
	}
	return c, c.save(dir)
}

func (c *Config) makeKeys(dir string, opt InitOptions) error {
	pki, err := signer.NewDevPKI(signer.DevPKIOptions{Key: opt.Key, Signer: "Accreditation document signer", Now: opt.Now})
	if err != nil {
		return err
	}
	qrKey, err := signer.NewKey(signer.KeyEd25519, nil)
	if err != nil {
		return err
	}
	logKey, err := signer.NewKey(signer.KeyEd25519, nil)
	if err != nil {
		return err
	}
	public, err := qr.NewKey(qrKey.Public())
	if err != nil {
		return err
	}
	var errs []error
	must := func(data []byte, err error) []byte {
		errs = append(errs, err)
		return data
	}
	files := []keyFile{
		{c.SignerKey, must(pki.Signer.PEM()), 0o600},
		{"keys/development-issuing-ca.pem", must(pki.Issuing.PEM()), 0o600},
		{"keys/development-root-ca.pem", must(pki.Root.PEM()), 0o600},
		{c.QRKey, must(signer.EncodeKey(qrKey)), 0o600},
		{c.QRKeys, must(qr.KeySet{public}.JWKS()), 0o644},
		{c.LogKey, must(signer.EncodeKey(logKey)), 0o600},
		{c.LogPublic, must(publicPEM(logKey)), 0o644},
		{c.Trust[0], signer.EncodeCertificates(pki.Root.Certificate), 0o644},
		{c.CRLs[0], must(pki.Issuing.CRL(1)), 0o644},
		{c.CRLs[1], must(pki.Root.CRL(1)), 0o644},
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, f := range files {
		if err := writeNew(filepath.Join(dir, f.name), f.data, f.mode); err != nil {
			return fmt.Errorf("office: %w", err)
		}
	}
	return nil
}

func publicPEM(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), err
}

// keyFile is a file that Init makes.
type keyFile struct {
	name string
	data []byte
	mode os.FileMode
}

func (c *Config) makeRegistry(ctx context.Context, dir string, opt InitOptions) error {
	logKey, err := readKey(filepath.Join(dir, c.LogKey))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(c.Anchor)), 0o755); err != nil {
		return fmt.Errorf("office: %w", err)
	}
	reg, err := registry.Open(ctx, filepath.Join(dir, c.Registry), registry.Options{
		Origin: c.Host + "/vidimus", LogKey: logKey, Anchor: registry.FileAnchor{Path: filepath.Join(dir, c.Anchor)}, Now: opt.Now})
	if err != nil {
		return err
	}
	return reg.Close()
}
