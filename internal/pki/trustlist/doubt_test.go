package trustlist_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/pkitest"
	. "github.com/vidimus/vidimus/internal/pki/trustlist"
	"github.com/vidimus/vidimus/internal/pki/trustlist/listtest"
)

const (
	inForce, paused, over = "Действует", "Приостановлена", "Прекращена"
)

func clock(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02T15:04", s, time.FixedZone("MSK", 3*3600))
	if err != nil {
		panic(err)
	}
	return t
}

// states is an entry with a current status and its history as pairs of word and
// date.
func states(c *pki.Certificate, current listtest.Status, history ...string) listtest.Authority {
	a := listtest.Authority{Certs: []*pki.Certificate{c}, Current: current}
	for i := 0; i < len(history); i += 2 {
		a.History = append(a.History, listtest.Status{Word: history[i], From: history[i+1]})
	}
	return a
}

// A status that cannot be placed in time, or that the entry contradicts, makes
// the answer unknown; never a good one.
func TestDoubtfulStatus(t *testing.T) {
	c := ca(t, "УЦ").Cert
	s := func(word, from string) listtest.Status { return listtest.Status{Word: word, From: from} }
	for name, v := range map[string]struct {
		entry  listtest.Authority
		at     string
		status Accreditation
		reason Reason
	}{
		"ended, no date":                 {states(c, s(over, ""), inForce, "2020-01-01"), "2025-01-01T12:00", Unknown, ReasonStatusDate},
		"ended, odd date":                {states(c, s(over, "01.06.2025"), inForce, "2020-01-01"), "2025-01-01T12:00", Unknown, ReasonStatusDate},
		"suspended, odd date":            {states(c, s(paused, "2025-06-01 00:00:00"), inForce, "2020-01-01"), "2025-01-01T12:00", Unknown, ReasonStatusDate},
		"strange word, no date":          {states(c, s("Исключён из перечня", ""), inForce, "2020-01-01"), "2025-01-01T12:00", Unknown, ReasonStatusDate},
		"empty status":                   {states(c, listtest.Empty, inForce, "2020-01-01"), "2025-01-01T12:00", Unknown, ReasonStatusDate},
		"history ended, empty date":      {states(c, s(inForce, "2020-01-01"), inForce, "2020-01-01", over, " "), "2025-01-01T12:00", Unknown, ReasonStatusDate},
		"resumed, no date":               {states(c, s(inForce, ""), inForce, "2020-01-01", paused, "2024-01-01"), "2025-01-01T12:00", Unknown, ReasonStatusDate},
		"before the ended, odd date":     {states(c, s(over, "01.06.2025"), inForce, "2020-01-01"), "2019-01-01T12:00", Unknown, ReasonNoHistory},
		"in force, no date":              {states(c, s(inForce, ""), inForce, "2020-01-01"), "2025-01-01T12:00", Accredited, ReasonInForce},
		"no date, but in the history":    {states(c, s(over, ""), inForce, "2020-01-01", over, "2025-03-01"), "2025-01-01T12:00", Accredited, ReasonInForce},
		"no date, history says it ended": {states(c, s(over, ""), inForce, "2020-01-01", over, "2025-03-01"), "2025-04-01T12:00", NotAccredited, ReasonEnded},
		"ended, undated suspension":      {states(c, s(over, "2025-03-01"), inForce, "2020-01-01", paused, "", over, "2025-03-01"), "2025-04-01T12:00", NotAccredited, ReasonEnded},
		"in force, history says ended":   {states(c, s(inForce, "2020-01-01"), inForce, "2020-01-01", over, "2025-01-01"), "2025-04-01T12:00", Unknown, ReasonContradiction},
		"the same, before":               {states(c, s(inForce, "2020-01-01"), inForce, "2020-01-01", over, "2025-01-01"), "2024-04-01T12:00", Accredited, ReasonInForce},

		// 13: states of one day, by their hours.
		"resumed on the day":       {states(c, s(inForce, "2024-03-01T15:00:00"), inForce, "2020-01-01", paused, "2024-03-01T10:00:00", inForce, "2024-03-01T15:00:00"), "2025-01-01T12:00", Accredited, ReasonInForce},
		"between, on the day":      {states(c, s(inForce, "2024-03-01T15:00:00"), inForce, "2020-01-01", paused, "2024-03-01T10:00:00", inForce, "2024-03-01T15:00:00"), "2024-03-01T12:00", NotAccredited, ReasonSuspended},
		"resumed, order of text":   {states(c, s(inForce, "2024-03-01T15:00:00"), inForce, "2024-03-01T15:00:00", paused, "2024-03-01T10:00:00", inForce, "2020-01-01"), "2024-03-01T16:00", Accredited, ReasonInForce},
		"suspended after resuming": {states(c, s(paused, "2024-03-01T15:00:00"), inForce, "2020-01-01", paused, "2024-02-01", inForce, "2024-03-01T10:00:00", paused, "2024-03-01T15:00:00"), "2024-03-02T12:00", NotAccredited, ReasonSuspended},
		"that morning":             {states(c, s(paused, "2024-03-01T15:00:00"), inForce, "2020-01-01", paused, "2024-02-01", inForce, "2024-03-01T10:00:00", paused, "2024-03-01T15:00:00"), "2024-03-01T08:00", Accredited, ReasonInForce},
		"one moment, no hours":     {states(c, s(inForce, "2024-03-01"), inForce, "2020-01-01", paused, "2024-03-01", inForce, "2024-03-01"), "2025-01-01T12:00", Unknown, ReasonContradiction},
		"in UTC, day of Moscow":    {states(c, s(inForce, "2024-02-29T22:00:00Z"), inForce, "2024-02-29T22:00:00Z"), "2024-03-01T00:00", Accredited, ReasonInForce},
	} {
		l := read(t, listtest.List{Version: "1", Date: day("2025-06-02"), Authorities: []listtest.Authority{v.entry}})
		got := Lists{l}.Accredited(c, clock(v.at))
		if got.Status != v.status || got.Reason != v.reason {
			t.Errorf("%s: %v, %s; want %v, %s", name, got.Status, got.Reason, v.status, v.reason)
		}
		if told := strings.Join(l.Warnings, " "); v.reason == ReasonStatusDate && !strings.Contains(told, "no date that can be read") {
			t.Errorf("%s: read without a warning: %q", name, told)
		}
	}
}

// One key in two entries: their order in the document decides nothing.
func TestOneKeyTwoEntries(t *testing.T) {
	c := ca(t, "УЦ").Cert
	active, old := listtest.Active("2020-01-01", c), listtest.Ended("2021-01-01", "2025-01-01", c)
	later := listtest.Active("2025-01-01", c)
	bare := listtest.Ended("2021-01-01", "2025-01-01", c)
	bare.BareKey, bare.KeyID = true, c.KeyHash()
	for name, v := range map[string]struct {
		entries [2]listtest.Authority
		at      string
		status  Accreditation
		reason  Reason
	}{
		"in force and ended":       {[2]listtest.Authority{active, old}, "2025-03-01", Unknown, ReasonContradiction},
		"identifier of the key":    {[2]listtest.Authority{active, bare}, "2025-03-01", Unknown, ReasonContradiction},
		"both in force then":       {[2]listtest.Authority{active, old}, "2024-03-01", Accredited, ReasonInForce},
		"the second not yet":       {[2]listtest.Authority{old, later}, "2024-03-01", Accredited, ReasonInForce},
		"one ended, one began":     {[2]listtest.Authority{old, later}, "2025-03-01", Unknown, ReasonContradiction},
		"both ended":               {[2]listtest.Authority{old, old}, "2025-03-01", NotAccredited, ReasonEnded},
		"the second not yet, bare": {[2]listtest.Authority{bare, later}, "2024-03-01", Accredited, ReasonInForce},
	} {
		for range 2 {
			v.entries[0], v.entries[1] = v.entries[1], v.entries[0]
			l := read(t, listtest.List{Version: "1", Date: day("2025-06-02"), Authorities: v.entries[:]})
			if got := (Lists{l}).Accredited(c, day(v.at)); got.Status != v.status || got.Reason != v.reason {
				t.Errorf("%s: %v, %s; want %v, %s", name, got.Status, got.Reason, v.status, v.reason)
			}
		}
	}
}

// What a newer list says and cannot be understood is not overruled by an older
// one, nor what a verified list says by one that someone vouched for.
func TestWhichListDecides(t *testing.T) {
	c := ca(t, "УЦ").Cert
	list := func(date string, vouched bool, entries ...listtest.Authority) *List {
		l := read(t, listtest.List{Version: date, Date: day(date), Authorities: entries})
		if vouched {
			l.Signature = Signature{Status: pki.Unknown, AcceptedUnsafe: true}
		}
		return l
	}
	other := listtest.Active("2020-01-01", ca(t, "Другой").Cert)
	good := listtest.Active("2020-01-01", c)
	word := states(c, listtest.Status{Word: "Аннулирована судом", From: "2025-03-01"}, inForce, "2020-01-01")
	undated := states(c, listtest.Status{Word: over}, inForce, "2020-01-01")
	recent := listtest.Authority{Certs: []*pki.Certificate{c}, Current: listtest.Status{Word: inForce, From: "2025-05-01"}}
	ended := listtest.Ended("2020-01-01", "2025-03-01", c)
	claimed := listtest.Ended("2020-01-01", "2025-03-01")
	odd := pkitest.Issue(t, pkitest.Spec{Name: "УЦ", CA: true, Ext: []pkitest.Ext{{OID: "2.5.29.14", Value: append([]byte{4, 20}, []byte("сам придумал!")[:20]...)}}}).Cert
	claimed.KeyID = odd.SubjectKeyID
	for name, v := range map[string]struct {
		lists  Lists
		c      *pki.Certificate
		status Accreditation
		reason Reason
	}{
		"newer, strange word":            {Lists{list("2025-05-01", false, good), list("2025-06-01", false, word)}, c, Unknown, ReasonStatusWord},
		"newer, no date":                 {Lists{list("2025-05-01", false, good), list("2025-06-01", false, undated)}, c, Unknown, ReasonStatusDate},
		"newer, two entries":             {Lists{list("2025-05-01", false, good), list("2025-06-01", false, good, ended)}, c, Unknown, ReasonContradiction},
		"newer, identifier only":         {Lists{list("2025-05-01", false, listtest.Active("2020-01-01", odd)), list("2025-06-01", false, claimed)}, odd, Unknown, ReasonKeyIDOnly},
		"newer does not reach back":      {Lists{list("2025-05-01", false, good), list("2025-06-01", false, recent)}, c, Accredited, ReasonInForce},
		"newer no longer names it":       {Lists{list("2025-05-01", false, good), list("2025-06-01", false, other)}, c, Unknown, ReasonDropped},
		"ended, then not named":          {Lists{list("2025-05-01", false, ended), list("2025-06-01", false, other)}, c, NotAccredited, ReasonEnded},
		"too old, then not named":        {Lists{list("2025-04-01", false, good), list("2025-06-01", false, other)}, c, Unknown, ReasonDropped},
		"older strange, newer clear":     {Lists{list("2025-05-01", false, word), list("2025-06-01", false, good)}, c, Accredited, ReasonInForce},
		"one date, both say so":          {Lists{list("2025-05-01", false, good), list("2025-05-01", false, good, other)}, c, Accredited, ReasonInForce},
		"one date, they disagree":        {Lists{list("2025-05-01", false, good), list("2025-05-01", false, ended)}, c, Unknown, ReasonContradiction},
		"vouched, newer":                 {Lists{list("2025-05-01", false, ended), list("2025-06-01", true, good)}, c, NotAccredited, ReasonEnded},
		"vouched, newer, verified not":   {Lists{list("2025-05-01", false, other), list("2025-06-01", true, good)}, c, NotAccredited, ReasonNotListed},
		"vouched, verified too old":      {Lists{list("2025-01-01", false, good), list("2025-06-01", true, ended)}, c, NotAccredited, ReasonEnded},
		"vouched, verified reaches less": {Lists{list("2025-05-10", false, recent), list("2025-05-01", true, good)}, c, Accredited, ReasonInForce},
		"vouched, alone":                 {Lists{list("2025-05-01", true, good)}, c, Accredited, ReasonInForce},
		"vouched, older than both":       {Lists{list("2025-01-01", false, other), list("2025-01-01", true, good)}, c, Unknown, ReasonListOlder},
	} {
		for range 2 {
			v.lists[0], v.lists[len(v.lists)-1] = v.lists[len(v.lists)-1], v.lists[0]
			if got := v.lists.Accredited(v.c, day("2025-04-15")); got.Status != v.status || got.Reason != v.reason {
				t.Errorf("%s: %v, %s; want %v, %s", name, got.Status, got.Reason, v.status, v.reason)
			}
		}
	}
}

// What could not be read in a list is not told as absence, and what it says
// twice not as a statement.
func TestUnreadableIsUnknown(t *testing.T) {
	c := ca(t, "УЦ").Cert
	good := listtest.List{Version: "1", Date: day("2025-06-02"), Authorities: []listtest.Authority{listtest.Active("2024-05-01", c)}}.XML()
	for name, v := range map[string]struct {
		change []string // pairs of old and new
		status Accreditation
		reason Reason
		err    error
	}{
		"as it is":                        {nil, Accredited, ReasonInForce, nil},
		"certificate":                     {[]string{"<Данные>", "<Данные>!", "<ИдентификаторКлюча>", "<X>", "</ИдентификаторКлюча>", "</X>"}, Unknown, ReasonListDamaged, nil},
		"certificate and identifier":      {[]string{"<Данные>MII", "<Данные>MIJ", "<ИдентификаторКлюча>", "<ИдентификаторКлюча>z"}, Unknown, ReasonListDamaged, nil},
		"no certificate, no identifier":   {[]string{"<Данные>", "<X>", "</Данные>", "</X>", "<ИдентификаторКлюча>", "<X>", "</ИдентификаторКлюча>", "</X>"}, Unknown, ReasonListDamaged, nil},
		"certificate, identifier is read": {[]string{"<Данные>", "<Данные>!"}, Accredited, ReasonInForce, nil}, // it is the key's digest
		"two statuses":                    {[]string{"<ИсторияСтатусовАккредитации>", "<АккредитацияСтатус><Статус>Прекращена</Статус></АккредитацияСтатус><ИсторияСтатусовАккредитации>"}, Unknown, ReasonContradiction, nil},
		"the same status twice":           {[]string{"<ИсторияСтатусовАккредитации>", "<СтатусАккредитации><Статус>Прекращена</Статус></СтатусАккредитации><ИсторияСтатусовАккредитации>"}, Unknown, ReasonContradiction, nil},
		"two words in a status":           {[]string{"<Статус>Действует</Статус>", "<Статус>Прекращена</Статус><Статус>Действует</Статус>"}, Unknown, ReasonContradiction, nil},
		"two dates in a status":           {[]string{"<ДействуетС>", "<ДействуетС>2026-01-01</ДействуетС><ДействуетС>"}, Unknown, ReasonContradiction, nil},
		"two dates of the list":           {[]string{"<Дата>", "<Дата>2020-01-01</Дата><Дата>"}, 0, "", ErrFormat},
		"two versions":                    {[]string{"<Версия>", "<Версия>0</Версия><Версия>"}, 0, "", ErrFormat},
		"no authority":                    {[]string{"<УдостоверяющийЦентр>", "<X>", "</УдостоверяющийЦентр>", "</X>"}, 0, "", ErrFormat},
	} {
		l, err := Read([]byte(strings.NewReplacer(v.change...).Replace(good)))
		if !errors.Is(err, v.err) || err == nil && v.change != nil && len(l.Warnings) == 0 && l.Blind == 0 {
			t.Errorf("%s: %v %+v", name, err, l)
		}
		if err != nil {
			continue
		}
		l.Signature = Signature{Status: pki.OK}
		if got := (Lists{l}).Accredited(c, day("2025-01-01")); got.Status != v.status || got.Reason != v.reason {
			t.Errorf("%s: %v, %s; want %v, %s", name, got.Status, got.Reason, v.status, v.reason)
		}
	}
}

// A list is compared with the clock and with those kept, and its date is
// Moscow's.
func TestDateOfList(t *testing.T) {
	c := ca(t, "УЦ").Cert
	now := clock("2025-06-10T00:30")
	s := Store{Dir: t.TempDir()}
	add := func(version string, date time.Time, name string) (Entry, []string, error) {
		x := listtest.Active("2024-05-01", c)
		x.Name = name
		l, err := Read([]byte(listtest.List{Version: version, Date: date, Authorities: []listtest.Authority{x}}.XML()))
		if err != nil {
			t.Fatal(err)
		}
		l.Signature = Signature{Status: pki.OK}
		e, err := s.Import(l, now)
		return e, l.Warnings, err
	}
	for _, date := range []string{"2099-01-01T00:00", "2025-06-11T00:31"} {
		if _, _, err := add("9", clock(date), ""); !errors.Is(err, ErrFuture) {
			t.Errorf("%s: %v", date, err)
		}
	}
	e, w, err := add("10", clock("2025-06-10T00:00").UTC(), "")
	if err != nil || len(w) > 0 || e.Date.Format(time.DateOnly) != "2025-06-10" {
		t.Errorf("%+v %v %v", e, w, err)
	}
	kept, err := s.Entries()
	if err != nil || len(kept) != 1 || kept[0].Date.Format(time.DateOnly) != "2025-06-10" {
		t.Errorf("%+v %v", kept, err)
	}
	for _, v := range []struct {
		version, date, name, warning string
	}{
		{"11", "2025-06-10T00:10", "", ""},
		{"12", "2025-05-01T00:00", "", "do not follow"},
		{"8", "2025-06-10T00:20", "", "do not follow"},
		{"10", "2025-06-10T00:00", "Другой", "of this version"},
	} {
		_, w, err := add(v.version, clock(v.date), v.name)
		if text := strings.Join(w, "\n"); err != nil || (v.warning == "") != (text == "") || !strings.Contains(text, v.warning) {
			t.Errorf("%+v: %q %v", v, w, err)
		}
	}
	// A store that took one before is not believed either.
	now = clock("2099-01-01T00:00")
	if e, _, err = add("13", now, ""); err != nil {
		t.Fatal(err)
	}
	e.Imported = clock("2025-06-10T00:00")
	if _, err := s.Load(e); !errors.Is(err, ErrFuture) {
		t.Errorf("%v", err)
	}
}
