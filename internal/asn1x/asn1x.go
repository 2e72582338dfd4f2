// Package asn1x reads ASN.1 the way signatures need it: every element keeps
// the exact bytes it was read from, nothing is copied, and what is merely
// untidy (a length in more octets than needed) is told apart from what is
// broken.
//
// Most users need a [Cursor] over DER and [TLV] to write it:
//
//	c := asn1x.NewCursor(der)
//	seq := c.Open("Certificate", asn1x.Sequence)
//	serial := seq.Next("serialNumber", asn1x.Integer)
//	if err := seq.Err(); err != nil { … }
//
// [ToDER] turns BER (indefinite lengths, strings in segments; X.690 §8) into
// DER first.
package asn1x

import (
	"errors"
	"fmt"
)

// Identifier octets of the universal types used here (X.690 §8.1.2).
const (
	Boolean         = 0x01
	Integer         = 0x02
	BitString       = 0x03
	OctetString     = 0x04
	Null            = 0x05
	ObjectID        = 0x06
	Enumerated      = 0x0a
	UTF8String      = 0x0c
	NumericString   = 0x12
	PrintableString = 0x13
	T61String       = 0x14
	IA5String       = 0x16
	UTCTime         = 0x17
	GeneralizedTime = 0x18
	VisibleString   = 0x1a
	UniversalString = 0x1c
	BMPString       = 0x1e
	Sequence        = 0x30
	Set             = 0x31
)

// Context returns the identifier octet of context tag n (n < 31), primitive.
func Context(n byte) byte { return 0x80 | n }

// ContextC returns the identifier octet of context tag n (n < 31), constructed.
func ContextC(n byte) byte { return 0xa0 | n }

var (
	// ErrTruncated: an element says it is longer than the bytes at hand.
	ErrTruncated = errors.New("asn1: element runs past the end")
	// ErrIndefinite: an indefinite length where DER is required; see ToDER.
	ErrIndefinite = errors.New("asn1: indefinite length")
	// ErrSyntax: bytes that are no element at all.
	ErrSyntax = errors.New("asn1: not an element")
)

// FieldError names the field in which reading failed. Err is one of the
// sentinels of this package or says what was found instead.
type FieldError struct {
	Field string
	Err   error
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// Value is one element: its identifier octet, the element as it was read and
// its content octets.
type Value struct {
	ID   byte
	Full []byte // identifier, length and content
	Body []byte // content octets
}

// Read reads one element of definite length from the start of b.
func Read(b []byte) (v Value, rest []byte, err error) {
	id, head, n, indefinite, err := header(b)
	if err != nil {
		return Value{}, b, err
	}
	if indefinite {
		return Value{}, b, ErrIndefinite
	}
	end := head + n
	return Value{ID: id, Full: b[:end:end], Body: b[head:end:end]}, b[end:], nil
}

// header reads identifier and length octets; content of definite length is
// within b.
func header(b []byte) (id byte, head, n int, indefinite bool, err error) {
	if len(b) < 2 {
		return 0, 0, 0, false, ErrTruncated
	}
	id, head = b[0], 1
	if id&0x1f == 0x1f { // high tag number: octets with bit 8 set, then one without
		// Five octets hold 35 bits, more than any registered tag.
		const maxTagOctets = 5
		for i := 0; ; i++ {
			if head >= len(b) {
				return 0, 0, 0, false, ErrTruncated
			}
			if i == maxTagOctets {
				return 0, 0, 0, false, ErrSyntax
			}
			head++
			if b[head-1]&0x80 == 0 {
				break
			}
		}
		if head >= len(b) {
			return 0, 0, 0, false, ErrTruncated
		}
	}
	l := b[head]
	head++
	switch {
	case l < 0x80:
		n = int(l)
	case l == 0x80:
		if id&0x20 == 0 {
			return 0, 0, 0, false, ErrSyntax // only constructed elements may be indefinite
		}
		return id, head, 0, true, nil
	default:
		octets := int(l & 0x7f)
		if len(b)-head < octets {
			return 0, 0, 0, false, ErrTruncated
		}
		for _, o := range b[head : head+octets] {
			if n > 1<<47 { // the next shift would overflow; no input is that long
				return 0, 0, 0, false, ErrTruncated
			}
			n = n<<8 | int(o)
		}
		head += octets
	}
	if n > len(b)-head {
		return 0, 0, 0, false, ErrTruncated
	}
	return id, head, n, false, nil
}

// Cursor walks over consecutive elements. The first failure sticks: later
// reads return zero values and Err returns it, so a parser reads a whole
// structure and asks once.
type Cursor struct {
	b   []byte
	err *error
}

// NewCursor returns a cursor over the elements in b.
func NewCursor(b []byte) Cursor { return Cursor{b: b, err: new(error)} }

// Err returns the first failure of this cursor or any opened from it.
func (c *Cursor) Err() error { return *c.err }

// Rest returns what has not been read.
func (c *Cursor) Rest() []byte { return c.b }

// More reports whether there is something left to read and nothing failed.
func (c *Cursor) More() bool { return len(c.b) > 0 && *c.err == nil }

// Peek returns the identifier octet of the next element, 0 at the end.
func (c *Cursor) Peek() byte {
	if !c.More() {
		return 0
	}
	return c.b[0]
}

// Fail makes err stick, naming field.
func (c *Cursor) Fail(field string, err error) {
	if *c.err == nil {
		*c.err = &FieldError{Field: field, Err: err}
	}
}

// Any reads the next element whatever it is.
func (c *Cursor) Any(field string) Value {
	if *c.err != nil {
		return Value{}
	}
	v, rest, err := Read(c.b)
	if err != nil {
		c.Fail(field, err)
		return Value{}
	}
	c.b = rest
	return v
}

// Next reads the next element, which must have identifier octet id.
func (c *Cursor) Next(field string, id byte) Value {
	if *c.err != nil {
		return Value{}
	}
	if len(c.b) == 0 {
		c.Fail(field, ErrTruncated)
		return Value{}
	}
	if c.b[0] != id {
		c.Fail(field, fmt.Errorf("asn1: tag %#02x where %#02x belongs", c.b[0], id))
		return Value{}
	}
	return c.Any(field)
}

// Optional reads the next element if its identifier octet is id.
func (c *Cursor) Optional(field string, id byte) (Value, bool) {
	if c.Peek() != id {
		return Value{}, false
	}
	v := c.Any(field)
	return v, *c.err == nil
}

// Open reads the next element, which must have identifier octet id, and
// returns a cursor over its content that shares this cursor's error.
func (c *Cursor) Open(field string, id byte) Cursor {
	return Cursor{b: c.Next(field, id).Body, err: c.err}
}

// Inside returns a cursor over b that shares this cursor's error.
func (c *Cursor) Inside(b []byte) Cursor { return Cursor{b: b, err: c.err} }

// End makes it an error that elements are left.
func (c *Cursor) End(field string) {
	if *c.err == nil && len(c.b) > 0 {
		c.Fail(field, fmt.Errorf("asn1: %d octets left over", len(c.b)))
	}
}

// OID reads an OBJECT IDENTIFIER.
func (c *Cursor) OID(field string) OID {
	v := c.Next(field, ObjectID)
	if *c.err != nil {
		return ""
	}
	oid := OID(v.Body)
	if !oid.Valid() {
		c.Fail(field, ErrSyntax)
		return ""
	}
	return oid
}
