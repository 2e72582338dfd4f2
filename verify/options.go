package verify

import (
	"context"
	"errors"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/qr"
)

// Options change how a file is checked. The zero value is safe: nothing is
// trusted, nothing is fetched, revocation is asked for, and so no signature
// passes.
type Options struct {
	// Trust are the only anchors. nil: none, and every chain is unknown. See
	// [SystemTrust] for those that the machine is configured with.
	Trust *Trust
	// At is the time to judge for; zero: now. It does not make a signature older:
	// only a time-stamp proves that.
	At time.Time
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// CRLs and OCSPs are further evidence, each DER or PEM.
	CRLs, OCSPs [][]byte
	// Certificates are further certificates for path building, DER or PEM. They
	// are not trusted.
	Certificates [][]byte
	// RevocationNoneUnsafe skips revocation: the report then says "not-asked",
	// and a certificate revoked years ago passes.
	RevocationNoneUnsafe bool
	// Password opens an encrypted PDF.
	Password string
	// Profile names the set of document checks, such as [ProfileUpload]; empty:
	// signatures only.
	Profile string
	// Signature is a detached CMS signature over the file: DER, BER, PEM or
	// base64. nil: signatures are looked for in the file.
	Signature []byte
	// Fetcher gets certificates, CRLs and OCSP answers. nil: no network. See
	// [NewFetcher].
	Fetcher Fetcher
	// Accredited is asked whether the authority that issued a signer's certificate
	// was accredited on that day; nil: nobody is asked.
	Accredited Accredited
	// RequireQualified lets no signature pass whose certificate is not known to be
	// qualified; see [Signer].
	RequireQualified bool
	// Register is asked about certificates of ours; nil: it is not asked.
	Register Register
	// QRKeys check the QR code of certificates of ours.
	QRKeys qr.KeySet
	// Kinds are the kinds of accreditation that certificates of ours may be of;
	// nil: [vidimus.DefaultKinds].
	Kinds *vidimus.Kinds
	// Lang is the language of messages: "ru" (default) or "en".
	Lang string
	// Streebog adds the GOST R 34.11-2012 digest of the file to the report. It
	// takes several times as long as SHA-256.
	Streebog bool
}

// Fetcher gets what a URL in a certificate names; a body that is not nil is
// posted. The URLs come from anyone: see [NewFetcher] for one that is careful.
type Fetcher interface {
	Fetch(ctx context.Context, url, contentType string, body []byte) ([]byte, error)
}

// NewFetcher returns a fetcher that refuses private, loopback and link-local
// addresses, redirects, more than 1 MiB and more than 5 s.
func NewFetcher() Fetcher { return pki.NewHTTPFetcher(nil, nil) }

// Register answers for certificates of ours.
type Register interface {
	// Registered returns what is known of a certificate. [ErrNotRegistered]
	// (possibly wrapped) says that there is none with this ID; any other error
	// that the register could not be asked, which is no mark against the file.
	Registered(ctx context.Context, id vidimus.ID) (*vidimus.Registered, error)
}

// ErrNotRegistered is what a [Register] returns for an ID it does not know.
var ErrNotRegistered = errors.New("verify: no certificate with this ID is registered")

func (o *Options) now() time.Time {
	if o.Now != nil {
		return o.Now().UTC()
	}
	return time.Now().UTC()
}
