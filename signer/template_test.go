package signer

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestTemplateErrors runs the vectors testdata/template/*.edit: the default
// template with some texts replaced, and the path that the error must name. A
// file's first line is the path, the others are "find" "replace".
func TestTemplateErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/template/*.edit")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d vectors, %v", len(files), err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(data)), "\n")
		tmpl := string(DefaultTemplateJSON())
		for _, line := range lines[1:] {
			find, err := strconv.QuotedPrefix(line)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			from, _ := strconv.Unquote(find)
			to, err := strconv.Unquote(strings.TrimSpace(line[len(find):]))
			if err != nil || !strings.Contains(tmpl, from) {
				t.Fatalf("%s: %q: %v", path, line, err)
			}
			tmpl = strings.Replace(tmpl, from, to, 1)
		}
		loaded, err := LoadTemplate(strings.NewReader(tmpl))
		if err == nil {
			_, err = NewPage(loaded, sampleOptions())
		}
		var bad *TemplateError
		if !errors.As(err, &bad) || bad.Path != lines[0] {
			t.Errorf("%s: want an error at %s, got %v", path, lines[0], err)
		}
	}
}

// TestOwnTemplate: an issuer changes texts, colours, emblem, adds values.
func TestOwnTemplate(t *testing.T) {
	tmpl := string(DefaultTemplateJSON())
	for _, r := range [][2]string{
		{`"values": {}`, `"values": {"org.address": {"ru": "г. Образцовск, ул. Примерная, д. 1", "en": "1 Example Street"}}`},
		{`ИНН {issuer.inn} · ОГРН {issuer.ogrn}`, `{org.address} · ИНН {issuer.inn} · ОГРН {issuer.ogrn}`},
		{`"kinds": {}`, `"kinds": {"primary-specialised": {"ru": "Аккредитация [[особая]", "en": "Special"}}`},
		{`#1f3d68`, `#224422`},
	} {
		if !strings.Contains(tmpl, r[0]) {
			t.Fatalf("%q is not in the default template", r[0])
		}
		tmpl = strings.Replace(tmpl, r[0], r[1], 1)
	}
	loaded, err := LoadTemplate(strings.NewReader(tmpl))
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPage(loaded, sampleOptions())
	if err != nil {
		t.Fatal(err)
	}
	c, kind := sampleCertificate()
	d, err := p.Render(context.Background(), c, kind, sampleURL, sampleRecord(t, c))
	if err != nil {
		t.Fatal(err)
	}
	path := writeFile(t, "own.pdf", d.Bytes)
	text, err := oracleOutput(t, "pdftotext", path, "-")
	if err != nil || !strings.Contains(text, "Образцовск, ул. Примерная") || !strings.Contains(text, "Аккредитация [[особая]") {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestExpand(t *testing.T) {
	tmpl := DefaultTemplate()
	c, kind := sampleCertificate()
	c.Region = ""
	v := &values{page: samplePage(t, sampleOptions()), cert: c, kind: kind, host: "h.example"}
	for text, want := range map[string]string{
		"{specialty.name}[ ({specialty.code})]": "Терапия (31.08.49)",
		"a[ {region}]b":                         "ab",
		"a[ {region}[{number}]]b":               "ab",
		"{{x} [[y":                              "{x} [y",
		"{validFrom}–{validUntil}":              "22.11.2026–22.11.2031",
		"{issuedAt} {host}":                     "22.11.2026 h.example",
		"{holder}":                              "Ёлкина-Заречная Аксинья Феодосьевна",
	} {
		segs, err := tmpl.compile(text, "ru")
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got, _ := expand(nil, segs, v); string(got) != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"{", "{nothing}", "[", "a]", strings.Repeat("[", 9) + strings.Repeat("]", 9)} {
		if _, err := tmpl.compile(text, "ru"); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestWalkPath(t *testing.T) {
	for d, want := range map[string]string{
		"M1 2L3-4H5V.5Z":                "M1,2 L3,-4 L5,-4 L5,0.5 Z",
		"m1 2 3 4l-1 0h2v-3z":           "M1,2 L4,6 L3,6 L5,6 L5,3 Z",
		"M0,0 C1 2,3 4,5 6c1 1 2 2 3 3": "M0,0 C5,6 C8,9",
	} {
		var got []string
		err := walkPath(d, func(cmd byte, p [6]float64) {
			x, y := p[0], p[1]
			if cmd == 'C' {
				x, y = p[4], p[5]
			}
			if s := string(cmd); cmd != 'Z' {
				got = append(got, s+strconv.FormatFloat(x, 'g', -1, 64)+","+strconv.FormatFloat(y, 'g', -1, 64))
			} else {
				got = append(got, s)
			}
		})
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q gives %q, %v; want %q", d, got, err, want)
		}
	}
	for _, d := range []string{"L1 2", "M1", "M1 2A3", "M1 2Z3", "M1e9 2", "M1 2 Q1 2 3 4", "x"} {
		if err := walkPath(d, func(byte, [6]float64) {}); err == nil {
			t.Errorf("%q is taken", d)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add(DefaultTemplateJSON())
	f.Add([]byte(`{"schema":"vidimus.template/1","blocks":[{"type":"qr","y":1,"module":0.4}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tmpl, err := LoadTemplate(bytes.NewReader(data))
		if err != nil {
			return
		}
		if tmpl.Schema != TemplateSchema || len(tmpl.Blocks) == 0 {
			t.Error("an unchecked template passes")
		}
	})
}
