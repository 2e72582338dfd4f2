package pdf

import (
	"errors"
	"fmt"
	"go/ast"
	goparser "go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sentinels names the errors in testdata/vectors.txt. Of two that match, the
// first here counts: ErrXRef and the like only say where another happened.
var sentinels = []struct {
	name string
	err  error
}{
	{"ErrNotPDF", ErrNotPDF}, {"ErrCycle", ErrCycle}, {"ErrLimit", ErrLimit}, {"ErrXRef", ErrXRef},
	{"ErrObjectHeader", ErrObjectHeader}, {"ErrGeneration", ErrGeneration}, {"ErrBeyondRevision", ErrBeyondRevision},
	{"ErrObjectStream", ErrObjectStream}, {"ErrStream", ErrStream}, {"ErrFilter", ErrFilter}, {"ErrDecode", ErrDecode},
	{"ErrExternal", ErrExternal}, {"ErrPassword", ErrPassword}, {"ErrEncryptedPublicKey", ErrEncryptedPublicKey},
	{"ErrEncryption", ErrEncryption}, {"ErrType", ErrType}, {"ErrSyntax", ErrSyntax},
}

func sentinelName(err error) string {
	if err == nil {
		return "ok"
	}
	for _, s := range sentinels {
		if errors.Is(err, s.err) {
			return s.name
		}
	}
	return "unnamed: " + err.Error()
}

// describe reads a file whole and says what came of it, in the words of
// testdata/vectors.txt.
func describe(b []byte) string {
	d, err := openBytes(b, nil)
	if err != nil {
		return sentinelName(err)
	}
	out := []string{"ok"}
	ends := make([]string, len(d.Revisions()))
	problems := map[string]bool{}
	live := 0
	for i, r := range d.Revisions() {
		ends[i] = strconv.FormatInt(r.End-int64(len(b)), 10)
		refs, err := r.Changed()
		if err != nil {
			problems["changed:"+sentinelName(err)] = true
		}
		live = 0
		for _, ref := range refs {
			o, err := r.Get(ref)
			problem := func(err error) {
				problems[fmt.Sprintf("%d:%s", ref.Num, sentinelName(err))] = true
			}
			if err != nil {
				problem(err)
				continue
			}
			if o != nil {
				live++
			}
			if a, ok := o.(Array); ok {
				for _, e := range a {
					if _, err := r.Resolve(e); err != nil {
						problem(err)
					}
				}
			}
			if _, err := r.Resolve(o); err != nil {
				problem(err)
			}
			if s, ok := o.(*Stream); ok {
				if _, err := s.Decode(0); err != nil {
					problem(err)
				}
			}
		}
		if _, err := r.Pages(); err != nil {
			problems["pages:"+sentinelName(err)] = true
		}
	}
	out = append(out, "objects="+strconv.Itoa(live), "ends="+strings.Join(ends, ","))
	var codes []string
	for _, w := range d.Warnings() {
		if !slices.Contains(codes, string(w.Code)) {
			codes = append(codes, string(w.Code))
		}
	}
	slices.Sort(codes)
	if len(codes) > 0 {
		out = append(out, "warnings="+strings.Join(codes, ","))
	}
	for p := range problems {
		out = append(out, p)
	}
	slices.Sort(out[3:])
	return strings.Join(out, " ")
}

// TestVectors reads testdata/vectors/*.pdf. vectors.txt says of each file: does
// it open; how many objects its newest revision brings; where each revision
// ends, counted back from the end of the file; which warnings; which objects fail.
func TestVectors(t *testing.T) {
	dir := filepath.Join("testdata", "vectors")
	if os.Getenv("VIDIMUS_UPDATE_VECTORS") == "1" {
		makeVectors(t, dir)
	}
	want := make(map[string]string)
	text, err := os.ReadFile(filepath.Join("testdata", "vectors.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if name, rest, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(name, "#") {
			want[name] = strings.TrimSpace(rest)
		}
	}
	seen := make(map[string]bool)
	for name := range vectorFiles {
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(dir, name+".pdf"))
			if err != nil {
				t.Fatal(err)
			}
			got := describe(b)
			if got != want[name] {
				t.Errorf("%s\n got %s\nwant %s", name, got, want[name])
			}
			for field := range strings.FieldsSeq(got) {
				if codes, ok := strings.CutPrefix(field, "warnings="); ok {
					for c := range strings.SplitSeq(codes, ",") {
						seen[c] = true
					}
				}
				_, e, _ := strings.Cut(":"+field, ":")
				seen[e[strings.LastIndex(e, ":")+1:]] = true
			}
		})
	}
	for name := range want {
		if vectorFiles[name] == nil {
			t.Errorf("vectors.txt: %s is not made by anything", name)
		}
	}
	for _, c := range declaredCodes(t) {
		if !seen[c] {
			t.Errorf("no vector for warning %q", c)
		}
	}
	for _, s := range sentinels {
		if !seen[s.name] {
			t.Errorf("no vector for %s", s.name)
		}
	}
}

// declaredCodes returns the values of the Code constants in warning.go.
func declaredCodes(t *testing.T) []string {
	f, err := goparser.ParseFile(token.NewFileSet(), "warning.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == "Code" {
				s, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				codes = append(codes, s)
			}
		}
		return true
	})
	if len(codes) < 20 {
		t.Fatalf("found %d codes", len(codes))
	}
	return codes
}
