package gost3410

import (
	"crypto/rand"
	"math"
	mrand "math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"
)

// TestTiming asks whether the time of signing depends on the key or the nonce, as
// dudect does (Reparaz, Balasch, Verbauwhede, 2017): the same operation with one
// fixed secret and with random ones, in random order, and Welch's t of the two
// samples, whole and with the slowest measurements cut off. |t| above 10 is a
// leak for certain; below 4.5 none was found, which is no proof that there is none:
// t grows with the square root of the number of measurements.
//
// It takes a quiet machine and VIDIMUS_TIMING=1, or VIDIMUS_TIMING=N for N seconds
// a case. Verification, which may depend on its input and does, is the control: a
// run that does not find it has shown nothing.
func TestTiming(t *testing.T) {
	seconds, err := strconv.ParseFloat(os.Getenv("VIDIMUS_TIMING"), 64)
	if err != nil || seconds <= 0 {
		t.Skip("SKIPPED, timing: set VIDIMUS_TIMING to the seconds a case may take, on a quiet machine")
	}
	if seconds == 1 {
		seconds = 5
	}
	span := time.Duration(seconds * float64(time.Second))
	for _, c := range []*Curve{&curveCryptoProA, &curveTC26256A, &curveTC26512A, &curveTC26512C} {
		key := testKey(t, c)
		t.Run("nonce/"+c.Name(), func(t *testing.T) {
			var nonces [2][timingInputs]words
			var digests [timingInputs][]byte
			for i := range timingInputs {
				nonces[0][i], nonces[1][i] = words{1}, testKey(t, c).d
				digests[i] = randomDigest(c)
			}
			var nonce words
			compare(t, span, false, func(class, i int) { nonce = nonces[class][i] }, func(i int) { key.signWith(&nonce, digests[i]) })
		})
		t.Run("key/"+c.Name(), func(t *testing.T) {
			one := make([]byte, c.Size())
			one[0] = 1
			var keys [2][timingInputs]*PrivateKey
			var digests [2][timingInputs][]byte
			for i := range timingInputs {
				var err error
				if keys[0][i], err = NewPrivateKey(c, one); err != nil {
					t.Fatal(err)
				}
				keys[1][i] = testKey(t, c)
				for class, k := range [2]*PrivateKey{keys[0][i], keys[1][i]} {
					digests[class][i] = firstNonceFits(k)
				}
			}
			var k PrivateKey
			digest := make([]byte, c.Size())
			compare(t, span, false, func(class, i int) {
				k = *keys[class][i]
				copy(digest, digests[class][i])
			}, func(int) { _, _ = k.Sign(nil, digest, nil) })
		})
	}
	c := &curveCryptoProA
	key := testKey(t, c)
	t.Run("control/"+c.Name(), func(t *testing.T) {
		var digests, values [2][timingInputs][]byte
		for i := range timingInputs {
			for class := range 2 {
				d := randomDigest(c)
				if class == 0 {
					d = testDigest(c)
				}
				value, err := key.Sign(nil, d, nil) // one digest, one signature
				if err != nil {
					t.Fatal(err)
				}
				digests[class][i], values[class][i] = d, value
			}
		}
		digest, value := make([]byte, c.Size()), make([]byte, 2*c.Size())
		compare(t, span, true, func(class, i int) {
			copy(digest, digests[class][i])
			copy(value, values[class][i])
		}, func(int) { _ = key.PublicKey().Verify(digest, value) })
	})
}

// firstNonceFits returns a digest for which no candidate of a nonce is thrown
// away. How many are takes time, but tells nothing about the one that is used;
// on TC26-256-A it is every second one, and the two samples would differ by chance.
func firstNonceFits(k *PrivateKey) []byte {
	for {
		d := randomDigest(k.pub.curve)
		g := k.nonces(d, nil)
		g.step()
		var n words
		n.setBE(g.v[:g.size])
		n.shiftRight(g.shift, g.size/8-1)
		if !n.isZero() && n.less(g.order) {
			return d
		}
	}
}

func randomDigest(c *Curve) []byte {
	d := make([]byte, c.Size())
	rand.Read(d)
	return d
}

const (
	timingInputs = 256
	timingBatch  = 2000 // measurements between collections of garbage
	timingWarm   = 2000 // measurements that only set the cuts
	timingLeak   = 10
	timingClear  = 4.5
)

// cuts are the shares of the measurements that are kept.
var cuts = []float64{1, 0.99, 0.95, 0.9, 0.75, 0.5}

// compare measures op for both classes and reports Welch's t. set puts the input
// where op finds it: at one address for both classes, or the caches would tell
// them apart. leaks says that a difference is expected.
func compare(t *testing.T, span time.Duration, leaks bool, set func(class, i int), op func(i int)) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	r := mrand.New(mrand.NewPCG(mrand.Uint64(), mrand.Uint64()))
	limits := make([]float64, len(cuts))
	tests := make([]welch, len(cuts))
	var warm []float64
	began := time.Now()
	for n := 0; time.Since(began) < span; {
		runtime.GC()
		for range timingBatch {
			class, i := int(r.Uint64()&1), int(r.Uint64()%timingInputs)
			set(class, i)
			start := time.Now()
			op(i)
			took := float64(time.Since(start))
			if n++; n <= timingWarm {
				if warm = append(warm, took); n == timingWarm {
					slices.Sort(warm)
					for j, cut := range cuts {
						limits[j] = warm[int(cut*float64(len(warm)-1))]
					}
					limits[0] = math.Inf(1)
				}
				continue
			}
			for j := range tests {
				if took <= limits[j] {
					tests[j].add(class, took)
				}
			}
		}
	}
	worst, at := 0.0, 0
	for j := range tests {
		if v := tests[j].t(); math.Abs(v) > math.Abs(worst) {
			worst, at = v, j
		}
	}
	w := &tests[at]
	t.Logf("%.0f measurements: |t| = %.1f at most, of the fastest %.0f %%: %.0f and %.0f ns", tests[0].n[0]+tests[0].n[1], math.Abs(worst), 100*cuts[at], w.mean[0], w.mean[1])
	switch found := math.Abs(worst); {
	case leaks && found <= timingLeak:
		t.Error("the control was not found: this run shows nothing")
	case !leaks && found > timingLeak:
		t.Error("the time depends on the secret")
	case !leaks && found > timingClear:
		t.Log("not clear: measure longer, on a quieter machine")
	}
}

// welch is Welch's t-test with running means and variances.
type welch struct{ n, mean, m2 [2]float64 }

func (w *welch) add(class int, x float64) {
	w.n[class]++
	d := x - w.mean[class]
	w.mean[class] += d / w.n[class]
	w.m2[class] += d * (x - w.mean[class])
}

func (w *welch) t() float64 {
	if w.n[0] < 2 || w.n[1] < 2 {
		return 0
	}
	v := w.m2[0]/(w.n[0]-1)/w.n[0] + w.m2[1]/(w.n[1]-1)/w.n[1]
	if v == 0 {
		return 0
	}
	return (w.mean[0] - w.mean[1]) / math.Sqrt(v)
}
