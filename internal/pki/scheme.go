package pki

import (
	"crypto"
	"crypto/rsa"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// Scheme is how to sign with a kind of key: which identifiers to write and
// what to hand to the crypto.Signer.
type Scheme struct {
	Name string // "RSA-SHA256", "RSA-PSS-SHA256", "ECDSA-SHA256", "Ed25519", …
	// Digest is the digest algorithm, of the content and of what is signed;
	// DigestParams is its parameters element, nil for absent (RFC 5754 §2).
	Digest       OID
	DigestParams []byte
	// SignatureAlgorithm is the complete AlgorithmIdentifier.
	SignatureAlgorithm []byte
	// CertHash is the digest algorithm for ESSCertIDv2; "" means SHA-256.
	CertHash OID
	// SignsMessage: Signer.Sign takes the message, not its digest (EdDSA).
	SignsMessage bool
	// Opts is handed to Signer.Sign.
	Opts crypto.SignerOpts
	// Fits reports whether the scheme can sign with key. The first scheme of
	// the table that fits is the default for a key.
	Fits func(key Key, spki SPKI) bool
	// MaxSignature is the longest signature value for key, in octets.
	MaxSignature func(key Key) int
}

// AddScheme appends a scheme.
func (s *Suites) AddScheme(sc Scheme) { s.schemes = append(s.schemes, sc) }

// SchemeFor returns the first scheme that fits the key, or the one called
// name if name is not "". The error is ErrUnsupported or ErrKey.
func (s *Suites) SchemeFor(spki SPKI, name string) (Scheme, Key, error) {
	key, err := s.ParseKey(spki)
	if err != nil {
		return Scheme{}, Key{}, err
	}
	for _, sc := range s.schemes {
		if (name == "" || sc.Name == name) && sc.Fits(key, spki) {
			return sc, key, nil
		}
	}
	if name == "" {
		name = "for key " + key.Algorithm + " " + key.Curve
	}
	return Scheme{}, key, &UnsupportedError{What: "signature scheme " + name}
}

// messageOpts tells an EdDSA signer that it gets the message (crypto.Hash(0)).
const messageOpts = crypto.Hash(0)

func standardSchemes() []Scheme {
	null := []byte{asn1x.Null, 0}
	identifier := func(oid OID, params ...[]byte) []byte {
		return asn1x.TLV(asn1x.Sequence, append([][]byte{oid.Encode()}, params...)...)
	}
	rsaFits := func(k Key, s SPKI) bool { return k.Algorithm == "RSA" && s.Algorithm.OID == OIDRSA }
	pssFits := func(k Key, _ SPKI) bool { return k.Algorithm == "RSA" }
	rsaSize := func(k Key) int { return (k.Bits + 7) / 8 }
	curve := func(name string) func(Key, SPKI) bool {
		return func(k Key, _ SPKI) bool { return k.Curve == name }
	}
	ecdsaFits := func(k Key, _ SPKI) bool { return k.Algorithm == "ECDSA" }
	// Ecdsa-Sig-Value: two INTEGERs with a sign octet each.
	ecdsaSize := func(k Key) int {
		n := (k.Bits + 7) / 8
		integer := asn1x.HeaderLen(n+1) + n + 1
		return asn1x.HeaderLen(2*integer) + 2*integer
	}
	fixed := func(n int) func(Key) int { return func(Key) int { return n } }

	var out []Scheme
	hashes := []struct {
		name   string
		digest OID
		rsa    OID
		ecdsa  OID
		hash   crypto.Hash
	}{
		{"SHA256", OIDSHA256, OIDRSASHA256, OIDECDSA256, crypto.SHA256},
		{"SHA384", OIDSHA384, OIDRSASHA384, OIDECDSA384, crypto.SHA384},
		{"SHA512", OIDSHA512, OIDRSASHA512, OIDECDSA512, crypto.SHA512},
	}
	for _, h := range hashes {
		out = append(out, Scheme{Name: "RSA-" + h.name, Digest: h.digest, Opts: h.hash,
			SignatureAlgorithm: identifier(h.rsa, null), Fits: rsaFits, MaxSignature: rsaSize})
	}
	for _, h := range hashes {
		salt := h.hash.Size()
		params := asn1x.TLV(asn1x.Sequence,
			asn1x.TLV(asn1x.ContextC(0), identifier(h.digest, null)),
			asn1x.TLV(asn1x.ContextC(1), identifier(OIDMGF1, identifier(h.digest, null))),
			asn1x.TLV(asn1x.ContextC(2), asn1x.TLV(asn1x.Integer, []byte{byte(salt)})))
		out = append(out, Scheme{Name: "RSA-PSS-" + h.name, Digest: h.digest,
			Opts:               &rsa.PSSOptions{SaltLength: salt, Hash: h.hash},
			SignatureAlgorithm: identifier(OIDRSAPSS, params), Fits: pssFits, MaxSignature: rsaSize})
	}
	// The first three are the defaults for their curves.
	for i, c := range []string{"P-256", "P-384", "P-521"} {
		h := hashes[i]
		out = append(out, Scheme{Name: "ECDSA-" + h.name, Digest: h.digest, Opts: h.hash,
			SignatureAlgorithm: identifier(h.ecdsa), Fits: curve(c), MaxSignature: ecdsaSize})
	}
	for _, h := range hashes {
		out = append(out, Scheme{Name: "ECDSA-" + h.name, Digest: h.digest, Opts: h.hash,
			SignatureAlgorithm: identifier(h.ecdsa), Fits: ecdsaFits, MaxSignature: ecdsaSize})
	}
	// RFC 8419 §3.1: SHA-512 with Ed25519, SHAKE256 with 512 bits with Ed448.
	return append(out,
		Scheme{Name: "Ed25519", Digest: OIDSHA512, SignsMessage: true, Opts: messageOpts,
			SignatureAlgorithm: identifier(OIDEd25519), Fits: curve("Ed25519"), MaxSignature: fixed(64)},
		Scheme{Name: "Ed448", Digest: OIDSHAKE256Len, SignsMessage: true, Opts: messageOpts,
			DigestParams:       asn1x.TLV(asn1x.Integer, []byte{0x02, 0x00}), // 512
			SignatureAlgorithm: identifier(OIDEd448), Fits: curve("Ed448"), MaxSignature: fixed(114)})
}
