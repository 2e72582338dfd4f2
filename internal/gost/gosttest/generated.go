package gosttest

import (
	"bytes"
	"os"
	"testing"
)

// Current fails the test if the generated files of the package under test are
// not what generate, a function of package gen, writes now.
func Current(t testing.TB, generate func() (map[string][]byte, error)) {
	t.Helper()
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from what gostgen writes now (%v): run go generate", name, err)
		}
	}
}
