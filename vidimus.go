// Package vidimus holds the domain of accreditation certificates: what a
// certificate says, which kinds there are, what status it has on a given day,
// and the flow that issues one.
//
// Most programs need three calls:
//
//	err := vidimus.Validate(&cert, vidimus.DefaultKinds())  // all field errors at once
//	issued, err := issuer.Issue(ctx, "request-4711", cert)  // see [Issuer]
//	status := vidimus.StatusAt(&cert, changes, asOf, knownOn)
//
// The package imports only the standard library. Drawing and signing live in
// package signer, the register in package registry, checks of foreign files in
// package verify; an [Issuer] is wired from them through small interfaces, so
// each step can be replaced.
package vidimus
