package verify

import (
	"errors"
	"strings"
	"time"
)

var errDate = errors.New("not a PDF date")

// parseDate reads a date of ISO 32000-2 §7.9.4: D:YYYYMMDDHHmmSSOHH'mm, all
// after the year optional.
func parseDate(s string) (time.Time, error) {
	s = strings.TrimPrefix(s, "D:")
	digits := len(s)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			digits = i
			break
		}
	}
	const layout = "20060102150405"
	if digits < 4 || digits > len(layout) || digits%2 != 0 {
		return time.Time{}, errDate
	}
	t, err := time.Parse(layout[:digits], s[:digits])
	if err != nil {
		return time.Time{}, errDate
	}
	zone := strings.ReplaceAll(s[digits:], "'", "")
	switch {
	case zone == "" || zone[0] == 'Z':
		return t, nil
	case (zone[0] == '+' || zone[0] == '-') && (len(zone) == 3 || len(zone) == 5):
		z, err := time.Parse("1504", (zone[1:] + "00")[:4])
		if err != nil {
			return time.Time{}, errDate
		}
		offset := time.Duration(z.Hour())*time.Hour + time.Duration(z.Minute())*time.Minute
		if zone[0] == '+' {
			offset = -offset
		}
		return t.Add(offset), nil
	}
	return time.Time{}, errDate
}
