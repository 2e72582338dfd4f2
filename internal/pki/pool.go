package pki

// Pool is a set of certificates found by their subject. Fill it, then share
// it: reading is safe from many goroutines, adding is not. A nil pool is empty.
type Pool struct {
	all       []*Certificate
	bySubject map[string][]*Certificate
	byHash    map[[32]byte]bool
}

// NewPool returns a pool of the certificates.
func NewPool(certs ...*Certificate) *Pool {
	p := &Pool{bySubject: map[string][]*Certificate{}, byHash: map[[32]byte]bool{}}
	for _, c := range certs {
		p.Add(c)
	}
	return p
}

// Add adds a certificate; one that is there already is not added twice.
func (p *Pool) Add(c *Certificate) {
	h := c.Fingerprint()
	if p.byHash[h] {
		return
	}
	p.byHash[h] = true
	p.all = append(p.all, c)
	key := canonicalName(c.RawSubject)
	p.bySubject[key] = append(p.bySubject[key], c)
}

// Contains reports whether c itself is in the pool.
func (p *Pool) Contains(c *Certificate) bool {
	return p != nil && p.byHash[c.Fingerprint()]
}

// Len returns the number of certificates.
func (p *Pool) Len() int {
	if p == nil {
		return 0
	}
	return len(p.all)
}

// All returns the certificates in the order they were added.
func (p *Pool) All() []*Certificate {
	if p == nil {
		return nil
	}
	return p.all
}

// named returns the certificates whose subject is the name with this key.
func (p *Pool) named(canonical string) []*Certificate {
	if p == nil {
		return nil
	}
	return p.bySubject[canonical]
}

// Named returns the certificates whose subject is this DER Name.
func (p *Pool) Named(rawSubject []byte) []*Certificate { return p.named(canonicalName(rawSubject)) }
