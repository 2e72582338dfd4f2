package cms

import (
	"errors"
	"fmt"

	"github.com/vidimus/vidimus/internal/asn1x"
	"github.com/vidimus/vidimus/internal/pki"
)

// maxCountersignatures bounds those read on one signature: a handful of
// approvals is usual.
const maxCountersignatures = 20

// Countersignatures returns the countersignatures on si (RFC 5652 §11.4): each
// signs the signature value of si, and is checked with [SignerInfo.Verify],
// whatever content its options name. The error is ErrAttribute, for the first
// that cannot be read; the others are returned all the same.
func (si *SignerInfo) Countersignatures() (out []*SignerInfo, err error) {
	for _, der := range si.Unsigned(OIDCountersignature) {
		if len(out) == maxCountersignatures {
			return out, fmt.Errorf("%w: countersignature: %w", ErrAttribute, errTooMany)
		}
		c := asn1x.NewCursor(der)
		counter := si.sd.readSigner(&c)
		c.End("Countersignature")
		if c.Err() != nil {
			if err == nil {
				err = fmt.Errorf("%w: countersignature: %w", ErrAttribute, c.Err())
			}
			continue
		}
		counter.over = nonNil(si.Signature)
		out = append(out, counter)
	}
	return out, err
}

// checkCounterAttributes is RFC 5652 §11.4: a countersignature has no
// content-type attribute, because its content has no type, and a message-digest
// if it has any signed attribute.
func (si *SignerInfo) checkCounterAttributes(r *Result) {
	if si.RawSignedAttrs == nil {
		if what := passedOff(si.over, int64(len(si.over))); what != "" {
			r.add(CheckAttributes, pki.Failed, "no signed attributes, and the value it signs is %s", what)
			return
		}
		r.add(CheckAttributes, pki.OK, "none")
		return
	}
	if _, err := si.Signed(OIDContentType); !errors.Is(err, ErrNoAttribute) {
		r.add(CheckAttributes, pki.Failed, "a countersignature with a content-type attribute")
		return
	}
	si.checkSingle(r)
}
