// Package qr makes the text and the modules of a certificate's QR code, and
// checks the signature in it without a network.
//
// The issuer seals claims with any [crypto.Signer] and draws the URL:
//
//	s, err := qr.NewSigner("reg.example.org", key)  // Ed25519 or ECDSA P-256
//	url, err := s.Seal(qr.Claims{ID: id, Kind: 3, Issued: now, Expires: end, Visible: digest})
//	code, err := enc.Encode(url)                    // enc is a qr.Encoder, kept
//	page = code.AppendPDFPath(page, x, y, 1.134)    // or code.PNG, code.SVG
//
// Anyone who has the issuer's key set checks what a camera read:
//
//	keys, err := qr.ParseJWKS(data)                 // from /.well-known/vidimus/keys
//	token, err := qr.Parse(url)
//	result := token.Verify(keys, time.Now())
//	if result.Verdict() == qr.Passed { … token.Claims() … }
//
// Passed says that the issuer sealed these claims and that their term runs. It
// can't say that the certificate was not revoked since: only the registry can.
//
// # The text
//
// https://<host>/c/<decimal>, where decimal is the number whose big-endian
// bytes are 0x01 followed by a COSE_Sign1 (RFC 9052 §4.2, untagged, in the
// deterministic encoding of RFC 8949 §4.2.1):
//
//	protected    {1: alg, 4: kid}
//	unprotected  {}
//	payload      {4: exp, 6: iat, 7: ID, -70001: kind, -70002: visible}
//	external_aad "vidimus/qr/1" ‖ host
//
// alg is −19 (Ed25519) or −9 (ESP256, ECDSA on P-256 with SHA-256), both of RFC
// 9864, or of private use −70012 ([GOST256]); kid is the first 8 bytes of SHA-256 over the SubjectPublicKeyInfo. exp
// and iat are whole seconds (RFC 8392 §3.1), exp is left out for a permanent
// certificate. There is exactly one text for given claims and signature; every
// other spelling of it is refused.
package qr
