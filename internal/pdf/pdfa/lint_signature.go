package pdfa

import "bytes"

// fields calls visit with each form field, which is a widget, too.
func (f *file) fields(visit func(ref int, field value)) {
	f.catalog.get("/AcroForm").get("/Fields").items(func(v value) { visit(v.ref(), f.deref(v)) })
}

// signatures calls visit with each signature dictionary.
func (f *file) signatures(visit func(sig value)) {
	f.fields(func(_ int, field value) {
		if sig := f.deref(field.get("/V")); sig != nil {
			visit(sig)
		}
	})
}

// signatureRules are about the form, its widget and the signature dictionary.
var signatureRules = []rule{
	// No NeedAppearances, no XFA; SigFlags says that there are signatures and
	// that changes are to be appended (ISO 32000-1 §12.7.2).
	{code: "form", clause: "ISO 19005-3 §6.4.1", check: func(f *file, bad func(string, ...any)) {
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
	{code: "widget-flags", clause: "ISO 19005-3 §6.3.2", check: func(f *file, bad func(string, ...any)) {
		f.fields(func(ref int, field value) {
			const print, forbidden = 4, 1 | 2 | 32 | 256
			if n := field.get("/F").int(0); n&print == 0 || n&forbidden != 0 {
				bad("object %d has flags %d", ref, n)
			}
		})
	}},
	// An annotation has an appearance unless its rectangle has no area.
	{code: "widget-appearance", clause: "ISO 19005-3 §6.3.3", check: func(f *file, bad func(string, ...any)) {
		f.fields(func(ref int, field value) {
			if v := field.get("/Rect"); string(v) != "[0 0 0 0]" && field.get("/AP") == nil {
				bad("object %d has rectangle %s and no appearance", ref, v)
			}
		})
	}},
	// A widget is listed by its page (ISO 32000-1 §12.5.2).
	{code: "widget-page", clause: "ISO 32000-1 §12.5.2", check: func(f *file, bad func(string, ...any)) {
		f.fields(func(ref int, _ value) {
			found := false
			f.page.get("/Annots").items(func(v value) { found = found || v.ref() == ref })
			if !found {
				bad("object %d is not in Annots", ref)
			}
		})
	}},
	// A form field has an alternate name for assistive software.
	{code: "widget-tooltip", clause: "ISO 14289-1 §7.18.1", check: func(f *file, bad func(string, ...any)) {
		f.fields(func(ref int, field value) {
			if len(field.get("/TU")) < 3 {
				bad("object %d has no TU", ref)
			}
		})
	}},
	// A widget belongs to a Form element of the structure tree.
	{code: "widget-tag", clause: "ISO 14289-1 §7.18.4", check: func(f *file, bad func(string, ...any)) {
		f.fields(func(ref int, field value) {
			key := field.get("/StructParent").int(0)
			if key < 1 || key > len(f.tree.widgets) {
				bad("object %d has StructParent %d", ref, key)
				return
			}
			e := f.tree.byObject(f.tree.widgets[key-1])
			if e == nil || string(e.tag) != "/Form" || e.objr != ref {
				bad("object %d is in no Form element", ref)
			}
		})
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
		f.signatures(func(sig value) {
			n := 0
			sig.get("/Reference").items(func(v value) {
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
		})
	}},
	// PAdES: filter, sub-filter and time of signing are in the dictionary; Cert
	// is not.
	{code: "signature-dict", clause: "ETSI EN 319 142-1 §6.3", check: func(f *file, bad func(string, ...any)) {
		f.signatures(func(sig value) {
			if string(sig.get("/SubFilter")) != "/ETSI.CAdES.detached" || sig.get("/Filter") == nil {
				bad("SubFilter %q, Filter %q", sig.get("/SubFilter"), sig.get("/Filter"))
			}
			if len(sig.get("/M")) < 16 || sig.get("/Cert") != nil {
				bad("M is %q, Cert %q", sig.get("/M"), sig.get("/Cert"))
			}
		})
	}},
	// ByteRange covers the whole file but the value of Contents.
	{code: "byte-range", clause: "ISO 19005-3 §6.4.3", check: func(f *file, bad func(string, ...any)) {
		f.signatures(func(sig value) {
			contents := sig.get("/Contents")
			at := cap(f.data) - cap(contents) // a part of the same array
			var r []int
			sig.get("/ByteRange").items(func(v value) { r = append(r, v.int(-1)) })
			if len(r) != 4 || len(contents) < 2 || r[0] != 0 || r[1] != at || r[2] != at+len(contents) || r[2]+r[3] != len(f.data) {
				bad("ByteRange %v, Contents at %d with %d bytes, file of %d", r, at, len(contents), len(f.data))
			}
		})
	}},
	// The hole is empty until it is signed: digits 0 only.
	{code: "hole", clause: "ISO 32000-1 §12.8.1", check: func(f *file, bad func(string, ...any)) {
		f.signatures(func(sig value) {
			c := sig.get("/Contents")
			if len(c) < 4 || c[0] != '<' || len(c)%2 != 0 || bytes.Count(c, []byte{'0'}) != len(c)-2 {
				bad("Contents of %d bytes is no hole", len(c))
			}
		})
	}},
}
