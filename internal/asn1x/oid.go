package asn1x

import (
	"errors"
	"strconv"
	"strings"
)

// OID is an object identifier as its content octets (X.690 §8.19), so that it
// compares, switches and indexes without being decoded. String gives the
// dotted form.
type OID string

// ErrOID: a dotted string that is no object identifier.
var ErrOID = errors.New("asn1: not an object identifier")

// ParseOID reads the dotted form.
func ParseOID(dotted string) (OID, error) {
	parts := strings.Split(dotted, ".")
	if len(parts) < 2 {
		return "", ErrOID
	}
	arcs := make([]uint64, len(parts))
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 56)
		if err != nil {
			return "", ErrOID
		}
		arcs[i] = n
	}
	if arcs[0] > 2 || arcs[0] < 2 && arcs[1] > 39 {
		return "", ErrOID
	}
	out := appendArc(nil, arcs[0]*40+arcs[1])
	for _, a := range arcs[2:] {
		out = appendArc(out, a)
	}
	return OID(out), nil
}

// MustOID is ParseOID for constants: it panics on a malformed string.
func MustOID(dotted string) OID {
	oid, err := ParseOID(dotted)
	if err != nil {
		panic("asn1x: " + dotted)
	}
	return oid
}

func appendArc(dst []byte, a uint64) []byte {
	shift := 0
	for a>>(shift+7) > 0 {
		shift += 7
	}
	for ; shift > 0; shift -= 7 {
		dst = append(dst, 0x80|byte(a>>shift))
	}
	return append(dst, byte(a&0x7f))
}

// Valid reports whether the octets form whole arcs, each in as few octets as
// hold it (X.690 §8.19.2): padded, two identifiers that differ would read the
// same.
func (o OID) Valid() bool {
	first := true // octet of an arc
	for i := range len(o) {
		if first && o[i] == 0x80 {
			return false
		}
		first = o[i]&0x80 == 0
	}
	return len(o) > 0 && first
}

// Under reports whether o lies under arc: 1.2.643.100.1 under 1.2.643.
func (o OID) Under(arc OID) bool { return len(o) > len(arc) && o[:len(arc)] == arc }

// String returns the dotted form; an arc of more than 63 bits is written "?".
func (o OID) String() string {
	var b strings.Builder
	var arc uint64
	first, over := true, false
	for i := 0; i < len(o); i++ {
		if arc > 1<<56 {
			over = true
		}
		arc = arc<<7 | uint64(o[i]&0x7f)
		if o[i]&0x80 != 0 {
			continue
		}
		switch {
		case over:
			b.WriteString(".?")
		case first:
			root := min(arc/40, 2)
			b.WriteString(strconv.FormatUint(root, 10) + "." + strconv.FormatUint(arc-root*40, 10))
		default:
			b.WriteString("." + strconv.FormatUint(arc, 10))
		}
		arc, first, over = 0, false, false
	}
	return b.String()
}

// Encode returns the OBJECT IDENTIFIER element.
func (o OID) Encode() []byte { return TLV(ObjectID, []byte(o)) }
