package text

import (
	"testing"
	"testing/fstest"
)

func TestCatalogueLoads(t *testing.T) {
	c, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	if c.Say(RU, "status.revoked") == c.Say(EN, "status.revoked") {
		t.Error("Russian and English are the same")
	}
	if got := c.Say(EN, "no such key"); got != "no such key" {
		t.Errorf("got %q", got)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"one language": `{"a":{"ru":"а"}}`,
		"other places": `{"a":{"ru":"{x}","en":"{y}"}}`,
		"not JSON":     `a`,
	} {
		if _, err := load(fstest.MapFS{"catalogue/a.json": {Data: []byte(body)}}); err == nil {
			t.Errorf("%s was loaded", name)
		}
	}
	twice := fstest.MapFS{"catalogue/a.json": {Data: []byte(`{"a":{"ru":"а","en":"a"}}`)}, "catalogue/b.json": {Data: []byte(`{"a":{"ru":"а","en":"a"}}`)}}
	if _, err := load(twice); err == nil {
		t.Error("a key in two files was loaded")
	}
}

func TestSayFillsPlaces(t *testing.T) {
	c, err := load(fstest.MapFS{"catalogue/a.json": {Data: []byte(`{"a":{"ru":"до {d}, {n}","en":"{n} until {d}"}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	// A value that looks like a place stays as it is.
	if got := c.Say(EN, "a", "d", "{n}", "n", "seven"); got != "seven until {n}" {
		t.Errorf("got %q", got)
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]Lang{"": RU, "ru-RU,en;q=0.5": RU, "en-GB,ru": EN, "de": RU, "en_US.UTF-8": EN} {
		if got := Parse(in); got != want {
			t.Errorf("%q: got %s", in, got)
		}
	}
}
