package trustlist

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
)

var (
	// ErrUntrusted: a list whose signature is absent, wrong or by nobody who is
	// trusted, and that was not accepted all the same.
	ErrUntrusted = errors.New("trustlist: the list is not signed by anyone who is trusted")
	// ErrNotFound: the store has no list of this name.
	ErrNotFound = errors.New("trustlist: no such list")
	// ErrAmbiguous: several lists of the store have this version.
	ErrAmbiguous = errors.New("trustlist: several lists have this version; give the name")
	// ErrDamaged: a file of the store is not what was imported.
	ErrDamaged = errors.New("trustlist: a stored list is not what was imported")
)

// Store is a folder of lists: NAME.xml as it was imported, and NAME.json that
// says what was found out about it then. Whoever can write to the folder decides
// whom answers trust; it is to be kept like the keys beside it.
type Store struct{ Dir string }

// Entry is a list in the store.
type Entry struct {
	Name        string    `json:"name"` // version and the beginning of the digest
	Version     string    `json:"version"`
	Date        time.Time `json:"date"`
	SHA256      string    `json:"sha256"` // of the file
	Size        int       `json:"size"`
	Authorities int       `json:"authorities"`
	Imported    time.Time `json:"imported"`
	// Signature is "verified", or "accepted-unsafe": someone vouched for the list
	// without a signature that could be verified.
	Signature    string `json:"signature"`
	Reason       string `json:"reason,omitempty"` // why the signature is not verified
	Signer       string `json:"signer,omitempty"`
	SignerSHA256 string `json:"signerSHA256,omitempty"`
	Method       string `json:"method,omitempty"`
}

// Values of Entry.Signature.
const (
	SignatureVerified       = "verified"
	SignatureAcceptedUnsafe = "accepted-unsafe"
)

// Import adds a list whose Signature has been set. The error is ErrUntrusted,
// with the reason, if it is not usable, ErrFuture if it is dated after now;
// importing a list again changes nothing. That it does not fit those already
// kept is a warning of the list's.
func (s Store) Import(l *List, now time.Time) (Entry, error) {
	e := Entry{
		Version: l.Version, Date: l.Date.In(moscow), SHA256: hex.EncodeToString(l.Digest[:]), Size: len(l.raw),
		Authorities: len(l.Authorities), Imported: now.UTC().Truncate(time.Second),
		Signature: SignatureVerified, Reason: l.Signature.Reason, Method: l.Signature.Method,
	}
	if !l.Signature.Usable() {
		return Entry{}, fmt.Errorf("%w: %s", ErrUntrusted, l.Signature.Reason)
	}
	if err := l.CheckDate(now); err != nil {
		return Entry{}, err
	}
	if l.Signature.Status != pki.OK {
		e.Signature = SignatureAcceptedUnsafe
	}
	if c := l.Signature.Signer; c != nil {
		sum := c.Fingerprint()
		e.Signer, e.SignerSHA256 = Describe(c), hex.EncodeToString(sum[:])
	}
	e.Name = fileVersion(l.Version) + "-" + e.SHA256[:12]
	if old, err := s.entry(e.Name); err == nil && (old.Signature == SignatureVerified || e.Signature != SignatureVerified) {
		return old, nil
	}
	if err := s.compare(l, e); err != nil {
		return Entry{}, err
	}
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return Entry{}, fmt.Errorf("trustlist: %w", err)
	}
	if err := s.write(e.Name+".xml", l.raw); err != nil {
		return Entry{}, err
	}
	record, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return Entry{}, err
	}
	// Written last: a list without its record does not count.
	return e, s.write(e.Name+".json", append(record, '\n'))
}

// compare warns when versions and dates of lists do not agree.
func (s Store) compare(l *List, e Entry) error {
	kept, err := s.Entries()
	if err != nil {
		return err
	}
	version, number := strconv.ParseUint(e.Version, 10, 64)
	for _, k := range kept {
		v, err := strconv.ParseUint(k.Version, 10, 64)
		switch {
		case k.Name == e.Name:
		case k.Version == e.Version:
			l.warn("another list of this version is kept: %s", k.Name)
		case number == nil && err == nil && (v < version && k.Date.After(e.Date) || v > version && k.Date.Before(e.Date)):
			l.warn("version and date do not follow those of a list that is kept: %s of %s", k.Name, k.Date.Format(time.DateOnly))
		}
	}
	return nil
}

// fileVersion makes a file name of what anyone may have written as the version.
func fileVersion(v string) string {
	v = strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '.' || r == '_' {
			return r
		}
		return '_'
	}, v)
	return "v" + v[:min(len(v), 20)]
}

// write puts a file in place whole or not at all.
func (s Store) write(name string, data []byte) error {
	f, err := os.CreateTemp(s.Dir, ".new-*")
	if err != nil {
		return fmt.Errorf("trustlist: %w", err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(s.Dir, name))
	}
	if err != nil {
		return fmt.Errorf("trustlist: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

// maxRecord bounds a record; one has some hundreds of octets.
const maxRecord = 64 << 10

func (s Store) entry(name string) (Entry, error) {
	var e Entry
	data, err := s.read(name+".json", maxRecord)
	if err != nil {
		return e, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil || e.Name != name {
		return e, fmt.Errorf("%w: record %s", ErrDamaged, name)
	}
	e.Date = e.Date.In(moscow)
	return e, nil
}

func (s Store) read(name string, limit int64) ([]byte, error) {
	f, err := os.Open(filepath.Join(s.Dir, name))
	if err != nil {
		return nil, fmt.Errorf("trustlist: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("trustlist: %s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w: %s: more than %d octets", ErrLimit, name, limit)
	}
	return data, nil
}

// Entries returns what the store has, newest list first. A folder that is not
// there is an empty store.
func (s Store) Entries() ([]Entry, error) {
	files, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("trustlist: %w", err)
	}
	var list []Entry
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), ".json")
		if !ok {
			continue
		}
		e, err := s.entry(name)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b Entry) int {
		return cmp.Or(b.Date.Compare(a.Date), cmp.Compare(b.Name, a.Name))
	})
	return list, nil
}

// Find returns the entry with a name, or the only one with a version. Errors:
// ErrNotFound, ErrAmbiguous.
func (s Store) Find(name string) (Entry, error) {
	list, err := s.Entries()
	if err != nil {
		return Entry{}, err
	}
	var found []Entry
	for _, e := range list {
		if e.Name == name {
			return e, nil
		}
		if e.Version == name {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return Entry{}, fmt.Errorf("%w: %q", ErrNotFound, name)
	case 1:
		return found[0], nil
	}
	return Entry{}, fmt.Errorf("%w: %q", ErrAmbiguous, name)
}

// Load reads a list of the store. Its Signature is what the record says; the
// file must still be the one it speaks of, else the error is ErrDamaged.
func (s Store) Load(e Entry) (*List, error) {
	data, err := s.read(e.Name+".xml", MaxSize)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != e.SHA256 {
		return nil, fmt.Errorf("%w: %s.xml", ErrDamaged, e.Name)
	}
	l, err := Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s.xml: %w", e.Name, err)
	}
	if err := l.CheckDate(e.Imported); err != nil {
		return nil, fmt.Errorf("%s.xml: %w", e.Name, err)
	}
	l.raw = nil // nobody asks again, and some tens of megabytes are freed
	switch e.Signature {
	case SignatureVerified:
		l.Signature = Signature{Status: pki.OK, Method: e.Method}
	case SignatureAcceptedUnsafe:
		l.Signature = Signature{Status: pki.Unknown, Reason: e.Reason, AcceptedUnsafe: true}
	default:
		return nil, fmt.Errorf("%w: record %s", ErrDamaged, e.Name)
	}
	return l, nil
}

// Lists loads all lists of the store.
func (s Store) Lists() (Lists, error) {
	entries, err := s.Entries()
	if err != nil {
		return nil, err
	}
	var all Lists
	for _, e := range entries {
		l, err := s.Load(e)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}
