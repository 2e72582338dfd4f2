package verify

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"sync"

	"github.com/vidimus/vidimus/internal/pdf"
	"github.com/vidimus/vidimus/internal/pki"
)

const (
	// maxPrefix bounds the bytes kept of the beginning that documents share: fonts
	// and colour profile of a template have some tens of kilobytes.
	maxPrefix = 64 << 10
	// minPrefix is from which length on comparing pays.
	minPrefix = 4 << 10
)

// knownPrefix is how the documents of one template begin, and the state of
// SHA-256 behind it: what is equal to bytes hashed before need not be hashed
// again, nor objects in them read. It is safe for concurrent use.
type knownPrefix struct {
	mu      sync.Mutex
	bytes   []byte      // never changed, only replaced
	state   hash.Hash   // after bytes; nil: of one document only, not of two
	objects *pdf.Prefix // of bytes; nil likewise
}

// parsed returns the prefix with what was read of it, and for what will be; nil if
// none is known yet.
func (k *knownPrefix) parsed() *pdf.Prefix {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.objects
}

// after returns SHA-256 behind the first n > 0 bytes of data, of which it uses no
// more than limit; nil if they are not known.
func (k *knownPrefix) after(data []byte, limit int64) (h hash.Hash, n int64) {
	k.mu.Lock()
	known, state := k.bytes, k.state
	k.mu.Unlock()
	if state == nil || int64(len(known)) > limit || !bytes.HasPrefix(data, known) {
		k.learn(data[:min(limit, maxPrefix)])
		return nil, 0
	}
	h, err := state.(hash.Cloner).Clone()
	if err != nil {
		return nil, 0
	}
	return h, int64(len(known))
}

// learn keeps what data and the document before it begin with; data itself, if
// that is little.
func (k *knownPrefix) learn(data []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := 0
	for n < min(len(k.bytes), len(data)) && k.bytes[n] == data[n] {
		n++
	}
	n &^= sha256.BlockSize - 1
	if n < minPrefix {
		k.bytes, k.state, k.objects = bytes.Clone(data), nil, nil
		return
	}
	h := sha256.New()
	h.Write(data[:n])
	k.bytes, k.state = bytes.Clone(data[:n]), h
	k.objects = pdf.NewPrefix(k.bytes)
}

// resume lets SHA-256 begin behind a known prefix of the file that ends before
// the first stop, and returns where; 0 if there is none.
func (d *digester) resume(src *source, stop int64) int64 {
	if d.known == nil || src.data == nil || stop < minPrefix || len(d.plain) != 1 || d.plain[0].alg.OID != pki.OIDSHA256 {
		return 0
	}
	for _, r := range d.ranges {
		if r.fresh {
			return 0
		}
	}
	h, n := d.known.after(src.data, stop-1)
	if h == nil {
		return 0
	}
	d.plain[0].h = h
	return n
}
