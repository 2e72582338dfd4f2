package qr

import (
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"github.com/vidimus/vidimus"
)

// ErrSealed: the key returned a signature that does not verify.
var ErrSealed = errors.New("qr: the key returned a wrong signature")

// Signer seals claims for one host with one key. It is safe for concurrent use
// if its key is. It is the [vidimus.Sealer] of an issuer.
type Signer struct {
	// Rand is handed to the key; nil is crypto/rand. Set it before the first use.
	Rand io.Reader

	host   string
	key    crypto.Signer
	public Key
	header []byte
	suite  *suite
}

// NewSigner binds a key to the host whose registry answers for it. The key is
// Ed25519, ECDSA on P-256 or GOST R 34.10-2012 (see [GOST256]), else the error is
// [ErrKey]; the host is put into its normal form, or the error is [ErrHost].
func NewSigner(host string, key crypto.Signer) (*Signer, error) {
	host, err := NormalizeHost(host)
	if err != nil {
		return nil, err
	}
	public, err := NewKey(key.Public())
	if err != nil {
		return nil, err
	}
	return &Signer{
		host:   host,
		key:    key,
		public: public,
		header: appendHeader(nil, public.Alg, public.ID),
		suite:  suiteOf(public.Alg),
	}, nil
}

// Host returns the host in its normal form.
func (s *Signer) Host() string { return s.host }

// Key returns the public key for a [KeySet], active and without a term.
func (s *Signer) Key() Key { return s.public }

// Seal signs the claims and returns the text of the QR code. It returns
// [ErrClaims] for claims that can't be written and [ErrSealed] for a key that made
// no signature of them; other errors are the key's. Fractions of a second
// are dropped.
func (s *Signer) Seal(c Claims) (url string, err error) {
	t, err := s.seal(c)
	if err != nil {
		return "", err
	}
	if !s.suite.verify(s.public.Public, t.message(), t.signature) {
		return "", ErrSealed
	}
	return t.url(), nil
}

// seal is Seal without its check of the signature.
func (s *Signer) seal(c Claims) (t Token, err error) {
	if err := c.check(); err != nil {
		return Token{}, err
	}
	t = Token{host: s.host, protected: s.header, payload: c.append(make([]byte, 0, 64))}
	r := s.Rand
	if r == nil {
		r = rand.Reader
	}
	if t.signature, err = s.suite.sign(r, s.key, t.message()); err != nil {
		return Token{}, fmt.Errorf("qr: sign: %w", err)
	}
	if len(t.signature) != s.suite.size {
		return Token{}, fmt.Errorf("qr: sign: the key returned %d bytes, %s has %d",
			len(t.signature), s.suite.name, s.suite.size)
	}
	return t, nil
}

// SealCertificate implements [vidimus.Sealer]: the text expires with the last
// day in force, counted in Moscow time. The signature is taken as the key returns
// it: [vidimus.Issuer] has the finished document verified, seal and all.
func (s *Signer) SealCertificate(c *vidimus.Certificate, kind vidimus.Kind, visible [16]byte) (url string, err error) {
	claims := Claims{ID: c.ID, Kind: kind.Num, Issued: c.IssuedAt, Visible: visible}
	if !c.ValidUntil.IsZero() {
		claims.Expires = c.ValidUntil.End(vidimus.Moscow())
	}
	t, err := s.seal(claims)
	if err != nil {
		return "", err
	}
	return t.url(), nil
}

var _ vidimus.Sealer = (*Signer)(nil)
