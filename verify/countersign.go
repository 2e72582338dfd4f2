package verify

import (
	"context"
	"strconv"

	"github.com/vidimus/vidimus/internal/pki"
)

const (
	// maxCounterDepth bounds countersignatures on countersignatures: three
	// instances that approve one another's approval are many.
	maxCounterDepth = 3
	// maxCounters bounds those of one file.
	maxCounters = 100
)

// countersignatures judges those on c (RFC 5652 §11.4). They are judged like
// signatures; what they speak of is the value of c, and through it the content.
func (j *job) countersignatures(ctx context.Context, c *candidate, later []*candidate, depth int) {
	if c.si == nil || len(c.si.UnsignedAttrs) == 0 || c.sig.Kind == KindTimestamp {
		return
	}
	list, err := c.si.Countersignatures()
	for i := 0; i < len(list) || err != nil && i == len(list); i++ {
		k := &candidate{br: c.br, sums: map[pki.OID]*rangeHash{}}
		k.sig.Kind, k.sig.Coverage, k.sig.Field = KindCountersignature, c.sig.Coverage, strconv.Itoa(i+1)
		if c.sig.Field != "" {
			k.sig.Field = c.sig.Field + "." + k.sig.Field
		}
		j.counters++
		switch {
		case i == len(list):
			k.cmsErr = err
		case depth > maxCounterDepth || j.counters > maxCounters:
			k.cmsErr = &unsupportedError{"such a number of countersignatures"}
			i = len(list) // nobody reads the rest
		default:
			k.sd, k.si = c.sd, list[i]
			k.openStamps(j.evidence)
		}
		k.sig.ValidAtSource, k.sig.ValidAt = j.now()
		j.verifyCMS(k)
		j.conclude(ctx, k, later, nil)
		k.arrange()
		if ctx.Err() != nil {
			return
		}
		if k.si != nil {
			j.countersignatures(ctx, k, later, depth+1)
		}
		c.sig.Countersignatures = append(c.sig.Countersignatures, k.sig)
	}
}
