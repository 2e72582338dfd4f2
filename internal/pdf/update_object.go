package pdf

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// AppendObject appends o as a file writes it (ISO 32000-2 §7.3), on one line,
// entries of dictionaries in their order. A stream's data are not part of it:
// the error for one is [ErrType]. Numbers that PDF cannot express are ErrSyntax.
func AppendObject(dst []byte, o Object) ([]byte, error) {
	return appendObject(dst, o, 0)
}

var errNotWritable = errors.New("pdf: cannot be written")

func appendObject(dst []byte, o Object, depth int) ([]byte, error) {
	if depth > maxNesting {
		return nil, &LimitError{"maxNesting", maxNesting}
	}
	var err error
	switch v := o.(type) {
	case nil:
		return append(dst, "null"...), nil
	case Bool:
		return strconv.AppendBool(dst, bool(v)), nil
	case Integer:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case Real:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil, fmt.Errorf("%w: %w: number %v", ErrSyntax, errNotWritable, float64(v))
		}
		return strconv.AppendFloat(dst, float64(v), 'f', -1, 64), nil
	case String:
		return appendString(dst, string(v)), nil
	case Name:
		return appendName(dst, v)
	case Ref:
		return append(dst, v.String()...), nil
	case Array:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ' ')
			}
			if dst, err = appendObject(dst, e, depth+1); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	case *Dict:
		dst = append(dst, "<<"...)
		for key, value := range v.All() {
			if dst, err = appendName(dst, key); err != nil {
				return nil, err
			}
			if !selfDelimiting(value) {
				dst = append(dst, ' ')
			}
			if dst, err = appendObject(dst, value, depth+1); err != nil {
				return nil, err
			}
		}
		return append(dst, ">>"...), nil
	}
	return nil, &TypeError{Want: "an object without data", Got: typeName(o)}
}

// selfDelimiting: the value starts with a delimiter, so it needs no white space
// after a name.
func selfDelimiting(o Object) bool {
	switch o.(type) {
	case Name, String, Array, *Dict:
		return true
	}
	return false
}

const upperHex = "0123456789ABCDEF"

// appendName is §7.3.5: everything but regular characters in ! … ~ as #xx. A
// name that would be too long to be read again is [ErrLimit].
func appendName(dst []byte, n Name) ([]byte, error) {
	start := len(dst)
	dst = append(dst, '/')
	for i := range len(n) {
		c := n[i]
		switch {
		case c == 0:
			return nil, fmt.Errorf("%w: %w: name with a null byte", ErrSyntax, errNotWritable)
		case c < '!' || c > '~' || c == '#' || class[c] != regular:
			dst = append(dst, '#', upperHex[c>>4], upperHex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	if len(dst)-start > maxWordLen {
		return nil, &LimitError{"maxWordLen", maxWordLen}
	}
	return dst, nil
}

// appendString is §7.3.4: literal when all characters are printable ASCII,
// else hexadecimal, which no transport and no end-of-line rule can change.
func appendString(dst []byte, s string) []byte {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			dst = append(dst, '<')
			for j := range len(s) {
				dst = append(dst, upperHex[s[j]>>4], upperHex[s[j]&15])
			}
			return append(dst, '>')
		}
	}
	dst = append(dst, '(')
	for i := range len(s) {
		if c := s[i]; c == '(' || c == ')' || c == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, s[i])
	}
	return append(dst, ')')
}

// With returns a copy of d in which the entries given replace those of the
// same key or follow at the end; a nil value removes the key. Of duplicate keys
// in d one is left. d may be nil.
func (d *Dict) With(entries ...DictEntry) *Dict {
	given := NewDict(entries...)
	var list []DictEntry
	for key, value := range d.All() {
		if given.Has(key) {
			value = given.Get(key)
		}
		if value != nil {
			list = append(list, DictEntry{key, value})
		}
	}
	for key, value := range given.All() {
		if !d.Has(key) && value != nil {
			list = append(list, DictEntry{key, value})
		}
	}
	return NewDict(list...)
}
