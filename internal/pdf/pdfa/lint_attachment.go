package pdfa

// attachmentRules are about embedded files.
var attachmentRules = []rule{
	// A file specification has F and UF and leads to an embedded file.
	{code: "filespec", clause: "ISO 19005-3 §6.8", check: func(f *file, bad func(string, ...any)) {
		for _, a := range f.attached {
			if len(a.spec.get("/F")) < 3 || len(a.spec.get("/UF")) < 3 {
				bad("object %d lacks F or UF", a.ref)
			}
			if a.file.stream == nil {
				bad("object %d leads to no embedded file", a.ref)
			}
		}
	}},
	// AFRelationship says how file and document are related.
	{code: "relationship", clause: "ISO 19005-3 §6.8", constant: true, check: func(f *file, bad func(string, ...any)) {
		for _, a := range f.attached {
			if v := a.spec.get("/AFRelationship"); string(v) != "/Data" {
				bad("object %d has AFRelationship %q", a.ref, v)
			}
		}
	}},
	// Embedded files are associated with the document or a part of it.
	{code: "associated", clause: "ISO 19005-3 §6.8", constant: true, check: func(f *file, bad func(string, ...any)) {
		for _, a := range f.attached {
			found := false
			f.catalog.get("/AF").items(func(v value) { found = found || v.ref() == a.ref })
			if !found {
				bad("object %d is not in the catalog's AF", a.ref)
			}
		}
	}},
	// The embedded file's dictionary has its MIME type and, in Params, the time
	// of its last change.
	{code: "embedded-file", clause: "ISO 19005-3 §6.8", check: func(f *file, bad func(string, ...any)) {
		for _, a := range f.attached {
			file := a.file.dict
			if len(file.get("/Subtype")) < 4 || len(file.get("/Params").get("/ModDate")) < 10 {
				bad("object %d: no Subtype or ModDate", a.ref)
			}
		}
	}},
}
