package gosttest

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
)

//go:embed testdata/bench.c
var benchC []byte

// A Bencher times libcrypto's own operations, without the start of a process.
type Bencher struct {
	engine  *Engine
	program string
}

// NewBencher compiles the C program that loops; it needs gcc and libssl-dev.
func NewBencher(b *testing.B) *Bencher {
	b.Helper()
	engine := Find(b)
	dir := b.TempDir()
	source, program := filepath.Join(dir, "bench.c"), filepath.Join(dir, "bench")
	if err := os.WriteFile(source, benchC, 0o600); err != nil {
		b.Fatal(err)
	}
	if out, err := exec.Command(oracle.Need(b, "gcc"), "-O2", "-o", program, source, "-lcrypto").CombinedOutput(); err != nil {
		oracle.Missing(b, "gcc can't build against libcrypto: "+string(out))
	}
	return &Bencher{engine, program}
}

// Run runs an operation b.N times and reports its own time as ns/op, which it
// also returns.
func (r *Bencher) Run(b *testing.B, args ...string) float64 {
	b.Helper()
	cmd := exec.Command(r.program, append(args, strconv.Itoa(b.N))...)
	cmd.Env = r.engine.Env()
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%q: %v\n%s", args, err, out)
	}
	total, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(total/float64(b.N), "ns/op")
	return total / float64(b.N)
}
