package pdf

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
)

// corpusPasswords returns the passwords that the corpus's manifest gives.
func corpusPasswords(t testing.TB) map[string]string {
	t.Helper()
	b, err := os.ReadFile(oracle.Corpus(t, "pdf-signatures", "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	passwords := make(map[string]string)
	for line := range strings.Lines(string(b)) {
		if cols := strings.Split(line, "\t"); len(cols) > 4 {
			passwords[cols[0]] = cols[4]
		}
	}
	return passwords
}

func corpusFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(oracle.Corpus(t, "pdf-signatures", "files"), "*.pdf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus files: %v", err)
	}
	return files
}

// corpusBroken lists the objects that the corpus breaks on purpose, and the
// revisions whose catalog it takes away.
var corpusBroken = map[string]bool{
	"test_sign_without_annot-562c5724.pdf 3 0 R":        true, // the offset is that of object 6
	"test_sign_reject_freed_True_-0d4b5cf7.pdf catalog": true,
}

func TestCorpusOpens(t *testing.T) {
	passwords := corpusPasswords(t)
	for _, path := range corpusFiles(t) {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			opts := &Options{Password: passwords[name]}
			opts.AllowLocked = opts.Password == "?"
			d, err := Open(bytes.NewReader(b), int64(len(b)), opts)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range d.Revisions() {
				if _, err := r.Catalog(); err != nil && d.Locked() == nil && !corpusBroken[name+" catalog"] {
					t.Errorf("revision %d: %v", r.Index, err)
				}
				refs, err := r.Changed()
				if err != nil {
					t.Errorf("revision %d: %v", r.Index, err)
				}
				for _, ref := range refs {
					o, err := r.Get(ref)
					if err != nil && !corpusBroken[name+" "+ref.String()] {
						t.Errorf("revision %d: %v", r.Index, err)
					}
					if s, ok := o.(*Stream); ok && d.Locked() == nil {
						if _, err := s.Decode(0); err != nil {
							t.Errorf("revision %d, stream %v: %v", r.Index, ref, err)
						}
					}
				}
				if _, err := r.Pages(); err != nil && d.Locked() == nil {
					t.Logf("revision %d: pages: %v", r.Index, err)
				}
				t.Logf("revision %d [%d,%d) xref %d linearized %v hybrid %v: %d objects", r.Index, r.Start, r.End, r.XRefOffset, r.Linearized, r.Hybrid(), len(refs))
			}
			for _, w := range d.Warnings() {
				t.Log("warning: ", w)
			}
		})
	}
}
