package verify

import (
	"context"
	"time"

	"github.com/vidimus/vidimus/internal/cms"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/internal/pki/tsp"
)

// stamp is a time-stamp token and what came of checking it.
type stamp struct {
	token  *tsp.Token
	value  []byte // the attribute value that is the token
	result tsp.Result
	valid  Status // ok: the time is proven
	detail string
}

func (s *stamp) time() time.Time { return s.token.Info.Time.UTC() }

// judgeStamp decides whether a token proves that the data with the given digest
// existed at its time: imprint, signature, and a path of its own that is valid
// at the time at, which is the present unless a later time-stamp proves that
// the token existed before (EN 319 102-1 §5.4, §5.6.2.2).
func (j *job) judgeStamp(ctx context.Context, s *stamp, digest func(pki.Hash) ([]byte, error), at time.Time) {
	path := j.pathOptions()
	path.At = at
	s.result = s.token.Verify(ctx, tsp.VerifyOptions{Digest: digest, Certificates: j.evidence.certs, Path: path, Tries: &j.tries})
	s.valid = status(s.result.Status())
	for _, want := range []pki.Status{pki.Failed, pki.Unknown, pki.NotChecked} {
		for _, c := range s.result.Checks {
			if c.Status == want {
				s.detail = c.Name + ": " + c.Detail
				return
			}
		}
	}
	s.detail = s.time().Format(time.RFC3339)
	if s.result.Signer != nil {
		if outside := outsidePeriod(s.result.Signer, s.time()); outside != "" {
			s.valid = StatusUnknown
			s.detail += ": " + outside
		}
	}
	if s.time().After(j.report.ValidationTime) {
		s.valid = StatusUnknown
		s.detail += " is after the time asked about"
	}
}

// asCMS gives the outcome for a document time-stamp the shape of that for a
// signature.
func (s *stamp) asCMS() cms.Result {
	return cms.Result{Signer: s.result.Signer, Checks: s.result.Checks, Uses: s.result.Uses}
}
