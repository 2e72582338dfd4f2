package cms

import "errors"

const (
	// maxTries bounds the public-key operations beyond the first for each
	// signature: a second one is needed where certificates share a sid, or where
	// signed attributes are not in DER. Both are rare, a file with many of them is
	// an attack on the verifier.
	maxTries = 20
	// maxCandidates bounds the certificates that one sid names. An issuer gives a
	// serial number once (RFC 5280 §4.1.2.2); a renewed certificate may keep its
	// key identifier.
	maxCandidates = 20
)

// errTries: the search for a fitting key stopped at its limit.
var errTries = errors.New("cms: more keys and encodings are possible than are tried")

// Tries counts the public-key operations spent on searching; see
// [VerifyOptions]. The zero value is ready for use. It is not safe for
// concurrent use.
type Tries struct{ used int }

// another reports whether one more may be spent.
func (t *Tries) another() bool {
	if t.used == maxTries {
		return false
	}
	t.used++
	return true
}
