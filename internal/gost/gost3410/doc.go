// Package gost3410 signs and verifies with GOST R 34.10-2012 (RFC 7091), 256 and
// 512 bits, and verifies old GOST R 34.10-2001 signatures, on every CryptoPro and
// TC26 parameter set.
//
//	pub, err := gost3410.ParsePKIXPublicKey(spki) // checks the point and its order
//	err = pub.Verify(digest, signature)           // nil: valid
//
//	key, err := gost3410.ParsePKCS8PrivateKey(der)
//	signature, err := key.Sign(rand.Reader, digest, nil)
//
// A digest is what package streebog (or gost94 for keys of 2001) returns; its
// length is the curve's [Curve.Size]. A signature is s‖r, both big-endian, as
// CMS and X.509 carry it (RFC 9215 §2). Public keys of GOST R 34.10-2001 answer
// true to [PublicKey.Withdrawn]: the standard is no longer in force, so a caller
// reports their signatures as historical. They can't be used to sign.
//
// Operations with secrets run in constant time as far as Go lets one say so:
// no branch and no address depends on a key or a nonce. Verification does not
// try to.
package gost3410

//go:generate go run github.com/vidimus/vidimus/internal/gost/gen/cmd/gostgen gost3410
