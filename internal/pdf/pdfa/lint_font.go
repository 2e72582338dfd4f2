package pdfa

import (
	"bytes"
	"strconv"

	"github.com/vidimus/vidimus/internal/pdf/sfnt"
)

// eachFont calls visit with the parts of each font of the page.
func (f *file) eachFont(visit func(name string, type0, cid, descriptor value)) {
	f.deref(f.page.get("/Resources")).get("/Font").entries(func(name, ref value) {
		type0 := f.deref(ref)
		var cid value
		type0.get("/DescendantFonts").items(func(v value) { cid = f.deref(v) })
		visit(string(name), type0, cid, f.deref(cid.get("/FontDescriptor")))
	})
}

// fontRules are about the embedded fonts, all of which lie in the prefix.
var fontRules = []rule{
	// The font programs of all fonts used are embedded, and are what they are
	// said to be.
	{code: "font-embedded", clause: "ISO 19005-3 §6.2.11.4.1", constant: true, check: func(f *file, bad func(string, ...any)) {
		f.eachFont(func(name string, _, _, descriptor value) {
			o := f.object(descriptor.get("/FontFile2"))
			program, err := o.decode()
			if err != nil || o.stream == nil {
				bad("%s has no font program: %v", name, err)
				return
			}
			if _, err := sfnt.Advances(program); err != nil {
				bad("%s: %v", name, err)
			}
			if o.dict.get("/Length1").int(-1) != len(program) {
				bad("%s: Length1 is not %d", name, len(program))
			}
		})
	}},
	// A subset's name begins with a tag of six capitals, and is the same in all
	// dictionaries (ISO 32000-1 §9.6.4).
	{code: "font-name", clause: "ISO 32000-1 §9.6.4", constant: true, check: func(f *file, bad func(string, ...any)) {
		f.eachFont(func(name string, type0, cid, descriptor value) {
			base := type0.get("/BaseFont")
			if !bytes.Equal(base, cid.get("/BaseFont")) || !bytes.Equal(base, descriptor.get("/FontName")) {
				bad("%s has different names", name)
			}
			if len(base) < 9 || base[7] != '+' {
				bad("%s: name %s has no tag", name, base)
				return
			}
			for _, c := range base[1:7] {
				if c < 'A' || c > 'Z' {
					bad("%s: name %s has no tag", name, base)
				}
			}
		})
	}},
	// A Type 0 font's encoding agrees with its descendant's character
	// collection: Identity.
	{code: "font-encoding", clause: "ISO 19005-3 §6.2.11.3", constant: true, check: func(f *file, bad func(string, ...any)) {
		f.eachFont(func(name string, type0, cid, _ value) {
			if string(type0.get("/Encoding")) != "/Identity-H" || string(cid.get("/Subtype")) != "/CIDFontType2" {
				bad("%s is not an Identity-H font with TrueType outlines", name)
			}
			if string(cid.get("/CIDSystemInfo").get("/Ordering")) != "(Identity)" {
				bad("%s: CIDSystemInfo %s", name, cid.get("/CIDSystemInfo"))
			}
		})
	}},
	// An embedded CIDFontType2 has a CIDToGIDMap: a stream or Identity.
	{code: "cid-to-gid", clause: "ISO 19005-3 §6.2.11.3.2", constant: true, check: func(f *file, bad func(string, ...any)) {
		f.eachFont(func(name string, _, cid, _ value) {
			if v := cid.get("/CIDToGIDMap"); string(v) != "/Identity" {
				bad("%s: CIDToGIDMap is %q", name, v)
			}
		})
	}},
	// Widths in the font dictionary and in the font program are the same, to a
	// thousandth of an em.
	{code: "font-widths", clause: "ISO 19005-3 §6.2.11.5", constant: true, check: func(f *file, bad func(string, ...any)) {
		f.eachFont(func(name string, _, cid, descriptor value) {
			o := f.object(descriptor.get("/FontFile2"))
			program, err := o.decode()
			if err != nil {
				return // font-embedded says so
			}
			want, err := sfnt.Advances(program)
			if err != nil {
				return
			}
			var got []int
			cid.get("/W").items(func(v value) {
				v.items(func(w value) { got = append(got, w.int(-1)) })
			})
			if len(got) != len(want) {
				bad("%s has %d widths, its program %d", name, len(got), len(want))
				return
			}
			for gid := range want {
				if d := got[gid] - want[gid]; d < -1 || d > 1 {
					bad("%s: glyph %d has width %d, its program %d", name, gid, got[gid], want[gid])
				}
			}
		})
	}},
	// Every glyph that can be shown maps to Unicode; not to 0, U+FEFF or U+FFFE.
	{code: "to-unicode", clause: "ISO 19005-3 §6.2.11.7.2", constant: true, check: func(f *file, bad func(string, ...any)) {
		f.eachFont(func(name string, type0, cid, _ value) {
			o := f.object(type0.get("/ToUnicode"))
			data, err := o.decode()
			if err != nil || o.stream == nil {
				bad("%s has no ToUnicode: %v", name, err)
				return
			}
			mapped := toUnicodeCodes(data)
			for _, m := range f.shown(name) {
				if r := mapped[m]; r == 0 || r == 0xFEFF || r == 0xFFFE {
					bad("%s: glyph %d maps to U+%04X", name, m, r)
				}
			}
			for gid, r := range mapped {
				if gid == 0 || r == 0 || r == 0xFEFF || r == 0xFFFE {
					bad("%s: glyph %d maps to U+%04X", name, gid, r)
				}
			}
		})
	}},
}

// toUnicodeCodes reads the ranges of a CMap like toUnicodeCMap's.
func toUnicodeCodes(data []byte) map[int]rune {
	codes := make(map[int]rune)
	for {
		block, ok := between(data, []byte("beginbfrange\n"), []byte("endbfrange"))
		if !ok {
			return codes
		}
		for line := range bytes.Lines(block) {
			if len(line) < 19 {
				continue
			}
			lo, err1 := strconv.ParseUint(string(line[1:5]), 16, 16)
			hi, err2 := strconv.ParseUint(string(line[7:11]), 16, 16)
			r, err3 := strconv.ParseUint(string(line[13:17]), 16, 16)
			if err1 != nil || err2 != nil || err3 != nil || hi < lo {
				continue
			}
			for gid := lo; gid <= hi; gid++ {
				codes[int(gid)] = rune(r + gid - lo)
			}
		}
		data = data[bytes.Index(data, []byte("endbfrange"))+1:]
	}
}

// shown lists the glyphs of a font that the page shows.
func (f *file) shown(name string) []int {
	var gids []int
	var font, str value
	for i := 0; i < len(f.content); {
		if i = skipSpace(f.content, i); i >= len(f.content) {
			break
		}
		end := skip(f.content, i, 0)
		if end < 0 {
			break
		}
		token := value(f.content[i:end])
		i = end
		switch {
		case token[0] == '/' && len(token) == 3 && token[1] == 'F':
			font = token
		case token[0] == '(':
			str = token
		case string(token) == "Tj" && string(font) == name:
			s := str.appendString(nil)
			for k := 0; k+1 < len(s); k += 2 {
				gids = append(gids, int(s[k])<<8|int(s[k+1]))
			}
		}
	}
	return gids
}
