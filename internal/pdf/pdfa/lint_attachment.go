package pdfa

// attachments calls visit with each file specification in the name tree.
func (f *file) attachments(visit func(ref int, spec value)) {
	i := 0
	f.catalog.get("/Names").get("/EmbeddedFiles").get("/Names").items(func(v value) {
		if i++; i%2 == 0 {
			visit(v.ref(), f.deref(v))
		}
	})
}

// attachmentRules are about embedded files.
var attachmentRules = []rule{
	// A file specification has F and UF and leads to an embedded file.
	{code: "filespec", clause: "ISO 19005-3 §6.8", check: func(f *file, bad func(string, ...any)) {
		f.attachments(func(ref int, spec value) {
			if len(spec.get("/F")) < 3 || len(spec.get("/UF")) < 3 {
				bad("object %d lacks F or UF", ref)
			}
			if f.object(spec.get("/EF").get("/F")).stream == nil {
				bad("object %d leads to no embedded file", ref)
			}
		})
	}},
	// AFRelationship says how file and document are related.
	{code: "relationship", clause: "ISO 19005-3 §6.8", check: func(f *file, bad func(string, ...any)) {
		f.attachments(func(ref int, spec value) {
			if v := spec.get("/AFRelationship"); string(v) != "/Data" {
				bad("object %d has AFRelationship %q", ref, v)
			}
		})
	}},
	// Embedded files are associated with the document or a part of it.
	{code: "associated", clause: "ISO 19005-3 §6.8", check: func(f *file, bad func(string, ...any)) {
		f.attachments(func(ref int, _ value) {
			found := false
			f.catalog.get("/AF").items(func(v value) { found = found || v.ref() == ref })
			if !found {
				bad("object %d is not in the catalog's AF", ref)
			}
		})
	}},
	// The embedded file's dictionary has its MIME type and, in Params, the time
	// of its last change.
	{code: "embedded-file", clause: "ISO 19005-3 §6.8", check: func(f *file, bad func(string, ...any)) {
		f.attachments(func(ref int, spec value) {
			file := f.deref(spec.get("/EF").get("/F"))
			if len(file.get("/Subtype")) < 4 || len(file.get("/Params").get("/ModDate")) < 10 {
				bad("object %d: no Subtype or ModDate", ref)
			}
		})
	}},
}
