package pki

import (
	"errors"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// GeneralName is RFC 5280 §4.2.1.6: ID is the identifier octet, Body the
// content. For a directory name Body is the Name element.
type GeneralName struct {
	ID   byte
	Body []byte
}

// Identifier octets of the general names that are looked at.
const (
	nameOther     = 0xa0
	nameEmail     = 0x81
	nameDNS       = 0x82
	nameDirectory = 0xa4
	nameURI       = 0x86
	nameIP        = 0x87
)

// URI returns the name if it is a URI.
func (g GeneralName) URI() (string, bool) { return string(g.Body), g.ID == nameURI }

// Email returns the name if it is an e-mail address.
func (g GeneralName) Email() (string, bool) { return string(g.Body), g.ID == nameEmail }

// DNS returns the name if it is a domain name.
func (g GeneralName) DNS() (string, bool) { return string(g.Body), g.ID == nameDNS }

// Directory returns the DER Name if the name is a directory name.
func (g GeneralName) Directory() ([]byte, bool) { return g.Body, g.ID == nameDirectory }

func (g GeneralName) equal(o GeneralName) bool {
	if g.ID != o.ID {
		return false
	}
	if g.ID == nameDirectory {
		return NamesEqual(g.Body, o.Body)
	}
	return string(g.Body) == string(o.Body)
}

// readGeneralNames reads the names left in c.
func readGeneralNames(c *asn1x.Cursor) []GeneralName {
	var out []GeneralName
	for c.More() {
		if len(out) == maxListed {
			c.Fail("generalNames", errTooMany)
			break
		}
		v := c.Any("generalName")
		if v.ID&0xc0 != 0x80 && c.Err() == nil {
			c.Fail("generalName", errors.New("not a context tag"))
			break
		}
		out = append(out, GeneralName{ID: v.ID, Body: v.Body})
	}
	return out
}

// readNameConstraints reads RFC 5280 §4.2.1.10. minimum must be 0 and maximum
// absent, as that clause requires.
func readNameConstraints(cur *asn1x.Cursor) *NameConstraints {
	n := &NameConstraints{}
	seq := cur.Open("nameConstraints", asn1x.Sequence)
	if v, ok := seq.Optional("permittedSubtrees", asn1x.ContextC(0)); ok {
		in := seq.Inside(v.Body)
		n.Permitted = readSubtrees(&in)
	}
	if v, ok := seq.Optional("excludedSubtrees", asn1x.ContextC(1)); ok {
		in := seq.Inside(v.Body)
		n.Excluded = readSubtrees(&in)
	}
	seq.End("nameConstraints")
	return n
}

func readSubtrees(c *asn1x.Cursor) []GeneralName {
	var out []GeneralName
	for c.More() {
		if len(out) == maxListed {
			c.Fail("generalSubtrees", errTooMany)
			break
		}
		in := c.Open("generalSubtree", asn1x.Sequence)
		v := in.Any("base")
		if m, ok := in.Optional("minimum", asn1x.Context(0)); ok {
			if n, ok := smallInt(m.Body); !ok || n != 0 {
				in.Fail("minimum", errors.New("must be 0"))
			}
		}
		in.End("generalSubtree")
		out = append(out, GeneralName{ID: v.ID, Body: v.Body})
	}
	return out
}
