package verify

import (
	"bytes"
	"sync"
	"time"

	"github.com/vidimus/vidimus"
	"github.com/vidimus/vidimus/internal/gost/gostpki"
	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pki"
	"github.com/vidimus/vidimus/qr"
)

// shared is what jobs of one verifier have in common. It is safe for concurrent
// use.
type shared struct {
	suites  *pki.Suites
	policy  pki.Policy
	kinds   func() vidimus.Kinds
	encoder qr.Encoder
	keep    bool // between jobs
	scan    scanCache
	scratch pdf.Scratch
	prefix  knownPrefix

	mu     sync.Mutex
	chains map[[32]byte]keptChain
	certs  map[string]*keptCertificate // by DER
}

// keptChain is a chain that was valid for a while.
type keptChain struct {
	path  pki.PathResult
	since time.Time
}

const (
	// chainLife is how long a verified chain is good for without being verified
	// again; its certificates' own terms are held against the clock each time.
	chainLife = 10 * time.Minute
	// maxChains bounds the chains kept: an issuer has a handful of signers.
	maxChains = 100
	// maxCertificates bounds the parsed certificates kept, and maxKeptDER each of
	// them, for the same reason.
	maxCertificates = 100
	maxKeptDER      = 8 << 10
)

func newShared(kinds *vidimus.Kinds) *shared {
	return &shared{suites: gostpki.Add(pki.DefaultSuites()), policy: pki.DefaultPolicy(), chains: map[[32]byte]keptChain{},
		kinds: sync.OnceValue(func() vidimus.Kinds {
			if kinds != nil {
				return *kinds
			}
			return vidimus.DefaultKinds()
		})}
}

func (s *shared) job(opts *Options) *job {
	return &job{shared: s, opts: opts, evidence: newEvidence(), effort: pki.NewEffort(), paths: map[pathKey]pki.PathResult{}}
}

// keptCertificate is a certificate read before. Nothing about it is believed.
type keptCertificate struct {
	*pki.Certificate
	says func() Signer
}

// certificate is pki.ParseCertificate, and remembers.
func (s *shared) certificate(der []byte) (*pki.Certificate, error) {
	if !s.keep || len(der) > maxKeptDER {
		return pki.ParseCertificate(der)
	}
	s.mu.Lock()
	k := s.certs[string(der)]
	s.mu.Unlock()
	if k != nil {
		return k.Certificate, nil
	}
	c, err := pki.ParseCertificate(bytes.Clone(der)) // not to hold on to the document
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.certs == nil || len(s.certs) >= maxCertificates {
		s.certs = map[string]*keptCertificate{}
	}
	s.certs[string(der)] = &keptCertificate{c, sync.OnceValue(func() Signer { return describeSigner(c) })}
	return c, nil
}

// describe is describeSigner, and remembers.
func (s *shared) describe(c *pki.Certificate) Signer {
	if s.keep {
		s.mu.Lock()
		k := s.certs[string(c.Raw)]
		s.mu.Unlock()
		if k != nil {
			return k.says()
		}
	}
	return describeSigner(c)
}

// chain returns a chain verified a short while before at for the same question.
func (s *shared) chain(leaf [32]byte, at time.Time) (pki.PathResult, bool) {
	if !s.keep {
		return pki.PathResult{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.chains[leaf]
	if !ok || at.Before(k.since) || at.Sub(k.since) > chainLife {
		return pki.PathResult{}, false
	}
	for _, c := range k.path.Path {
		if at.Before(c.NotBefore) || at.After(c.NotAfter) {
			return pki.PathResult{}, false
		}
	}
	return k.path, true
}

// keepChain remembers a chain that is good; a bad one is looked at anew.
func (s *shared) keepChain(leaf [32]byte, at time.Time, r pki.PathResult) {
	if !s.keep || !r.Valid() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.chains) >= maxChains {
		clear(s.chains)
	}
	s.chains[leaf] = keptChain{r, at}
}
