package signer

import (
	"os/exec"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
)

// oracleOutput runs a program that may fail.
func oracleOutput(t testing.TB, program string, args ...string) (string, error) {
	t.Helper()
	out, err := exec.Command(oracle.Need(t, program), args...).CombinedOutput()
	return string(out), err
}
