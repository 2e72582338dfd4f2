// Package office is the folder of one accrediting body: its configuration, keys,
// trust and registry, wired into the parts that the program needs.
//
//	err := office.Init(dir, office.InitOptions{Host: "reg.example.org"})
//	o, err := office.Open(ctx, dir, office.Issuing)
//	issued, err := o.Issuer().Issue(ctx, key, certificate)
//
// It is the one place where the packages of the project meet.
package office

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/vidimus/vidimus"
)

// ConfigFile is the name of the configuration in the folder.
const ConfigFile = "vidimus.json"

// ConfigSchema names the form of the configuration.
const ConfigSchema = "vidimus.config/1"

// Config is what stands in [ConfigFile]. Paths are relative to the folder.
type Config struct {
	Schema      string `json:"schema"`
	Development bool   `json:"development"` // keys made by `vidimus init`: shown on every page and document
	Host        string `json:"host"`        // public name of the registry, in every QR code
	Listen      string `json:"listen"`      // where `vidimus serve` listens
	Series      string `json:"series"`      // of the certificate numbers
	Language    string `json:"language"`    // of the certificate page: ru or en

	Issuer    vidimus.Organization `json:"issuer"`
	Signatory vidimus.Signatory    `json:"signatory"`

	SignerKey string   `json:"signerKey"`           // PEM or PKCS#12 with key and chain
	SecondKey string   `json:"secondKey,omitempty"` // alike: signs every document once more, for readers that know one kind of key only
	QRKey     string   `json:"qrKey"`               // PEM: Ed25519, P-256 or GOST R 34.10-2012 on CryptoPro-A
	QRKeys    string   `json:"qrKeys"`              // JWKS of all keys that codes in use are signed with
	LogKey    string   `json:"logKey"`              // PEM, Ed25519
	LogPublic string   `json:"logPublic"`           // its public key, PEM: what an audit trusts
	Trust     []string `json:"trust"`               // anchors for our own signatures, PEM
	CRLs      []string `json:"crls"`                // evidence for them

	Registry  string `json:"registry"`
	Anchor    string `json:"anchor"`    // last checkpoint; better kept on another disk
	Documents string `json:"documents"` // where issued PDFs are put
	Template  string `json:"template,omitempty"`
	Kinds     string `json:"kinds,omitempty"`
}

var (
	// ErrNoOffice is returned by [Open] for a folder without a configuration.
	ErrNoOffice = errors.New("office: no vidimus.json here; make one with `vidimus init`")
	// ErrExists is returned by [Init] rather than overwriting keys.
	ErrExists = errors.New("office: the folder already has a vidimus.json; nothing was changed")
	// ErrConfig is returned for a configuration that cannot be used.
	ErrConfig = errors.New("office: bad vidimus.json")
)

// maxConfig bounds the configuration: a page of text, many times.
const maxConfig = 1 << 20

// LoadConfig reads and checks the configuration of a folder.
func LoadConfig(dir string) (*Config, error) {
	path := filepath.Join(dir, ConfigFile)
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%w (%s)", ErrNoOffice, dir)
	case err != nil:
		return nil, fmt.Errorf("office: %w", err)
	case len(data) > maxConfig:
		return nil, fmt.Errorf("%w: %s: more than %d bytes", ErrConfig, path, maxConfig)
	}
	var c Config
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields() // a misspelt "anchor" must not switch it off
	if err := dec.Decode(&c); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrConfig, path, err)
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrConfig, path, err)
	}
	return &c, nil
}

func (c *Config) check() error {
	if c.Schema != ConfigSchema {
		return fmt.Errorf("schema %q, want %q", c.Schema, ConfigSchema)
	}
	if !vidimus.ValidSeries(c.Series) {
		return fmt.Errorf("series %q, want 1 to 8 of A-Z and 0-9", c.Series)
	}
	if c.Language != "ru" && c.Language != "en" {
		return fmt.Errorf("language %q, want ru or en", c.Language)
	}
	for name, v := range map[string]string{"host": c.Host, "listen": c.Listen, "signerKey": c.SignerKey, "qrKey": c.QRKey,
		"qrKeys": c.QRKeys, "logKey": c.LogKey, "logPublic": c.LogPublic, "registry": c.Registry, "anchor": c.Anchor, "documents": c.Documents} {
		if v == "" {
			return fmt.Errorf("%s is missing", name)
		}
	}
	return nil
}

func (c *Config) save(dir string) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return writeNew(filepath.Join(dir, ConfigFile), append(data, '\n'), 0o644)
}

// writeNew writes a file that must not exist yet, and is on disk on return.
func writeNew(path string, data []byte, mode os.FileMode) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}
