package diff_test

import (
	"bytes"
	"testing"

	"github.com/vidimus/vidimus/internal/pdf/diff"
)

func TestLocked(t *testing.T) {
	for _, c := range []struct {
		lock diff.Lock
		name string
		want bool
	}{
		{diff.Lock{}, "a", true},
		{diff.Lock{Action: "Unheard"}, "a", true},
		{diff.Lock{Action: diff.LockAll}, "a", true},
		{diff.Lock{Action: diff.LockInclude, Fields: []string{"a"}}, "a", true},
		{diff.Lock{Action: diff.LockInclude, Fields: []string{"a"}}, "a.b", true},
		{diff.Lock{Action: diff.LockInclude, Fields: []string{"a"}}, "ab", false},
		{diff.Lock{Action: diff.LockInclude, Fields: []string{"a.b"}}, "a", false},
		{diff.Lock{Action: diff.LockInclude}, "a", false},
		{diff.Lock{Action: diff.LockExclude, Fields: []string{"a"}}, "a.b", false},
		{diff.Lock{Action: diff.LockExclude, Fields: []string{"a"}}, "b", true},
		{diff.Lock{Action: diff.LockExclude}, "b", true},
	} {
		if got := c.lock.Locked(c.name); got != c.want {
			t.Errorf("%+v locks %q: %v", c.lock, c.name, got)
		}
	}
}

func TestReadDemands(t *testing.T) {
	m := &maker{t: t}
	for _, c := range []struct {
		sig, field string
		want       int
		locks      int
		bad        bool
	}{
		{"<<>>", "<<>>", 0, 0, false},
		{"<</Reference [<</TransformMethod /DocMDP>>]>>", "<<>>", 2, 0, false},
		{"<</Reference [<</TransformMethod /DocMDP /TransformParams <</P 3>>>>]>>", "<<>>", 3, 0, false},
		{"<</Reference [<</TransformMethod /DocMDP /TransformParams <</P 3>>>>]>>", "<</Lock <</Action /All /P 1>>>>", 1, 1, false},
		{"<</Reference [<</TransformMethod /FieldMDP /TransformParams 5 0 R>>]>>", "<<>>", 0, 1, false},
		{"<</Reference [<</TransformMethod /DocMDP /TransformParams <</P 4>>>>]>>", "<<>>", 1, 1, true},
		{"<</Reference [<</TransformMethod /DocMDP /TransformParams <</P (1)>>>>]>>", "<<>>", 1, 1, true},
		{"<</Reference [<</TransformMethod /FieldMDP /TransformParams <</Action /Include /Fields [7]>>>>]>>", "<<>>", 1, 1, true},
		{"<</Reference 7>>", "<<>>", 1, 1, true},
	} {
		f := m.newFile(map[int]string{1: "<<>>", 3: c.sig, 4: c.field, 5: "<</Action /Include /Fields [(a) <FEFF0416>]>>"}, "/Root 1 0 R").save()
		rev := open(t, f.data, "").doc.Last()
		sig, err := rev.Dict(rev.Document().Last().Trailer().Get("Root"))
		if err != nil {
			t.Fatal(err)
		}
		_ = sig
		s, field := dict(t, rev, 3), dict(t, rev, 4)
		d, err := diff.ReadDemands(rev, s, field)
		if d.DocMDP != c.want || len(d.Locks) != c.locks || (err != nil) != c.bad {
			t.Errorf("%s %s: %+v, %v", c.sig, c.field, d, err)
		}
		if len(d.Locks) == 1 && !c.bad && d.Locks[0].Action == diff.LockInclude && !d.Locks[0].Locked("Ж") {
			t.Errorf("%+v does not lock Ж", d.Locks)
		}
	}
}

// TestLockedChanges compares encrypted files whose password does not fit: what
// shows and cannot be read is not known to be right.
func TestLockedChanges(t *testing.T) {
	for name, want := range map[string]diff.Level{
		"encrypted-dss": diff.LTV, "encrypted-filled": diff.Unknown, "encrypted-metadata-added": diff.Unknown, "unchanged-encrypted": diff.None,
	} {
		data := read(t, "testdata/legitimate/"+name+".pdf")
		i := bytes.Index(data, []byte("/U <")) + len("/U <")
		copy(data[i:], "00000000")
		f := open(t, data, "?")
		if f.doc.Locked() == nil {
			t.Fatalf("%s: not locked", name)
		}
		res := f.signature(t, "signer").compare(t)
		if res.Level != want || res.Allowed != (want != diff.Unknown) {
			t.Errorf("%s: level %v, allowed %v; must be %v", name, res.Level, res.Allowed, want)
			logChanges(t, res)
		}
	}
}
