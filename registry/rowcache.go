package registry

import (
	"context"
	"encoding/binary"
	"sync/atomic"

	"github.com/vidimus/vidimus"
)

const (
	// A set is a line of the processor's cache. All together hold two million rows
	// in 16 MiB, which the system provides as they are touched; half full, they
	// lose one ID in a hundred.
	rowCacheSets = 1 << rowCacheBits
	rowCacheBits = 18
	rowCacheWays = 8
	rowCacheTag  = 16 // bits of an ID that tell those of a set apart
)

// rowCache remembers in which row a certificate stands, which never changes: a
// lookup then searches one tree instead of two, and of a large registry that is
// most of the memory it touches. It is a hint and no more, as the row says
// itself whose it is. Each ID has one set, in which a new row may displace
// another.
type rowCache struct{ sets []rowSet }

type rowSet [rowCacheWays]atomic.Uint64 // row number, above 16 bits that tell IDs apart

func newRowCache() rowCache { return rowCache{make([]rowSet, rowCacheSets)} }

// place splits an ID, which is random, into set and tag. IDs in order lead to
// sets in order, as fillRows has them: a tenth to a third of its time.
func (rc *rowCache) place(id vidimus.ID) (set *rowSet, tag uint64) {
	return &rc.sets[binary.BigEndian.Uint32(id[:4])>>(32-rowCacheBits)], uint64(binary.BigEndian.Uint16(id[4:6]))
}

// get returns 0 if nothing is known; rows are numbered from 1.
func (rc *rowCache) get(id vidimus.ID) int64 {
	set, tag := rc.place(id)
	for i := range set {
		if v := set[i].Load(); v&0xffff == tag && v != 0 {
			return int64(v >> rowCacheTag)
		}
	}
	return 0
}

// put remembers a row. A number that no row has comes from a damaged file, and is
// left for the lookup to find.
func (rc *rowCache) put(id vidimus.ID, n int64) {
	if n <= 0 || n >= 1<<(64-rowCacheTag) {
		return
	}
	set, tag := rc.place(id)
	slot := &set[n%rowCacheWays] // if all are taken
	for i := range set {
		if v := set[i].Load(); v == 0 || v&0xffff == tag {
			slot = &set[i]
			break
		}
	}
	slot.Store(uint64(n)<<rowCacheTag | tag)
}

// sqlPlaces has a fixed limit, so that neither a connection nor the pages it
// sees are held for long: less than a millisecond where the file is in memory.
const sqlPlaces = "SELECT id, n FROM reservation WHERE id > $1 ORDER BY id LIMIT 1024"

// fillRows reads the rows of all certificates, or of as many as there is room
// for, from the index over their IDs: 0.35 s for a million. An error ends it, be
// it that the registry was closed: lookups do without, and meet it themselves.
func (r *Registry) fillRows() {
	var last vidimus.ID
	for more, left := true, rowCacheSets*rowCacheWays; more && left > 0; {
		more = false
		if err := r.store.lookup(context.Background(), func(q querier) error {
			return q.query(sqlPlaces, func(found row) error {
				if id := found.blob(0); len(id) == len(last) {
					last, more = vidimus.ID(id), true
					r.rows.put(last, found.int(1))
				}
				left--
				return nil
			}, last[:])
		}); err != nil {
			return
		}
	}
}
