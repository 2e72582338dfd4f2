// Package c14n reads XML for signatures and writes it in canonical form.
//
//	err := c14n.Document(h, doc, c14n.Options{Skip: signature.Start}) // what an enveloped signature covers
//	err := c14n.Element(h, doc, signedInfo.Start, c14n.Options{Exclusive: true})
//
// Canonical XML 1.0 and Exclusive XML Canonicalization 1.0, each with or
// without comments. A canonicalizer and a reader that see two documents in the
// same bytes are how XML signatures are forged; so both are built on the one
// [Scanner] of this package, and whoever reads a signed document is to read it
// with that.
//
// The scanner is strict and small: UTF-8 only, no DOCTYPE and so no entities
// but the five of XML, names and characters as XML 1.0 has them, namespaces
// resolved (Namespaces in XML 1.0), depth and numbers bounded.
package c14n

import (
	"errors"
	"fmt"
)

var (
	// ErrSyntax: not well-formed XML, or not well-formed with namespaces.
	ErrSyntax = errors.New("c14n: not well-formed XML")
	// ErrDoctype: the document has a DOCTYPE, which is refused whatever it says.
	ErrDoctype = errors.New("c14n: DOCTYPE is not accepted")
	// ErrEncoding: the document is not UTF-8 or says that it is something else.
	ErrEncoding = errors.New("c14n: not UTF-8")
	// ErrLimit: one of the limits of this package is exceeded.
	ErrLimit = errors.New("c14n: too large")
)

// PositionError says where an error is. It unwraps to one of the errors above.
type PositionError struct {
	Offset int // octets from the start
	What   string
	Err    error
}

func (e *PositionError) Error() string {
	return fmt.Sprintf("%v: %s at octet %d", e.Err, e.What, e.Offset)
}
func (e *PositionError) Unwrap() error { return e.Err }

// Limits. Lists of accredited authorities, the largest documents read here,
// are 9 levels deep and declare 3 namespaces.
const (
	maxDepth      = 64
	maxAttributes = 64   // of one element, declarations included
	maxBindings   = 64   // namespace declarations in scope: looking one up is linear
	maxName       = 1000 // octets of a name
)
