package diff_test

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/vidimus/vidimus/internal/pdf"
)

var (
	anyHeader = regexp.MustCompile(`([0-9]+)[\x00\t\n\f\r ]+([0-9]+)[\x00\t\n\f\r ]*obj`)
	anyRoot   = regexp.MustCompile(`trailer[^\x80-\xff]{0,999}?/Root[\x00\t\n\f\r ]+([0-9]+)`)
)

// naive opens the file as a reader does that rebuilds the cross-reference: of
// each number the last object counts that stands anywhere in the file, in an
// object stream or not.
func naive(t testing.TB, doc *pdf.Document, data []byte) (*pdf.Document, error) {
	t.Helper()
	entries := map[int]xrefEntry{}
	at := map[int]int{}
	for _, m := range anyHeader.FindAllSubmatchIndex(data, -1) {
		num, err1 := strconv.Atoi(string(data[m[2]:m[3]]))
		gen, err2 := strconv.Atoi(string(data[m[4]:m[5]]))
		if err1 == nil && err2 == nil && num > 0 && num < 1<<20 && gen < 1<<16 {
			entries[num], at[num] = xrefEntry{1, m[2], gen}, m[2]
		}
	}
	trailer := ""
	for _, key := range []pdf.Name{"Root", "Info", "Encrypt", "ID"} {
		if v := doc.Last().Trailer().Get(key); v != nil {
			b, err := pdf.AppendObject(nil, v)
			if err != nil {
				return nil, err
			}
			trailer += fmt.Sprintf("/%s %s ", key, b)
		}
	}
	if m := anyRoot.FindAllSubmatch(data, -1); len(m) > 0 {
		if root, _ := doc.Last().Trailer().Get("Root").(pdf.Ref); strconv.Itoa(int(root.Num)) != string(m[len(m)-1][1]) {
			return nil, fmt.Errorf("another catalog: %s", m[len(m)-1][1])
		}
	}
	self := 1 << 20
	rebuilt := func() (*pdf.Document, error) {
		out := slices.Clone(data)
		out = append(out, '\n')
		start := len(out)
		out = append(out, xrefStreamObject(self, fmt.Sprintf("/Size %d %s", self+1, trailer), entries)...)
		out = fmt.Appendf(out, "startxref\n%d\n%%%%EOF\n", start)
		return pdf.Open(bytes.NewReader(out), int64(len(out)), nil)
	}
	first, err := rebuilt()
	if err != nil {
		return nil, err
	}
	for _, num := range slices.SortedFunc(maps.Keys(at), func(a, b int) int { return cmp.Compare(at[a], at[b]) }) {
		s, err := first.Last().Stream(pdf.Ref{Num: uint32(num), Gen: uint16(entries[num].b)})
		if err != nil || s == nil || s.Dict.Get("Type") != pdf.Name("ObjStm") {
			continue
		}
		body, _ := s.Decode(0)
		n, _ := s.Dict.Get("N").(pdf.Integer)
		l := pdf.NewLexer(body)
		for i := range int(min(n, 1<<16)) {
			member, err1 := l.Next()
			_, err2 := l.Next()
			if err1 != nil || err2 != nil || member.Kind != pdf.TokInteger || member.Int >= 1<<20 {
				break
			}
			if m := int(member.Int); at[num] > at[m] {
				entries[m] = xrefEntry{2, num, i}
				at[m] = at[num]
			}
		}
	}
	return rebuilt()
}

// naiveDiffers says what a searching reader sees of the pages' content that the
// document as read by its cross-reference does not show; empty if nothing.
func naiveDiffers(t *testing.T, doc *pdf.Document, data []byte) string {
	t.Helper()
	other, err := naive(t, doc, data)
	if err != nil {
		return err.Error()
	}
	if a, b := shown(t, doc.Last()), shown(t, other.Last()); !bytes.Equal(a, b) {
		return fmt.Sprintf("%q, not %q", b, a)
	}
	return ""
}

// TestNaiveReader holds what is allowed to what a searching reader sees, and
// makes sure that this reader sees the objects that attacks hide.
func TestNaiveReader(t *testing.T) {
	fooled := 0
	for _, r := range rows(t) {
		data, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(r.file)))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
		if err != nil {
			continue
		}
		why := naiveDiffers(t, doc, data)
		if r.allowed && why != "" {
			t.Errorf("%s: a reader that searches for objects sees %s", r.file, why)
		}
		if r.class == "hidden-object" && why != "" {
			fooled++
		}
	}
	if fooled < 10 {
		t.Errorf("only %d hidden objects are seen", fooled)
	}
}
