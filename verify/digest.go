package verify

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"slices"

	"github.com/vidimus/vidimus/internal/pki"
)

// chunkSize is how much of the file is in memory while it is hashed.
const chunkSize = 256 << 10

// maxTailFactor bounds the bytes hashed for all signatures together, in file
// sizes: each signature needs the bytes after its own gap once. In honest files
// these are few, because each signature stands at the end of its revision.
const maxTailFactor = 64

// errDigestBudget: the file has so many long signed ranges that hashing them
// all would be an attack on the verifier.
var errDigestBudget = errors.New("too many long signed ranges")

// digester computes, in one pass over the file, the digests of the whole file,
// of prefixes of it, and of ranges with a gap. What ranges have in common, the
// bytes before the gap, is hashed once per algorithm and the state cloned.
type digester struct {
	plain  []*plainHash
	ranges []*rangeHash
	tails  int64
	known  *knownPrefix // nil: none
}

type plainHash struct {
	alg   pki.Hash
	h     hash.Hash
	until int64 // nobody needs it after
}

type rangeHash struct {
	plain            *plainHash
	gap, resume, end int64
	h                hash.Hash
	fresh            bool // hashed from the start: the algorithm cannot be cloned
	sum              []byte
}

// add asks for the digest of file[:gap] ‖ file[resume:end]. With gap = resume =
// end it is that of a prefix.
func (d *digester) add(size int64, alg pki.Hash, gap, resume, end int64) (*rangeHash, error) {
	if d.tails += end - resume; d.tails > maxTailFactor*size {
		return nil, errDigestBudget
	}
	i := slices.IndexFunc(d.plain, func(p *plainHash) bool { return p.alg.OID == alg.OID })
	if i < 0 {
		i = len(d.plain)
		d.plain = append(d.plain, &plainHash{alg: alg, h: alg.New()})
	}
	p := d.plain[i]
	p.until = max(p.until, gap)
	for _, r := range d.ranges { // several signers, or a time-stamp beside
		if r.plain == p && r.gap == gap && r.resume == resume && r.end == end {
			return r, nil
		}
	}
	r := &rangeHash{plain: p, gap: gap, resume: resume, end: end}
	if _, ok := p.h.(hash.Cloner); !ok {
		r.h, r.fresh = alg.New(), true
	}
	d.ranges = append(d.ranges, r)
	return r, nil
}

// run reads the file. The error is the context's or the reader's.
func (d *digester) run(ctx context.Context, src *source) error {
	stops := []int64{src.size}
	for _, g := range d.ranges {
		stops = append(stops, g.gap, g.resume, g.end)
	}
	slices.Sort(stops)
	stops = slices.Compact(stops)
	var buf []byte
	if src.data == nil {
		buf = make([]byte, min(chunkSize, src.size))
	}
	pos := d.resume(src, stops[0])
	for _, stop := range stops {
		for pos < stop {
			if err := ctx.Err(); err != nil {
				return err
			}
			b, err := src.chunk(buf, pos, min(stop, pos+chunkSize))
			if err != nil {
				return err
			}
			d.write(b, pos)
			pos += int64(len(b))
		}
		if err := d.arrive(stop); err != nil {
			return err
		}
	}
	return nil
}

// write hands out bytes that contain no stop.
func (d *digester) write(b []byte, pos int64) {
	for _, p := range d.plain {
		if pos < p.until {
			p.h.Write(b)
		}
	}
	for _, r := range d.ranges {
		if r.h != nil && r.sum == nil && (pos >= r.resume || r.fresh && pos < r.gap) {
			r.h.Write(b)
		}
	}
}

// arrive forks and finishes what begins and ends at a stop.
func (d *digester) arrive(stop int64) error {
	for _, r := range d.ranges {
		if r.gap == stop && !r.fresh {
			h, err := r.plain.h.(hash.Cloner).Clone()
			if err != nil {
				return err
			}
			r.h = h
		}
		if r.end == stop && r.h != nil && r.sum == nil {
			r.sum = r.h.Sum(nil)
			r.h = nil
		}
	}
	return nil
}

// sha256Alg is the digest of the report itself, whatever table is in use.
var sha256Alg = pki.Hash{OID: pki.OIDSHA256, Name: "SHA-256", Size: sha256.Size, New: sha256.New}
