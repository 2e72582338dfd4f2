package qr

import "errors"

// What can be wrong with a text that claims to be ours, or with what shall be
// written into one. They come inside a [*FormatError].
var (
	ErrScheme    = errors.New("does not start with https:// in lower case")
	ErrHost      = errors.New("host is not a lower-case DNS name")
	ErrPath      = errors.New("path is not /c/ and a number")
	ErrDecimal   = errors.New("number is not in its one decimal form")
	ErrCOSE      = errors.New("not a COSE_Sign1 in deterministic encoding")
	ErrHeader    = errors.New("protected header is not {alg, kid}")
	ErrClaims    = errors.New("claims are missing, unknown or out of range")
	ErrSignature = errors.New("signature has not the size that its algorithm makes")
)

// FormatError says which part of a text is malformed. It unwraps to one of the
// errors above. It is no verdict on a certificate: there was nothing to verify.
type FormatError struct {
	Err    error
	Detail string
}

func (e *FormatError) Error() string {
	if e.Detail == "" {
		return "qr: " + e.Err.Error()
	}
	return "qr: " + e.Err.Error() + ": " + e.Detail
}

func (e *FormatError) Unwrap() error { return e.Err }
