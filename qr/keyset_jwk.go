package qr

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// jwk is a JSON Web Key (RFC 7517 §4, RFC 7518 §6.2, RFC 8037 §2). nbf, exp and
// status are members of ours; kid is the base64url form of a [KeyID].
type jwk struct {
	Kty    string          `json:"kty"`
	Crv    string          `json:"crv,omitempty"`
	X      string          `json:"x,omitempty"`
	Y      string          `json:"y,omitempty"`
	D      json.RawMessage `json:"d,omitempty"`
	Kid    string          `json:"kid,omitempty"`
	Alg    string          `json:"alg,omitempty"`
	Use    string          `json:"use,omitempty"`
	Nbf    *int64          `json:"nbf,omitempty"`
	Exp    *int64          `json:"exp,omitempty"`
	Status string          `json:"status,omitempty"`
}

type jwks struct {
	Keys []jwk `json:"keys"`
}

// JWKS encodes the set as a JSON Web Key Set (RFC 7517 §5). Media type
// application/jwk-set+json.
func (ks KeySet) JWKS() ([]byte, error) {
	if err := checkCount(len(ks)); err != nil {
		return nil, err
	}
	out := jwks{Keys: make([]jwk, 0, len(ks))}
	b64 := base64.RawURLEncoding.EncodeToString
	for i := range ks {
		s, f, err := fieldsOf(&ks[i])
		if err != nil {
			return nil, err
		}
		out.Keys = append(out.Keys, jwk{
			Kty: s.joseKty, Crv: s.joseCrv, X: b64(f.x), Y: b64(f.y), Kid: b64(f.kid), Alg: s.jose,
			Use: "sig", Nbf: f.notBefore, Exp: f.notAfter, Status: f.status,
		})
	}
	return json.MarshalIndent(out, "", "  ")
}

// ParseJWKS reads a JSON Web Key Set. Keys of a type or algorithm we do not know
// are left out, as RFC 7517 §5 asks; what is wrong with the others is
// [ErrKeySet].
func ParseJWKS(data []byte) (KeySet, error) {
	if err := checkSize(data); err != nil {
		return nil, err
	}
	var in jwks
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeySet, err)
	}
	if in.Keys == nil {
		return nil, fmt.Errorf("%w: no member \"keys\"", ErrKeySet)
	}
	if err := checkCount(len(in.Keys)); err != nil {
		return nil, err
	}
	var ks KeySet
	for i := range in.Keys {
		j := &in.Keys[i]
		if j.D != nil {
			return nil, fmt.Errorf("%w: key %d is private", ErrKeySet, i+1)
		}
		s := suiteOfJWK(j)
		if s == nil {
			continue
		}
		f := &keyFields{notBefore: j.Nbf, notAfter: j.Exp, status: j.Status}
		for _, member := range []struct {
			name, text string
			to         *[]byte
		}{{"kid", j.Kid, &f.kid}, {"x", j.X, &f.x}, {"y", j.Y, &f.y}} {
			var err error
			if *member.to, err = base64.RawURLEncoding.Strict().DecodeString(member.text); err != nil {
				return nil, fmt.Errorf("%w: key %d: %s: %w", ErrKeySet, i+1, member.name, err)
			}
		}
		k, err := f.key(s)
		if err != nil {
			return nil, err
		}
		ks = append(ks, k)
	}
	return ks, nil
}

func suiteOfJWK(j *jwk) *suite {
	for _, s := range suites() {
		if s.jose == j.Alg && s.joseKty == j.Kty && s.joseCrv == j.Crv {
			return s
		}
	}
	return nil
}
