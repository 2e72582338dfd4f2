package diff

import (
	"fmt"
	"maps"
	"slices"

	"github.com/vidimus/vidimus/internal/pdf"
)

// maxChanged bounds the objects that one revision may concern: an update that
// lists a whole book's cross-reference anew stays far below it.
const maxChanged = 1 << 18

// delta is an object that a revision concerns.
type delta struct {
	ref      pdf.Ref // as it was; as it is, for a new object
	was, is  pdf.Object
	entry    pdf.Entry
	existed  bool // in use before
	freed    bool
	same     bool // written anew, saying the same
	roles    role // before this revision
	approved bool // by a rule that looked at it itself
	refused  bool
}

// step compares one revision with the one before.
type step struct {
	*state
	old, new *pdf.Revision
	changed  map[uint32]*delta
	out      []finding

	newFields map[uint32]bool // fields and widgets that were added; whether rightly
	onPage    map[uint32]int  // the pages that visible ones say they are on
	signing   map[string]bool // fields that were signed
	refused   int
	later     []func() // checks that need to know these
}

// finding is a change together with what decides whether it is allowed.
type finding struct {
	Change
	free    bool // right even for a locked field
	visible bool // a new visible field: refused after certification
	every   bool // concerns every field of the form
	unread  bool // what was added cannot be read
	ofField bool // concerns a field, whose name may be empty
	since   int  // what was removed came with this revision: no loss to signatures before it
}

// compareNext compares next with the revision that s describes, and leaves s
// describing next.
func (s *state) compareNext(next *pdf.Revision) []finding {
	st := &step{state: s, old: s.rev, new: next, changed: make(map[uint32]*delta),
		newFields: make(map[uint32]bool), onPage: make(map[uint32]int), signing: make(map[string]bool)}
	s.rev = next
	s.enter = st.visit
	st.placement()
	st.collect()
	if s.err == nil {
		st.compareTrailer(st.old.Trailer(), next.Trailer())
		s.trailer(next.Trailer())
		st.compareChanged()
		s.run()
		for _, check := range st.later {
			check()
		}
		st.leftovers()
	}
	if len(st.out) == 0 {
		st.allow(LTV, KindRewritten, frame{})
	}
	return st.out
}

// placement checks where the revision itself stands.
func (st *step) placement() {
	if st.new.XRefOffset < st.new.Start {
		st.refuse(KindXRefInside, frame{}, "its cross-reference stands at %d, the revision before ends at %d", st.new.XRefOffset, st.new.Start)
	}
}

// collect finds out which objects the revision concerns.
func (st *step) collect() {
	for e, err := range st.new.Entries() {
		if err != nil {
			if !st.fatal(err) {
				st.refuse(KindUnreadable, frame{}, "cross-reference: %v", err)
			}
			return
		}
		if st.spend(st.old.Index + 1); st.err != nil {
			return
		}
		was, _, err := st.old.Entry(e.Ref.Num)
		if err != nil {
			if !st.fatal(err) {
				st.refuse(KindUnreadable, frame{}, "cross-reference: %v", err)
			}
			return
		}
		used := was.Kind == pdf.EntryInFile || was.Kind == pdf.EntryInStream
		is := e.Kind == pdf.EntryInFile || e.Kind == pdf.EntryInStream
		if e == was || !used && !is {
			continue
		}
		if len(st.changed) >= maxChanged {
			st.fail(&pdf.LimitError{Name: "maxChanged", Limit: maxChanged})
			return
		}
		d := &delta{ref: e.Ref, entry: e, existed: used, freed: !is}
		if used {
			d.ref = was.Ref
		}
		if rec := st.recs[e.Ref.Num]; rec != nil {
			d.roles = rec.roles
		}
		st.changed[e.Ref.Num] = d
		if e.Kind == pdf.EntryInFile && e.Offset < st.new.Start {
			d.refused = true
			st.refuse(KindXRefInside, frame{num: e.Ref.Num}, "object %v is said to stand at %d, the revision before ends at %d", e.Ref, e.Offset, st.new.Start)
		}
	}
}

// load reads an object in both revisions.
func (st *step) load(d *delta) bool {
	var err error
	if d.existed && d.was == nil {
		if d.was, err = st.old.Get(d.ref); st.fatal(err) {
			return false
		}
		// Broken before signing: nothing that a reader could have shown.
	}
	if d.freed {
		return true
	}
	if d.existed && d.entry.Ref.Gen != d.ref.Gen {
		d.refused = true
		st.refuse(KindGeneration, frame{num: d.ref.Num}, "generation %d became %d", d.ref.Gen, d.entry.Ref.Gen)
		return false
	}
	if d.is == nil {
		if d.is, err = st.new.Get(d.entry.Ref); err != nil {
			if !st.fatal(err) {
				d.refused = true
				st.refuse(KindUnreadable, frame{num: d.ref.Num}, "%v", err)
			}
			return false
		}
	}
	return true
}

// compareChanged compares every object that was in use before, and every new
// one that older objects have been referring to.
func (st *step) compareChanged() {
	for _, num := range slices.Sorted(maps.Keys(st.changed)) {
		d := st.changed[num]
		if st.err != nil {
			return
		}
		if d.refused || !d.existed && d.roles == 0 {
			continue
		}
		if !st.load(d) {
			continue
		}
		if isObjectStream(d.was) {
			// What stands in it would change without being mentioned.
			if same, err := st.identical(d.was, d.is); err != nil || !same {
				st.fatal(err)
				d.refused = true
				st.refuse(KindObjectStream, frame{num: num}, "an object stream was replaced")
				continue
			}
		}
		if d.existed && !d.freed {
			same, err := st.identical(d.was, d.is)
			if err != nil && st.fatal(err) {
				return
			}
			if d.same = same && err == nil; d.same {
				continue
			}
		}
		st.judge(d, d.roles)
	}
}

// judge applies the rules of the roles to a changed object.
func (st *step) judge(d *delta, roles role) {
	num := d.ref.Num
	rec := st.recs[num]
	// The strict role is the highest bit: the others say better what happened.
	for r := role(1); r <= roleStrict; r <<= 1 {
		if roles&r == 0 || st.err != nil || d.refused {
			continue
		}
		d.approved = true
		j := job{ref: d.entry.Ref, role: r}
		f := rec.frame(j)
		before := st.refused
		st.explained(r, d.was, d.is, f)
		d.refused = d.refused || st.refused > before
		if !d.refused && d.is != nil {
			st.expand(r, d.is, f)
		}
	}
}

// quiet are roles whose rules leave it to the rule above, or beside them, to
// report what they allow.
const quiet = roleFormResCat | roleDSSList | roleVRI | roleVRIEntry | roleAnnot

// explained applies a rule, and refuses what the rule says nothing about.
func (st *step) explained(r role, was, is pdf.Object, f frame) {
	found, refused, later := len(st.out), st.refused, len(st.later)
	st.compare(r, was, is, f)
	if len(st.out) == found && st.refused == refused && len(st.later) == later && r&quiet == 0 && st.err == nil {
		st.refuse(KindOther, f, "%s, which no rule explains", changed(was, is))
	}
}

// visit is called when an object gets a role that it did not have.
func (st *step) visit(j job, rec *record) {
	d := st.changed[j.ref.Num]
	switch {
	case d == nil:
		st.follow(j, rec)
	case d.refused || d.same && !st.load(d):
	case d.same:
		st.follow(j, rec)
	case d.existed:
		// Used anew, and changed by the same revision: only what it was used
		// for before says whether that is right.
		if d.roles&j.role == 0 && st.load(d) {
			if same, err := st.identical(d.was, d.is); err == nil && same {
				d.same = true
				st.follow(j, rec)
				return
			}
			if d.roles&(j.role|owners) != 0 && j.role != roleStrict && j.role != roleAPPart {
				st.follow(j, rec)
				return
			}
			d.refused = true
			st.refuse(KindShared, rec.frame(j), "object %v was replaced and is now used as %s", d.ref, roleName(j.role))
		}
	case st.load(d):
		st.fresh(j, rec, d)
	}
}

// fresh looks at an object that did not exist before. Whether it may stand
// where it does was decided by the rule for that place.
func (st *step) fresh(j job, rec *record, d *delta) {
	d.approved = true
	if e := d.entry; e.Kind == pdf.EntryInStream {
		if c := st.changed[e.Stream.Num]; c == nil || c.existed {
			// An object stream signed before cannot gain objects; one that
			// holds more than was used then would bring them back.
			d.refused = true
			st.refuse(KindObjectStream, rec.frame(j), "object %v is taken from the earlier object stream %v", d.ref, e.Stream)
			return
		}
	}
	if key, ok := duplicate(d.is); ok {
		d.refused = true
		st.refuse(KindAmbiguous, rec.frame(j), "key /%s stands twice", key)
		return
	}
	st.container(j.ref)
	if d.is != nil {
		st.expand(j.role, d.is, rec.frame(j))
	}
}

// leftovers judges changed objects that no rule has looked at: nothing leads
// to them.
func (st *step) leftovers() {
	freed := false // said once
	for _, num := range slices.Sorted(maps.Keys(st.changed)) {
		d := st.changed[num]
		if st.err != nil {
			return
		}
		switch {
		case !d.existed || d.refused || d.approved || d.same:
			// A new object that nothing refers to is not part of the document.
		case d.freed:
			if !freed {
				st.allow(LTV, KindFreedUnused, frame{num: num})
			}
			freed = true
		case isXRefStream(d.was) && isXRefStream(d.is):
			// Some writers give every cross-reference stream the same number.
		default:
			st.refuse(KindOverwritten, frame{num: num}, "object %v, which nothing refers to, was replaced", d.ref)
		}
	}
}

func isXRefStream(o pdf.Object) bool { return hasType(o, "XRef") }

func isObjectStream(o pdf.Object) bool { return hasType(o, "ObjStm") }

func hasType(o pdf.Object, name pdf.Name) bool {
	s, ok := o.(*pdf.Stream)
	return ok && s.Dict.Get("Type") == name
}

// duplicate returns a key that stands twice in o itself or a direct part of it.
func duplicate(o pdf.Object) (pdf.Name, bool) {
	switch o := o.(type) {
	case *pdf.Stream:
		return duplicate(o.Dict)
	case pdf.Array:
		for _, e := range o {
			if k, ok := duplicate(e); ok {
				return k, true
			}
		}
	case *pdf.Dict:
		if dups := o.Duplicates(); len(dups) > 0 {
			return dups[0], true
		}
		for _, v := range o.Entries() {
			if k, ok := duplicate(v); ok {
				return k, true
			}
		}
	}
	return "", false
}

// maxFindings bounds what is found in one revision. All count, since each may
// break a lock; a form with more fields than this is not compared.
const maxFindings = 1 << 14

func (st *step) report(fd finding, f frame) *finding {
	if len(st.out) >= maxFindings {
		st.fail(&pdf.LimitError{Name: "maxFindings", Limit: maxFindings})
		return &finding{}
	}
	fd.Page = int(f.page)
	if fd.Page == 0 {
		fd.Page = st.pageAbove(f.num, f.must)
	}
	if f.field != nil {
		fd.Field, fd.ofField = f.field.name, true
	}
	fd.Revision = st.new.Index
	fd.Ref = pdf.Ref{Num: f.num}
	if d := st.changed[f.num]; d != nil {
		fd.Ref = d.entry.Ref
	}
	fd.Path = join(st.path(f.num, f.must), f.path)
	if f.base != "" {
		fd.Path = join(f.base, f.path)
	}
	if fd.Kind == "" {
		fd.Kind = classify(fd.Path)
		if d := st.changed[f.num]; fd.Kind == KindOther && d != nil && d.freed {
			fd.Kind = KindFreed
		}
	}
	st.out = append(st.out, fd)
	return &st.out[len(st.out)-1]
}

// allow reports a change that a rule lists. One of the level FormFill to a
// field is subject to locks.
func (st *step) allow(level Level, kind Kind, f frame) *finding {
	return st.report(finding{Change: Change{Level: level, Kind: kind}, free: level < FormFill}, f)
}

// maxRefused bounds the refusals that are reported of one revision: all of them
// lead to the same.
const maxRefused = 256

// refuse reports a change that no rule lists. Without a kind the path gives it.
func (st *step) refuse(kind Kind, f frame, format string, args ...any) {
	if d := st.changed[f.num]; d != nil && !f.inner {
		d.refused = true
	}
	if st.refused++; st.refused > maxRefused {
		return
	}
	st.report(finding{Change: Change{Level: Other, Kind: kind, Detail: fmt.Sprintf(format, args...)}}, f)
}
