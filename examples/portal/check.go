package main

import (
	"context"
	"os"

	"github.com/vidimus/vidimus/verify"
)

// check says what an uploaded file is worth. Nothing but a signature that leads
// to one of the anchors, and that nobody revoked, is [verify.Passed].
func check(ctx context.Context, f *os.File, size int64, trust *verify.Trust) (verify.Verdict, error) {
	report, err := verify.File(ctx, f.Name(), f, size, verify.Options{Trust: trust, Profile: verify.ProfileUpload})
	if err != nil {
		return "", err // it could not be checked: says nothing about the file
	}
	return report.Verdict(), nil
}
