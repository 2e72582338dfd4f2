package registry

import (
	"encoding/binary"
	"sync/atomic"

	"github.com/vidimus/vidimus"
)

// rowCacheSlots is a power of two; 8 bytes each, which the system provides as
// they are touched.
const rowCacheSlots = 1 << 20

// rowCache remembers in which row a certificate stands, which never changes: a
// lookup then searches one tree instead of two, and of a large registry that is
// half of the memory it touches. It is a hint and no more, as the row says
// itself whose it is. Each ID has one slot, which the last comer gets.
type rowCache struct{ slots []atomic.Uint64 } // row number, above 16 bits that tell IDs apart

func newRowCache() rowCache { return rowCache{make([]atomic.Uint64, rowCacheSlots)} }

// place splits an ID, which is random, into slot and tag.
func (rc *rowCache) place(id vidimus.ID) (slot *atomic.Uint64, tag uint64) {
	return &rc.slots[binary.BigEndian.Uint32(id[:4])%rowCacheSlots], uint64(binary.BigEndian.Uint16(id[4:6]))
}

// get returns 0 if nothing is known; rows are numbered from 1.
func (rc *rowCache) get(id vidimus.ID) int64 {
	slot, tag := rc.place(id)
	if v := slot.Load(); v&0xffff == tag {
		return int64(v >> 16)
	}
	return 0
}

func (rc *rowCache) put(id vidimus.ID, n int64) {
	slot, tag := rc.place(id)
	slot.Store(uint64(n)<<16 | tag)
}
