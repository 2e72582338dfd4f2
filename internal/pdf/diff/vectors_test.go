package diff_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pdf/diff"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	"github.com/vidimus/vidimus/internal/text"
)

var update = flag.Bool("update", false, "write the vectors under testdata anew")

// vector is a file with what the comparison must say about one of its signatures.
type vector struct {
	name    string
	base    string
	class   string // of attack
	level   diff.Level
	refused bool
	kinds   string // that must be among the changes
	make    func(f *pdfFile)
}

const vectorTable = "testdata/vectors.tsv"

// TestUpdateVectors writes testdata anew when asked to. The files are signed
// with fresh keys, so that all of them change.
func TestUpdateVectors(t *testing.T) {
	if !*update {
		t.Skip("not asked for (-update)")
	}
	m := newMaker(t)
	bases := m.bases()
	table := "file\tfield\tclass\tlevel\tallowed\tkinds\n"
	for _, dir := range []string{"attacks", "legitimate"} {
		dir = filepath.Join("testdata", dir)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for _, v := range slices.Concat(attacks(), legitimate()) {
		base := bases[v.base]
		if base == nil || seen[v.name] {
			t.Fatalf("%s: base %q, or the name stands twice", v.name, v.base)
		}
		seen[v.name] = true
		f := base.clone()
		if v.make != nil {
			v.make(f)
		}
		dir := "legitimate"
		if v.refused {
			dir = "attacks"
		}
		path := dir + "/" + v.name + ".pdf"
		if err := os.WriteFile(filepath.Join("testdata", filepath.FromSlash(path)), f.data, 0o644); err != nil {
			t.Fatal(err)
		}
		table += fmt.Sprintf("%s\tsigner\t%s\t%v\t%v\t%s\n", path, v.class, v.level, !v.refused, v.kinds)
	}
	if err := os.WriteFile(vectorTable, []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(pkitest.PEM(t, "root.pem", "CERTIFICATE", m.root.DER))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/root.pem", pem, 0o644); err != nil {
		t.Fatal(err)
	}
}

type row struct {
	file, field, class string
	level              string
	allowed            bool
	kinds              []string
}

func rows(t testing.TB) []row {
	t.Helper()
	b, err := os.ReadFile(vectorTable)
	if err != nil {
		t.Fatal(err)
	}
	var list []row
	for i, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		cols := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		if len(cols) != 6 {
			t.Fatalf("%s:%d: %d columns", vectorTable, i+1, len(cols))
		}
		list = append(list, row{cols[0], cols[1], cols[2], cols[3], cols[4] == "true", strings.Fields(cols[5])})
	}
	return list
}

// TestVectors holds every file under testdata to its row.
func TestVectors(t *testing.T) {
	files := map[string]bool{}
	for _, dir := range []string{"attacks", "legitimate"} {
		list, err := os.ReadDir(filepath.Join("testdata", dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			files[dir+"/"+e.Name()] = true
		}
	}
	count := map[bool]int{}
	for _, r := range rows(t) {
		delete(files, r.file)
		count[r.allowed]++
		t.Run(r.file, func(t *testing.T) {
			res := vectorResult(t, r)
			logChanges(t, res)
			if got := res.Level.String(); got != r.level || res.Allowed != r.allowed {
				t.Errorf("level %s, allowed %v; must be %s, %v", got, res.Allowed, r.level, r.allowed)
			}
			for _, kind := range r.kinds {
				if !slices.ContainsFunc(res.Changes, func(c diff.Change) bool { return string(c.Kind) == kind }) {
					t.Errorf("no change of kind %s", kind)
				}
			}
		})
	}
	for f := range files {
		t.Errorf("testdata/%s is not in the table", f)
	}
	t.Logf("%d attacks, %d legitimate files", count[false], count[true])
	if count[false] < 60 || count[true] < 30 {
		t.Error("too few vectors")
	}
}

func vectorResult(t testing.TB, r row) *diff.Result {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(r.file)))
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, data, "").signature(t, r.field)
	if s == nil {
		t.Fatal("no signature that covers a revision")
	}
	return s.compare(t)
}

// TestEveryKind finds kinds without a text, and kinds that no vector shows.
func TestEveryKind(t *testing.T) {
	cat := text.Load()
	shown := map[string]bool{}
	for _, r := range rows(t) {
		for _, k := range r.kinds {
			shown[k] = true
		}
	}
	// Limits cannot be met by a small file, nor can a locked one be told what
	// it locks: these have tests of their own.
	for _, k := range []diff.Kind{diff.KindLimit, diff.KindLocked} {
		shown[string(k)] = true
	}
	for _, k := range diff.Kinds {
		if !cat.Has("diff." + string(k)) {
			t.Errorf("%s has no text", k)
		}
		if !shown[string(k)] {
			t.Errorf("%s has no vector", k)
		}
	}
	if n := len(cat.Keys("diff.")); n != len(diff.Kinds) {
		t.Errorf("%d texts for %d kinds", n, len(diff.Kinds))
	}
}

// TestVectorsReadable checks with qpdf that the vectors are what they are meant
// to be: files that other readers open.
func TestVectorsReadable(t *testing.T) {
	qpdf := oracle.Need(t, "qpdf")
	for _, r := range rows(t) {
		if !r.allowed {
			continue
		}
		t.Run(r.file, func(t *testing.T) {
			checkWithQPDF(t, qpdf, filepath.Join("testdata", filepath.FromSlash(r.file)))
		})
	}
}
