package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/trustlist"
)

// TrustFolder is the folder that `vidimus trust import` puts lists of accredited
// authorities into; what was found out about their signatures then is believed
// now. Lists are read when they are first asked for, and again when the folder
// has changed. It is safe for concurrent use.
type TrustFolder struct {
	Dir string

	mu    sync.Mutex
	lists *TrustLists
	stamp time.Time // of the folder, when it was read
}

// Lists reads the folder; one that is not there has no lists. The error is
// [ErrTrustList].
func (f *TrustFolder) Lists() (*TrustLists, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var stamp time.Time
	switch info, err := os.Stat(f.Dir); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrTrustList, err)
	default:
		stamp = info.ModTime()
	}
	if f.lists != nil && stamp.Equal(f.stamp) {
		return f.lists, nil
	}
	all, err := trustlist.Store{Dir: f.Dir}.Lists()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTrustList, err)
	}
	f.lists, f.stamp = newTrustLists(all), stamp
	return f.lists, nil
}

// Accredited implements [Accredited]. A folder that cannot be read answers
// "unknown" with the reason "lists-unreadable".
func (f *TrustFolder) Accredited(issuer []byte, at time.Time) Accreditation {
	l, err := f.Lists()
	if err != nil {
		return Accreditation{Status: AccreditationUnknown, Reason: "lists-unreadable"}
	}
	return l.Accredited(issuer, at)
}

func (f *TrustFolder) named(rawSubject []byte) []*pki.Certificate {
	l, err := f.Lists()
	if err != nil {
		return nil
	}
	return l.named(rawSubject)
}
