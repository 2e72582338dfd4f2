package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// Annotation flags (ISO 32000-2 table 167) that lock or print; all others
// decide whether the annotation shows.
const (
	flagPrint  = 1 << 2
	flagsAsYou = 1<<6 | 1<<7 | 1<<9 // ReadOnly, Locked, LockedContents
)

// Field flags common to all types (table 227): ReadOnly, Required, NoExport.
const commonFieldFlags = 1<<0 | 1<<1 | 1<<2

// compareField judges an existing field or widget: which of its entries filling
// in and signing may change (ISO 32000-2 §12.8.2.2.2, table 257).
func (st *step) compareField(was, is pdf.Object, f frame) {
	if is == nil {
		st.refuse(KindFieldRemoved, f, "freed")
		return
	}
	rec := st.recs[f.num]
	if was == nil || rec.field == nil {
		st.refuse(KindFieldAdded, f, "%s", changed(was, is))
		return
	}
	f.field = rec.field
	a, b, ok := st.dicts(was, is, KindField, f)
	if !ok {
		return
	}
	sig := f.field.ftype == "Sig"
	signedBefore := sig && st.value(st.old, a) != nil
	signedNow := sig && st.value(st.new, b) != nil
	for key := range differing(a, b) {
		old, now := a.Get(key), b.Get(key)
		at := f.at(key)
		switch key {
		case "F":
			st.compareFlags(old, now, at)
		case "Ff":
			// What counts is what the field inherits (§12.7.4.1): one below a
			// read-only field would become free by any flag of its own.
			x, xok := st.fieldFlags(st.old, a)
			y, yok := st.fieldFlags(st.new, b)
			if !xok || !yok || (x^y)&^commonFieldFlags != 0 || !sig && x&^y&fieldReadOnly != 0 {
				st.refuse(KindField, at, "%s", changed(old, now))
				break
			}
			st.flags(sig, at)
		case "Type":
			if old != nil || now != pdf.Name("Annot") {
				st.refuse(KindField, at, "%s", changed(old, now))
				break
			}
			st.flags(sig, at)
		case "M":
			if !scalar(now) {
				st.refuse(KindField, at, "%s", changed(old, now))
				break
			}
			st.flags(sig, at)
		case "V":
			switch {
			case !sig && !st.fillable(at):
			case !sig:
				st.slot(roleValue, old, now, at)
			case signedBefore && !signedNow:
				st.refuse(KindSigRemoved, at, "%s", changed(old, now))
			case signedBefore:
				st.refuse(KindSigAltered, at, "%s", changed(old, now))
			case signedNow:
				st.signed(now, st.visible(b), at)
			}
		case "AP", "AS", "DA", "Q", "RV", "I", "TI":
			if sig && (signedBefore || !signedNow) {
				st.refuse(KindSigAppearance, at, "%s", changed(old, now))
				break
			}
			if !st.fillable(at) {
				break
			}
			st.compareFilled(key, old, now, at)
			if key == "AS" {
				st.stateOf(b, at)
				st.later = append(st.later, func() { st.wipes(at.num, at) })
			}
		case "P", "Lock":
			if signedBefore || !signedNow || old != nil || !st.whenSigned(key, now, f) {
				st.refuse(KindField, at, "%s", changed(old, now))
			}
		default:
			st.refuse(KindField, at, "%s", changed(old, now))
		}
	}
	if signedNow && !signedBefore {
		st.signing[f.field.name] = true
	}
}

// compareFilled judges the entries that go with a value.
func (st *step) compareFilled(key pdf.Name, was, is pdf.Object, f frame) {
	ok := scalar(is)
	switch key {
	case "AP":
		st.slot(roleAP, was, is, f)
		return
	case "RV":
		st.slot(roleValue, was, is, f)
		return
	case "I": // chosen items of a list
		list, isArray := is.(pdf.Array)
		ok = isArray || is == nil
		for _, e := range list {
			_, isInt := e.(pdf.Integer)
			ok = ok && isInt
		}
	}
	if !ok {
		st.refuse(KindField, f, "%s", changed(was, is))
		return
	}
	st.allow(FormFill, KindAppearance, f)
}

// compareFlags lets flags be set that lock or print; a field that appears or
// disappears is another document.
func (st *step) compareFlags(was, is pdf.Object, f frame) {
	x, xok := number(was)
	y, yok := number(is)
	diff := (x ^ y) &^ flagsAsYou
	if !xok || !yok || diff != 0 && (diff != flagPrint || y&flagPrint == 0) {
		st.refuse(KindFieldShown, f, "annotation flags %d became %d", x, y)
		return
	}
	st.flags(f.field != nil && f.field.ftype == "Sig", f)
}

func (st *step) flags(sig bool, f frame) {
	if sig {
		st.allow(LTV, KindFieldFlags, f)
		return
	}
	st.allow(FormFill, KindFieldFlags, f).free = true
}

func number(o pdf.Object) (pdf.Integer, bool) {
	if o == nil {
		return 0, true
	}
	i, ok := o.(pdf.Integer)
	return i, ok
}

// fieldFlags returns the flags of a field, its own or those of the nearest field
// above that has some. ok is false if they are no integer.
func (st *step) fieldFlags(rev *pdf.Revision, d *pdf.Dict) (flags pdf.Integer, ok bool) {
	for range maxFieldDepth {
		if d.Has("Ff") {
			return number(d.Get("Ff"))
		}
		var err error
		if d, err = rev.Dict(d.Get("Parent")); err != nil {
			st.fatal(err)
			return 0, false
		}
		if d == nil {
			return 0, true
		}
	}
	return 0, false
}

// maxFieldDepth bounds the nesting of fields: real forms have under ten levels.
const maxFieldDepth = 32

// value returns /V of a field or of the field that a widget belongs to.
func (st *step) value(rev *pdf.Revision, d *pdf.Dict) pdf.Object {
	for range maxFieldDepth {
		v, err := rev.Resolve(d.Get("V"))
		if err != nil {
			st.fatal(err)
			return pdf.Bool(true) // broken, but not empty
		}
		if v != nil {
			return v
		}
		if d, err = rev.Dict(d.Get("Parent")); err != nil || d == nil {
			return nil
		}
	}
	return nil
}

// compareValue judges a value that was filled in: text, names of states, lists
// of them, or a stream of text.
func (st *step) compareValue(is pdf.Object, f frame) {
	if rec := st.recs[f.num]; !f.inner && rec.shared {
		st.refuse(KindShared, f, "several fields have this value")
		return
	}
	if !st.fillable(f) {
		return
	}
	ok := scalar(is)
	switch v := is.(type) {
	case pdf.Array:
		ok = true
		for _, e := range v {
			ok = ok && scalar(e)
		}
	case *pdf.Stream:
		ok = true
		for k, e := range v.Dict.Entries() {
			ok = ok && (scalar(e) || k == "DecodeParms" || k == "Filter")
		}
	}
	if !ok {
		st.refuse(KindField, f, "a value that is a %s", describe(is))
		return
	}
	st.allow(FormFill, KindValue, f)
}
