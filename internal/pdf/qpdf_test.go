package pdf

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/vidimus/vidimus/internal/oracle"
)

// qpdfObjects returns what qpdf reads in a file: its JSON, version 2, by
// "obj:1 0 R" and "trailer". It is nil when qpdf finds the file damaged.
func qpdfObjects(t *testing.T, path, password string) map[string]json.RawMessage {
	t.Helper()
	cmd := exec.Command(oracle.Need(t, "qpdf"), "--warning-exit-0", "--json=2", "--json-key=qpdf", "--json-stream-data=inline",
		"--decode-level=specialized", "--password="+password, path)
	var out, msg bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &msg
	if err := cmd.Run(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, msg.String())
	}
	if strings.Contains(msg.String(), "damaged") {
		return nil
	}
	var doc struct{ QPDF []json.RawMessage }
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	var objects map[string]json.RawMessage
	if err := json.Unmarshal(doc.QPDF[1], &objects); err != nil {
		t.Fatal(err)
	}
	return objects
}

// compareQPDF compares every object of the newest revision, and the data of
// every stream, with qpdf's reading. It returns how many objects agreed.
func compareQPDF(t *testing.T, d *Document, path, password string) int {
	t.Helper()
	objects := qpdfObjects(t, path, password)
	if objects == nil {
		return 0
	}
	c := qpdfComparison{t: t, r: d.Last()}
	delete(objects, "trailer")
	for key, raw := range objects {
		var ref Ref
		if _, err := fmt.Sscanf(key, "obj:%d %d R", &ref.Num, &ref.Gen); err != nil {
			t.Fatal(err)
		}
		o, err := c.r.Get(ref)
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		var want struct {
			Value  any
			Stream *struct {
				Dict map[string]any
				Data string
			}
		}
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if want.Stream == nil {
			c.same(key, want.Value, o)
			continue
		}
		s, ok := o.(*Stream)
		if !ok {
			t.Errorf("%s: want stream, got %s", key, typeName(o))
			continue
		}
		c.same(key, want.Stream.Dict, s.Dict)
		data, err := base64.StdEncoding.DecodeString(want.Stream.Data)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Decode(0)
		if name, _, _ := s.Image(); name != "" && err == nil {
			continue
		}
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: stream data differ: %v, got %d bytes, want %d", key, err, len(got), len(data))
		}
	}
	for _, r := range d.Revisions() {
		refs, err := r.Changed()
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range refs {
			o, _ := d.Last().Get(ref)
			if _, ok := objects["obj:"+ref.String()]; o != nil && !ok {
				t.Errorf("%v: qpdf does not know it", ref)
			}
		}
	}
	return len(objects)
}

type qpdfComparison struct {
	t *testing.T
	r *Revision
}

func (c *qpdfComparison) same(path string, want any, got Object) {
	fail := func() { c.t.Errorf("%s: want %v, got %T %v", path, want, got, got) }
	switch g := got.(type) {
	case nil:
		if want != nil {
			fail()
		}
	case Bool:
		if want != bool(g) {
			fail()
		}
	case Integer:
		if n, ok := want.(json.Number); !ok || n.String() != strconv.FormatInt(int64(g), 10) {
			fail()
		}
	case Real:
		n, ok := want.(json.Number)
		f, err := n.Float64()
		if !ok || err != nil || f != float64(g) {
			fail()
		}
	case Ref:
		if want != g.String() {
			fail()
		}
	case Name:
		if want != "/"+string(g) {
			fail()
		}
	case String:
		if s, ok := want.(string); !ok || !sameString(s, string(g)) {
			fail()
		}
	case Array:
		list, ok := want.([]any)
		if !ok || len(list) != len(g) {
			fail()
			return
		}
		for i := range g {
			c.same(path+"/"+strconv.Itoa(i), list[i], g[i])
		}
	case *Dict:
		m, ok := want.(map[string]any)
		if !ok {
			fail()
			return
		}
		for k, v := range g.All() {
			w, ok := m["/"+string(k)]
			if k == "Contents" && g.Get("Type") == Name("DocTimeStamp") && g.inFile {
				// qpdf 11 decrypts this one, against ISO 32000-2 §7.6.2.
				delete(m, "/Contents")
				continue
			}
			delete(m, "/"+string(k))
			switch {
			case ok:
				c.same(path+"/"+string(k), w, v)
			case k == "Length" || k == "Filter" || k == "DecodeParms": // qpdf shows decoded streams
			default:
				if o, _ := c.r.Resolve(v); o != nil { // qpdf leaves null out
					c.t.Errorf("%s/%s: qpdf does not know it", path, k)
				}
			}
		}
		for k := range m {
			c.t.Errorf("%s%s: only qpdf knows it", path, k)
		}
	default:
		fail()
	}
}

// sameString compares with "u:" and text or "b:" and hexadecimal.
func sameString(want, got string) bool {
	kind, text, _ := strings.Cut(want, ":")
	if kind == "b" {
		return text == hex.EncodeToString([]byte(got))
	}
	if rest, ok := strings.CutPrefix(got, "\xfe\xff"); ok {
		var units []uint16
		for i := 0; i+1 < len(rest); i += 2 {
			units = append(units, uint16(rest[i])<<8|uint16(rest[i+1]))
		}
		return text == string(utf16.Decode(units))
	}
	got = strings.TrimPrefix(got, "\xef\xbb\xbf")
	for i := range len(got) {
		if got[i] >= 0x80 { // PDFDocEncoding, which this package does not decode
			return len([]rune(text)) == len(got)
		}
	}
	return text == got
}

func TestCorpusAgreesWithQPDF(t *testing.T) {
	oracle.Need(t, "qpdf")
	passwords := corpusPasswords(t)
	files, objects := 0, 0
	for _, path := range corpusFiles(t) {
		name := filepath.Base(path)
		if passwords[name] == "?" || corpusBroken[name+" catalog"] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d := mustOpen(t, b, &Options{Password: passwords[name]})
			if n := compareQPDF(t, d, path, passwords[name]); n > 0 {
				files++
				objects += n
			} else {
				t.Log("qpdf calls the file damaged")
			}
		})
	}
	t.Logf("%d files, %d objects agree", files, objects)
	if files < 110 {
		t.Errorf("only %d files compared", files)
	}
}
