package vidimus

import (
	"errors"
	"fmt"
	"time"
)

// Date is a calendar day without a time zone: decisions and terms are counted
// in days of the issuer's calendar. The zero Date means "none".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ErrDate is returned for a text that names no day of the calendar.
var ErrDate = errors.New("vidimus: not a date")

// Moscow returns the zone in which Russian authorities count days. It is fixed
// (UTC+3 since 2014), so no time-zone database is needed.
func Moscow() *time.Location { return moscow }

var moscow = time.FixedZone("MSK", 3*60*60) // never changed: saves an allocation per status

// DateOf returns the day of t in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads 2026-11-22 or the Russian 22.11.2026. A day that does not
// exist, such as 31.02.2026, is [ErrDate].
func ParseDate(s string) (Date, error) {
	for _, layout := range []string{"2006-01-02", "02.01.2006"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return DateOf(t), nil
		}
	}
	return Date{}, fmt.Errorf("%w: %q (want YYYY-MM-DD or DD.MM.YYYY)", ErrDate, clip(s))
}

// ParseMoment reads an RFC 3339 time, or a date as its last millisecond in
// Moscow: a question about "that day" includes what happened on it. The error is
// [ErrDate], also for a time that falls out of the calendar in UTC.
func ParseMoment(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		if y := t.UTC().Year(); y < 1 || y > 9999 {
			return time.Time{}, fmt.Errorf("%w: %q", ErrDate, clip(s))
		}
		return t.UTC(), nil
	}
	d, err := ParseDate(s)
	if err != nil {
		return time.Time{}, err
	}
	return d.End(Moscow()).Add(-time.Millisecond).UTC(), nil
}

// IsZero reports whether no day is set.
func (d Date) IsZero() bool { return d == Date{} }

// Valid reports whether the day exists in the calendar.
func (d Date) Valid() bool {
	return d.Year > 0 && d.Year < 10000 && d == DateOf(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC))
}

// String returns the ISO form, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	if !d.short() {
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
	}
	b := [...]byte{0, 0, 0, 0, '-', 0, 0, '-', 0, 0}
	putDigits(b[0:4], d.Year)
	putDigits(b[5:7], int(d.Month))
	putDigits(b[8:10], d.Day)
	return string(b[:])
}

// short reports whether no part has more digits than its place.
func (d Date) short() bool {
	return 0 <= d.Year && d.Year <= 9999 && 0 <= d.Month && d.Month <= 99 && 0 <= d.Day && d.Day <= 99
}

func putDigits(b []byte, n int) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
}

// Russian returns the form ДД.ММ.ГГГГ, or "" for the zero Date.
func (d Date) Russian() string {
	if d.IsZero() {
		return ""
	}
	if !d.short() {
		return fmt.Sprintf("%02d.%02d.%04d", d.Day, int(d.Month), d.Year)
	}
	b := [...]byte{0, 0, '.', 0, 0, '.', 0, 0, 0, 0}
	putDigits(b[0:2], d.Day)
	putDigits(b[3:5], int(d.Month))
	putDigits(b[6:10], d.Year)
	return string(b[:])
}

// Start returns the first instant of the day in loc.
func (d Date) Start(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// End returns the first instant after the day in loc.
func (d Date) End(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, loc)
}

// Compare orders days: −1, 0 or +1.
func (d Date) Compare(o Date) int {
	return d.Start(time.UTC).Compare(o.Start(time.UTC))
}

// AddMonths adds calendar months (ГК РФ ст. 192: where the last month has no
// such day, the term ends on its last day). time.Time.AddDate would roll over
// into the next month instead.
func (d Date) AddMonths(n int) Date {
	m := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(m.Year(), m.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return Date{m.Year(), m.Month(), min(d.Day, last)}
}

// MarshalText implements encoding.TextMarshaler (ISO form, empty for zero).
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; empty text is the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}
