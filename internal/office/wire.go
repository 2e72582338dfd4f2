package office

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/user"
	"sync"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/qr"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

// ErrQRKey is returned when the QR key is not in the published key set: codes
// signed with it would be called forged.
var ErrQRKey = errors.New("office: the QR key is not an active key of the published set")

// wire makes the issuer from the office's keys.
func (o *Office) wire(opt Options) error {
	c := o.Config
	var err error
	if o.identity, err = o.readIdentity(c.SignerKey, opt); err != nil {
		return err
	}
	var signs vidimus.Signer = o.identity
	signatures, development := 1, c.Development || signer.IsDevelopment(o.identity.Certificate())
	if c.SecondKey != "" {
		second, err := o.readIdentity(c.SecondKey, opt)
		if err != nil {
			return err
		}
		signs, signatures = &signer.Hybrid{Certify: o.identity, Approve: second}, 2
		development = development || signer.IsDevelopment(second.Certificate())
	}
	if o.secret, err = requestSecret(o.path(c.LogKey)); err != nil {
		return err
	}
	page, err := o.page(development)
	if err != nil {
		return err
	}
	sealer, err := o.sealer()
	if err != nil {
		return err
	}
	files, err := o.folder()
	if err != nil {
		return err
	}
	actor := "vidimus"
	if u, err := user.Current(); err == nil {
		actor = u.Username
	}
	o.issuer = &vidimus.Issuer{
		Series: c.Series, Registry: o.Registry, Sealer: sealer, Renderer: page, Linter: nil, // the page lints what it renders
		Signer:   signs,
		Verifier: &verify.Product{Trust: o.Trust, Keys: o.QRKeys, Kinds: &o.Kinds, Now: o.now, Signatures: signatures},
		Actor:    actor, Kinds: &o.Kinds, Now: o.now,
	}
	if !opt.NoFiles {
		o.issuer.Publisher = files
	}
	return nil
}

// readIdentity reads a key with its chain, which must be valid now.
func (o *Office) readIdentity(name string, opt Options) (*signer.Identity, error) {
	data, err := readSmall(o.path(name))
	if err != nil {
		return nil, err
	}
	id, err := signer.LoadIdentity(signer.IdentityOptions{Password: opt.Password, Now: opt.Now}, data)
	if err == nil {
		err = id.CheckAt(o.now())
	}
	if err != nil {
		return nil, fmt.Errorf("office: %s: %w", name, err)
	}
	return id, nil
}

// requestSecret derives the secret of idempotency keys from the log key, which
// stays the same for the life of the log.
func requestSecret(path string) ([]byte, error) {
	key, err := readKey(path)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("office: %s: %w", path, err)
	}
	sum := sha256.Sum256(append([]byte("vidimus/request/1"), der...))
	return sum[:], nil
}

func (o *Office) page(development bool) (*signer.Page, error) {
	tmpl := signer.DefaultTemplate()
	if name := o.Config.Template; name != "" {
		f, err := os.Open(o.path(name))
		if err != nil {
			return nil, fmt.Errorf("office: template: %w", err)
		}
		defer f.Close()
		if tmpl, err = signer.LoadTemplate(f); err != nil {
			return nil, fmt.Errorf("office: %s: %w", name, err)
		}
	}
	return signer.NewPage(tmpl, signer.PageOptions{
		Lang: o.Config.Language, Signer: o.identity.SignerInfo(), HoleSize: o.identity.HoleSize(),
		Development: development,
	})
}

func (o *Office) sealer() (*qr.Signer, error) {
	key, err := readKey(o.path(o.Config.QRKey))
	if err != nil {
		return nil, err
	}
	s, err := qr.NewSigner(o.Config.Host, key)
	if err != nil {
		return nil, fmt.Errorf("office: %s: %w", o.Config.QRKey, err)
	}
	for _, k := range o.QRKeys {
		if k.ID == s.Key().ID && k.Status == qr.KeyActive {
			return s, nil
		}
	}
	return nil, fmt.Errorf("%w (%s, %s)", ErrQRKey, o.Config.QRKey, o.Config.QRKeys)
}

// Issuer returns the issuer of an office opened for [Issuing], else nil.
func (o *Office) Issuer() *vidimus.Issuer { return o.issuer }

// Identity returns the signing identity of an office opened for [Issuing]; of
// two, the one that certifies.
func (o *Office) Identity() *signer.Identity { return o.identity }

func (o *Office) folder() (folder, error) {
	f := folder{dir: o.path(o.Config.Documents), one: new(sync.Mutex)}
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return f, fmt.Errorf("office: %w", err)
	}
	return f, nil
}

// DocumentPath returns the file that a certificate's document is put into.
func (o *Office) DocumentPath(n vidimus.Number) string {
	return folder{dir: o.path(o.Config.Documents)}.path(n)
}

var _ vidimus.Registrar = (*registry.Registry)(nil)
