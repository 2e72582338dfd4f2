package vidimus

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// records are of every form: whole, with members left out, and with texts that
// have to be escaped.
func records() []*Record {
	whole := sample()
	whole.ID, whole.Number = ID{1, 2, 3}, Number{Series: "VD77", Year: 2026, Seq: 42}
	whole.IssuedAt = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	list := []*Record{NewRecord(&whole, "https://example.org/c/1", [16]byte{9}), {}, {Schema: RecordSchema, URL: "u", Salt: "s"}}
	texts := []string{"", `a"b`, `a\b`, "a<b", "a>b", "a&b", "a\nb", "a\x00b", "a\x7fb", "\xff", "a\xc3", "Ёж", "\u2028", "\u2029", "\ufffd", "𝄞", "\",\n  \"", "  "}
	fields := []func(*Record) *string{
		func(r *Record) *string { return &r.Schema }, func(r *Record) *string { return &r.Kind },
		func(r *Record) *string { return &r.Holder.Patronymic }, func(r *Record) *string { return &r.Specialty.Code },
		func(r *Record) *string { return &r.Position }, func(r *Record) *string { return &r.Issuer.Name },
		func(r *Record) *string { return &r.Decision.Number }, func(r *Record) *string { return &r.Signatory.Authority },
		func(r *Record) *string { return &r.URL }, func(r *Record) *string { return &r.Salt },
		func(r *Record) *string { return &r.Holder.SNILS },
	}
	for _, f := range fields {
		for _, s := range texts {
			r := *list[0]
			*f(&r) = s
			list = append(list, &r)
		}
	}
	for _, at := range []time.Time{{}, time.Unix(0, 1).UTC(), time.Unix(0, 0).In(Moscow()), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		r := *list[0]
		r.IssuedAt = at
		list = append(list, &r)
	}
	for _, d := range []Date{{}, {2026, 2, 31}, {12345, 1, 1}, {-1, 1, 1}, {1, 2, 300}} {
		r := *list[0]
		r.ValidUntil, r.Decision.Date = d, d
		list = append(list, &r)
	}
	return list
}

func TestRecordJSONIsThatOfPackageJSON(t *testing.T) {
	for _, r := range records() {
		want, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.JSON(); err != nil || string(got) != string(want)+"\n" {
			t.Errorf("%v\ngot  %q\nwant %q", err, got, want)
		}
		if want, err = json.Marshal(r.Certificate); err != nil {
			t.Fatal(err)
		}
		if got, err := r.Certificate.AppendJSON([]byte("x")); err != nil || string(got) != "x"+string(want) {
			t.Errorf("%v\ngot  %q\nwant x%q", err, got, want)
		}
	}
	r := records()[0]
	r.IssuedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	if b, err := r.JSON(); err == nil {
		t.Errorf("a time that JSON cannot hold: %s", b)
	}
	if b, ok := records()[0].appendJSON(nil); !ok || parseCanonical(append(b, '\n')) == nil {
		t.Error("an ordinary record takes the long way")
	}
}

// sameRecord wants the short way to read what the long way reads, or nothing.
func sameRecord(t *testing.T, data []byte) {
	t.Helper()
	got := parseCanonical(data)
	if got == nil {
		return
	}
	var want Record
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatalf("read what is no JSON: %v\n%q", err, data)
	}
	if !reflect.DeepEqual(*got, want) {
		t.Fatalf("%q\ngot  %+v\nwant %+v", data, *got, want)
	}
}

func TestCanonicalRecord(t *testing.T) {
	for _, r := range records() {
		data, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		sameRecord(t, data)
	}
	data, err := records()[0].JSON()
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		for _, c := range []byte(" \",\\:{}0\n\xff") {
			for _, other := range [][]byte{
				append(append(bytes.Clone(data[:i]), c), data[i+1:]...),
				append(append(bytes.Clone(data[:i]), c), data[i:]...),
				append(bytes.Clone(data[:i]), data[i+1:]...),
				data[:i],
			} {
				sameRecord(t, other)
			}
		}
	}
	lines := strings.SplitAfter(string(data), "\n")
	for i := range lines {
		for j := range lines {
			other := append([]string(nil), lines...)
			other[i], other[j] = other[j], other[i]
			sameRecord(t, []byte(strings.Join(other, "")))
		}
		sameRecord(t, []byte(strings.Join(append(append([]string(nil), lines[:i]...), lines[i+1:]...), "")))
		sameRecord(t, []byte(strings.Join(lines[:i+1], "")+strings.Join(lines[i:], "")))
	}
}

func FuzzCanonicalRecord(f *testing.F) {
	for _, r := range records() {
		if data, err := r.JSON(); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(sameRecord)
}
