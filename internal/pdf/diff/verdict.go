package diff

import "slices"

// maxChanges bounds the list that is returned.
const maxChanges = 1000

// verdict sums up findings under what the signature permits.
type verdict struct {
	opts   Options
	signed int  // index of the revision
	locked bool // names of fields are not known
	level  Level
	list   []Change
}

func (v *verdict) add(list ...finding) {
	for _, fd := range list {
		c := fd.Change
		switch {
		case fd.since > v.signed:
			c.Level, c.Kind = LTV, KindDSS
		case fd.visible && v.opts.DocMDP != 0:
			c.Level, c.Kind = Other, KindVisibleRefused
		case c.Level == FormFill && !fd.free && c.Field != "" && v.isLocked(c.Field):
			c.Level, c.Detail, c.Kind = Other, string(c.Kind), KindFieldLocked
		}
		v.level = max(v.level, c.Level)
		v.list = append(v.list, c)
	}
}

func (v *verdict) isLocked(name string) bool {
	return v.locked && len(v.opts.Locks) > 0 || slices.ContainsFunc(v.opts.Locks, func(l Lock) bool { return l.Locked(name) })
}

// permitted is the gravest level that is allowed (ISO 32000-2 table 257).
// Without a certification signature forms may be filled in and signed; comments
// take an explicit P=3.
func (o *Options) permitted() Level {
	switch o.DocMDP {
	case 0, 2:
		return FormFill
	case 3:
		return Annotations
	}
	return LTV
}

func (v *verdict) result() *Result {
	r := &Result{Level: v.level, Allowed: v.level <= v.opts.permitted(), Changes: v.list}
	if len(v.list) > maxChanges {
		byLevel := slices.Clone(v.list)
		slices.SortStableFunc(byLevel, func(a, b Change) int { return int(b.Level) - int(a.Level) })
		r.Changes = byLevel[:maxChanges]
		slices.SortStableFunc(r.Changes, func(a, b Change) int { return a.Revision - b.Revision })
	}
	return r
}
