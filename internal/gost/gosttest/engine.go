// Package gosttest lets tests ask OpenSSL with the gost engine, an
// implementation that shares nothing with ours.
//
//	e := gosttest.Find(t) // skips, or fails when oracles are required
//	out := e.OpenSSL(t, nil, "dgst", "-md_gost12_256", "-binary", file)
package gosttest

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
)

// An Engine is an OpenSSL command that can load the gost engine.
type Engine struct {
	program string
	config  string
}

// module returns the engine's file or "", looking in $GOST_ENGINE and where
// distributions put it (Debian's libengine-gost-openssl).
func module() string {
	if path := os.Getenv("GOST_ENGINE"); path != "" {
		return path
	}
	for _, pattern := range []string{"/usr/lib/*/engines-3/gost.so", "/usr/lib64/engines-3/gost.so", "/usr/lib/engines-3/gost.so"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[0]
		}
	}
	return ""
}

// Installed reports whether [Find] would find the engine, for tests of which it
// is one part only.
func Installed() bool {
	_, err := exec.LookPath("openssl")
	return err == nil && module() != ""
}

// Find returns the engine; without one the test skips, or fails if oracles are
// required.
func Find(t testing.TB) *Engine {
	t.Helper()
	program, module := oracle.Need(t, "openssl"), module()
	if module == "" {
		oracle.Missing(t, "OpenSSL's gost engine is not installed (libengine-gost-openssl)")
	}
	config := filepath.Join(t.TempDir(), "openssl.cnf")
	text := "openssl_conf = main\n[main]\nengines = engines\n[engines]\ngost = gost\n" +
		"[gost]\nengine_id = gost\ndynamic_path = " + module + "\ndefault_algorithms = ALL\ninit = 1\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &Engine{program: program, config: config}
}

// Env returns the environment in which a program that uses libcrypto loads the engine.
func (e *Engine) Env() []string { return append(os.Environ(), "OPENSSL_CONF="+e.config) }

// Try runs openssl and returns its standard output, or its error and messages.
func (e *Engine) Try(stdin []byte, args ...string) ([]byte, string, error) {
	return e.run(bytes.NewReader(stdin), args)
}

func (e *Engine) run(stdin io.Reader, args []string) ([]byte, string, error) {
	cmd := exec.Command(e.program, args...)
	cmd.Env = e.Env()
	cmd.Stdin = stdin
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	return out, stderr.String(), err
}

// OpenSSL runs openssl, which must succeed, and returns its standard output.
func (e *Engine) OpenSSL(t testing.TB, stdin []byte, args ...string) []byte {
	t.Helper()
	out, messages, err := e.Try(stdin, args...)
	if err != nil {
		t.Fatalf("openssl %q: %v\n%s", args, err, messages)
	}
	return out
}

// Pipe is OpenSSL with a stream as input.
func (e *Engine) Pipe(t testing.TB, stdin io.Reader, args ...string) []byte {
	t.Helper()
	out, messages, err := e.run(stdin, args)
	if err != nil {
		t.Fatalf("openssl %q: %v\n%s", args, err, messages)
	}
	return out
}
