package verify_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/pdf/diff"
	"github.com/vidimus/vidimus/internal/text"
	"github.com/vidimus/vidimus/verify"
)

// TestCatalogue finds codes and words of the report without a text.
func TestCatalogue(t *testing.T) {
	cat := text.Load()
	need := func(key string) {
		if !cat.Has(key) {
			t.Errorf("no text for %q", key)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"((?:ERR|WARN|NOTE)-[A-Z0-9-]*[A-Z0-9])"`)
	key := regexp.MustCompile(`"(verify\.[a-z0-9.-]*[a-z0-9])"`)
	check := regexp.MustCompile(`CheckName = "([a-z-]+)"`)
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, re := range []*regexp.Regexp{code, key} {
			for _, m := range re.FindAllSubmatch(src, -1) {
				need(string(m[1]))
				found++
			}
		}
		for _, m := range check.FindAllSubmatch(src, -1) {
			need("verify.check." + string(m[1]))
			found++
		}
	}
	if found < 50 {
		t.Errorf("only %d codes and keys found in the sources", found)
	}
	for _, s := range []vidimus.Status{vidimus.StatusSuspended, vidimus.StatusRevoked, vidimus.StatusAnnulled,
		vidimus.StatusReplaced, vidimus.StatusExpired, vidimus.StatusNotYetValid} {
		need("ERR-CERT-" + strings.ToUpper(string(s)))
	}
	for fact, words := range map[string][]string{
		"integrity": {"ok", "broken", "unknown"}, "coverage": {"entire-file", "entire-revision", "partial", "invalid"},
		"changes": {"none", "ltv", "form-fill", "annotations", "other", "unknown"}, "chain": {"trusted", "untrusted", "unknown"},
		"revocation": {"good", "revoked", "unknown", "not-asked"}, "valid-at": {"timestamp", "given", "now"},
		"verdict": {"passed", "failed", "indeterminate", "no-signature"}, "signature": {"passed", "failed", "indeterminate"},
		"registry": {"bytes", "data", "none", "mismatch", ""}, "kind": {"signature", "timestamp"},
	} {
		for _, w := range words {
			need("verify." + fact + "." + w)
		}
	}
	for _, k := range diff.Kinds {
		need("diff." + string(k))
	}
}

// TestReportForms reads the JSON back and looks for what people ask in the text.
func TestReportForms(t *testing.T) {
	iss := newIssuing()
	doc, row := iss.issue(t, iss.sample(), forgery{})
	r := check(t, doc, iss.options(row))
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema, Verdict string
		File            struct{ SHA256, Type string }
		Findings        []any
		Signatures      []struct {
			Verdict, Indication, SubIndication, Integrity, Coverage, Changes, Chain, Revocation, ValidAtSource string
			ChangesAllowed                                                                                     bool
			DocMDP                                                                                             int
			Signer                                                                                             struct{ Subject string }
			Checks                                                                                             []struct{ Name, Status string }
		}
		Registry struct{ ID, Number, Status, Match string }
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != verify.Schema || got.Verdict != "passed" || len(got.File.SHA256) != 64 || got.File.Type != "pdf" ||
		got.Findings == nil || len(got.Signatures) != 1 || got.Registry.Match != "bytes" || got.Registry.Status != "active" {
		t.Fatalf("%s", b)
	}
	s := got.Signatures[0]
	if s.Verdict != "passed" || s.Indication != "TOTAL-PASSED" || s.SubIndication != "" || s.Integrity != "ok" || s.DocMDP != 2 ||
		s.Coverage != "entire-file" || s.Changes != "none" || !s.ChangesAllowed || s.Chain != "trusted" || s.Revocation != "not-asked" ||
		s.ValidAtSource != "now" || !strings.Contains(s.Signer.Subject, "Document signer") || len(s.Checks) < 8 {
		t.Errorf("%s", b)
	}
	for lang, words := range map[string][]string{
		"ru": {"ДЕЙСТВИТЕЛЬНО", "тот самый документ", "Действителен", "VD77-2026"},
		"en": {"VALID", "very document", "In force", "VD77-2026"},
	} {
		var out bytes.Buffer
		if err := r.WriteText(&out, lang); err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: no %q in\n%s", lang, w, out.String())
			}
		}
	}
	var doc2 bytes.Buffer
	if err := r.WriteXML(&doc2); err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"urn:etsi:019102:mainindication:total-passed", "<ds:DigestValue>", "Document signer", "urn:vidimus:check:byte-range"} {
		if !strings.Contains(doc2.String(), w) {
			t.Errorf("no %q in\n%s", w, doc2.String())
		}
	}
	if err := xml.Unmarshal(doc2.Bytes(), new(struct{ XMLName xml.Name })); err != nil {
		t.Error(err)
	}
	// What a file says must not steer a terminal.
	r.File.Name = "a\x1b[2J\u202egpj.exe"
	var out bytes.Buffer
	if err := r.WriteText(&out, "en"); err != nil || bytes.ContainsAny(out.Bytes(), "\x1b") || strings.ContainsRune(out.String(), '\u202e') {
		t.Errorf("%v: %q", err, out.String())
	}
}
