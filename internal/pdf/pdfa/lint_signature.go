package pdfa

import "bytes"

// signatureRules are about the form, its widget and the signature dictionary.
var signatureRules = []rule{
	// No NeedAppearances, no XFA; SigFlags says that there are signatures and
	// that changes are to be appended (ISO 32000-1 §12.7.2).
	{code: "form", clause: "ISO 19005-3 §6.4.1", constant: true, check: func(f *file, bad func(string, ...any)) {
		form := f.catalog.get("/AcroForm")
		if form == nil {
			return
		}
		if string(form.get("/NeedAppearances")) == "true" || form.get("/XFA") != nil {
			bad("NeedAppearances or XFA")
		}
		if v := form.get("/SigFlags"); string(v) != "3" {
			bad("SigFlags is %q", v)
		}
	}},
	// An annotation's Print flag is set; Hidden, Invisible, ToggleNoView and
	// NoView are not.
	{code: "widget-flags", clause: "ISO 19005-3 §6.3.2", constant: true, check: func(f *file, bad func(string, ...any)) {
		for _, field := range f.fields {
			const print, forbidden = 4, 1 | 2 | 32 | 256
			if n := field.dict.get("/F").int(0); n&print == 0 || n&forbidden != 0 {
				bad("object %d has flags %d", field.ref, n)
			}
		}
	}},
	// An annotation has an appearance unless its rectangle has no area.
	{code: "widget-appearance", clause: "ISO 19005-3 §6.3.3", constant: true, check: func(f *file, bad func(string, ...any)) {
		for _, field := range f.fields {
			if v := field.dict.get("/Rect"); string(v) != "[0 0 0 0]" && field.dict.get("/AP") == nil {
				bad("object %d has rectangle %s and no appearance", field.ref, v)
			}
		}
	}},
	// A widget is listed by its page (ISO 32000-1 §12.5.2).
	{code: "widget-page", clause: "ISO 32000-1 §12.5.2", constant: true, check: func(f *file, bad func(string, ...any)) {
		for _, field := range f.fields {
			found := false
			f.page.get("/Annots").items(func(v value) { found = found || v.ref() == field.ref })
			if !found {
				bad("object %d is not in Annots", field.ref)
			}
		}
	}},
	// A form field has an alternate name for assistive software.
	{code: "widget-tooltip", clause: "ISO 14289-1 §7.18.1", constant: true, check: func(f *file, bad func(string, ...any)) {
		for _, field := range f.fields {
			if len(field.dict.get("/TU")) < 3 {
				bad("object %d has no TU", field.ref)
			}
		}
	}},
	// A widget belongs to a Form element of the structure tree.
	{code: "widget-tag", clause: "ISO 14289-1 §7.18.4", constant: true, check: func(f *file, bad func(string, ...any)) {
		for _, field := range f.fields {
			key := field.dict.get("/StructParent").int(0)
			if key < 1 || key > len(f.tree.widgets) {
				bad("object %d has StructParent %d", field.ref, key)
				continue
			}
			e := f.tree.byObject(f.tree.widgets[key-1])
			if e == nil || string(e.tag) != "/Form" || e.objr != field.ref {
				bad("object %d is in no Form element", field.ref)
			}
		}
	}},
	// The permissions dictionary has no keys but UR3 and DocMDP, and leads to a
	// signature (ISO 32000-1 §12.8.4).
	{code: "perms", clause: "ISO 19005-3 §6.1.12", check: func(f *file, bad func(string, ...any)) {
		if f.catalog.get("/AcroForm") == nil {
			return
		}
		f.catalog.get("/Perms").entries(func(k, _ value) {
			if string(k) != "/DocMDP" && string(k) != "/UR3" {
				bad("key %s", k)
			}
		})
		sig := f.deref(f.catalog.get("/Perms").get("/DocMDP"))
		if string(sig.get("/Type")) != "/Sig" {
			bad("DocMDP leads to no signature")
		}
	}},
	// A signature reference has no DigestLocation, DigestMethod or DigestValue;
	// the transform is DocMDP with a level.
	{code: "docmdp", clause: "ISO 19005-3 §6.1.12", check: func(f *file, bad func(string, ...any)) {
		for _, field := range f.fields {
			n := 0
			field.sig.get("/Reference").items(func(v value) {
				if string(v.get("/TransformMethod")) == "/DocMDP" && string(v.get("/TransformParams").get("/P")) == "2" {
					n++
				}
				for _, key := range [...]string{"/DigestLocation", "/DigestMethod", "/DigestValue"} {
					if v.get(key) != nil {
						bad("reference has %s", key)
					}
				}
			})
			if n != 1 {
				bad("%d DocMDP references with P=2, want 1", n)
			}
		}
	}},
	// PAdES: filter, sub-filter and time of signing are in the dictionary; Cert
	// is not.
	{code: "signature-dict", clause: "ETSI EN 319 142-1 §6.3", check: func(f *file, bad func(string, ...any)) {
		for _, field := range f.fields {
			if string(field.sig.get("/SubFilter")) != "/ETSI.CAdES.detached" || field.sig.get("/Filter") == nil {
				bad("SubFilter %q, Filter %q", field.sig.get("/SubFilter"), field.sig.get("/Filter"))
			}
			if len(field.sig.get("/M")) < 16 || field.sig.get("/Cert") != nil {
				bad("M is %q, Cert %q", field.sig.get("/M"), field.sig.get("/Cert"))
			}
		}
	}},
	// ByteRange covers the whole file but the value of Contents.
	{code: "byte-range", clause: "ISO 19005-3 §6.4.3", check: func(f *file, bad func(string, ...any)) {
		for _, field := range f.fields {
			contents := field.sig.get("/Contents")
			at := cap(f.data) - cap(contents) // a part of the same array
			var r []int
			field.sig.get("/ByteRange").items(func(v value) { r = append(r, v.int(-1)) })
			if len(r) != 4 || len(contents) < 2 || r[0] != 0 || r[1] != at || r[2] != at+len(contents) || r[2]+r[3] != len(f.data) {
				bad("ByteRange %v, Contents at %d with %d bytes, file of %d", r, at, len(contents), len(f.data))
			}
		}
	}},
	// The hole is empty until it is signed: digits 0 only.
	{code: "hole", clause: "ISO 32000-1 §12.8.1", check: func(f *file, bad func(string, ...any)) {
		for _, field := range f.fields {
			c := field.sig.get("/Contents")
			if len(c) < 4 || c[0] != '<' || len(c)%2 != 0 || bytes.Count(c, []byte{'0'}) != len(c)-2 {
				bad("Contents of %d bytes is no hole", len(c))
			}
		}
	}},
}
