package pki

import (
	//lint:ignore SA1019 archives hold DSA signatures; nothing is signed with it
	"crypto/dsa"
	"math/big"

	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// addDSA adds DSA (RFC 3279 §2.2.2, RFC 5758 §3.1) for checking only.
func addDSA(s *Suites) {
	key := asn1x.MustOID("1.2.840.10040.4.1")
	s.AddKey(key, parseDSAKey)
	for oid, h := range map[OID]OID{
		key: "", asn1x.MustOID("1.2.840.10040.4.3"): OIDSHA1,
		asn1x.MustOID("2.16.840.1.101.3.4.3.1"): OIDSHA224, asn1x.MustOID("2.16.840.1.101.3.4.3.2"): OIDSHA256,
		asn1x.MustOID("2.16.840.1.101.3.4.3.3"): OIDSHA384, asn1x.MustOID("2.16.840.1.101.3.4.3.4"): OIDSHA512,
	} {
		resolve := anyParams
		if h != "" {
			resolve = nil
		}
		s.AddSignature(Signature{OID: oid, Name: "DSA", Hash: h, Resolve: resolve, Verify: verifyDSA})
	}
}

// anyParams ignores the parameters: with the key's identifier in place of a
// signature algorithm some producers repeat the key's domain parameters, and
// those of the certificate are the ones that count.
func anyParams(*Suites, AlgorithmIdentifier) (any, OID, error) { return nil, "", nil }

// Sizes of FIPS 186-4 §4.2; anything else is not DSA as standardised.
const (
	maxDSAModulus = 3072
	minDSAModulus = 1024
)

// parseDSAKey reads a DSAPublicKey with Dss-Parms (RFC 3279 §2.3.2).
func parseDSAKey(k SPKI) (Key, error) {
	c := asn1x.NewCursor(k.Algorithm.Params)
	params := c.Open("Dss-Parms", asn1x.Sequence)
	var n [4]*big.Int
	for i := range 3 {
		n[i] = new(big.Int).SetBytes(params.Next("Dss-Parms", asn1x.Integer).Body)
	}
	params.End("Dss-Parms")
	c.End("Dss-Parms")
	y := asn1x.NewCursor(k.Key)
	n[3] = new(big.Int).SetBytes(y.Next("DSAPublicKey", asn1x.Integer).Body)
	y.End("DSAPublicKey")
	if c.Err() != nil || y.Err() != nil {
		return Key{}, ErrKey
	}
	p, q, g, pub := n[0], n[1], n[2], n[3]
	if b := p.BitLen(); b < minDSAModulus || b > maxDSAModulus || q.BitLen() != 160 && q.BitLen() != 224 && q.BitLen() != 256 {
		return Key{}, &UnsupportedError{What: "DSA key size"}
	}
	one := big.NewInt(1)
	inRange := func(x *big.Int) bool { return x.Cmp(one) > 0 && x.Cmp(p) < 0 }
	if p.Bit(0) == 0 || !inRange(g) || !inRange(pub) || new(big.Int).Exp(g, q, p).Cmp(one) != 0 || new(big.Int).Exp(pub, q, p).Cmp(one) != 0 {
		return Key{}, ErrKey
	}
	return Key{Algorithm: "DSA", Bits: p.BitLen(), Public: &dsa.PublicKey{Parameters: dsa.Parameters{P: p, Q: q, G: g}, Y: pub}}, nil
}

func verifyDSA(key Key, _ any, _ Hash, digest, sig []byte) error {
	pub, ok := key.Public.(*dsa.PublicKey)
	if !ok {
		return ErrKey
	}
	c := asn1x.NewCursor(sig)
	seq := c.Open("Dss-Sig-Value", asn1x.Sequence)
	r := seq.Next("r", asn1x.Integer).Body
	s := seq.Next("s", asn1x.Integer).Body
	seq.End("Dss-Sig-Value")
	c.End("Dss-Sig-Value")
	if c.Err() != nil || !positiveDER(r) || !positiveDER(s) {
		return ErrSignature
	}
	if n := pub.Q.BitLen() / 8; len(digest) > n { // FIPS 186-4 §4.7: the leftmost bits
		digest = digest[:n]
	}
	if !dsa.Verify(pub, digest, new(big.Int).SetBytes(r), new(big.Int).SetBytes(s)) {
		return ErrSignature
	}
	return nil
}

// mldsa is one parameter set of ML-DSA (FIPS 204), pure and without context as
// in certificates and CMS (RFC 9881 §3, RFC 9882 §3.3).
type mldsa struct {
	name   string
	size   int
	bits   int
	verify func(key, msg, sig []byte) bool
}

// addMLDSA adds ML-DSA for checking.
func addMLDSA(s *Suites) {
	for oid, m := range map[string]mldsa{
		"2.16.840.1.101.3.4.3.17": {"ML-DSA-44", mldsa44.PublicKeySize, 128, func(key, msg, sig []byte) bool {
			var k mldsa44.PublicKey
			return k.UnmarshalBinary(key) == nil && mldsa44.Verify(&k, msg, nil, sig)
		}},
		"2.16.840.1.101.3.4.3.18": {"ML-DSA-65", mldsa65.PublicKeySize, 192, func(key, msg, sig []byte) bool {
			var k mldsa65.PublicKey
			return k.UnmarshalBinary(key) == nil && mldsa65.Verify(&k, msg, nil, sig)
		}},
		"2.16.840.1.101.3.4.3.19": {"ML-DSA-87", mldsa87.PublicKeySize, 256, func(key, msg, sig []byte) bool {
			var k mldsa87.PublicKey
			return k.UnmarshalBinary(key) == nil && mldsa87.Verify(&k, msg, nil, sig)
		}},
	} {
		id := asn1x.MustOID(oid)
		s.AddKey(id, func(k SPKI) (Key, error) {
			if len(k.Key) != m.size || k.Algorithm.Params != nil {
				return Key{}, ErrKey
			}
			return Key{Algorithm: m.name, Bits: m.bits, Public: mldsaKey(k.Key)}, nil
		})
		s.AddSignature(Signature{OID: id, Name: m.name, SignsMessage: true, Resolve: absentParams,
			Verify: func(key Key, _ any, _ Hash, msg, sig []byte) error {
				pub, ok := key.Public.(mldsaKey)
				if !ok || key.Algorithm != m.name {
					return ErrKey
				}
				if !m.verify(pub, msg, sig) {
					return ErrSignature
				}
				return nil
			}})
	}
}

// mldsaKey is an encoded ML-DSA public key.
type mldsaKey []byte
