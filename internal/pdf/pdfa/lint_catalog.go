package pdfa

import (
	"bytes"
)

// catalogRules are about the catalog, the page dictionary and the colour
// profile.
var catalogRules = []rule{
	// The catalog dictionary's Lang entry … shall be present (ISO 19005-3
	// §6.7.4; ISO 14289-1 §7.2: natural language shall be declared).
	{code: "lang", clause: "ISO 14289-1 §7.2", constant: true, check: func(f *file, bad func(string, ...any)) {
		if lang := f.catalog.get("/Lang"); len(lang) < 4 {
			bad("Lang is %q", lang)
		}
	}},
	// The document catalog dictionary shall include a MarkInfo dictionary with
	// a Marked entry in it, whose value shall be true.
	{code: "marked", clause: "ISO 19005-3 §6.7.2.2", constant: true, check: func(f *file, bad func(string, ...any)) {
		if v := f.catalog.get("/MarkInfo").get("/Marked"); string(v) != "true" {
			bad("Marked is %q", v)
		}
	}},
	// The document catalog dictionary shall include a ViewerPreferences
	// dictionary containing a DisplayDocTitle key, whose value shall be true.
	{code: "display-title", clause: "ISO 14289-1 §7.1", constant: true, check: func(f *file, bad func(string, ...any)) {
		if v := f.catalog.get("/ViewerPreferences").get("/DisplayDocTitle"); string(v) != "true" {
			bad("DisplayDocTitle is %q", v)
		}
	}},
	// A PDF/A-3 OutputIntent is … included in the file's OutputIntents array,
	// has GTS_PDFA1 as the value of its S key and a valid ICC profile stream as
	// the value of its DestOutputProfile key.
	{code: "output-intent", clause: "ISO 19005-3 §6.2.3", constant: true, check: func(f *file, bad func(string, ...any)) {
		n := 0
		f.catalog.get("/OutputIntents").items(func(ref value) {
			intent := f.deref(ref)
			if string(intent.get("/S")) == "/GTS_PDFA1" && f.object(intent.get("/DestOutputProfile")).stream != nil {
				n++
			}
		})
		if n != 1 {
			bad("%d output intents with GTS_PDFA1 and a profile, want 1", n)
		}
	}},
	// The profile stream … shall conform to ICC.1 … device class 'mntr' or
	// 'prtr', colour space as N says.
	{code: "icc-profile", clause: "ISO 19005-3 §6.2.3", constant: true, check: func(f *file, bad func(string, ...any)) {
		f.catalog.get("/OutputIntents").items(func(ref value) {
			o := f.object(f.deref(ref).get("/DestOutputProfile"))
			p, err := o.decode()
			switch {
			case err != nil:
				bad("%v", err)
			case string(o.dict.get("/N")) != "3":
				bad("N is %q", o.dict.get("/N"))
			case len(p) < 132 || int(p[0])<<24|int(p[1])<<16|int(p[2])<<8|int(p[3]) != len(p):
				bad("profile of %d bytes with another size in its header", len(p))
			case p[8] != 2 || string(p[12:20]) != "mntrRGB " || string(p[36:40]) != "acsp":
				bad("profile header %q", p[:40])
			}
		})
	}},
	// Interactive PDF forms / actions: no actions that change or hide what is
	// seen; this writer makes none at all (§6.5.1, §6.5.2).
	{code: "action", clause: "ISO 19005-3 §6.5", check: func(f *file, bad func(string, ...any)) {
		for num := range f.objs {
			if f.constant(num) || f.tree.byObject(num) != nil {
				continue // structure elements have no actions
			}
			eachName(f.objs[num].dict, func(name []byte) {
				switch string(name) {
				case "/AA", "/OpenAction", "/JavaScript", "/JS", "/Launch":
					bad("object %d has %s", num, name)
				}
			})
		}
	}},
	// Every page on which there is an annotation shall contain in its page
	// dictionary the key Tabs, and its value shall be S.
	{code: "tabs", clause: "ISO 14289-1 §7.18.3", constant: true, check: func(f *file, bad func(string, ...any)) {
		if v := f.page.get("/Tabs"); string(v) != "/S" {
			bad("Tabs is %q", v)
		}
	}},
	// The least value for a side of any page boundary is 3 units, the largest
	// 14,400.
	{code: "page-size", clause: "ISO 19005-3 §6.1.13", constant: true, check: func(f *file, bad func(string, ...any)) {
		if box := f.page.get("/MediaBox"); len(box) < 8 || !bytes.HasPrefix(box, []byte("[0 0 ")) {
			bad("MediaBox is %q", box)
		}
	}},
}

// eachName calls visit with all that looks like a name, in strings too.
func eachName(b []byte, visit func(name []byte)) {
	for {
		i := bytes.IndexByte(b, '/')
		if i < 0 {
			return
		}
		end := i + 1
		for end < len(b) && regular[b[end]] {
			end++
		}
		visit(b[i:end])
		b = b[end:]
	}
}
