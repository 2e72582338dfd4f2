package asn1x

import (
	"bytes"
	"slices"
)

// TLV returns the DER element with identifier octet id whose content is the
// concatenation of parts.
func TLV(id byte, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := AppendHeader(make([]byte, 0, n+HeaderLen(n)), id, n)
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// AppendHeader appends identifier octet and length n in its shortest form.
func AppendHeader(dst []byte, id byte, n int) []byte {
	dst = append(dst, id)
	if n < 0x80 {
		return append(dst, byte(n))
	}
	octets := 1
	for n>>(8*octets) > 0 {
		octets++
	}
	dst = append(dst, 0x80|byte(octets))
	for i := octets - 1; i >= 0; i-- {
		dst = append(dst, byte(n>>(8*i)))
	}
	return dst
}

// HeaderLen returns the size of identifier and length octets for a content of
// n octets.
func HeaderLen(n int) int {
	if n < 0x80 {
		return 2
	}
	octets := 1
	for n>>(8*octets) > 0 {
		octets++
	}
	return 2 + octets
}

// SetOf returns a SET OF of the elements in DER order (X.690 §11.6). The slice
// is reordered.
func SetOf(id byte, elements ...[]byte) []byte {
	slices.SortFunc(elements, bytes.Compare)
	return TLV(id, elements...)
}
