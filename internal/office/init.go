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
	SecondKey signer.KeyKind       // of a second signature in each document; "": none
	QRKey     signer.KeyKind       // of the seal in the QR code: Ed25519, P-256 or GOST-256; "": Ed25519
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
	if o.Key == "" {
		o.Key = signer.KeyP256
	}
	if o.QRKey == "" {
		o.QRKey = signer.KeyEd25519
	}
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
	if opt.SecondKey != "" {
		c.SecondKey = "keys/signer2.pem"
		c.Trust = append(c.Trust, "trust/root2.pem")
		c.CRLs = append(c.CRLs, "trust/issuing2.crl", "trust/root2.crl")
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
	files, err := authority(signer.DevPKIOptions{Key: opt.Key, Now: opt.Now}, "", c.SignerKey, c.Trust[0], c.CRLs[:2])
	if err != nil {
		return err
	}
	if opt.SecondKey != "" {
		// An authority of its own: who can't verify the first kind of key has to
		// be able to follow the whole chain of the second.
		dev := signer.DevPKIOptions{Key: opt.SecondKey, Organization: "Vidimus " + string(opt.SecondKey), Now: opt.Now}
		second, err := authority(dev, "2", c.SecondKey, c.Trust[1], c.CRLs[2:])
		if err != nil {
			return err
		}
		files = append(files, second...)
	}
	qrKey, err := signer.NewKey(opt.QRKey, nil)
	if err != nil {
		return err
	}
	logKey, err := signer.NewKey(signer.KeyEd25519, nil)
	if err != nil {
		return err
	}
	public, err := qr.NewKey(qrKey.Public())
	if err != nil {
		return fmt.Errorf("%w: key of QR codes: %w", ErrConfig, err)
	}
	var errs []error
	must := func(data []byte, err error) []byte {
		errs = append(errs, err)
		return data
	}
	files = append(files,
		keyFile{c.QRKey, must(signer.EncodeKey(qrKey)), 0o600},
		keyFile{c.QRKeys, must(qr.KeySet{public}.JWKS()), 0o644},
		keyFile{c.LogKey, must(signer.EncodeKey(logKey)), 0o600},
		keyFile{c.LogPublic, must(publicPEM(logKey)), 0o644},
	)
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

// authority makes a development PKI and the files of it: the signer's key under
// the name key, those of the authorities with a suffix, the anchor, and the
// lists of the issuing authority and of the root.
func authority(opt signer.DevPKIOptions, suffix, key, anchor string, crls []string) ([]keyFile, error) {
	opt.Signer = "Accreditation document signer"
	pki, err := signer.NewDevPKI(opt)
	if err != nil {
		return nil, err
	}
	var errs []error
	must := func(data []byte, err error) []byte {
		errs = append(errs, err)
		return data
	}
	return []keyFile{
		{key, must(pki.Signer.PEM()), 0o600},
		{"keys/development-issuing-ca" + suffix + ".pem", must(pki.Issuing.PEM()), 0o600},
		{"keys/development-root-ca" + suffix + ".pem", must(pki.Root.PEM()), 0o600},
		{anchor, signer.EncodeCertificates(pki.Root.Certificate), 0o644},
		{crls[0], must(pki.Issuing.CRL(1)), 0o644},
		{crls[1], must(pki.Root.CRL(1)), 0o644},
	}, errors.Join(errs...)
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
