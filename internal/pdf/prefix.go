package pdf

import (
	"bytes"
	"maps"
	"sync"
	"sync/atomic"
)

// Prefix is the beginning that many documents share, such as those of one
// template, with the objects in it: what stands there was read once and need not
// be read again for each document. It is for documents in [Memory] and may be
// used by several at once.
type Prefix struct {
	data    []byte
	mu      sync.Mutex                          // of writers
	objects atomic.Pointer[map[cacheKey]parsed] // never changed, only replaced
	cost    int64                               // of objects
}

const (
	// maxPrefixObjects bounds the objects kept of one prefix: a page of ours has
	// some fifty in it, of which a verifier asks for half.
	maxPrefixObjects = 256
	// maxPrefixCost bounds what they may cost, as objectCacheCost those of a file:
	// the same bytes may be read as many objects.
	maxPrefixCost = objectCacheCost
)

// NewPrefix returns the prefix with these bytes, which must not change.
func NewPrefix(data []byte) *Prefix { return &Prefix{data: data} }

// begins reports whether a document begins with the prefix.
func (p *Prefix) begins(d *Document) bool {
	return p != nil && len(p.data) > 0 && int64(len(p.data)) <= d.src.size && bytes.HasPrefix(d.src.mem, p.data)
}

// inPrefix returns the object of a cross-reference entry if it was read before, in
// this document or another with the same prefix.
func (r *Revision) inPrefix(key cacheKey) (parsed, bool) {
	d := r.doc
	if d.prefix == nil || key.off >= int64(len(d.prefix.data)) || d.crypt != nil {
		return parsed{}, false
	}
	objects := d.prefix.objects.Load()
	if objects == nil {
		return parsed{}, false
	}
	p, ok := (*objects)[key]
	return p.of(d, r), ok
}

// of returns the object for another document, none if d is nil: a stream holds on
// to the one that it was read from.
func (p parsed) of(d *Document, r *Revision) parsed {
	if s, is := p.obj.(*Stream); is {
		own := *s
		own.doc, own.rev = d, r
		p.obj = &own
	}
	return p
}

// keepInPrefix keeps an object that was read without a warning. All it was made of
// lies in the prefix, with one byte more, at which its last word ends.
func (d *Document) keepInPrefix(key cacheKey, p parsed) {
	if d.prefix == nil || p.perRev || p.end >= int64(len(d.prefix.data)) || d.crypt != nil {
		return
	}
	x := d.prefix
	x.mu.Lock()
	defer x.mu.Unlock()
	objects := map[cacheKey]parsed{}
	if old := x.objects.Load(); old != nil {
		objects = maps.Clone(*old)
	}
	if len(objects) < maxPrefixObjects && x.cost+p.cost <= maxPrefixCost {
		objects[key] = p.of(nil, nil)
		x.cost += p.cost
		x.objects.Store(&objects)
	}
}
