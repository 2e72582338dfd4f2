package registry

import (
	"context"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// maxSearch bounds one answer: nobody reads more, and a search is no export.
const maxSearch = 1000

// afterAll stands behind every character that a name can have.
const afterAll = "\U0010FFFF"

const sqlSearch = "SELECT " + storedColumns + `, surname, name FROM record
WHERE surname >= $1 AND surname < $2 AND name >= $3 AND name < $4 ORDER BY surname, name, n LIMIT $5`

// fold makes spellings alike that people do not tell apart: case, ё and е,
// composed and decomposed letters, kinds of hyphen and apostrophe, spaces.
func fold(s string) string {
	s = strings.Map(foldRune, strings.ToLower(norm.NFC.String(s)))
	return strings.Join(strings.Fields(s), " ")
}

func foldRune(r rune) rune {
	switch r {
	case 'ё':
		return 'е'
	case '\u2010', '\u2011', '–':
		return '-'
	case '’', 'ʼ':
		return '\''
	}
	return r
}

// Search finds certificates by their holder, at most limit (0: 100, never more
// than 1000), ordered by surname and name. Case and the difference of ё and е do not
// count. The surname must match whole, or by its beginning if it ends in "*";
// the name matches by its beginning, so that an initial or nothing will do.
func (r *Registry) Search(ctx context.Context, surname, name string, limit int) ([]*Record, error) {
	if limit <= 0 {
		limit = 100
	}
	low, open := strings.CutSuffix(strings.TrimSpace(surname), "*")
	low = fold(low)
	if low == "" {
		return nil, nil // a search for everybody is none
	}
	high := low + "\x00" // the first text after low
	if open {
		high = low + afterAll
	}
	given := fold(name)
	var found []*Record
	err := r.store.read(ctx, func(q querier) error {
		var rows []*stored
		if err := q.query(sqlSearch, func(r row) error {
			var s stored
			s.scan(r)
			rows = append(rows, &s)
			return s.check()
		}, low, high, given, given+afterAll, int64(min(limit, maxSearch))); err != nil {
			return err
		}
		for _, s := range rows {
			rec, err := s.complete(q)
			if err != nil {
				return err
			}
			h := rec.Certificate.Holder
			if got := fold(h.Surname); got < low || got >= high || !strings.HasPrefix(fold(h.Name), given) {
				return &CorruptError{Table: "record", Record: s.id.String(), Detail: "is indexed under another name"}
			}
			found = append(found, rec)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}
