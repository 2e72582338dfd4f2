package verify

import (
	"time"

	"github.com/vidimus/vidimus/internal/pki"
)

// keyPeriod is X.509 §9.2.2.5: the extension "indicates the period of use of the
// private key corresponding to the certified public key". A certificate is often
// valid for years longer, so that signatures made in the period can be checked.
// That one was made in it takes the same proof as that it was made before the
// certificate's end.
func (c *candidate) keyPeriod() {
	if c.token != nil {
		return // judged with the token, for its own time
	}
	if outside := outsidePeriod(c.leaf, c.sig.ValidAt); outside != "" {
		sub := SubOutOfBoundsNoPOE
		if c.sig.ValidAt.Before(c.leaf.KeyPeriod.NotBefore) {
			sub = SubChainConstraints
		} else {
			outside += ", and nothing proves that the signature was made by then"
		}
		c.check(CheckTime, StatusUnknown, sub, "%s", outside)
	}
}

// outsidePeriod says why a time is outside the period of the private key; "" if
// it is not.
func outsidePeriod(c *pki.Certificate, at time.Time) string {
	switch p := c.KeyPeriod; {
	case !p.NotBefore.IsZero() && at.Before(p.NotBefore):
		return "the private key was not to be used before " + p.NotBefore.UTC().Format(time.RFC3339)
	case !p.NotAfter.IsZero() && at.After(p.NotAfter):
		return "the private key was to be used until " + p.NotAfter.UTC().Format(time.RFC3339)
	}
	return ""
}
