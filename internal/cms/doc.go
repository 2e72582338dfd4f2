// Package cms builds, reads and checks CMS SignedData (RFC 5652), the
// container of PAdES and CAdES signatures and of RFC 3161 time-stamp tokens.
//
// To check a detached signature:
//
//	sd, err := cms.Parse(contents)            // DER or BER, zero padding allowed
//	for _, si := range sd.SignerInfos {
//		res := si.Verify(cms.VerifyOptions{Suites: suites, Digest: digestOfContent})
//		// res.Status(), res.Signer, res.Checks
//	}
//
// To make one, prepare once per key and sign many times:
//
//	t, err := cms.NewTemplate(cert, chain, cms.TemplateOptions{Suites: suites})
//	der, err := t.Sign(ctx, key, contentDigest, cms.SignOptions{})
//
// or, with the key elsewhere: [Template.Prepare], sign Prepared.ToSign, then
// [Prepared.Finish].
//
// The package knows no algorithm itself: they come from a [pki.Suites] table.
// It says nothing about trust either: Result.Signer is who holds the key, and
// whether to believe the name in it is for package pki.
package cms
