// Package oracle finds the independent programs that tests check our output
// with: openssl, qpdf, pdfsig, mutool, zbarimg and the like.
//
// A test asks for a program with [Need] or for the shared corpus with [Corpus].
// When it is absent the test skips and says so, unless VIDIMUS_REQUIRE_ORACLES=1,
// as in CI: then it fails, so that a green run never hides an unchecked claim.
package oracle

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Need returns the path of the named program.
func Need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		Missing(t, "program "+program+" is not installed (`make deps` installs it)")
	}
	return path
}

// Run runs a program and returns its standard output and error together.
// A non-zero exit fails the test.
func Run(t testing.TB, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(Need(t, program), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, out)
	}
	return string(out)
}

// File returns path if it exists; what says what the file is, for the message.
func File(t testing.TB, path, what string) string {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		Missing(t, what+" is not at "+path)
	}
	return path
}

// Missing skips the test, or fails it when VIDIMUS_REQUIRE_ORACLES=1.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("VIDIMUS_REQUIRE_ORACLES") == "1" {
		t.Fatalf("oracle missing: %s", what)
	}
	t.Skipf("SKIPPED, oracle missing: %s", what)
}

// Corpus returns the folder elem… of the shared corpus of files with known
// verdicts: $VIDIMUS_CORPUS, or ../shared/corpus beside the repository. The
// corpus is not part of the repository, so its absence always only skips.
func Corpus(t testing.TB, elem ...string) string {
	t.Helper()
	root := os.Getenv("VIDIMUS_CORPUS")
	if root == "" {
		root = filepath.Join(Root(t), "..", "shared", "corpus")
	}
	dir := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED, shared corpus missing: %s (set VIDIMUS_CORPUS)", filepath.Join(elem...))
	}
	return dir
}

// Root returns the top folder of the repository, found by its go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if data, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && len(data) > 0 {
			if isOurModule(data) {
				return dir
			}
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod of github.com/vidimus/vidimus above the test")
		}
		dir = parent
	}
}

func isOurModule(gomod []byte) bool {
	const want = "module github.com/vidimus/vidimus\n"
	return len(gomod) >= len(want) && string(gomod[:len(want)]) == want
}
