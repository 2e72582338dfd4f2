package signer

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
)

// ErrHole: the signature does not fit into the place kept for it; see [HoleError].
var ErrHole = errors.New("signer: signature is larger than its placeholder")

// HoleError says how large the hole would have to be. It is returned before
// anything is written: a longer signature would overwrite the document.
type HoleError struct {
	Need, Have int // octets of CMS; each takes two hexadecimal digits
}

func (e *HoleError) Error() string {
	return fmt.Sprintf("%v: up to %d octets, room for %d", ErrHole, e.Need, e.Have)
}

// Unwrap returns [ErrHole].
func (e *HoleError) Unwrap() error { return ErrHole }

// HoleSize returns how many hexadecimal digits a placeholder for /Contents
// needs between < and >: enough for every signature that this identity makes,
// an even number. It depends on key and chain only. For RSA and Ed25519 keys
// signatures fill it exactly; ECDSA ones may be a few digits shorter.
func (id *Identity) HoleSize() int { return 2 * id.cms.MaxSize(0) }

// fill writes the signature into the hole, digits between < and >. What is
// left over stays 0, which readers ignore after the end of the DER.
func fill(hole, der []byte) error {
	if have := len(hole) / 2; len(der) > have {
		return &HoleError{Need: len(der), Have: have}
	}
	hex.Encode(hole, der)
	return nil
}

// zeros reports whether b consists of the digit 0.
func zeros(b []byte) bool { return bytes.Count(b, []byte{'0'}) == len(b) }
