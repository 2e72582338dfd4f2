package pki

import (
	"context"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// Effort bounds what several validations cost together: those of all signatures
// and time-stamps of one file, which is one stranger's work. They also share
// what was found out: a signature is checked with a key once. Not safe for use
// by several goroutines.
type Effort struct {
	left int
	done map[signedBy]edge
}

// signedBy is a question: was it (a *Certificate, *CRL or *OCSPResponse) signed
// with the key of by?
type signedBy struct {
	it any
	by *Certificate
}

const (
	// maxEffort is in units of some 70 µs, a check with RSA or P-256: a file of
	// 500 signatures, each with a path of four, a time-stamp, and lists for both,
	// takes 8,000.
	maxEffort = 15_000
	// effortBytes of what was signed cost one unit: as much is hashed in that time.
	// with the slower digests.
	effortBytes = 8 << 10
)

// NewEffort returns an Effort for one file.
func NewEffort() *Effort { return &Effort{left: maxEffort, done: map[signedBy]edge{}} }

// once runs check unless it was run before. size is how many bytes it hashes.
// The error is errSearchLimit when the effort is spent or the caller has gone.
func (e *Effort) once(ctx context.Context, it any, size int, by *Certificate, check func() (Use, error)) edge {
	k := signedBy{it, by}
	if r, ok := e.done[k]; ok {
		return r
	}
	if e.left <= 0 || ctx.Err() != nil {
		return edge{err: errSearchLimit}
	}
	e.left -= by.effort() + size/effortBytes
	var r edge
	r.use, r.err = check()
	e.done[k] = r
	return r
}

// effort is what a check with the certificate's key costs, in units.
func (c *Certificate) effort() int {
	switch c.SPKI.Algorithm.OID {
	case OIDRSA, OIDEd25519:
		return 1 + len(c.SPKI.Raw)/512 // a long modulus takes longer
	case OIDECPublic:
	default:
		return 8 // the longer keys of GOST, and what comes
	}
	params := asn1x.NewCursor(c.SPKI.Algorithm.Params)
	switch curve := params.OID("namedCurve"); curve {
	case oidP256, oidP224:
		return 1
	case oidP384, oidP521:
		return 10
	}
	return 100 // computed with math/big
}
