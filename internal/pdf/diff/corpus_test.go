package diff_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pdf/diff"
)

// TestCorpus holds the comparison against every row of the shared corpus that
// asserts one.
func TestCorpus(t *testing.T) {
	dir := oracle.Corpus(t, "pdf-signatures")
	b, err := os.ReadFile(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	asserted := 0
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		cols := strings.Split(line, "\t")
		if i == 0 || len(cols) < 9 {
			continue
		}
		file, field, password, changes, allowed := cols[0], cols[1], cols[4], cols[7], cols[8]
		t.Run(file+"/"+field, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, "files", file))
			if err != nil {
				t.Fatal(err)
			}
			if changes != "" {
				asserted++
			}
			s := open(t, data, password).signature(t, field)
			if s == nil {
				if changes != "" {
					t.Error("no revision that the signature covers")
				}
				return
			}
			res := s.compare(t)
			if changes != "" && res.Level.String() != changes {
				t.Errorf("level %v, the corpus says %s", res.Level, changes)
			}
			if allowed != "" && res.Allowed != (allowed == "true") {
				t.Errorf("allowed %v, the corpus says %s", res.Allowed, allowed)
			}
			logChanges(t, res)
		})
	}
	if asserted == 0 {
		t.Error("no row asserts changes")
	}
	t.Logf("%d rows assert changes", asserted)
}

func logChanges(t *testing.T, res *diff.Result) {
	t.Logf("level %v, allowed %v", res.Level, res.Allowed)
	for _, c := range res.Changes {
		t.Logf("revision %d, %v, %s, page %d, field %q, %s (%v): %s", c.Revision, c.Level, c.Kind, c.Page, c.Field, c.Path, c.Ref, c.Detail)
	}
}

// file is a PDF with its signatures, found in a simple way that is enough for
// files made by tests.
type file struct {
	doc     *pdf.Document
	history *diff.History
	sigs    []*signature
}

type signature struct {
	file     *file
	name     string
	sig      *pdf.Dict
	revision *pdf.Revision
	demands  diff.Demands
}

func open(t testing.TB, data []byte, password string) *file {
	t.Helper()
	opts := &pdf.Options{Password: password, AllowLocked: password == "?"}
	doc, err := pdf.Open(bytes.NewReader(data), int64(len(data)), opts)
	if err != nil {
		t.Fatal(err)
	}
	f := &file{doc: doc, history: diff.NewHistory(doc)}
	// The fields as the oldest revision shows them that has them signed: later
	// ones may have been tampered with.
	known := map[string]bool{}
	for _, rev := range doc.Revisions() {
		catalog, err := rev.Catalog()
		if err != nil {
			continue
		}
		form, _ := rev.Dict(catalog.Get("AcroForm"))
		fields, _ := rev.Array(form.Get("Fields"))
		f.collect(rev, fields, "", known)
	}
	return f
}

func (f *file) collect(rev *pdf.Revision, fields pdf.Array, prefix string, known map[string]bool) {
	for _, o := range fields {
		d, err := rev.Dict(o)
		if err != nil || d == nil {
			continue
		}
		name := prefix
		if t, ok := d.Get("T").(pdf.String); ok {
			if name != "" {
				name += "."
			}
			name += string(t)
		}
		if kids, _ := rev.Array(d.Get("Kids")); len(kids) > 0 {
			f.collect(rev, kids, name, known)
		}
		sig, err := rev.Dict(d.Get("V"))
		if err != nil || !sig.Has("ByteRange") || known[name] {
			continue
		}
		known[name] = true
		s := &signature{file: f, name: name, sig: sig}
		if r, _ := rev.Array(sig.Get("ByteRange")); len(r) == 4 {
			from, _ := r[2].(pdf.Integer)
			n, _ := r[3].(pdf.Integer)
			for _, v := range f.doc.Revisions() {
				if end := int64(from + n); s.revision == nil && end <= v.End && v.End-end <= 2 && end > v.XRefOffset {
					s.revision = v
				}
			}
		}
		if s.revision != nil {
			s.demands, _ = diff.ReadDemands(s.revision, sig, d)
			f.sigs = append(f.sigs, s)
		}
	}
}

func (f *file) signature(t testing.TB, name string) *signature {
	t.Helper()
	for _, s := range f.sigs {
		if s.name == name || f.doc.Locked() != nil { // names cannot be read
			return s
		}
	}
	return nil
}

// options are what s and the signatures before it demand.
func (s *signature) options() diff.Options {
	o := diff.Options{}
	for _, e := range s.file.sigs {
		if e.revision.Index > s.revision.Index {
			continue
		}
		if p := e.demands.DocMDP; p > 0 && (o.DocMDP == 0 || p < o.DocMDP) {
			o.DocMDP = p
		}
		o.Locks = append(o.Locks, e.demands.Locks...)
	}
	return o
}

func (s *signature) compare(t testing.TB) *diff.Result {
	t.Helper()
	res, err := s.file.history.Compare(context.Background(), s.revision, s.options())
	if err != nil {
		t.Fatal(err)
	}
	return res
}
