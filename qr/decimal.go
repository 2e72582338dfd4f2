package qr

import "math/big"

const (
	// maxToken bounds the COSE_Sign1 in bytes: what the shortest URL leaves of a
	// symbol of MaxVersion. It leaves room for a signature of 128 bytes.
	maxToken = 236

	// maxDecimal is the length of the largest number of maxToken+1 bytes that
	// starts with 0x01. It bounds the quadratic conversion below.
	maxDecimal = 569
)

// decimal writes 0x01 ‖ token as a number. The leading 1 keeps zero bytes at the
// front of a token, so that bytes and numbers correspond one to one.
func appendDecimal(dst, token []byte) []byte {
	return new(big.Int).SetBytes(append([]byte{1}, token...)).Append(dst, 10)
}

// parseDecimal is the inverse of appendDecimal; every number has one form.
func parseDecimal(s string) ([]byte, error) {
	switch {
	case s == "":
		return nil, &FormatError{ErrDecimal, "empty"}
	case len(s) > maxDecimal:
		return nil, &FormatError{ErrDecimal, "too long"}
	case s[0] == '0':
		return nil, &FormatError{ErrDecimal, "leading zero"}
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return nil, &FormatError{ErrDecimal, "not a digit"}
		}
	}
	n, ok := new(big.Int).SetString(s, 10)
	if !ok {
		return nil, &FormatError{ErrDecimal, "not a number"}
	}
	b := n.Bytes()
	if b[0] != 1 {
		return nil, &FormatError{ErrDecimal, "first byte is not 1"}
	}
	return b[1:], nil
}
