package registry

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"github.com/vidimus/vidimus"
)

// LookupSchema names the answer of [Registry.LookupJSON].
const LookupSchema = "vidimus.lookup/1"

// LookupJSON returns the public answer about an issued certificate, with its
// status as of now:
//
//	{"schema":"vidimus.lookup/1","status":"active","certificate":{…},
//	 "document":{"sha256":"…","size":35012},"recorded":"…","leafIndex":7,
//	 "changes":[{"action":"suspend","effective":"…","recorded":"…","reason":"…","leafIndex":9}]}
//
// The certificate lacks the holder's private data; a change tells neither actor
// nor basis. The row is checked against its digests. etag is a strong HTTP
// entity tag, quotes included: equal tags mean equal bodies.
//
// Errors: [ErrNotFound], [ErrErased], [ErrCorrupt].
func (r *Registry) LookupJSON(ctx context.Context, id vidimus.ID) (body []byte, etag string, err error) {
	var s *stored
	if err := r.store.lookup(ctx, func(q querier) (err error) {
		s, err = r.findRow(q, id)
		return err
	}); err != nil {
		return nil, "", err
	}
	status, err := s.status(r.now())
	if err != nil {
		return nil, "", err
	}
	return s.answer(status), `"` + hex.EncodeToString(s.seal[:12]) + "-" + string(status) + `"`, nil
}

const sqlByRow = "SELECT " + storedColumns + " FROM record WHERE n = $1"

// findRow is findStored with a memory.
func (r *Registry) findRow(q querier, id vidimus.ID) (*stored, error) {
	if n := r.rows.get(id); n != 0 {
		var s stored
		if err := q.query(sqlByRow, func(found row) error {
			s.scan(found)
			return nil
		}, n); err != nil {
			return nil, err
		}
		if s.id == id {
			return &s, s.check()
		}
	}
	s, err := findStored(q, id)
	if err == nil {
		r.rows.put(id, s.n)
	}
	return s, err
}

// status decodes no more of the row than the answer depends on. All that is
// recorded counts, whatever this machine's clock says of the time of recording.
func (s *stored) status(asOf time.Time) (vidimus.Status, error) {
	c := vidimus.Certificate{ValidFrom: fromDayNumber(s.validFrom), ValidUntil: fromDayNumber(s.validUntil)}
	if s.changes == noChanges {
		return vidimus.StatusAt(&c, nil, asOf, asOf), nil
	}
	var changes []vidimus.Change
	if err := json.Unmarshal([]byte(s.changes), &changes); err != nil {
		return "", &CorruptError{Table: "record", Record: s.id.String(), Detail: "changes", Err: err}
	}
	return vidimus.StatusNow(&c, changes, asOf), nil
}

// answer puts the prepared parts together; only the status is not in the row.
func (s *stored) answer(status vidimus.Status) []byte {
	b := make([]byte, 0, len(s.public)+len(s.changes)+320)
	b = append(b, `{"schema":"`+LookupSchema+`","status":"`...)
	b = append(b, status...)
	b = append(b, `","certificate":`...)
	b = append(b, s.public...)
	b = append(b, `,"document":{"sha256":"`...)
	b = hex.AppendEncode(b, s.sha256[:])
	b = append(b, `","size":`...)
	b = strconv.AppendInt(b, s.size, 10)
	b = append(b, `},"recorded":"`...)
	b = fromMicros(s.recorded).AppendFormat(b, leafTime)
	b = append(b, `","leafIndex":`...)
	b = strconv.AppendInt(b, s.leaf, 10)
	b = append(b, `,"changes":`...)
	b = append(b, s.changes...)
	return append(b, "}\n"...)
}
