package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/office"
)

// kills is how often TestKills kills a batch. VIDIMUS_KILLS=1000 makes it the
// long test whose figure stands in BENCHMARKS.md.
func kills(t *testing.T) int {
	s := os.Getenv("VIDIMUS_KILLS")
	if s == "" {
		return 10
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("VIDIMUS_KILLS=%q", s)
	}
	return n
}

// rowsPerOffice makes a batch of some commits.
const rowsPerOffice = 600

// SIGKILL at random moments of a batch that has rows left to issue: after each
// restart rows, log and PDFs agree, what was acknowledged is there, and in the end
// every row of the table has exactly one certificate.
func TestKills(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	want := kills(t)
	t.Logf("%d kills, seed %d", want, seed)
	start, whole := wholeBatch(t)
	var all tally
	for offices := 1; all.kills < want || all.inside < (want+3)/4; offices++ {
		all.add(killOffice(t, r, max(1, want-all.kills), start, whole))
		if t.Failed() {
			return
		}
		if offices > 10+want { // each has one at least, unless the batch outruns the timer
			t.Fatalf("%d kills in %d batches, %d between certificates: the test shows nothing", all.kills, offices, all.inside)
		}
	}
	t.Logf("%d kills, %d of them after some certificates of the run were committed and before the last", all.kills, all.inside)
}

// tally counts kills, and those that hit a run between its first and last commit.
type tally struct{ kills, inside int }

func (k *tally) add(o tally) { k.kills, k.inside = k.kills+o.kills, k.inside+o.inside }

// wholeBatch returns how long the program takes on this machine to its first
// certificate, and to the end of the batch: kills fall within that time, and
// every other one among the certificates.
func wholeBatch(t *testing.T) (start, whole time.Duration) {
	dir, table := killFolder(t)
	acknowledged := make(map[string]issuedJSON)
	began := time.Now()
	runKilledAt(t, dir, table, killAt{}, acknowledged, func() {
		if start == 0 {
			start = time.Since(began)
		}
	})
	return start, time.Since(began)
}

// killAt is when to kill: after the start or, if first is set, after the first
// certificate. Zero: never.
type killAt struct {
	delay time.Duration
	first bool
}

func runKilled(t *testing.T, dir, table string, at killAt, acknowledged map[string]issuedJSON) bool {
	t.Helper()
	return runKilledAt(t, dir, table, at, acknowledged, func() {})
}

func killFolder(t *testing.T) (dir, table string) {
	t.Helper()
	dir = t.TempDir()
	if _, err := office.Init(t.Context(), dir, office.InitOptions{}); err != nil {
		t.Fatal(err)
	}
	table = filepath.Join(dir, "people.csv")
	if err := os.WriteFile(table, killTable(rowsPerOffice), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir, table
}

// killOffice kills batches over one table, until all its rows are issued or n
// kills are done.
func killOffice(t *testing.T, r *rand.Rand, n int, start, whole time.Duration) (k tally) {
	dir, table := killFolder(t)
	acknowledged := make(map[string]issuedJSON)
	for before := 0; k.kills < n && before < rowsPerOffice; {
		at := killAt{delay: 1 + time.Duration(r.Int64N(int64(whole)))}
		if r.IntN(2) == 0 {
			at = killAt{delay: 1 + time.Duration(r.Int64N(int64(whole-start)+1)), first: true}
		}
		hit := runKilled(t, dir, table, at, acknowledged)
		records := checkOffice(t, dir, acknowledged)
		if t.Failed() {
			return k
		}
		if hit && records < rowsPerOffice {
			k.kills++
			if records > before {
				k.inside++
			}
		}
		before = records
	}
	runKilled(t, dir, table, killAt{}, acknowledged)
	if len(acknowledged) != rowsPerOffice {
		t.Errorf("%d rows acknowledged in the end, want %d", len(acknowledged), rowsPerOffice)
	}
	if records := checkOffice(t, dir, acknowledged); records != rowsPerOffice {
		t.Errorf("%d records in the end, want %d", records, rowsPerOffice)
	}
	return k
}

func killTable(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("key,kind,surname,name,specialty,decision_number,decision_date,valid_from\n")
	for i := range rows {
		fmt.Fprintf(&b, "row-%d,permanent,Ветров,Олег,Хирургия,%d,01.11.2026,02.11.2026\n", i, i)
	}
	return b.Bytes()
}

// runKilledAt runs the batch and kills it, and says whether it did. What the
// batch acknowledged on standard output is added to the map, by line of the
// table; line is called for each.
func runKilledAt(t *testing.T, dir, table string, at killAt, acknowledged map[string]issuedJSON, line func()) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0], "issue", "--dir", dir, "--csv", table, "--json")
	cmd.Env = append(os.Environ(), runMain+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var killed atomic.Bool
	arm := sync.OnceFunc(func() {
		if at.delay > 0 {
			timer := time.AfterFunc(at.delay, func() { killed.Store(true); _ = cmd.Process.Kill() })
			t.Cleanup(func() { timer.Stop() })
		}
	})
	if !at.first {
		arm()
	} else { // should it never come to a first certificate
		late := time.AfterFunc(time.Minute, arm)
		defer late.Stop()
	}
	for sc := bufio.NewScanner(out); sc.Scan(); {
		var j issuedJSON
		if json.Unmarshal(sc.Bytes(), &j) != nil {
			break // the line that the kill cut short
		}
		key := strconv.Itoa(j.Line)
		if was, known := acknowledged[key]; known && (was.ID != j.ID || was.Number != j.Number) {
			t.Errorf("line %s was %s, is now %s", key, was.Number, j.Number)
		}
		if j.Outcome == "failed" {
			t.Errorf("line %s: %s", key, j.Error)
		}
		acknowledged[key] = j
		arm()
		line()
	}
	err = cmd.Wait()
	if err != nil && !killed.Load() {
		t.Fatalf("batch: %v\n%s", err, stderr.String())
	}
	return killed.Load() && err != nil
}

// checkOffice holds rows, log, files and acknowledgements against each other.
func checkOffice(t *testing.T, dir string, acknowledged map[string]issuedJSON) (records int) {
	t.Helper()
	o, err := office.Open(t.Context(), dir, office.Reading, office.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	report, err := o.Registry.Audit(t.Context(), nil)
	if err != nil || !report.OK() {
		t.Fatalf("audit: %+v, %v", report, err)
	}
	byNumber := make(map[vidimus.Number]vidimus.ID)
	digest := make(map[string][32]byte)
	for rec, err := range o.Registry.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n := rec.Certificate.Number
		if _, twice := byNumber[n]; twice {
			t.Errorf("number %s stands twice", n)
		}
		byNumber[n] = rec.Certificate.ID
		digest[n.String()+".pdf"] = rec.DocumentSHA256
	}
	if int64(len(byNumber)) != report.Records || report.TreeSize != report.Records {
		t.Errorf("%d rows, %d records, %d leaves", len(byNumber), report.Records, report.TreeSize)
	}
	for line, j := range acknowledged {
		if id, ok := byNumber[j.Number]; !ok || id != j.ID {
			t.Errorf("line %s was acknowledged as %s and is lost", line, j.Number)
		}
		if _, err := os.Stat(j.File); err != nil {
			t.Errorf("line %s: %v", line, err)
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, o.Config.Documents, "*.pdf"))
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if want, known := digest[filepath.Base(path)]; !known || sha256.Sum256(data) != want {
			t.Errorf("%s is not what the registry has (known: %v)", filepath.Base(path), known)
		}
	}
	return len(byNumber)
}

// runMain makes the test binary be the program.
const runMain = "VIDIMUS_TEST_RUN_MAIN"
