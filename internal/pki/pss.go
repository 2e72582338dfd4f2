package pki

import (
	"bytes"
	"crypto/rsa"
	"math/big"

	"github.com/vidimus/vidimus/internal/asn1x"
)

// pssParams is RSASSA-PSS-params (RFC 4055 §3.1), resolved.
type pssParams struct {
	hash, mgf Hash
	salt      int
}

// maxSalt bounds the declared salt length; no hash is longer than 64 octets
// and no profile uses a salt longer than that, 16384-bit moduli allow 2 KiB.
const maxSalt = maxRSABits / 8

// resolvePSS reads the parameters. The defaults of RFC 4055 §3.1 are SHA-1,
// MGF1 with SHA-1 and a salt of 20 octets.
func resolvePSS(s *Suites, alg AlgorithmIdentifier) (any, OID, error) {
	bad := &UnsupportedError{What: "parameters of signature", OID: alg.OID}
	p := pssParams{salt: 20}
	hashOID, mgfOID := OIDSHA1, OIDSHA1
	if alg.Params == nil {
		// RFC 4055 §3.1: in a signature the parameters must be present.
		return nil, "", bad
	}
	c := asn1x.NewCursor(alg.Params)
	seq := c.Open("RSASSA-PSS-params", asn1x.Sequence)
	if seq.Peek() == asn1x.ContextC(0) {
		in := seq.Open("hashAlgorithm", asn1x.ContextC(0))
		a := ParseAlgorithm(&in, "hashAlgorithm")
		in.End("hashAlgorithm")
		if !a.NoParams() {
			return nil, "", bad
		}
		hashOID = a.OID
	}
	if seq.Peek() == asn1x.ContextC(1) {
		in := seq.Open("maskGenAlgorithm", asn1x.ContextC(1))
		a := ParseAlgorithm(&in, "maskGenAlgorithm")
		in.End("maskGenAlgorithm")
		if c.Err() == nil && a.OID != OIDMGF1 {
			return nil, "", &UnsupportedError{What: "mask generation", OID: a.OID}
		}
		mc := c.Inside(a.Params)
		m := ParseAlgorithm(&mc, "maskGenAlgorithm")
		mc.End("maskGenAlgorithm")
		if !m.NoParams() {
			return nil, "", bad
		}
		mgfOID = m.OID
	}
	if seq.Peek() == asn1x.ContextC(2) {
		in := seq.Open("saltLength", asn1x.ContextC(2))
		n, ok := smallInt(in.Next("saltLength", asn1x.Integer).Body)
		in.End("saltLength")
		if !ok || n > maxSalt {
			return nil, "", bad
		}
		p.salt = n
	}
	if seq.Peek() == asn1x.ContextC(3) {
		in := seq.Open("trailerField", asn1x.ContextC(3))
		n, ok := smallInt(in.Next("trailerField", asn1x.Integer).Body)
		in.End("trailerField")
		if !ok || n != 1 {
			return nil, "", bad
		}
	}
	seq.End("RSASSA-PSS-params")
	c.End("RSASSA-PSS-params")
	if c.Err() != nil {
		return nil, "", bad
	}
	var err error
	if p.hash, err = s.Hash(hashOID); err != nil {
		return nil, "", err
	}
	if p.mgf, err = s.Hash(mgfOID); err != nil {
		return nil, "", err
	}
	return p, hashOID, nil
}

// smallInt reads a non-negative INTEGER below 2^31.
func smallInt(body []byte) (int, bool) {
	if len(body) == 0 || len(body) > 5 || body[0]&0x80 != 0 {
		return 0, false
	}
	n := 0
	for _, b := range body {
		n = n<<8 | int(b)
	}
	return n, n < 1<<31
}

// verifyPSS enforces the declared salt length. crypto/rsa takes a length of 0
// to mean "any" and wants one hash for both purposes, so those two cases are
// decided here.
func verifyPSS(key Key, params any, h Hash, digest, sig []byte) error {
	pub, ok := key.Public.(*rsa.PublicKey)
	if !ok {
		return ErrKey
	}
	p := params.(pssParams)
	if p.salt > 0 && p.mgf.OID == h.OID && h.Crypto != 0 {
		if rsa.VerifyPSS(pub, h.Crypto, digest, sig, &rsa.PSSOptions{SaltLength: p.salt}) != nil {
			return ErrSignature
		}
		return nil
	}
	if len(sig) != pub.Size() {
		return ErrSignature
	}
	m := new(big.Int).SetBytes(sig)
	if m.Cmp(pub.N) >= 0 {
		return ErrSignature
	}
	m.Exp(m, big.NewInt(int64(pub.E)), pub.N)
	emBits := pub.N.BitLen() - 1
	if m.BitLen() > emBits {
		return ErrSignature
	}
	em := m.FillBytes(make([]byte, (emBits+7)/8))
	if !emsaPSSVerify(digest, em, emBits, p, h) {
		return ErrSignature
	}
	return nil
}

// emsaPSSVerify is RFC 8017 §9.1.2.
func emsaPSSVerify(digest, em []byte, emBits int, p pssParams, h Hash) bool {
	if len(em) < h.Size+p.salt+2 || em[len(em)-1] != 0xbc {
		return false
	}
	db := bytes.Clone(em[:len(em)-h.Size-1])
	hv := em[len(db) : len(em)-1]
	unused := 8*len(em) - emBits
	if db[0]>>(8-unused) != 0 {
		return false
	}
	mgf1XOR(db, p.mgf, hv)
	db[0] &= 0xff >> unused
	pad := len(db) - p.salt - 1
	for _, b := range db[:pad] {
		if b != 0 {
			return false
		}
	}
	if db[pad] != 1 {
		return false
	}
	d := h.New()
	d.Write(make([]byte, 8))
	d.Write(digest)
	d.Write(db[pad+1:])
	return bytes.Equal(d.Sum(nil), hv)
}

// mgf1XOR is RFC 8017 B.2.1, xored into out.
func mgf1XOR(out []byte, h Hash, seed []byte) {
	var counter [4]byte
	for done := 0; done < len(out); {
		d := h.New()
		d.Write(seed)
		d.Write(counter[:])
		for _, b := range d.Sum(nil) {
			if done == len(out) {
				return
			}
			out[done] ^= b
			done++
		}
		for i := 3; i >= 0; i-- {
			counter[i]++
			if counter[i] != 0 {
				break
			}
		}
	}
}
