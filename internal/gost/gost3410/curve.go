package gost3410

import (
	"encoding/asn1"
	"math/bits"
	"slices"
)

// A Curve is one set of domain parameters of GOST R 34.10. Get one from
// [CurveByOID], [Curves] or a parsed key; curves are compared by address.
type Curve struct {
	params *params
	group  group
}

// params are the numbers of a parameter set.
type params struct {
	name string
	n    int // words of a coordinate or scalar
	p    words
	q    modulus
	oids []asn1.ObjectIdentifier
	// Coefficients and base point of y² = x³ + ax + b; d of the Edwards form, if any.
	aWords, bWords, xWords, yWords, dWords words
}

// A point is a public key's point as its group keeps it.
type point struct{ x, y words }

// group is the arithmetic of one curve. Arguments go by value so that nothing
// moves to the heap.
type group interface {
	// load takes coordinates below p and reports whether they are a point of order q.
	load(x, y *words) (point, bool)
	// check reports whether the x coordinate of z1·P + z2·Q is r modulo q; false
	// for the point at infinity.
	check(z1, z2, r words, q point) bool
	// mulBase returns the coordinates of k·P for 0 < k < q in constant time.
	mulBase(k words) (x, y words)
}

// Curves returns every supported parameter set, the two test sets of RFC 7091 among them.
func Curves() []*Curve { return slices.Clone(curves[:]) }

// CurveByOID returns the curve that oid names, or false. Several identifiers
// name one curve: id-tc26-gost-3410-2012-256-paramSetB is CryptoPro-A (RFC 9215 §4.2
// and RFC 7836 §5), and the CryptoPro sets for key exchange XchA and XchB are A and C.
func CurveByOID(oid asn1.ObjectIdentifier) (*Curve, bool) {
	for _, c := range curves {
		for _, o := range c.params.oids {
			if o.Equal(oid) {
				return c, true
			}
		}
	}
	return nil, false
}

// Name returns a short name such as "CryptoPro-A" or "TC26-512-C".
func (c *Curve) Name() string { return c.params.name }

// OIDs returns the identifiers of the parameter set, the preferred one first.
func (c *Curve) OIDs() []asn1.ObjectIdentifier { return slices.Clone(c.params.oids) }

// Size returns the length in bytes of a coordinate, a private key and a digest:
// 32 or 64. A signature and a public key are twice as long.
func (c *Curve) Size() int { return 8 * c.params.n }

// Test reports whether this is a test parameter set, which no one should use.
func (c *Curve) Test() bool { return c == &curveTest256 || c == &curveTest512 }

// belowP reports whether r is a possible x coordinate.
func (p *params) belowP(r *words) bool { return r.less(&p.p) }

// nextCandidate sets r = r + q and reports whether that is still below p. An x
// coordinate that is not below q gives r by a subtraction of q, up to three
// times where the group has 4q points.
func (p *params) nextCandidate(r *words) bool {
	var c uint64
	for i := range p.n {
		r[i], c = bits.Add64(r[i], p.q.m[i], c)
	}
	return c == 0 && p.belowP(r)
}
