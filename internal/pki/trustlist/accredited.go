package trustlist

import (
	"slices"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
)

// Accreditation is the answer to whether an authority was accredited. The zero
// value: nobody asked.
type Accreditation uint8

// Values of Accreditation.
const (
	NotAsked Accreditation = iota
	Accredited
	NotAccredited
	Unknown
)

func (a Accreditation) String() string {
	return [...]string{"not-asked", "accredited", "not-accredited", "unknown"}[min(a, Unknown)]
}

// Reason says what an answer rests on. Codes are never reused.
type Reason string

// Reasons.
const (
	ReasonInForce     Reason = "in-force"      // accredited on that day
	ReasonSuspended   Reason = "suspended"     // not accredited: suspended on that day
	ReasonEnded       Reason = "ended"         // not accredited: had ended by that day
	ReasonNotYet      Reason = "not-yet"       // not accredited: began later
	ReasonNotListed   Reason = "not-listed"    // not accredited: no list of that day or later names it
	ReasonNoList      Reason = "no-list"       // unknown: no list at all
	ReasonListOlder   Reason = "list-older"    // unknown: every list is older than the day asked about
	ReasonNoHistory   Reason = "no-history"    // unknown: the list does not reach back to that day
	ReasonStatusWord  Reason = "status-word"   // unknown: a status that is not understood
	ReasonKeyIDOnly   Reason = "key-id-only"   // unknown: only a key identifier agrees, which anyone may write
	ReasonListUnknown Reason = "list-unsigned" // unknown: the list's own signature was not verified

	ReasonStatusDate    Reason = "status-date"   // unknown: a status whose date is absent or unreadable
	ReasonContradiction Reason = "contradiction" // unknown: the list says both, or two lists of one date disagree
	ReasonListDamaged   Reason = "list-damaged"  // unknown: not found, but a key in the list could not be read
	ReasonDropped       Reason = "dropped"       // unknown: an older list names it, a newer one no longer does
)

// Answer is what the lists say of an authority on a day.
type Answer struct {
	Status    Accreditation
	Reason    Reason
	Authority *Authority // nil: not named
	Since     time.Time  // of the state on that day; zero: not known
	List      *List      // that the answer is from; nil: none
}

// endOfDay is when the day of a list ends: lists are asked about days.
func endOfDay(t time.Time) time.Time {
	y, m, d := t.In(moscow).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, moscow).Add(-1)
}

// Lists are versions of the list, in any order.
type Lists []*List

// Accredited says whether the authority with this certificate was accredited at
// a time. The newest list that reaches back to it decides; lists older than the
// time say nothing about it. Lists that someone merely vouched for speak only
// where those with a verified signature are silent, and lists whose signature is
// not usable are left out.
func (ls Lists) Accredited(issuer *pki.Certificate, at time.Time) Answer {
	var verified, vouched Lists
	var unusable *List
	for _, l := range ls {
		switch {
		case l.Signature.Status == pki.OK:
			verified = append(verified, l)
		case l.Signature.Usable():
			vouched = append(vouched, l)
		case unusable == nil || l.Date.After(unusable.Date):
			unusable = l
		}
	}
	answer := verified.ask(issuer, at)
	if answer.silent() {
		if second := vouched.ask(issuer, at); !second.silent() || answer.Authority == nil && second.List != nil {
			answer = second
		}
	}
	if answer.Reason == ReasonNoList && unusable != nil {
		return Answer{Status: Unknown, Reason: ReasonListUnknown, List: unusable}
	}
	return answer
}

// silent reports that the lists have nothing on that day, neither good nor bad.
func (a Answer) silent() bool {
	return a.Reason == ReasonNoList || a.Reason == ReasonListOlder || a.Reason == ReasonNoHistory
}

// ask lets the newest list decide that is not silent.
func (ls Lists) ask(issuer *pki.Certificate, at time.Time) Answer {
	sorted := slices.Clone(ls)
	slices.SortStableFunc(sorted, func(a, b *List) int { return b.Date.Compare(a.Date) })
	silent := Answer{Status: Unknown, Reason: ReasonNoList}
	absent := Answer{}
	for i, l := range sorted {
		a := l.ask(issuer, at)
		for _, same := range sorted[i+1:] {
			if !same.Date.Equal(l.Date) {
				break
			}
			if b := same.ask(issuer, at); b.Status != a.Status {
				a.Status, a.Reason, a.Since = Unknown, ReasonContradiction, time.Time{}
			}
		}
		switch {
		case a.silent():
			// A list that names the authority says more than one that does not.
			if silent.List == nil || silent.Authority == nil && a.Authority != nil {
				silent = a
			}
		case a.Reason == ReasonNotListed:
			if absent.List == nil {
				absent = a
			}
		case a.Status == Accredited && absent.List != nil:
			a.Status, a.Reason, a.Since = Unknown, ReasonDropped, time.Time{}
			return a
		default:
			return a
		}
	}
	switch {
	case absent.List != nil && silent.Authority == nil:
		return absent
	case absent.List != nil && silent.Reason == ReasonListOlder:
		silent.Reason = ReasonDropped
	}
	return silent
}

// ask says what this list has on the authority.
func (l *List) ask(issuer *pki.Certificate, at time.Time) Answer {
	found, proven := l.Find(issuer)
	a := Answer{Status: Unknown, List: l}
	if len(found) > 0 {
		a.Authority = found[0]
	}
	switch {
	case endOfDay(l.Date).Before(at):
		a.Reason = ReasonListOlder
	case len(found) == 0 && l.Blind > 0:
		a.Reason = ReasonListDamaged
	case len(found) == 0:
		a.Status, a.Reason = NotAccredited, ReasonNotListed
	case !proven:
		a.Reason = ReasonKeyIDOnly
	default:
		return l.entries(found, at)
	}
	return a
}

// entries sums up what the entries say that one key stands in. One whose
// accreditation began later does not contradict the one before it.
func (l *List) entries(found []*Authority, at time.Time) Answer {
	sum := Answer{}
	for _, x := range found {
		a := Answer{List: l, Authority: x}
		a.Status, a.Reason, a.Since = x.At(at)
		switch {
		case sum.List == nil || sum.Reason == ReasonNotYet:
			sum = a
		case a.Reason != ReasonNotYet && a.Status != sum.Status:
			return Answer{Status: Unknown, Reason: ReasonContradiction, List: l, Authority: sum.Authority}
		}
	}
	return sum
}
