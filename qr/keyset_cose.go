package qr

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// coseKey is a COSE_Key (RFC 9052 §7, RFC 9053 §7). The labels below −65536 are
// private use; nbf and exp are the key's term in whole seconds.
type coseKey struct {
	Kty    int64           `cbor:"1,keyasint"`
	Kid    []byte          `cbor:"2,keyasint,omitempty"`
	Alg    int64           `cbor:"3,keyasint,omitempty"`
	Ops    []int64         `cbor:"4,keyasint,omitempty"`
	Crv    int64           `cbor:"-1,keyasint,omitempty"`
	X      []byte          `cbor:"-2,keyasint,omitempty"`
	Y      []byte          `cbor:"-3,keyasint,omitempty"`
	D      cbor.RawMessage `cbor:"-4,keyasint,omitempty"`
	Nbf    *int64          `cbor:"-70003,keyasint,omitempty"`
	Exp    *int64          `cbor:"-70004,keyasint,omitempty"`
	Status string          `cbor:"-70005,keyasint,omitempty"`
}

const coseOpVerify = 2 // RFC 9052 table 5

// COSE encodes the set as a COSE_KeySet (RFC 9052 §7) in deterministic CBOR.
// Media type application/cose-key-set.
func (ks KeySet) COSE() ([]byte, error) {
	if err := checkCount(len(ks)); err != nil {
		return nil, err
	}
	out := make([]coseKey, 0, len(ks))
	for i := range ks {
		s, f, err := fieldsOf(&ks[i])
		if err != nil {
			return nil, err
		}
		out = append(out, coseKey{
			Kty: s.kty, Kid: f.kid, Alg: int64(s.alg), Ops: []int64{coseOpVerify}, Crv: s.crv,
			X: f.x, Y: f.y, Nbf: f.notBefore, Exp: f.notAfter, Status: f.status,
		})
	}
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		return nil, fmt.Errorf("qr: encode key set: %w", err)
	}
	return mode.Marshal(out)
}

// ParseCOSEKeySet reads a COSE_KeySet. Keys of a type or algorithm we do not
// know are left out, as RFC 9052 §7 asks; what is wrong with the others is
// [ErrKeySet].
func ParseCOSEKeySet(data []byte) (KeySet, error) {
	if err := checkSize(data); err != nil {
		return nil, err
	}
	mode, err := cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  8, // a set, a key, its list of operations, and some
		MaxArrayElements: MaxKeys,
		MaxMapPairs:      64, // COSE_Key has eleven of ours
	}.DecMode()
	if err != nil {
		return nil, fmt.Errorf("qr: decode key set: %w", err)
	}
	var in []coseKey
	if err := mode.Unmarshal(data, &in); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeySet, err)
	}
	var ks KeySet
	for i := range in {
		if in[i].D != nil {
			return nil, fmt.Errorf("%w: key %d is private", ErrKeySet, i+1)
		}
		s := suiteOf(Algorithm(in[i].Alg))
		if s == nil || s.kty != in[i].Kty || s.crv != in[i].Crv {
			continue
		}
		f := &keyFields{
			kid: in[i].Kid, x: in[i].X, y: in[i].Y,
			notBefore: in[i].Nbf, notAfter: in[i].Exp, status: in[i].Status,
		}
		k, err := f.key(s)
		if err != nil {
			return nil, err
		}
		ks = append(ks, k)
	}
	return ks, nil
}
