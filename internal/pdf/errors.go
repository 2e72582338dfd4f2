package pdf

import (
	"errors"
	"fmt"
)

var (
	// ErrNotPDF: no "%PDF-" in the first kilobyte.
	ErrNotPDF = errors.New("pdf: not a PDF file")
	// ErrSyntax: bytes that are no PDF object where one must stand.
	ErrSyntax = errors.New("pdf: syntax error")
	// ErrXRef: the cross-reference cannot be found or read.
	ErrXRef = errors.New("pdf: broken cross-reference")
	// ErrCycle: objects, cross-references or pages that lead back to themselves.
	ErrCycle = errors.New("pdf: cycle")
	// ErrLimit: one of the package's named limits was exceeded; see [LimitError].
	ErrLimit = errors.New("pdf: limit exceeded")
	// ErrObjectHeader: no "num gen obj" header where the cross-reference says
	// the object starts, or the header of another object.
	ErrObjectHeader = errors.New("pdf: cross-reference points at something else")
	// ErrGeneration: the object is in use under another generation number.
	ErrGeneration = errors.New("pdf: generation number differs")
	// ErrBeyondRevision: an object starts or ends behind the end of the revision
	// whose cross-reference names it, so that bytes appended later are part of it.
	ErrBeyondRevision = errors.New("pdf: object lies after the end of its revision")
	// ErrObjectStream: an object stream that does not hold what the cross-reference says.
	ErrObjectStream = errors.New("pdf: broken object stream")
	// ErrType: an object has another type than the caller asked for.
	ErrType = errors.New("pdf: wrong object type")
	// ErrStream: the extent of a stream's data cannot be told.
	ErrStream = errors.New("pdf: broken stream")
	// ErrFilter: a filter this package does not know, or not decodable parameters.
	ErrFilter = errors.New("pdf: unsupported filter")
	// ErrDecode: encoded stream data is damaged.
	ErrDecode = errors.New("pdf: damaged stream data")
	// ErrExternal: the stream's data is in another file (/F).
	ErrExternal = errors.New("pdf: external stream")
	// ErrPassword: the file is encrypted and the password given opens it neither
	// as user nor as owner.
	ErrPassword = errors.New("pdf: password does not open the file")
	// ErrEncryptedPublicKey: the file is encrypted for holders of certain
	// private keys (ISO 32000-2 §7.6.5), not with a password.
	ErrEncryptedPublicKey = errors.New("pdf: encrypted for public-key recipients")
	// ErrEncryption: an encryption dictionary that is broken or of a kind unknown here.
	ErrEncryption = errors.New("pdf: unsupported encryption")
)

// ReadError says that the underlying io.ReaderAt failed: the file could not be
// checked, which says nothing about the file.
type ReadError struct {
	Offset int64
	Err    error
}

func (e *ReadError) Error() string {
	return fmt.Sprintf("pdf: reading at offset %d: %v", e.Offset, e.Err)
}

// Unwrap returns the reader's error.
func (e *ReadError) Unwrap() error { return e.Err }

// severe returns err if it stops everything (the file cannot be read, or a
// budget is spent), nil if it only says that some part of the file is bad.
func severe(err error) error {
	if err == nil {
		return nil
	}
	var read *ReadError
	if errors.As(err, &read) || errors.Is(err, ErrLimit) {
		return err
	}
	return nil
}

// SyntaxError says where the file stopped making sense. It wraps a sentinel:
// ErrSyntax unless Err says otherwise.
type SyntaxError struct {
	Offset int64 // in the file; in the decoded data for object streams
	What   string
	Err    error
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%v at offset %d: %s", e.Unwrap(), e.Offset, e.What)
}

// Unwrap returns the sentinel.
func (e *SyntaxError) Unwrap() error {
	if e.Err == nil {
		return ErrSyntax
	}
	return e.Err
}

// ObjectError says which indirect object could not be read.
type ObjectError struct {
	Ref    Ref
	Offset int64 // where it was looked for; -1 if nowhere
	Err    error
}

func (e *ObjectError) Error() string {
	return fmt.Sprintf("pdf: object %d %d (offset %d): %v", e.Ref.Num, e.Ref.Gen, e.Offset, e.Err)
}

// Unwrap returns the cause.
func (e *ObjectError) Unwrap() error { return e.Err }

// LimitError says which limit was exceeded. errors.Is(err, ErrLimit) holds.
type LimitError struct {
	Name  string // name of the constant or option
	Limit int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%v: %s = %d", ErrLimit, e.Name, e.Limit)
}

// Unwrap returns ErrLimit.
func (e *LimitError) Unwrap() error { return ErrLimit }

// TypeError says what was found instead of the type asked for.
type TypeError struct{ Want, Got string }

func (e *TypeError) Error() string {
	return fmt.Sprintf("%v: want %s, got %s", ErrType, e.Want, e.Got)
}

// Unwrap returns ErrType.
func (e *TypeError) Unwrap() error { return ErrType }
