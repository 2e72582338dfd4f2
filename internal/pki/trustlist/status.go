package trustlist

import (
	"bytes"
	"cmp"
	"slices"
	"time"
)

// state is what a status word means.
type state uint8

const (
	stateUnknown state = iota
	stateActive
	stateSuspended
	stateEnded
)

// words are those of the list; letter case does not matter.
var words = map[string]state{
	"действует": stateActive, "действующий": stateActive,
	"приостановлена": stateSuspended, "приостановлено": stateSuspended, "приостановлен": stateSuspended,
	"прекращена": stateEnded, "прекращено": stateEnded, "прекращен": stateEnded, "прекращён": stateEnded,
	"аннулирована": stateEnded, "аннулировано": stateEnded, "досрочно прекращена": stateEnded,
}

// rank orders states from one moment: the worse counts, and one that is not
// understood most of all.
var rank = [...]int{stateUnknown: 9, stateActive: 1, stateSuspended: 2, stateEnded: 3}

// dated is a state from a moment on.
type dated struct {
	state   state
	from    time.Time
	current bool
}

// At says in which state the authority was at a time. A state that begins on a
// day is taken to hold all of it if it is a good one and no other began on that
// day, else from its moment on. What cannot be placed in time makes the answer
// unknown, unless it could not change it.
func (a *Authority) At(at time.Time) (Accreditation, Reason, time.Time) {
	if a.Contradictory {
		return Unknown, ReasonContradiction, time.Time{}
	}
	list, undated := a.states()
	var now, last *dated
	for i := range list {
		last = &list[i]
		if !last.from.After(at) {
			now = last
		}
	}
	switch {
	case now == nil && len(a.History) > 0 && len(undated) == 0 && last != nil && list[0].state == stateActive:
		return NotAccredited, ReasonNotYet, time.Time{}
	case now == nil:
		return Unknown, ReasonNoHistory, time.Time{}
	case now == last && slices.ContainsFunc(list, func(d dated) bool { return d.current && d.state != last.state }):
		return Unknown, ReasonContradiction, time.Time{} // the current state is older than one in the history
	}
	for _, u := range undated {
		repeats := u.current && u.state == last.state && u.state != stateUnknown
		if !repeats && (now.state == stateActive && u.state != stateActive || now.state != stateActive && u.current) {
			return Unknown, ReasonStatusDate, time.Time{}
		}
	}
	switch now.state {
	case stateActive:
		return Accredited, ReasonInForce, now.from
	case stateSuspended:
		return NotAccredited, ReasonSuspended, now.from
	case stateEnded:
		return NotAccredited, ReasonEnded, now.from
	}
	return Unknown, ReasonStatusWord, now.from
}

// states returns the states in the order of their beginning, and those of which
// it is not known.
func (a *Authority) states() (list, undated []dated) {
	for i, s := range append(slices.Clone(a.History), a.Current) {
		d := dated{words[foldWord(s.Word)], s.From, i == len(a.History)}
		switch {
		case !s.Said:
		case s.From.IsZero():
			undated = append(undated, d)
		default:
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(x, y dated) int {
		return cmp.Or(x.from.Compare(y.from), cmp.Compare(rank[x.state], rank[y.state]))
	})
	before := time.Time{} // as written
	for i := range list {
		y, m, d := list[i].from.In(moscow).Date()
		day := time.Date(y, m, d, 0, 0, 0, 0, moscow)
		written := list[i].from
		if list[i].state == stateActive && before.Before(day) {
			list[i].from = day
		}
		before = written
	}
	return list, undated
}

func foldWord(s string) string {
	return string(bytes.ToLower(bytes.Join(bytes.Fields([]byte(s)), []byte{' '})))
}
