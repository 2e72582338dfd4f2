package pdf

import (
	"slices"
	"strconv"
)

// stands reports whether e lists an object among this revision's bytes, which is
// then to be looked at. Other entries say again what was so before; any that
// lies makes some readers rebuild the whole cross-reference, also if nothing
// uses the number.
func (in *inspector) stands(e Entry) (bool, error) {
	switch e.Kind {
	case EntryInFile:
		if e.Offset >= in.r.Start {
			return true, nil
		}
	case EntryInStream:
		se, rev, err := in.entry(e.Stream.Num)
		if err != nil {
			return false, in.bad(in.r.XRefOffset, err)
		}
		if rev == in.r && se.Kind == EntryInFile && se.Offset >= in.r.Start {
			return false, in.inStream(e, se.Offset)
		}
	default:
		return false, nil
	}
	was, err := in.before(e.Ref.Num)
	if err != nil {
		return false, in.bad(in.r.XRefOffset, err)
	}
	if was != e {
		in.flaw(in.r.XRefOffset, "the cross-reference finds object "+e.Ref.String()+" in an earlier revision, where it was not")
	}
	return false, nil
}

// inStream checks that the object stream at off holds the object.
func (in *inspector) inStream(e Entry, off int64) error {
	stm, err := in.r.objStm(e.Stream, off)
	if err != nil {
		return in.bad(off, err)
	}
	if e.Index >= len(stm.nums) || stm.nums[e.Index] != e.Ref.Num {
		in.flaw(off, "the object stream does not hold object "+e.Ref.String()+", which the cross-reference takes from it")
	}
	return nil
}

// entry is Revision.Entry at a price: with a thousand revisions it is not cheap.
func (in *inspector) entry(num uint32) (Entry, *Revision, error) {
	if err := in.chargeEntry(); err != nil {
		return Entry{}, nil, err
	}
	return in.r.Entry(num)
}

// before is the entry in the revision before, at the same price.
func (in *inspector) before(num uint32) (Entry, error) {
	if err := in.chargeEntry(); err != nil {
		return Entry{}, err
	}
	e, _, err := in.r.Prev().Entry(num)
	return e, err
}

// inUse reports whether there is an object.
func (e *Entry) inUse() bool { return e.Kind == EntryInFile || e.Kind == EntryInStream }

// entryCost is what looking for an object in one revision is charged with.
const entryCost = 16

func (in *inspector) chargeEntry() error {
	if in.d.lexBudget -= entryCost * int64(1+in.r.Index); in.d.lexBudget < 0 {
		return &LimitError{"Limits.Lex", 0}
	}
	return nil
}

// members refuses an object stream that holds what the cross-reference does
// not take from it: readers that search take all of it. Its objects stand in
// the order of its list, from /First on (§7.5.7): readers differ on others.
func (in *inspector) members(e Entry, p *parsed) error {
	stm, err := in.r.objStm(e.Ref, e.Offset)
	if err != nil {
		return in.bad(p.start, err)
	}
	for i, num := range stm.nums {
		m, rev, err := in.entry(num)
		if err != nil {
			return in.bad(p.start, err)
		}
		if rev != in.r || m.Kind != EntryInStream || m.Stream != e.Ref || m.Index != i {
			in.flaw(p.start, "an object stream holds object "+strconv.FormatUint(uint64(num), 10)+", which the cross-reference does not take from it")
			return nil
		}
		if i > 0 && stm.bounds[i][0] < stm.bounds[i-1][0] {
			in.flaw(p.start, "an object stream whose objects are not in order")
			return nil
		}
		b := stm.bounds[i]
		if err := in.tokens(NewLexer(stm.data[b[0]:b[1]]), Ref{Num: num}, p.start); err != nil {
			return err
		}
	}
	return nil
}

// hybrid checks a table against the stream that /XRefStm leads to (§7.5.8.4).
// Only what is new may be hidden from readers that know tables alone: some of
// those that know both take an object to be gone if the table says so.
func (in *inspector) hybrid(table, stream *section) error {
	if in.leadsElsewhere(stream.trailer) {
		in.flaw(stream.off, "the cross-reference stream of a hybrid section leads elsewhere than its table")
	}
	for _, sub := range stream.subs {
		for num := max(1, sub.first); num < sub.first+sub.count; num++ {
			e, err := table.own(in.d, num)
			if err != nil {
				return in.bad(table.off, err)
			}
			if e.Kind != EntryFree {
				continue
			}
			was, err := in.before(num)
			if err != nil {
				return in.bad(table.off, err)
			}
			if was.inUse() {
				in.flaw(table.off, "the table of a hybrid section frees object "+e.Ref.String()+", which its stream has")
				return nil
			}
		}
	}
	return nil
}

// ledTo reports whether the cross-reference stream at off belongs to the
// document: to this revision, or to a later one, as of a writer who saves the
// stream of a hybrid section ahead of its table. A searching reader takes the
// dictionary of a stream for a trailer, so such a one leads where ours does.
func (in *inspector) ledTo(off int64, d *Dict) bool {
	revs := in.d.Revisions()
	return in.r.hasSection(off) || !in.leadsElsewhere(d) && anySection(revs[in.r.Index+1:], off)
}

// hasSection reports whether a cross-reference stream of this revision stands at
// off.
func (r *Revision) hasSection(off int64) bool {
	return slices.ContainsFunc(r.sections, func(s *section) bool { return s.isAt(off) })
}

func anySection(revs []*Revision, off int64) bool {
	return slices.ContainsFunc(revs, func(r *Revision) bool { return r.hasSection(off) })
}

// leadsElsewhere reports whether a dictionary that may be taken for a trailer
// names another catalog or another encryption than this revision's.
func (in *inspector) leadsElsewhere(d *Dict) bool {
	for _, key := range [...]Name{"Root", "Encrypt"} {
		v := d.Get(key)
		if _, ok := v.(Ref); v != nil && (!ok || v != in.r.Trailer().Get(key)) {
			return true
		}
	}
	return false
}

func (s *section) isAt(off int64) bool {
	return s.stream && s.off == off || s.hybrid != nil && s.hybrid.isAt(off)
}
