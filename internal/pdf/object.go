package pdf

import (
	"fmt"
	"strconv"
)

// Object is one PDF object (ISO 32000-2 §7.3): nil for null, or Bool, Integer,
// Real, String, Name, Array, *Dict, *Stream, Ref. No other type implements it.
//
// Objects returned by this package are shared with its caches: read them,
// never change them.
type Object interface{ pdfObject() }

type (
	// Bool is a boolean object.
	Bool bool
	// Integer is an integer object. Integers too large for 64 bits are read as Real.
	Integer int64
	// Real is a real number.
	Real float64
	// String is a string object: decoded bytes, whether the file wrote them as
	// (literal) or <hexadecimal>, and decrypted if the file is encrypted.
	String string
	// Name is a name without its slash, #xx escapes decoded.
	Name string
	// Array is an array object.
	Array []Object
	// Ref is an indirect reference. The zero Ref names no object.
	Ref struct {
		Num uint32
		Gen uint16
	}
)

func (Bool) pdfObject()    {}
func (Integer) pdfObject() {}
func (Real) pdfObject()    {}
func (String) pdfObject()  {}
func (Name) pdfObject()    {}
func (Array) pdfObject()   {}
func (Ref) pdfObject()     {}
func (*Dict) pdfObject()   {}
func (*Stream) pdfObject() {}

// String gives the reference as a PDF file writes it: "12 0 R".
func (r Ref) String() string {
	return strconv.FormatUint(uint64(r.Num), 10) + " " + strconv.FormatUint(uint64(r.Gen), 10) + " R"
}

// typeName says in an error message what o is.
func typeName(o Object) string {
	switch o.(type) {
	case nil:
		return "null"
	case Bool:
		return "boolean"
	case Integer:
		return "integer"
	case Real:
		return "real"
	case String:
		return "string"
	case Name:
		return "name"
	case Array:
		return "array"
	case Ref:
		return "reference"
	case *Dict:
		return "dictionary"
	case *Stream:
		return "stream"
	}
	return fmt.Sprintf("%T", o)
}
