package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// compare applies the rule of one role to an object, or a direct part of one,
// that has changed. was is nil for what did not exist, is for what is freed.
func (st *step) compare(r role, was, is pdf.Object, f frame) {
	switch r {
	case roleCatalog:
		st.compareCatalog(was, is, f)
	case rolePages:
		st.comparePage(was, is, f)
	case rolePageKids:
		st.refuse(KindPageTree, f, "another list of pages")
	case roleAnnots:
		st.compareAnnots(was, is, f)
	case roleAnnot:
		st.compareAnnot(was, is, f)
	case roleForm:
		st.compareForm(was, is, f)
	case roleFormRes, roleFormResCat:
		st.compareFormResources(r, was, is, f)
	case roleFields:
		st.compareFields(was, is, f)
	case roleField:
		st.compareField(was, is, f)
	case roleFieldKids:
		st.refuse(KindField, f, "another list of the parts of a field")
	case roleAP:
		st.compareAP(was, is, f)
	case roleAPState:
		st.compareAPState(was, is, f)
	case roleAPPart:
		st.compareAPPart(is, f)
	case roleValue:
		st.compareValue(is, f)
	case roleSignature:
		st.compareSignature(was, is, f)
	case roleDSS:
		st.compareDSS(was, is, f)
	case roleDSSList:
		st.compareDSSList(is, f)
	case roleDSSData:
		st.compareDSSData(is, f)
	case roleVRI:
		st.compareVRI(was, is, f)
	case roleVRIEntry:
		st.compareVRIEntry(was, is, f)
	case roleMetadata:
		st.compareMetadata(was, is, f)
	case roleInfo:
		st.compareInfo(was, is, f)
	case roleExtensions:
		st.compareExtensions(is, f)
	default:
		st.refuse("", f, "%s", changed(was, is))
	}
}

// slot compares the value of an entry whose rule is that of role r.
func (st *step) slot(r role, was, is pdf.Object, f frame) {
	if equal(was, is) {
		return // what it refers to is compared for itself
	}
	if ref, ok := is.(pdf.Ref); ok && !st.mayTake(r, ref, f) {
		st.refuse(KindRedirected, f, "now refers to %v, which existed before", ref)
		return
	}
	old, err := st.old.Resolve(was)
	if err != nil && st.fatal(err) {
		return
	}
	now, err := st.new.Resolve(is)
	if err != nil {
		if !st.fatal(err) {
			st.refuse(KindUnreadable, f, "%v", err)
		}
		return
	}
	if key, ok := duplicate(now); ok {
		st.refuse(KindAmbiguous, f, "key /%s stands twice", key)
		return
	}
	if now == nil && is != nil {
		st.refuse(KindAmbiguous, f, "refers to nothing")
		return
	}
	if equal(old, now) { // moved to an object of its own, or back
		st.allow(LTV, KindRewritten, f)
		return
	}
	st.explained(r, old, now, f)
}

// mayTake reports whether a reference may be put where it was not: to an object
// that is new, one of an appearance to another of the same field, one of
// validation data to a list of them.
func (st *step) mayTake(r role, ref pdf.Ref, f frame) bool {
	if !st.existed(ref.Num) {
		return true
	}
	rec := st.recs[ref.Num]
	if rec == nil {
		return false
	}
	if r == roleDSSList {
		return rec.roles == roleDSSList
	}
	return r == roleAPState && rec.roles&^roleAPPart == roleAPState && !rec.shared &&
		f.field != nil && rec.field != nil && rec.field.name == f.field.name
}

// existed reports whether the object number was in use before.
func (st *step) existed(num uint32) bool {
	if d := st.changed[num]; d != nil {
		return d.existed
	}
	e, _, err := st.old.Entry(num)
	if err != nil {
		st.fatal(err)
		return true
	}
	return e.Kind == pdf.EntryInFile || e.Kind == pdf.EntryInStream
}

// dicts asserts that both are dictionaries; a missing old one counts as empty.
func (st *step) dicts(was, is pdf.Object, kind Kind, f frame) (a, b *pdf.Dict, ok bool) {
	if a, ok = was.(*pdf.Dict); !ok && was != nil {
		st.refuse(kind, f, "%s", changed(was, is))
		return nil, nil, false
	}
	if a == nil {
		a = pdf.NewDict()
	}
	if b, ok = is.(*pdf.Dict); !ok {
		st.refuse(kind, f, "%s", changed(was, is))
		return nil, nil, false
	}
	if dups := b.Duplicates(); len(dups) > 0 {
		st.refuse(KindAmbiguous, f, "key /%s stands twice", dups[0])
		return nil, nil, false
	}
	if key, ok := nulled(a, b); ok {
		st.refuse(KindAmbiguous, f, "key /%s has become null", key)
		return nil, nil, false
	}
	return a, b, true
}

// nulled returns a key whose value is null in b, and was not in a. No writer
// needs one: to take an entry away, or to have none, is to leave out its key.
func nulled(a, b *pdf.Dict) (pdf.Name, bool) {
	for k, v := range b.All() {
		if v == nil && (!a.Has(k) || a.Get(k) != nil) {
			return k, true
		}
	}
	return "", false
}

// differing iterates over the keys whose values differ, old ones first.
func differing(a, b *pdf.Dict) func(yield func(pdf.Name) bool) {
	return func(yield func(pdf.Name) bool) {
		for k, v := range a.All() {
			if (!b.Has(k) || !equalAt(k, v, b.Get(k))) && !yield(k) {
				return
			}
		}
		for k := range b.All() {
			if !a.Has(k) && !yield(k) {
				return
			}
		}
		// A key that stood twice hides a value that some readers show.
		for _, k := range a.Duplicates() {
			if !yield(k) {
				return
			}
		}
	}
}

// listed is what became of a list of references.
type listed struct{ added, removed []pdf.Ref }

// compareLists compares lists of indirect objects. ok is false if what is in
// both is not in the same order, something is added twice, or an element that
// is not a reference differs.
func compareLists(was, is pdf.Array) (l listed, ok bool) {
	before, after := refSet(was), refSet(is)
	var kept, common pdf.Array
	for _, e := range was {
		if ref, isRef := e.(pdf.Ref); isRef && !after[ref] {
			l.removed = append(l.removed, ref)
			continue
		}
		kept = append(kept, e)
	}
	twice := make(map[pdf.Ref]bool)
	for _, e := range is {
		if ref, isRef := e.(pdf.Ref); isRef && !before[ref] {
			if twice[ref] {
				return l, false
			}
			twice[ref] = true
			l.added = append(l.added, ref)
			continue
		}
		common = append(common, e)
	}
	return l, equal(kept, common)
}

func refSet(list pdf.Array) map[pdf.Ref]bool {
	set := make(map[pdf.Ref]bool)
	for _, e := range list {
		if ref, ok := e.(pdf.Ref); ok {
			set[ref] = true
		}
	}
	return set
}

// arrays asserts that both are arrays; missing ones count as empty.
func (st *step) arrays(was, is pdf.Object, kind Kind, f frame) (a, b pdf.Array, ok bool) {
	a, aok := was.(pdf.Array)
	b, bok := is.(pdf.Array)
	if !aok && was != nil || !bok && is != nil {
		st.refuse(kind, f, "%s", changed(was, is))
		return nil, nil, false
	}
	return a, b, true
}

func changed(was, is pdf.Object) string {
	return describe(was) + " became " + describe(is)
}

func describe(o pdf.Object) string {
	switch o := o.(type) {
	case nil:
		return "nothing"
	case *pdf.Dict:
		if t, ok := o.Get("Type").(pdf.Name); ok && len(t) < 32 {
			return "dictionary /" + string(t)
		}
		return "dictionary"
	case *pdf.Stream:
		return "stream"
	case pdf.Array:
		return "array"
	case pdf.String:
		return "string"
	case pdf.Name:
		if len(o) < 32 {
			return "/" + string(o)
		}
		return "name"
	case pdf.Ref:
		return o.String()
	}
	return "value"
}
