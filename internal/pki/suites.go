package pki

import (
	"crypto"
	"errors"
	"fmt"
	"hash"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// OID is an object identifier.
type OID = asn1x.OID

var (
	// ErrUnsupported: an algorithm or parameter that is not in the table. The
	// outcome is unknown, not bad.
	ErrUnsupported = errors.New("pki: unsupported algorithm")
	// ErrSignature: the signature value does not fit key and data.
	ErrSignature = errors.New("pki: signature value is wrong")
	// ErrKey: a public key that is malformed.
	ErrKey = errors.New("pki: malformed public key")
)

// UnsupportedError names what is not in the table. It is ErrUnsupported.
type UnsupportedError struct {
	What string // "hash", "key", "signature", "curve", …
	OID  OID    // "" if it is not about one
}

func (e *UnsupportedError) Error() string {
	if e.OID == "" {
		return "pki: unsupported " + e.What
	}
	return fmt.Sprintf("pki: unsupported %s %s", e.What, e.OID)
}

// Is makes errors.Is(err, ErrUnsupported) true.
func (e *UnsupportedError) Is(target error) bool { return target == ErrUnsupported }

// AlgorithmIdentifier is RFC 5280 §4.1.1.2.
type AlgorithmIdentifier struct {
	Raw    []byte // the whole SEQUENCE
	OID    OID
	Params []byte // the parameters element; nil when absent
}

// ParseAlgorithm reads an AlgorithmIdentifier from the cursor.
func ParseAlgorithm(c *asn1x.Cursor, field string) AlgorithmIdentifier {
	seq := c.Next(field, asn1x.Sequence)
	in := c.Inside(seq.Body)
	a := AlgorithmIdentifier{Raw: seq.Full, OID: in.OID(field)}
	if in.More() {
		a.Params = in.Any(field).Full
	}
	in.End(field)
	return a
}

// NoParams reports whether the parameters are absent or NULL, the only two
// forms of "none" (RFC 4055 §2.1, RFC 5758 §3.2).
func (a AlgorithmIdentifier) NoParams() bool {
	return a.Params == nil || len(a.Params) == 2 && a.Params[0] == asn1x.Null && a.Params[1] == 0
}

// Hash is a digest algorithm.
type Hash struct {
	OID    OID
	Name   string // as the policy names it: "SHA-256"
	Size   int    // octets
	New    func() hash.Hash
	Crypto crypto.Hash // 0 when the standard library has no number for it
}

// Key is a parsed public key.
type Key struct {
	Algorithm string // as the policy names it: "RSA", "ECDSA", "Ed25519"
	Bits      int    // modulus or group order
	Curve     string // "" for RSA
	Public    any    // what the signature's Verify function expects
}

// SPKI is a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
type SPKI struct {
	Raw       []byte
	Algorithm AlgorithmIdentifier
	Key       []byte // content of the BIT STRING, whole octets
}

// Signed is what was signed: the message, or a way to its digest where the
// message is too long to hold. One of the two is enough for algorithms that
// sign a digest; EdDSA needs the message.
type Signed struct {
	Message []byte
	Digest  func(h Hash) ([]byte, error)
}

// digest returns the message's digest under h.
func (s Signed) digest(h Hash) ([]byte, error) {
	if s.Digest != nil {
		return s.Digest(h)
	}
	if s.Message == nil {
		return nil, &UnsupportedError{What: "signature without the message"}
	}
	d := h.New()
	d.Write(s.Message)
	return d.Sum(nil), nil
}

// Signature is a signature algorithm.
type Signature struct {
	OID  OID
	Name string // "ECDSA", "RSASSA-PSS"; with Hash it names the whole
	// Hash is the digest algorithm that the identifier fixes; "" when it comes
	// from elsewhere (CMS digestAlgorithm, or the parameters: see Resolve).
	Hash OID
	// Resolve reads the parameters, if the algorithm has any. nil: parameters
	// must be absent or NULL. It may return a hash that the parameters fix.
	Resolve func(s *Suites, alg AlgorithmIdentifier) (params any, hash OID, err error)
	// SignsMessage: the message itself enters the signature, not a digest
	// (EdDSA). data in Verify is then the message.
	SignsMessage bool
	// Verify checks sig over data, which is the digest under h or the message.
	// It returns nil, ErrSignature, ErrKey or an error that is ErrUnsupported.
	Verify func(key Key, params any, h Hash, data, sig []byte) error
}

// Suites is the table of algorithms. Fill it with the Add methods, then share
// it: reading is safe from many goroutines, adding is not.
type Suites struct {
	hashes  map[OID]Hash
	params  map[string]bool // whole digest AlgorithmIdentifiers whose parameters say nothing new
	keys    map[OID]func(SPKI) (Key, error)
	sigs    map[OID]Signature
	schemes []Scheme
}

// NewSuites returns an empty table.
func NewSuites() *Suites {
	return &Suites{
		hashes: map[OID]Hash{}, params: map[string]bool{}, keys: map[OID]func(SPKI) (Key, error){}, sigs: map[OID]Signature{},
	}
}

// AddHash adds a digest algorithm under its OID.
func (s *Suites) AddHash(h Hash) { s.hashes[h.OID] = h }

// AddHashParams adds a parameters element with which digest algorithm oid is what
// the table has under oid. Absent and NULL need not be added.
func (s *Suites) AddHashParams(oid OID, params []byte) { s.params[string(oid)+string(params)] = true }

// AddKey adds a parser for subject public keys of algorithm oid. It returns
// ErrKey or an error that is ErrUnsupported.
func (s *Suites) AddKey(oid OID, parse func(SPKI) (Key, error)) { s.keys[oid] = parse }

// AddSignature adds a signature algorithm under its OID.
func (s *Suites) AddSignature(sig Signature) { s.sigs[sig.OID] = sig }

// Hash returns the digest algorithm oid.
func (s *Suites) Hash(oid OID) (Hash, error) {
	h, ok := s.hashes[oid]
	if !ok {
		return Hash{}, &UnsupportedError{What: "hash", OID: oid}
	}
	return h, nil
}

// HashFor returns the digest algorithm that an identifier names. With parameters
// that are not in the table it is another one, and the error is ErrUnsupported.
func (s *Suites) HashFor(alg AlgorithmIdentifier) (Hash, error) {
	if !alg.NoParams() && !s.params[string(alg.OID)+string(alg.Params)] {
		return Hash{}, &UnsupportedError{What: "parameters of hash", OID: alg.OID}
	}
	return s.Hash(alg.OID)
}

// ParseKey parses a subject public key.
func (s *Suites) ParseKey(spki SPKI) (Key, error) {
	parse, ok := s.keys[spki.Algorithm.OID]
	if !ok {
		return Key{}, &UnsupportedError{What: "key", OID: spki.Algorithm.OID}
	}
	return parse(spki)
}

// Use is which algorithms a signature was checked with; a Policy judges it.
type Use struct {
	Signature string // "ECDSA", "RSA", "RSASSA-PSS", …
	Hash      string // "" where the signature algorithm has none of its own
	Key       string
	KeyBits   int
}

// Verify checks sig over in with the public key spki under algorithm alg.
// declared is the digest algorithm named beside alg (CMS digestAlgorithm), for
// identifiers that fix none; "" where there is none, as in certificates.
//
// It returns nil, ErrSignature, ErrKey, or an error that is ErrUnsupported;
// Use is filled as far as it got.
func (s *Suites) Verify(spki SPKI, alg AlgorithmIdentifier, declared OID, in Signed, sig []byte) (Use, error) {
	return s.VerifyKey(func() (Key, error) { return s.ParseKey(spki) }, alg, declared, in, sig)
}

// VerifyKey is [Suites.Verify] for who parses the key, once for many signatures.
// key is called when the algorithm is known; an error from it is returned.
func (s *Suites) VerifyKey(key func() (Key, error), alg AlgorithmIdentifier, declared OID, in Signed, sig []byte) (Use, error) {
	algo, ok := s.sigs[alg.OID]
	if !ok {
		return Use{}, &UnsupportedError{What: "signature", OID: alg.OID}
	}
	use := Use{Signature: algo.Name}
	hashOID := algo.Hash
	var params any
	if algo.Resolve != nil {
		p, h, err := algo.Resolve(s, alg)
		if err != nil {
			return use, err
		}
		params = p
		if h != "" {
			hashOID = h
		}
	} else if !alg.NoParams() {
		return use, &UnsupportedError{What: "parameters of signature", OID: alg.OID}
	}
	var h Hash
	var err error
	if !algo.SignsMessage {
		if hashOID == "" {
			hashOID = declared
		}
		if hashOID == "" {
			return use, &UnsupportedError{What: "signature without digest algorithm", OID: alg.OID}
		}
		if h, err = s.Hash(hashOID); err != nil {
			return use, err
		}
		use.Hash = h.Name
	}
	public, err := key()
	if err != nil {
		return use, err
	}
	use.Key, use.KeyBits = public.Algorithm, public.Bits
	data := in.Message
	if !algo.SignsMessage {
		if data, err = in.digest(h); err != nil {
			return use, err
		}
	} else if data == nil {
		return use, &UnsupportedError{What: "signature over a digest only", OID: alg.OID}
	}
	return use, algo.Verify(public, params, h, data, sig)
}
