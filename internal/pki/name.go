package pki

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// Name is a distinguished name as a list of attributes in the order written.
type Name []Attribute

// Attribute is an AttributeTypeAndValue (RFC 5280 §4.1.2.4).
type Attribute struct {
	OID   OID
	Value string // text; "#" and hexadecimal DER for a value that is no string
	Tag   byte   // identifier octet of the value
	RDN   int    // index of the RelativeDistinguishedName it belongs to
}

// Get returns the first value of attribute oid.
func (n Name) Get(oid OID) (string, bool) {
	for _, a := range n {
		if a.OID == oid {
			return a.Value, true
		}
	}
	return "", false
}

// called returns what a name is called by: its common name, else its
// organisation. Other attributes may be numbers of a person that are nobody's
// business.
func (n Name) called() (string, bool) {
	for _, oid := range []OID{oidAttrCommonName, oidAttrOrganisation} {
		if v, ok := n.Get(oid); ok {
			return v, true
		}
	}
	return "", false
}

// maxAttributes bounds a name; qualified certificates have about 15.
const maxAttributes = 200

func parseName(raw []byte, field string, warnings *[]Warning, c *asn1x.Cursor) Name {
	seq, _, err := asn1x.Read(raw)
	if err != nil {
		c.Fail(field, err)
		return nil
	}
	in := c.Inside(seq.Body)
	var out Name
	for rdn := 0; in.More(); rdn++ {
		set := in.Open(field, asn1x.Set)
		for set.More() {
			if len(out) == maxAttributes {
				c.Fail(field, errors.New("too many attributes"))
				return nil
			}
			atv := set.Open(field, asn1x.Sequence)
			a := Attribute{OID: atv.OID(field), RDN: rdn}
			v := atv.Any(field)
			atv.End(field)
			a.Tag = v.ID
			text, ok, clean := stringValue(v)
			switch {
			case !ok:
				a.Value = "#" + hex.EncodeToString(v.Full)
				*warnings = append(*warnings, Warning{WarnNameValue, field + " " + a.OID.String()})
			default:
				a.Value = text
				if !clean {
					*warnings = append(*warnings, Warning{WarnNameText, field + " " + a.OID.String()})
				}
			}
			out = append(out, a)
		}
	}
	return out
}

// ParseName reads a DER Name.
func ParseName(raw []byte) (Name, error) {
	c := asn1x.NewCursor(raw)
	var w []Warning
	n := parseName(raw, "name", &w, &c)
	return n, c.Err()
}

// stringValue decodes a directory string; ok is false for other types, clean
// is false if it has octets that its type does not allow.
func stringValue(v asn1x.Value) (text string, ok, clean bool) {
	b := v.Body
	switch v.ID {
	case asn1x.UTF8String:
		return string(b), true, utf8.Valid(b)
	case asn1x.PrintableString, asn1x.NumericString, asn1x.IA5String, asn1x.VisibleString:
		ascii := true
		for _, o := range b {
			ascii = ascii && o < 0x80
		}
		if ascii {
			return string(b), true, true
		}
		if utf8.Valid(b) {
			return string(b), true, false
		}
		return latin1(b), true, false
	case asn1x.T61String:
		return latin1(b), true, true
	case asn1x.BMPString:
		if len(b)%2 != 0 {
			return "", false, false
		}
		u := make([]uint16, len(b)/2)
		for i := range u {
			u[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
		}
		return string(utf16.Decode(u)), true, true
	case asn1x.UniversalString:
		if len(b)%4 != 0 {
			return "", false, false
		}
		var s strings.Builder
		for i := 0; i < len(b); i += 4 {
			s.WriteRune(rune(uint32(b[i])<<24 | uint32(b[i+1])<<16 | uint32(b[i+2])<<8 | uint32(b[i+3])))
		}
		return s.String(), true, true
	}
	return "", false, false
}

func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, o := range b {
		r[i] = rune(o)
	}
	return string(r)
}

// NamesEqual compares two DER Names as RFC 5280 §7.1 wants it: string types,
// letter case and runs of spaces do not matter.
func NamesEqual(a, b []byte) bool {
	return bytes.Equal(a, b) || canonicalName(a) == canonicalName(b)
}

// canonicalName returns a key under which equal names are equal. A name that
// can't be read is its own key.
func canonicalName(raw []byte) string {
	rdns, ok := canonicalRDNs(raw)
	if !ok {
		return "?" + string(raw)
	}
	return "=" + joinPrefixed(rdns)
}

// canonicalRDNs returns one key for each RelativeDistinguishedName.
func canonicalRDNs(raw []byte) ([]string, bool) {
	c := asn1x.NewCursor(raw)
	in := c.Open("name", asn1x.Sequence)
	var rdns []string
	for in.More() {
		set := in.Open("rdn", asn1x.Set)
		var atvs []string
		for set.More() {
			atv := set.Open("atv", asn1x.Sequence)
			oid := atv.OID("type")
			v := atv.Any("value")
			text, ok, _ := stringValue(v)
			if ok {
				text = "t" + foldText(text)
			} else {
				text = "#" + string(v.Full)
			}
			atvs = append(atvs, joinPrefixed([]string{string(oid), text}))
		}
		slices.Sort(atvs)
		rdns = append(rdns, joinPrefixed(atvs))
	}
	return rdns, c.Err() == nil
}

// joinPrefixed joins parts with their lengths, so that no part can pose as two.
func joinPrefixed(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(strconv.Itoa(len(p)))
		b.WriteByte(':')
		b.WriteString(p)
	}
	return b.String()
}

// foldText lowers case, trims and collapses spaces.
func foldText(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		if r < 0x80 {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			b.WriteByte(byte(r))
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
