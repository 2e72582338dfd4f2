// Package bounded holds code that reads hostile input to its promise: an input
// of at most [MaxInput] bytes costs at most [MaxTime] and [MaxMemory].
//
// A fuzz target wraps what it tries in [Run]; a test that wants the figures
// themselves calls [Measure].
package bounded

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	MaxInput  = 1 << 20         // bytes: what the other two bounds hold for
	MaxTime   = 2 * time.Second // of processor time: longer is a hang
	MaxMemory = 64 << 20        // bytes of heap at once
)

// Run calls f, which reads the input, and fails the test if it takes more than
// MaxTime or MaxMemory. It skips the test when the input is over MaxInput.
// It may call f twice, so f must do the same each time.
func Run(t testing.TB, input []byte, f func()) {
	t.Helper()
	if len(input) > MaxInput {
		t.Skip("the input is larger than the bounds hold for")
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if took := CPU(f); took > MaxTime {
		t.Errorf("%d bytes took %v", len(input), took)
	}
	runtime.ReadMemStats(&after)
	// Garbage does not count: if so much was allocated in all, look closer.
	if after.TotalAlloc-before.TotalAlloc > MaxMemory {
		if _, peak := Measure(f); peak > MaxMemory {
			t.Errorf("%d bytes took %d MB", len(input), peak>>20)
		}
	}
}

// CPU calls f and returns how much processor time the process used meanwhile,
// which unlike the clock does not depend on what else the machine does.
func CPU(f func()) time.Duration {
	before := used()
	f()
	return used() - before
}

func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Measure calls f and returns its processor time and by how many bytes the heap
// grew at most, as seen by frequent sampling with eager garbage collection.
func Measure(f func()) (time.Duration, uint64) {
	if !raceEnabled {
		defer debug.SetGCPercent(debug.SetGCPercent(20))
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapAlloc))
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	took := CPU(f)
	close(stop)
	<-done
	return took, peak.Load() - min(peak.Load(), before.HeapAlloc)
}
