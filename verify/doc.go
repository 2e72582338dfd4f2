// Package verify says what a file is worth: whether its signatures hold, whom
// they are from, what was changed since, and, for a certificate of ours, whether
// the registry knows it and it is in force.
//
//	trust, err := verify.NewTrust(pem)          // or verify.SystemTrust()
//	report, err := verify.File(ctx, "a.pdf", f, size, verify.Options{Trust: trust})
//	if err != nil { … could not check … }
//	if report.Verdict() == verify.Passed { … }
//
// An error means that the file could not be checked; a bad file is a result. A
// report holds facts, each with the zero value "not checked"; verdicts are
// derived from them (ETSI EN 319 102-1), and only what is known and good passes:
// no anchor, no answer about revocation, an algorithm unknown here, or no
// signature at all never read as valid.
//
// With [Options.Profile] the rules for uploads are applied too: see [Profiles].
package verify
