// Package text is the catalogue of everything that users read: Russian and
// English side by side, one file of catalogue/ per area.
//
//	cat := text.Load()
//	cat.Say(text.RU, "status.revoked")
//	cat.Say(text.EN, "page.until", "date", "22.11.2031")
//
// A message may have places for values, written {date}. Codes of findings and
// field errors are keys as they stand (ERR-SNILS), so a code without a message
// is found by a test.
package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strings"
)

// Lang is a language of the catalogue.
type Lang string

const (
	RU Lang = "ru"
	EN Lang = "en"
)

// Parse returns the language named by an HTTP Accept-Language value or a locale:
// the one named first, Russian where neither is.
func Parse(s string) Lang {
	s = strings.ToLower(s)
	en, ru := strings.Index(s, "en"), strings.Index(s, "ru")
	if en >= 0 && (ru < 0 || en < ru) {
		return EN
	}
	return RU
}

// Message is one message in both languages.
type Message struct {
	RU string `json:"ru"`
	EN string `json:"en"`
}

// Catalogue is a read-only set of messages, safe for concurrent use.
type Catalogue struct{ messages map[string]Message }

//go:embed catalogue/*.json
var files embed.FS

// Load reads the embedded catalogue. It parses at each call: keep the result.
func Load() *Catalogue {
	c, err := load(files)
	if err != nil {
		panic(err) // the embedded files are checked by a test
	}
	return c
}

func load(fsys fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(fsys, "catalogue/*.json")
	if err != nil {
		return nil, err
	}
	c := &Catalogue{messages: make(map[string]Message)}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var part map[string]Message
		if err := json.Unmarshal(data, &part); err != nil {
			return nil, fmt.Errorf("text: %s: %w", name, err)
		}
		for key, m := range part {
			if _, twice := c.messages[key]; twice {
				return nil, fmt.Errorf("text: %s: %q stands in two files", name, key)
			}
			if m.RU == "" || m.EN == "" {
				return nil, fmt.Errorf("text: %s: %q lacks a language", name, key)
			}
			if a, b := places(m.RU), places(m.EN); a != b {
				return nil, fmt.Errorf("text: %s: %q has places %s in Russian, %s in English", name, key, a, b)
			}
			c.messages[key] = m
		}
	}
	return c, nil
}

// Has reports whether the catalogue knows a key.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.messages[key]
	return ok
}

// Say returns the message with its places filled from pairs of name and value.
// An unknown key is returned as it is: a missing text must not hide a finding.
func (c *Catalogue) Say(lang Lang, key string, pairs ...string) string {
	m, ok := c.messages[key]
	if !ok {
		return key
	}
	s := m.RU
	if lang == EN {
		s = m.EN
	}
	if len(pairs) < 2 || !strings.Contains(s, "{") {
		return s
	}
	old := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		old = append(old, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(old...).Replace(s)
}

// Keys returns all keys that begin with prefix, sorted.
func (c *Catalogue) Keys(prefix string) []string {
	var keys []string
	for k := range c.messages {
		if strings.HasPrefix(k, prefix) {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	return keys
}

// places lists the places of a message, sorted.
func places(s string) string {
	var names []string
	for _, part := range strings.Split(s, "{")[1:] {
		if name, _, closed := strings.Cut(part, "}"); closed {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return fmt.Sprint(names)
}
