package trustlist

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/xmldsig"
)

// Signature is what is known of a list's own signature. The zero value: it was
// not checked, and the list is not used.
type Signature struct {
	Status pki.Status // OK: sound, and by a signer that was trusted
	Reason string     // why not
	Signer *pki.Certificate
	Method string // SignatureMethod

	// AcceptedUnsafe is set by someone who vouches for the list in place of a
	// signature: the list then is used although Status is not OK.
	AcceptedUnsafe bool
}

// Usable reports whether answers may rest on the list. A signature that is
// wrong is not made right by accepting it.
func (s Signature) Usable() bool {
	return s.Status == pki.OK || s.AcceptedUnsafe && s.Status != pki.Failed
}

// CheckOptions of List.Check.
type CheckOptions struct {
	Suites        *pki.Suites // nil: the default ones with GOST
	Anchors       *pki.Pool   // whom to trust: the publisher's certificate itself, or with Publisher an authority over it
	Publisher     Publisher   // which certificate may sign; zero: only one that is an anchor itself
	Intermediates *pki.Pool   // further certificates for building the path
	At            time.Time   // judge for this time; required
	CRLs          []*pki.CRL
	// RevocationNoneUnsafe accepts a signer whose certificate may be revoked. A
	// signer that is itself an anchor is never asked about.
	RevocationNoneUnsafe bool
}

// Check verifies the list's signature and whether its signer is to be trusted.
// It never guesses: without anchors, and without an answer about revocation, the
// status is Unknown.
func (l *List) Check(ctx context.Context, o CheckOptions) Signature {
	if o.Suites == nil {
		o.Suites = gostpki.Add(pki.DefaultSuites())
	}
	r, err := xmldsig.Verify(l.raw, xmldsig.Options{Suites: o.Suites, Certificates: o.Anchors.All()})
	if err != nil {
		return Signature{Status: pki.Failed, Reason: err.Error()}
	}
	s := Signature{Status: r.Status, Reason: r.Reason, Signer: r.Signer, Method: r.Method}
	if s.Status == pki.NotChecked {
		s.Status = pki.Unknown // it was looked for
	}
	if s.Status != pki.OK {
		return s
	}
	for _, use := range r.Uses {
		if weak := pki.DefaultPolicy().Weak(use, o.At); len(weak) > 0 {
			s.Status, s.Reason = pki.Unknown, weak[0].String()
			return s
		}
	}
	intermediates := pki.NewPool(append(append([]*pki.Certificate(nil), r.Certificates...), o.Intermediates.All()...)...)
	path := pki.PathOptions{
		Suites: o.Suites, Anchors: o.Anchors, Intermediates: intermediates, At: o.At, CRLs: o.CRLs,
		KeyUsage: pki.UsageDigitalSignature | pki.UsageContentCommitment,
	}
	if o.RevocationNoneUnsafe {
		path.Revocation = pki.RevocationSkipUnsafe
	}
	if v := pki.Validate(ctx, r.Signer, path); !v.Valid() {
		s.Status, s.Reason = pki.Unknown, "the signer ("+Describe(r.Signer)+") is not trusted: "+v.Reason
		return s
	}
	switch named := len(o.Publisher.marks) > 0; {
	case named && !o.Publisher.is(r.Signer):
		s.Status, s.Reason = pki.Unknown, "the signer ("+Describe(r.Signer)+") is not the publisher that was named"
	case !named && !o.Anchors.Contains(r.Signer):
		s.Status, s.Reason = pki.Unknown, "the signer ("+Describe(r.Signer)+") stands under a trusted authority, but is not named as the publisher of lists"
	}
	return s
}

// ErrFuture: a list that is dated later than now. It would answer for days that
// nobody can know about, and no newer one would ever replace it.
var ErrFuture = errors.New("trustlist: the list is dated in the future")

// maxAhead is how far a list may be ahead of this machine's clock.
const maxAhead = 24 * time.Hour

// CheckDate returns ErrFuture for a list that cannot have been made by now.
func (l *List) CheckDate(now time.Time) error {
	if l.Date.After(now.Add(maxAhead)) {
		return fmt.Errorf("%w: %s", ErrFuture, l.Date.Format(time.DateOnly))
	}
	return nil
}
