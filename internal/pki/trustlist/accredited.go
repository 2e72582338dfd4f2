package trustlist

import (
	"bytes"
	"cmp"
	"crypto/sha1"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
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
)

// Answer is what the lists say of an authority on a day.
type Answer struct {
	Status    Accreditation
	Reason    Reason
	Authority *Authority // nil: not named
	Since     time.Time  // of the state on that day; zero: not known
	List      *List      // that the answer is from; nil: none
}

// index builds what answers look up.
func (l *List) index() {
	l.byCert, l.byKey, l.byID = map[[32]byte]place{}, map[[32]byte]place{}, map[string]place{}
	for i := range l.Authorities {
		for j := range l.Authorities[i].Keys {
			k, at := &l.Authorities[i].Keys[j], place{i, j}
			if _, twice := l.byID[string(k.ID)]; len(k.ID) > 0 && !twice {
				l.byID[string(k.ID)] = at
			}
			for _, c := range k.Certificates {
				key := sha256.Sum256(c.SPKI.Raw)
				if other, twice := l.byKey[key]; twice && other.authority != i {
					l.warn("a key of %s stands under %s as well, where it is not looked for", l.Authorities[other.authority].Name, l.Authorities[i].Name)
					continue
				}
				l.byCert[c.Fingerprint()], l.byKey[key] = at, at
			}
		}
	}
}

// Find returns the authority that a certificate belongs to. proven is false
// where only a key identifier, which the certificate merely claims, agrees.
func (l *List) Find(c *pki.Certificate) (a *Authority, proven bool) {
	at, ok := l.byCert[c.Fingerprint()]
	if !ok {
		at, ok = l.byKey[sha256.Sum256(c.SPKI.Raw)]
	}
	if ok {
		return &l.Authorities[at.authority], true
	}
	for _, id := range keyDigests(c) {
		if at, ok := l.byID[string(id)]; ok && len(l.key(at).Certificates) == 0 {
			return &l.Authorities[at.authority], true
		}
	}
	if at, ok := l.byID[string(c.SubjectKeyID)]; ok && len(c.SubjectKeyID) > 0 {
		return &l.Authorities[at.authority], false
	}
	return nil, false
}

func (l *List) key(at place) *Key { return &l.Authorities[at.authority].Keys[at.key] }

// keyDigests are the key identifiers that are made from the key: of the BIT
// STRING's content (RFC 5280 §4.2.1.2 (1)), and of the OCTET STRING's inside it,
// as some Russian software has it.
func keyDigests(c *pki.Certificate) [][]byte {
	out := [][]byte{c.KeyHash()}
	if v, rest, err := asn1x.Read(c.SPKI.Key); err == nil && len(rest) == 0 && v.ID == asn1x.OctetString {
		h := sha1.Sum(v.Body)
		out = append(out, h[:])
	}
	return out
}

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

// At says in which state the authority was at a time. A state that begins on a
// day is taken to hold all of it if it is a good one, from its moment on if not.
func (a *Authority) At(at time.Time) (Accreditation, Reason, time.Time) {
	type entry struct {
		state state
		from  time.Time
	}
	var list []entry
	complete := len(a.History) > 0
	for _, s := range append(slices.Clone(a.History), a.Current) {
		if s == (Status{}) {
			continue
		}
		e := entry{words[foldWord(s.Word)], s.From}
		if s.From.IsZero() {
			complete = false
			continue
		}
		if e.state == stateActive {
			y, m, d := s.From.In(moscow).Date()
			e.from = time.Date(y, m, d, 0, 0, 0, 0, moscow)
		}
		list = append(list, e)
	}
	// Of states from one moment the worse counts, and one that is not understood
	// most of all.
	rank := [...]int{stateUnknown: 9, stateActive: 1, stateSuspended: 2, stateEnded: 3}
	slices.SortStableFunc(list, func(x, y entry) int {
		return cmp.Or(x.from.Compare(y.from), cmp.Compare(rank[x.state], rank[y.state]))
	})
	var now *entry
	for i := range list {
		if !list[i].from.After(at) {
			now = &list[i]
		}
	}
	switch {
	case now == nil && complete && len(list) > 0 && list[0].state == stateActive:
		return NotAccredited, ReasonNotYet, time.Time{}
	case now == nil:
		return Unknown, ReasonNoHistory, time.Time{}
	case now.state == stateActive:
		return Accredited, ReasonInForce, now.from
	case now.state == stateSuspended:
		return NotAccredited, ReasonSuspended, now.from
	case now.state == stateEnded:
		return NotAccredited, ReasonEnded, now.from
	}
	return Unknown, ReasonStatusWord, now.from
}

func foldWord(s string) string {
	return string(bytes.ToLower(bytes.Join(bytes.Fields([]byte(s)), []byte{' '})))
}

// endOfDay is when the day of a list ends: lists are asked about days.
func endOfDay(t time.Time) time.Time {
	y, m, d := t.In(moscow).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, moscow).Add(-1)
}

// Lists are versions of the list, in any order.
type Lists []*List

// Accredited says whether the authority with this certificate was accredited at
// a time. The newest list that can tell decides; lists older than the time say
// nothing about it, and lists whose signature is not usable are left out.
func (ls Lists) Accredited(issuer *pki.Certificate, at time.Time) Answer {
	sorted := slices.Clone(ls)
	slices.SortStableFunc(sorted, func(a, b *List) int { return b.Date.Compare(a.Date) })
	answer := Answer{Status: Unknown, Reason: ReasonNoList}
	better := func(a Answer) {
		// What was found out first, in the newest list, stays; a list that names
		// the authority says more than one that could not be asked.
		if answer.Authority == nil && (a.Authority != nil || answer.List == nil || answer.Reason == ReasonListUnknown) {
			answer = a
		}
	}
	absent := Answer{}
	for _, l := range sorted {
		switch {
		case !l.Signature.Usable():
			better(Answer{Status: Unknown, Reason: ReasonListUnknown, List: l})
			continue
		case endOfDay(l.Date).Before(at):
			a, _ := l.Find(issuer)
			better(Answer{Status: Unknown, Reason: ReasonListOlder, List: l, Authority: a})
			continue
		}
		a, proven := l.Find(issuer)
		switch {
		case a == nil:
			if absent.List == nil {
				absent = Answer{Status: NotAccredited, Reason: ReasonNotListed, List: l}
			}
		case !proven:
			better(Answer{Status: Unknown, Reason: ReasonKeyIDOnly, List: l, Authority: a})
		default:
			status, reason, since := a.At(at)
			found := Answer{Status: status, Reason: reason, Since: since, List: l, Authority: a}
			if status != Unknown {
				return found
			}
			better(found)
		}
	}
	if answer.Authority == nil && absent.List != nil {
		return absent
	}
	return answer
}
