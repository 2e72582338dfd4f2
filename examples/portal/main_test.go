package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	if err := run(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "certificate.pdf")); err != nil || info.Size() > 40_000 {
		t.Error(info, err)
	}
	pki, err := signer.NewDevPKI(signer.DevPKIOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// Somebody else's root: the signature holds, the signer is unknown.
	if verdict, err := checkFile(t.Context(), filepath.Join(dir, "certificate.pdf"), pki); err != nil || verdict != verify.Indeterminate {
		t.Error(verdict, err)
	}
	if verdict, err := checkFile(t.Context(), "main.go", pki); err != nil || verdict == verify.Passed {
		t.Error(verdict, err)
	}
}

// Checking takes under ten lines, issuing (wired from its parts) under twenty.
func TestLength(t *testing.T) {
	for file, most := range map[string]int{"check.go": 10, "issue.go": 20} {
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if lines := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line + 1; lines >= most {
				t.Errorf("%s: %s has %d lines, want under %d", file, fn.Name.Name, lines, most)
			}
		}
	}
}
