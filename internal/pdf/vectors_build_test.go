package pdf

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func replace(b []byte, old, new string) []byte {
	if !bytes.Contains(b, []byte(old)) {
		panic("nothing to replace: " + old)
	}
	return bytes.Replace(b, []byte(old), []byte(new), 1)
}

// basic is a document of one page.
func basic() *builder { return newBuilder().catalog() }

func basicTable() []byte { return basic().table("").Bytes() }

// qpdfFile has qpdf rewrite a file; only used to make vectors.
func qpdfFile(in []byte, args ...string) []byte {
	dir, err := os.MkdirTemp("", "vectors")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	from, to := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(from, in, 0o600); err != nil {
		panic(err)
	}
	if out, err := exec.Command("qpdf", append(args, "--static-id", from, to)...).CombinedOutput(); err != nil {
		panic(fmt.Sprint(err, string(out)))
	}
	out, err := os.ReadFile(to)
	if err != nil {
		panic(err)
	}
	return out
}

// appended continues a file that some program wrote.
func appended(b []byte) *builder {
	next := &builder{offs: make(map[int]int64)}
	fmt.Sscan(string(b[bytes.LastIndex(b, []byte("/Root "))+6:]), &next.root)
	next.Write(b)
	fmt.Sscan(string(b[bytes.LastIndex(b, []byte("startxref"))+9:]), &next.last)
	return next
}

// vectorFiles makes the files under testdata/vectors. What is to be read from
// each is written by hand in testdata/vectors.txt.
var vectorFiles = map[string]func() []byte{
	// What is fine.
	"table":         basicTable,
	"table-updates": func() []byte { return basic().table("").obj(5, "(a)").table("").obj(5, "(b)").table("").Bytes() },
	"table-freed": func() []byte {
		b := basic().obj(5, "(a)").table("")
		at := b.at()
		fmt.Fprintf(b, "xref\n5 1\n0000000000 00001 f \ntrailer\n<< /Root 1 0 R /Size 6 /Prev %d >>\n", b.last)
		return b.end(at).Bytes()
	},
	"xref-stream": func() []byte { return basic().xrefStream(6, "").Bytes() },
	"xref-stream-updates": func() []byte {
		return basic().xrefStream(6, "").obj(5, "[1 2 3]").xrefStream(7, "").Bytes()
	},
	"object-stream": func() []byte {
		return basic().objStm(7, "", []int{5, 6}, []string{"<< /A (x) >>", "[5 0 R 6]"}).
			xrefStream(8, "", row{5, 2, 7, 0}, row{6, 2, 7, 1}).Bytes()
	},
	"object-stream-extends": func() []byte {
		b := basic().objStm(7, "", []int{5}, []string{"(five)"}).objStm(9, "/Extends 7 0 R", []int{6}, []string{"(six)"})
		return b.xrefStream(8, "", row{5, 2, 7, 0}, row{6, 2, 9, 0}).Bytes()
	},
	"linearized": func() []byte { return qpdfFile(basicTable(), "--linearize") },
	"linearized-updated": func() []byte {
		return appended(qpdfFile(basicTable(), "--linearize")).obj(50, "(new)").table("").Bytes()
	},
	"indirect-length": func() []byte {
		return basic().obj(5, "<< /Length 6 0 R >>\nstream\nabcdef\nendstream").obj(6, "6").table("").Bytes()
	},
	"encrypted-aes256": func() []byte { return qpdfFile(richFile(), "--encrypt", "", "owner", "256", "--") },

	// One leniency each.
	"hybrid":             func() []byte { return hybrid(false) },
	"hybrid-conflict":    func() []byte { return hybrid(true) },
	"header-offset":      func() []byte { return append([]byte("junk before\n"), basicTable()...) },
	"header-junk":        func() []byte { return replace(basicTable(), "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "\n\n%PDF-1.7\n\n\n\n\n") },
	"missing-eof":        func() []byte { return replace(basicTable(), "%%EOF\n", "") },
	"missing-eof-middle": func() []byte { return replace(basic().table("").obj(5, "1").table("").Bytes(), "%%EOF\n", "     \n") },
	"after-eof":          func() []byte { return append(basicTable(), "and more\n"...) },
	"startxref-off":      func() []byte { b := basic(); at := b.at(); b.table(""); return retarget(b.Bytes(), at, at+2) },
	"startxref-line-early": func() []byte {
		b := basic()
		b.WriteByte('\n')
		at := b.at()
		b.table("")
		return retarget(b.Bytes(), at, at-1)
	},
	"startxref-early": func() []byte {
		b := basic()
		b.WriteString("\n\n")
		at := b.at()
		b.table("")
		return retarget(b.Bytes(), at, at-2)
	},
	"xref-gap":       xrefGap,
	"not-linearized": forwardPrev,
	"xref-first-object": func() []byte {
		b := basic()
		at := b.at()
		b.WriteString("xref\n1 5\n0000000000 65535 f \n")
		for n := 1; n <= 4; n++ {
			fmt.Fprintf(b, "%010d 00000 n \n", b.offs[n])
		}
		b.WriteString("trailer\n<< /Root 1 0 R /Size 5 >>\n")
		return b.end(at).Bytes()
	},
	"xref-entry-19":  func() []byte { return bytes.ReplaceAll(basicTable(), []byte(" n \n"), []byte(" n\n")) },
	"xref-duplicate": func() []byte { return replace(basicTable(), "trailer", "2 1\n0000000017 00000 n \ntrailer") },
	"xref-size":      func() []byte { return replace(basicTable(), "/Size 5", "/Size 4") },
	"xref-zero": func() []byte {
		return replace(basic().obj(6, "1").table("").Bytes(), "trailer", "5 1\n0000000000 00000 n \ntrailer")
	},
	"prev-zero": func() []byte { return basic().table("/Prev 0").Bytes() },
	"object-offset": func() []byte {
		b := basic()
		b.offs[1] -= 6 // the comment behind the header
		return b.table("").Bytes()
	},
	"object-end":     func() []byte { return replace(basicTable(), "R >>\nendobj", "R >>\n      ") },
	"stream-keyword": func() []byte { return replace(basicTable(), "stream\n", "stream\r") },
	"stream-length":  func() []byte { return replace(basicTable(), "/Length 13", "/Length 99") },
	"duplicate-key":  func() []byte { return basic().obj(5, "<< /A 1 /B 2 /A 3 >>").table("").Bytes() },
	"encrypt-changed": func() []byte {
		return appended(qpdfFile(richFile(), "--object-streams=disable", "--encrypt", "", "owner", "256", "--")).obj(50, "1").table("").Bytes()
	},
	"encrypt-perms": func() []byte {
		b := qpdfFile(richFile(), "--encrypt", "", "owner", "256", "--print=none", "--")
		i := bytes.Index(b, []byte("/P -")) + 4
		b[i] = '1' + (b[i]-'0')%9
		return b
	},
	"encrypt-padding": func() []byte {
		b := qpdfFile(basic().stream(5, "", []byte("123")).
			obj(1, "<< /Type /Catalog /Pages 2 0 R /X 5 0 R >>").table("").Bytes(), "--encrypt", "", "owner", "256", "--")
		// The deflated data are one block behind the initialisation vector, whose last byte
		// decides what the last byte of the padding becomes.
		i := bytes.LastIndex(b[:bytes.LastIndex(b, []byte("/Encrypt"))], []byte("/Length 32 /Filter /FlateDecode >>\nstream\n"))
		i += len("/Length 32 /Filter /FlateDecode >>\nstream\n")
		b[i+15] ^= 0x80
		return b
	},
	"flate-checksum": func() []byte {
		z := deflate([]byte("data"))
		z[len(z)-1] ^= 1
		return basic().stream(5, "/Filter /FlateDecode", z).table("").Bytes()
	},
	"filter-tail": func() []byte { return basic().stream(5, "/Filter /ASCIIHexDecode", []byte("4142")).table("").Bytes() },
	"page-count":  func() []byte { return replace(basicTable(), "/Count 1", "/Count 7") },
	"object-stream-duplicate": func() []byte {
		return basic().objStm(7, "", []int{5, 5}, []string{"(first)", "(second)"}).xrefStream(8, "", row{5, 2, 7, 1}).Bytes()
	},

	// What cannot be opened.
	"not-pdf":           func() []byte { return []byte("MZ this is no PDF") },
	"no-startxref":      func() []byte { return replace(basicTable(), "startxref", "startyref") },
	"xref-outside":      func() []byte { return retarget(basicTable(), basicXRef(), 1<<40) },
	"xref-nowhere":      func() []byte { return retarget(basicTable(), basicXRef(), 20) },
	"prev-self":         func() []byte { return basic().table(fmt.Sprintf("/Prev %d", basicXRef())).Bytes() },
	"prev-loop":         prevLoop,
	"prev-outside":      func() []byte { return basic().table("/Prev 999999").Bytes() },
	"xref-huge-count":   func() []byte { return replace(basicTable(), "xref\n0 1", "xref\n0 8000000") },
	"xref-huge-number":  func() []byte { return replace(basicTable(), "xref\n0 1", "xref\n0 99999999") },
	"xref-no-trailer":   func() []byte { return replace(basicTable(), "trailer", "trawler") },
	"xref-stream-w":     func() []byte { return replace(basic().xrefStream(6, "").Bytes(), "/W [1 3 1]", "/W [9 3 1]") },
	"xref-stream-short": func() []byte { return replace(basic().xrefStream(6, "").Bytes(), "/Index [", "/Index [50 90 ") },
	"xrefstm-is-table": func() []byte {
		b := basic().table("")
		return b.obj(5, "1").table(fmt.Sprintf("/XRefStm %d", b.last)).Bytes()
	},
	"encrypted-public-key": func() []byte {
		return basic().table("/Encrypt << /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 >>").Bytes()
	},
	"encrypted-unknown":  func() []byte { return basic().table("/Encrypt << /Filter /Acme /V 1 >>").Bytes() },
	"encrypted-password": func() []byte { return qpdfFile(richFile(), "--encrypt", "user", "owner", "256", "--") },

	// What opens and holds traps.
	"object-elsewhere": func() []byte { b := basic().obj(5, "1"); b.offs[5] += 3; return b.table("").Bytes() },
	"object-other":     func() []byte { b := basic().obj(5, "1"); b.offs[5] = b.offs[4]; return b.table("").Bytes() },
	"object-in-signature": func() []byte {
		b := basic()
		b.obj(5, "<< /Type /Sig /ByteRange [0 1 2 3] /Contents (7 0 obj << /Evil true >> endobj) >>")
		b.offs[6] = b.offs[5] + int64(strings.Index("5 0 obj\n<< /Type /Sig /ByteRange [0 1 2 3] /Contents (7", "7"))
		return b.table("").Bytes()
	},
	"object-generation":       func() []byte { return basic().obj(5, "[1 7 R 1 0 R]").table("").Bytes() },
	"object-beyond-revision":  beyondRevision,
	"object-across-revisions": acrossRevisions,
	"object-stream-index": func() []byte {
		return basic().objStm(7, "", []int{5, 6}, []string{"(five)", "(six)"}).xrefStream(8, "", row{5, 2, 7, 1}).Bytes()
	},
	"object-stream-nested": func() []byte {
		return basic().objStm(7, "", []int{5}, []string{"(five)"}).xrefStream(8, "", row{5, 2, 9, 0}, row{9, 2, 7, 0}).Bytes()
	},
	"object-stream-self": func() []byte {
		return basic().obj(5, "1").xrefStream(8, "", row{9, 2, 9, 0}).Bytes()
	},
	"object-stream-overlap": func() []byte {
		data := []byte("5 0 6 0 (both)")
		return basic().stream(7, "/Type /ObjStm /N 2 /First 8", data).xrefStream(8, "", row{5, 2, 7, 0}, row{6, 2, 7, 1}).Bytes()
	},
	"length-cycle": func() []byte {
		return basic().obj(5, "<< /Length 6 0 R >>\nstream\nabc\nendstream").
			obj(6, "<< /Length 5 0 R >>\nstream\nabc\nendstream").table("").Bytes()
	},
	"reference-cycle": func() []byte { return basic().obj(5, "6 0 R").obj(6, "5 0 R").table("").Bytes() },
	"stream-no-end":   func() []byte { return basic().obj(5, "<< /Length 999 >>\nstream\nabc\n").table("").Bytes() },
	"pages-loop":      func() []byte { return replace(basicTable(), "/Kids [3 0 R]", "/Kids [2 0 R]") },
	"pages-twice": func() []byte {
		return basic().obj(2, "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>").table("").Bytes()
	},
	"pages-kids": func() []byte { return replace(basicTable(), "/Kids [3 0 R]", "/Kids  /Three") },
	"nesting": func() []byte {
		return basic().obj(5, strings.Repeat("[", 300)+strings.Repeat("]", 300)).table("").Bytes()
	},
	"filter-unknown": func() []byte { return basic().stream(5, "/Filter /Acme", nil).table("").Bytes() },
	"filter-many": func() []byte {
		return basic().stream(5, "/Filter ["+strings.Repeat("/FlateDecode ", 20)+"]", nil).table("").Bytes()
	},
	"filter-damaged":  func() []byte { return basic().stream(5, "/Filter /FlateDecode", []byte("no zlib")).table("").Bytes() },
	"stream-external": func() []byte { return basic().stream(5, "/F (other.bin)", nil).table("").Bytes() },
	"syntax":          func() []byte { return basic().obj(5, "<< /A >>").obj(6, "[1 2").obj(7, "<4x>").table("").Bytes() },
}

// basicXRef is where the cross-reference of basicTable stands.
func basicXRef() int64 { return basic().at() }

func retarget(b []byte, from, to int64) []byte {
	return replace(b, fmt.Sprintf("startxref\n%d\n", from), fmt.Sprintf("startxref\n%d\n", to))
}

func hybrid(conflict bool) []byte {
	b := basic()
	stm := b.at()
	var rows bytes.Buffer
	other := byte(7)
	rows.Write([]byte{2, 0, other, 0}) // object 5 in object stream 7
	index := "5 1"
	if conflict {
		index = "4 2"
		rows = *bytes.NewBuffer(append([]byte{1, 0, 1, 0}, rows.Bytes()...))
	}
	b.stream(6, "/Type /XRef /Size 8 /W [1 2 1] /Index ["+index+"]", rows.Bytes())
	delete(b.offs, 6)
	b.objStm(7, "", []int{5}, []string{"(hidden from old readers)"})
	return b.table(fmt.Sprintf("/XRefStm %d", stm)).Bytes()
}

// xrefGap puts objects between the cross-reference and its startxref.
func xrefGap() []byte {
	b := basic()
	at := b.at()
	tail := fmt.Sprintf("startxref\n%d\n%%%%EOF\n", at)
	b.table("")
	b.Truncate(b.Len() - len(tail))
	b.WriteString("9 0 obj (late) endobj\n")
	return b.end(at).obj(5, "1").table("").Bytes()
}

// forwardPrev is a file whose newest section stands before its oldest.
func forwardPrev() []byte {
	b := basic()
	at := b.at()
	head := "xref\n0 0\ntrailer\n<< /Root 1 0 R /Size 5 /Prev %d >>\nstartxref\n0\n%%%%EOF\n"
	b.WriteString(fmt.Sprintf(head, at+int64(len(fmt.Sprintf(head, 100)))))
	b.table("")
	return retarget(b.Bytes(), b.last, at)
}

func prevLoop() []byte {
	b := basic().table("/Prev 99999").obj(5, "1").table("")
	return replace(b.Bytes(), "/Prev 99999", fmt.Sprintf("/Prev %05d", b.last))
}

// beyondRevision prepares, in the first revision, an entry for an object that
// is only appended later, without an update of its own.
func beyondRevision() []byte {
	b := basic()
	b.offs[5] = 2000
	b.table("").obj(6, "1").table("")
	for b.Len() < 2000 {
		b.WriteString("%\n")
	}
	out := b.Bytes()[:2000]
	out = append(out, "5 0 obj (late) endobj\n"...)
	return append(out, fmt.Sprintf("startxref\n%d\n%%%%EOF\n", b.last)...)
}

// acrossRevisions has an object in whose stream the first revision's %%EOF
// stands, so that its end is only written by the second.
func acrossRevisions() []byte {
	b := basic()
	b.offs[5] = b.at()
	b.WriteString("5 0 obj\n<< /Length      >>\nstream\n")
	start := b.at()
	b.table("")
	length := b.at() - start + 5
	b.WriteString("late \nendstream\nendobj\n")
	out := b.obj(6, "1").table("").Bytes()
	return replace(out, "/Length      >>", fmt.Sprintf("/Length %4d >>", length))
}

// makeVectors writes the vectors that are missing: VIDIMUS_UPDATE_VECTORS=1 go test -run TestVectors
func makeVectors(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, file := range vectorFiles {
		path := filepath.Join(dir, name+".pdf")
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if err := os.WriteFile(path, file(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
