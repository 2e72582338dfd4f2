package verify_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/signer"
	"github.com/vidimus/vidimus/verify"
)

var updateOthers = flag.Bool("update", false, "write testdata/others.tsv anew; reasons are kept, new ones say what we found")

// othersTable records for each file our verdict, what other programs say, and,
// where one of them differs from us, why.
const othersTable = "testdata/others.tsv"

// others are the programs, in the order of the columns. Each is asked what it
// can say without anchors of ours: none of them is told whom to trust.
var others = []struct {
	name    string
	version func(t *testing.T) string
	says    func(path string, data []byte) string
	// accepts tells whether a reader of the answer would rely on the file: no
	// signature is bad, and one is said to cover the file as it is.
	accepts func(answer string) bool
}{
	{"pdfsig", programVersion("pdfsig", "-v"), pdfsigSays, func(s string) bool {
		return only(s, "valid") && strings.Contains(s, "valid/total")
	}},
	{"mutool", programVersion("mutool", "-v"), mutoolSays, func(s string) bool {
		return only(s, "unchanged", "edited") && strings.Contains(s, "unchanged")
	}},
	{"pdfsign", moduleVersion("github.com/digitorus/pdfsign"), pdfsignSays, func(s string) bool { return only(s, "valid") }},
	{"openssl", programVersion("openssl", "version"), opensslSays, func(s string) bool { return only(s, "ok") }},
}

// only reports whether each of the answers begins with one of the words.
func only(answers string, words ...string) bool {
	for _, a := range strings.Split(answers, ", ") {
		if !slices.ContainsFunc(words, func(w string) bool { return a == w || strings.HasPrefix(a, w+"/") || strings.HasPrefix(a, w+" ") }) {
			return false
		}
	}
	return true
}

// otherCase is a file to be judged by all.
type otherCase struct {
	name  string
	class string // of the file: an ordinary run asks the others about few of a class
	data  []byte
	opts  verify.Options
}

// perClass is how many files of a class the others are asked about. With
// VIDIMUS_REQUIRE_ORACLES=1 or -update they are asked about all: that takes a
// minute.
const perClass = 2

// TestOthers holds our verdict and the answers of the others to the table. The
// own files are those of the comparison of revisions and the attacks on the
// signature itself; the corpus is looked at where it is at hand. Our verdict is
// compared for all of them, the answers for some: see perClass.
func TestOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("asks four programs about hundreds of files")
	}
	recorded := map[string]map[string]string{}
	for _, row := range readTSV(t, othersTable) {
		recorded[row["file"]] = row
	}
	versions := map[string]string{"file": "(version)"}
	heard := map[string]bool{}
	for _, o := range others {
		versions[o.name] = o.version(t)
		if heard[o.name] = *updateOthers || versions[o.name] == recorded["(version)"][o.name]; heard[o.name] {
			continue
		}
		msg := fmt.Sprintf("%s is %q, the table was made with %q (-update makes it anew)", o.name, versions[o.name], recorded["(version)"][o.name])
		if os.Getenv("VIDIMUS_REQUIRE_ORACLES") == "1" {
			t.Fatal(msg)
		}
		t.Log("NOT COMPARED: " + msg)
	}
	rows := []map[string]string{versions}
	t.Run("own", func(t *testing.T) { rows = append(rows, compareOthers(t, ownCases(t), recorded, heard)...) })
	complete := false
	t.Run("corpus", func(t *testing.T) {
		rows = append(rows, compareOthers(t, corpusCases(t), recorded, heard)...)
		complete = true
	})
	if *updateOthers {
		writeOthers(t, rows)
	} else if complete && len(rows) != len(recorded) {
		t.Errorf("%d files, %d rows in the table", len(rows), len(recorded))
	}
}

// compareOthers asks everybody about each file and returns the rows.
func compareOthers(t *testing.T, cases []otherCase, recorded map[string]map[string]string, heard map[string]bool) []map[string]string {
	rows := make([]map[string]string, len(cases))
	dir := t.TempDir()
	all := *updateOthers || os.Getenv("VIDIMUS_REQUIRE_ORACLES") == "1"
	asked := make([]bool, len(cases))
	ofClass := map[string]int{}
	for i, c := range cases {
		ofClass[c.class]++
		asked[i] = all || ofClass[c.class] <= perClass
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range next {
				path := filepath.Join(dir, strconv.Itoa(i)+".pdf")
				if err := os.WriteFile(path, cases[i].data, 0o600); err != nil {
					t.Error(err)
					continue
				}
				says, why := oursSays(t, cases[i])
				rows[i] = map[string]string{"file": cases[i].name, "ours": says, "why": why}
				for _, o := range others {
					if heard[o.name] && asked[i] {
						rows[i][o.name] = o.says(path, cases[i].data)
					}
				}
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, row := range rows {
		old := recorded[row["file"]]
		why := row["why"]
		delete(row, "why")
		row["reason"] = old["reason"]
		var differ []string
		for _, o := range others {
			if answer, ok := row[o.name]; ok && answer != "-" && o.accepts(answer) != (row["ours"] == "passed") {
				differ = append(differ, o.name)
			}
		}
		switch {
		case *updateOthers && len(differ) == 0:
			row["reason"] = ""
		case *updateOthers:
			if row["reason"] == "" || row["ours"] != old["ours"] {
				row["reason"] = why + "; otherwise " + strings.Join(differ, ", ")
			}
		case old == nil:
			t.Errorf("%s is not in the table (-update adds it)", row["file"])
			continue
		case len(differ) > 0 && row["reason"] == "":
			t.Errorf("%s: no reason is given why %v differ", row["file"], differ)
		}
		for name, is := range row {
			if !*updateOthers && is != old[name] {
				t.Errorf("%s: %s says %q, in the table %q", row["file"], name, is, old[name])
			}
		}
	}
	return rows
}

func writeOthers(t *testing.T, rows []map[string]string) {
	var b strings.Builder
	head := []string{"file", "ours", "pdfsig", "mutool", "pdfsign", "openssl", "reason"}
	b.WriteString(strings.Join(head, "\t") + "\n")
	for _, row := range rows {
		cells := make([]string, len(head))
		for i, name := range head {
			cells[i] = row[name]
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	if err := os.WriteFile(othersTable, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// ownCases are the vectors under internal/pdf/diff, and the attacks of this
// package on a document signed just now.
func ownCases(t *testing.T) (list []otherCase) {
	base := filepath.Join(oracle.Root(t), "internal", "pdf", "diff", "testdata")
	root, err := os.ReadFile(filepath.Join(base, "root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	trust, err := verify.NewTrust(root)
	if err != nil {
		t.Fatal(err)
	}
	opts := verify.Options{Trust: trust, RevocationNoneUnsafe: true, At: epoch.Add(24 * time.Hour)}
	for _, row := range readTSV(t, filepath.Join(base, "vectors.tsv")) {
		data, err := os.ReadFile(filepath.Join(base, filepath.FromSlash(row["file"])))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, otherCase{row["file"], row["class"] + row["allowed"], data, opts})
	}
	iss := newIssuing()
	doc := iss.sign(t, plainPDF("one hundred"), signer.PDFOptions{Time: today})
	for !bytes.Contains(doc, []byte("00>")) { // a signature may fill its hole to the last digit
		doc = iss.sign(t, plainPDF("one hundred"), signer.PDFOptions{Time: today})
	}
	opts = verify.Options{Trust: iss.trust, Now: clock, RevocationNoneUnsafe: true}
	made := []otherCase{{"made/as signed", "", doc, opts}}
	for name, attack := range attacks {
		made = append(made, otherCase{"made/" + name, name[:min(3, len(name))], attack(t, doc), opts})
	}
	slices.SortFunc(made, func(a, b otherCase) int { return strings.Compare(a.name, b.name) })
	return append(list, made...)
}

// corpusCases are the files of the corpus, each once.
func corpusCases(t *testing.T) (list []otherCase) {
	seen := map[string]bool{}
	for _, row := range readTSV(t, oracle.Corpus(t, "pdf-signatures", "manifest.tsv")) {
		if seen[row["file"]] {
			continue
		}
		seen[row["file"]] = true
		data, err := os.ReadFile(oracle.Corpus(t, "pdf-signatures", "files", row["file"]))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, otherCase{"corpus/" + row["file"], row["file"][:min(12, len(row["file"]))], data, corpusOptions(t, row)})
	}
	return list
}

// oursSays returns our verdict and what led to it.
func oursSays(t *testing.T, c otherCase) (says, why string) {
	r := check(t, c.data, c.opts)
	says, why = string(r.Verdict()), "sound"
	for i := range r.Signatures {
		s := &r.Signatures[i]
		if _, sub := s.Indication(); s.Verdict() == r.Verdict() && sub != "" {
			for _, c := range failing(s) {
				if why = c.Detail; c.Name == verify.CheckChanges {
					break
				}
			}
			return says + " " + string(sub), why
		}
		for _, change := range s.Changed {
			why = "allowed after signing: " + change.Kind
		}
	}
	return says, why
}
