package office

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/trustlist"
	"github.com/vidimus/vidimus/verify"
)

// TrustListFolder is where an office keeps lists of accredited authorities.
const TrustListFolder = "trust-lists"

// TrustLists are an office's lists of accredited authorities. They need no
// registry and no keys.
type TrustLists struct {
	store trustlist.Store
	now   func() time.Time
}

// OpenTrustLists returns the lists of the office in dir; the error is
// ErrNoOffice (possibly wrapped) where there is none.
func OpenTrustLists(dir string, opt Options) (*TrustLists, error) {
	if _, err := LoadConfig(dir); err != nil {
		return nil, err
	}
	t := &TrustLists{store: trustlist.Store{Dir: filepath.Join(dir, TrustListFolder)}, now: opt.Now}
	if t.now == nil {
		t.now = time.Now
	}
	return t, nil
}

// ImportOptions say whom to believe a list from.
type ImportOptions struct {
	Trust [][]byte // the publisher's certificate, or with Publisher one over it; DER or PEM
	// Publisher names the signer by ОГРН, SHA-256 of the certificate or common name;
	// of several the signer must have all. Empty: only a certificate of Trust itself.
	Publisher []string
	CRLs      [][]byte  // DER or PEM
	At        time.Time // judge the signature for this time; zero: now
	// RevocationNoneUnsafe does not ask whether the publisher's certificate was
	// revoked; UnsignedUnsafe takes a list without a signature that can be
	// verified. One whose signature is wrong is refused all the same.
	RevocationNoneUnsafe, UnsignedUnsafe bool
}

// Imported is a list that was taken in.
type Imported struct {
	trustlist.Entry
	Warnings []string `json:"warnings,omitempty"`
	Dropped  int      `json:"warningsDropped,omitempty"` // beyond those listed
}

// ErrTrustList: the list was refused; the error says why.
var ErrTrustList = errors.New("office: list of accredited authorities refused")

// Import reads a list, checks its signature and keeps it. Errors: ErrTrustList,
// trustlist.ErrPublisher, verify.ErrTrust.
func (t *TrustLists) Import(ctx context.Context, r io.Reader, o ImportOptions) (*Imported, error) {
	data, err := io.ReadAll(io.LimitReader(r, trustlist.MaxSize+1))
	if err != nil {
		return nil, err
	}
	l, err := trustlist.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTrustList, err)
	}
	check := trustlist.CheckOptions{Anchors: pki.NewPool(), At: o.At, RevocationNoneUnsafe: o.RevocationNoneUnsafe}
	if check.At.IsZero() {
		check.At = t.now()
	}
	if check.Publisher, err = trustlist.ParsePublisher(o.Publisher...); err != nil {
		return nil, err
	}
	for i, data := range o.Trust {
		certs := pki.ReadCertificates(data)
		if len(certs) == 0 {
			return nil, fmt.Errorf("%w (item %d)", verify.ErrTrust, i+1)
		}
		for _, c := range certs {
			check.Anchors.Add(c)
		}
	}
	if check.CRLs, err = readCRLs(o.CRLs); err != nil {
		return nil, err
	}
	l.Signature = l.Check(ctx, check)
	l.Signature.AcceptedUnsafe = o.UnsignedUnsafe
	e, err := t.store.Import(l, t.now())
	if errors.Is(err, trustlist.ErrUntrusted) || errors.Is(err, trustlist.ErrFuture) {
		return nil, fmt.Errorf("%w: %w", ErrTrustList, err)
	}
	if err != nil {
		return nil, err
	}
	return &Imported{Entry: e, Warnings: l.Warnings, Dropped: l.Dropped}, nil
}

// readCRLs reads lists of revoked certificates, each DER or PEM with one or more.
func readCRLs(items [][]byte) ([]*pki.CRL, error) {
	var out []*pki.CRL
	for _, data := range items {
		ders := [][]byte{data}
		if block, rest := pem.Decode(data); block != nil {
			for ders = nil; block != nil; block, rest = pem.Decode(rest) {
				ders = append(ders, block.Bytes)
			}
		}
		for _, der := range ders {
			l, err := pki.ParseCRL(der)
			if err != nil {
				return nil, fmt.Errorf("office: list of revoked certificates: %w", err)
			}
			out = append(out, l)
		}
	}
	return out, nil
}

// List returns what is kept, newest first.
func (t *TrustLists) List() ([]trustlist.Entry, error) { return t.store.Entries() }

// Show returns a list by its name or version.
func (t *TrustLists) Show(name string) (trustlist.Entry, *trustlist.List, error) {
	e, err := t.store.Find(name)
	if err != nil {
		return e, nil, err
	}
	l, err := t.store.Load(e)
	return e, l, err
}

// accredited answers from the office's lists; they are read when first asked for.
func (o *Office) accredited() verify.Accredited {
	return &verify.TrustFolder{Dir: o.path(TrustListFolder)}
}
