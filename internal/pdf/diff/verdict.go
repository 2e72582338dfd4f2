package diff

import "slices"

// maxChanges bounds the list that is returned.
const maxChanges = 1000

// verdict sums up findings under what the signature permits.
type verdict struct {
	opts   Options
	signed int  // index of the revision
	locked bool // names of fields are not known
	unread bool // nor is what was changed
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
		case c.Level == FormFill && !fd.free && (fd.ofField && v.isLocked(c.Field) || fd.every && len(v.opts.Locks) > 0):
			c.Level, c.Detail, c.Kind = Other, string(c.Kind), KindFieldLocked
		}
		v.unread = v.unread || fd.unread || v.locked && unreadKinds[c.Kind]
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

// unreadKinds are changes that show something. Of a file whose password is not
// known nobody can say what.
var unreadKinds = map[Kind]bool{
	KindValue: true, KindAppearance: true, KindVisibleField: true, KindFormDefaults: true,
	KindAnnotationAdded: true, KindAnnotationChanged: true,
}

// result sums up. What was changed and cannot be read, although the signature
// would permit it, is not known to be right.
func (v *verdict) result() *Result {
	if v.unread && v.level <= v.opts.permitted() {
		v.list = append(v.list, Change{Kind: KindLocked, Revision: v.list[len(v.list)-1].Revision, Detail: "what was changed cannot be read without the password"})
		return &Result{Changes: v.list[max(0, len(v.list)-maxChanges):]}
	}
	r := &Result{Level: v.level, Allowed: v.level <= v.opts.permitted(), Changes: v.list}
	if len(v.list) > maxChanges {
		byLevel := slices.Clone(v.list)
		slices.SortStableFunc(byLevel, func(a, b Change) int { return int(b.Level) - int(a.Level) })
		r.Changes = byLevel[:maxChanges]
		slices.SortStableFunc(r.Changes, func(a, b Change) int { return a.Revision - b.Revision })
	}
	return r
}
