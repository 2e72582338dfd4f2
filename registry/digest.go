package registry

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/vidimus/vidimus"
)

// digester collects fields for SHA-256, each preceded by its length, so that no
// two lists of fields hash alike.
type digester struct{ b []byte }

// newDigester begins with a label that keeps digests of different things apart.
func newDigester(label string, sizeHint int) *digester {
	d := &digester{make([]byte, 0, sizeHint+256)}
	d.text(label)
	return d
}

func (d *digester) text(s string) {
	d.b = append(binary.AppendUvarint(d.b, uint64(len(s))), s...)
}

func (d *digester) bytes(b []byte) {
	d.b = append(binary.AppendUvarint(d.b, uint64(len(b))), b...)
}

func (d *digester) int(n int64) {
	d.b = binary.BigEndian.AppendUint64(append(d.b, 8), uint64(n))
}

func (d *digester) sum() [32]byte { return sha256.Sum256(d.b) }

// Times and days as the database holds them.

func micros(t time.Time) int64 { return t.UnixMicro() }

func fromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

func dayNumber(d vidimus.Date) int64 {
	return int64(d.Year)*10000 + int64(d.Month)*100 + int64(d.Day)
}

func fromDayNumber(n int64) vidimus.Date {
	return vidimus.Date{Year: int(n / 10000), Month: time.Month(n / 100 % 100), Day: int(n % 100)}
}
