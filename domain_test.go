package vidimus

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// vectors calls f for each line of testdata/vectors/name, split at "|".
func vectors(t *testing.T, name string, f func(t *testing.T, col []string)) {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "vectors", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n := 0
	for sc := bufio.NewScanner(file); sc.Scan(); {
		if strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		n++
		f(t, strings.Split(sc.Text(), "|"))
	}
	if n < 5 {
		t.Fatalf("%s has only %d vectors", name, n)
	}
}

func TestCheckDigits(t *testing.T) {
	for name, check := range map[string]func(string) bool{"snils.txt": CheckSNILS, "inn.txt": CheckINN, "ogrn.txt": CheckOGRN} {
		vectors(t, name, func(t *testing.T, col []string) {
			if got := check(col[0]); got != (col[1] == "ok") {
				t.Errorf("%s: %q (%s): got %v", name, col[0], col[2], got)
			}
		})
	}
}

func TestNumberErrors(t *testing.T) {
	vectors(t, "number.txt", func(t *testing.T, col []string) {
		want := map[string]error{"form": ErrNumber, "check": ErrNumberCheck}[col[1]]
		in := col[0]
		if col[1] == "check" { // '?' stands for a wrong check character
			right := Number{"VD77", 2026, 42}.String()
			wrong := byte('0')
			if right[len(right)-1] == '0' {
				wrong = '1'
			}
			in = strings.Replace(in, "?", string(wrong), 1)
		}
		if _, err := ParseNumber(in); !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", in, err, want)
		}
	})
}

// Every single wrong character and every exchange of neighbours must be noticed.
func TestNumberSlips(t *testing.T) {
	for _, n := range []Number{{"VD77", 2026, 42}, {"A", 2031, 999999}, {"77", 2026, 123456789012}} {
		s := n.String()
		if back, err := ParseNumber(" " + strings.ToLower(strings.ReplaceAll(s, "-", " – ")) + " "); err != nil || back != n {
			t.Fatalf("%s read back as %v, %v", s, back, err)
		}
		for i := range s {
			if s[i] == '-' {
				continue
			}
			for _, c := range checkAlphabet {
				if byte(c) == s[i] {
					continue
				}
				bad := s[:i] + string(c) + s[i+1:]
				if got, err := ParseNumber(bad); err == nil {
					t.Errorf("%s: slip %s was read as %v", s, bad, got)
				}
			}
			if i+1 < len(s) && s[i+1] != '-' && s[i] != s[i+1] {
				bad := s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:]
				if got, err := ParseNumber(bad); err == nil {
					t.Errorf("%s: exchange %s was read as %v", s, bad, got)
				}
			}
		}
	}
	if n, err := ParseNumber(strings.NewReplacer("V", "V", "K", "К", "A", "А").Replace(Number{"KA", 2026, 7}.String())); err != nil || n.Series != "KA" {
		t.Errorf("Cyrillic look-alikes: %v, %v", n, err)
	}
}

func TestID(t *testing.T) {
	seen := map[ID]bool{}
	for range 1000 {
		id, err := NewID(rand.Reader)
		if err != nil || seen[id] {
			t.Fatal(id, err)
		}
		seen[id] = true
		for _, s := range []string{id.String(), strings.ToUpper(id.String()), id.String()[:8] + "-" + id.String()[8:]} {
			if back, err := ParseID(s); err != nil || back != id {
				t.Fatalf("%s: %v %v", s, back, err)
			}
		}
	}
	for _, s := range []string{"", "0123456789abcde", "0123456789abcdefg", "0123456789abcdeu", "кириллица0123456"} {
		if _, err := ParseID(s); !errors.Is(err, ErrID) {
			t.Errorf("%q: got %v", s, err)
		}
	}
	if _, err := NewID(bytes.NewReader(make([]byte, 9))); err == nil {
		t.Error("nine bytes of randomness made an ID")
	}
}

func TestDate(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{{"2026-08-31", -6, "2026-02-28"}, {"2024-08-31", -6, "2024-02-29"}, {"2026-11-22", 60, "2031-11-22"}, {"2024-02-29", 12, "2025-02-28"}, {"2026-01-31", 1, "2026-02-28"}} {
		d, err := ParseDate(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s%+d months = %s, want %s", c.from, c.n, got, c.want)
		}
	}
	for _, s := range []string{"31.02.2026", "2026-13-01", "1.2.2026", "2026-02-30", "22/11/2026", "0000-01-01", ""} {
		if d, err := ParseDate(s); !errors.Is(err, ErrDate) {
			t.Errorf("%q: got %v, %v", s, d, err)
		}
	}
	for s, want := range map[string]string{
		"22.11.2026": "2026-11-22T20:59:59.999Z", "2026-11-22T03:00:00+03:00": "2026-11-22T00:00:00Z",
		"9999-12-31T23:59:59-12:00": "", "0000-01-01T00:00:00Z": "", "yesterday": "",
	} {
		got, err := ParseMoment(s)
		if want == "" && !errors.Is(err, ErrDate) || want != "" && got.Format(time.RFC3339Nano) != want {
			t.Errorf("moment %q: %v, %v", s, got, err)
		}
	}
	d, _ := ParseDate("22.11.2026")
	if d.Russian() != "22.11.2026" || d.String() != "2026-11-22" || !d.Valid() {
		t.Error(d)
	}
	if got := d.End(Moscow()).UTC().Format(time.RFC3339); got != "2026-11-22T21:00:00Z" {
		t.Error(got)
	}
}

func TestNames(t *testing.T) {
	kinds := DefaultKinds()
	vectors(t, "names.txt", func(t *testing.T, col []string) {
		c := sample()
		c.Holder.Surname = col[0]
		got := "ok"
		var errs FieldErrors
		if errors.As(Validate(&c, kinds), &errs) {
			got = errs[0].Code
		}
		if got != col[1] {
			t.Errorf("%q (%s): got %s, want %s", col[0], col[2], got, col[1])
		}
	})
}

func TestValidateFindsAll(t *testing.T) {
	err := Validate(&Certificate{}, DefaultKinds())
	var errs FieldErrors
	if !errors.As(err, &errs) || !errors.Is(err, ErrInvalid) || len(errs) < 10 {
		t.Fatalf("an empty certificate has %d errors: %v", len(errs), err)
	}
	for _, c := range []struct {
		code, field string
		change      func(*Certificate)
	}{
		{CodeKind, "kind", func(c *Certificate) { c.Kind = "honorary" }},
		{CodeSNILS, "holder.snils", func(c *Certificate) { c.Holder.SNILS = "112-233-445 96" }},
		{CodeINN, "issuer.inn", func(c *Certificate) { c.Issuer.INN = "990123456772" }},
		{CodeOGRN, "issuer.ogrn", func(c *Certificate) { c.Issuer.OGRN = "326990000000010" }},
		{CodeDate, "decision.date", func(c *Certificate) { c.Decision.Date = Date{2026, 2, 31} }},
		{CodeDate, "validFrom", func(c *Certificate) { c.ValidFrom, c.ValidUntil = Date{2026, 1, 1}, Date{2027, 1, 1} }},
		{CodeDate, "validUntil", func(c *Certificate) { c.ValidUntil = Date{2026, 10, 1} }},
		{CodeDate, "holder.birthDate", func(c *Certificate) { c.Holder.BirthDate = Date{2030, 1, 1} }},
		{CodeTerm, "validUntil", func(c *Certificate) { c.ValidUntil = Date{2031, 11, 21} }},
		{CodeTerm, "validUntil", func(c *Certificate) { c.Kind = "permanent" }},
		{CodeTerm, "validUntil", func(c *Certificate) { c.ValidUntil = Date{} }},
		{CodePlace, "region", func(c *Certificate) { c.Kind, c.Region = "regional", "" }},
		{CodeLong, "position", func(c *Certificate) { c.Position = strings.Repeat("я", maxText+1) }},
		{CodeLong, "holder.name", func(c *Certificate) { c.Holder.Name = strings.Repeat("я", maxName+1) }},
		{CodeChars, "position", func(c *Certificate) { c.Position = "врач\u202eрпоп" }},
		{CodeChars, "specialty.name", func(c *Certificate) { c.Specialty.Name = "a\nb" }},
		{CodeEmpty, "signatory.authority", func(c *Certificate) { c.Signatory.Authority = "" }},
	} {
		cert := sample()
		c.change(&cert)
		var errs FieldErrors
		if !errors.As(Validate(&cert, DefaultKinds()), &errs) || len(errs) != 1 || errs[0].Code != c.code || errs[0].Field != c.field {
			t.Errorf("want %s at %s, got %v", c.code, c.field, errs)
		}
		if c.code == CodeSNILS && strings.Contains(errs.Error(), "445") {
			t.Error("a private number stands in the error")
		}
	}
}

func sample() Certificate {
	return Certificate{
		Kind:       "periodic",
		Holder:     Holder{Surname: "Берёзкина", Name: "Ульяна", Patronymic: "Захаровна", SNILS: "112-233-445 95", BirthDate: Date{1984, 3, 7}},
		Specialty:  Specialty{Code: "31.08.49", Name: "Терапия"},
		Position:   "врач-терапевт",
		Region:     "Тверская область",
		Issuer:     Organization{Name: "Аккредитационный центр «Образец»", INN: "9901234561", OGRN: "1269900000017"},
		Decision:   Decision{Number: "17-А/2026", Date: Date{2026, 11, 19}},
		Signatory:  Signatory{Name: "Кедров Пётр Ильич", Position: "Председатель комиссии", Authority: "приказ № 4 от 12.01.2026"},
		ValidFrom:  Date{2026, 11, 20},
		ValidUntil: Date{2031, 11, 20},
	}
}

func TestRecordHidesPrivateData(t *testing.T) {
	c := sample()
	c.ID, c.Number, c.IssuedAt = ID{1, 2, 3}, Number{"VD77", 2026, 1}, time.Date(2026, 11, 20, 9, 0, 0, 5, time.UTC)
	data, err := NewRecord(&c, "https://example.org/c/1", [16]byte{9}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("112-233")) || bytes.Contains(data, []byte("1984")) || bytes.Contains(data, []byte("snils")) {
		t.Fatalf("private data in the record:\n%s", data)
	}
	back, err := ParseRecord(data)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := back.JSON()
	if !bytes.Equal(data, again) {
		t.Fatalf("record changes when read and written:\n%s\n%s", data, again)
	}
	if VisibleDigest([16]byte{9}, back.VisibleFields()) != VisibleDigest([16]byte{9}, c.VisibleFields()) {
		t.Error("visible digest differs between certificate and record")
	}
	if VisibleDigest([16]byte{8}, c.VisibleFields()) == VisibleDigest([16]byte{9}, c.VisibleFields()) {
		t.Error("the salt does not count")
	}
	for _, bad := range []string{"", "{}", "null", `{"schema":"vidimus.record/2"}`, strings.Replace(string(data), `"salt": "09`, `"salt": "0`, 1)} {
		if _, err := ParseRecord([]byte(bad)); !errors.Is(err, ErrRecord) {
			t.Errorf("%.40q: got %v", bad, err)
		}
	}
}

// No two different lists of fields may hash alike, also where the border between
// name and value moves.
func TestVisibleDigestIsInjective(t *testing.T) {
	a := VisibleDigest([16]byte{}, []VisibleField{{"a", "b,1:c"}})
	b := VisibleDigest([16]byte{}, []VisibleField{{"a", "b"}, {"c", ""}})
	c := VisibleDigest([16]byte{}, []VisibleField{{"a", "bc"}})
	if a == b || b == c || a == c {
		t.Error("collision")
	}
	base := sample()
	want := VisibleDigest([16]byte{}, base.VisibleFields())
	for i, f := range base.VisibleFields() {
		fields := base.VisibleFields()
		fields[i].Value += "x"
		if VisibleDigest([16]byte{}, fields) == want {
			t.Errorf("a change of %s does not change the digest", f.Name)
		}
	}
}

func TestKinds(t *testing.T) {
	ks := DefaultKinds()
	if len(ks.All()) < 9 {
		t.Fatal("kinds are missing")
	}
	for _, k := range ks.All() {
		if got, ok := ks.Get(k.Code); !ok || got.Num != k.Num || len(k.Documents) == 0 {
			t.Errorf("kind %s", k.Code)
		}
	}
	if k, _ := ks.Get("temporary"); k.Until(Date{2026, 1, 31}) != (Date{2027, 1, 31}) {
		t.Error("temporary accreditation lasts at most 12 months")
	}
	k := `{"code":"a","num":1,"ru":"а","en":"a","months":1}`
	for name, bad := range map[string]string{
		"empty": `{}`, "not JSON": `kinds`, "no code": `{"kinds":[{"num":1,"ru":"а","en":"a","months":1}]}`,
		"code twice": `{"kinds":[` + k + `,` + strings.Replace(k, `"num":1`, `"num":2`, 1) + `]}`,
		"num twice":  `{"kinds":[` + k + `,` + strings.Replace(k, `"code":"a"`, `"code":"b"`, 1) + `]}`,
		"endless":    `{"kinds":[` + strings.Replace(k, `"months":1`, `"months":0`, 1) + `]}`,
		"odd code":   `{"kinds":[` + strings.Replace(k, `"code":"a"`, `"code":"a b"`, 1) + `]}`,
		"num":        `{"kinds":[` + strings.Replace(k, `"num":1`, `"num":65536`, 1) + `]}`,
		"huge":       strings.Repeat(" ", maxKindsFile+1),
	} {
		if _, err := LoadKinds(strings.NewReader(bad)); !errors.Is(err, ErrKinds) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := LoadKinds(strings.NewReader(`{"kinds":[` + k + `]}`)); err != nil {
		t.Error(err)
	}
}

func TestParseIDTextRoundTrip(t *testing.T) {
	var c Certificate
	if err := json.Unmarshal([]byte(`{"id":"","number":""}`), &c); err == nil {
		t.Error("an empty ID was read")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("VD77-2026-000042-K")
	f.Add("0123456789abcdef")
	f.Add("22.11.2026")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := ParseNumber(s); err == nil {
			if back, err := ParseNumber(n.String()); err != nil || back != n {
				t.Errorf("%q: %v, %v", s, back, err)
			}
		}
		if id, err := ParseID(s); err == nil {
			if back, err := ParseID(id.String()); err != nil || back != id {
				t.Errorf("%q: %v, %v", s, back, err)
			}
		}
		if d, err := ParseDate(s); err == nil && !d.Valid() {
			t.Errorf("%q became the day %v", s, d)
		}
		if (CheckINN(s) || CheckOGRN(s)) && strings.Trim(s, "0123456789") != "" || CheckSNILS(s) && len(s) > 14 {
			t.Errorf("%q has right check digits", s)
		}
		if personName(s) && !cleanText(s) && s == strings.TrimSpace(s) && !strings.Contains(s, "  ") {
			t.Errorf("%q is a name and no clean text", s)
		}
		_, _ = ParseRecord([]byte(s))
	})
}
