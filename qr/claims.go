package qr

import (
	"strconv"
	"time"

	"github.com/vidimus/vidimus"
)

// Claims is what a QR code says. It has no name in it: Visible binds it to what
// the page says, see [vidimus.VisibleDigest].
type Claims struct {
	ID      vidimus.ID
	Kind    int       // [vidimus.Kind.Num], 1 to [MaxKind]
	Issued  time.Time // whole seconds
	Expires time.Time // first instant out of force; the zero time = permanent
	Visible [16]byte  // digest of the visible fields
}

// MaxKind is the largest kind number a QR code carries.
const MaxKind = 1<<16 - 1

// Labels of the claims: RFC 8392 §4 and, below −65536, private use.
const (
	labelExpires = 4
	labelIssued  = 6
	labelID      = 7
	labelKind    = -70001
	labelVisible = -70002
)

// maxTime is the last second of the year 9999, the end of RFC 3339 and X.509.
const maxTime = 253402300799

// check returns [ErrClaims] unless the claims can be written.
func (c *Claims) check() error {
	bad := func(detail string) error { return &FormatError{ErrClaims, detail} }
	issued := c.Issued.Unix()
	switch {
	case c.ID.IsZero():
		return bad("ID is zero")
	case c.Kind < 1 || c.Kind > MaxKind:
		return bad("kind " + strconv.Itoa(c.Kind))
	case issued < 1 || issued > maxTime:
		return bad("time of issue out of range")
	case c.Expires.IsZero():
		return nil
	case c.Expires.Unix() <= issued || c.Expires.Unix() > maxTime:
		return bad("expires before it is issued, or out of range")
	}
	return nil
}

// append writes the payload. The keys stand in bytewise order of their encoding.
func (c *Claims) append(dst []byte) []byte {
	if c.Expires.IsZero() {
		dst = appendHead(dst, majorMap, 4)
	} else {
		dst = appendHead(dst, majorMap, 5)
		dst = appendInt(appendInt(dst, labelExpires), c.Expires.Unix())
	}
	dst = appendInt(appendInt(dst, labelIssued), c.Issued.Unix())
	dst = appendBytes(appendInt(dst, labelID), c.ID[:])
	dst = appendInt(appendInt(dst, labelKind), int64(c.Kind))
	return appendBytes(appendInt(dst, labelVisible), c.Visible[:])
}

func parseClaims(payload []byte) (c Claims, err error) {
	bad := func(detail string) (Claims, error) { return Claims{}, &FormatError{ErrClaims, detail} }
	d := decoder{rest: payload}
	n := d.expect(majorMap)
	label := d.int()
	expires := int64(1)
	if label == labelExpires && n == 5 {
		expires = d.int()
		c.Expires = time.Unix(expires, 0).UTC()
		label = d.int()
		n--
	}
	if d.err == nil && (n != 4 || label != labelIssued) {
		return bad("keys are not {4, 6, 7, -70001, -70002} or these without 4")
	}
	issued := d.int()
	labels := [3]int64{d.int()}
	id := d.bytes()
	labels[1] = d.int()
	kind := d.int()
	labels[2] = d.int()
	visible := d.bytes()
	switch {
	case d.end() != nil:
		return bad(d.err.Error())
	case labels != [3]int64{labelID, labelKind, labelVisible}:
		return bad("keys are not {4, 6, 7, -70001, -70002} or these without 4")
	case len(id) != len(c.ID) || len(visible) != len(c.Visible):
		return bad("ID or digest has a wrong length")
	case kind < 1 || kind > MaxKind || issued < 1 || issued > maxTime || expires < 1 || expires > maxTime:
		return bad("number out of range")
	}
	c.Issued = time.Unix(issued, 0).UTC()
	c.Kind = int(kind)
	copy(c.ID[:], id)
	copy(c.Visible[:], visible)
	return c, c.check()
}
