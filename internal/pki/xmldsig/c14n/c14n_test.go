package c14n_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vidimus/vidimus/internal/oracle"
	. "github.com/vidimus/vidimus/internal/pki/xmldsig/c14n"
)

func vectors(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no vectors %s: %v", pattern, err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = data
	}
	return all
}

func canonical(doc []byte, o Options) (string, error) {
	var b strings.Builder
	err := Document(&b, doc, o)
	return b.String(), err
}

// The forms agree with those of libxml2, which writes comments.
func TestAgreesWithXmllint(t *testing.T) {
	oracle.Need(t, "xmllint")
	for name, doc := range vectors(t, "good-*.xml") {
		for _, form := range []struct {
			flag string
			o    Options
		}{{"--c14n", Options{Comments: true}}, {"--exc-c14n", Options{Comments: true, Exclusive: true}}} {
			want, err := exec.Command("xmllint", "--nonet", form.flag, name).Output()
			if err != nil {
				t.Fatalf("xmllint %s %s: %v", form.flag, name, err)
			}
			got, err := canonical(doc, form.o)
			if err != nil || got != string(want) {
				t.Errorf("%s %s: %v\ngot  %q\nwant %q", form.flag, name, err, got, want)
			}
		}
	}
}

// A canonical form is its own, with and without comments.
func TestIdempotent(t *testing.T) {
	for name, doc := range vectors(t, "good-*.xml") {
		for _, o := range []Options{{}, {Exclusive: true}, {Comments: true}} {
			first, err := canonical(doc, o)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if second, err := canonical([]byte(first), o); err != nil || second != first {
				t.Errorf("%s %+v: %v\n%q\n%q", name, o, err, first, second)
			}
			if !o.Comments && strings.Contains(first, "<!--") {
				t.Errorf("%s: a comment was left", name)
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	want := map[string]error{
		"doctype": ErrDoctype, "encoding": ErrEncoding, "not-utf8": ErrEncoding, "overlong": ErrEncoding, "utf16": ErrEncoding,
		"deep": ErrLimit, "attributes": ErrLimit, "bindings": ErrLimit, "long-name": ErrLimit,
	}
	for name, doc := range vectors(t, "bad-*.xml") {
		expect := want[strings.TrimSuffix(strings.TrimPrefix(filepath.Base(name), "bad-"), ".xml")]
		if expect == nil {
			expect = ErrSyntax
		}
		_, err := canonical(doc, Options{})
		var at *PositionError
		if !errors.Is(err, expect) || !errors.As(err, &at) {
			t.Errorf("%s: %v, want %v", name, err, expect)
		}
	}
}

func TestElementInContext(t *testing.T) {
	const doc = `<r xmlns="urn:d" xmlns:p="urn:p" xml:lang="ru"><m xml:lang="en" xml:space="default"/><k xml:space="preserve"><p:s a="1"><t p:b="2"/></p:s></k></r>`
	start := strings.Index(doc, "<p:s")
	for _, test := range []struct {
		o    Options
		want string
	}{
		{Options{}, `<p:s xmlns="urn:d" xmlns:p="urn:p" a="1" xml:lang="ru" xml:space="preserve"><t p:b="2"></t></p:s>`},
		{Options{Exclusive: true}, `<p:s xmlns:p="urn:p" a="1"><t xmlns="urn:d" p:b="2"></t></p:s>`},
		{Options{Exclusive: true, Prefixes: []string{""}}, `<p:s xmlns="urn:d" xmlns:p="urn:p" a="1"><t p:b="2"></t></p:s>`},
		{Options{Skip: strings.Index(doc, "<t ")}, `<p:s xmlns="urn:d" xmlns:p="urn:p" a="1" xml:lang="ru" xml:space="preserve"></p:s>`},
	} {
		var b strings.Builder
		if err := Element(&b, []byte(doc), start, test.o); err != nil || b.String() != test.want {
			t.Errorf("%+v: %v\ngot  %s\nwant %s", test.o, err, b.String(), test.want)
		}
	}
	if err := Element(io.Discard, []byte(doc), start+1, Options{}); !errors.Is(err, ErrNoElement) {
		t.Errorf("no element there: %v", err)
	}
}

// What cannot be canonicalized in bounded work must say so; what can be must be
// stable, and libxml2 must not see another document (checked on the seeds above).
func FuzzCanonical(f *testing.F) {
	for _, doc := range vectors(f, "*.xml") {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, o := range []Options{{Comments: true}, {Exclusive: true}} {
			var first, second bytes.Buffer
			if err := Document(&first, doc, o); err != nil {
				var at *PositionError
				if !errors.As(err, &at) || at.Offset < 0 || at.Offset > len(doc) {
					t.Fatalf("error without a place: %v", err)
				}
				return
			}
			if err := Document(&second, first.Bytes(), o); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Fatalf("%v\n%q\n%q", err, first.Bytes(), second.Bytes())
			}
		}
	})
}
