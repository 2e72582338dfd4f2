package verify_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"syscall"
	"testing"
	"time"
)

// measure runs f b.N times and reports the processor time, garbage collection
// included: on a busy machine it says more than the clock.
func measure(b *testing.B, f func()) {
	b.Helper()
	b.ReportAllocs()
	f() // what is cached, is
	b.ResetTimer()
	before := cpuTime()
	for range b.N {
		f()
	}
	b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bare is the cost that no verifier of one P-256 signature can avoid.
type bare struct {
	data []byte
	key  *ecdsa.PrivateKey
	sig  []byte
}

func newBare(tb testing.TB, data []byte) *bare {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	sum := sha256.Sum256(data)
	sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		tb.Fatal(err)
	}
	return &bare{data, key, sig}
}

func (b *bare) run(tb testing.TB) {
	sum := sha256.Sum256(b.data)
	if !ecdsa.VerifyASN1(&b.key.PublicKey, sum[:], b.sig) {
		tb.Fatal("no")
	}
}
