package vidimus

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestStatusAt(t *testing.T) {
	c := sample()
	c.ValidUntil = c.ValidFrom.AddMonths(12)
	noon := c.ValidFrom.Start(Moscow()).Add(12 * time.Hour)
	day := func(s string) time.Time {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return noon.AddDate(0, 0, n)
	}
	vectors(t, "status.txt", func(t *testing.T, col []string) {
		var changes []Change
		if col[0] != "" {
			for _, act := range strings.Split(col[0], ",") {
				name, when, _ := strings.Cut(act, "@")
				effective, recorded, _ := strings.Cut(when, "/")
				changes = append(changes, Change{Action: Action(name), Effective: day(effective), Recorded: day(recorded)})
			}
		}
		if got := StatusAt(&c, changes, day(col[1]), day(col[2])); string(got) != col[3] {
			t.Errorf("%v: got %s", col, got)
		}
	})
	last := c.ValidUntil.End(Moscow())
	if StatusAt(&c, nil, last.Add(-1), last) != StatusActive || StatusAt(&c, nil, last, last) != StatusExpired {
		t.Error("the last day counts to its end in Moscow, and no longer")
	}
	c.ValidUntil = Date{}
	if StatusAt(&c, nil, noon.AddDate(90, 0, 0), noon) != StatusActive {
		t.Error("a permanent certificate expired")
	}
}

func TestCheckChange(t *testing.T) {
	c := sample()
	c.ID = ID{1}
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	act := func(a Action, day int) Change {
		ch := Change{Action: a, Effective: now.AddDate(0, 0, day), Recorded: now.AddDate(0, 0, day), Reason: "inspection", Actor: "clerk", Basis: "order 1"}
		if a == Replace {
			ch.ReplacedBy = ID{2}
		}
		return ch
	}
	for _, v := range []struct {
		before string
		next   Action
		ok     bool
	}{
		{"", Suspend, true}, {"", Reinstate, false}, {"", Revoke, true}, {"", Annul, true}, {"", Replace, true},
		{"suspend", Suspend, false}, {"suspend", Reinstate, true}, {"suspend", Revoke, true},
		{"suspend reinstate", Suspend, true}, {"suspend reinstate", Reinstate, false},
		{"revoke", Suspend, false}, {"revoke", Reinstate, false}, {"revoke", Revoke, false}, {"revoke", Replace, false}, {"revoke", Annul, true},
		{"annul", Annul, false}, {"annul", Revoke, false}, {"revoke annul", Suspend, false},
		{"replace", Replace, false}, {"replace", Revoke, true}, {"", "erase", false}, {"", "", false},
	} {
		var recorded []Change
		for i, a := range strings.Fields(v.before) {
			recorded = append(recorded, act(Action(a), i))
		}
		err := CheckChange(&c, recorded, act(v.next, 9))
		if (err == nil) != v.ok || err != nil && !errors.Is(err, ErrChange) {
			t.Errorf("after %q: %s: %v", v.before, v.next, err)
		}
	}
	for i, spoil := range []func(*Change){
		func(ch *Change) { ch.Effective = time.Time{} },
		func(ch *Change) { ch.Reason = "because" },
		func(ch *Change) { ch.Actor = "" },
		func(ch *Change) { ch.Basis = "" },
		func(ch *Change) { ch.Basis = "a\nb" },
		func(ch *Change) { ch.Basis = strings.Repeat("a", 4*maxText) },
		func(ch *Change) { ch.ReplacedBy = ID{3} },
		func(ch *Change) { ch.Action, ch.ReplacedBy = Replace, c.ID },
		func(ch *Change) { ch.Action = Replace },
	} {
		ch := act(Suspend, 1)
		spoil(&ch)
		if err := CheckChange(&c, nil, ch); !errors.Is(err, ErrChange) {
			t.Errorf("spoilt change %d was taken: %v", i, err)
		}
	}
	future := []Change{act(Revoke, 3650)} // a slip of the pen
	for _, a := range []Action{Revoke, Suspend, Replace, Annul} {
		if err := CheckChange(&c, future, act(a, 5)); err != nil {
			t.Errorf("a revocation in ten years keeps from %s now: %v", a, err)
		}
	}
	late := []Change{act(Suspend, 5)}
	if err := CheckChange(&c, late, act(Reinstate, 4)); !errors.Is(err, ErrChange) {
		t.Error("reinstated before it was suspended")
	}
}

// What is recorded counts, also for a reader whose clock is behind.
func TestStatusNow(t *testing.T) {
	c := sample()
	asOf := c.ValidFrom.Start(Moscow()).Add(time.Hour)
	revoked := []Change{{Action: Revoke, Effective: asOf.Add(-time.Minute), Recorded: asOf.Add(time.Minute)}}
	if StatusAt(&c, revoked, asOf, asOf) != StatusActive || StatusNow(&c, revoked, asOf) != StatusRevoked {
		t.Error("a revocation recorded ahead of the clock does not count")
	}
}

func ExampleStatusAt() {
	c := Certificate{ValidFrom: Date{2026, 11, 20}, ValidUntil: Date{2031, 11, 20}}
	revoked := Change{Action: Revoke,
		Effective: time.Date(2027, 3, 1, 0, 0, 0, 0, Moscow()),
		Recorded:  time.Date(2027, 3, 5, 0, 0, 0, 0, Moscow())}
	on := time.Date(2027, 3, 3, 0, 0, 0, 0, Moscow())
	fmt.Println(StatusAt(&c, []Change{revoked}, on, on), "as known on that day")
	fmt.Println(StatusAt(&c, []Change{revoked}, on, on.AddDate(0, 1, 0)), "as known a month later")
	// Output:
	// active as known on that day
	// revoked as known a month later
}
