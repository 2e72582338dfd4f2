package registrytest

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/registry"
)

func search(t *testing.T, r *registry.Registry, c *clock) {
	for i := range 10 {
		mustIssue(t, r, i)
	}
	for _, q := range []struct {
		surname, name string
		limit, want   int
	}{
		{"Семёнова", "", 0, 2}, {"семенова", "мария", 0, 2}, {"СЕМЕНОВА", "М", 0, 2}, {"Семе\u0308нова", "", 0, 2},
		{"Семёнова", "Марина", 0, 0}, {"Семён", "", 0, 0}, {"Семён*", "", 0, 2}, {"елкина", "Алена", 0, 2},
		{"петров–водкин", "", 0, 2}, {"Петров-Водкин", "", 1, 1}, {"*", "", 0, 0}, {"", "Иван", 0, 0}, {"иванов", "иван", 0, 2},
		{"%", "", 0, 0}, {"И_анов", "", 0, 0},
	} {
		found, err := r.Search(t.Context(), q.surname, q.name, q.limit)
		if err != nil || len(found) != q.want {
			t.Errorf("Search(%q, %q): %d found, want %d (%v)", q.surname, q.name, len(found), q.want, err)
		}
	}
}

func journal(t *testing.T, r *registry.Registry, c *clock) {
	e, _ := mustIssue(t, r, 1)
	mustIssue(t, r, 2)
	ch := suspension(c.t)
	ch.Actor, ch.Basis = "=cmd|' /C calc'!A0", "-2+3, \"цитата\"; ещё"
	if _, err := r.Change(t.Context(), e.Certificate.ID, ch); err != nil {
		t.Fatal(err)
	}
	events, err := r.History(t.Context(), e.Certificate.ID)
	if err != nil || len(events) != 2 {
		t.Fatalf("history of %d events: %v", len(events), err)
	}
	if i := events[0]; i.Action != registry.ActionIssue || i.Actor != e.Actor || i.LeafIndex != 0 || !i.At.Equal(Start()) {
		t.Errorf("issue: %+v", i)
	}
	if s := events[1]; s.Action != "suspend" || s.Actor != ch.Actor || s.Basis != ch.Basis || s.LeafIndex != 2 || !s.Effective.Equal(ch.Effective) {
		t.Errorf("suspension: %+v", s)
	}
	var out bytes.Buffer
	if err := r.Journal(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(lines) != 4 {
		t.Fatalf("journal of %d lines: %v", len(lines), err)
	}
	for _, line := range lines {
		for _, cell := range line {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	if got := lines[3]; got[2] != "'"+ch.Actor || got[7] != "'"+ch.Basis || got[3] != "suspend" || got[4] != e.Certificate.ID.String() {
		t.Errorf("line of the suspension: %q", got)
	}
}

func erase(t *testing.T, r *registry.Registry, c *clock) {
	e, _ := mustIssue(t, r, 1)
	keep, _ := mustIssue(t, r, 2)
	id := e.Certificate.ID
	if _, err := r.Change(t.Context(), id, suspension(c.t)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Erase(t.Context(), id, "", ""); err == nil {
		t.Error("erased without an actor")
	}
	rc, err := r.Erase(t.Context(), id, "dpo@registry.example", "запрос № 3")
	if err != nil || rc.LeafIndex != 3 || rc.TreeSize != 4 {
		t.Fatalf("receipt %+v: %v", rc, err)
	}
	_, err = r.Get(t.Context(), id)
	wantErr(t, "Get", err, registry.ErrErased)
	_, _, err = r.LookupJSON(t.Context(), id)
	wantErr(t, "LookupJSON", err, registry.ErrErased)
	_, err = r.GetByNumber(t.Context(), e.Certificate.Number)
	wantErr(t, "GetByNumber", err, registry.ErrErased)
	_, err = r.Document(t.Context(), id)
	wantErr(t, "Document", err, registry.ErrErased)
	_, err = r.Change(t.Context(), id, suspension(c.t))
	wantErr(t, "Change", err, registry.ErrErased)
	_, err = r.FindByDocument(t.Context(), sha256.Sum256(e.Document))
	wantErr(t, "FindByDocument", err, registry.ErrNotFound)
	if found, err := r.Search(t.Context(), e.Certificate.Holder.Surname, "", 0); err != nil || len(found) != 0 {
		t.Errorf("search finds the erased: %v %v", found, err)
	}
	events, err := r.History(t.Context(), id)
	if err != nil || len(events) != 2 || events[0].Basis != "" || events[1].Action != registry.ActionErase {
		t.Errorf("history after erasure: %+v %v", events, err)
	}
	taken := Request(3)
	taken.ID = id
	if _, err := r.Reserve(t.Context(), taken); err == nil {
		t.Error("the erased ID was given again")
	}
	if n := mustReserve(t, r, Request(4)).Number; n.Seq != 3 {
		t.Errorf("next number is %v", n)
	}
	if _, err := r.Get(t.Context(), keep.Certificate.ID); err != nil {
		t.Errorf("the other certificate: %v", err)
	}
	if report := audited(t, r); report.Erased != 1 || report.Records != 1 {
		t.Errorf("audit counts %+v", report)
	}
}

func export(t *testing.T, r *registry.Registry, c *clock) {
	const n = 300 // more than one page
	var want []vidimus.ID
	for i := range n {
		req := Request(i)
		res := mustReserve(t, r, req)
		if i%3 == 0 {
			continue // stays open
		}
		want = append(want, res.ID)
		mustRecord(t, r, Entry(i, req, res, nil, 100))
	}
	var got []vidimus.ID
	for rec, err := range r.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, rec.Certificate.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("All gives %d certificates, want %d in the order of reservation", len(got), len(want))
	}
	open, err := r.OpenReservations(t.Context())
	if err != nil || len(open) != n/3 || open[1].Key != Request(3).Key || open[1].ID != Request(3).ID || open[1].Number.Seq != 4 {
		t.Errorf("%d open reservations: %v", len(open), err)
	}
}

func backup(t *testing.T, r *registry.Registry, c *clock) {
	e, _ := mustIssue(t, r, 1)
	path := t.TempDir() + "/copy.db"
	if err := r.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := r.Backup(t.Context(), path); err == nil {
		t.Error("the second backup overwrote the first")
	}
	mustIssue(t, r, 2)
	copied, err := registry.Open(t.Context(), path, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if _, err := copied.Get(t.Context(), e.Certificate.ID); err != nil {
		t.Errorf("in the copy: %v", err)
	}
	if _, err := copied.Get(t.Context(), Request(2).ID); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("what came after the backup: %v", err)
	}
	if report := audited(t, copied); report.KeyFrom != "database" {
		t.Errorf("the copy's key is from %q", report.KeyFrom)
	}
}
