// Package signer draws certificates and signs documents.
//
// Issuing needs a page and an identity, which implement [vidimus.Renderer] and
// [vidimus.Signer]:
//
//	id, err := signer.LoadIdentity(signer.IdentityOptions{}, keyFile)   // PEM or PKCS #12
//	page, err := signer.NewPage(signer.DefaultTemplate(), signer.PageOptions{HoleSize: id.HoleSize()})
//	draft, err := page.Render(ctx, certificate, kind, url, record)
//	document, err := id.SignDraft(ctx, draft)
//
// Any other PDF takes one call, or two when the key is elsewhere:
//
//	err := id.SignPDF(ctx, out, in, size, signer.PDFOptions{})
//	prepared, err := id.PreparePDF(ctx, in, size, signer.PDFOptions{})  // sign prepared.ToSign()
//	err = prepared.Embed(ctx, out, in, value)
//
// Signatures are PAdES-B-B (ETSI EN 319 142-1), or CAdES-B-B for data of any
// kind ([Identity.SignDetached]). [NewDevPKI] makes keys for development.
package signer

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"io"
	"time"

	"github.com/vidimus/vidimus/internal/gost/gost3410"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
)

// maxChain bounds a certificate chain. Real ones have two to four members.
const maxChain = 10

// Identity is a signing key with its certificate chain: what a signature says
// about who made it. It is safe for concurrent use if the key is; those of the
// standard library are.
//
// Get one from [LoadIdentity] (PEM, PKCS#12), from [NewIdentity] for any
// crypto.Signer (smart card, HSM, remote service), or from [NewDevPKI].
type Identity struct {
	key   crypto.Signer // nil: held elsewhere
	chain []*x509.Certificate
	opt   IdentityOptions
	cms   *profile
}

// IdentityOptions changes how an identity signs. The zero value signs RSA with
// PKCS #1 v1.5 and embeds the chain without its root.
type IdentityOptions struct {
	PSS         bool             // RSA only: RSASSA-PSS with SHA-256 and a 32-byte salt (RFC 4056)
	IncludeRoot bool             // embed a self-signed certificate at the end of the chain, too
	Password    string           // of an encrypted key file
	Now         func() time.Time // nil: time.Now
	Rand        io.Reader        // nil: crypto/rand.Reader; passed to the key
}

// NewIdentity joins a key with its certificate chain. The signer's certificate
// comes first; the others may be in any order and are sorted, and those that
// belong to no link are left out. key may be nil when it is out of reach: such
// an identity prepares signatures that are made elsewhere, see [Prepare].
//
// It checks all that does not depend on the moment of signing: [ErrKeyMismatch],
// [ErrUnsupportedKey] and [ErrWeakKey] (as [*KeyError]), [ErrKeyUsage], and that
// every certificate is signed by the next ([*ChainError]). Whether the chain
// ends in somebody's trust anchor is for verifiers to say.
func NewIdentity(key crypto.Signer, chain []*x509.Certificate, opt IdentityOptions) (*Identity, error) {
	if len(chain) == 0 {
		return nil, ErrNoCertificate
	}
	chain = append([]*x509.Certificate(nil), chain...)
	for i, c := range chain {
		chain[i] = withKey(c)
	}
	if err := checkUsage(chain[0]); err != nil {
		return nil, err
	}
	if key != nil && !sameKey(key.Public(), chain[0].PublicKey) {
		return nil, ErrKeyMismatch
	}
	table := gostpki.Add(pki.DefaultSuites())
	sorted, err := sortChain(chain, table)
	if err != nil {
		return nil, err
	}
	opt.Password = "" // not needed any more
	id := &Identity{key: key, chain: sorted, opt: opt}
	if id.cms, err = newProfile(id.embedded(), opt.PSS, table); err != nil {
		return nil, err
	}
	return id, nil
}

// sortChain follows the issuers from the first certificate on, using every
// certificate at most once.
func sortChain(in []*x509.Certificate, table *pki.Suites) ([]*x509.Certificate, error) {
	out := in[:1:1]
	rest := in[1:]
	for len(out) < maxChain {
		last := out[len(out)-1]
		if bytes.Equal(last.RawSubject, last.RawIssuer) {
			break // self-signed: the end
		}
		next, err := findIssuer(last, rest, table)
		if err != nil {
			return nil, err
		}
		if next == nil {
			break
		}
		out = append(out, next)
	}
	return out, nil
}

// findIssuer returns the certificate whose name and key fit, nil if there is
// none, an error if all those with the name have the wrong key.
func findIssuer(c *x509.Certificate, among []*x509.Certificate, table *pki.Suites) (*x509.Certificate, error) {
	var failed error
	for _, ca := range among {
		if !bytes.Equal(c.RawIssuer, ca.RawSubject) || ca.Equal(c) {
			continue
		}
		err := checkIssued(c, ca, table)
		if err == nil {
			return ca, nil
		}
		failed = &ChainError{Subject: c.Subject.String(), Issuer: ca.Subject.String(), Err: err}
	}
	return nil, failed
}

// Certificate returns the signer's certificate.
func (id *Identity) Certificate() *x509.Certificate { return id.chain[0] }

// Chain returns the certificates from the signer's to the last issuer known.
func (id *Identity) Chain() []*x509.Certificate {
	return append([]*x509.Certificate(nil), id.chain...)
}

// Algorithm names key and scheme, for people: "ECDSA P-256, ECDSA-SHA256". It
// says of a GOST key in software that its signatures are unqualified.
func (id *Identity) Algorithm() string {
	c := id.chain[0]
	name := keyName(c.PublicKey, c.PublicKeyAlgorithm) + ", " + id.cms.Scheme().Name
	if id.Unqualified() {
		name += " (software key, unqualified signature)"
	}
	return name
}

// Unqualified reports whether the key is a GOST key that this program holds
// itself. A qualified signature takes certified means (63-ФЗ, ст. 5 ч. 4), which
// this is not, whatever its certificate says; programs show that.
func (id *Identity) Unqualified() bool {
	_, software := id.key.(*gost3410.PrivateKey)
	return software
}

// SignerInfo returns the mark's texts for signatures of this identity.
func (id *Identity) SignerInfo() SignerInfo {
	s := SignerInfoOf(id.chain[0])
	s.Unqualified = id.Unqualified()
	return s
}

// CheckAt returns a [*ValidityError] unless all certificates of the chain are
// valid at that time. Every signing call asks it itself.
func (id *Identity) CheckAt(at time.Time) error { return checkValidity(id.chain, at) }

// embedded is the chain as signatures carry it. EN 319 142-1 §6.3 asks for the
// signer's certificate and advises the path; the root is of no use there,
// since it is trusted from elsewhere or not at all.
func (id *Identity) embedded() []*x509.Certificate {
	n := len(id.chain)
	last := id.chain[n-1]
	if n > 1 && !id.opt.IncludeRoot && bytes.Equal(last.RawSubject, last.RawIssuer) {
		n--
	}
	return id.chain[:n]
}

func (id *Identity) now() time.Time {
	if id.opt.Now != nil {
		return id.opt.Now()
	}
	return time.Now()
}
