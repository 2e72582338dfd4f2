package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/vidimus/vidimus/internal/gost/gosttest"
)

func TestMain(m *testing.M) {
	if os.Getenv(runMain) == "1" {
		os.Exit(run())
	}
	testscript.Main(m, map[string]func(){"vidimus": main})
}

// TestScripts runs the sessions of testdata/script as an operator would type them.
func TestScripts(t *testing.T) {
	t.Run("gost-engine", func(t *testing.T) { gosttest.Find(t) }) // its absence is to be seen
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("LANG", "en_US.UTF-8")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": wantStatus,
			"flip":   flipBit,

			"makelist": makeList(t),

			"extract":  extractSignature,
			"scanseal": scanSeal,
			"gostcms":  gostCMS(t),
		},
		Condition: func(name string) (bool, error) {
			if name == "gost-engine" {
				return gosttest.Installed(), nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
	})
}

// wantStatus runs a command and wants an exact exit status: status N command…
func wantStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command…")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = exitCode(err)
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// flipBit flips the lowest bit of one byte: flip FILE OFFSET-FROM-END
func flipBit(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	data[len(data)/2] ^= 1
	ts.Check(os.WriteFile(path, data, 0o644))
}
