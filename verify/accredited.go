package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/trustlist"
)

// Accredited answers whether a certification authority was accredited
// (63-ФЗ ст. 16) at a time. [TrustLists] does, from the published list.
type Accredited interface {
	// Accredited is asked with the authority's certificate in DER; that its key
	// signed the certificate in question is proven before.
	Accredited(issuer []byte, at time.Time) Accreditation
}

// AccreditationStatus is the answer. The zero value means that nobody asked.
type AccreditationStatus string

// Answers.
const (
	AccreditationHeld    AccreditationStatus = "accredited"
	AccreditationNotHeld AccreditationStatus = "not-accredited"
	AccreditationUnknown AccreditationStatus = "unknown"
)

// Accreditation is what is known of an authority on the day on which it issued
// the signer's certificate.
type Accreditation struct {
	Status AccreditationStatus `json:"status"`
	// Reason is a stable code: in-force; suspended, ended, not-yet, not-listed;
	// no-list, list-older, list-unsigned, no-history, status-word, status-date,
	// contradiction, list-damaged, dropped, key-id-only, no-issuer, lists-unreadable.
	Reason    string    `json:"reason"`
	Authority string    `json:"authority,omitempty"`
	INN       string    `json:"inn,omitempty"`
	OGRN      string    `json:"ogrn,omitempty"`
	Since     time.Time `json:"since,omitzero"` // of that state

	ListVersion string    `json:"listVersion,omitempty"` // the list that says so
	ListDate    time.Time `json:"listDate,omitzero"`     // in Moscow time: its day is the list's
	// ListVerified: the list's own signature was verified. false: someone vouched
	// for the list instead.
	ListVerified bool `json:"listVerified"`
}

// TrustLists are versions of the list of accredited authorities. They do not
// change and are safe for concurrent use.
type TrustLists struct {
	lists   trustlist.Lists
	subject *pki.Pool
}

// TrustListOptions say whom to believe lists from. The zero value believes
// nobody.
type TrustListOptions struct {
	Trust *Trust // the publisher's certificate, or with Publisher an authority over it
	// Publisher names who signs lists, by ОГРН (13 digits), by SHA-256 of the
	// certificate or by its common name; of several the signer must have all. Empty:
	// only a certificate that is itself in Trust, because an authority vouches for
	// whoever holds its certificates.
	Publisher []string
	At        time.Time // judge the lists' signatures for this time; zero: now
	Now       func() time.Time
	CRLs      [][]byte // DER or PEM
	// RevocationNoneUnsafe does not ask whether the signer's certificate was revoked.
	RevocationNoneUnsafe bool
	// UnsignedUnsafe takes lists without a signature, or with one by nobody known,
	// as they are. A signature that is wrong is refused all the same.
	UnsignedUnsafe bool
}

// ErrTrustList is returned for a list that cannot be read or not be believed.
var ErrTrustList = errors.New("verify: list of accredited authorities")

// NewTrustLists reads versions of the list (XML with the root
// АккредитованныеУдостоверяющиеЦентры). The error is [ErrTrustList] with the
// reason: it names the list by its place, from 1.
func NewTrustLists(ctx context.Context, o TrustListOptions, lists ...[]byte) (*TrustLists, error) {
	now := (&Options{Now: o.Now}).now()
	check := trustlist.CheckOptions{Anchors: o.Trust.anchors(), At: o.At, RevocationNoneUnsafe: o.RevocationNoneUnsafe}
	if check.At.IsZero() {
		check.At = now
	}
	var err error
	if check.Publisher, err = trustlist.ParsePublisher(o.Publisher...); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTrustList, err)
	}
	e := newEvidence()
	if err := e.given(&Options{CRLs: o.CRLs}); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTrustList, err)
	}
	check.CRLs = e.crls
	var all trustlist.Lists
	for i, data := range lists {
		l, err := trustlist.Read(data)
		if err != nil {
			return nil, fmt.Errorf("%w %d: %w", ErrTrustList, i+1, err)
		}
		if err := l.CheckDate(now); err != nil {
			return nil, fmt.Errorf("%w %d: %w", ErrTrustList, i+1, err)
		}
		l.Signature = l.Check(ctx, check)
		l.Signature.AcceptedUnsafe = o.UnsignedUnsafe
		if !l.Signature.Usable() {
			return nil, fmt.Errorf("%w %d: not believed: %s", ErrTrustList, i+1, l.Signature.Reason)
		}
		all = append(all, l)
	}
	return newTrustLists(all), nil
}

func newTrustLists(all trustlist.Lists) *TrustLists {
	t := &TrustLists{lists: all, subject: pki.NewPool()}
	for _, l := range all {
		for _, c := range l.Certificates() {
			t.subject.Add(c)
		}
	}
	return t
}

// Len returns the number of lists.
func (t *TrustLists) Len() int { return len(t.lists) }

// named returns the listed certificates with a subject: candidates for issuers.
func (t *TrustLists) named(rawSubject []byte) []*pki.Certificate {
	if t == nil {
		return nil
	}
	return t.subject.Named(rawSubject)
}

// Accredited implements [Accredited].
func (t *TrustLists) Accredited(issuer []byte, at time.Time) Accreditation {
	c, err := pki.ParseCertificate(issuer)
	if err != nil || t == nil {
		return Accreditation{Status: AccreditationUnknown, Reason: "no-issuer"}
	}
	a := t.lists.Accredited(c, at)
	out := Accreditation{Status: AccreditationUnknown, Reason: string(a.Reason), Since: a.Since}
	switch a.Status {
	case trustlist.Accredited:
		out.Status = AccreditationHeld
	case trustlist.NotAccredited:
		out.Status = AccreditationNotHeld
	}
	if a.Authority != nil {
		out.Authority, out.INN, out.OGRN = a.Authority.Name, a.Authority.INN, a.Authority.OGRN
	}
	if a.List != nil {
		out.ListVersion, out.ListDate, out.ListVerified = a.List.Version, a.List.Date, a.List.Signature.Status == pki.OK
	}
	return out
}
