package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/qr"
)

// Product verifies certificates right after they were issued, and is a
// [vidimus.ProductVerifier]. It asks what File asks, but for revocation (the
// issuer knows whether its own key is revoked) and the register (the
// certificate is not in it yet), and keeps between calls what many certificates
// share: verified chains, fonts, kinds. It is safe for concurrent use and must
// not be copied.
type Product struct {
	Trust *Trust           // anchors of the signer's chain; required
	Keys  qr.KeySet        // of the seal in the QR code; required
	Kinds *vidimus.Kinds   // nil: [vidimus.DefaultKinds]
	Now   func() time.Time // nil: time.Now
	// Signatures is how many the document has to bear, all good, the last over
	// the entire file; 0 stands for 1.
	Signatures int

	once sync.Once
	kept *shared
}

var _ vidimus.ProductVerifier = (*Product)(nil)

// ProductError says that a product did not verify. The report has the reasons.
type ProductError struct {
	Report *Report
	reason string
}

func (e *ProductError) Error() string { return "verify: product: " + e.reason }

// ErrProductSetup is returned by a [Product] without trust anchors or keys:
// nothing could pass it.
var ErrProductSetup = errors.New("verify: product verifier has no trust anchors or no keys")

// VerifyProduct implements [vidimus.ProductVerifier]. Errors: [*ProductError],
// [ErrProductSetup], the context's.
func (p *Product) VerifyProduct(ctx context.Context, document []byte, c *vidimus.Certificate) error {
	if p.Trust.Len() == 0 || len(p.Keys) == 0 {
		return ErrProductSetup
	}
	p.once.Do(func() {
		p.kept = newShared(p.Kinds)
		p.kept.keep = true
	})
	opts := &Options{Trust: p.Trust, QRKeys: p.Keys, Now: p.Now, RevocationNoneUnsafe: true, Lang: "en"}
	j := p.kept.job(opts)
	r, err := j.run(ctx, "product", inMemory(document))
	if err != nil {
		return err
	}
	fail := func(format string, args ...any) error {
		sum := sha256.Sum256(document)
		r.File.SHA256 = hex.EncodeToString(sum[:])
		return &ProductError{r, fmt.Sprintf(format, args...)}
	}
	count := max(1, p.Signatures)
	switch {
	case len(r.Signatures) != count:
		return fail("%d signatures, not %d", len(r.Signatures), count)
	case r.Signatures[count-1].Coverage != CoverageEntireFile:
		return fail("the signature covers %s", r.Signatures[count-1].Coverage)
	case r.Verdict() != Passed:
		return fail("%s", r.why())
	case j.record == nil:
		return fail("no record is attached")
	}
	got, want := j.visible, c.VisibleFields()
	for i := range want {
		if got[i] != want[i] {
			return fail("the record has another %s than the certificate", want[i].Name)
		}
	}
	if !j.record.IssuedAt.Equal(c.IssuedAt) {
		return fail("the record has another time of issue")
	}
	return nil
}

// why names the first thing that keeps a report from passing.
func (r *Report) why() string {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Severity != Notice {
			return f.Code + ": " + f.Message
		}
	}
	for i := range r.Signatures {
		s := &r.Signatures[i]
		if s.Verdict() == Passed {
			continue
		}
		indication, sub := s.Indication()
		why := fmt.Sprintf("signature %s: %s %s", s.Field, indication, sub)
		for _, c := range s.Checks {
			if c.Status != StatusOK && c.Status != StatusNotApplicable {
				why += fmt.Sprintf("; %s: %s", c.Name, c.Detail)
			}
		}
		return why
	}
	return string(r.Verdict())
}
