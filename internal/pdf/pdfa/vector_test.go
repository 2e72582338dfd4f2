package pdfa

import (
	"bytes"
	"compress/zlib"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A vector is a file testdata/lint/RULE.edit that turns the good sample into one
// that breaks the rule. Its lines are
//
//	# a comment
//	objects            or "bytes"
//	"find" "replace"   as Go strings; each must be found
//
// In mode objects the texts are looked for in the objects, with streams
// inflated, and the file is put together anew; in mode bytes in the file.
type vector struct {
	bytes bool
	edits [][2]string
}

func readVector(t *testing.T, path string) vector {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#' || line == "objects":
		case line == "bytes":
			v.bytes = true
		default:
			find, err := strconv.QuotedPrefix(line)
			if err != nil {
				t.Fatalf("%s: %q: %v", path, line, err)
			}
			edit := [2]string{find, strings.TrimSpace(line[len(find):])}
			for i := range edit {
				if edit[i], err = strconv.Unquote(edit[i]); err != nil {
					t.Fatalf("%s: %q: %v", path, line, err)
				}
			}
			v.edits = append(v.edits, edit)
		}
	}
	return v
}

func (v vector) apply(t *testing.T, good []byte) []byte {
	t.Helper()
	if v.bytes {
		return replaceAll(t, good, v.edits)
	}
	return join(replaceAll(t, explode(t, good), v.edits))
}

func replaceAll(t *testing.T, b []byte, edits [][2]string) []byte {
	t.Helper()
	for _, e := range edits {
		if !bytes.Contains(b, []byte(e[0])) {
			t.Fatalf("%q is not in the sample", e[0])
		}
		b = bytes.Replace(b, []byte(e[0]), []byte(e[1]), 1)
	}
	return b
}

const (
	cut       = "\n%%%% object %%%%\n"
	cutStream = "\n%%%% stream %%%%\n"
)

// explode writes header, objects with inflated streams, and trailer, divided by
// marks.
func explode(t *testing.T, data []byte) []byte {
	t.Helper()
	f := new(file)
	f.read(data, nil, nil)
	if len(f.broken) > 0 {
		t.Fatal(f.broken)
	}
	out := []byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	for num := range f.objs[1:] {
		o := &f.objs[num+1]
		out = append(append(out, cut...), o.dict...)
		if o.stream != nil {
			plain, err := o.decode()
			if err != nil {
				t.Fatal(err)
			}
			out = append(append(out, cutStream...), plain...)
		}
	}
	return append(append(out, cut...), f.trailer...)
}

// join is the reverse of explode. Lengths, the table and ByteRange are made to
// fit.
func join(parts []byte) []byte {
	list := bytes.Split(parts, []byte(cut))
	out := bytes.Clone(list[0])
	var table []byte
	for i, part := range list[1 : len(list)-1] {
		table = appendXref(table, len(out))
		out = append(appendInt(out, i+1), " 0 obj\n"...)
		dict, stream, ok := bytes.Cut(part, []byte(cutStream))
		if ok {
			if bytes.Contains(dict, []byte("/FlateDecode")) {
				var z bytes.Buffer
				w := zlib.NewWriter(&z)
				w.Write(stream)
				w.Close()
				stream = z.Bytes()
			}
			at := bytes.LastIndex(dict, []byte("/Length "))
			rest := dict[at+len("/Length "):]
			rest = bytes.TrimLeft(rest, "0123456789 ")
			out = appendInt(append(append(out, dict[:at]...), "/Length "...), len(stream))
			out = append(append(append(out, rest...), "\nstream\n"...), stream...)
			dict = []byte("\nendstream")
		}
		out = append(append(out, dict...), "\nendobj\n"...)
	}
	start := len(out)
	out = append(appendInt(append(out, "xref\n0 "...), len(list)-1), "\n0000000000 65535 f\r\n"...)
	out = append(append(append(out, table...), "trailer\n"...), list[len(list)-1]...)
	out = append(appendInt(append(out, "\nstartxref\n"...), start), "\n%%EOF\n"...)
	if room := bytes.Index(out, []byte("/ByteRange[0 ")); room >= 0 {
		room += len("/ByteRange[")
		for i := range byteRangeRoom {
			out[room+i] = ' '
		}
		hole := bytes.Index(out, []byte("/Contents<")) + len("/Contents")
		end := hole + bytes.IndexByte(out[hole:], '>') + 1
		patchByteRange(out[room:], [4]int64{0, int64(hole), int64(end), int64(len(out) - end)})
	}
	return out
}

// TestBaseLint: the quick way finds what the slow one finds in the part that is
// not constant.
func TestBaseLint(t *testing.T) {
	base := sampleBase(t, A3a)
	good := sample(t, A3a).Bytes
	for range 2 { // before and after a document of the base has passed
		if err := base.Lint(good); err != nil {
			t.Fatal(err)
		}
		bad := bytes.Replace(good, []byte("/SigFlags 3"), []byte("/SigFlags 1"), 1)
		if err := base.Lint(bad); !errors.Is(err, ErrLint) {
			t.Errorf("SigFlags 1 passes: %v", err)
		}
		bad = bytes.Replace(good, []byte("/N 3/"), []byte("/N 4/"), 1) // in the prefix
		if err := base.Lint(bad); !errors.Is(err, ErrLint) {
			t.Errorf("a changed prefix passes: %v", err)
		}
		// Damage to the deflated content, which only inflating shows.
		bad = bytes.Clone(good)
		bad[bytes.LastIndex(bad[:bytes.Index(bad, []byte("/S/Document"))], []byte("\nendstream"))-6] ^= 1
		if err := base.Lint(bad); !errors.Is(err, ErrLint) {
			t.Errorf("damaged content passes: %v", err)
		}
		d := base.NewDoc()
		drawSample(d)
		if _, err := d.Finish(sampleInfo(), sampleOptions()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRules walks all rules: each must have a vector that breaks it, and every
// vector a rule.
func TestRules(t *testing.T) {
	good := sample(t, A3a).Bytes
	if err := Lint(good); err != nil {
		t.Fatalf("the good sample: %v", err)
	}
	if err := Lint(join(explode(t, good))); err != nil {
		t.Fatalf("the good sample put together anew: %v", err)
	}
	codes := map[string]bool{"eof": true, "xref": true, "stream-length": true} // found while reading
	for _, r := range rules() {
		if codes[r.code] {
			t.Errorf("code %s is used twice", r.code)
		}
		codes[r.code] = true
		if r.clause == "" || r.check == nil {
			t.Errorf("rule %s lacks its clause or check", r.code)
		}
	}
	for code := range codes {
		t.Run(code, func(t *testing.T) {
			path := filepath.Join("testdata", "lint", code+".edit")
			bad := readVector(t, path).apply(t, good)
			err := Lint(bad)
			var found *LintError
			if !errors.As(err, &found) || !errors.Is(err, ErrLint) {
				t.Fatalf("the bad vector passes: %v", err)
			}
			for _, v := range found.Violations {
				if v.Rule == code {
					return
				}
			}
			t.Errorf("the bad vector breaks other rules:\n%v", err)
		})
	}
	files, err := filepath.Glob("testdata/lint/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if code := strings.TrimSuffix(filepath.Base(path), ".edit"); !codes[code] {
			t.Errorf("%s belongs to no rule", path)
		}
	}
}
