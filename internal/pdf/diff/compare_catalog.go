package diff

import (
	"github.com/vidimus/vidimus/internal/pdf"
)

// compareTrailer is ISO 32000-2 §7.5.5: of a trailer only the keys that
// describe its section, the second identifier and /Info may change.
func (st *step) compareTrailer(was, is *pdf.Dict) {
	a, b, ok := st.dicts(was, is, KindTrailer, frame{})
	if !ok {
		return
	}
	f := frame{}
	for key := range differing(a, b) {
		old, now := a.Get(key), b.Get(key)
		at := f.at(key)
		switch key {
		case "Size", "Prev", "XRefStm", "Type", "W", "Index", "Length", "Filter", "DecodeParms":
		case "Root":
			st.refuse(KindCatalog, at, "another catalog: %s", changed(old, now))
		case "Info":
			if now == nil {
				st.allow(LTV, KindMetadataDates, at)
				break
			}
			st.slot(roleInfo, old, now, at)
		case "ID":
			st.compareID(a, b, at)
		case "Encrypt":
			st.refuse(KindEncryption, at, "%s", changed(old, now))
		case "AuthCode":
			st.compareAuthCode(now, at)
		case "DocChecksum": // of some office suites, over the bytes before
			if !scalar(now) {
				st.refuse(KindTrailer, at, "%s", changed(old, now))
			}
		default:
			if now != nil {
				st.refuse(KindTrailer, at, "%s", changed(old, now))
			}
		}
	}
}

// compareAuthCode is the integrity code of encrypted files (ISO/TS 32004): it
// covers the file as it is now, and shows nothing.
func (st *step) compareAuthCode(is pdf.Object, f frame) {
	d, ok := is.(*pdf.Dict)
	for k, v := range d.Entries() {
		switch k {
		case "SigObjRef":
			ref, isRef := v.(pdf.Ref)
			ok = ok && isRef && !st.existed(ref.Num)
		case "ByteRange":
			ok = ok && !hasRef(v)
		default:
			ok = ok && scalar(v)
		}
	}
	if !ok {
		st.refuse(KindTrailer, f, "an authentication code that is not as it must be")
		return
	}
	st.allow(LTV, KindMetadataDates, f)
}

// compareID is §14.4: the second identifier changes with the file. The first
// is part of the encryption key.
func (st *step) compareID(a, b *pdf.Dict, f frame) {
	if !b.Has("Encrypt") {
		return
	}
	x, err := st.old.Array(a.Get("ID"))
	y, err2 := st.new.Array(b.Get("ID"))
	if err != nil || err2 != nil || len(x) == 0 || len(y) == 0 || !equal(x[0], y[0]) {
		st.refuse(KindTrailer, f, "the identifier of an encrypted file changed")
	}
}

// compareCatalog allows validation data, the form and the metadata to change
// as their rules say, the version to rise (ISO 32000-2 §7.7.2, §7.12;
// EN 319 142-1 §5.4.2).
func (st *step) compareCatalog(was, is pdf.Object, f frame) {
	a, b, ok := st.dicts(was, is, KindCatalog, f)
	if !ok {
		return
	}
	if was == nil {
		st.refuse(KindCatalog, f, "there was no catalog")
		return
	}
	for key := range differing(a, b) {
		old, now := a.Get(key), b.Get(key)
		at := f.at(key)
		switch key {
		case "AcroForm":
			st.slotKept(roleForm, KindForm, old, now, at)
		case "DSS":
			st.slotKept(roleDSS, KindDSSAltered, old, now, at)
		case "Extensions":
			st.slotKept(roleExtensions, KindCatalog, old, now, at)
		case "Metadata":
			st.slotKept(roleMetadata, KindMetadata, old, now, at)
		case "Version":
			if !higherVersion(old, now) {
				st.refuse(KindCatalog, at, "%s", changed(old, now))
				break
			}
			st.allow(LTV, KindVersion, at)
		default:
			st.refuseKey(KindCatalog, old, now, at)
		}
	}
}

// slotKept is slot for an entry that may be added but not taken away.
func (st *step) slotKept(r role, kind Kind, was, is pdf.Object, f frame) {
	if is == nil {
		st.refuse(kind, f, "removed")
		return
	}
	st.slot(r, was, is, f)
}

// refuseKey refuses the change of an entry; the keys that lead to it give the
// kind, otherwise it is that of the dictionary.
func (st *step) refuseKey(kind Kind, was, is pdf.Object, f frame) {
	if k := classify(f.path); k != KindOther {
		kind = k
	}
	st.refuse(kind, f, "%s", changed(was, is))
}

func higherVersion(was, is pdf.Object) bool {
	now, ok := is.(pdf.Name)
	if !ok || len(now) != 3 || now[0] < '1' || now[0] > '2' || now[1] != '.' || now[2] < '0' || now[2] > '9' {
		return false
	}
	old, ok := was.(pdf.Name)
	return was == nil || ok && old <= now
}

func scalar(o pdf.Object) bool {
	switch o.(type) {
	case nil, pdf.Bool, pdf.Integer, pdf.Real, pdf.String, pdf.Name:
		return true
	}
	return false
}

// extensionKeys are those of a developer extensions dictionary (table 49).
var extensionKeys = map[pdf.Name]bool{
	"Type": true, "BaseVersion": true, "ExtensionLevel": true, "URL": true, "ExtensionRevision": true,
}

// compareExtensions is §7.12: the dictionary says which features a file uses,
// and shows nothing. All in it must be direct.
func (st *step) compareExtensions(is pdf.Object, f frame) {
	d, ok := is.(*pdf.Dict)
	for key, v := range d.Entries() {
		list, isArray := v.(pdf.Array)
		if !isArray {
			list = pdf.Array{v}
		}
		for _, e := range list {
			ext, isDict := e.(*pdf.Dict)
			ok = ok && (isDict || key == "Type" && e == pdf.Name("Extensions"))
			for k, v := range ext.Entries() {
				ok = ok && extensionKeys[k] && scalar(v)
			}
		}
	}
	if !ok {
		st.refuse(KindCatalog, f, "/Extensions is not as it must be")
		return
	}
	st.allow(LTV, KindExtensions, f)
}
