// Package pki reads certificates, CRLs and OCSP responses as they are found in
// signed documents, and decides whether a certificate was to be trusted at a
// moment in time.
//
// Three calls do most of the work:
//
//	cert, err := pki.ParseCertificate(der)
//	anchors := pki.NewPool(roots...)
//	res := pki.Validate(ctx, cert, pki.PathOptions{
//		Anchors: anchors, Intermediates: pki.NewPool(embedded...),
//		CRLs: crls, OCSPs: ocsps, At: signingTime, Now: time.Now(),
//	})
//	// res.Chain, res.Revocation, res.SubIndication, res.Path
//
// Parsing is lenient and says so: what a certificate does wrong but can be
// understood is a [Warning], not an error. Deciding is strict: every answer
// has the value "not checked" as its zero and "unknown" for what could not be
// found out, and neither ever reads as good.
//
// Algorithms come from a [Suites] table that is passed in; [DefaultSuites]
// has RSA, ECDSA, EdDSA with SHA-1, SHA-2, SHA-3 and MD5. Whether an algorithm
// was still to be relied on at a given time is a separate question, answered
// by a dated [Policy].
//
// RFC 5280 (certificates, CRLs, path validation), RFC 6960 (OCSP), ETSI EN
// 319 102-1 (indications, times). RFC 3161 tokens are in package tsp below
// this one, because they are CMS.
package pki
