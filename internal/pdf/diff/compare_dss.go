package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// compareDSS is the document security store (ISO 32000-2 §12.8.4.3, EN 319
// 142-1 §5.4.2). Certificates and answers may be added, and dropped when they
// are no longer needed; none may be replaced.
func (st *step) compareDSS(was, is pdf.Object, f frame) {
	a, b, ok := st.dicts(was, is, KindDSSAltered, f)
	if !ok {
		return
	}
	for key := range differing(a, b) {
		old, now := a.Get(key), b.Get(key)
		at := f.at(key)
		switch key {
		case "Type":
			if now != nil && now != pdf.Name("DSS") {
				st.refuse(KindDSSAltered, at, "%s", changed(old, now))
			}
		case "Certs", "CRLs", "OCSPs":
			st.slot(roleDSSList, old, now, at)
		case "VRI":
			st.slotKept(roleVRI, KindDSSAltered, old, now, at)
		default:
			st.refuse(KindDSSAltered, at, "%s", changed(old, now))
		}
	}
	st.allow(LTV, KindDSS, f)
}

// compareDSSList asserts that a list names nothing but streams that are new or
// were validation data before.
func (st *step) compareDSSList(is pdf.Object, f frame) {
	list, ok := is.(pdf.Array)
	if !ok && is != nil {
		st.refuse(KindDSSAltered, f, "a %s, no list", describe(is))
		return
	}
	for _, e := range list {
		if !st.dssData(e) {
			st.refuse(KindDSSAltered, f, "%s is no new validation data", describe(e))
			return
		}
	}
	if !f.inner {
		st.allow(LTV, KindDSS, f)
	}
}

// dssData reports whether o refers to a stream that may be listed.
func (st *step) dssData(o pdf.Object) bool {
	ref, ok := o.(pdf.Ref)
	if !ok || ref.Num == 0 {
		return false
	}
	if st.existed(ref.Num) {
		rec := st.recs[ref.Num]
		return rec != nil && rec.roles&roleDSSData != 0
	}
	v, err := st.new.Get(ref)
	if err != nil {
		st.fatal(err)
		return false
	}
	s, ok := v.(*pdf.Stream)
	if !ok {
		return false
	}
	for k, e := range s.Dict.Entries() {
		switch k {
		case "Length", "Filter", "DecodeParms", "Type", "Subtype":
		default:
			if e == nil || !scalar(e) {
				return false
			}
		}
	}
	return true
}

func (st *step) compareDSSData(is pdf.Object, f frame) {
	if is != nil {
		st.refuse(KindDSSAltered, f, "validation data were replaced")
		return
	}
	st.allow(LTV, KindDSS, f)
}

// compareVRI lets entries be added for further signatures, under the digest
// that names them; earlier ones stay.
func (st *step) compareVRI(was, is pdf.Object, f frame) {
	a, b, ok := st.dicts(was, is, KindDSSAltered, f)
	if !ok {
		return
	}
	for key := range differing(a, b) {
		at := f.at(key)
		now := b.Get(key)
		switch {
		case key == "Type" && now == pdf.Name("VRI"):
		case now == nil:
			st.report(finding{since: st.entrySince(key), Change: Change{
				Level: Other, Kind: KindDSSAltered, Detail: "the entry of a signature was removed"}}, at)
		case !isDigest(key):
			st.refuse(KindDSSAltered, at, "no digest of a signature")
		default:
			st.slot(roleVRIEntry, a.Get(key), now, at)
		}
	}
	if !f.inner {
		st.allow(LTV, KindDSS, f)
	}
}

// entrySince returns the index of the first of the revisions up to the old one
// that have the entry without a break: what came after a signature may go.
func (st *step) entrySince(key pdf.Name) int {
	since := st.old.Index
	for r := st.old.Prev(); r != nil; r = r.Prev() {
		if st.spend(r.Index + 1); st.err != nil {
			break
		}
		catalog, err := r.Catalog()
		if err != nil {
			break
		}
		dss, err := r.Dict(catalog.Get("DSS"))
		if err != nil {
			break
		}
		vri, err := r.Dict(dss.Get("VRI"))
		if err != nil || !vri.Has(key) {
			return since
		}
		since = r.Index
	}
	return 0
}

func isDigest(key pdf.Name) bool {
	if len(key) != 40 { // SHA-1 in hexadecimal
		return false
	}
	for _, c := range []byte(key) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'F') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// compareVRIEntry lets validation data be added to the entry of a signature.
func (st *step) compareVRIEntry(was, is pdf.Object, f frame) {
	a, b, ok := st.dicts(was, is, KindDSSAltered, f)
	if !ok {
		return
	}
	for key := range differing(a, b) {
		old, now := a.Get(key), b.Get(key)
		at := f.at(key)
		switch key {
		case "Cert", "CRL", "OCSP":
			x, err := st.old.Array(old)
			y, err2 := st.new.Array(now)
			if err != nil || err2 != nil || !includes(refSet(y), x) {
				st.refuse(KindDSSAltered, at, "data of a signature were removed")
				break
			}
			st.slot(roleDSSList, old, now, at)
		case "TS":
			// A stream; one writer puts the token there as a string.
			_, isString := now.(pdf.String)
			if old != nil || !isString && !st.dssData(now) {
				st.refuse(KindDSSAltered, at, "%s", changed(old, now))
			}
		case "TU", "Type":
			if old != nil || !scalar(now) {
				st.refuse(KindDSSAltered, at, "%s", changed(old, now))
			}
		default:
			st.refuse(KindDSSAltered, at, "%s", changed(old, now))
		}
	}
	if !f.inner {
		st.allow(LTV, KindDSS, f)
	}
}

func includes(set map[pdf.Ref]bool, list pdf.Array) bool {
	for _, e := range list {
		if ref, ok := e.(pdf.Ref); ok && !set[ref] {
			return false
		}
	}
	return true
}
