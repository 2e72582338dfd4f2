package diff_test

import (
	"fmt"
	"strings"
)

// evilContent is another content of page 1, as an object that no
// cross-reference lists.
var evilContent = fmt.Sprintf("%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", oContent1, len(forged), forged)

// hiddenAttacks append an object that only readers see who search the file.
func hiddenAttacks() []vector {
	// hidden appends an update that leaves nothing to be said against it but the
	// object, and what spoil does to it.
	hidden := func(name, base string, spoil func(tail string) string) vector {
		return attack("hidden-"+name, base, "outside-revisions", func(f *pdfFile) {
			f.edit(oInfo, "D:20250601", "D:20250602").raw = evilContent
			spoilTail(f, spoil)
		})
	}
	in := func(name string, put func(f *pdfFile)) vector {
		return attack("hidden-in-"+name, "p2", "ambiguous", func(f *pdfFile) {
			put(f)
			spoilTail(f, func(tail string) string { return strings.Replace(tail, "startxref\n", "startxref\n+", 1) })
		})
	}
	escaped := strings.NewReplacer("(", `\(`, ")", `\)`).Replace(evilContent)
	keep := func(tail string) string { return tail }
	return []vector{
		hidden("object", "p1", keep),
		hidden("object-approval", "approval", keep),
		hidden("object-p3", "p3", keep),
		hidden("before-white-space", "p1", func(tail string) string { return tail + strings.Repeat("\n", 2000) }),
		hidden("before-zeros", "p1", func(tail string) string { return tail + strings.Repeat("\x00", 900) }),
		hidden("with-plus", "p1", func(tail string) string { return strings.Replace(tail, "startxref\n", "startxref\n+", 1) }),
		in("string", func(f *pdfFile) { f.edit(oInfo, "(Contract)", "(Contract\n"+escaped+")") }),
		in("hexadecimal-string", func(f *pdfFile) {
			f.edit(oInfo, "(Contract)", "<41 % "+strings.ReplaceAll(evilContent, "\n", "\r")+">")
		}),
		in("comment", func(f *pdfFile) { f.raw = "% " + strings.ReplaceAll(evilContent, "\n", " ") + "\n" }),
		in("comment-inside-header", func(f *pdfFile) {
			f.edit(oInfo, "(Contract)", "(\n"+strings.Replace(escaped, "15 0 obj", "15 %\n0 %\nobj", 1)+")")
		}),
		in("validation-data", func(f *pdfFile) {
			addDSS(f)
			f.stream(71, "", "certificate\nendstream\nendobj\n"+evilContent+"z")
		}),
		in("stream-with-filter", func(f *pdfFile) {
			addDSS(f)
			// Deflate stores what it cannot make shorter.
			n := len(evilContent)
			f.stream(71, "/Filter /FlateDecode", "\x78\x01\x01"+string([]byte{byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)})+evilContent)
		}),
		attack("hidden-in-object-stream", "xref-stream", "ambiguous", func(f *pdfFile) {
			f.edit(oInfo, "D:20250601", "D:20250602")
			f.put(oPage1, strings.Replace(f.now(oPage1), "15 0 R", "37 0 R", 1))
			f.put(70, "<</Unused true>>")
			entries := f.pack([]int{70, oPage1})
			delete(entries, oPage1)
			for n, off := range f.objects() {
				entries[n] = xrefEntry{1, off, 0}
			}
			f.xrefStream(entries)
		}),
		attack("hidden-in-signed-part", "shadow", "outside-revisions", func(f *pdfFile) {
			f.data = append(f.data, strings.Repeat("\n", 1200)...)
		}),
		attack("hidden-in-signed-part-p1", "shadow", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			f.save()
		}),
		attack("hidden-catalog", "p1", "ambiguous", func(f *pdfFile) {
			f.put(70, strings.Replace(f.now(oCatalog), "/Pages 2 0 R", "/Pages 71 0 R", 1))
			f.put(71, "<</Type /Pages /Kids [] /Count 0>>").save()
		}),
		attack("hidden-cross-reference-stream", "p1", "ambiguous", func(f *pdfFile) {
			f.stream(70, "/Type /XRef /W [1 1 1] /Size 1 /Root 71 0 R", "abc").put(71, "<<>>").save()
		}),
		attack("hidden-trailer", "p1", "ambiguous", func(f *pdfFile) {
			f.edit(oInfo, "(Contract)", "(Contract\ntrailer\n<</Root 37 0 R>>\n)").save()
		}),
		attack("hidden-stream-of-stream", "p2", "ambiguous", func(f *pdfFile) {
			f.edit(oInfo, "D:20250601", "D:20250602")
			offsets := f.objects()
			f.size += 2
			evil := len(f.data)
			f.data = append(f.data, evilContent...)
			s := len(f.data)
			f.data = append(f.data, xrefStreamObject(f.size-1, f.link(), map[int]xrefEntry{oContent1: {1, evil, 0}, f.size - 1: {1, s, 0}})...)
			entries := map[int]xrefEntry{}
			for n, off := range offsets {
				entries[n] = xrefEntry{1, off, 0}
			}
			f.trailer += fmt.Sprintf(" /XRefStm %d", s)
			f.xrefStream(entries)
		}),
	}
}

// spoilTail saves the update and changes its bytes; none may move that an
// offset tells of.
func spoilTail(f *pdfFile, spoil func(string) string) {
	from := len(f.data)
	f.save()
	f.data = append(f.data[:from:from], spoil(string(f.data[from:]))...)
}

// irregularAttacks are updates in which nothing is wrong but the way they are
// written: each makes some reader search the file.
func irregularAttacks() []vector {
	odd := func(name, old, new string) vector {
		return attack("irregular-"+name, "p1", "ambiguous", func(f *pdfFile) {
			f.edit(oInfo, "D:20250601", "D:20250602")
			spoilTail(f, func(tail string) string {
				if !strings.Contains(tail, old) {
					f.m.t.Fatalf("%s: no %q in %q", name, old, tail)
				}
				i := strings.LastIndex(tail, old)
				return tail[:i] + new + tail[i+len(old):]
			})
		})
	}
	list := []vector{
		odd("start-plus", "startxref\n", "startxref\n+"),
		odd("start-comment", "startxref\n", "startxref % c\n"),
		odd("start-zeros", "startxref\n", "startxref\n000000"),
		odd("start-same-line", "startxref\n", "startxref "),
		odd("end-comment", "\n%%EOF", "\n%\n%%EOF"),
		odd("end-same-line", "\n%%EOF", " %%EOF"),
		odd("xref-comment", "xref\n0 1", "xref %c\n0 1"),
		odd("xref-same-line", "xref\n0 1", "xref 0 1"),
		odd("header-comment", "36 1\n", "36 1 %c\n"),
		odd("header-plus", "36 1\n", "+36 +1\n"),
		odd("header-lines", "36 1\n", "36\n1\n"),
		odd("header-zero", "36 1\n", "36\x001\n"),
		odd("header-form-feed", "36 1\n", "36 1\f"),
		odd("entry-of-19-bytes", " 00000 n\r\n", " 00000 n\n"),
		odd("entry-of-21-bytes", " 00000 n\r\n", " 00000 n \r\n"),
		odd("entry-in-use-for-zero", "0000000000 65535 f", "0000000009 00000 n"),
		odd("entry-at-zero", "36 1\n", "90 1\n0000000000 00000 n\r\n36 1\n"),
		odd("trailer-comment", "trailer\n", "trailer%c\n"),
		odd("previous-plus", "/Prev ", "/Prev +"),
		odd("previous-zeros", "/Prev ", "/Prev 000000"),
		odd("size-missing", "/Size 53", "/Sizf 53"),
		odd("size-small", "/Size 53", "/Size 9"),
		odd("size-lowered", "/Size 53", "/Size 37"),
		odd("size-huge", "/Size 53", "/Size 999999999"),
		odd("object-header-plus", "36 0 obj", "+36 +0 obj"),
		odd("object-header-comment", "36 0 obj", "36 %x\n0 obj"),
		odd("object-name-long", "/Title", "/"+strings.Repeat("x", 200)+" null /Title"),
		odd("object-nested", "/Title", "/X "+strings.Repeat("[", 60)+strings.Repeat("]", 60)+" /Title"),
		odd("header-of-file", "36 0 obj", "%PDF-1.7\n36 0 obj"),
	}
	// These move the cross-reference: startxref has to follow.
	for i := range list {
		switch name := strings.TrimPrefix(list[i].name, "irregular-"); name {
		case "object-header-plus", "object-header-comment", "object-name-long", "object-nested", "header-of-file":
			make := list[i].make
			list[i].make = func(f *pdfFile) {
				make(f)
				j, k := strings.LastIndex(string(f.data), "\nxref\n")+1, strings.LastIndex(string(f.data), "startxref\n")
				f.data = fmt.Appendf(f.data[:k], "startxref\n%d\n%%%%EOF\n", j)
				if name == "header-of-file" {
					s := string(f.data)
					at := strings.LastIndex(s, "36 0 obj")
					i := strings.LastIndex(s, "36 1\n") + len("36 1\n")
					copy(f.data[i:], fmt.Sprintf("%010d", at))
				}
			}
			if name == "header-of-file" {
				list[i].kinds = "outside-revisions"
			}
		}
	}
	return append(list,
		attack("irregular-no-endobj", "p1", "ambiguous", func(f *pdfFile) {
			f.put(oInfo, strings.Replace(f.now(oInfo), "D:20250601", "D:20250602", 1))
			offsets := f.objects()
			f.data = append([]byte(strings.TrimSuffix(string(f.data), "endobj\n")), "\n"...)
			f.saveTable(offsets, "")
		}),
		attack("irregular-stream-length", "p1", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			f.edit(71, "/Length 11", "/Length 99").save()
		}),
		attack("irregular-stream-keyword", "p1", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			f.edit(71, "stream\n", "stream\r").save()
		}),
		attack("irregular-entry-of-unknown-type", "p1", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			entries := map[int]xrefEntry{90: {3, 0, 0}}
			for n, off := range f.objects() {
				entries[n] = xrefEntry{1, off, 0}
			}
			f.size = 91
			f.xrefStream(entries)
		}),
		attack("irregular-previous-near", "p1", "ambiguous", func(f *pdfFile) {
			addDSS(f)
			f.prev--
			f.save()
		}),
		attack("irregular-white-space", "p1", "outside-revisions", func(f *pdfFile) {
			f.data = append(f.data, strings.Repeat(" ", 1020)...)
		}),
	)
}
