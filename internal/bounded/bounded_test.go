package bounded_test

import (
	"testing"
	"time"

	"github.com/vidimus/vidimus/internal/bounded"
)

// recorder is a testing.TB that notes instead of failing.
type recorder struct {
	testing.TB
	failed, skipped bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Skip(...any)           { r.skipped = true }

var (
	sink    []byte
	counter int
)

func TestRun(t *testing.T) {
	for _, c := range []struct {
		name            string
		input           int
		f               func()
		failed, skipped bool
	}{
		{"cheap", 10, func() {}, false, false},
		{"hang", 10, func() {
			for used := time.Duration(0); used <= bounded.MaxTime; {
				used += bounded.CPU(func() {
					for range 1 << 20 {
						counter++
					}
				})
			}
		}, true, false},
		{"bloat", 10, func() { sink = make([]byte, bounded.MaxMemory+1<<20); time.Sleep(20 * time.Millisecond) }, true, false},
		{"garbage", 10, func() {
			for range 200 {
				sink = make([]byte, 1<<20)
			}
		}, false, false},
		{"large input", bounded.MaxInput + 1, func() {}, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &recorder{TB: t}
			bounded.Run(r, make([]byte, c.input), c.f)
			sink = nil
			if r.failed != c.failed || r.skipped != c.skipped {
				t.Errorf("failed %v, skipped %v", r.failed, r.skipped)
			}
		})
	}
}
