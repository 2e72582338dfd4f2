package pdf

// What one generation of a cache may cost, in bytes: two generations of
// objects and two of decoded object streams are kept, whatever the file's size.
const (
	objectCacheCost = 1 << 20
	objStmCacheCost = 4 << 20
	itemCost        = 48 // of a parsed object's part, beside its bytes
)

// cacheKey is the place of an object in the file. rev is -1 for objects that
// mean the same at every revision.
type cacheKey struct {
	off   int64
	ref   Ref
	index int // in the object stream at off
	rev   int
}

// cache keeps the values used last, in two generations: when the young one is
// full it becomes the old one, and what is used again moves back.
type cache[V any] struct {
	young, old map[cacheKey]cached[V]
	cost       int64
	limit      int64
}

type cached[V any] struct {
	value V
	cost  int64
}

func (c *cache[V]) get(key cacheKey, rev int) (V, bool) {
	key.rev = -1
	if v, ok := c.at(key); ok {
		return v, true
	}
	key.rev = rev
	return c.at(key)
}

func (c *cache[V]) at(key cacheKey) (V, bool) {
	if v, ok := c.young[key]; ok {
		return v.value, true
	}
	v, ok := c.old[key]
	if ok {
		delete(c.old, key)
		c.add(key, v)
	}
	return v.value, ok
}

func (c *cache[V]) put(key cacheKey, rev int, v V, perRev bool, cost int64) {
	key.rev = -1
	if perRev {
		key.rev = rev
	}
	c.add(key, cached[V]{v, cost})
}

func (c *cache[V]) add(key cacheKey, v cached[V]) {
	if v.cost > c.limit {
		return
	}
	if c.cost += v.cost; c.cost > c.limit || c.young == nil {
		c.old, c.young, c.cost = c.young, make(map[cacheKey]cached[V]), v.cost
	}
	c.young[key] = v
}
