package gost3410

import "errors"

var (
	// ErrAlgorithm: the key's algorithm is not GOST R 34.10-2012 or 34.10-2001.
	ErrAlgorithm = errors.New("gost3410: not a GOST R 34.10 signature key")
	// ErrCurve: the parameter set is unknown or not one for the key's algorithm.
	ErrCurve = errors.New("gost3410: parameter set unknown or unfit for the algorithm")
	// ErrNoParameters: the key carries no parameters. RFC 4491 §2.3.2 let a
	// certificate inherit its issuer's; see NewPublicKey.
	ErrNoParameters = errors.New("gost3410: key without parameters")
	// ErrEncoding: the bytes are not the DER structure they should be.
	ErrEncoding = errors.New("gost3410: malformed key")
	// ErrPublicKey: a coordinate is not below p, or the point is not on the curve,
	// or its order is not q.
	ErrPublicKey = errors.New("gost3410: not a point of order q on the curve")
	// ErrPrivateKey: the number is not in 1…q−1.
	ErrPrivateKey = errors.New("gost3410: private key out of range")
	// ErrPair: the public key that stands beside a private key is not its own.
	ErrPair = errors.New("gost3410: public and private key do not belong together")
	// ErrAmbiguous: the private key can be read as two numbers, and no public key
	// beside it says which is meant. One key in 130,000 is so written.
	ErrAmbiguous = errors.New("gost3410: private key that can be read in two ways; write it in an OCTET STRING or with its public key")
	// ErrWithdrawn: signing with GOST R 34.10-2001, which is only verified.
	ErrWithdrawn = errors.New("gost3410: GOST R 34.10-2001 is withdrawn, verification only")
	// ErrDigest: the digest's length is not the one of the key, or the hash given
	// in crypto.SignerOpts is not Streebog.
	ErrDigest = errors.New("gost3410: digest does not fit the key")
	// ErrSignature: the signature is not valid for the digest and key. It is the
	// only error that speaks about the signature.
	ErrSignature = errors.New("gost3410: invalid signature")
)
