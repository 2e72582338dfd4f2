package pki

import (
	"errors"
	"time"

	"github.com/vidimus/vidimus/internal/asn1x"
)

var errTime = errors.New("not a time")

// readTime reads a Time (RFC 5280 §4.1.2.5): UTCTime or GeneralizedTime. What
// BER allows beyond DER, such as an offset or no seconds, gets a warning.
func readTime(c *asn1x.Cursor, field string, warnings *[]Warning) time.Time {
	v := c.Any(field)
	if c.Err() != nil {
		return time.Time{}
	}
	t, strict, err := ParseTime(v)
	if err != nil {
		c.Fail(field, err)
		return time.Time{}
	}
	if !strict && warnings != nil {
		*warnings = append(*warnings, Warning{WarnTime, field + " " + string(v.Body)})
	}
	return t
}

// ParseTime reads a UTCTime or GeneralizedTime element, in UTC. strict is
// false for forms that RFC 5280 does not allow; fractions of a second, which
// RFC 3161 allows in genTime, are strict.
func ParseTime(v asn1x.Value) (t time.Time, strict bool, err error) {
	s := string(v.Body)
	var year int
	switch v.ID {
	case asn1x.UTCTime:
		if year, s, err = digits(s, 2); err != nil {
			return t, false, err
		}
		if year < 50 { // RFC 5280 §4.1.2.5.1
			year += 100
		}
		year += 1900
	case asn1x.GeneralizedTime:
		if year, s, err = digits(s, 4); err != nil {
			return t, false, err
		}
	default:
		return t, false, errTime
	}
	var field [5]int // month, day, hour, minute, second
	n := 0
	for n < 5 && len(s) >= 2 && s[0] >= '0' && s[0] <= '9' {
		if field[n], s, err = digits(s, 2); err != nil {
			return t, false, err
		}
		n++
	}
	if n < 3 || n < 4 && v.ID == asn1x.UTCTime {
		return t, false, errTime
	}
	strict = n == 5
	nano := 0
	if v.ID == asn1x.GeneralizedTime && n == 5 && len(s) > 1 && (s[0] == '.' || s[0] == ',') {
		strict = s[0] == '.'
		s = s[1:]
		i := 0
		for scale := 100_000_000; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			nano += int(s[i]-'0') * scale
			scale /= 10
		}
		if i == 0 {
			return t, false, errTime
		}
		strict = strict && s[i-1] != '0'
		s = s[i:]
	}
	var offset time.Duration
	switch {
	case s == "Z":
	case s == "" && v.ID == asn1x.GeneralizedTime: // local time of nobody knows where
		return t, false, errTime
	case len(s) == 5 && (s[0] == '+' || s[0] == '-'):
		h, rest, err1 := digits(s[1:], 2)
		m, _, err2 := digits(rest, 2)
		if err1 != nil || err2 != nil || h > 14 || m > 59 {
			return t, false, errTime
		}
		offset = time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
		if s[0] == '-' {
			offset = -offset
		}
		strict = false
	default:
		return t, false, errTime
	}
	if field[4] == 60 { // a leap second; Go has none
		field[4], strict = 59, false
	}
	t = time.Date(year, time.Month(field[0]), field[1], field[2], field[3], field[4], nano, time.UTC)
	if int(t.Month()) != field[0] || t.Day() != field[1] || t.Hour() != field[2] || t.Minute() != field[3] || t.Second() != field[4] {
		return time.Time{}, false, errTime
	}
	return t.Add(-offset), strict, nil
}

func digits(s string, n int) (int, string, error) {
	if len(s) < n {
		return 0, s, errTime
	}
	v := 0
	for i := range n {
		d := s[i] - '0'
		if d > 9 {
			return 0, s, errTime
		}
		v = v*10 + int(d)
	}
	return v, s[n:], nil
}
