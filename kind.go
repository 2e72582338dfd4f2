package vidimus

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Kind is one kind of accreditation. Kinds are data: an issuer may load its own
// list with [LoadKinds].
type Kind struct {
	Code string `json:"code"` // stable name, e.g. "periodic"
	Num  int    `json:"num"`  // stable number, carried by the QR code; never reused
	RU   string `json:"ru"`
	EN   string `json:"en"`

	Months    int      `json:"months,omitempty"`    // longest term, in calendar months; also the default
	Permanent bool     `json:"permanent,omitempty"` // has no end; then Months is 0
	Region    bool     `json:"region,omitempty"`    // must name a subject of the Federation
	Specialty bool     `json:"specialty,omitempty"` // must name a specialty
	Documents []string `json:"documents"`           // what an application must contain
}

// Kinds is a checked list of kinds.
type Kinds struct {
	list   []Kind
	byCode map[string]int
}

// ErrKinds is returned by [LoadKinds] for a list with missing or repeated codes.
var ErrKinds = errors.New("vidimus: bad list of kinds")

const (
	maxKindNum   = 1<<16 - 1 // what the QR code carries
	maxKindCode  = 40        // as long as a word of the log may be
	maxKinds     = 1000      // far above any regulation; bounds the loop below
	maxKindsFile = 1 << 20   // bytes of JSON read by LoadKinds
)

//go:embed kinds.json
var kindsJSON []byte

// DefaultKinds returns the kinds of the Russian regulation known to this
// version. It parses its data anew on each call: keep the result.
func DefaultKinds() Kinds {
	k, err := parseKinds(kindsJSON)
	if err != nil {
		panic(err) // the embedded file is checked by a test
	}
	return k
}

// LoadKinds reads a JSON document {"kinds": [...]}; see [Kind] for the fields.
func LoadKinds(r io.Reader) (Kinds, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxKindsFile+1))
	if err != nil {
		return Kinds{}, fmt.Errorf("vidimus: read kinds: %w", err)
	}
	if len(data) > maxKindsFile {
		return Kinds{}, fmt.Errorf("%w: more than %d bytes", ErrKinds, maxKindsFile)
	}
	return parseKinds(data)
}

func parseKinds(data []byte) (Kinds, error) {
	var file struct {
		Kinds []Kind `json:"kinds"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return Kinds{}, fmt.Errorf("%w: %w", ErrKinds, err)
	}
	if len(file.Kinds) == 0 || len(file.Kinds) > maxKinds {
		return Kinds{}, fmt.Errorf("%w: %d kinds (want 1 to %d)", ErrKinds, len(file.Kinds), maxKinds)
	}
	ks := Kinds{list: file.Kinds, byCode: make(map[string]int)}
	nums := make(map[int]string)
	for i, k := range ks.list {
		switch other, taken := nums[k.Num]; {
		case k.Code == "" || k.RU == "" || k.EN == "" || k.Num <= 0:
			return Kinds{}, fmt.Errorf("%w: kind %d (%q) lacks code, num, ru or en", ErrKinds, i+1, k.Code)
		case k.Num > maxKindNum || !cleanCode(k.Code):
			return Kinds{}, fmt.Errorf("%w: kind %d (%q): code wants a-z, 0-9 and hyphens, at most %d; num at most %d", ErrKinds, i+1, clip(k.Code), maxKindCode, maxKindNum)
		case taken:
			return Kinds{}, fmt.Errorf("%w: num %d stands for both %q and %q", ErrKinds, k.Num, other, k.Code)
		case k.Permanent != (k.Months == 0) || k.Months < 0:
			return Kinds{}, fmt.Errorf("%w: kind %q must be permanent or have months > 0", ErrKinds, k.Code)
		}
		if _, taken := ks.byCode[k.Code]; taken {
			return Kinds{}, fmt.Errorf("%w: code %q stands twice", ErrKinds, k.Code)
		}
		ks.byCode[k.Code], nums[k.Num] = i, k.Code
	}
	return ks, nil
}

// cleanCode accepts what can stand in the log, in JSON and on a command line.
func cleanCode(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return len(s) <= maxKindCode
}

// All returns the kinds in the order of the file. The caller must not change it.
func (ks Kinds) All() []Kind { return ks.list }

// Get finds a kind by code.
func (ks Kinds) Get(code string) (Kind, bool) {
	i, ok := ks.byCode[code]
	if !ok {
		return Kind{}, false
	}
	return ks.list[i], true
}

// Until returns the last day in force of a certificate of this kind that begins
// on from: the zero Date for a permanent one.
func (k Kind) Until(from Date) Date {
	if k.Permanent || from.IsZero() {
		return Date{}
	}
	return from.AddMonths(k.Months)
}
