package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// signed judges a value put into a signature field that had none: it must be a
// new signature dictionary (ISO 32000-2 §12.8.1). A document time-stamp that
// does not show is validation data (§12.8.5, EN 319 142-1 §5.4.3); anything
// else is a further signature.
func (st *step) signed(v pdf.Object, visible bool, f frame) {
	if ref, ok := v.(pdf.Ref); ok && st.existed(ref.Num) {
		st.refuse(KindSigValue, f, "takes %v, which existed before", ref)
		return
	}
	o, err := st.new.Resolve(v)
	if err != nil {
		if !st.fatal(err) {
			st.refuse(KindUnreadable, f, "%v", err)
		}
		return
	}
	d, ok := o.(*pdf.Dict)
	if !ok {
		st.refuse(KindSigValue, f, "a %s, no signature dictionary", describe(o))
		return
	}
	if key, dup := duplicate(d); dup {
		st.refuse(KindAmbiguous, f, "key /%s stands twice", key)
		return
	}
	_, hasRange := d.Get("ByteRange").(pdf.Array)
	_, hasContents := d.Get("Contents").(pdf.String)
	if !hasRange || !hasContents {
		st.refuse(KindSigValue, f, "a dictionary without /ByteRange or /Contents")
		return
	}
	if f.field != nil {
		st.signing[f.field.name] = true
	}
	if !visible && d.Get("Type") == pdf.Name("DocTimeStamp") && d.Get("SubFilter") == pdf.Name("ETSI.RFC3161") {
		st.allow(LTV, KindTimestamp, f)
		return
	}
	st.allow(FormFill, KindSigned, f)
}

// compareSignature judges a signature dictionary that was there: it may not
// change. One that a field has been waiting for counts as signing.
func (st *step) compareSignature(was, is pdf.Object, f frame) {
	switch {
	case is == nil:
		st.refuse(KindSigRemoved, f, "freed")
	case was != nil || st.changed[f.num] == nil || st.changed[f.num].existed:
		st.refuse(KindSigAltered, f, "%s", changed(was, is))
	default:
		st.signed(is, true, f)
	}
}

// compareAP judges the appearance dictionary of a field (§12.5.5) that was
// filled in or signed.
func (st *step) compareAP(was, is pdf.Object, f frame) {
	if st.sharedBy(f) {
		return
	}
	if is == nil {
		st.appearance(f)
		return
	}
	a, b, ok := st.dicts(was, is, KindField, f)
	if !ok {
		return
	}
	for key := range differing(a, b) {
		switch key {
		case "N", "R", "D":
			st.slot(roleAPState, a.Get(key), b.Get(key), f.at(key))
		default:
			st.refuse(KindField, f.at(key), "%s", changed(a.Get(key), b.Get(key)))
		}
	}
	if was == nil && b.Len() == 0 {
		st.appearance(f)
	}
}

// compareAPState judges a form XObject or the dictionary of one per state.
func (st *step) compareAPState(was, is pdf.Object, f frame) {
	if st.sharedBy(f) {
		return
	}
	switch is := is.(type) {
	case nil:
		st.appearance(f)
	case *pdf.Stream:
		before, _ := was.(*pdf.Stream)
		if why := st.outOfPlace(before, is); why != "" {
			st.refuse(KindField, f, "%s", why)
			return
		}
		st.appearance(f)
	case *pdf.Dict:
		a, _ := was.(*pdf.Dict)
		for key := range differing(a, is) {
			if _, ok := is.Get(key).(pdf.Ref); !ok && is.Has(key) {
				st.refuse(KindField, f.at(key), "a state that is no reference")
				return
			}
			st.slot(roleAPState, a.Get(key), is.Get(key), f.at(key))
		}
		st.appearance(f)
	default:
		st.refuse(KindField, f, "an appearance that is a %s", describe(is))
	}
}

// compareAPPart judges what appearances refer to: fonts, images, other form
// XObjects. They may be dropped with the appearance, not be changed.
func (st *step) compareAPPart(is pdf.Object, f frame) {
	if st.sharedBy(f) {
		return
	}
	if is != nil {
		st.refuse(KindFieldPart, f, "replaced in place")
		return
	}
	st.appearance(f)
}

// sharedBy refuses the change of an object that belongs to several fields.
func (st *step) sharedBy(f frame) bool {
	rec := st.recs[f.num]
	if f.inner || !rec.shared {
		return false
	}
	st.refuse(KindShared, f, "the appearances of several fields use it")
	return true
}

// appearance reports a new appearance. That of a signature field may only
// change when it is signed, which may not have been seen yet.
func (st *step) appearance(f frame) {
	if f.field != nil && f.field.ftype == "Sig" {
		st.later = append(st.later, func() {
			if !st.signing[f.field.name] {
				st.refuse(KindSigAppearance, f, "not by signing")
			}
		})
	} else if !st.fillable(f) {
		return
	} else if num, ok := st.fieldAbove(f.num); ok {
		st.later = append(st.later, func() {
			st.agree(num, f)
			st.wipes(num, f)
		})
	}
	st.allow(FormFill, KindAppearance, f)
}
