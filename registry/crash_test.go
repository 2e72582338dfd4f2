package registry_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
	"github.com/vidimus/vidimus/registry/registrytest"
)

// TestMain lets the test binary play the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("VIDIMUS_CRASH_DB"); path != "" {
		crashChild(path, os.Getenv("VIDIMUS_CRASH_FROM"))
		return
	}
	os.Exit(m.Run())
}

func crashOptions(path string) registry.Options {
	return registry.Options{Origin: registrytest.Origin, LogKey: registrytest.Key(), Anchor: registry.FileAnchor{Path: path + ".anchor"}}
}

// crashChild issues from many goroutines until it is killed, and tells on
// standard output what was acknowledged. Every fourth certificate is suspended.
func crashChild(path, from string) {
	die := func(err error) {
		fmt.Println("error", err)
		os.Exit(1)
	}
	reg, err := registry.Open(context.Background(), path, crashOptions(path))
	if err != nil {
		die(err)
	}
	first, err := strconv.Atoi(from)
	if err != nil {
		die(err)
	}
	var next atomic.Int64
	var out sync.Mutex
	say := func(line string) {
		out.Lock()
		defer out.Unlock()
		fmt.Println(line) // unbuffered: one write
	}
	for range 8 {
		go func() {
			for {
				i := first + int(next.Add(1)) - 1
				req := registrytest.Request(i)
				res, err := reg.Reserve(context.Background(), req)
				if err != nil {
					die(err)
				}
				if res.Finished != nil {
					say(fmt.Sprintf("again %d %s %d", i, res.ID, res.Finished.Receipt.LeafIndex))
					continue
				}
				rc, err := reg.Record(context.Background(), registrytest.Entry(i, req, res, registrytest.Prefix(2000), 5000))
				if err != nil {
					die(err)
				}
				say(fmt.Sprintf("issued %d %s %d", i, rc.ID, rc.LeafIndex))
				if i%4 == 0 {
					if _, err := reg.Change(context.Background(), rc.ID, vidimus.Change{
						Action: vidimus.Suspend, Effective: registrytest.Start(), Reason: "inspection", Actor: "a", Basis: "b",
					}); err != nil {
						die(err)
					}
					say(fmt.Sprintf("suspended %d %s 0", i, rc.ID))
				}
			}
		}()
	}
	select {}
}

// TestKilled kills a process that issues, again and again on one database, and
// checks after each time that nothing acknowledged is lost and nothing is there
// twice. VIDIMUS_KILLS sets how often (default 20).
func TestKilled(t *testing.T) {
	kills := 20
	if v := os.Getenv("VIDIMUS_KILLS"); v != "" {
		var err error
		if kills, err = strconv.Atoi(v); err != nil {
			t.Fatal(err)
		}
	} else if testing.Short() {
		kills = 5
	}
	path := filepath.Join(t.TempDir(), "vidimus.db")
	acked := make(map[int]ack)
	from := 0
	for n := range kills {
		acks := killOnce(t, path, from, n%2 == 1)
		for _, a := range acks {
			old, known := acked[a.i]
			if known && (old.id != a.id || a.what != "suspended" && old.leaf != a.leaf) {
				t.Fatalf("kill %d: certificate %d was %v, is %v", n, a.i, old, a)
			}
			if a.what == "suspended" {
				old.suspended = true
				acked[a.i] = old
				continue
			}
			a.suspended = old.suspended
			acked[a.i] = a
			from = max(from, a.i-20) // go over the last ones again
		}
		checkSurvivors(t, path, n, acked, n == kills-1 || n%10 == 0)
	}
	t.Logf("%d kills, %d certificates acknowledged", kills, len(acked))
	if len(acked) == 0 {
		t.Error("no certificate was issued: the children were killed too early")
	}
}

type ack struct {
	what      string
	i         int
	id        string
	leaf      int64
	suspended bool
}

// killOnce kills within 125 ms of the start, or of the first certificate: on a
// busy machine the former may be before anything was done.
func killOnce(t *testing.T, path string, from int, working bool) []ack {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "VIDIMUS_CRASH_DB="+path, "VIDIMUS_CRASH_FROM="+strconv.Itoa(from))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var kill sync.Once
	killSoon := func() {
		time.AfterFunc(time.Duration(5+rand.IntN(120))*time.Millisecond, func() { cmd.Process.Kill() })
	}
	if !working {
		kill.Do(killSoon)
	}
	var acks []ack
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			break // what is left is a line cut off by the kill
		}
		if err != nil {
			t.Fatal(err)
		}
		kill.Do(killSoon)
		var a ack
		if n, _ := fmt.Sscanf(line, "%s %d %s %d", &a.what, &a.i, &a.id, &a.leaf); n != 4 {
			t.Fatalf("child: %s", line)
		}
		acks = append(acks, a)
	}
	cmd.Wait() // says "killed"
	if s := stderr.String(); s != "" {
		t.Fatalf("child: %s", s)
	}
	return acks
}

func checkSurvivors(t *testing.T, path string, n int, acked map[int]ack, audit bool) {
	t.Helper()
	if _, err := os.Stat(path); err != nil && len(acked) == 0 {
		return
	}
	reg, err := registry.Open(t.Context(), path, crashOptions(path))
	if err != nil {
		t.Fatalf("kill %d: %v", n, err)
	}
	defer reg.Close()
	leaves := make(map[int64]bool)
	for i, a := range acked {
		id, err := vidimus.ParseID(a.id)
		if err != nil {
			t.Fatal(err)
		}
		rec, err := reg.Get(t.Context(), id)
		if err != nil {
			t.Fatalf("kill %d: certificate %d was acknowledged: %v", n, i, err)
		}
		req := registrytest.Request(i)
		want := registrytest.Entry(i, req, vidimus.Reservation{ID: req.ID}, registrytest.Prefix(2000), 5000)
		if rec.DocumentSHA256 != sha256.Sum256(want.Document) || rec.Receipt.LeafIndex != a.leaf {
			t.Fatalf("kill %d: certificate %d is not the one acknowledged", n, i)
		}
		if leaves[a.leaf] {
			t.Fatalf("kill %d: leaf %d twice", n, a.leaf)
		}
		leaves[a.leaf] = true
		if a.suspended && len(rec.Changes) != 1 {
			t.Fatalf("kill %d: suspension of %d was acknowledged, %d changes are there", n, i, len(rec.Changes))
		}
	}
	if !audit {
		return
	}
	report, err := reg.Audit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() {
		var all []string
		for _, p := range report.Problems {
			all = append(all, fmt.Sprintf("%+v", p))
		}
		t.Fatalf("kill %d: audit:\n%s", n, strings.Join(all, "\n"))
	}
}
