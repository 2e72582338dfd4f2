package verify_test

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/verify"
)

// disputed reads testdata/corpus-disputed.tsv: the cells of the corpus's
// manifest that are held to be wrong, each with the reason.
func disputed(t *testing.T) map[[3]string]string {
	t.Helper()
	out := map[[3]string]string{}
	for _, row := range readTSV(t, filepath.Join("testdata", "corpus-disputed.tsv")) {
		out[[3]string{row["file"], row["field"], row["column"]}] = row["reason"]
	}
	return out
}

func readTSV(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var head []string
	var rows []map[string]string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		cells := strings.Split(sc.Text(), "\t")
		if head == nil {
			head = cells
			continue
		}
		row := map[string]string{}
		for i, c := range cells {
			row[head[i]] = c
		}
		rows = append(rows, row)
	}
	return rows
}

// corpusOptions are those that a row of the manifest asks for.
func corpusOptions(t testing.TB, row map[string]string) verify.Options {
	t.Helper()
	opts := verify.Options{RevocationNoneUnsafe: true, Password: strings.TrimPrefix(row["password"], "?")}
	var anchors [][]byte
	for _, name := range strings.Split(row["trust"], ",") {
		if name == "" {
			continue
		}
		pem, err := os.ReadFile(oracle.Corpus(t, "pdf-signatures", "trust", name))
		if err != nil {
			t.Fatal(err)
		}
		anchors = append(anchors, pem)
	}
	var err error
	if opts.Trust, err = verify.NewTrust(anchors...); err != nil {
		t.Fatal(err)
	}
	if opts.At, err = time.Parse(time.RFC3339, row["at"]); err != nil {
		t.Fatal(err)
	}
	return opts
}

// TestCorpus holds every asserted cell of the corpus against the report.
func TestCorpus(t *testing.T) {
	rows := readTSV(t, oracle.Corpus(t, "pdf-signatures", "manifest.tsv"))
	if len(rows) < 135 {
		t.Fatalf("%d rows", len(rows))
	}
	wrong := disputed(t)
	cells := 0
	for _, row := range rows {
		data, err := os.ReadFile(oracle.Corpus(t, "pdf-signatures", "files", row["file"]))
		if err != nil {
			t.Fatal(err)
		}
		report, err := verify.Bytes(context.Background(), row["file"], data, corpusOptions(t, row))
		if err != nil {
			t.Errorf("%s: %v", row["file"], err)
			continue
		}
		s := signatureOf(report, row["field"])
		if s == nil && row["password"] == "?" && len(report.Signatures) > 0 {
			s = &report.Signatures[0] // its name cannot be read without the key
		}
		if s == nil {
			t.Errorf("%s: no signature %q; findings %v", row["file"], row["field"], report.Findings)
			continue
		}
		got := map[string]string{
			"integrity": string(s.Integrity), "coverage": string(s.Coverage), "changes": string(s.Changes),
			"changesAllowed": map[bool]string{true: "true", false: "false"}[s.ChangesAllowed],
			"verdict":        map[bool]string{true: "passed", false: "not-passed"}[s.Verdict() == verify.Passed],
		}
		for column, have := range got {
			want := row[column]
			if want == "" {
				continue
			}
			cells++
			key := [3]string{row["file"], row["field"], column}
			_, is := wrong[key]
			delete(wrong, key)
			if is && have == want {
				t.Errorf("%s %s: %s agrees, though it is listed as disputed", row["file"], row["field"], column)
			}
			if !is && have != want {
				t.Errorf("%s %s: %s is %q, want %q\n\t%+v", row["file"], row["field"], column, have, want, failing(s))
			}
		}
	}
	for key := range wrong {
		t.Errorf("disputed cell %q is not in the manifest", key)
	}
	t.Logf("%d rows, %d asserted cells", len(rows), cells)
}

func signatureOf(r *verify.Report, field string) *verify.Signature {
	for i := range r.Signatures {
		if r.Signatures[i].Field == field {
			return &r.Signatures[i]
		}
	}
	return nil
}

func failing(s *verify.Signature) (out []verify.Check) {
	for _, c := range s.Checks {
		if c.Status != verify.StatusOK && c.Status != verify.StatusNotApplicable {
			out = append(out, c)
		}
	}
	return out
}
