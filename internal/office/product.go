package office

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/verify"
)

// errProduct is a document of ours that a stranger would not accept.
var errProduct = errors.New("office: the signed document does not verify")

// product checks a finished document as a stranger would, before it is recorded.
type product struct{ opt verify.Options }

// VerifyProduct implements vidimus.ProductVerifier.
func (p product) VerifyProduct(ctx context.Context, doc []byte, c *vidimus.Certificate) error {
	opt := p.opt
	opt.Register = nil // it is not recorded yet
	report, err := verify.Bytes(ctx, c.Number.String()+".pdf", doc, opt)
	if err != nil {
		return err
	}
	if report.Verdict() == verify.Passed {
		return nil
	}
	var why strings.Builder
	_ = report.WriteText(&why, "en") // a Builder takes all
	return fmt.Errorf("%w:\n%s", errProduct, why.String())
}
