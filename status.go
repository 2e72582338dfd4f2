package vidimus

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Status is what a certificate is worth on a given day. The zero value means
// that nobody looked.
type Status string

const (
	StatusUnknown     Status = ""              // not checked
	StatusActive      Status = "active"        // in force
	StatusSuspended   Status = "suspended"     // stayed for a time
	StatusRevoked     Status = "revoked"       // ended before its term
	StatusAnnulled    Status = "annulled"      // issued in error: never was in force
	StatusReplaced    Status = "replaced"      // another certificate stands in its place
	StatusExpired     Status = "expired"       // computed, never stored
	StatusNotYetValid Status = "not-yet-valid" // computed, never stored
)

// Action is a change of status that an authority can order.
type Action string

const (
	Suspend   Action = "suspend"
	Reinstate Action = "reinstate" // ends a suspension
	Revoke    Action = "revoke"
	Annul     Action = "annul"
	Replace   Action = "replace"
)

// Change is one act upon a certificate.
type Change struct {
	Action     Action    `json:"action"`
	Effective  time.Time `json:"effective"` // from when it counts
	Recorded   time.Time `json:"recorded"`  // when the registry learnt of it; set by the registry
	Reason     string    `json:"reason"`    // a code of [Reasons]
	Actor      string    `json:"actor"`     // who did it
	Basis      string    `json:"basis"`     // the document it rests on
	ReplacedBy ID        `json:"replacedBy,omitzero"`
}

// Reasons returns the codes that [Change.Reason] may have; the catalogue of
// messages has their texts.
func Reasons() []string {
	return []string{"holder-request", "court-decision", "inspection", "discipline", "forged-documents",
		"issued-in-error", "data-corrected", "holder-deceased", "decision-cancelled", "other"}
}

// StatusAt answers what the status was "as of" one moment, "as known on"
// another: only changes recorded by knownOn and effective by asOf count.
//
// Precedence: annulled, revoked, suspended, replaced, then expired or not yet
// valid, then active. An annulment counts from the beginning, whatever its
// effective time: what was issued in error never was in force. Days of validity
// are counted in Moscow time.
func StatusAt(c *Certificate, changes []Change, asOf, knownOn time.Time) Status {
	if !asOf.Before(c.ValidUntil.End(Moscow())) && !c.ValidUntil.IsZero() {
		return standing(changes, asOf, knownOn, StatusExpired)
	}
	if asOf.Before(c.ValidFrom.Start(Moscow())) {
		return standing(changes, asOf, knownOn, StatusNotYetValid)
	}
	return standing(changes, asOf, knownOn, StatusActive)
}

// StatusNow answers for one moment with all that is recorded: a recorded
// revocation counts even where this machine's clock is behind the recorder's.
func StatusNow(c *Certificate, changes []Change, asOf time.Time) Status {
	known := asOf
	for _, ch := range changes {
		if ch.Recorded.After(known) {
			known = ch.Recorded
		}
	}
	return StatusAt(c, changes, asOf, known)
}

func standing(changes []Change, asOf, knownOn time.Time, otherwise Status) Status {
	var known []Change
	for _, ch := range changes {
		if ch.Recorded.After(knownOn) {
			continue
		}
		if ch.Action == Annul {
			return StatusAnnulled
		}
		if !ch.Effective.After(asOf) {
			known = append(known, ch)
		}
	}
	// Recording order decides between acts that take effect together.
	slices.SortStableFunc(known, func(a, b Change) int {
		if c := a.Effective.Compare(b.Effective); c != 0 {
			return c
		}
		return a.Recorded.Compare(b.Recorded)
	})
	suspended, replaced := false, false
	for _, ch := range known {
		switch ch.Action {
		case Revoke:
			return StatusRevoked
		case Suspend:
			suspended = true
		case Reinstate:
			suspended = false
		case Replace:
			replaced = true
		}
	}
	switch {
	case suspended:
		return StatusSuspended
	case replaced:
		return StatusReplaced
	}
	return otherwise
}

// ErrChange is the class of all errors of [CheckChange].
var ErrChange = errors.New("vidimus: status change refused")

// CheckChange decides whether ch may follow the recorded changes: nothing
// follows an annulment; what takes effect after a revocation is refused, but for
// an annulment; an earlier revocation than the recorded one is a correction and
// taken; a suspension needs a certificate not suspended, a reinstatement a
// suspended one. Every refusal is an [ErrChange] that says why.
func CheckChange(c *Certificate, recorded []Change, ch Change) error {
	refuse := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s: %s", ErrChange, ch.Action, fmt.Sprintf(format, args...))
	}
	switch ch.Action {
	case Suspend, Reinstate, Revoke, Annul, Replace:
	default:
		return refuse("no such action")
	}
	switch {
	case ch.Effective.IsZero():
		return refuse("no effective time")
	case !slices.Contains(Reasons(), ch.Reason):
		return refuse("unknown reason %q", clip(ch.Reason))
	case ch.Actor == "" || ch.Basis == "":
		return refuse("actor and basis are required")
	case !cleanText(ch.Actor) || !cleanText(ch.Basis) || len(ch.Actor)+len(ch.Basis) > 4*maxText:
		return refuse("actor or basis is too long or has control characters")
	case (ch.Action == Replace) != !ch.ReplacedBy.IsZero():
		return refuse("a replacement, and only it, names the new certificate")
	case ch.ReplacedBy == c.ID && ch.Action == Replace:
		return refuse("a certificate cannot replace itself")
	}
	var last time.Time // of suspension or reinstatement
	suspended, replaced := false, false
	var revoked time.Time // the earliest
	for _, r := range recorded {
		switch r.Action {
		case Annul:
			return refuse("already annulled")
		case Revoke:
			if revoked.IsZero() || r.Effective.Before(revoked) {
				revoked = r.Effective
			}
		case Suspend, Reinstate:
			suspended, last = r.Action == Suspend, r.Effective
		case Replace:
			replaced = true
		}
	}
	switch {
	case ch.Action == Annul:
		return nil
	case !revoked.IsZero() && !ch.Effective.Before(revoked):
		return refuse("already revoked, from %s", revoked.Format(time.RFC3339))
	case ch.Action == Replace && replaced:
		return refuse("already replaced")
	case ch.Action == Suspend && suspended:
		return refuse("already suspended")
	case ch.Action == Reinstate && !suspended:
		return refuse("not suspended")
	case (ch.Action == Suspend || ch.Action == Reinstate) && ch.Effective.Before(last):
		return refuse("takes effect before the last suspension or reinstatement, at %s", last.Format(time.RFC3339))
	}
	return nil
}
